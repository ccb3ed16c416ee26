"""What kind of question each one is, and what may be said of its answers."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from riskmodel.disclosure.tables import disclose_count
from riskmodel.draft.boxes import boxes_of
from riskmodel.draft.contents import is_birth_years, is_numbers
from riskmodel.draft.groups import NO_YEAR
from riskmodel.draft.lexicon import (
    AGE_IN_YEARS,
    BIRTH_YEAR,
    COUNTED,
    LETTERS,
    REMARKS,
    SERIAL,
    grounds_in,
    grounds_of,
    in_order,
    says,
)
from riskmodel.draft.wording import Asked, Place
from riskmodel.extracts.numbers import decimal_numbers
from riskmodel.instrument.check_items import RESERVED_CODES, RESERVED_IDS, UNION
from riskmodel.instrument.load import YES_AND_NO
from riskmodel.instrument.spelling import level_spellings, spelling

MOST_LEVELS = 8
LONGEST_ID = 40
SHORTEST, RARE = 4, 20  # letters of a word cut short; how many wrote the whole word for each who cut it
NUMBER, LEVEL, FLAG, AGE, UNUSED = "number", "level", "flag", "age", "unused"
NO_BIRTH = "no_birth"  # called a year of birth, and written otherwise
YEARS = "years"  # an age as it is, where `AGE` is a year of birth
ROUND = (1, 2, 5, 10)
MOST_STEPS = 200


@dataclass(frozen=True)
class Answer:
    """A level: its code, its text, and other ways of writing it."""

    code: str
    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One drafted question. kind: of those above; columns: as an item has them.

    grounds: that it may touch, and the answer by which; "" by its heading.
    no_answer: codes that mean none. is_torn: a code means different things in different files.
    hidden_n: different texts that too few people gave to be shown. is_ordered: levels stand along a scale.
    box_of: what the question is called of which it is one of several boxes; "" where it is none.
    """

    id: str
    wording: str
    kind: str
    columns: Mapping[str, str]
    grounds: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    no_answer: tuple[str, ...] = ()
    is_torn: bool = False
    reference: str = ""
    is_ordered: bool = False
    hidden_n: int = 0
    texts_n: int = 0
    minimum: int = 0
    maximum: int = 0
    scale: float = 1.0
    at_intake: bool = True
    box_of: str = ""


def drafted_questions(
    asked: Iterable[Asked], years: Mapping[str, Sequence[int]], *, profile: str, are_dated: bool = True
) -> list[Question]:
    """The questions, each with an id of its own; one about a trade union, which may never be compiled, is none.

    years: see `columns_of`. are_dated: without a month of the answer no age is worked out.
    """
    taken = {*RESERVED_IDS}
    questions = []
    asked = [*asked]
    box_of = {key: stem for stem, boxes in boxes_of(asked).items() for key in boxes}
    for one in asked:
        if is_of_union(one):
            continue
        question = _question(one, years, profile=profile)
        if question.kind == AGE and not are_dated:
            question = replace(question, kind=UNUSED)
        name = unique(question.id, taken)
        taken.add(name)
        questions.append(replace(question, id=name, box_of=box_of.get(one.key, "")))
    return questions


def is_of_union(asked: Asked) -> bool:
    """Whether it is about membership of a trade union."""
    return any(map(UNION.search, (asked.wording, *asked.at.values())))


def _question(asked: Asked, years: Mapping[str, Sequence[int]], *, profile: str) -> Question:
    own = Question(
        id=slug(asked.wording, first="item"),
        wording=asked.wording,
        kind=UNUSED,
        columns=columns_of(asked, years),
        grounds={ground: "" for text in (asked.wording, *asked.at.values()) for ground in grounds_of(text)},
        no_answer=tuple(asked.codes.get("", ())),
        is_torn=asked.meanings is None,
        texts_n=len(asked.people),
        at_intake=any(place.source != "survey" for place in asked.at),
    )
    shown = asked.shown(profile)
    if own.is_torn or _numbers_answers(asked):
        return own
    if is_birth_years(asked.texts) and (says(BIRTH_YEAR, asked.wording) or not says(COUNTED, asked.wording)):
        return replace(own, kind=AGE, grounds={"age": ""})
    if says(BIRTH_YEAR, asked.wording) and is_numbers(asked.texts):  # of two digits, or ages: a scale would lie
        return replace(own, kind=NO_BIRTH, grounds={"age": ""})
    if is_numbers(asked.texts) and (len(asked.people) > MOST_LEVELS or says(COUNTED, asked.wording)):
        limited = _with_limits(own, asked, profile=profile)
        return replace(limited, kind=YEARS) if says(AGE_IN_YEARS, asked.wording) else limited
    if _is_free(asked, shown):
        return own
    if _is_flag({*shown}, asked.codes):
        return replace(own, kind=FLAG, hidden_n=len(asked.people) - len(shown))
    if says(REMARKS, asked.wording):
        return own
    answers, codes = _answers(asked, shown)
    if 2 <= len(answers) <= MOST_LEVELS:
        known = len(answers) + sum(spelling(alias) in asked.people for answer in answers for alias in answer.aliases)
        return replace(
            own,
            kind=LEVEL,
            grounds={**{name: asked.usual[word] for name, word in grounds_in(shown).items()}, **own.grounds},
            answers=answers,
            reference=codes[max(codes, key=lambda word: asked.people[word])],
            is_ordered=_along([*codes], asked.codes) is not None,
            hidden_n=len(asked.people) - known,
        )
    return own


