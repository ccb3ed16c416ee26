"""From what was written in a case to what the release knows, and to its points and risk. Standard library only.

An answer is written as the delivery held it, so what training took as blank or multiplied is taken so here: by one
case's advice, a table's scores and MLflow's model; `score.sql` says the same in SQL. A message names the item and what
is allowed, never what was given. A name that can't be an item's is not told either: it may be anything, a personal
number too. Whether there is advice is for `advice` to say.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from riskmodel.ground.errors import BundleError, SurveyDataError
from riskmodel.ground.statistics import Z_95, risk_at
from riskmodel.ground.words import DASH, LANGUAGES, WRITING, Text
from riskmodel.instrument.check_items import IDENTIFIER
from riskmodel.instrument.records import RECEIPTS_SO_FAR
from riskmodel.instrument.spelling import spelling
from riskmodel.release import REFUSALS, TEXTS
from riskmodel.release.acts import POINTS_ALONE
from riskmodel.release.item import UNANSWERED, Code, Question, is_unanswered
from riskmodel.release.landmark import RARITY_LIMIT, Landmark
from riskmodel.release.record import Limits, Release

LONGEST_NAME = 40  # of an item that a message tells
UNKNOWN = "?"  # not a code: codes are identifiers
# ASCII digits; three decimals may be thousands ("12,000"), and more are nobody's way of writing an answer
NUMBER = re.compile("[-+\u2212]?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
SILENT_NUMBER = re.compile("[-+]?[0-9]{1,12}(?:[.,][0-9]+)?")  # … but of saying that there is none: any digits
LARGEST_WRITTEN = 10**12  # whatever is larger is out of every range
ROUTE, AGE, OUT_OF_RANGE, NEEDED = "route", "age", "out_of_range", "needed"  # why an answer has no points
ROUNDING_VARIANCE = 1 / 12  # of one item's points, square points: rounding to whole ones


def resolve_answers(release: Release, landmark: Landmark, answers: Mapping[str, object]) -> dict[str, Code | None]:
    """A code, a whole number or None (no answer) for every question of `landmark`; those left out have no answer."""
    known = [item.id for item in landmark.questions]
    unknown = [name for name in answers if name not in known]
    if unknown:
        raise SurveyDataError(TEXTS["unknown_item"].filled(unknown=_told(unknown), known=", ".join(known)))
    read = read_answers(release, landmark, answers)
    for item in landmark.questions:
        if read[item.id] == UNKNOWN:
            raise SurveyDataError(TEXTS["unknown_answer"].filled(item=item.id, allowed=allowed_answers(item)))
    return read


def read_answers(release: Release, landmark: Landmark, answers: Mapping[str, object]) -> dict[str, Code | None]:
    """What `answers` say to every question of `landmark`, as `read_answer` has it; those left out have no answer."""
    return {
        item.id: read_answer(item, answers.get(item.id), no_answer=no_answer_spellings(release, item))
        for item in landmark.questions
    }


def no_answer_spellings(release: Release, item: Question) -> frozenset[str]:
    """Every spelling that means "no answer" to `item` of `release`: the instrument's, and the item's own."""
    return _spelled(("", *release.no_answer, *item.no_answer_texts, *filter(None, UNANSWERED)))


@lru_cache
def _spelled(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(spelling, texts))


def plain_number(given: object) -> int | float | None:
    """The number in `given` (34, 34.0, " 34 ", "34,5"), or None when there is none that everybody reads alike."""
    if isinstance(given, str):
        bare = given.strip()
        return float(bare.replace(",", ".").replace("\u2212", "-")) if NUMBER.fullmatch(bare) else None
    return given if isinstance(given, int | float) and not isinstance(given, bool) else None


def read_answer(item: Question, given: object, *, no_answer: frozenset[str]) -> Code | None:
    """What `given` says to `item`: a code, a whole number, None for no answer, or `UNKNOWN`.

    no_answer: see `no_answer_spellings`. A number is multiplied by its item's scale, and then it is rounded as in
    training; without a scale it must be whole.
    """
    if is_unanswered(given) or _says_nothing(item, given, no_answer):
        return None
    if item.numbers is not None:
        number = plain_number(given)
        return UNKNOWN if number is None else _steps(number, item.scale)
    return item.code_by_spelling.get(spelling(given), UNKNOWN) if isinstance(given, str) else UNKNOWN


def silent_numbers(item: Question, *, no_answer: frozenset[str]) -> list[float]:
    """The numbers that mean "no answer" to `item`, ascending, as they are written."""
    read = {float(text.replace(",", ".")) for text in no_answer if SILENT_NUMBER.fullmatch(text)}
    return sorted(number for number in read if _says_nothing(item, number, no_answer))


def as_written(item: Question, steps: int) -> int | float:
    """A whole number of `item`'s table as it is answered."""
    amount = steps / item.scale
    return steps if item.scale == 1 else int(amount) if amount == amount // 1 else amount


