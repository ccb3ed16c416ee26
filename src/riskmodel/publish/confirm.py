"""`riskmodel confirm`: the one evaluation of the latest complete year, under the protocol that fits the candidate."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from riskmodel.assess.at_threshold import measures_at
from riskmodel.assess.measures import evaluate, everyone
from riskmodel.assess.predictors import resamples_of
from riskmodel.assess.rolling import check_confirmable, confirm_predictions
from riskmodel.cohort.record import Cohort
from riskmodel.disclosure import disclose_measures
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish.books import read_books
from riskmodel.publish.confirmation import check_cohort, open_year, record_confirmation
from riskmodel.publish.evidence import measured_points
from riskmodel.release.criteria import accuracy_criteria
from riskmodel.release.record import Landmark


def confirm(
    workspace: Workspace,
    cohorts: Mapping[int, Cohort],
    instrument: Instrument,
    settings: Settings,
    *,
    cohort_sha256: str,
    name: str,
    today: date,
) -> dict[str, Any]:
    """Open the year, evaluate the procedure on it at every landmark, write down what came out, and return that.

    cohorts: by landmark. cohort_sha256: of their files, see `origin.sha256_of_cohorts`. A `GateError` before anything
    is opened when no protocol fixed what the candidate was made from, or when these are not its cohorts.
    """
    books = read_books(workspace)
    protocol_id = books.protocol_id
    protocol = books.protocol(protocol_id)
    check_cohort(protocol, cohort_sha256=cohort_sha256, year=protocol["confirm_year"])  # first: they may be damaged
    for month, cohort in cohorts.items():
        year = check_confirmable(cohort, settings.at(month))  # a year that can't be evaluated is not opened
        check_cohort(protocol, cohort_sha256=cohort_sha256, year=year)
    opening = open_year(workspace, protocol_id, settings, instrument, name=name, today=today)
    measured = {
        landmark.month: _measured(cohorts[landmark.month], landmark, instrument, settings.at(landmark.month))
        for landmark in books.candidate.landmarks
    }
    return record_confirmation(workspace, protocol_id, measured, opening=opening, name=name, today=today)


def _measured(
    cohort: Cohort, landmark: Landmark, instrument: Instrument, settings: Settings
) -> dict[str, dict[str, float]]:
    """Every measure of the points on the year that is opened, as it may be shown."""
    predictions = confirm_predictions(cohort, instrument, settings)
    measures = evaluated(predictions, settings, threshold_prob=landmark.thresholds.threshold_prob)
    shown = disclose_measures(measures, profile=settings.release.profile)
    # criteria are judged on what was measured, not on what is shown
    criteria = [criterion.measure for criterion in accuracy_criteria(settings.policy)]
    judged = {measure: row for measure, row in measured_points(measures).items() if measure in criteria}
    return {**measured_points(shown), **judged}


def evaluated(predictions: pd.DataFrame, settings: Settings, *, threshold_prob: float | None) -> pd.DataFrame:
    """The points' measures on `predictions`, those at the threshold among them when there is one."""
    resamples = resamples_of(predictions, settings)
    whole = everyone(predictions)
    measures, _ = evaluate(predictions, whole, predictor="points", resamples=resamples, settings=settings.assess)
    if threshold_prob is None:
        return measures
    return pd.concat([measures, measures_at(predictions, settings, threshold_prob=threshold_prob)], ignore_index=True)
