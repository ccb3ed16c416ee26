"""Harrell's optimism bootstrap of the whole procedure, with intervals, and how steady its flags are.

The procedure is repeated on resamples of whole clusters. How much better each model does on its own resample than on
the original cases is what the published model is flattered by on the cases it was made from.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, parallel_config

from riskmodel.assess.evaluation import NOT_AVAILABLE, OK
from riskmodel.assess.intervals import percentiles
from riskmodel.assess.policy import UNSTABLE_ABOVE
from riskmodel.assess.repeated.repetition import Indexes, Material, Repetition, left_early, look_at, repetition
from riskmodel.ground.private import that_end_with_us
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import with_pairs
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model.fit import Learnt, learn, learnt_again
from riskmodel.model.penalty import nearest_place
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import Sample, sample_of
from riskmodel.release.record import EXPLAINED

INDEX_COLUMNS = ("predictor", "measure", "apparent", "optimism", "corrected", "low", "high", "status")
FEW_RESAMPLES = "few_resamples"
ENOUGH = 0.95  # of the resamples must have the index, or what is left of them is a choice
EXPLAINED_ROW = ("equation", EXPLAINED)
WITHOUT_INTERVAL = ("ici",)  # corrected too far where it is small: the truth then lies above the interval, if outside
RANGES = {
    **dict.fromkeys(("auc", "flagged_share", "sensitivity", "specificity", "ppv", "npv"), (0.0, 1.0)),
    **dict.fromkeys(("oe", "brier", "ici", EXPLAINED), (0.0, np.inf)),
}
BLOCK = 10  # resamples a worker does before it reports
WORTH_PROCESSES = 1_000_000  # cases times resamples; for fewer, starting processes costs more than it saves


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

    mean_width: of the middle 95 % of a risk. unsteady_share: people on the other side in more than `UNSTABLE_ABOVE`.
    """
    given = np.argsort(sample.order)
    share, flagged = sample.weight[given] / sample.weight.sum(), published.flags[given]
    models_share = people["flagged_models_share"].to_numpy()
    return {
        "flagged_share": float(share @ flagged),
        "changed_share": float(models["changed_share"].mean()),
        "unsteady_share": float(share @ (np.where(flagged, 1 - models_share, models_share) > UNSTABLE_ABOVE)),
        "mean_abs_change": float(share @ people["mean_abs_change"]),
        "mean_width": float(share @ (people["high_prob"] - people["low_prob"])),
    }


def corrected_indexes(published: Indexes, repeated: Sequence[Indexes], *, repeats: int) -> pd.DataFrame:
    """A row an index: apparent − mean(on the resample − on the original cases), Harrell's correction (Efron 1983).

    published: on the original cases, last. repeated: on the resample and on the original cases. repeats: resamples
    asked for; those without a value are left out, and when they are many there is no number (`FEW_RESAMPLES`).
    """
    rows = []
    for (predictor, measure), values in published.items():
        pairs = np.array([one[predictor, measure] for one in repeated if (predictor, measure) in one]).reshape(-1, 2)
        gaps = (pairs[:, 0] - pairs[:, 1])[np.isfinite(pairs).all(axis=1)]
        apparent = float(values[-1])
        numbers, status = _row(apparent, gaps, RANGES.get(measure, (-np.inf, np.inf)), enough=ENOUGH * repeats)
        if measure in WITHOUT_INTERVAL:
            numbers = (*numbers[:2], np.nan, np.nan)
        rows.append((predictor, measure, apparent, *numbers, status))
    return pd.DataFrame(rows, columns=list(INDEX_COLUMNS))


def _row(
    apparent: float, gaps: np.ndarray, limits: tuple[float, float], *, enough: float
) -> tuple[tuple[float, ...], str]:
    """Optimism, corrected, low, high; and whether they can be told.

    The gap between resample and original cases is to a repetition what the gap between original cases and population is
    to the published model. So its spread gives the interval of that model's index in the population: a basic interval.
    """
    if not np.isfinite(apparent):
        return (np.nan,) * 4, NOT_AVAILABLE
    if len(gaps) < max(enough, 2):
        return (np.nan,) * 4, FEW_RESAMPLES
    low, high = percentiles(gaps)
    found = np.clip([apparent - gaps.mean(), apparent - high, apparent - low], *limits)
    return (float(gaps.mean()), *map(float, found)), OK


def asked_share(repeated: Sequence[Repetition], items: Sequence[Item]) -> dict[str, float]:
    """In what share of the repetitions each item gives points."""
    return {item.id: sum(item.id in one.asked for one in repeated) / max(len(repeated), 1) for item in items}


