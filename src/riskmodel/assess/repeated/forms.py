"""What every number of questions is worth: the procedure with all of them, without one, … with one, out of time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import net_benefit
from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import curve_measures, smoother
from riskmodel.assess.intervals import Measures, Resamples, Tally, percentiles, resampled, resamples_of
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.rolling import Trial, trials_shown
from riskmodel.cohort.record import Cohort
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import questions_in, with_pairs
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import learn_forms
from riskmodel.model.points import risk_of_answers
from riskmodel.model.sample import sample_of

MEASURES = ("auc", "net_benefit")
ENDS = ("estimate", "low", "high")
NUMBERS = tuple(f"{name}_{end}" for name in (*MEASURES, "auc_loss") for end in ENDS)
FORM_COLUMNS = ("questions", "columns", "left_out", "same_forms", "forms", *NUMBERS, "ici", "n", "events_n")
NO_FORMS = pd.DataFrame(columns=list(FORM_COLUMNS))  # where no form is asked for


@dataclass(frozen=True, eq=False)
class _Tried:
    """One trial with each number of questions, most first. prob: risks of its new cases, shape (forms, n)."""

    cases: pd.DataFrame
    asked: tuple[frozenset[str], ...]
    columns: tuple[int, ...]
    prob: np.ndarray


@dataclass(frozen=True, eq=False)
class _Worth:
    """AUC, net benefit at the policy's trade-off and ICI of some risks; the first two in every resample."""

    estimates: Measures
    repeated: Measures


def questions_and_worth(cohort: Cohort, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """A row a number of questions, all of them first: FORM_COLUMNS.

    Each trial chooses for itself. left_out: the item that most often was in the row before and is not in this one.
    same_forms: of the `forms` trials, how many ask what most of them do. columns: on average. auc_loss: against all
    questions, paired. Intervals by clusters (95 %), none of the ICI.
    """
    tried = [_try(trial, instrument, settings) for trial in trials_shown(cohort, settings)]
    people = pd.concat([one.cases for one in tried], ignore_index=True)
    resamples = resamples_of(people, settings)
    found = [_worth(people, risks, resamples, settings) for risks in np.hstack([one.prob for one in tried])]
    counts = {"n": len(people), "events_n": int(people["outcome"].sum())}
    rows = [{**_form(tried, place), **_numbers(found[0], one), **counts} for place, one in enumerate(found)]
    return pd.DataFrame(rows, columns=list(FORM_COLUMNS))


def _try(trial: Trial, instrument: Instrument, settings: Settings) -> _Tried:
    landmark, pairs = settings.cohort.landmark, settings.model.pairs
    sample = sample_of(trial.cases, trial.answers, instrument, landmark=landmark, pairs=pairs)
    learnt = list(learn_forms(sample, with_pairs(instrument.predictors(landmark), pairs), settings))
    return _Tried(
        trial.new_cases,
        tuple(frozenset(one.fit.design.asked) for one in learnt),
        tuple(len(one.fit.design.columns) for one in learnt),
        np.array([risk_of_answers(trial.new_answers, one.points) for one in learnt]),
    )


def _form(tried: Sequence[_Tried], place: int) -> dict[str, object]:
    before = max(place - 1, 0)
    gone = Counter(item for one in tried for item in sorted(one.asked[before] - one.asked[place]))
    return {
        "questions": len(questions_in(tried[0].asked[place])),
        "columns": float(np.mean([one.columns[place] for one in tried])),
        "left_out": gone.most_common(1)[0][0] if gone else "",
        "same_forms": Counter(one.asked[place] for one in tried).most_common(1)[0][1],
        "forms": len(tried),
    }


def _numbers(whole: _Worth, own: _Worth) -> dict[str, float]:
    """Estimates and ends of a form beside those of all questions, which share their resamples."""
    numbers = {name: (own.estimates[name], *percentiles(own.repeated[name])) for name in MEASURES}
    loss = whole.repeated["auc"] - own.repeated["auc"]
    numbers["auc_loss"] = (whole.estimates["auc"] - own.estimates["auc"], *percentiles(loss))
    named = {f"{name}_{end}": float(one) for name, ends in numbers.items() for end, one in zip(ENDS, ends, strict=True)}
    return {**named, "ici": float(own.estimates["ici"])}


def _worth(people: pd.DataFrame, prob: np.ndarray, resamples: Resamples, settings: Settings) -> _Worth:
    outcome, weight = (people[name].to_numpy(dtype=float) for name in ("outcome", "weight"))
    prepared = resamples.scores(outcome, prob, weight=weight, cluster_ids=people["cluster_id"].to_numpy())
    harm = np.array([threshold_of_harm(settings.policy.harm_ratio)])

    def measures(tallied: Tally) -> Measures:
        return {"auc": auc(tallied), "net_benefit": net_benefit(tallied, harm)[..., 0]}

    whole = prepared.tally()
    smooth = smoother(whole)
    ici = np.array(np.nan) if smooth is None else curve_measures(whole, smooth)["ici"]
    return _Worth({**measures(whole), "ici": ici}, resampled(prepared, resamples, measures))
