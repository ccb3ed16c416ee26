"""The judgement of a case-control design: its risks against the linked inflow, whose answers all come from intake."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import citl, oe, recalibration
from riskmodel.assess.intervals import Measures, Tally, intervals_of, resampled, resamples_of, scores_of
from riskmodel.cohort.build import build_inflow
from riskmodel.cohort.record import Cohort
from riskmodel.cohort.two_forms import ENOUGH_N, entering_instrument
from riskmodel.extracts.delivery import Delivery
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import equation_prob, fit_model
from riskmodel.model.points import risk_of_answers
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import grouped_folds

INFLOW_STREAM = 505  # which of the seed's random streams draws the clusters of the inflow
PERFECT = {"oe": 1.0, "citl": 0.0, "slope": 1.0}
KEPT = ("case_id", "cluster_id", "intake_month", "outcome", "weight")


@dataclass(frozen=True)
class Measured:
    """An estimate with the ends of its 95 % interval; NaN where there is none."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class InflowCheck:
    """What was measured on `n` cases of the inflow, `events_n` of them events, in `clusters_n` clusters.

    by_predictor: "points" and "equation" to the measures of PERFECT.
    """

    n: int
    events_n: int
    clusters_n: int
    by_predictor: Mapping[str, Mapping[str, Measured]]

    @property
    def measured(self) -> bool:
        """Whether events and non-events are enough for intercept and slope to count as measured."""
        return min(self.events_n, self.n - self.events_n) >= ENOUGH_N

    @property
    def off(self) -> tuple[str, ...]:
        """Measures of the points whose interval leaves out what a right model would have, O/E and slope."""
        found = self.by_predictor["points"]
        return tuple(name for name in ("oe", "slope") if not found[name].low <= PERFECT[name] <= found[name].high)

    @property
    def agrees(self) -> bool:
        """Whether the inflow gives no sign against the design; says little where intervals are wide."""
        return not self.off


def inflow_check(predictions: pd.DataFrame, settings: Settings) -> InflowCheck:
    """O/E, `citl` and recalibration slope with cluster-bootstrap intervals.

    predictions: as `predicted` or `inflow_predictions` make them; weight: for censoring alone.
    """
    resamples = resamples_of(predictions, settings, stream=INFLOW_STREAM)
    found: dict[str, dict[str, Measured]] = {}
    for predictor in ("points", "equation"):
        prepared = scores_of(predictions, predictor, resamples)
        intervals = intervals_of(_measures(prepared.tally()), resampled(prepared, resamples, _measures))
        found[predictor] = {
            name: Measured(float(one.estimate), float(one.low), float(one.high)) for name, one in intervals.items()
        }
    return InflowCheck(len(predictions), int(predictions["outcome"].sum()), len(resamples.clusters), found)


def judged_inflow(
    delivery: Delivery, cohort: Cohort, instrument: Instrument, settings: Settings
) -> dict[str, object] | None:
    """What the linked inflow of `delivery` says of a case-control `cohort`; None for the other design.

    Without enough of it, as without any, nothing is measured. waits: whether an exam year, which is not looked at here,
    will judge it in any case.
    """
    if cohort.summary.get("design") != "case_control":
        return None
    waits = {"waits": cohort.exam_year is not None}
    if not cohort.summary["inflow_check"]["measurable"]:
        return {"measured": False, "agrees": False, "by_predictor": {}, **waits}
    inflow = build_inflow(delivery, instrument, settings)
    found = inflow_check(inflow_predictions(cohort, inflow, instrument, settings), settings)
    return {**asdict(found), "measured": found.measured, "off": list(found.off), "agrees": found.agrees, **waits}


def inflow_predictions(cohort: Cohort, inflow: Cohort, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """Every case of the linked inflow with known outcome, by a model that saw neither form of its household.

    cohort: of the case-control design. inflow: `cohort.build.build_inflow` of the same delivery; its cases from the
    exam year on are left out. One row a case.
    """
    known = entering_instrument(instrument, cohort.summary["refused"])
    (cases, answers), (new_cases, new_answers) = cohort.modelled, inflow.modelled
    if cohort.exam_year is not None:
        shown = (new_cases["intake_year"] < cohort.exam_year).to_numpy()
        new_cases, new_answers = new_cases[shown].reset_index(drop=True), new_answers[shown]
    clusters = pd.concat([cases["cluster_id"], new_cases["cluster_id"]]).to_numpy()
    fold = grouped_folds(clusters, folds_n=settings.assess.folds, seed=settings.run.seed)
    own, theirs = fold[: len(cases)], fold[len(cases) :]
    frames = []
    for held in np.unique(theirs):
        model = fit_model(cases[own != held], answers[own != held], known, settings)
        frames.append(predicted(model, new_cases[theirs == held], new_answers[theirs == held]))
    return pd.concat(frames, ignore_index=True).sort_values("case_id", ignore_index=True)


def predicted(model: FittedModel, cases: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The risks that `model` gives `cases` (their `answers` row by row): points_prob and equation_prob."""
    return cases[list(KEPT)].assign(
        points_prob=risk_of_answers(answers, model.points),
        equation_prob=equation_prob(answers, model),
    )


def _measures(tallied: Tally) -> Measures:
    return {"oe": oe(tallied), "citl": citl(tallied), "slope": recalibration(tallied)[1]}
