"""How much each person's risk and flag depend on which sample the model was made from (Riley & Collins 2023)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import percentiles
from riskmodel.assess.repeated.repetition import Repetition
from riskmodel.model.sample import Sample

UNSTEADY_ABOVE = 0.10  # of the models put a person on the other side of the threshold


def people_frame(published: Repetition, repeated: Sequence[Repetition], sample: Sample) -> pd.DataFrame:
    """A row a case, in the order of the rows `sample` was made from.

    flagged_models_share: of the models, each by its own points and threshold. prob: published risk by points.
    mean_abs_change: of the risk, between a model and the published one. low_prob, high_prob: the middle 95 % of models.
    """
    probs = np.array([one.prob for one in repeated], dtype=np.float32).reshape(-1, len(published.prob))
    low, high = percentiles(probs) if len(probs) else (np.full(len(published.prob), np.nan),) * 2
    columns = {
        "flagged_models_share": _mean([one.flags for one in repeated], len(low)),
        "prob": published.prob,
        "mean_abs_change": _mean([np.abs(one.prob - published.prob) for one in repeated], len(low)),
        "low_prob": low.astype(float),
        "high_prob": high.astype(float),
    }
    return pd.DataFrame({"case_id": sample.order, **columns}).sort_values("case_id", ignore_index=True)


def _mean(values: Sequence[np.ndarray], size: int) -> np.ndarray:
    return sum(values, start=np.zeros(size)) / len(values) if values else np.full(size, np.nan)


def models_frame(published: Repetition, found: Sequence[Repetition | None], sample: Sample) -> pd.DataFrame:
    """A row a resample, NaN where the procedure could not be carried out.

    flag_points, threshold_prob: NaN without threshold. changed_share: of people, those whose flag is not the published.
    """
    rows = [_model_row(published, one, sample.weight) for one in found]
    names = ("penalty", "shrinkage", "columns_n", "merged_n", "flag_points", "threshold_prob", "changed_share")
    return pd.DataFrame(rows, columns=list(names), dtype=float)


def _model_row(published: Repetition, one: Repetition | None, weight: np.ndarray) -> tuple[float, ...]:
    if one is None:
        return (np.nan,) * 7
    threshold = one.threshold
    return (
        one.penalty,
        one.shrinkage,
        one.columns_n,
        one.merged_n,
        threshold.points if threshold else np.nan,
        threshold.prob if threshold else np.nan,
        float(weight @ (one.flags != published.flags) / weight.sum()),
    )


def unsteady(people: pd.DataFrame, models: pd.DataFrame, published: Repetition, sample: Sample) -> dict[str, float]:
    """Weighted means over `people` and the mean over `models`.

    mean_width: of the middle 95 % of a risk. unsteady_share: people on the other side in more than `UNSTEADY_ABOVE`.
    """
    given = np.argsort(sample.order)
    share, flagged = sample.weight[given] / sample.weight.sum(), published.flags[given]
    models_share = people["flagged_models_share"].to_numpy()
    return {
        "flagged_share": float(share @ flagged),
        "changed_share": float(models["changed_share"].mean()),
        "unsteady_share": float(share @ (np.where(flagged, 1 - models_share, models_share) > UNSTEADY_ABOVE)),
        "mean_abs_change": float(share @ people["mean_abs_change"]),
        "mean_width": float(share @ (people["high_prob"] - people["low_prob"])),
    }
