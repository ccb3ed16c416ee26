"""How rare a case's answers are, in whole numbers, so that every engine, form and runtime adds the same.

Standard library only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from riskmodel.release.item import Code, Item, is_unanswered

RARITY_LIMIT = 10_000  # a case of more is unusual: the equation was fitted on hardly anybody like it


@dataclass(frozen=True)
class Rarity:
    """Shares of `RARITY_LIMIT`, which add up: of the mean person, and by item of each answer (None: no answer)."""

    mean: int
    by_item: Mapping[str, Mapping[Code | None, int]]

    def of_answer(self, item: Item, given: object) -> int:
        """That of one resolved, scorable answer to `item`."""
        return self.by_item[item.id][None if is_unanswered(given) else cast(Code, given)]

    def of_case(self, items: Iterable[Item], answers: Mapping[str, object]) -> int:
        """That of a case with these resolved, scorable answers."""
        return self.mean + sum(self.of_answer(item, item.given(answers)) for item in items)


def rarity_in(items: Iterable[Item], *, mean_error: float, limit: float) -> Rarity:
    """The rarity of every answer: its variance in shares of `limit` (squared log-odds), rounded to whole ones.

    One beyond `RARITY_LIMIT` makes a case unusual alone and counts as one more than it: any engine's numbers hold that.
    """

    def share(error: float) -> int:
        return min(round(RARITY_LIMIT * Fraction(str(error)) ** 2 / Fraction(str(limit))), RARITY_LIMIT + 1)

    return Rarity(
        share(mean_error),
        {
            item.id: {
                None: share(item.no_answer.error),
                **{code: share(answer.error) for code, answer in item.answers.items()},
            }
            for item in items
        },
    )
