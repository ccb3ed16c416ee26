"""How many cases a fit needs for what it learns (Riley et al. 2019, BMJ 2020;368:m441), and what is missing where."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from math import ceil, floor, log, prod
from typing import Any

import pandas as pd

from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.pairs import Pair
from riskmodel.instrument.records import Item
from riskmodel.model.sample import allowed_answers, answer_positions

SHRINKAGE = 0.9  # criterion 1: coefficients need no more shrinking than this
OPTIMISM = 0.05  # criterion 2: apparent less corrected Nagelkerke R²
MARGIN = 0.05  # criterion 3: half the width of the overall risk's interval
ASSUMED_SHARE = 0.15  # of the largest R² possible, when nothing tells
LAST_RELEASE, PRIOR, THIS_RUN, ASSUMED = "last_release", "prior", "this_run", "assumed"  # where R² is from, in order
R2_DECIMALS = 2  # of this run's, rounded down


@dataclass(frozen=True)
class SampleSize:
    """Cases needed by each criterion, and what there is. n1: shrinkage, n2: optimism, n3: overall risk.

    columns_n: candidates, before merging. freedom: with a borrowed table, the degrees of freedom of what was learnt,
    the intercept's among them; None without one. r2_from: one of LAST_RELEASE, PRIOR, THIS_RUN and ASSUMED.
    available_n: clusters with known outcome, from `years_n` intake years.
    """

    columns_n: int
    freedom: float | None
    event_rate: float
    r2: float
    r2_from: str
    n1: int
    n2: int
    n3: int
    available_n: int
    years_n: int

    @property
    def required_n(self) -> int:
        """The largest of the three needs."""
        return max(self.n1, self.n2, self.n3)

    @property
    def research_only(self) -> bool:
        """Whether there are fewer cases than needed: the release may then not be used in casework."""
        return self.available_n < self.required_n

    def needed_for(self, parameters: float) -> int:
        """How many cases would be needed to learn `parameters` numbers."""
        n1, n2 = _for_parameters(parameters, self.r2, self.event_rate)
        return max(n1, n2, self.n3)

    def missing(self, available_n: int) -> dict[str, int | None]:
        """What `available_n` cases lack, each way by itself.

        cases_n: so many more, in more_years_n years like those there are. columns_n: or so many columns fewer; None
        where no number of them would do. borrowed_n: cases needed with another's points as they are.
        """
        short_n, learnt = max(0, self.required_n - available_n), self.freedom or self.columns_n
        a_year = max(available_n, 1) / max(self.years_n, 1)
        allowed = next((n for n in range(floor(learnt), 0, -1) if self.needed_for(n) <= available_n), None)
        return {
            "cases_n": short_n,
            "more_years_n": ceil(short_n / a_year),
            "columns_n": None if allowed is None else ceil(learnt - allowed) if short_n else 0,
            "borrowed_n": self.needed_for(1),
        }


def largest_r2(event_rate: float) -> float:
    """The highest Cox–Snell R² possible at `event_rate`."""
    return float(1 - (event_rate**event_rate * (1 - event_rate) ** (1 - event_rate)) ** 2)


def sample_size(
    *,
    columns_n: int,
    event_rate: float,
    clusters_n: int,
    years_n: int = 1,
    r2: float | None = None,
    r2_from: str = ASSUMED,
    freedom: float | None = None,
) -> SampleSize:
    """The need for `columns_n` candidate columns, or for `freedom`, against `clusters_n` with a known outcome.

    r2: optimism-corrected Cox–Snell R²; .15 of the largest possible when None.
    """
    r2 = ASSUMED_SHARE * largest_r2(event_rate) if r2 is None else r2
    n1, n2 = _for_parameters(columns_n if freedom is None else freedom, r2, event_rate)
    n3 = ceil((Z_95 / MARGIN) ** 2 * event_rate * (1 - event_rate))
    return SampleSize(columns_n, freedom, event_rate, r2, r2_from, n1, n2, n3, clusters_n, years_n)


def with_corrected_r2(need: Mapping[str, Any], low: float) -> SampleSize:
    """`need`, as it is written, with the lower end of this run's corrected R² where nothing earlier told any.

    An end at or below zero tells nothing: what is assumed stays.
    """
    written = SampleSize(**{entry.name: need[entry.name] for entry in fields(SampleSize)})
    r2 = floor(low * 10**R2_DECIMALS) / 10**R2_DECIMALS if low > 0 else 0.0
    if written.r2_from != ASSUMED or not r2:
        return written
    n1, n2 = _for_parameters(written.freedom or written.columns_n, r2, written.event_rate)
    return replace(written, r2=r2, r2_from=THIS_RUN, n1=n1, n2=n2)


def size_as_dict(need: SampleSize) -> dict[str, Any]:
    """`need` as plain numbers, with what it comes to."""
    return {**asdict(need), "required_n": need.required_n, "research_only": need.research_only}


def _for_parameters(parameters: float, r2: float, event_rate: float) -> tuple[int, int]:
    """n1 and n2."""
    shrinkages = (SHRINKAGE, r2 / (r2 + OPTIMISM * largest_r2(event_rate)))
    first, second = (ceil(parameters / ((one - 1) * log(1 - r2 / one))) for one in shrinkages)
    return first, second


def candidate_columns_n(answers: pd.DataFrame, items: Sequence[Item], *, knots_n: int) -> int:
    """How many columns the items would have were nothing merged, rare or held at zero.

    One for every level (less one for ordinal steps), a spline's knots − 1 and one for every declared step, and one
    where somebody gave no answer. A pair has one for every combination of its items' answers.
    """
    return sum(_columns_n(item, answers, knots_n) for item in items)


def _columns_n(item: Item, answers: pd.DataFrame, knots_n: int) -> int:
    if isinstance(item, Pair):
        return prod(_levels_n(one) + _has_blanks(one, answers) for one in item.of)
    if item.is_number:
        return knots_n - 1 + len(item.steps) + _has_blanks(item, answers)
    return _levels_n(item) - (item.kind == "ordinal") + _has_blanks(item, answers)


def _levels_n(item: Item) -> int:
    return sum(not level.route for level in item.levels)


def _has_blanks(item: Item, answers: pd.DataFrame) -> bool:
    allowed = allowed_answers(item)
    return bool((answer_positions(answers, [allowed]) == allowed.n).any())
