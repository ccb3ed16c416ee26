"""A reader with every release in hand: whole numbers, nothing guessed, nothing overlooked."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from riskmodel.disclosure import PROFILES, Whole, read_whole

EVENTS, OTHERS = 0, 1
AREAS, SEXES = ("A", "B", "C"), ("man", "woman")
MANY = 100_000
NO_SHORTCUTS = {"presolve": False}  # it calls some of these systems infeasible that are not


def measures_of(people: np.ndarray) -> pd.DataFrame:
    """Rows as `disclose_measures` takes them; people: counts by area, sex and outcome (0 an event)."""
    by_scope = {
        ("overall", ""): people.sum(axis=(0, 1)),
        **{("area", area): people[place].sum(axis=0) for place, area in enumerate(AREAS[: people.shape[0]])},
        **{("sex", sex): people[:, place].sum(axis=0) for place, sex in enumerate(SEXES)},
    }
    rows = [
        {"scope": scope, "group": group, "predictor": "points", "measure": "auc", "n": events + others}
        | {"events_n": events, "estimate": 0.7, "low": 0.6, "high": 0.8, "status": "ok"}
        for (scope, group), (events, others) in by_scope.items()
    ]
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Shown:
    """One release's counts as a reader sees them: by cell, people and events, None where hidden."""

    counts: dict[tuple[str, str], tuple[int | None, int | None]]
    profile: str


def shown_of(disclosed: pd.DataFrame, profile: str) -> Shown:
    counts = {
        (row.scope, row.group): tuple(None if pd.isna(number) else int(number) for number in (row.n, row.events_n))
        for row in disclosed.itertuples()
    }
    return Shown(counts, profile)


def nothing_of(shown: Shown) -> Shown:
    return Shown(dict.fromkeys(shown.counts, (None, None)), shown.profile)


def whole_of(shown: Shown) -> Whole:
    rows = [
        {"scope": scope, "group": group, "n": n, "events_n": events_n}
        for (scope, group), (n, events_n) in shown.counts.items()
    ]
    return read_whole(rows, PROFILES[shown.profile])


class Reader:
    """Works out the span of any sum of true counts from several releases.

    nested: pairs (smaller, larger) of releases, all of whose people in the one are among the other's.
    """

    def __init__(self, releases: list[Shown], nested: list[tuple[int, int]]):
        self.place = {}
        for number, release in enumerate(releases):
            for cell, outcome in product(release.counts, (EVENTS, OTHERS)):
                self.place[number, cell, outcome] = len(self.place)
        self.rows, self.low, self.high = [], [], []
        for number, release in enumerate(releases):
            self._add_sums(number, release)
            self._add_shown(number, release)
        for (smaller, larger), cell, outcome in product(nested, releases[0].counts, (EVENTS, OTHERS)):
            self._add({(larger, cell, outcome): 1, (smaller, cell, outcome): -1}, 0, np.inf)

    def span(self, terms: dict) -> tuple[float, float]:
        """The least and the most that the sum of `terms` (count to factor) can be."""
        ends = []
        for sign in (1, -1):
            constraints = LinearConstraint(np.array(self.rows), self.low, self.high)
            cost = sign * self._row(terms)
            found = milp(
                cost,
                constraints=constraints,
                integrality=np.ones(len(cost)),
                bounds=Bounds(0, MANY),
                options=NO_SHORTCUTS,
            )
            assert found.status == 0, found.message
            ends.append(sign * round(found.fun))
        return ends[0], ends[1]

    def _row(self, terms: dict) -> np.ndarray:
        row = np.zeros(len(self.place))
        for key, factor in terms.items():
            row[self.place[key]] += factor
        return row

    def _add(self, terms: dict, low: float, high: float) -> None:
        self.rows.append(self._row(terms))
        self.low.append(low)
        self.high.append(high)

    def _add_sums(self, number: int, release: Shown) -> None:
        for scope, outcome in product({scope for scope, _ in release.counts} - {"overall"}, (EVENTS, OTHERS)):
            groups = {(number, cell, outcome): 1 for cell in release.counts if cell[0] == scope}
            self._add(groups | {(number, ("overall", ""), outcome): -1}, 0, 0)

    def _add_shown(self, number: int, release: Shown) -> None:
        away = PROFILES[release.profile].rounding // 2
        for cell, (people, events) in release.counts.items():
            own = {outcome: (number, cell, outcome) for outcome in (EVENTS, OTHERS)}
            if events is not None:
                self._add({own[EVENTS]: 1}, events - away, events + away)
                self._add({own[OTHERS]: 1}, people - events - away, people - events + away)
            elif people is not None:
                self._add({own[EVENTS]: 1, own[OTHERS]: 1}, people - away, people + away)
