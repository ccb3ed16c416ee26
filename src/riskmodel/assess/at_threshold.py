"""What happens when everyone at or above a risk is flagged: shares, hits and misses, with intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import resampled_group_sums, share_interval
from riskmodel.assess.measures import MEASURE_COLUMNS, NOT_AVAILABLE, OK, TOO_FEW, everyone
from riskmodel.assess.predictors import RISK_COLUMNS, resamples_of
from riskmodel.assess.subgroups import Group, Grouping, groups
from riskmodel.assess.tally import Tally
from riskmodel.ground.settings import AssessSettings, Settings

STEP = 0.01


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