def shown_numbers(item: Question, *steps: int) -> Text:
    """Whole numbers of `item`'s table as they are answered, with a dash between them, in both languages."""
    amounts = [as_written(item, number) for number in steps]
    return Text(**{language: DASH.join(map(writing.written, amounts)) for language, writing in WRITING.items()})


def answered(item: Question, *given: Code | None) -> Text:
    """The first answer `given` to `item` in both languages, of numbers also the last; unknown: `StopIteration`."""
    if given[0] in UNANSWERED:
        return TEXTS["no_answer"]
    if item.numbers is not None:
        return shown_numbers(item, *sorted({int(one) for one in given if one not in UNANSWERED}))
    return next(level.text for level in item.levels if level.code == given[0])


def shown_answer(item: Question, *given: Code | None) -> Text:
    """`answered`, with the unit of numbers."""
    told, numbers = answered(item, *given), item.numbers
    if numbers is None or numbers.unit is None or given[0] in UNANSWERED:
        return told
    return Text(sv=f"{told.sv} {numbers.unit.sv}", en=f"{told.en} {numbers.unit.en}")


def allowed_answers(item: Question) -> Text:
    """What may be answered to `item`, to stand in a message: the codes, and in Swedish the words."""
    if item.numbers is not None:
        first, last = (f"{as_written(item, end):.10g}" for end in (item.numbers.minimum, item.numbers.maximum))
        return TEXTS["allowed_whole" if item.scale == 1 else "allowed_numbers"].filled(first=first, last=last)
    levels = Text(*(", ".join(names) for names in zip(*((one.text.sv, one.code) for one in item.levels), strict=True)))
    return TEXTS["allowed_levels"].filled(levels=levels)


def _told(unknown: Iterable[str]) -> Text:
    """Names that are no item's, to stand in a message; of those that can't be one only how many."""
    names = [name if len(name) <= LONGEST_NAME and IDENTIFIER.fullmatch(name) else "" for name in unknown]
    others_n, told = names.count(""), [Text(name, name) for name in names if name]
    others = TEXTS["one_no_items" if others_n == 1 else "some_no_items"].filled(n=others_n)
    listed = [*told, *([others] if others_n else [])]
    return Text(*(", ".join(name.said(language) for name in listed) for language in LANGUAGES))


def _says_nothing(item: Question, given: object, no_answer: frozenset[str]) -> bool:
    """Whether `given` is one of the spellings in `no_answer`; a number is, when its digits are.

    What stands for a blank year of birth or for nothing in the register is no age and no count of months.
    """
    number = plain_number(given)
    if number is not None and item.derive is not None:
        return False
    if number is None:
        # "99,000" and full-width digits are spelled "99", and might be something else
        return isinstance(given, str) and spelling(given) in no_answer and plain_number(spelling(given)) is None
    if not abs(number) < LARGEST_WRITTEN:
        return False
    is_whole = not isinstance(given, str) and number == number // 1
    digits = str(int(number)) if is_whole else spelling(str(given))
    return not no_answer.isdisjoint({digits, digits.replace(".", ","), digits.replace(",", ".")})


