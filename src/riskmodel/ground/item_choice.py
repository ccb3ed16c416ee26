"""How many of the questions a table of points asks: a setting that is a number or a word."""

from dataclasses import dataclass
from typing import Annotated

from riskmodel.ground.record_reader import Rule
from riskmodel.ground.text import REFUSALS

ALL, ELBOW = "all", "elbow"
MOST_QUESTIONS = 1000


def _is_choice(choose: object) -> bool:
    return choose in (ALL, ELBOW) or (type(choose) is int and 1 <= choose <= MOST_QUESTIONS)


@dataclass(frozen=True)
class ItemsSettings:
    """How many of the questions a table of points asks, chosen anew wherever the procedure is repeated.

    keep: items that are never left out.
    """

    choose: Annotated[str | int, Rule(REFUSALS["choice_of_items"], _is_choice)] = ALL
    keep: tuple[str, ...] = ()
