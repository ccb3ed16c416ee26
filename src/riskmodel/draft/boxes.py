"""Questions of which several answers may be ticked: a column for each answer, or all of them in one cell."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from riskmodel.draft.lexicon import NO_ANSWER, REMARKS, says
from riskmodel.draft.wording import Asked, Place
from riskmodel.instrument.spelling import spelling

FEWEST_BOXES, MOST_BOXES = 3, 20
NUMBERED = re.compile(r"^(\w*?\d+)[_.\-](?:\d+|[^\W\d_])\b[.:)]?\s*", re.IGNORECASE)
PARTED = re.compile(r"^(.*?\w.*?)\s*(?:[:/|\[(]|\s[-–]\s)\s*([^\[\]()]+?)[\])]?$")
SIGNS = ";|,"
Shared = tuple[str, frozenset[Place]]  # what boxes of one question have in common: its name, and where it is asked
FEWEST_TOGETHER = 0.1  # of the cells hold several answers


def boxes_of(asked: Sequence[Asked]) -> dict[str, Mapping[str, str]]:
    """What a question of several boxes is called to its boxes, each by the key of its column.

    A box has two answers at most, the same as its fellows have. It is known by a heading that parts, "Income: wages",
    or by a number in two parts where nothing else is said, "Q7_2".
    """
    found: dict[Shared, dict[str, str]] = defaultdict(dict)
    names: dict[Shared, str] = {}
    for one in asked:
        stem, box = _parts(one.wording)
        if stem and 1 <= len(one.people) <= 2:
            key = spelling(stem), frozenset(one.at)
            names.setdefault(key, stem)
            found[key][one.key] = box
    return {names[key]: own for key, own in found.items() if len(own) >= FEWEST_BOXES and _are_alike(own, asked)}


def _parts(wording: str) -> tuple[str, str]:
    """What the boxes of a question share, and what is one's own; both empty where it is no box."""
    number = NUMBERED.match(wording)
    rest = wording[number.end() :] if number else wording
    if number and not rest:
        return number[1], wording
    parted = PARTED.match(rest)
    return (parted[1], parted[2]) if parted else ("", "")


def _are_alike(keys: Mapping[str, str], asked: Sequence[Asked]) -> bool:
    """Whether all are answered by the same two words, or some of them."""
    return len({word for one in asked if one.key in keys for word in one.people}) <= 2


def is_lone_tick(asked: Asked) -> bool:
    """Whether one answer alone is written, and nothing by others; remarks are no answers."""
    is_asked = len(asked.people) == 1 and not says(REMARKS, asked.wording)
    return is_asked and bool((asked.answers["word"] == "").any())


def sign_between(asked: Asked) -> str:
    """The sign that parts several answers in one cell; empty where a cell holds one.

    The answers are then few, and fewer than the cells' different texts: remarks with a comma in them are none. One at
    least stands alone, too: "Married, with children" is an answer in two parts.
    """
    for sign in SIGNS:
        cells = [[*_answers(word, sign)] for word in asked.people]
        several = sum(n for cell, n in zip(cells, asked.people.values(), strict=True) if len(cell) > 1)
        alone, beside = (
            {answer for cell in cells if (len(cell) > 1) is many for answer in cell} for many in (False, True)
        )
        is_set = 2 <= len(alone | beside) <= min(MOST_BOXES, len(asked.people) - 1)
        if is_set and alone & beside and several >= FEWEST_TOGETHER * sum(asked.people.values()):
            return sign
    return ""


def _answers(word: str, sign: str) -> Iterator[str]:
    return (part.strip() for part in word.split(sign) if part.strip() not in NO_ANSWER)
