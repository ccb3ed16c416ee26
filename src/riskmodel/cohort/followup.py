"""Each case's months after intake: what was observed, what became of it, and when that was known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.cohort.calendar import DECEMBER
from riskmodel.cohort.cases import RegisterHistory, longest_follow_up_n, received_by_month
from riskmodel.cohort.outcome import LEFT_MONTHS, UNDECIDED, Outcome, followed_months_n, left_within_100_days, outcomes
from riskmodel.ground.settings import CohortSettings

ALWAYS_OBSERVED = 10_000  # months; no absence after the intake
FIRST_YEAR_N = 12


@dataclass(frozen=True)
class FollowUp:
    """The months of n cases, in their order.

    received: (n, months) bool, month 0 first. observed_n: months before the first absence. last_month: the youngest
    register month that can be relied on. outcomes: each definition by name. chosen: the settings' own.
    """

    received: np.ndarray
    observed_n: np.ndarray
    intake_month: np.ndarray
    last_month: int
    outcomes: dict[str, Outcome]
    chosen: Outcome

    def complete(self, months_n: np.ndarray | int) -> np.ndarray:
        """Whether the register covers `months_n` months from the intake month on, shape (n,), bool."""
        return self.intake_month + months_n - 1 <= self.last_month


def follow_up(cases: pd.DataFrame, history: RegisterHistory, settings: CohortSettings) -> FollowUp:
    """The follow-up of `cases` (person_id, intake_month, strip)."""
    received = received_by_month(cases["strip"], months_n=longest_follow_up_n(settings))
    intake_month = cases["intake_month"].to_numpy(dtype=np.int64)
    observed_n = _observed_n(cases, history.absences)
    found = outcomes(received, observed_n, intake_month, settings)
    last_month = history.last_month - settings.reporting_lag_months
    return FollowUp(received, observed_n, intake_month, last_month, found, found[settings.outcome])


def followed_columns(
    cases: pd.DataFrame, follow: FollowUp, exits: pd.DataFrame, *, lag: int
) -> dict[str, pd.Series | np.ndarray]:
    """The columns of a case that its follow-up decides; `outcome` as observed, before any censoring rule."""
    chosen = follow.chosen
    complete = follow.complete(chosen.followed_n)
    decided = complete & (chosen.value != UNDECIDED)
    left = left_within_100_days(follow.received, follow.observed_n)
    first_year = follow.received[:, :FIRST_YEAR_N] & (np.arange(FIRST_YEAR_N) < follow.observed_n[:, None])
    return {
        "complete": complete,
        "outcome": _whole(chosen.value, decided),
        **{
            name: _whole(one.value, follow.complete(one.followed_n) & (one.value != UNDECIDED))
            for name, one in follow.outcomes.items()
        },
        "receipt_months": _whole(first_year.sum(axis=1), follow.complete(FIRST_YEAR_N)),
        "decided_month": _whole(chosen.decided_month, decided),
        "censored_month": _whole(follow.observed_n, complete & ~decided),
        "exit": _exits(cases, follow, exits),
        "known_month": follow.intake_month + chosen.followed_n - 1 + lag,
        "left_within_100_days": _whole(left, follow.complete(LEFT_MONTHS.stop) & (left != UNDECIDED)),
    }


def latest_complete_year(history: RegisterHistory, settings: CohortSettings) -> int | None:
    """The last calendar year whose December intakes are followed up to the end; None when there is none."""
    years = np.arange(history.first_month // 12, history.last_month // 12 + 1)
    december = years * 12 + DECEMBER
    known_month = december + followed_months_n(settings.outcome, december, settings) - 1 + settings.reporting_lag_months
    complete = years[known_month <= history.last_month]
    return int(complete.max()) if len(complete) else None


def _observed_n(cases: pd.DataFrame, absences: pd.DataFrame) -> np.ndarray:
    """Months from the intake month to the first absence that begins after it."""
    pairs = cases[["person_id", "intake_month"]].assign(case=np.arange(len(cases))).merge(absences, on="person_id")
    months = (pairs["first_month"] - pairs["intake_month"])[pairs["first_month"] > pairs["intake_month"]]
    nearest = months.groupby(pairs["case"]).min()
    return nearest.reindex(np.arange(len(cases)), fill_value=ALWAYS_OBSERVED).to_numpy(dtype=np.int64)


def _exits(cases: pd.DataFrame, follow: FollowUp, exits: pd.DataFrame) -> np.ndarray:
    """The last exit reason registered in the observed months of the follow-up, "" when there is none."""
    observed_n = np.minimum(follow.observed_n, follow.chosen.followed_n)
    keys = cases[["person_id", "intake_month"]].assign(case=np.arange(len(cases)), observed_n=observed_n)
    pairs = keys.merge(exits, on="person_id")
    months_after = pairs["month"] - pairs["intake_month"]
    inside = pairs[(months_after >= 0) & (months_after < pairs["observed_n"])]
    last = inside.sort_values("month").drop_duplicates("case", keep="last").set_index("case")["exit"]
    return last.reindex(np.arange(len(cases)), fill_value="").to_numpy()


def _whole(values: np.ndarray, known: np.ndarray) -> pd.Series:
    """Whole numbers, NA where not known."""
    return pd.Series(values).astype("Int16").where(pd.Series(known))
