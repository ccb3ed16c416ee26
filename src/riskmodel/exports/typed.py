"""Ways in which one answer is typed, right and wrong: what a kit tries a door with. Standard library only."""

import unicodedata
from collections.abc import Iterator

from riskmodel.ground.record_reader import Json
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED
from riskmodel.release.answers import as_written, scored_numbers
from riskmodel.release.item import Code, Level, Question
from riskmodel.release.record import Release

NO_BREAK, SOFT_HYPHEN, EN_DASH, MINUS = "\u00a0", "\u00ad", "\u2013", "\u2212"
FAR = 10**6  # from any range of numbers


def scorable(release: Release, question: Question) -> list[Code | None]:
    """The answers to `question` that give points."""
    if question.numbers is not None:
        return [*scored_numbers(question, release.abstention)]
    return [*question.answers]


def typed(question: Question, code: Code) -> list[Json]:
    """Every way of typing the answer `code`."""
    if isinstance(code, int):
        return [*_typed_number(as_written(question, code))]
    return [*_typed_level(next(level for level in question.levels if level.code == code))]


def _typed_number(number: int | float) -> Iterator[Json]:
    text = repr(number)
    yield from (number, float(number), text, f" {text}\t", text.replace(".", ","))
    if isinstance(number, int):
        yield from (f"{number},0", f"{number}.00")
    if number < 0:
        yield text.replace("-", MINUS)


def _typed_level(level: Level) -> Iterator[Json]:
    texts = dict.fromkeys((level.code, level.text.sv, level.text.en, *level.aliases))
    for text in texts:
        yield text
        yield f"  {text.upper()} "
    first = level.text.sv
    yield first.replace(" ", NO_BREAK)
    yield first.replace("-", EN_DASH)
    yield first[:1] + SOFT_HYPHEN + first[1:]
    yield unicodedata.normalize("NFD", first)  # å as a and its ring, as some systems store it


def blanks(release: Release, question: Question) -> list[Json]:
    """Every way of saying that there is no answer, as it may stand in a file."""
    said = dict.fromkeys((*release.no_answer, *question.no_answer_texts, NO_ANSWER, NOT_ASKED, NOT_OBSERVED))
    spelled = [way for text in said for way in (text, f" {text.upper()}")]
    return [*dict.fromkeys([None, "", "  ", *spelled])]


def odd(release: Release, question: Question) -> list[Json]:
    """What may be typed and gives no points: of the wrong type, unknown, a route, outside a range."""
    return [*(_odd_numbers(release, question) if question.numbers is not None else _odd_levels(question))]


def _odd_numbers(release: Release, question: Question) -> Iterator[Json]:
    scored = scored_numbers(question, release.abstention) or [0]
    first, last = as_written(question, min(scored)), as_written(question, max(scored))
    step = max(1, round(1 / question.scale))
    yield from (True, [last], {"value": last}, "x", f"{last} x", f"{last},000", f"{last}e0")
    yield from (last + 0.5, f"{first},5", first - step, last + step, str(last + step), last + FAR, -FAR)


def _odd_levels(question: Question) -> Iterator[Json]:
    code = question.levels[-1].code
    yield from (True, False, 0, 1.5, [code], {"code": code}, f"{code}x", f"{code} {code}", "?", "null", "0")
    yield from (route for level in question.levels if level.route for route in (level.code, level.text.sv))
