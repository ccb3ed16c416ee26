"""`riskmodel confirm`: the one evaluation of the years that wait, under the protocol that fits the candidate."""

from collections.abc import Mapping, Sequence
from datetime import date

from riskmodel.assess.years import check_confirmable
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.model.lender import with_prior
from riskmodel.publish import REFUSALS
from riskmodel.publish.books import named, read_books
from riskmodel.publish.exam import measured
from riskmodel.publish.origin import Frozen, as_keyed, keyed_hashes, local_key, told
from riskmodel.publish.protocol import check_unchanged
from riskmodel.release.criteria import NOT_KNOWN, NOT_MET, from_rows, judge, rounded, worst
from riskmodel.release.landmark import Landmark
from riskmodel.release.ledger import enact, locked, read_ledger
from riskmodel.release.standing import CONFIRMED, OPENED, Line
from riskmodel.release.subject import differences, frozen_of

FORMAT = 3


def open_year(
    workspace: Workspace, protocol_id: str, settings: Settings, instrument: Instrument, *, name: str, today: date
) -> int:
    """Write down that the protocol's year is looked at, and return which look it is (1 is the first).

    The candidate, settings, instrument and code must be those that the protocol froze.
    """
    books = read_books(workspace)
    protocol = books.protocol(protocol_id)
    if protocol.get("revises"):
        raise GateError(REFUSALS["opens_no_year"].filled(protocol=protocol_id))
    check_unchanged(protocol, settings, instrument, what=REFUSALS["the_protocol"])
    different = differences(as_keyed(protocol, workspace), frozen_of(books.candidate))
    if different:
        raise GateError(REFUSALS["other_candidate"].filled(different=told(different)))
    codes, year = _codes(protocol), protocol["confirm_year"]
    with locked(workspace.releases):
        opening = len(openings(read_ledger(workspace.releases), codes=codes, year=year)) + 1
        event = {"event": OPENED, "protocol": protocol_id, "municipalities": codes, "year": year, "opening": opening}
        event["years"] = exam_years_of(protocol)
        enact(workspace.releases, {**event, "by": named(name), "date": today.isoformat()})
    return opening


def exam_years_of(protocol: Frozen) -> list[int]:
    """Every year that is looked at under `protocol`, at any landmark where something of it can be judged."""
    plans = protocol.get("exam", {})
    opened = [plan["years"] for month, plan in plans.items() if can_be_judged(protocol, month)]
    return sorted({year for years in opened for year in years or [protocol["confirm_year"]]})


def can_be_judged(protocol: Frozen, month: int | str) -> bool:
    """Whether the years that wait hold enough people for any of the criteria at landmark `month`."""
    not_judged = _not_judged(protocol, month)
    return any(row["measure"] not in not_judged for row in protocol["criteria"])


def _not_judged(protocol: Frozen, month: int | str) -> list[str]:
    return list(protocol.get("exam", {}).get(str(month), {}).get("not_judged", []))


def check_cohort(protocol: Mapping[str, object], hashes: Mapping[str, str], *, year: int) -> None:
    """Refuse (`GateError`) to evaluate cases that are not those the protocol was frozen for, or another year.

    hashes: of the cases at hand, keyed.
    """
    if protocol["key_mark"] != hashes["key_mark"]:
        raise GateError(REFUSALS["other_key_unopened"].filled(why=REFUSALS["other_key"]))
    if protocol["cohort_hmac"] != hashes["cohort_hmac"] or protocol["confirm_year"] != year:
        raise GateError(REFUSALS["other_cases"])


