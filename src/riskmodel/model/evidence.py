"""The published fit: scikit-learn's equation, the leak alarms it must pass, and the evidence that goes beside it.

Asked before anything is fitted: how many cases the columns need (Riley et al. 2019, BMJ 2020;368:m441).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil, log
from typing import Any

import pandas as pd

from riskmodel.ground.item_choice import ALL
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model.alarm import leak_alarms, refuse_unexplained
from riskmodel.model.fit import fit_model
from riskmodel.model.inference import drop_one, infer
from riskmodel.model.logistic import scikit_learn
from riskmodel.model.points import points_loss
from riskmodel.model.prior import borrowed
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import allowed_answers, answer_positions, sample_of

SHRINKAGE = 0.9  # criterion 1: coefficients need no more shrinking than this
OPTIMISM = 0.05  # criterion 2: apparent less corrected Nagelkerke R²
MARGIN = 0.05  # criterion 3: half the width of the overall risk's interval
ASSUMED_SHARE = 0.15  # of the largest R² possible, when no earlier model tells
# small differences that go off by chance among few people; a high AUC does not
CHANCE_ALARMS = ("one_item_adds", "blank_difference", "auc_rise")


@dataclass(frozen=True)
class SampleSize:
    """Cases needed by each criterion, and what there is. n1: shrinkage, n2: optimism, n3: overall risk."""

    columns_n: int
    event_rate: float
    r2: float
    n1: int
    n2: int
    n3: int
    available_n: int

    @property
    def required_n(self) -> int:
        """The largest of the three needs."""
        return max(self.n1, self.n2, self.n3)

    @property
    def research_only(self) -> bool:
        """Whether there are fewer cases than needed: the release may then not be used in casework."""
        return self.available_n < self.required_n


def largest_r2(event_rate: float) -> float:
    """The highest Cox–Snell R² possible at `event_rate`."""
    return float(1 - (event_rate**event_rate * (1 - event_rate) ** (1 - event_rate)) ** 2)


def sample_size(*, columns_n: int, event_rate: float, clusters_n: int, r2: float | None = None) -> SampleSize:
    """The need for `columns_n` candidate columns (before merging) against `clusters_n` with a known outcome.

    r2: optimism-corrected Cox–Snell R² of last year's model; .15 of the largest possible when None.
    """
    highest = largest_r2(event_rate)
    r2 = ASSUMED_SHARE * highest if r2 is None else r2
    return SampleSize(
        columns_n=columns_n,
        event_rate=event_rate,
        r2=r2,
        n1=_for_shrinkage(columns_n, r2, SHRINKAGE),
        n2=_for_shrinkage(columns_n, r2, r2 / (r2 + OPTIMISM * highest)),
        n3=ceil((Z_95 / MARGIN) ** 2 * event_rate * (1 - event_rate)),
        available_n=clusters_n,
    )


def _for_shrinkage(columns_n: int, r2: float, shrinkage: float) -> int:
    return ceil(columns_n / ((shrinkage - 1) * log(1 - r2 / shrinkage)))


def candidate_columns_n(answers: pd.DataFrame, items: Sequence[Item], *, knots_n: int) -> int:
    """How many columns the items would have were nothing merged, rare or held at zero.

    One for every level (less one for ordinal steps), a spline's knots − 1 and one for every declared step, and one
    where somebody gave no answer.
    """
    allowed = [allowed_answers(item) for item in items]
    positions = answer_positions(answers, allowed)
    blank = (positions == [one.n for one in allowed]).any(axis=0)
    return sum(_answered_columns_n(item, knots_n) for item in items) + int(blank.sum())


def _answered_columns_n(item: Item, knots_n: int) -> int:
    if item.kind == "number":
        return knots_n - 1 + len(item.steps)
    levels_n = sum(not level.route for level in item.levels)
    return levels_n - 1 if item.kind == "ordinal" else levels_n


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
    # scikit-learn knows no offset
    model = fit_model(cases, answers, instrument, settings, solve=None if settings.model.prior else scikit_learn)
    need = sample_size(
        columns_n=candidate_columns_n(answers, instrument.predictors(landmark), knots_n=settings.model.knots),
        event_rate=model.event_rate,
        clusters_n=model.clusters_n,
        r2=previous_r2,
    )
    sample = sample_of(cases, answers, instrument, landmark=landmark)
    # among all candidates: in a short form every question adds much
    whole = fit_model(cases, answers, instrument, settings.asking_all()) if settings.items.choose != ALL else model
    alarms = leak_alarms(sample, whole, instrument, settings, previous_auc=previous_auc)
    refuse_unexplained([alarm for alarm in alarms if not (need.research_only and alarm.alarm in CHANCE_ALARMS)])
    evidence = {
        "sample_size": {**asdict(need), "required_n": need.required_n, "research_only": need.research_only},
        "alarms": [asdict(alarm) for alarm in alarms],
        "inference": infer(sample, model, instrument).to_dict("records"),
        "drop_one": drop_one(sample, model, instrument, settings).to_dict("records"),
        "points_loss": asdict(points_loss(sample, model, settings)),
    }
    if settings.model.prior:
        evidence["borrowed"] = borrowed(model, sample, settings.model.prior)
    return model, evidence
