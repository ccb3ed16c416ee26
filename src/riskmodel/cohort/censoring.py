"""Cases whose later months are unobserved (death, moving): weights for those still observed, and the event rate.

The rate is told three ways: of the known, of the weighted, and as one of two ends that compete in time.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.ground.statistics import Z_95, risk_at

STRATUM_MIN_N = 20  # with fewer cases a stratum's own curve says nothing; such strata are pooled
WEIGHED_BY = ("outcome", "complete", "fitted", "intake_year", "area", "decided_month", "censored_month")
OVER_TIME = ("ipcw_share", "kaplan_meier_share", "kaplan_meier_low", "kaplan_meier_high", "undecided_share")


def filled_outcome(outcome: pd.Series, complete: pd.Series, *, rule: str) -> pd.Series:
    """`outcome` (Int8, NA: unknown) with the censored among the `complete` counted as `rule` says."""
    assumed = {"non_events": 0, "events": 1}.get(rule)
    return outcome if assumed is None else outcome.mask(outcome.isna() & complete, assumed)


def weights(cases: pd.DataFrame, *, rule: str) -> np.ndarray:
    """The weight of each case, shape (n,); 0 where the follow-up is not complete or the outcome unknown.

    cases: `WEIGHED_BY`, the outcome filled. Under "ipcw" 1/Ĝ by intake year and area, estimated among the fitted and
    among the others apart; else 1.
    """
    known = (cases["complete"] & cases["outcome"].notna()).to_numpy(dtype=bool)
    if rule != "ipcw":
        return known.astype(float)
    found = np.zeros(len(cases))
    followed = cases["complete"].to_numpy(dtype=bool)
    decided = cases["decided_month"].fillna(0).to_numpy(dtype=np.int64)[followed]
    censored = cases["censored_month"].fillna(0).to_numpy(dtype=np.int64)[followed]
    found[followed] = ipc_weights(decided, censored, _strata(cases[followed]))
    return np.where(known, found, 0.0)


def ipc_weights(decided_month: np.ndarray, censored_month: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """1/Ĝ just before the month each outcome was decided, Ĝ by Kaplan–Meier per stratum; 0 for the censored.

    decided_month, censored_month: months observed until the one or the other, 0 when it did not happen; shape (n,).
    The weights of a stratum sum to its number of cases whenever its longest observed case was decided.
    """
    found = np.zeros(len(decided_month))
    for label in np.unique(stratum):
        rows = stratum == label
        uncensored = uncensored_before(decided_month[rows], censored_month[rows])
        found[rows] = np.where(decided_month[rows] > 0, 1.0 / uncensored[decided_month[rows]], 0.0)
    return found


def uncensored_before(decided_month: np.ndarray, censored_month: np.ndarray) -> np.ndarray:
    """Ĝ(t−), t = 0 … last month: the chance of not having been censored before t. Decisions come first in a month."""
    last = int(max(decided_month.max(), censored_month.max()))
    decided_n = np.bincount(decided_month[decided_month > 0], minlength=last + 1)
    censored_n = np.bincount(censored_month[censored_month > 0], minlength=last + 1)
    ended_n = np.cumsum(decided_n) + np.concatenate(([0], np.cumsum(censored_n)[:-1]))
    at_risk_n = len(decided_month) - ended_n
    kept = 1.0 - np.divide(censored_n, at_risk_n, out=np.zeros(last + 1), where=at_risk_n > 0)
    return np.concatenate(([1.0], np.cumprod(kept)[:-1]))


def _strata(cases: pd.DataFrame) -> np.ndarray:
    """A number for each case's intake year and area, those too small pooled; the fitted never mix with the others."""
    fitted, area = cases["fitted"].to_numpy(dtype=bool), pd.factorize(cases["area"])[0]
    year = cases["intake_year"].to_numpy(dtype=np.int64)
    stratum = pd.factorize((year * (area.max(initial=0) + 1) + area) * 2 + fitted)[0]
    return np.where(np.bincount(stratum)[stratum] >= STRATUM_MIN_N, stratum, np.where(fitted, -1, -2))