def record_confirmation(
    workspace: Workspace,
    protocol_id: str,
    measured: Mapping[int, Mapping[str, Mapping[str, object]]],
    *,
    opening: int,
    name: str,
    today: date,
) -> dict[str, object]:
    """Hold what was measured on the opened year against the protocol's criteria, and write it beside the protocol.

    measured: by landmark, measure of the points to estimate, low and high; None or NaN where too few allow none. What
    the protocol found too few people for is not judged. The first look's record stays; a later one stands beside it,
    numbered.
    """
    books = read_books(workspace)
    protocol = books.protocol(protocol_id)
    limits = from_rows(protocol["criteria"])
    criteria = [
        {"landmark": month, **row}
        for month, found in measured.items()
        for row in judge([one for one in limits if one.measure not in _not_judged(protocol, month)], found)
    ]
    verdict = worst(row["verdict"] for row in criteria) if criteria else NOT_KNOWN
    years = exam_years_of(protocol)
    measures = {month: {measure: rounded(row) for measure, row in found.items()} for month, found in measured.items()}
    first, *later = measures or {0: {}}
    confirmation = {
        "format": FORMAT,
        "protocol": protocol_id,
        "year": protocol["confirm_year"],
        "opening": opening,
        "date": today.isoformat(),
        "criteria": criteria,
        "measures": measures.get(first, {}),
        "later_measures": {str(month): measures[month] for month in later},
        "years": years,
        "new_years": new_years(books.events, codes=_codes(protocol), years=years, opening=opening),
        "passed": verdict != NOT_MET,
        "verdict": verdict,
        "evaluated": {key: protocol[key] for key in frozen_of(books.candidate)},
    }
    content = canonical_json(confirmation)
    with locked(workspace.releases):
        _check_opened(read_ledger(workspace.releases), protocol_id, opening)
        event = {"event": CONFIRMED, "protocol": protocol_id, "opening": opening, "passed": confirmation["passed"]}
        signed = {"by": named(name), "date": today.isoformat(), "confirmation_sha256": sha256_of_bytes(content)}
        enact(workspace.releases, {**event, **signed}, {workspace.confirmation_file(protocol_id, opening): content})
    return confirmation


def openings(events: Sequence[Line], *, codes: Sequence[str], year: int) -> list[Line]:
    """The ledger's lines of looks at `year`, or one after it, in any of the municipalities `codes`."""
    return [
        line
        for line in events
        if line["event"] == OPENED and line["year"] >= year and set(line["municipalities"]) & set(codes)
    ]


def new_years(events: Sequence[Line], *, codes: Sequence[str], years: Sequence[int], opening: int) -> list[int]:
    """Which of `years` nobody had opened before look number `opening` at the latest of them, for any of `codes`."""
    looks = [line for line in events if line["event"] == OPENED and set(line["municipalities"]) & set(codes)]
    before = [line for line in looks if line["year"] < max(years, default=0) or line["opening"] < opening]
    seen = {year for line in before for year in line.get("years", [line["year"]])}
    return [year for year in years if year not in seen]


def _check_opened(events: Sequence[Mapping[str, object]], protocol_id: str, opening: int) -> None:
    opened = [line for line in events if line["event"] == OPENED and line["protocol"] == protocol_id]
    if opening not in [line["opening"] for line in opened]:
        raise GateError(REFUSALS["not_opened"])


def _codes(protocol: Frozen) -> list[str]:
    return sorted(entry["code"] for entry in protocol["municipalities"])


def confirm(
    workspace: Workspace,
    cohorts: Mapping[int, Cohort],
    instrument: Instrument,
    settings: Settings,
    *,
    cohort_sha256: str,
    name: str,
    today: date,
) -> Frozen:
    """Open the years that wait, evaluate the procedure on them at every landmark, and write down what came out.

    cohorts: by landmark. cohort_sha256: of their files, see `origin.sha256_of_cohorts`. A `GateError` before anything
    is opened when no protocol fixed what the candidate was made from, or when these are not its cohorts.
    """
    books = read_books(workspace)
    protocol_id = books.protocol_id
    protocol = books.protocol(protocol_id)
    frozen, hashes = as_keyed(protocol, workspace), keyed_hashes({"cohort": cohort_sha256}, local_key(workspace))
    check_cohort(frozen, hashes, year=protocol["confirm_year"])  # first: they may be damaged
    for month, cohort in cohorts.items():
        year = check_confirmable(cohort, settings.at(month))  # a year that can't be evaluated is not opened
        check_cohort(frozen, hashes, year=year)
    settled = {
        month: with_prior(settings.at(month), instrument, cohort.modelled[0], root=workspace.root)
        for month, cohort in cohorts.items()
    }
    for landmark in books.candidate.landmarks:
        check_borrowed(landmark, settled[landmark.month])
    opening = open_year(workspace, protocol_id, settings, instrument, name=name, today=today)
    found = {
        landmark.month: measured(cohorts[landmark.month], landmark, instrument, settled[landmark.month])
        for landmark in books.candidate.landmarks
        if can_be_judged(protocol, landmark.month)
    }
    return record_confirmation(workspace, protocol_id, found, opening=opening, name=name, today=today)


def check_borrowed(landmark: Landmark, settings: Settings) -> None:
    """Refuse (`GateError`) to evaluate with another borrowed table than the one that `landmark` rests on."""
    prior = settings.model.prior
    stated, found = landmark.borrowed and landmark.borrowed.sha256, prior and prior.at_hand.sha256
    if stated != found:
        raise GateError(REFUSALS["other_table"])
