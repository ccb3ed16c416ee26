"""Cases whose later months are unobserved (death, moving): weights that let those still observed stand for them."""

import numpy as np
import pandas as pd

STRATUM_MIN_N = 20  # with fewer cases a stratum's own curve says nothing; such strata are pooled


def filled_outcome(outcome: pd.Series, complete: pd.Series, *, rule: str) -> pd.Series:
    """`outcome` (Int8, NA: unknown) with the censored among the `complete` counted as `rule` says."""
    assumed = {"non_events": 0, "events": 1}.get(rule)
    return outcome if assumed is None else outcome.mask(outcome.isna() & complete, assumed)


def weights(cases: pd.DataFrame, *, rule: str) -> np.ndarray:
    """The weight of each case, shape (n,); 0 where the follow-up is not complete or the outcome unknown.

    cases: outcome (filled), complete, fitted, intake_year, area, decided_month, censored_month. Under "ipcw"
    1/Ĝ by intake year and area, estimated among the fitted and among the others apart; else 1.
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
    """Intake year and area of each case, those too small pooled; the fitted never mix with the others."""
    fitted = cases["fitted"].map({True: "fitted", False: "left out"})
    stratum = fitted + " " + cases["intake_year"].astype(str) + " " + cases["area"]
    size = stratum.groupby(stratum).transform("size")
    return stratum.where(size >= STRATUM_MIN_N, fitted).to_numpy(dtype=object)
