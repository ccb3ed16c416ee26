"""What must hold for the questions of an instrument. Each check raises a `SettingsError` with the remedy."""

import re
from collections import Counter
from collections.abc import Iterable

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import tidy_number
from riskmodel.ground.words import LANGUAGES
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


def _check_once(names: Iterable[str], where: str, what: str) -> None:
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise SettingsError(f"{where}: {what} {', '.join(twice)} stands more than once. Rename or remove one.")


def _check_one_of(value: str, allowed: Iterable[str], where: str) -> None:
    if value not in allowed:
        raise SettingsError(f"{where} {value!r} is not known. Allowed: {', '.join(allowed) or 'none'}.")


def _check_choices(item: Item, where: str) -> None:
    if not IDENTIFIER.fullmatch(item.id) or item.id in RESERVED_IDS:
        raise SettingsError(
            f"{where}: id must be lower-case letters a-z, digits and _, and none of "
            f"{', '.join(RESERVED_IDS)}. Rename it."
        )
    _check_one_of(item.kind, KINDS, f"{where}: kind")
    _check_one_of(item.use, USES, f"{where}: use")
    _check_one_of(item.direction, DIRECTIONS, f"{where}: direction")
    for ground in item.grounds:
        _check_one_of(ground, GROUNDS, f"{where}: ground")
    if item.use == "predictor" and item.grounds and not item.justification.strip():
        raise SettingsError(
            f"{where}: a predictor that touches {', '.join(item.grounds)} needs a written justification. "
            'Add justification = "…", or set use = "audit".'
        )
    if not all(text.said(language).strip() for text in (item.text, item.short) for language in LANGUAGES):
        raise SettingsError(f"{where}: text or name is empty. Give the question in Swedish (sv) and English (en).")


def _check_union(item: Item, where: str) -> None:
    """Other sensitive data may be compiled for follow-up and evaluation, trade union membership never."""
    if any(UNION.search(words) for words in (item.id, item.text.sv, item.text.en)):
        raise SettingsError(
            f"{where}: asks about trade union membership, which may never be compiled (SoLPUL (2001:454) 7 a §). "
            "Remove the item, and its column from the delivery."
        )


def _check_places(item: Item, instrument: Instrument, where: str) -> None:
    if item.known_from < 0:
        raise SettingsError(f"{where}: known_from is negative. Give months after intake, 0 when asked at intake.")
    if item.use != "predictor":
        return
    _check_one_of(item.life_area, instrument.life_areas, f"{where}: life_area")
    _check_one_of(item.part, [part.id for part in instrument.parts], f"{where}: part")
    asked = next(part.month for part in instrument.parts if part.id == item.part)
    if item.known_from < asked:
        raise SettingsError(
            f"{where}: known_from is {item.known_from}, but its part {item.part} is asked at month {asked}. "
            f"Set known_from = {asked}, or choose an earlier part."
        )


def _check_columns(item: Item, instrument: Instrument, where: str) -> None:
    for key in item.columns:
        source, _, year = key.partition(".")
        if source not in ANSWER_SOURCES or (year and not re.fullmatch(r"\d{4}", year)):
            raise SettingsError(
                f"{where}: columns: {key} is not known. Allowed: intake, survey, cohort, and with a year intake.2026."
            )
        if source not in instrument.sources:
            raise SettingsError(f"{where}: columns: there is no source {source}. Add [sources.{source}] or remove it.")
    if item.derive in FROM_REGISTER and item.columns:
        raise SettingsError(f"{where}: {item.derive} comes from the register. Remove its columns.")
    intake = instrument.sources.get("intake")
    if item.derive == "age" and item.is_asked_in("intake") and intake and intake.valid_for_all_cases:
        raise SettingsError(
            f"{where}: a birth year becomes an age in the month of the answer, and this intake has none."
        )
    at_intake = item.is_asked_in("intake") or item.is_asked_in("cohort") or item.derive in FROM_REGISTER
    if item.use == "predictor" and item.known_from == 0 and not at_intake:
        raise SettingsError(
            f"{where}: a predictor known at intake needs a column there. Add columns = {{ intake = … }} "
            '(or cohort = …), or set use = "audit" or "never".'
        )


