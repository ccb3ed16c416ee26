"""What must agree inside a release whose shape is right, and between a candidate and its publication.

For whoever reads and whoever publishes. Releases of format 1 were published under fewer rules and are held to those.
Standard library only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from typing import cast

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.text import Text, listed
from riskmodel.instrument.pairs import JOINT
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.instrument.spelling import spelling
from riskmodel.release.acts import (
    FORMAT,
    GATES_OF_FORMAT,
    KNOWN_FORMATS,
    POINTS_ALONE,
    Approval,
    Gate,
    GateRules,
    Publication,
    Waiver,
)
from riskmodel.release.answers import read_answers
from riskmodel.release.criteria import MET
from riskmodel.release.form import wrong_in_form
from riskmodel.release.gap_waivers import all_answered_for
from riskmodel.release.gates import PASSED
from riskmodel.release.item import FLAG, LEVEL, ORDINAL, Item, Numbers, Row
from riskmodel.release.json_record import JSON, PUBLISHING, read_record
from riskmodel.release.landmark import Landmark
from riskmodel.release.papers import wrong_papers
from riskmodel.release.printed_again import as_approved
from riskmodel.release.record import Release
from riskmodel.release.refusals import PARTS, REFUSALS
from riskmodel.release.subject import NEEDED_N, differences, frozen_of, subject_of

WHERE = "release.json"


def check_tables(release: Release) -> None:
    """Refuse (`BundleError`) a release whose tables contradict each other."""
    for landmark in release.landmarks:
        _check_landmark(landmark)
    _check_unique([landmark.month for landmark in release.landmarks], "release.json: landmarks")
    asked = [one for landmark in release.landmarks for one in (*landmark.items, *landmark.questions)]
    if not {one.part for one in asked} <= {part.id for part in release.parts}:
        raise disagrees("release.json", PARTS["part_of_item"], PARTS["parts"])
    if release.format < POINTS_ALONE and any(item.of for landmark in release.landmarks for item in landmark.items):
        raise disagrees("release.json", PARTS["pair_at_all"], PARTS["format_without"].filled(format=release.format))
    if release.format >= POINTS_ALONE:
        _check_form(release)
    for approval in release.publication.approvals if release.publication else ():
        check_signed_by_somebody(approval, where="release.json: publication: approvals")


def _check_form(release: Release) -> None:
    if any(item.life_area not in release.life_areas for landmark in release.landmarks for item in landmark.items):
        raise disagrees(WHERE, PARTS["area_of_item"], PARTS["areas"])
    said = wrong_in_form(
        release.landmarks,
        contradictions=release.contradictions,
        own_rating=release.own_rating,
        departures=release.departures,
    )
    for one, other in said:
        raise disagrees(WHERE, one, other)


def check_signed_by_somebody(approval: Approval, *, where: str) -> None:
    """Refuse (`BundleError`) a signature that is nobody's, and a signer without one."""
    if (approval.signer is None) != (approval.signature is None):
        raise JSON.wrong(where, REFUSALS["signer_and_signature"])


def _check_landmark(landmark: Landmark) -> None:
    where = f"release.json: month {landmark.month}"
    size = len(landmark.columns)
    if len(landmark.covariance) != size or any(len(row) != size for row in landmark.covariance):
        raise disagrees(where, PARTS["covariance"], PARTS["columns"])
    _check_unique([question.id for question in landmark.questions], f"{where}: items")
    for item in landmark.items:
        _check_item(item, f"{where}: {item.id}", columns_n=size)
        if item.of:
            _check_pair(item, f"{where}: {item.id}")
    _check_risk(landmark, where)
    _check_thresholds(landmark, where)


def _check_item(item: Item, where: str, *, columns_n: int) -> None:
    if item.numbers is not None:
        _check_numbers(item.numbers, where)
    _check_unique([level.code for level in item.levels], f"{where}: levels")
    for row in _rows(item):
        if any(column not in range(1, columns_n) for column, _ in row):
            raise disagrees(where, PARTS["row"], PARTS["columns"])


