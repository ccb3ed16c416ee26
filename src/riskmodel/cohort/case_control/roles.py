"""Who is a case, who a control, and who neither, in a design whose events answered in the survey."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.cohort.case_control.weights import listed_by_month
from riskmodel.ground.statistics import Z_95

LEAST_LISTED_SHARE = 0.2  # of a month's events; in months with fewer the listed can't stand for the others
UNLIKE_TOLERANCE = 0.05  # between the event rates of new cases with and without intake answers, sampling error apart


@dataclass(frozen=True)
class Unlinked:
    """Event rates (0-1, None without cases) of new cases with and without intake answers, and whether these are used.

    They are unless the rates are shown to lie more than UNLIKE_TOLERANCE apart: then they are another kind of case.
    """

    linked_n: int
    linked_share: float | None
    unlinked_n: int
    unlinked_share: float | None
    used: bool


@dataclass(frozen=True, eq=False)
class Roles:
    """Masks of shape (n,) over the inflow's cases.

    counted: outcome known, no joiner: everybody in one of those that follow or left out in one of the steps. inflow:
    linked, of age, no route, in a month that is kept. events: all events that the listed among them stand for.
    listed: of these, in a survey. months: one row per intake month with events, as `listed_by_month`, and left_out.
    """

    counted: np.ndarray
    kept_month: np.ndarray
    inflow: np.ndarray
    events: np.ndarray
    listed: np.ndarray
    months: pd.DataFrame
    unlinked: Unlinked

    @property
    def left_out_months(self) -> pd.DataFrame:
        """The rows of `months` that are left out."""
        return self.months[self.months["left_out"]]


def roles(cases: pd.DataFrame, is_listed: np.ndarray) -> Roles:
    """The roles of `cases` (CASE_COLUMNS, of the whole inflow); is_listed: in a survey, shape (n,)."""
    known, joined, linked, fitted = (_mask(cases, name) for name in ("complete", "joined", "linked", "fitted"))
    outcome = cases["outcome"].to_numpy(dtype=float, na_value=np.nan)
    counted = known & (cases["weight"] > 0).to_numpy() & ~joined
    unlinked = _unlinked(outcome, cases["weight"].to_numpy(), counted & linked, counted & ~linked)
    events = counted & (outcome == 1) & (fitted | (~linked & unlinked.used))
    month = cases["intake_month"].to_numpy(dtype=np.int64)
    months = listed_by_month(month[events], is_listed[events])
    months = months.assign(left_out=months["share"] < LEAST_LISTED_SHARE)
    kept = ~np.isin(month, months.loc[months["left_out"], "month"])
    return Roles(
        counted=counted,
        kept_month=kept,
        inflow=counted & fitted & kept,
        events=events & kept,
        listed=events & kept & is_listed,
        months=months,
        unlinked=unlinked,
    )


def _unlinked(outcome: np.ndarray, weight: np.ndarray, linked: np.ndarray, unlinked: np.ndarray) -> Unlinked:
    if not (linked.any() and unlinked.any()):
        return Unlinked(int(linked.sum()), None, int(unlinked.sum()), None, used=False)
    shares = [float(weight[rows] @ outcome[rows] / weight[rows].sum()) for rows in (linked, unlinked)]
    variances = [share * (1 - share) / rows.sum() for share, rows in zip(shares, (linked, unlinked), strict=True)]
    surely_apart = abs(shares[1] - shares[0]) - Z_95 * float(np.sqrt(sum(variances)))
    used = surely_apart <= UNLIKE_TOLERANCE
    return Unlinked(int(linked.sum()), shares[0], int(unlinked.sum()), shares[1], used)


def _mask(cases: pd.DataFrame, name: str) -> np.ndarray:
    return cases[name].to_numpy(dtype=bool)