def _steps(number: int | float, scale: int | float) -> str | int:
    if scale == 1:
        return int(number) if number == number // 1 else UNKNOWN
    return round(number * scale) if abs(number) < LARGEST_WRITTEN else UNKNOWN  # halves to even, as training rounds


def why_not_scored(release: Release, item: Question, answer: Code | None) -> str | None:
    """Why a case with this answer gets no points (`ROUTE`, `AGE`, `OUT_OF_RANGE`, `NEEDED`); None when it does.

    Nobody was ever scored without months with receipt so far, so no answer to them has none; in early formats it has.
    """
    if answer is None:
        return NEEDED if item.derive == RECEIPTS_SO_FAR and release.format >= POINTS_ALONE else None
    if isinstance(answer, str):
        return ROUTE if answer in item.routes else None
    if _is_age_outside(item, answer, release.abstention):
        return AGE
    return None if answer in item.answers else OUT_OF_RANGE


def scored_numbers(item: Question, limits: Limits) -> dict[int, int]:
    """The whole numbers of `item` that have points, with their points; an age outside the limits has none."""
    by_number = {code: answer.points for code, answer in item.answers.items() if isinstance(code, int)}
    return {number: points for number, points in by_number.items() if not _is_age_outside(item, number, limits)}


def _is_age_outside(item: Question, number: int, limits: Limits) -> bool:
    return item.derive == "age" and not limits.min_age <= number <= limits.max_age


class Scored(NamedTuple):
    """One row of a table of scores. risk: 0-1, None where the case is unusual.

    unusual: None where there are no points, and in early formats, whose tables do not ask.
    """

    points: int | None
    risk: float | None
    unusual: bool | None


NOT_SCORED = Scored(None, None, None)


def scored(release: Release, landmark: Landmark, read: Mapping[str, Code | None]) -> Scored:
    """The row of a case with these resolved answers (`resolve_answers`)."""
    if any(why_not_scored(release, question, read[question.id]) for question in landmark.questions):
        return NOT_SCORED
    points, unusual = landmark.sum_of_points(read), None
    if landmark.rarity is not None:
        unusual = landmark.rarity.of_case(landmark.items, read) > RARITY_LIMIT
    return Scored(points, None if unusual else landmark.risk_of(points), unusual)


def variance_at(landmark: Landmark, answers: Mapping[str, Code | None]) -> float:
    """The variance (squared log-odds) of the equation at these resolved, scorable `answers`.

    That of the mean person and of each answer about them add; early formats give x'Σx, and a `BundleError` where their
    covariance makes that negative.
    """
    if landmark.covariance:
        return _leverage(landmark, answers)
    errors = [landmark.mean_error, *(item.answer(item.given(answers)).error for item in landmark.items)]
    return math.fsum(error**2 for error in errors)


def is_unusual(landmark: Landmark, answers: Mapping[str, Code | None]) -> bool:
    """Whether the equation was fitted on hardly anybody like these resolved, scorable `answers`."""
    if landmark.rarity is None:
        return _leverage(landmark, answers) > landmark.leverage_limit
    return landmark.rarity.of_case(landmark.items, answers) > RARITY_LIMIT


def _leverage(landmark: Landmark, answers: Mapping[str, Code | None]) -> float:
    row = [(0, 1.0)]
    for item in landmark.items:
        row += item.answer(answers[item.id]).row
    covariance = landmark.covariance
    variance = math.fsum(one * covariance[i][j] * other for i, one in row for j, other in row)
    if variance < 0:
        raise BundleError(REFUSALS["no_covariance"])
    return variance


def risk_interval(landmark: Landmark, points: int, *, variance: float) -> tuple[float, float]:
    """95 % interval of the risk (0-1) at a sum of points; `variance` is the equation's, rounding is added here."""
    per_point = landmark.per_point
    rounding = len(landmark.items) * ROUNDING_VARIANCE * per_point**2
    middle = landmark.offset + points * per_point
    reach = Z_95 * math.sqrt(variance + rounding)
    return risk_at(middle - reach), risk_at(middle + reach)
