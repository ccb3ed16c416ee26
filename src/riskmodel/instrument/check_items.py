"""What must hold for the questions of an instrument, and for what a form does with their answers beside adding points.

Each check raises a `SettingsError` with the remedy.
"""

import re
from collections import Counter
from collections.abc import Iterable

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import tidy_number
from riskmodel.ground.words import LANGUAGES, Text
from riskmodel.instrument import REFUSALS
from riskmodel.instrument.records import (
    ANSWER_SOURCES,
    DERIVED,
    DIRECTIONS,
    FROM_REGISTER,
    GROUNDS,
    KINDS,
    NO_ANSWER,
    NOT_ASKED,
    NOT_OBSERVED,
    RECEIPTS_SO_FAR,
    USES,
    Condition,
    Contradiction,
    Instrument,
    Item,
)
from riskmodel.instrument.spelling import level_spellings, no_answer_spellings

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[a-z0-9_]+")
# a question about trade union membership, in the words of either language
UNION = re.compile(
    r"fackf[öo]r(bund|ening)|\bfacke?t\b|fackligt? (med|org|an)|(trade|labou?r)[ _-]union|union[ _]membership",
    flags=re.IGNORECASE,
)
RESERVED_CODES = (NO_ANSWER, NOT_ASKED, NOT_OBSERVED)
# names of columns that stand beside the answers in one frame or another
RESERVED_IDS = (
    "case_id", "person_id", "household_id", "cluster_id", "area", "exit", "answered_month", "survey_year",
    "intake_month", "intake_year", "outcome", "weight", "points",
)  # fmt: skip
LONGEST_TEXT = 120  # of a contradiction, which stands on one line of an advice
MOST_STEPS = 2000  # whole values of a number item; each is a line in the published table of points


def check_items(instrument: Instrument, *, where: str) -> None:
    """Raise a `SettingsError` at the first item, level or rule of `instrument` that can't be used."""
    _check_once((item.id for item in instrument.items), f"{where}: items", "id")
    _check_once((part.id for part in instrument.parts), f"{where}: parts", "id")
    for item in instrument.items:
        place = f"{where}: item {item.id}"
        _check_choices(item, place)
        _check_union(item, place)
        _check_places(item, instrument, place)
        _check_columns(item, instrument, place)
        if item.is_number:
            _check_number(item, place)
        else:
            _check_levels(item, place)
            _check_spellings(item, instrument.no_answer, place)
    _check_rule(instrument, f"{where}: three_item_rule")


def _check_once(names: Iterable[str], where: str, what: str | Text) -> None:
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise SettingsError(REFUSALS["twice"].filled(where=where, what=what, names=", ".join(twice)))


def _check_one_of(value: str, allowed: Iterable[str], where: str) -> None:
    if value not in allowed:
        told = ", ".join(allowed) or REFUSALS["none"]
        raise SettingsError(REFUSALS["not_known"].filled(where=where, value=repr(value), allowed=told))


def _check_choices(item: Item, where: str) -> None:
    if not IDENTIFIER.fullmatch(item.id) or item.id in RESERVED_IDS:
        raise SettingsError(REFUSALS["no_id"].filled(where=where, reserved=", ".join(RESERVED_IDS)))
    _check_one_of(item.kind, KINDS, f"{where}: kind")
    _check_one_of(item.use, USES, f"{where}: use")
    _check_one_of(item.direction, DIRECTIONS, f"{where}: direction")
    for ground in item.grounds:
        _check_one_of(ground, GROUNDS, f"{where}: ground")
    if item.use == "predictor" and item.grounds and not item.justification.strip():
        raise SettingsError(REFUSALS["unjustified"].filled(where=where, grounds=", ".join(item.grounds)))
    if not all(text.said(language).strip() for text in (item.text, item.short) for language in LANGUAGES):
        raise SettingsError(REFUSALS["no_wording"].filled(where=where))


def _check_union(item: Item, where: str) -> None:
    """Other sensitive data may be compiled for follow-up and evaluation, trade union membership never."""
    if any(UNION.search(words) for words in (item.id, item.text.sv, item.text.en)):
        raise SettingsError(REFUSALS["union"].filled(where=where))


