"""What stands in a release: its shape, and what must agree inside it. Standard library only."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from riskmodel.errors import BundleError
from riskmodel.release.equation import equation_sha256
from riskmodel.release.shape import (
    anything,
    day,
    digest,
    known,
    listing,
    mapping,
    maybe,
    number,
    one_of,
    only,
    pair,
    record,
    share,
    text,
    truth,
    whole,
)

FORMAT = 2
KNOWN_FORMATS = (1, FORMAT)  # 1: without the equation's hash and what publishing has recorded since
STATUSES = ("passed", "failed", "open")

TEXTS = only(sv=text, en=text)
ROW = listing(pair(whole, number))
LEVEL = record(code=text, text=TEXTS, aliases=listing(text), points=whole, row=ROW, route=truth)
NUMBERS = record(
    minimum=whole,
    maximum=whole,
    unit=maybe(TEXTS),
    derive=maybe(text),
    points=listing(whole, least=1),
    rows=listing(ROW, least=1),
)
ANY_ITEM = {
    "id": text,
    "part": text,
    "life_area": text,
    "text": TEXTS,
    "changeable": truth,
    "grounds": listing(text),
    "justification": text,
    "no_answer": record(points=whole, row=ROW),
    "spread": whole,
    "mean_points": number,
}
NUMBER_ITEM = record(kind=one_of("number"), numbers=NUMBERS, **ANY_ITEM)
LEVEL_ITEM = record(kind=one_of("level", "ordinal", "flag"), levels=listing(LEVEL, least=1), **ANY_ITEM)


def item(value: Any, where: str) -> None:
    """A question: with a table of numbers, or with levels."""
    is_number = isinstance(value, dict) and value.get("kind") == "number"
    (NUMBER_ITEM if is_number else LEVEL_ITEM)(value, where)


THRESHOLDS = record(
    flag=maybe(whole),
    band=maybe(pair(whole, whole)),
    threshold_prob=maybe(share),
    expected=anything,
)
LANDMARK = record(
    month=whole,
    items=listing(item, least=1),
    columns=listing(text, least=1),
    covariance=listing(listing(number)),
    offset=number,
    per_point=number,
    risk=record(first=whole, values=listing(share, least=1)),
    thresholds=THRESHOLDS,
    rejected_alternative=anything,
    leverage_limit=number,
    coefficients=listing(record(column=text)),
)
WAIVER = record(gate=text, name=text, reason=text, until=day, column=text)
GATE = record(
    id=text,
    name=TEXTS,
    status=one_of(*STATUSES),
    blocks=truth,
    evidence=anything,
    remedy=TEXTS,
    waivers=listing(WAIVER),
)
APPROVED = record(name=text, role=text, decision=text, date=day, digest=digest)
SIGNED = record(signer=text, signature=text)


def approval(value: Any, where: str) -> None:
    """Who approved what, in which role; with a signature, also whose key made it."""
    APPROVED(value, where)
    if "signature" in value or "signer" in value:
        SIGNED(value, where)



# what is read of a release that another one is compared with
ESTIMATE = record(estimate=maybe(number), low=maybe(number), high=maybe(number))
MEASURE = record(
    scope=text,
    predictor=text,
    group=text,
    measure=text,
    **{key: maybe(number) for key in ("estimate", "low", "high", "n", "events_n")},
)
WINDOW = record(first_intake_month=maybe(whole), last_intake_month=maybe(whole))
FLAGS = record(
    release=maybe(text),
    rows=listing(
        record(
            area=text,
            **{name: maybe(whole) for name in ("kept", "gained", "lost", "unflagged", "not_comparable")},
        )
    ),
)
MEASURED = record(measures=listing(MEASURE), kind=text)
ALSO_MEASURED = known(
    years=listing(whole),
    robustness=known(optimism=listing(record(predictor=text, measure=text, corrected=maybe(number)))),
    flags_against=FLAGS,
)


def evidence(value: Any, where: str) -> None:
    """What was measured; of the rest, what there is."""
    MEASURED(value, where)
    ALSO_MEASURED(value, where)


PUBLICATION = record(
    id=text,
    valid_from=day,
    valid_until=day,
    supersedes=maybe(text),
    candidate_sha256=digest,
    protocol=mapping(anything),
    confirmation=known(measures=mapping(ESTIMATE)),
    approvals=listing(approval, least=2),
    gates=listing(GATE),
)
SINCE_FORMAT_2 = record(
    protocol=record(id=text),
    confirmation=record(passed=truth, year=whole, opening=whole),
    report=mapping(digest),
    ledger=record(number=whole, line=digest),
    revises=maybe(text),
    publisher=maybe(text),
    date=day,
)
ALL_SINCE_FORMAT_2 = record(equation_sha256=digest, waivers=listing(WAIVER))
RELEASE = record(
    format=one_of(*KNOWN_FORMATS),
    municipalities=listing(record(code=text, name=text), least=1),
    outcome=record(name=text, text=TEXTS),
    population=TEXTS,
    regime=TEXTS,
    forbidden_uses=listing(TEXTS, least=1),
    permitted_uses=listing(TEXTS, least=1),
    research_only=truth,
    landmarks=listing(LANDMARK, least=1),
    abstention=record(max_unanswered_share=share, min_age=whole, max_age=whole),
    policy=mapping(anything),
    policy_sha256=digest,
    no_answer=listing(text),
    life_areas=mapping(TEXTS),
    parts=listing(record(id=text, month=whole, text=TEXTS, who=TEXTS)),
    evidence=evidence,
    gates=listing(GATE),
    provenance=known(data_window=WINDOW),
    examples=listing(record(answers=mapping(anything), sum=whole, risk=share), least=1),
)

# what publishing reads beside what a consumer needs
SHARES = ("flagged_share", "ppv", "left_early_share", "sensitivity", "specificity", "npv")
DEMANDS = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share")
EXPECTED = record(**{measure: ESTIMATE for measure in SHARES})
UNMET = listing(one_of(*DEMANDS))
REJECTED = record(flag=whole, threshold_prob=share, harm_ratio=number, expected=EXPECTED, unmet=UNMET)
EVIDENCE = record(
    kind_text=TEXTS,
    rule=TEXTS,
    measures=listing(MEASURE),
    fairness=listing(record(verdict=text)),
    **{key: maybe(whole) for key in ("n", "events_n", "clusters_n")},
)
CANDIDATE = record(
    policy=record(**{demand: number for demand in DEMANDS}),
    provenance=record(data_window=WINDOW),
    evidence=EVIDENCE,
    waivers=listing(WAIVER),
    gates=listing(record(passed=maybe(truth), evidence=mapping(anything))),
    landmarks=listing(
        record(
            rejected_alternative=maybe(REJECTED),
            thresholds=record(expected=maybe(EXPECTED), unmet=UNMET, band_method=TEXTS),
        )
    ),
)


def check_candidate(candidate: Any) -> None:
    """Refuse (`BundleError`) what is not a whole release, with everything in it that publishing reads."""
    check_release(candidate)
    one_of(FORMAT)(candidate["format"], "release.json: format")
    CANDIDATE(candidate, "release.json")


def check_release(release: Any) -> None:
    """Refuse (`BundleError`) anything that is not a release of a format this version knows, whole and consistent."""
    if isinstance(release, dict) and not _is_known(release.get("format")):
        known = " and ".join(map(str, KNOWN_FORMATS))
        raise BundleError(f"The release has a format that this version does not know; it knows {known}. Update.")
    RELEASE(release, "release.json")
    if "publication" in release:
        PUBLICATION(release["publication"], "release.json: publication")
    for landmark in release["landmarks"]:
        _check_landmark(landmark)
    _check_unique([landmark["month"] for landmark in release["landmarks"]], "release.json: landmarks")
    parts = {part["id"] for part in release["parts"]}
    if any(entry["part"] not in parts for landmark in release["landmarks"] for entry in landmark["items"]):
        raise _disagrees("release.json", "an item's part", "the parts")
    if release["format"] > 1:
        _check_since_format_2(release)


def _is_known(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in KNOWN_FORMATS


def _check_since_format_2(release: Mapping[str, Any]) -> None:
    ALL_SINCE_FORMAT_2(release, "release.json")
    if release["equation_sha256"] != equation_sha256(release):
        raise _disagrees("release.json", "the equation's hash", "the tables of points")
    if "publication" in release:
        SINCE_FORMAT_2(release["publication"], "release.json: publication")


def _check_landmark(landmark: Mapping[str, Any]) -> None:
    where = f"release.json: month {landmark['month']}"
    size = len(landmark["columns"])
    if len(landmark["covariance"]) != size or any(len(row) != size for row in landmark["covariance"]):
        raise _disagrees(where, "the covariance", "the columns")
    _check_unique([entry["id"] for entry in landmark["items"]], f"{where}: items")
    for entry in landmark["items"]:
        _check_item(entry, f"{where}: {entry['id']}", columns_n=size)
    _check_risk(landmark, where)
    _check_thresholds(landmark, where)


def _check_item(entry: Mapping[str, Any], where: str, *, columns_n: int) -> None:
    if entry["kind"] == "number":
        numbers = entry["numbers"]
        values_n = numbers["maximum"] - numbers["minimum"] + 1
        if len(numbers["points"]) != values_n or len(numbers["rows"]) != values_n:
            raise _disagrees(where, "the table", "minimum and maximum")
        rows = numbers["rows"]
    else:
        _check_unique([level["code"] for level in entry["levels"]], f"{where}: levels")
        rows = [level["row"] for level in entry["levels"]]
    for row in [*rows, entry["no_answer"]["row"]]:
        if any(column not in range(1, columns_n) for column, _ in row):
            raise _disagrees(where, "a row", "the columns")


def points_range(entry: Mapping[str, Any], *, answered: bool = False) -> tuple[int, int]:
    """Fewest and most points an item can give; `answered`: without counting no answer."""
    if entry["kind"] == "number":
        points = list(entry["numbers"]["points"])
    else:
        points = [level["points"] for level in entry["levels"] if not level["route"]]
    points += [] if answered and points else [entry["no_answer"]["points"]]
    return min(points), max(points)


def _check_risk(landmark: Mapping[str, Any], where: str) -> None:
    ranges = [points_range(entry) for entry in landmark["items"]]
    lowest, highest = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    first, values = landmark["risk"]["first"], landmark["risk"]["values"]
    if first > lowest or first + len(values) - 1 < highest:
        raise _disagrees(where, "the risk table", "the sums that the items can give")
    if not all(one <= next_one for one, next_one in pairwise(values)):
        raise _disagrees(where, "the risk table", "its own order: more points, more risk")


def _check_thresholds(landmark: Mapping[str, Any], where: str) -> None:
    flag, band = landmark["thresholds"]["flag"], landmark["thresholds"]["band"]
    sums = range(landmark["risk"]["first"], landmark["risk"]["first"] + len(landmark["risk"]["values"]))
    if flag is not None and flag not in sums:
        raise _disagrees(where, "the threshold", "the risk table")
    if (flag is None) != (landmark["thresholds"]["threshold_prob"] is None):
        raise _disagrees(where, "the threshold", "its risk")
    if band is not None and (flag is None or not band[0] <= flag <= band[1] + 1 or band[0] > band[1]):
        raise _disagrees(where, "the borderline band", "the threshold")


def _check_unique(values: list[Any], where: str) -> None:
    if len(set(values)) != len(values):
        raise _disagrees(where, "one entry", "another of the same name")


def _disagrees(where: str, one: str, other: str) -> BundleError:
    return BundleError(f"{where}: {one} does not agree with {other}. The file is damaged; fetch it again.")
