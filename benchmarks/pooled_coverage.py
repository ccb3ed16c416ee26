"""How often intervals pooled over areas or years, and that of the base rate, hold the truth.

Usage: python benchmarks/pooled_coverage.py [REPETITIONS] [SETS]. The groups' true values are normal around 0 with
standard deviation tau; the pooled mean's interval should hold 0, the prediction interval the true value of a group not
seen. The base rate is that of singles and couples who end together. Prints two tables.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from coverage import PROCESSES, verdict
from joblib import Parallel, delayed

from riskmodel.assess.pooling import pool
from riskmodel.cohort.censoring import Ends, incidence, interval

SEED = 20260908
GROUPS_N = (3, 4, 6, 8, 10)
TAUS = (0.0, 0.5, 1.0, 2.0)  # of the median standard error
ALIKE, ONE_LARGE = "from .5 to 1.5", "one of .25, else 1"
WITH_ONE_LARGE = (3, 6, 10)  # groups, where one of them is 16 times as large as the others
PEOPLE_N, SHARES = (300, 2000), (0.1, 0.3)
COUPLES, MONTHS = 0.25, 12
MOVE_TOGETHER, MOVE_ALONE = 0.012, 0.003  # chance a month of being censored, as a household and by oneself


@dataclass(frozen=True)
class Place:
    """How many groups, how precise, and how different in truth."""

    errors: str
    groups_n: int
    tau: float

    @property
    def se(self) -> np.ndarray:
        """Standard errors by group, the median 1."""
        if self.errors == ALIKE:
            return np.linspace(0.5, 1.5, self.groups_n)
        return np.append(0.25, np.ones(self.groups_n - 1))


def held_by_pooling(place: Place, repetitions: int, number: int) -> tuple[int, int, float]:
    """In how many repetitions the mean's and the prediction interval held the truth; the latter's median width."""
    random = np.random.default_rng([SEED, number])
    mean_held, next_held, widths = 0, 0, []
    for _ in range(repetitions):
        *true, new = random.normal(0, place.tau, place.groups_n + 1)
        found = pool(random.normal(true, place.se), place.se)
        mean_held += found.low <= 0 <= found.high
        next_held += found.prediction_low <= new <= found.prediction_high
        widths.append(found.prediction_high - found.prediction_low)
    return mean_held, next_held, float(np.median(widths))


def ends(people_n: int, share: float, random: np.random.Generator) -> Ends:
    """Stayers are decided in months 8-12, leavers in 1-12, moving hides the rest; a couple has one outcome."""
    size = 1 + (random.random(people_n) < COUPLES)
    household = np.repeat(np.arange(people_n), size)[:people_n]
    event = random.random(people_n) < share
    decided_month = np.where(event, random.integers(8, MONTHS + 1, people_n), 1 + random.binomial(11, 0.3, people_n))
    together, alone = random.geometric(MOVE_TOGETHER, people_n), random.geometric(MOVE_ALONE, people_n)
    censored_month = np.minimum(together[household], alone)
    decided = decided_month[household] <= censored_month
    month = np.minimum(decided_month[household], censored_month)
    return Ends(month, decided, event[household] & decided, household)


def held_by_base_rate(people_n: int, share: float, sets: int, number: int) -> tuple[int, float]:
    """In how many sets the interval held the true share, and the mean estimate."""
    random = np.random.default_rng([SEED, 1, number])
    held, estimates = 0, []
    for _ in range(sets):
        found = incidence(ends(people_n, share, random))
        low, high = interval(found.share, found.se)
        held += low <= share <= high
        estimates.append(found.share)
    return held, float(np.mean(estimates))


def pooled_rows(repetitions: int) -> Iterator[str]:
    designs = [(ALIKE, k) for k in GROUPS_N] + [(ONE_LARGE, k) for k in WITH_ONE_LARGE]
    places = [Place(*design, tau) for design in designs for tau in TAUS]
    found = Parallel(n_jobs=PROCESSES)(
        delayed(held_by_pooling)(place, repetitions, number) for number, place in enumerate(places)
    )
    for place, (mean_held, next_held, width) in zip(places, found, strict=True):
        verdicts = f"{verdict(mean_held, repetitions)} | {verdict(next_held, repetitions)}"
        yield f"| {place.errors} | {place.groups_n} | {place.tau} | {verdicts} | {width:.1f} |"


def base_rate_rows(sets: int) -> Iterator[str]:
    kinds = [(people_n, share) for people_n in PEOPLE_N for share in SHARES]
    found = Parallel(n_jobs=PROCESSES)(
        delayed(held_by_base_rate)(*kind, sets, number) for number, kind in enumerate(kinds)
    )
    for (people_n, share), (held, mean) in zip(kinds, found, strict=True):
        yield f"| {people_n} | {share} | {mean - share:+.4f} | {verdict(held, sets)} |"


def main(repetitions: int = 1000, sets: int = 2000) -> None:
    print("| errors | k | tau | mean: coverage | 99 % interval | | prediction: coverage | 99 % interval | | width |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print(*pooled_rows(repetitions), sep="\n")
    print("\n| people | share | bias | base rate: coverage | 99 % interval | |")
    print("|---|---|---|---|---|---|")
    print(*base_rate_rows(sets), sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