@dataclass(frozen=True, eq=False)
class Resampled:
    """What the repetitions say of the published model.

    indexes: a row a predictor ("points", "equation") and measure: apparent, optimism, corrected, low, high, status.
    people: a row a case: case_id, flagged_models_share, prob, mean_abs_change, low_prob, high_prob.
    models: a row a resample: penalty, shrinkage, columns_n, merged_n, flag_points, threshold_prob, changed_share.
    """

    indexes: pd.DataFrame
    people: pd.DataFrame
    models: pd.DataFrame
    summary: dict[str, Any]


def resample_procedure(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    model: FittedModel,
    instrument: Instrument,
    settings: Settings,
    *,
    measured: np.ndarray,
    progress: Callable[[int], None] | None = None,
) -> Resampled:
    """Repeat the procedure that made `model` from `cases` and their `answers` in `settings.assess.optimism` resamples.

    measured: which cases accuracy is measured on, bool (n,); all are fitted. progress: is told how many are done.
    """
    landmark, pairs = settings.cohort.landmark, settings.model.pairs
    sample = sample_of(cases, answers, instrument, landmark=landmark, pairs=pairs)
    learnt = learnt_again(model, sample, settings)
    early, seen = left_early(cases)[sample.order], np.asarray(measured)[sample.order]
    items = with_pairs(instrument.predictors(landmark), pairs)
    found = resample(sample, items, settings, learnt=learnt, left_early=early, measured=seen, progress=progress)
    return replace(found, people=found.people.assign(case_id=cases["case_id"].to_numpy()))


def resample(
    sample: Sample,
    items: Sequence[Item],
    settings: Settings,
    *,
    learnt: Learnt | None = None,
    left_early: np.ndarray | None = None,
    measured: np.ndarray | None = None,
    progress: Callable[[int], None] | None = None,
) -> Resampled:
    """The same from a sample that no register stands behind; the published procedure is `learnt`, or learnt here.

    left_early, measured: in the order of `sample`; not known of anybody, and everybody, when None. The people's case_id
    is then the row that `sample` was made from, and they stand in the order of these rows.
    """
    learnt = learnt or learn(sample, items, settings)
    everybody = np.ones(len(sample.outcome), dtype=bool)
    material = Material(
        sample=sample,
        items=items,
        settings=settings,
        left_early=np.full(len(sample.outcome), np.nan) if left_early is None else left_early,
        measured=everybody if measured is None else measured,
        near=nearest_place(2 * learnt.fit.choice.penalty, settings.model),
    )
    published = look_at(learnt, sample, everybody.astype(np.int64), material)
    found = _repetitions(material, progress or _nobody)
    return _gathered(published, found, material)


def _nobody(done_n: int) -> None:
    """Tells nobody."""


def _repetitions(material: Material, progress: Callable[[int], None]) -> list[Repetition | None]:
    repeats, settings = material.settings.assess.optimism, material.settings
    firsts = range(0, repeats, BLOCK)
    large = repeats * len(material.sample.outcome) >= WORTH_PROCESSES
    workers = max(1, min(settings.run.workers, len(firsts))) if large else 1
    found: list[Repetition | None] = [None] * repeats
    done = 0
    # arrays go through a pipe, never through a file: no copy of a person's answers is left behind
    with parallel_config(backend="loky", inner_max_num_threads=1, **that_end_with_us()):
        jobs = Parallel(n_jobs=workers, return_as="generator_unordered", max_nbytes=None)
        blocks: Iterator[tuple[int, list[Repetition | None]]] = jobs(
            delayed(_block)(material, first, min(first + BLOCK, repeats)) for first in firsts
        )
        for first, block in blocks:
            found[first : first + len(block)] = block
            done += len(block)
            progress(done)
    return found


def _block(material: Material, first: int, end: int) -> tuple[int, list[Repetition | None]]:
    return first, [repetition(material, place) for place in range(first, end)]


def _gathered(published: Repetition, found: Sequence[Repetition | None], material: Material) -> Resampled:
    usable = [one for one in found if one is not None]
    indexes = corrected_indexes(published.indexes, [one.indexes for one in usable], repeats=len(found))
    people, models = people_frame(published, usable, material.sample), models_frame(published, found, material.sample)
    explained = indexes[(indexes["predictor"] == EXPLAINED_ROW[0]) & (indexes["measure"] == EXPLAINED_ROW[1])]
    summary = {
        "resamples_n": len(found),
        "failed_n": len(found) - len(usable),
        "without_flags_n": int(models["flag_points"].isna().sum()) - (len(found) - len(usable)),
        "corrected_r2": float(explained["corrected"].iloc[0]),
        "asked_share": asked_share(usable, material.items),
        **unsteady(people, models, published, material.sample),
    }
    return Resampled(indexes, people, models, summary)
