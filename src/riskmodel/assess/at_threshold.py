"""What happens at a threshold, and how predictors compare there and elsewhere, with intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import MEASURE_COLUMNS, NOT_AVAILABLE, OK, TOO_FEW, everyone
from riskmodel.assess.intervals import (
    RISK_COLUMNS,
    Resamples,
    Tally,
    percentiles,
    predictors,
    resampled,
    resampled_group_sums,
    resamples_of,
    scores_of,
    share_interval,
)
from riskmodel.assess.subgroups import Group, Grouping, groups
from riskmodel.ground.settings import AssessSettings, Settings

STEP = 0.01
COMPARISON_COLUMNS = ("comparator", "against", "measure", "gap", "low", "high")
DECISION_COLUMNS = ("threshold", "strategy", "net_benefit", "low", "high")
FLAG_NONE, FLAG_ALL = "none", "all"


def measures_at(
    predictions: pd.DataFrame,
    settings: Settings,
    *,
    threshold_prob: float,
    predictor: str = "points",
    groupings: Sequence[Grouping] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Flagged share, sensitivity, specificity, PPV, NPV and share of the flagged who left within 100 days.

    Overall, and for each group of `groupings`; the frame of `measures`, with intervals of `level`.
    """
    resamples = resamples_of(predictions, settings)
    cluster = resamples.index(predictions["cluster_id"].to_numpy())
    sums = _sums(predictions, threshold_prob, predictor)
    found = [everyone(predictions), *groups(predictions, groupings)]
    repeated_sums = resampled_group_sums(sums, [group.rows for group in found], cluster, resamples)
    rows = []
    for group, own in zip(found, repeated_sums, strict=True):
        shares = _parts(sums[group.rows].sum(axis=0))
        repeated = rates(own)
        for measure, (part, whole) in shares.items():
            numbers = share_interval(float(part), float(whole), repeated[measure], level=level)
            rows.append(_row(group, predictor, measure, numbers, enough=group.enough(settings.assess.group_min)))
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))


def rates(sums: np.ndarray) -> dict[str, np.ndarray]:
    """The rates of a two-by-two table from sums of weights, shape (..., 6); NaN where nobody is behind one.

    In order: flagged events, flagged non-events, events and non-events not flagged, and the flagged of whom it is
    known whether they left within 100 days: those who did, all.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return {measure: part / whole for measure, (part, whole) in _parts(sums).items()}


def _parts(sums: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """What each rate is a part of what, from the sums of `rates`."""
    hits, needless, missed, spared, left_early, followed = np.moveaxis(np.asarray(sums, dtype=float), -1, 0)
    flagged, others = hits + needless, missed + spared
    return {
        "flagged_share": (flagged, flagged + others),
        "sensitivity": (hits, hits + missed),
        "specificity": (spared, spared + needless),
        "ppv": (hits, flagged),
        "npv": (spared, others),
        "left_early_share": (left_early, followed),
    }


def _sums(predictions: pd.DataFrame, threshold_prob: float, predictor: str) -> np.ndarray:
    weight, event = predictions["weight"].to_numpy(dtype=float), predictions["outcome"].to_numpy(dtype=bool)
    flag = predictions[RISK_COLUMNS[predictor]].to_numpy(dtype=float) >= threshold_prob
    left = predictions["left_within_100_days"].to_numpy(dtype=float, na_value=np.nan)
    cells = (flag & event, flag & ~event, ~flag & event, ~flag & ~event, flag & (left == 1), flag & np.isfinite(left))
    return np.stack(cells, axis=1) * weight[:, None]


def _row(group: Group, predictor: str, measure: str, numbers: tuple[float, ...], *, enough: bool) -> tuple[object, ...]:
    status = TOO_FEW if not enough else OK if np.isfinite(numbers[0]) else NOT_AVAILABLE
    shown = numbers if status == OK else (np.nan,) * 3
    return (group.grouping.column, group.name, predictor, measure, *shown, group.n, group.events_n, status)


def thresholds(settings: AssessSettings) -> np.ndarray:
    """The pre-set range of risk thresholds, one a hundredth."""
    steps = round((settings.net_benefit_highest - settings.net_benefit_lowest) / STEP)
    return np.round(settings.net_benefit_lowest + STEP * np.arange(steps + 1), 10)


def net_benefit(tallied: Tally, threshold_prob: np.ndarray) -> np.ndarray:
    """True positives less weighted false positives per person when everyone at or above the threshold is flagged.

    threshold_prob: in (0, 1), shape (t,). Returns shape (..., t).
    """
    first = np.searchsorted(tallied.prob, threshold_prob, side="left")
    found = _from(tallied.events, first)
    needless = _from(tallied.non_events, first)
    total = tallied.people.sum(axis=-1)[..., None]
    return (found - needless * threshold_prob / (1 - threshold_prob)) / total


def net_benefit_of_all(tallied: Tally, threshold_prob: np.ndarray) -> np.ndarray:
    """Net benefit of flagging everybody, shape (..., t): φ - (1 - φ) t / (1 - t)."""
    rate = (tallied.events.sum(axis=-1) / tallied.people.sum(axis=-1))[..., None]
    return rate - (1 - rate) * threshold_prob / (1 - threshold_prob)


def _from(amounts: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Sums of `amounts` from each place in `first` to the end."""
    total = np.cumsum(amounts, axis=-1)
    before = np.concatenate([np.zeros((*np.shape(amounts)[:-1], 1)), total], axis=-1)
    return before[..., -1:] - before[..., first]