@dataclass(frozen=True, eq=False)
class Ends:
    """When and how each of n cases ended, and which cluster it belongs to; shape (n,) each.

    month: observed months until the decision or the censoring, 1 … T. decided: False for the censored.
    event: True for the decided who stayed long.
    """

    month: np.ndarray
    decided: np.ndarray
    event: np.ndarray
    cluster: np.ndarray


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of the event at the last month, its standard error, and what is still undecided there."""

    share: float
    se: float
    undecided_share: float


def base_rates(cases: pd.DataFrame) -> dict[str, object]:
    """The event rate of the fitted with complete follow-up, JSON-able; shares 0-1, None where not known.

    cases: CASE_COLUMNS. known_share: among the decided, unweighted, which leans on those who leave early.
    ipcw_share: weighted by intake year and area, whatever the settings' censoring rule. kaplan_meier_share with its
    95 % interval: `incidence`, log-odds ± 1.96 SE. Labelled cases have no months: known_share of their outcomes alone.
    """
    fitted = cases[cases["fitted"] & cases["complete"]]
    has_months = bool(fitted["decided_month"].notna().any())
    # a rule that fills the outcome of the censored leaves their month of decision empty
    known = fitted["decided_month"].notna() if has_months else fitted["outcome"].notna()
    observed = fitted["outcome"].where(known)
    counts = {
        "n": len(fitted),
        "events_n": int(observed.sum()),
        "non_events_n": int(known.sum() - observed.sum()),
        "censored_n": int(len(fitted) - known.sum()),
    }
    known_share = float(observed.mean()) if known.any() else None
    over_time = _over_time(fitted.assign(outcome=observed)) if has_months else dict.fromkeys(OVER_TIME)
    return {**counts, "known_share": known_share, **over_time}


def _over_time(fitted: pd.DataFrame) -> dict[str, float]:
    weight = weights(fitted, rule="ipcw")
    event = (fitted["outcome"] == 1).fillna(False).to_numpy(dtype=bool)
    decided = fitted["decided_month"].notna().to_numpy()
    month = fitted["decided_month"].fillna(fitted["censored_month"]).to_numpy(dtype=np.int64)
    found = incidence(Ends(month, decided, event, fitted["cluster_id"].to_numpy()))
    low, high = interval(found.share, found.se)
    numbers = (weight[event].sum() / weight.sum(), found.share, low, high, found.undecided_share)
    return {name: float(number) for name, number in zip(OVER_TIME, numbers, strict=True)}


def incidence(ends: Ends) -> Incidence:
    """Aalen & Johansen's (1978) cumulative incidence of the event against the other decision, month by month.

    F = Σ S(t−)·d₁(t)/r(t), S the Kaplan–Meier curve of either decision; within a month decisions come before
    censorings. The standard error sums the influence of each cluster (infinitesimal jackknife, Therneau & Grambsch
    2000), so that a couple counts as the one observation it is.
    """
    at_risk, events, decisions = _counts_by_month(ends)
    event_hazard, hazard = events / at_risk, decisions / at_risk
    undecided = np.cumprod(1.0 - hazard)
    before = np.append(1.0, undecided[:-1])
    reached = np.cumsum(before * event_hazard)
    # what one more decision in a month takes from the events still to come
    to_come = np.divide(reached[-1] - reached, 1.0 - hazard, out=np.zeros(len(hazard)), where=hazard < 1)
    expected = np.cumsum((before * event_hazard - to_come * hazard) / at_risk)
    own_month = ends.month - 1
    observed = np.where(ends.event, before[own_month], 0.0) - np.where(ends.decided, to_come[own_month], 0.0)
    influence = observed / at_risk[own_month] - expected[own_month]
    by_cluster = np.bincount(np.unique(ends.cluster, return_inverse=True)[1], influence)
    return Incidence(float(reached[-1]), float(np.sqrt((by_cluster**2).sum())), float(undecided[-1]))


def interval(share: float, se: float) -> tuple[float, float]:
    """The 95 % interval of a share, symmetric in log-odds; the share itself where it is 0 or 1."""
    if not 0 < share < 1:
        return share, share
    centre, width = np.log(share / (1 - share)), Z_95 * se / (share * (1 - share))
    return risk_at(centre - width), risk_at(centre + width)


def _counts_by_month(ends: Ends) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those at risk, the events and all decisions of the months 1 … T, shape (T,) each."""
    months_n = int(ends.month.max())

    def by_month(rows: np.ndarray) -> np.ndarray:
        return np.bincount(ends.month[rows] - 1, minlength=months_n).astype(float)

    ended = by_month(np.ones(len(ends.month), dtype=bool))
    at_risk = ended[::-1].cumsum()[::-1]
    return at_risk, by_month(ends.event), by_month(ends.decided)
