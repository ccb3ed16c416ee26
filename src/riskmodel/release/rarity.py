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

    def of_case(self, items: Iterable[Item], answers: Mapping[str, object]) -> int:
        """That of a case with these resolved, scorable answers."""
        given = ((self.by_item[item.id], item.given(answers)) for item in items)
        return self.mean + sum(own[None if is_unanswered(one) else cast(Code, one)] for own, one in given)


def rarity_in(items: Iterable[Item], *, mean_error: float, limit: float) -> Rarity:
    """The rarity of every answer: its variance in shares of `limit` (squared log-odds), rounded to whole ones."""

    def share(error: float) -> int:
        return round(RARITY_LIMIT * Fraction(str(error)) ** 2 / Fraction(str(limit)))

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
