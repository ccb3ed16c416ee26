"""A leak that the points hide: merged away or smoothed in them, while trees on the same answers know too much."""

import pandas as pd

from riskmodel.ground.alarm import Alarm, refuse_unexplained, with_explanations
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings

COMPARATOR = "comparator_auc"
LOOK = (
    "Boosted trees on the same answers tell events apart better than anything known in time should: look for an item, "
    "or a level that was merged away for having one outcome only, that was written when the outcome was known. Take it "
    'out (use = "never") or correct its known_from. If it is no leak,'
)


def comparator_alarms(measures: pd.DataFrame, settings: Settings) -> list[Alarm]:
    """ "comparator_auc": the trees' AUC above the limit of an alarm, wherever the points' lies."""
    limits = settings.alarm
    limit = limits.auc if settings.cohort.landmark == 0 else limits.auc_later
    own = measures[(measures["scope"] == "overall") & (measures["measure"] == "auc")].set_index("predictor")["estimate"]
    found = float(own.get("boosted", 0.0))
    return with_explanations([Alarm(COMPARATOR, "", found, limit)] if found > limit else [], limits.explained)


def refuse_hidden_leak(alarms: list[Alarm]) -> None:
    """Stop with a `FitError` unless a named person has said why."""
    refuse_unexplained(alarms, kind="leak alarm", look=LOOK, family=FitError)
