"""A leak that the points hide: merged away or smoothed in them, while trees on the same answers know too much."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.assess import REFUSALS
from riskmodel.assess.calibration import auc
from riskmodel.assess.comparators import boosted_prob
from riskmodel.assess.intervals import tally
from riskmodel.assess.rolling import Trial
from riskmodel.ground.alarm import Alarm, refuse_unexplained, with_explanations
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.alarm import LEAK_ALARM

COMPARATOR = "comparator_auc"


def comparator_alarms(measures: pd.DataFrame, settings: Settings) -> list[Alarm]:
    """ "comparator_auc": the trees' AUC above the limit of an alarm, wherever the points' lies."""
    own = measures[(measures["scope"] == "overall") & (measures["measure"] == "auc")].set_index("predictor")["estimate"]
    return _alarms(float(own.get("boosted", 0.0)), settings)


def hidden_leaks(
    years: Sequence[Trial], folds: Sequence[Trial], instrument: Instrument, settings: Settings
) -> list[Alarm]:
    """The alarms that `assess` would raise of these trials (see `trials_of`), from the trees alone."""
    items = instrument.predictors(settings.cohort.landmark)
    shown = [*(years or folds)]
    prob = [boosted_prob(one.cases, one.answers, one.new_answers, items, seed=settings.run.seed) for one in shown]
    cases = pd.concat([one.new_cases for one in shown])
    outcome, weight = (cases[name].to_numpy(dtype=float) for name in ("outcome", "weight"))
    stratum = cases["intake_year"].to_numpy(dtype=np.int64) if years else None
    return _alarms(float(auc(tally(outcome, np.concatenate(prob), weight=weight, stratum=stratum))), settings)


def _alarms(found: float, settings: Settings) -> list[Alarm]:
    limits = settings.alarm
    limit = limits.auc if settings.cohort.landmark == 0 else limits.auc_later
    return with_explanations([Alarm(COMPARATOR, "", found, limit)] if found > limit else [], limits.explained)


def refuse_hidden_leak(alarms: list[Alarm]) -> None:
    """Stop with a `FitError` unless a named person has said why."""
    refuse_unexplained(alarms, kind=LEAK_ALARM, look=REFUSALS["look_behind_points"], family=FitError)
