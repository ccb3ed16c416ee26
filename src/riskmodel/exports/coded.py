"""Answers as codes, and what each gives: for whoever counts with codes alone. Standard library only."""

from dataclasses import dataclass
from itertools import product

from riskmodel.exports.wording import REFUSALS
from riskmodel.ground.errors import BundleError
from riskmodel.instrument.records import NO_ANSWER, RECEIPTS_SO_FAR
from riskmodel.release.answers import as_written, no_answer_spellings, read_answer, scored_numbers
from riskmodel.release.item import Code, Item, Question
from riskmodel.release.landmark import Landmark, Rarity
from riskmodel.release.record import Release


@dataclass(frozen=True)
class Worth:
    """What an answer adds: its points, and its share of how rare a case may be."""

    points: int
    rarity: int


def is_required(question: Question) -> bool:
    """Whether nobody was ever scored without an answer to it: it says that the case is one the table is for."""
    return question.derive == RECEIPTS_SO_FAR


def code_of(question: Question, answer: Code) -> str:
    """An answer as a code; a number as it is asked for, in its shortest spelling."""
    return answer if isinstance(answer, str) else f"{as_written(question, answer):.10g}"


def scored_codes(release: Release, question: Question) -> dict[str, Code | None]:
    """Every answer with points, its code to how the release names it; no answer, where that has points, is the last.

    A number that, when it is written, stands for no answer is none of them: nobody means its points.
    """
    is_number = question.numbers is not None
    known = _meant_numbers(release, question) if is_number else list(question.answers)
    silent: dict[str, Code | None] = {} if is_required(question) else {NO_ANSWER: None}
    return {**{code_of(question, answer): answer for answer in known}, **silent}


def _meant_numbers(release: Release, question: Question) -> list[int]:
    silent = no_answer_spellings(release, question)
    scored = scored_numbers(question, release.abstention)
    return [one for one in scored if read_answer(question, as_written(question, one), no_answer=silent) is not None]


def worth_by_codes(release: Release, landmark: Landmark, item: Item) -> dict[tuple[str, ...], Worth]:
    """What the answers to the questions of `item` give, by the code of each, in the questions' order."""
    rarity = rarity_of(landmark).by_item[item.id]
    found = {}
    for told in product(*(scored_codes(release, question).items() for question in item.questions)):
        named = {question.id: answer for question, (_, answer) in zip(item.questions, told, strict=True)}
        given = item.given(named)
        found[tuple(code for code, _ in told)] = Worth(item.points_of(given), rarity[given])
    return found


def rarity_of(landmark: Landmark) -> Rarity:
    """How rare each answer is; a `BundleError` in early formats, which do not say."""
    if landmark.rarity is None:
        raise BundleError(REFUSALS["no_rarity"])
    return landmark.rarity