def _check_pair(item: Item, where: str) -> None:
    """Two questions with levels and without points, and a level for every answer to both but none to either."""
    if item.id != JOINT.join(one.id for one in item.of) or len(item.of) != 2:
        raise disagrees(where, PARTS["pair"], PARTS["its_questions"])
    if any(one.kind not in (LEVEL, ORDINAL, FLAG) or not one.answers or any(one.points_range()) for one in item.of):
        raise disagrees(where, PARTS["question"], PARTS["one_of_pair"])
    codes = [[*(level.code for level in one.levels), NO_ANSWER] for one in item.of]
    routes = [[*(level.route for level in one.levels), False] for one in item.of]
    both = [(JOINT.join(code), any(route)) for code, route in zip(product(*codes), product(*routes), strict=True)]
    if [(level.code, level.route) for level in item.levels] != both[:-1]:
        raise disagrees(where, PARTS["levels"], PARTS["its_answers"])


def _check_numbers(numbers: Numbers, where: str) -> None:
    values_n = numbers.maximum - numbers.minimum + 1
    if {len(numbers.points), len(numbers.rows or numbers.errors)} != {values_n}:
        raise disagrees(where, PARTS["table"], PARTS["ends"])
    if numbers.derive is not None and numbers.scale != 1:
        raise disagrees(where, PARTS["scale"], PARTS["number_unwritten"])


def _rows(item: Item) -> Iterable[Row]:
    """The rows of all its answers, of those with a rule of their own too."""
    return [
        item.no_answer.row,
        *(level.row for level in item.levels),
        *(item.numbers.rows if item.numbers is not None else ()),
    ]


def _check_risk(landmark: Landmark, where: str) -> None:
    ranges = [item.points_range() for item in landmark.items]
    lowest, highest = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    first, values = landmark.risk.first, landmark.risk.values
    if first > lowest or first + len(values) - 1 < highest:
        raise disagrees(where, PARTS["risks"], PARTS["sums"])
    if not all(one <= next_one for one, next_one in pairwise(values)):
        raise disagrees(where, PARTS["risks"], PARTS["own_order"])


def _check_thresholds(landmark: Landmark, where: str) -> None:
    flag, band = landmark.thresholds.flag, landmark.thresholds.band
    if flag is not None and flag not in landmark.risk.sums:
        raise disagrees(where, PARTS["threshold"], PARTS["risks"])
    if (flag is None) != (landmark.thresholds.threshold_prob is None):
        raise disagrees(where, PARTS["threshold"], PARTS["its_risk"])
    if band is not None and (flag is None or not band[0] <= flag <= band[1] + 1 or band[0] > band[1]):
        raise disagrees(where, PARTS["band"], PARTS["threshold"])


def _check_unique(values: Sequence[str | int], where: str) -> None:
    if len(set(values)) != len(values):
        raise disagrees(where, PARTS["entry"], PARTS["same_name"])


def disagrees(where: str, one: Text, other: Text) -> BundleError:
    """Two things in a release that contradict each other."""
    return BundleError(REFUSALS["disagrees"].filled(where=where, one=one, other=other))


def read_release(value: object) -> Release:
    """The release in a JSON `value`; a `BundleError` unless it is one of a known format, whole and consistent."""
    return _read(value, level=cast(int, _format_of(value)))


def read_candidate(value: object) -> Release:
    """… with everything in it that publishing and rendering read, too; of the youngest format alone."""
    if _format_of(value) != FORMAT:
        raise JSON.wrong(f"{WHERE}: format", REFUSALS["format_of_today"].filled(format=FORMAT))
    return _read(value, level=PUBLISHING)


def _read(value: object, *, level: int) -> Release:
    release = read_record(Release, value, where=WHERE, level=level)
    check_tables(release)
    if release.format > 1 and release.equation_sha256 != release.identity.equation:
        raise disagrees(WHERE, PARTS["hash"], PARTS["points"])
    return release


def _format_of(value: object) -> object:
    """The format that `value` says it has, a known one; 1 where it is no object, which no reader takes."""
    if not isinstance(value, dict):
        return 1
    found = value.get("format")
    if not isinstance(found, int) or isinstance(found, bool) or found not in KNOWN_FORMATS:
        raise BundleError(REFUSALS["unknown_format"].filled(known=listed(KNOWN_FORMATS, REFUSALS["and"])))
    return found


def check_examples(release: Release) -> None:
    """Recompute the release's example records; a sum or risk that differs is a `BundleError`."""
    for number, example in enumerate(release.examples, start=1):
        landmark = release.landmark(example.landmark)
        answers = {**example.answers, **read_answers(release, landmark, example.answers)}
        points = landmark.sum_of_points(answers)
        if points != example.sum or landmark.risk_of(points) != example.risk:
            raise BundleError(REFUSALS["example_differs"].filled(where=WHERE, number=number))


SAME = ("municipalities", "outcome", "policy")  # in the protocol and in what is published


