"""Out-of-time predictions: each year by a model that saw only what was known on its 1 January; folds where it can't."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, parallel_config

from riskmodel.assess.comparators import boosted_prob, event_rate, three_item_prob, without_history
from riskmodel.assess.intervals import RISK_COLUMNS, STRATUM
from riskmodel.assess.record import OUT_OF_FOLD
from riskmodel.assess.subgroups import audit_columns
from riskmodel.assess.unseen import VALUE_OF
from riskmodel.assess.year_drift import LEVEL_ERROR, POINTS_OF, SLOPE_ERROR
from riskmodel.assess.years import exam_years, january, open_to_view, rolling_years
from riskmodel.cohort.record import Cohort
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.ground.private import that_end_with_us
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import equation_prob, fit_model
from riskmodel.model.matrix import matrix
from riskmodel.model.points import points_by_item, points_prob, risk_of_answers
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import answer_positions, grouped_folds
from riskmodel.release.record import TEMPORAL

KEPT = ("case_id", "cluster_id", "intake_year", "area", "outcome", "weight", "left_within_100_days")
PERSON = ("person_id", "intake_month")  # needed to find the truth of a made municipality; not kept
WORTH_PROCESSES = 300_000  # training rows of all trials; for fewer, starting processes costs more than it saves


@dataclass(frozen=True, eq=False)
class Trial:
    """Cases to learn from and cases to predict, each with its answers. compared: whether others predict them, too."""

    cases: pd.DataFrame
    answers: pd.DataFrame
    new_cases: pd.DataFrame
    new_answers: pd.DataFrame
    compared: bool = True


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the year is judged on.

    kind: "temporal", or "out_of_fold" when there are no rolling years; predictions: of that kind. out_of_fold: always,
    beside rolling years by the points and the equation alone, with what each answer gives.
    """

    kind: str
    predictions: pd.DataFrame
    out_of_fold: pd.DataFrame


def gather_evidence(
    cohort: Cohort, instrument: Instrument, settings: Settings, *, truth: pd.DataFrame | None = None
) -> Evidence:
    """Rolling and out-of-fold predictions; large cohorts are fitted in `settings.run.workers` processes."""
    years, folds = trials_of(cohort, settings)
    frames = _predicted([*years, *folds], instrument, settings, truth)
    rolling, out_of_fold = frames[: len(years)], _together(frames[len(years) :])
    if rolling:
        return Evidence(TEMPORAL, _by_year(rolling), out_of_fold)
    return Evidence(OUT_OF_FOLD, out_of_fold, out_of_fold)


def trials_of(cohort: Cohort, settings: Settings) -> tuple[list[Trial], list[Trial]]:
    """Rolling years, none where none is possible, and folds."""
    years = _years(cohort, settings)
    return years, [replace(fold, compared=not years) for fold in _folds(cohort, settings)]


def trials_shown(cohort: Cohort, settings: Settings) -> list[Trial]:
    """The trials whose predictions the year is judged on: rolling years, or folds where none is possible."""
    return _years(cohort, settings) or _folds(cohort, settings)


def _years(cohort: Cohort, settings: Settings) -> list[Trial]:
    return [_year(cohort, year) for year in rolling_years(cohort, settings)]