def _check_number(item: Item, where: str) -> None:
    if item.levels or item.reference:
        raise SettingsError(f'{where}: a number has no levels and no reference. Remove them, or set kind = "level".')
    if item.derive is not None:
        _check_one_of(item.derive, DERIVED, f"{where}: derive")
    if item.derive == "age" and not item.columns:
        raise SettingsError(f"{where}: age is derived from a birth year. Give the column that holds it.")
    if item.minimum is None or item.maximum is None or item.minimum >= item.maximum:
        raise SettingsError(f"{where}: a number needs minimum and maximum, the first below the second. Add them.")
    if item.scale <= 0:
        raise SettingsError(f"{where}: scale must be above 0. Leave it out for numbers that are whole already.")
    if item.scale != tidy_number(item.scale):  # the delivery's answers would be read by one scale, a case's by another
        raise SettingsError(
            f"{where}: scale has more than ten significant digits, and a release writes no more. Round it, for example "
            f"scale = {tidy_number(item.scale)}."
        )
    if item.maximum - item.minimum > MOST_STEPS:
        raise SettingsError(
            f"{where}: {item.maximum - item.minimum} steps between minimum and maximum; at most {MOST_STEPS} fit a "
            "table of points. Use a scale below 1, for example scale = 0.01, and divide minimum and maximum alike."
        )
    if list(item.steps) != sorted(set(item.steps)) or any(
        not item.minimum < step <= item.maximum for step in item.steps
    ):
        raise SettingsError(
            f"{where}: steps are the whole numbers from which a rule holds, each once, in ascending order, from "
            f"{item.minimum + 1} to {item.maximum}. Correct them, for example steps = [{item.maximum}]."
        )
    if item.derive == RECEIPTS_SO_FAR:
        _check_receipts_so_far(item, where)


def _check_receipts_so_far(item: Item, where: str) -> None:
    if item.known_from < 1:
        raise SettingsError(
            f"{where}: known_from is {item.known_from}, but at intake no month of the case has passed. Set it to the "
            "first later landmark, for example 3."
        )
    if (item.minimum or 0) < 0 or (item.maximum or 0) > item.known_from or item.scale != 1:
        raise SettingsError(
            f"{where}: minimum and maximum are the months with receipt that are possible at month {item.known_from}, "
            f"from 0 to {item.known_from}, and scale is not used. Correct them; later months are counted on from there."
        )


def _check_levels(item: Item, where: str) -> None:
    of_numbers = (item.derive, item.minimum, item.maximum)
    if of_numbers != (None, None, None) or item.scale != 1 or item.steps:
        raise SettingsError(f"{where}: derive, minimum, maximum, scale and steps belong to numbers. Remove them.")
    _check_once(item.codes, f"{where}: levels", "code")
    for code in item.codes:
        if not CODE.fullmatch(code) or code in RESERVED_CODES:
            raise SettingsError(
                f"{where}: level {code!r}: a code must be lower-case letters a-z, digits and _, and none of "
                f"{', '.join(RESERVED_CODES)}. Rename it and keep the old spelling among aliases."
            )
    if item.use != "never" and len(item.levels) < 2:
        raise SettingsError(f"{where}: at least two levels are needed. Add them to levels = [ ].")
    if item.use != "never" and item.reference not in item.codes:
        raise SettingsError(f"{where}: reference is not one of its levels. Allowed: {', '.join(item.codes)}.")
    _check_merging(item, where)


def _check_merging(item: Item, where: str) -> None:
    merge_into = {level.code: level.merge_into for level in item.levels if level.merge_into is not None}
    for code, target in merge_into.items():
        _check_one_of(target, [other for other in item.codes if other != code], f"{where}: level {code}: merge_into")
        distance = abs(item.codes.index(code) - item.codes.index(target))
        if item.kind == "ordinal" and distance != 1:
            raise SettingsError(f"{where}: level {code}: an ordinal level merges into a neighbour, not into {target}.")


def _check_spellings(item: Item, no_answer: tuple[str, ...], where: str) -> None:
    silent = no_answer_spellings(item, no_answer)
    _check_once(
        [written for level in item.levels for written in level_spellings(level)], f"{where}: levels", "the spelling"
    )
    for level in item.levels:
        shared = sorted(level_spellings(level) & silent)
        if shared:
            raise SettingsError(
                f"{where}: level {level.code}: the spelling {', '.join(map(repr, shared))} also means no answer. "
                "Remove it from the level or from no_answer."
            )


def _check_rule(instrument: Instrument, where: str) -> None:
    predictors = {item.id: item for item in instrument.items if item.use == "predictor" and not item.is_number}
    for item_id, codes in instrument.three_item_rule.items():
        _check_one_of(item_id, predictors, f"{where}: item")
        for code in codes:
            _check_one_of(code, predictors[item_id].codes, f"{where}: {item_id}: level")
