"""What can be judged of the years that wait, by their counts alone, and what is measured on them once opened.

How often the exam would refuse a right model, and find a wrong one: nobody's outcome of the years that wait is looked
at. People of the years that may be looked at are drawn, whole households, with their predicted risks; their outcomes
are made, all adults of a household sharing one draw.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import TypedDict

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import measures_at
from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import evaluate
from riskmodel.assess.intervals import percentiles, resampled, resamples_of, scores_of
from riskmodel.assess.rolling import confirm_predictions
from riskmodel.assess.subgroups import everyone
from riskmodel.assess.year_drift import LEVEL_ERROR, People, level_of, people_of, slope_of
from riskmodel.assess.years import EXAM_MIN, exam_years, waiting
from riskmodel.cohort.record import Cohort, load_cohort
from riskmodel.disclosure.measures import disclose_measures
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import Z_95
from riskmodel.ground.text import listed
from riskmodel.ground.words import WRITING
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.model.logistic import probability
from riskmodel.publish import ACTS
from riskmodel.publish.evidence import measured_points
from riskmodel.publish.origin import Frozen
from riskmodel.release.criteria import exam_criteria, measure_name
from riskmodel.release.landmark import Landmark

NEEDS_A_CURVE = ("ici",)
TOWNS = 400
POWER_STREAM = 561  # which of the seed's random streams makes the towns
FURTHEST = 20.0  # log-odds within which a shift is looked for


@dataclass(frozen=True)
class Truth:
    """What is so: O/E, the slope of the log-odds, and the SD by which all log-odds stray from one exam to the next."""

    oe: float = 1.0
    slope: float = 1.0
    spread: float = 0.0


RIGHT = Truth()
WRONG = (Truth(slope=0.6), Truth(oe=0.70), Truth(oe=1.50), Truth(oe=1.30))


class Planned(TypedDict):
    """The years that wait, and the measures that they hold too few people for."""

    years: list[int]
    not_judged: list[str]


def planned(cohorts: Mapping[int, Cohort], settings: Settings) -> dict[str, Planned]:
    """The years that wait and the measures that they hold too few people for, by landmark; nothing else is looked at.

    No years where too little was known before them: `confirm` says so and opens nothing.
    """
    return {str(month): _planned(cohort, settings.at(month)) for month, cohort in cohorts.items()}


def _planned(cohort: Cohort, settings: Settings) -> Planned:
    try:
        years = exam_years(cohort, settings)
    except SurveyDataError:
        return {"years": [], "not_judged": []}
    outcome = waiting(cohort, years)["outcome"]
    fewest = min(int(outcome.sum()), int((1 - outcome).sum()))
    if fewest < max(EXAM_MIN, settings.assess.group_min):
        not_judged = sorted({criterion.measure for criterion in exam_criteria(settings.policy)})
    else:
        not_judged = [*NEEDS_A_CURVE] if fewest < settings.assess.curve_min else []
    return {"years": list(years), "not_judged": not_judged}


def measured(
    cohort: Cohort, landmark: Landmark, instrument: Instrument, settings: Settings
) -> dict[str, dict[str, float]]:
    """Every measure of the points on the years that are opened, as it may be shown."""
    predictions = confirm_predictions(cohort, instrument, settings)
    measures = evaluated(predictions, settings, threshold_prob=landmark.thresholds.threshold_prob)
    shown = disclose_measures(measures, profile=settings.release.profile)
    # criteria are judged on what was measured, not on what is shown
    criteria = [criterion.measure for criterion in exam_criteria(settings.policy)]
    judged = {measure: row for measure, row in measured_points(measures).items() if measure in criteria}
    return {
        **measured_points(shown),
        **judged,
        **_level_and_slope(predictions),
        "auc": judged_auc(predictions, settings),
    }


def _level_and_slope(predictions: pd.DataFrame) -> dict[str, dict[str, float]]:
    """O/E and slope with the intervals that they are judged by: by cluster, what years differ by in the level's alone.

    O/E's has room for what the models' own windows and usual years add. Windows overlap, so their errors add up.
    """
    expected, people = predictions["weight"] * predictions["points_prob"], people_of(predictions)
    level = level_of(people, float(np.average(predictions[LEVEL_ERROR], weights=expected)))
    slope, reach = slope_of(people), Z_95 * level.total_error
    ends = {"low": slope.slope - Z_95 * slope.error, "high": slope.slope + Z_95 * slope.error}
    return {
        "oe": {"estimate": level.oe, "low": exp(log(level.oe) - reach), "high": exp(log(level.oe) + reach)},
        "recalibration_slope": {"estimate": slope.slope, **ends},
    }


def judged_auc(predictions: pd.DataFrame, settings: Settings) -> dict[str, float]:
    """The AUC with the interval that it is judged by: by cluster, as the slope's.

    What three years differ by is hardly known: with it a right model's interval reached below .60 in one exam of
    eleven at 150 cases a year (benchmarks/exam.py).
    """
    resamples = resamples_of(predictions, settings)
    prepared = scores_of(predictions, "points", resamples)
    low, high = percentiles(resampled(prepared, resamples, lambda tallied: {"auc": auc(tallied)})["auc"])
    return {"estimate": float(auc(prepared.tally())), "low": float(low), "high": float(high)}


def evaluated(predictions: pd.DataFrame, settings: Settings, *, threshold_prob: float | None) -> pd.DataFrame:
    """The points' measures on `predictions`, those at the threshold among them when there is one."""
    resamples = resamples_of(predictions, settings)
    whole = everyone(predictions)
    measures, _ = evaluate(predictions, whole, predictor="points", resamples=resamples, settings=settings.assess)
    if threshold_prob is None:
        return measures
    return pd.concat([measures, measures_at(predictions, settings, threshold_prob=threshold_prob)], ignore_index=True)