def auc_gap(predictions: pd.DataFrame, first: str, second: str, *, resamples: Resamples) -> dict[str, float]:
    """AUC of `first` minus AUC of `second` with its paired interval: estimate, low, high, and both AUCs.

    Only people with both risks are used.
    """
    rows = predictions[[RISK_COLUMNS[first], RISK_COLUMNS[second]]].notna().all(axis=1).to_numpy()
    both = [scores_of(predictions, predictor, resamples, rows=rows) for predictor in (first, second)]
    estimates = [float(auc(prepared.tally())) for prepared in both]
    repeated = [resampled(prepared, resamples, lambda tallied: {"auc": auc(tallied)})["auc"] for prepared in both]
    low, high = percentiles(repeated[0] - repeated[1])
    gap = estimates[0] - estimates[1]
    return {"estimate": gap, "low": float(low), "high": float(high), "first": estimates[0], "second": estimates[1]}


def gap_to_best(
    predictions: pd.DataFrame, resamples: Resamples, *, predictor: str = "equation"
) -> dict[str, float] | None:
    """How far the AUC of `predictor` is from the best possible given the answers, where the made truth is known.

    share_of_gain: of what the best gains over .5, the share that `predictor` gains. None without a truth.
    """
    if "best" not in predictors(predictions):
        return None
    gap = auc_gap(predictions, "best", predictor, resamples=resamples)
    share = (gap["second"] - 0.5) / (gap["first"] - 0.5)
    return {"estimate": gap["estimate"], "low": gap["low"], "high": gap["high"], "share_of_gain": share}


def comparisons(predictions: pd.DataFrame, resamples: Resamples) -> pd.DataFrame:
    """Paired gaps in AUC: every comparator minus the points."""
    rows = []
    for comparator in predictors(predictions):
        if comparator != "points":
            gap = auc_gap(predictions, comparator, "points", resamples=resamples)
            rows.append((comparator, "points", "auc", gap["estimate"], gap["low"], gap["high"]))
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


def decision_curve(predictions: pd.DataFrame, settings: Settings, *, resamples: Resamples) -> pd.DataFrame:
    """Net benefit of each predictor, of flagging all and of flagging nobody, over the pre-set range of thresholds."""
    range_prob = thresholds(settings.assess)
    curves = [
        _strategy(name, estimate, repeated, range_prob)
        for name, (estimate, repeated) in _net_benefits(predictions, range_prob, resamples).items()
    ]
    return pd.concat(curves, ignore_index=True)


def net_benefit_gains(
    predictions: pd.DataFrame, settings: Settings, *, threshold_prob: float, predictor: str = "points"
) -> pd.DataFrame:
    """Net benefit of `predictor` minus that of each other strategy at one threshold, with paired intervals.

    Columns: strategy (what `predictor` is held against), gain, low, high.
    """
    found = _net_benefits(predictions, np.array([threshold_prob]), resamples_of(predictions, settings))
    estimate, repeated = found.pop(predictor)
    rows = []
    for strategy, (other, other_repeated) in found.items():
        low, high = percentiles(repeated[:, 0] - other_repeated[:, 0])
        rows.append((strategy, float(estimate[0] - other[0]), float(low), float(high)))
    return pd.DataFrame(rows, columns=["strategy", "gain", "low", "high"])


def _net_benefits(
    predictions: pd.DataFrame, range_prob: np.ndarray, resamples: Resamples
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each strategy its net benefit, shape (t,), and that of each resample, shape (b, t)."""

    def benefits(tallied: Tally) -> dict[str, np.ndarray]:
        return {"model": net_benefit(tallied, range_prob), FLAG_ALL: net_benefit_of_all(tallied, range_prob)}

    found = {FLAG_NONE: (np.zeros(len(range_prob)), np.zeros((len(resamples.counts), len(range_prob))))}
    for predictor in predictors(predictions):
        prepared = scores_of(predictions, predictor, resamples)
        estimates, repeated = benefits(prepared.tally()), resampled(prepared, resamples, benefits)
        found[predictor] = (estimates["model"], repeated["model"])
        if predictor == "points":
            found[FLAG_ALL] = (estimates[FLAG_ALL], repeated[FLAG_ALL])
    return found


def _strategy(name: str, estimate: np.ndarray, repeated: np.ndarray, range_prob: np.ndarray) -> pd.DataFrame:
    low, high = percentiles(repeated)
    columns = zip(DECISION_COLUMNS, (range_prob, name, estimate, low, high), strict=True)
    return pd.DataFrame(dict(columns))