def confirm_predictions(cohort: Cohort, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """The cases of the years that wait, each as predicted on its 1 January: for `riskmodel confirm` alone."""
    known = entering_instrument(instrument, cohort.refused)
    if cohort.exam_year is not None:
        years = [Trial(*cohort.modelled, *cohort.exam)]
    else:
        years = [_year(cohort, year) for year in exam_years(cohort, settings)]
    return _by_year(_predicted(years, known, settings, truth=None))


def _year(cohort: Cohort, year: int) -> Trial:
    cases, answers = cohort.modelled
    inside = (cases["intake_year"] == year).to_numpy()
    return Trial(*cohort.known_before(january(year)), cases[inside], answers[inside])


def _folds(cohort: Cohort, settings: Settings) -> list[Trial]:
    """Trials inside the years that may be looked at."""
    shown = open_to_view(cohort, settings)
    cases, answers = (rows[shown] for rows in cohort.modelled)
    fold = grouped_folds(cases["cluster_id"].to_numpy(), folds_n=settings.assess.folds, seed=settings.run.seed)
    return [
        Trial(cases[fold != held], answers[fold != held], cases[fold == held], answers[fold == held])
        for held in np.unique(fold)
    ]


def _predicted(
    trials: Sequence[Trial], instrument: Instrument, settings: Settings, truth: pd.DataFrame | None
) -> list[pd.DataFrame]:
    large = sum(len(trial.cases) for trial in trials) >= WORTH_PROCESSES
    workers = max(1, min(settings.run.workers, len(trials))) if large else 1
    with parallel_config(backend="loky", **that_end_with_us()):
        jobs = Parallel(n_jobs=workers, max_nbytes=None)  # through a pipe, never a file that could be left behind
        frames = jobs(delayed(predict)(trial, instrument, settings) for trial in trials)
    if settings.cohort.landmark > 0:
        truth = None  # a made municipality tells the risk at intake, not that of those who are still there
    return [_with_truth(frame, truth).drop(columns=list(PERSON)) for frame in frames]


def _with_truth(predictions: pd.DataFrame, truth: pd.DataFrame | None) -> pd.DataFrame:
    if truth is None:
        return predictions
    risks = truth[[*PERSON, "true_prob", "best_prob"]]
    return predictions.merge(risks, on=list(PERSON), how="left", validate="many_to_one")


def _by_year(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The years below one another; each was predicted by a model of its own."""
    predictions = _together(frames)
    return predictions.assign(**{STRATUM: predictions["intake_year"].astype("int64")})


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=[*KEPT, "points", *RISK_COLUMNS.values()])
    return pd.concat(frames, ignore_index=True).sort_values("case_id", ignore_index=True)


def predict(trial: Trial, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """The whole procedure on the trial's cases, and the risks it and the comparators give the new ones."""
    model = fit_model(trial.cases, trial.answers, instrument, settings)
    by_item = points_by_item(trial.new_answers, model.points)
    sums = by_item.sum(axis=1).to_numpy()
    rows = trial.new_cases[[*KEPT, *PERSON]].reset_index(drop=True)
    rows["outcome"] = rows["outcome"].astype(int)
    rows["points"] = sums
    rows["points_prob"] = points_prob(sums, model.points)
    rows[LEVEL_ERROR] = level_error(model, rows["points_prob"].to_numpy())
    rows["equation_prob"] = equation_prob(trial.new_answers, model)
    rows[SLOPE_ERROR] = learnt_slope_error(model, trial.new_answers, rows["points_prob"].to_numpy())
    rows = pd.concat([rows, _given(trial.new_answers, by_item, instrument, settings)], axis=1)
    return _beside(trial, rows, instrument, settings) if trial.compared else rows


def _given(answers: pd.DataFrame, by_item: pd.DataFrame, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """What each answer gives, and the numbers themselves: what points can't say is looked for beside them."""
    items = instrument.predictors(settings.cohort.landmark)
    numbers = answers[[item.id for item in items if item.is_number]].astype(float)
    return pd.concat([by_item.add_prefix(POINTS_OF), numbers.add_prefix(VALUE_OF)], axis=1).reset_index(drop=True)


def _beside(trial: Trial, rows: pd.DataFrame, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """`rows` with the comparators' risks, and with the answers that the new cases are held against each other by."""
    landmark, learnt = settings.cohort.landmark, (trial.cases, trial.answers)
    items = instrument.predictors(landmark)
    rows["event_rate_prob"] = event_rate(trial.cases)
    rows["three_item_prob"] = three_item_prob(*learnt, trial.new_answers, instrument, landmark=landmark)
    rows["boosted_prob"] = boosted_prob(*learnt, trial.new_answers, items, seed=settings.run.seed)
    without = without_history(instrument)
    if len(without.predictors(landmark)) < len(items):
        plain = fit_model(*learnt, without, settings)
        rows["no_history_prob"] = risk_of_answers(trial.new_answers, plain.points)
    audit = audit_columns(trial.new_answers, instrument, landmark=landmark).reset_index(drop=True)
    audit = audit.drop(columns=[name for name in audit if name in rows])
    return pd.concat([rows, audit], axis=1)


def level_error(model: FittedModel, prob: np.ndarray) -> float:
    """The standard error of ln O/E of people with risks `prob` that the model's level has."""
    return float(model.level_error * (prob @ (1 - prob)) / prob.sum())


def learnt_slope_error(model: FittedModel, answers: pd.DataFrame, prob: np.ndarray) -> float:
    """The standard error of the slope of outcomes on the log-odds of risks `prob` that the coefficients' own leave."""
    x = matrix(answer_positions(answers, (coding.allowed for coding in model.design.codings)), model.design)
    curvature, lp = prob * (1 - prob), np.log(prob / (1 - prob))
    if lp.min() == lp.max():  # no answer weighs anything: there is no slope to be wrong about
        return 0.0
    beyond = lp - np.average(lp, weights=curvature)
    along = (curvature * beyond) @ x / (curvature @ beyond**2)
    return float(np.sqrt(along @ model.equation.covariance @ along))