def _numbers_answers(asked: Asked) -> bool:
    """Whether each answer has a number of its own under such a heading: it says which, and nothing of the person."""
    return says(SERIAL, asked.wording) and len(asked.people) == len(asked.said) > MOST_LEVELS


def _is_free(asked: Asked, shown: list[str]) -> bool:
    """Whether most of what was written is many texts of a few people each: remarks, some of them alike by chance."""
    many = len(asked.people) - len(shown) > MOST_LEVELS
    return many and 2 * sum(asked.people[word] for word in shown) < sum(asked.people.values())


def _is_flag(words: AbstractSet[str], codes: Mapping[str, Sequence[str]]) -> bool:
    """Whether they are yes and no, as are the codes that stand for them; an N alone, or a J beside a Y, are letters of
    something else.
    """
    both = [*map(level_spellings, YES_AND_NO)]
    is_known = all(any({word, *codes.get(word, ())} <= known for known in both) for word in words)
    return bool(words) and is_known and words != {"n"} and not words >= {"j", "y"}


def _answers(asked: Asked, shown: list[str]) -> tuple[tuple[Answer, ...], dict[str, str]]:
    """The levels along their scale, or the commonest first; and each level's word with its code.

    A text that cuts one answer short is another way of writing it; one that may cut short several is none.
    """
    people = {word: asked.people[word] for word in shown}
    short = {word: meant for word in shown if (meant := _cut_short(word, people))}
    main = [word for word in shown if word not in short]
    codes: dict[str, str] = {}
    for word in _along(main, asked.codes) or main:
        codes[word] = unique(slug(word, first="level"), {*RESERVED_CODES, *codes.values()})
    aliases = {
        word: [asked.usual[other] for other, meant in short.items() if meant == [word]] + asked.codes.get(word, [])
        for word in codes
    }
    return tuple(Answer(code, asked.told(word), tuple(aliases[word])) for word, code in codes.items()), codes


def _along(words: Sequence[str], codes: Mapping[str, Sequence[str]]) -> list[str] | None:
    """`words` along a scale that is known, or else as their codes count."""
    first = {codes[word][0]: word for word in words if codes.get(word)}
    counted = in_order([*first]) if len(first) == len(words) else None
    return in_order(words) or (counted and [first[code] for code in counted])


def _cut_short(word: str, people: Mapping[str, int]) -> list[str]:
    """The answers that `word` may cut short: with a full stop, or as few wrote it beside many."""
    bare = word.rstrip(". ")
    longer = [other for other in people if other != word and other.startswith(bare)]
    is_rare = len(bare) >= SHORTEST and all(RARE * people[word] < people[other] for other in longer)
    return longer if word.endswith(".") or is_rare else []


def _with_limits(question: Question, asked: Asked, *, profile: str) -> Question:
    """Limits round enough to tell of nobody: so many people lie at or beyond the number that is rounded outwards."""
    values = decimal_numbers(asked.texts)
    is_number = np.isfinite(values)
    by_person = asked.said[is_number].assign(value=values[is_number]).groupby("person")["value"]
    high, low = _outermost(by_person.max().to_numpy(), profile), -_outermost(-by_person.min().to_numpy(), profile)
    span = max(high - min(low, 0), 1e-9)
    scale = 1.0
    while span * scale > MOST_STEPS * 5:
        scale /= 10
    whole = bool((values[is_number] == np.rint(values[is_number])).mean() > 0.95)
    while not whole and span * scale * 10 <= MOST_STEPS:
        scale *= 10
    lowest = 0 if low >= 0 else -_rounded_up(-low * scale)
    return replace(
        question, kind=NUMBER, minimum=lowest, maximum=max(_rounded_up(high * scale), lowest + 1), scale=round(scale, 9)
    )


def _outermost(values: np.ndarray, profile: str) -> float:
    """The largest number that enough people lie at or above; 0 where no number is."""
    order = np.sort(values)[::-1]
    sizes = range(1, len(order) + 1)
    enough = next((n for n in sizes if disclose_count(n, profile=profile) is not None), None)
    return float(order[enough - 1]) if enough else 0.0


def _rounded_up(value: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, … that is larger."""
    power = 1
    while True:
        for step in ROUND[:-1]:
            if step * power > value:
                return step * power
        power *= 10


def columns_of(asked: Asked, years: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Source to heading; where forms are of years the commonest one, and apart the years with another or none.

    years: source to the years of its files.
    """
    columns: dict[str, str] = {}
    for source, of_source in years.items():
        by_year = {year: asked.at.get(Place(source, year), "") for year in of_source or [NO_YEAR]}
        own = [heading for heading in by_year.values() if heading]
        if own:
            usual = max(dict.fromkeys(own), key=own.count)
            others = {Place(source, year).name: one for year, one in by_year.items() if one != usual}
            columns |= {source: usual} | others
    return columns


def slug(text: str, *, first: str) -> str:
    """`text` as an id: a-z, digits and _; `first` in front where it does not begin with a letter or digit."""
    plain = "".join(LETTERS.get(letter, letter) for letter in spelling(text))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_ID].rstrip("_")
    begins = name[:1].isalpha() if first == "item" else bool(name)
    return name if begins else f"{first}_{name}".rstrip("_")


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, with a number behind it where it is taken."""
    used, n = {*taken}, 2
    if name not in used:
        return name
    while f"{name}_{n}" in used:
        n += 1
    return f"{name}_{n}"
