"""The published fit: scikit-learn's equation, the leak alarms it must pass, and the evidence that goes beside it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.ground.alarm import Alarm
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import with_pairs
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import fit_model
from riskmodel.model.inference import drop_one, infer, leak_alarms, refuse_leaks
from riskmodel.model.logistic import Solver, check_any_column, scikit_learn
from riskmodel.model.points import points_loss
from riskmodel.model.prior import borrowed, freedom
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import Sample, sample_of
from riskmodel.model.sample_size import (
    ASSUMED,
    LAST_RELEASE,
    PRIOR,
    SampleSize,
    candidate_columns_n,
    sample_size,
    size_as_dict,
)

# small differences that go off by chance among few people; a high AUC does not
CHANCE_ALARMS = ("one_item_adds", "blank_difference", "blanks_auc", "auc_rise")


@dataclass(frozen=True, eq=False)
class Checked:
    """A model and the sample that it was learnt from, how many cases it needs, and every sign of a leak."""

    model: FittedModel
    sample: Sample
    need: SampleSize
    alarms: list[Alarm]


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
    # scikit-learn knows no offset
    solve = None if settings.model.prior else scikit_learn
    found = checked_fit(
        cases, answers, instrument, settings, previous_auc=previous_auc, previous_r2=previous_r2, solve=solve
    )
    model, sample = found.model, found.sample
    evidence = {
        "sample_size": size_as_dict(found.need),
        "alarms": [asdict(alarm) for alarm in found.alarms],
        "inference": infer(sample, model, instrument).to_dict("records"),
        "drop_one": drop_one(sample, model, instrument, settings).to_dict("records"),
        "points_loss": asdict(points_loss(sample, model, settings)),
    }
    if settings.model.prior:
        evidence["borrowed"] = borrowed(model, sample, settings.model.prior)
    return model, evidence


def checked_fit(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    instrument: Instrument,
    settings: Settings,
    *,
    previous_auc: float | None = None,
    previous_r2: float | None = None,
    solve: Solver | None = None,
) -> Checked:
    """The model, with all that it is refused for: see `fit_published`. solve: as in `fit_model`."""
    landmark, pairs = settings.cohort.landmark, settings.model.pairs
    model = fit_model(cases, answers, instrument, settings, solve=solve)
    if settings.model.prior is None:
        check_any_column(len(model.equation.coefficients))
    sample = sample_of(cases, answers, instrument, landmark=landmark, pairs=pairs)
    items = with_pairs(instrument.predictors(landmark), pairs)
    columns_n = candidate_columns_n(answers, items, knots_n=settings.model.knots)
    need = _need(model, sample, settings, columns_n=columns_n, previous_r2=previous_r2)
    # among all candidates, each by itself: in a short form every question adds much, and a pair as much as two
    apart = settings.item_by_item()
    whole = model if apart == settings else fit_model(cases, answers, instrument, apart)
    one_by_one = sample_of(cases, answers, instrument, landmark=landmark)
    alarms = leak_alarms(one_by_one, whole, instrument, settings, previous_auc=previous_auc)
    refuse_leaks([alarm for alarm in alarms if not (need.research_only and alarm.alarm in CHANCE_ALARMS)])
    return Checked(model, sample, need, alarms)


def _need(
    model: FittedModel, sample: Sample, settings: Settings, *, columns_n: int, previous_r2: float | None
) -> SampleSize:
    """How many cases `model` needs, with the R² that is known before anything of this run was validated."""
    prior = settings.model.prior
    known = {LAST_RELEASE: previous_r2, PRIOR: prior.at_hand.r2 if prior else None}
    source = next((name for name, r2 in known.items() if r2 is not None), ASSUMED)
    return sample_size(
        columns_n=columns_n,
        event_rate=model.event_rate,
        clusters_n=model.clusters_n,
        years_n=len(np.unique(sample.month // 12)),
        r2=known.get(source),
        r2_from=source,
        freedom=freedom(model, sample) if prior else None,
    )
