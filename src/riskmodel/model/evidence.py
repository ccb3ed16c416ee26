"""The published fit: scikit-learn's equation, the leak alarms it must pass, and the evidence that goes beside it."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.alarm import leak_alarms, refuse_unexplained
from riskmodel.model.drop_one import drop_one
from riskmodel.model.fit import fit_model
from riskmodel.model.inference import infer
from riskmodel.model.logistic import scikit_learn
from riskmodel.model.loss import points_loss
from riskmodel.model.record import FittedModel
from riskmodel.model.sample_size import candidate_columns_n, sample_size

# small differences that go off by chance among few people; a high AUC does not
CHANCE_ALARMS = ("one_item_adds", "blank_difference", "auc_rise")


def fit_published(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    instrument: Instrument,
    settings: Settings,
    *,
    previous_auc: float | None = None,
    previous_r2: float | None = None,
) -> tuple[FittedModel, dict[str, Any]]:
    """The model to publish and its evidence; an unexplained leak alarm is a `FitError`.

    With too few people (`research_only`) the `CHANCE_ALARMS` do not stop the run: they stand in the evidence and fail
    gate G3.

    previous_auc, previous_r2: out-of-time AUC and corrected Cox–Snell R² of last year's model, where there is one.
    Evidence: sample_size, alarms, inference (a row a column), drop_one (a row an item), points_loss.
    """
    landmark = settings.cohort.landmark
    model = fit_model(cases, answers, instrument, settings, solve=scikit_learn)
    need = sample_size(
        columns_n=candidate_columns_n(answers, instrument.predictors(landmark), knots_n=settings.model.knots),
        event_rate=model.event_rate,
        clusters_n=model.clusters_n,
        r2=previous_r2,
    )
    alarms = leak_alarms(cases, answers, model, instrument, settings, previous_auc=previous_auc)
    refuse_unexplained([alarm for alarm in alarms if not (need.research_only and alarm.alarm in CHANCE_ALARMS)])
    evidence = {
        "sample_size": {**asdict(need), "required_n": need.required_n, "research_only": need.research_only},
        "alarms": [asdict(alarm) for alarm in alarms],
        "inference": infer(cases, answers, model, instrument, landmark=landmark).to_dict("records"),
        "drop_one": drop_one(cases, answers, model, instrument, settings).to_dict("records"),
        "points_loss": asdict(points_loss(cases, answers, model, instrument, settings)),
    }
    return model, evidence
