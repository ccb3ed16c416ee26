"""What happens at a threshold, and how predictors compare there and elsewhere, with intervals."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import MEASURE_COLUMNS, measure_row
from riskmodel.assess.intervals import (
    RISK_COLUMNS,
    STRATUM,
    Resamples,
    Tally,
    percentiles,
    predictors,
    resampled,
    resampled_group_sums,
    resamples_of,
    scores_of,
)
from riskmodel.assess.pooling import FEWEST, YEAR_MIN, added_variance
from riskmodel.assess.subgroups import Grouping, everyone, groups
from riskmodel.ground.choices import AssessSettings
from riskmodel.ground.settings import Settings
from riskmodel.release.record import OVERALL

STEP = 0.01
COMPARISON_COLUMNS = ("comparator", "against", "measure", "gap", "low", "high")
DECISION_COLUMNS = ("threshold", "strategy", "net_benefit", "low", "high")
FLAG_NONE, FLAG_ALL = "none", "all"


def measures_at(
    predictions: pd.DataFrame,
    settings: Settings,
    *,
    threshold_prob: float,
    groupings: Sequence[Grouping] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Flagged share, sensitivity, specificity, PPV, NPV and share of the flagged who left within 100 days.

    Overall, and for each group of `groupings`; the frame of `measures`, with intervals of `level`. Those of everybody
    are wider by what years differ.
    """
    sums = _sums(predictions, threshold_prob)
    found = [everyone(predictions), *groups(predictions, groupings)]
    resamples = resamples_of(predictions, settings)
    cluster = resamples.index(predictions["cluster_id"].to_numpy())
    repeated_sums = resampled_group_sums(sums, [group.rows for group in found], cluster, resamples)
    added = _between_years(predictions, sums, cluster, resamples)
    rows = []
    for group, own in zip(found, repeated_sums, strict=True):
        shares = _parts(sums[group.rows].sum(axis=0))
        repeated, enough = rates(own), group.enough(settings.assess.group_min)
        for measure, (part, whole) in shares.items():
            variance = float(np.var(repeated[measure])) + (added[measure] if group.grouping.column == OVERALL else 0.0)
            numbers = share_interval(float(part), float(whole), variance, level=level) if enough else None
            rows.append(measure_row(group, "points", measure, numbers))
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))


def _between_years(
    predictions: pd.DataFrame, sums: np.ndarray, cluster: np.ndarray, resamples: Resamples
) -> dict[str, float]:
    """What years differ by beyond chance in each rate of everybody, as variance."""
    year, event = predictions.get(STRATUM, pd.Series(dtype=int)), predictions["outcome"]
    found = [(year == one).to_numpy() for one in sorted(set(year))]
    found = [rows for rows in found if min(event[rows].sum(), (1 - event[rows]).sum()) >= YEAR_MIN]
    if len(found) < FEWEST:
        return dict.fromkeys(_parts(np.zeros(6)), 0.0)
    estimates = rates(np.stack([sums[rows].sum(axis=0) for rows in found]))
    repeated = rates(resampled_group_sums(sums, found, cluster, resamples))
    return {measure: added_variance(values, np.var(repeated[measure], axis=1)) for measure, values in estimates.items()}


def share_interval(part: float, whole: float, variance: float, *, level: float = 0.95) -> tuple[float, float, float]:
    """A share and the ends of Wilson's interval (1927) for as many people as would give it its `variance`.

    part, whole: sums of weights. Where everybody or nobody is in the part, resamples do not spread, and the people are
    those of the whole. NaN for a share of nothing.
    """
    if whole == 0:
        return np.nan, np.nan, np.nan
    share = part / whole
    people = share * (1 - share) / variance if 0 < share < 1 and variance > 0 else whole
    z = NormalDist().inv_cdf((1 + level) / 2)
    added = z**2 / people
    centre, half = share + added / 2, np.sqrt(added * (share * (1 - share) + added / 4))
    return share, float(max(0.0, centre - half) / (1 + added)), float(min(1 + added, centre + half) / (1 + added))


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


def _sums(predictions: pd.DataFrame, threshold_prob: float) -> np.ndarray:
    weight, event = predictions["weight"].to_numpy(dtype=float), predictions["outcome"].to_numpy(dtype=bool)
    flag = predictions["points_prob"].to_numpy(dtype=float) >= threshold_prob
    left = predictions["left_within_100_days"].to_numpy(dtype=float, na_value=np.nan)
    cells = (flag & event, flag & ~event, ~flag & event, ~flag & ~event, flag & (left == 1), flag & np.isfinite(left))
    return np.stack(cells, axis=1) * weight[:, None]


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
    estimates, repeated = _both_aucs(predictions, first, second, resamples)
    low, high = percentiles(repeated[0] - repeated[1])
    gap = estimates[0] - estimates[1]
    return {"estimate": gap, "low": float(low), "high": float(high), "first": estimates[0], "second": estimates[1]}


def _both_aucs(
    predictions: pd.DataFrame, first: str, second: str, resamples: Resamples
) -> tuple[list[float], list[np.ndarray]]:
    """The AUC of both predictors among the people with both risks, and those of every resample."""
    rows = predictions[[RISK_COLUMNS[first], RISK_COLUMNS[second]]].notna().all(axis=1).to_numpy()
    both = [scores_of(predictions, predictor, resamples, rows=rows) for predictor in (first, second)]
    repeated = [resampled(prepared, resamples, lambda tallied: {"auc": auc(tallied)})["auc"] for prepared in both]
    return [float(auc(prepared.tally())) for prepared in both], repeated


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


def history_share(predictions: pd.DataFrame, resamples: Resamples) -> dict[str, float] | None:
    """Of what the points' AUC gains over .5, the share that is lost without the months so far: estimate, low, high.

    with_auc, without_auc: of the points, and of those that the whole procedure makes without the item. The interval is
    paired, on the same resamples. None where no such points were made.
    """
    if "no_history" not in predictors(predictions):
        return None
    estimates, repeated = _both_aucs(predictions, "points", "no_history", resamples)
    low, high = percentiles(_share(*repeated))
    return {
        "estimate": float(_share(*map(np.asarray, estimates))),
        "low": float(low),
        "high": float(high),
        "with_auc": estimates[0],
        "without_auc": estimates[1],
    }


def _share(with_auc: np.ndarray, without_auc: np.ndarray) -> np.ndarray:
    return (with_auc - without_auc) / (with_auc - 0.5)


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


def net_benefit_gains(predictions: pd.DataFrame, settings: Settings, *, threshold_prob: float) -> pd.DataFrame:
    """Net benefit of the points minus that of each other strategy at one threshold, with paired intervals.

    Columns: strategy (what the points are held against), gain, low, high.
    """
    found = _net_benefits(predictions, np.array([threshold_prob]), resamples_of(predictions, settings))
    estimate, repeated = found.pop("points")
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
