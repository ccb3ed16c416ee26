"""What must agree inside a release whose shape is right, for whoever reads and whoever publishes.

Standard library only.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import cast

from riskmodel.ground.departures import DEPARTURE_ID, OTHER, Departure
from riskmodel.ground.errors import BundleError
from riskmodel.ground.text import Text, listed
from riskmodel.instrument.pairs import JOINT
from riskmodel.instrument.records import NO_ANSWER, Condition, Contradiction
from riskmodel.release import REFUSALS
from riskmodel.release.acts import FORMAT, KNOWN_FORMATS, POINTS_ALONE, Approval
from riskmodel.release.answers import read_answers
from riskmodel.release.item import FLAG, LEVEL, ORDINAL, Item, Numbers, Question, Row
from riskmodel.release.json_record import JSON, PUBLISHING, read_record
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

WHERE = "release.json"


def check_tables(release: Release) -> None:
    """Refuse (`BundleError`) a release whose tables contradict each other."""
    for landmark in release.landmarks:
        _check_landmark(landmark)
    _check_unique([landmark.month for landmark in release.landmarks], "release.json: landmarks")
    asked = [one for landmark in release.landmarks for one in (*landmark.items, *landmark.questions)]
    if not {one.part for one in asked} <= {part.id for part in release.parts}:
        raise disagrees("release.json", REFUSALS["part_unknown"])
    if release.format < POINTS_ALONE and any(item.of for landmark in release.landmarks for item in landmark.items):
        raise disagrees("release.json", REFUSALS["pair_too_early"].filled(format=release.format))
    if release.format >= POINTS_ALONE:
        _check_form(release)
    for approval in release.publication.approvals if release.publication else ():
        check_signed_by_somebody(approval, where="release.json: publication: approvals")


def _check_form(release: Release) -> None:
    if any(item.life_area not in release.life_areas for landmark in release.landmarks for item in landmark.items):
        raise disagrees(WHERE, REFUSALS["life_area_unknown"])
    said = wrong_in_form(
        release.landmarks,
        contradictions=release.contradictions,
        own_rating=release.own_rating,
        departures=release.departures,
    )
    for what in said:
        raise disagrees(WHERE, what)


def check_signed_by_somebody(approval: Approval, *, where: str) -> None:
    """Refuse (`BundleError`) a signature that is nobody's, and a signer without one."""
    if (approval.signer is None) != (approval.signature is None):
        raise JSON.wrong(where, REFUSALS["signer_and_signature"])


def _check_landmark(landmark: Landmark) -> None:
    where = f"release.json: month {landmark.month}"
    size = len(landmark.columns)
    if len(landmark.covariance) != size or any(len(row) != size for row in landmark.covariance):
        raise disagrees(where, REFUSALS["covariance_size"])
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
            raise disagrees(where, REFUSALS["row_beyond"])


def _check_pair(item: Item, where: str) -> None:
    """Two questions with levels and without points, and a level for every answer to both but none to either."""
    if item.id != JOINT.join(one.id for one in item.of) or len(item.of) != 2:
        raise disagrees(where, REFUSALS["pair_of_others"])
    if any(one.kind not in (LEVEL, ORDINAL, FLAG) or not one.answers or any(one.points_range()) for one in item.of):
        raise disagrees(where, REFUSALS["question_of_no_pair"])
    codes = [[*(level.code for level in one.levels), NO_ANSWER] for one in item.of]
    routes = [[*(level.route for level in one.levels), False] for one in item.of]
    both = [(JOINT.join(code), any(route)) for code, route in zip(product(*codes), product(*routes), strict=True)]
    if [(level.code, level.route) for level in item.levels] != both[:-1]:
        raise disagrees(where, REFUSALS["levels_of_pair"])


def _check_numbers(numbers: Numbers, where: str) -> None:
    values_n = numbers.maximum - numbers.minimum + 1
    if {len(numbers.points), len(numbers.rows or numbers.errors)} != {values_n}:
        raise disagrees(where, REFUSALS["table_ends"])
    if numbers.derive is not None and numbers.scale != 1:
        raise disagrees(where, REFUSALS["scale_of_none"])


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
        raise disagrees(where, REFUSALS["risk_sums"])
    if not all(one <= next_one for one, next_one in pairwise(values)):
        raise disagrees(where, REFUSALS["risk_order"])


def _check_thresholds(landmark: Landmark, where: str) -> None:
    flag, band = landmark.thresholds.flag, landmark.thresholds.band
    if flag is not None and flag not in landmark.risk.sums:
        raise disagrees(where, REFUSALS["threshold_beyond"])
    if (flag is None) != (landmark.thresholds.threshold_prob is None):
        raise disagrees(where, REFUSALS["threshold_risk"])
    if band is not None and (flag is None or not band[0] <= flag <= band[1] + 1 or band[0] > band[1]):
        raise disagrees(where, REFUSALS["band_beyond"])


def _check_unique(values: Sequence[str | int], where: str) -> None:
    if len(set(values)) != len(values):
        raise disagrees(where, REFUSALS["entry_twice"])


def disagrees(where: str, what: Text) -> BundleError:
    """Two things in a release that contradict each other; what: both, in words."""
    return BundleError(REFUSALS["disagrees"].filled(where=where, what=what))


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
        raise disagrees(WHERE, REFUSALS["equation_hash"])
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


def wrong_in_form(
    landmarks: Sequence[Landmark],
    *,
    contradictions: Sequence[Contradiction],
    own_rating: str | None,
    departures: Sequence[Departure],
) -> Iterator[Text]:
    """What does not agree, and with what."""
    asked = {question.id for landmark in landmarks for question in landmark.questions}
    if own_rating not in (None, *asked):
        yield REFUSALS["own_rating_of_none"]
    if not all(can_be_met(contradiction, landmarks) for contradiction in contradictions):
        yield REFUSALS["contradiction_of_none"]
    ids = [departure.id for departure in departures]
    if len(set(ids)) < len(ids) or not all(map(DEPARTURE_ID.fullmatch, ids)) or OTHER in ids[:-1]:
        yield REFUSALS["reason_unlike"]


def can_be_met(contradiction: Contradiction, landmarks: Sequence[Landmark]) -> bool:
    """Whether some case of one of `landmarks` can give all the answers, which are to different questions."""
    items = [condition.item for condition in contradiction.when]
    if len(items) < 2 or len(set(items)) < len(items):
        return False
    tables = [{question.id: question for question in landmark.questions} for landmark in landmarks]
    return any(
        all(one.item in table and _can_hold(one, table[one.item]) for one in contradiction.when) for table in tables
    )


def _can_hold(condition: Condition, question: Question) -> bool:
    known = {*question.answers, *question.routes}
    return known.issuperset(condition.answers) and any(map(condition.holds, known))