def check_publication(release: Release, files: Mapping[str, bytes], *, where: str) -> Publication:
    """The publication of `release`, when it is what was frozen, confirmed, approved and let through by its gates.

    Anything else is a `BundleError`.
    files: those of its folder, name to content.
    """
    publication = release.publication
    if publication is None:
        raise BundleError(REFUSALS["holds_candidate"].filled(where=where))
    if release.format == 1:
        approved = publication.candidate_sha256 == release.identity.candidate
        broken = [] if approved else [REFUSALS["other_approved"]]
    else:
        broken = list(_broken(release, publication, files))
    if broken:
        raise BundleError(REFUSALS["broken_publication"].filled(release=publication.id, broken=listed(broken, "; ")))
    return publication


def last_day(start: date, *, months: int) -> date:
    """The last day of `months` whole months from `start`, within what calendars hold."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year < year < date.max.year:
        return date.min if year <= date.min.year else date.max
    last_of_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    if start.day > last_of_month.day:  # a month without that day ends it
        return last_of_month
    return last_of_month.replace(day=start.day) - timedelta(days=1)


def _broken(release: Release, publication: Publication, files: Mapping[str, bytes]) -> Iterator[Text]:
    subject = subject_of(release, publication)
    is_approved = publication.candidate_sha256 == release.identity.candidate
    is_approved &= all(approval.digest == subject.digest for approval in publication.approvals)
    is_approved &= all(sha256_of_bytes(as_approved(files, name)) == sha for name, sha in publication.report.items())
    if not is_approved:
        yield REFUSALS["other_approved"]
    people = {spelling(approval.name) for approval in publication.approvals}
    if len(people) < NEEDED_N:
        yield REFUSALS["few_approved"].filled(n=len(people), needed=NEEDED_N)
    protocol = subject.protocol.raw
    if differences(protocol, frozen_of(release)) or any(protocol.get(key) != release.raw[key] for key in SAME):
        yield REFUSALS["other_frozen"]
    if not _gates_let_through(release, publication):
        yield REFUSALS["gates_against"]
    if not _dates_follow(publication) or not _is_short_enough(release, publication):
        yield REFUSALS["dates_against"]
    papers = list(wrong_papers(release, publication, files))
    if papers:
        yield REFUSALS["other_papers"].filled(papers=", ".join(papers))


def _gates_let_through(release: Release, publication: Publication) -> bool:
    """All that its format has, each decided once, passed or waived by a waiver that was approved."""
    gates, rules = release.decided_gates, GATES_OF_FORMAT[release.format]
    everything = [gate.id for gate in release.gates] == list(rules.ids)
    everything &= [gate.id for gate in publication.gates] == list(rules.when_publishing)
    confirmation, looked = publication.confirmation, publication.gates[:1]
    everything &= confirmation.passed
    everything &= all(gate.status != PASSED or confirmation.openings_n == 1 for gate in looked)
    everything &= all(gate.status != PASSED or confirmation.verdict in (None, MET) for gate in looked)
    return everything and all(_lets_through(gate, release.waivers, rules) for gate in gates)


def _lets_through(gate: Gate, granted: Sequence[Waiver], rules: GateRules) -> bool:
    if gate.status == PASSED:
        return not gate.blocks and not gate.evidence.raw.get("lacking")
    as_granted = [waiver.raw for waiver in granted]  # to the last key
    is_granted = all(waiver.raw in as_granted and waiver.gate == gate.id for waiver in gate.waivers)
    may_be_lifted = rules.lifts(gate.id, unknown=rules.unknown(gate))
    if gate.id in rules.waivable_by_gap:
        may_be_lifted &= all_answered_for(gate)
    return bool(gate.waivers) and is_granted and may_be_lifted and not gate.blocks


def _dates_follow(publication: Publication) -> bool:
    """Confirmed, then approved, then published, then valid."""
    approved = [approval.date for approval in publication.approvals]
    days = [publication.confirmation.date, min(approved)], [max(approved), publication.date]
    valid = [publication.date, publication.valid_from, publication.valid_until]
    return all(one == sorted(one) for one in (*days, valid))


def _is_short_enough(release: Release, publication: Publication) -> bool:
    choices = publication.protocol.choices
    if choices is None:
        return False
    latest = last_day(date.fromisoformat(publication.valid_from), months=choices.release.validity_months).isoformat()
    waived = [waiver.until for gate in release.decided_gates for waiver in gate.waivers]
    return publication.valid_until <= min([latest, *waived])