def _check_places(item: Item, instrument: Instrument, where: str) -> None:
    if item.known_from < 0:
        raise SettingsError(REFUSALS["known_before"].filled(where=where))
    if item.use != "predictor":
        return
    _check_one_of(item.life_area, instrument.life_areas, f"{where}: life_area")
    _check_one_of(item.part, [part.id for part in instrument.parts], f"{where}: part")
    asked = next(part.month for part in instrument.parts if part.id == item.part)
    if item.known_from < asked:
        raise SettingsError(
            REFUSALS["known_too_early"].filled(where=where, known=item.known_from, part=item.part, asked=asked)
        )


def _check_columns(item: Item, instrument: Instrument, where: str) -> None:
    for key in item.columns:
        source, _, year = key.partition(".")
        if source not in ANSWER_SOURCES or (year and not re.fullmatch(r"\d{4}", year)):
            raise SettingsError(REFUSALS["no_such_columns"].filled(where=where, key=key))
        if source not in instrument.sources:
            raise SettingsError(REFUSALS["no_such_source"].filled(where=where, source=source))
    if item.derive in FROM_REGISTER and item.columns:
        raise SettingsError(REFUSALS["from_register"].filled(where=where, derive=item.derive))
    intake = instrument.sources.get("intake")
    if item.derive == "age" and item.is_asked_in("intake") and intake and intake.valid_for_all_cases:
        raise SettingsError(REFUSALS["no_month_for_age"].filled(where=where))
    at_intake = item.is_asked_in("intake") or item.is_asked_in("cohort") or item.derive in FROM_REGISTER
    if item.use == "predictor" and item.known_from == 0 and not at_intake:
        raise SettingsError(REFUSALS["no_intake_column"].filled(where=where))


def _check_number(item: Item, where: str) -> None:
    if item.levels or item.reference:
        raise SettingsError(REFUSALS["number_with_levels"].filled(where=where))
    if item.derive is not None:
        _check_one_of(item.derive, DERIVED, f"{where}: derive")
    if item.derive == "age" and not item.columns:
        raise SettingsError(REFUSALS["no_birth_year"].filled(where=where))
    if item.minimum is None or item.maximum is None or item.minimum >= item.maximum:
        raise SettingsError(REFUSALS["no_range"].filled(where=where))
    if item.scale <= 0:
        raise SettingsError(REFUSALS["no_scale"].filled(where=where))
    if item.scale != tidy_number(item.scale):  # the delivery's answers would be read by one scale, a case's by another
        raise SettingsError(REFUSALS["long_scale"].filled(where=where, example=tidy_number(item.scale)))
    if item.maximum - item.minimum > MOST_STEPS:
        raise SettingsError(REFUSALS["many_steps"].filled(where=where, n=item.maximum - item.minimum, most=MOST_STEPS))
    if list(item.steps) != sorted(set(item.steps)) or any(
        not item.minimum < step <= item.maximum for step in item.steps
    ):
        raise SettingsError(REFUSALS["no_such_steps"].filled(where=where, first=item.minimum + 1, last=item.maximum))
    if item.derive == RECEIPTS_SO_FAR:
        _check_receipts_so_far(item, where)


def _check_receipts_so_far(item: Item, where: str) -> None:
    if item.known_from < 1:
        raise SettingsError(REFUSALS["no_month_passed"].filled(where=where, known=item.known_from))
    if (item.minimum or 0) < 0 or (item.maximum or 0) > item.known_from or item.scale != 1:
        raise SettingsError(REFUSALS["no_such_months"].filled(where=where, known=item.known_from))


def _check_levels(item: Item, where: str) -> None:
    of_numbers = (item.derive, item.minimum, item.maximum)
    if of_numbers != (None, None, None) or item.scale != 1 or item.steps:
        raise SettingsError(REFUSALS["levels_of_number"].filled(where=where))
    _check_once(item.codes, f"{where}: levels", "code")
    for code in item.codes:
        if not CODE.fullmatch(code) or code in RESERVED_CODES:
            raise SettingsError(
                REFUSALS["no_code"].filled(where=where, code=repr(code), reserved=", ".join(RESERVED_CODES))
            )
    if item.use != "never" and len(item.levels) < 2:
        raise SettingsError(REFUSALS["few_levels"].filled(where=where))
    if item.use != "never" and item.reference not in item.codes:
        raise SettingsError(REFUSALS["no_reference"].filled(where=where, codes=", ".join(item.codes)))
    _check_merging(item, where)