def exam_lines(workspace: Workspace, protocol: Frozen, settings: Settings, language: str) -> Iterator[str]:
    """What the exam under `protocol` will hold: which years, what they are too few for, and what they can find."""
    say = ACTS.speaking(language)
    for month, plan in protocol["exam"].items():
        if not plan["years"]:
            continue
        when = say("act_month", month=month) if len(protocol["exam"]) > 1 else ""
        yield say("exam_opened", when=when, years=", ".join(map(str, plan["years"])))
        if plan["not_judged"]:
            measures = listed(map(measure_name, plan["not_judged"]))
            yield say("exam_not_judged", when=when, measures=measures.said(language))
        path = workspace.assessment(int(month)) / "predictions.parquet"
        if path.is_file():
            cohort, people = load_cohort(workspace.cohort(int(month))), pd.read_parquet(path)
            cases_n = len(waiting(cohort, plan["years"]))
            yield say("exam_power", when=when, shares=_power(people, cases_n, settings.run.seed, language))
        else:
            yield say("exam_unknown", when=when)


def _power(people: pd.DataFrame, cases_n: int, seed: int, language: str) -> str:
    """Of a hundred such exams, how many refuse a right model and how many find a wrong one."""
    shares = {truth: refused_share(people, truth, cases_n=cases_n, seed=seed) for truth in (RIGHT, *WRONG)}
    return ", ".join(_truth(truth, share, language) for truth, share in shares.items() if share is not None)


def _truth(truth: Truth, share: float, language: str) -> str:
    written = WRITING[language]
    told = written.plain(share, digits=2)
    if truth == RIGHT:
        return ACTS.say("truth_right", language, share=told)
    name, value = ("truth_slope", truth.slope) if truth.slope != 1 else ("truth_oe", truth.oe)
    return ACTS.say(name, language, value=written.written(value), share=told)


def confirmed_lines(record: Frozen, language: str) -> Iterator[str]:
    """What a look came to, in words."""
    say, years_n = ACTS.speaking(language), len(record["years"])
    if years_n > 1:
        yield say("look_years", n=years_n, new=len(record["new_years"]))
    for month, measures in ((None, record["measures"]), *record["later_measures"].items()):
        when = say("act_month", month=month) if month is not None else ""
        yield from (f"{when}{said}" for said in level_in_words(measures.get("oe", {}), language))
    yield say(f"look_{record['verdict']}", opening=record["opening"], year=record["year"])


def level_in_words(oe: Mapping[str, float | None], language: str) -> Iterator[str]:
    """More, or fewer, long cases than predicted, where the whole interval says so, also inside the limits."""
    low, high = oe.get("low"), oe.get("high")
    if low is not None and low > 1:
        yield ACTS.say("look_more", language)
    if high is not None and high < 1:
        yield ACTS.say("look_fewer", language)


def refused_share(
    predictions: pd.DataFrame, truth: Truth, *, cases_n: int, seed: int, towns: int = TOWNS
) -> float | None:
    """The share of `towns` exams of about `cases_n` cases that refuse level or slope when `truth` is so.

    predictions: of rolling years or folds, with `LEVEL_ERROR`. None where no exam had both outcomes.
    """
    people, error = people_of(predictions), float(predictions[LEVEL_ERROR].mean())
    rng = np.random.default_rng([seed, POWER_STREAM])
    found = [_is_refused(_drawn(people, cases_n, rng), truth, error, rng) for _ in range(towns)]
    return float(np.mean([one for one in found if one is not None])) if any(one is not None for one in found) else None


def _drawn(people: People, cases_n: int, rng: np.random.Generator) -> People:
    """Whole households of `people`, drawn with replacement, each drawing a household of its own."""
    order = np.argsort(people.member, kind="stable")
    size = np.bincount(people.member)
    drawn = rng.integers(len(size), size=max(1, round(cases_n / size.mean())))
    first, own = np.cumsum(size) - size, size[drawn]
    member = np.repeat(np.arange(len(drawn)), own)
    rows = order[np.arange(own.sum()) + (first[drawn] - np.cumsum(own) + own)[member]]
    return People(people.outcome[rows], people.prob[rows], people.lp[rows], people.weight[rows], member)


def _is_refused(people: People, truth: Truth, level_error: float, rng: np.random.Generator) -> bool | None:
    # the risks that are told have the error of the window's level
    strays = level_error * rng.standard_normal() * people.prob.sum() / (people.prob @ (1 - people.prob))
    told = people.lp + strays + truth.spread * rng.standard_normal()
    risk = _true_risk(people, truth)
    outcome = (rng.random(people.member.max() + 1)[people.member] < risk).astype(float)
    if outcome.min() == outcome.max():
        return None
    seen = People(outcome, probability(told), told, people.weight, people.member)
    return level_of(seen, level_error).is_refused or bool(slope_of(seen).is_refused)


def _true_risk(people: People, truth: Truth) -> np.ndarray:
    """Risks with the slope of `truth`, whose mean is its O/E times that of the people's own."""
    from scipy.optimize import brentq  # a quarter of a second to import

    mean = min(truth.oe * float(people.prob.mean()), 0.99)

    def gap(shift: float) -> float:
        return float(probability(shift + truth.slope * people.lp).mean()) - mean

    return probability(float(brentq(gap, -FURTHEST, FURTHEST)) + truth.slope * people.lp)