def _check_merging(item: Item, where: str) -> None:
    merge_into = {level.code: level.merge_into for level in item.levels if level.merge_into is not None}
    for code, target in merge_into.items():
        _check_one_of(target, [other for other in item.codes if other != code], f"{where}: level {code}: merge_into")
        distance = abs(item.codes.index(code) - item.codes.index(target))
        if item.kind == "ordinal" and distance != 1:
            raise SettingsError(REFUSALS["no_neighbour"].filled(where=where, code=code, target=target))


def _check_spellings(item: Item, no_answer: tuple[str, ...], where: str) -> None:
    silent = no_answer_spellings(item, no_answer)
    spellings = [written for level in item.levels for written in level_spellings(level)]
    _check_once(spellings, f"{where}: levels", REFUSALS["the_spelling"])
    for level in item.levels:
        shared = sorted(level_spellings(level) & silent)
        if shared:
            told = ", ".join(map(repr, shared))
            raise SettingsError(REFUSALS["also_no_answer"].filled(where=where, code=level.code, spellings=told))


def _check_rule(instrument: Instrument, where: str) -> None:
    predictors = {item.id: item for item in instrument.items if item.use == "predictor" and not item.is_number}
    for item_id, codes in instrument.three_item_rule.items():
        _check_one_of(item_id, predictors, f"{where}: item")
        for code in codes:
            _check_one_of(code, predictors[item_id].codes, f"{where}: {item_id}: level")


def check_form(instrument: Instrument, *, where: str) -> None:
    """Raise a `SettingsError` at the first contradiction or own rating of `instrument` that can't be used."""
    asked = {item.id: item for item in instrument.items if item.use == "predictor"}
    if instrument.own_rating not in (None, *asked):
        raise SettingsError(REFUSALS["own_rating_elsewhere"].filled(where=where, allowed=", ".join(asked)))
    for number, contradiction in enumerate(instrument.contradictions, start=1):
        _check_contradiction(contradiction, asked, f"{where}: contradictions {number}")


def _check_contradiction(contradiction: Contradiction, asked: dict[str, Item], where: str) -> None:
    for said in map(contradiction.text.said, LANGUAGES):
        if not said.strip() or len(said) > LONGEST_TEXT or "\n" in said:
            raise SettingsError(REFUSALS["no_line_of_text"].filled(where=where, most=LONGEST_TEXT))
    items = [condition.item for condition in contradiction.when]
    if len(items) < 2 or len(set(items)) < len(items):
        raise SettingsError(REFUSALS["few_conditions"].filled(where=where))
    for condition in contradiction.when:
        if condition.item not in asked:
            allowed = ", ".join(asked)
            raise SettingsError(
                REFUSALS["condition_elsewhere"].filled(where=where, item=condition.item, allowed=allowed)
            )
        _check_condition(condition, asked[condition.item], f"{where}: {condition.item}")


def _check_condition(condition: Condition, item: Item, where: str) -> None:
    ends = [end for end in (condition.first, condition.last) if end is not None]
    if not item.is_number:
        if ends or not condition.answers or not set(condition.answers) < set(item.codes):
            raise SettingsError(REFUSALS["no_such_answers"].filled(where=where, codes=", ".join(item.codes)))
    elif condition.answers or not ends or not _is_reachable(condition, item):
        rises = REFUSALS["rises"] if item.derive == RECEIPTS_SO_FAR else ""
        ends_of_item = {"first": item.minimum, "last": item.maximum}
        raise SettingsError(REFUSALS["no_such_numbers"].filled(where=where, rises=rises, **ends_of_item))


def _is_reachable(condition: Condition, item: Item) -> bool:
    """Whether some of the item's numbers meet it, and not all; months in the case itself rise with the landmark."""
    lowest, highest = item.minimum or 0, item.maximum or 0
    if item.derive == RECEIPTS_SO_FAR:
        return condition.last is None or condition.last >= lowest
    meets = [condition.holds(number) for number in range(lowest, highest + 1)]
    return any(meets) and not all(meets)
