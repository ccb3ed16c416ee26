"""What the stages before hand over to the report, read from the project's folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from riskmodel.assess.record import Assessment, load_assessment
from riskmodel.assess.survey_profile import SurveyProfile, survey_profile
from riskmodel.cohort.record import load_cohort
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.record import load_evidence
from riskmodel.publish.books import load_candidate, read_books
from riskmodel.release.acts import Confirmation
from riskmodel.release.bundle import parse_json, read_file
from riskmodel.release.record import Release
from riskmodel.release.verify import previous_release, published_ids

COUNTS_FILE = "counts.json"
SURVEY_FILE = "survey_profile.csv"


@dataclass(frozen=True, eq=False)
class Run:
    """One year's results, still with exact counts.

    predictions: out of time, a row a case. drop_one: a row an item, what is lost without it. survey: what both forms
    say. previous: the release to compare with. earlier: the counts of every report published here. exam: what the look
    at the latest year showed; None before it.
    """

    release: Release
    assessment: Assessment
    predictions: pd.DataFrame
    flow: pd.DataFrame
    summary: Mapping[str, Any]
    quality: pd.DataFrame
    reconciliation: pd.DataFrame
    instrument: Instrument
    settings: Settings
    drop_one: pd.DataFrame
    survey: SurveyProfile
    previous: Release | None = None
    earlier: tuple[Mapping[str, object], ...] = ()
    exam: Confirmation | None = None


def read_run(workspace: Workspace) -> Run:
    """The latest run in `workspace`; what is missing is an error that says which stage makes it."""
    settings = read_settings(workspace.params)
    cohort, delivery = load_cohort(workspace.cohort()), load_delivery(workspace.delivery)
    instrument = read_instrument(workspace.root / Path(settings.delivery.instrument))
    answers = delivery.answers_by_survey, delivery.answers_by_intake
    return Run(
        release=load_candidate(workspace),
        assessment=load_assessment(workspace.assessment()),
        predictions=pd.read_parquet(workspace.assessment() / "predictions.parquet"),
        flow=cohort.flow,
        summary=cohort.summary,
        quality=delivery.quality,
        reconciliation=delivery.reconciliation,
        instrument=instrument,
        settings=settings,
        drop_one=pd.DataFrame(load_evidence(workspace.model())["drop_one"]),
        survey=survey_profile(*answers, cohort.cases, instrument, settings.cohort),
        previous=previous_release(workspace),
        earlier=tuple(_earlier(workspace)),
        exam=read_books(workspace).exam,
    )


def _earlier(workspace: Workspace) -> Iterator[Mapping[str, object]]:
    for release_id in published_ids(workspace.releases):
        path = workspace.releases / release_id / COUNTS_FILE
        if path.is_file():
            yield cast(Mapping[str, Any], parse_json(read_file(path), where=COUNTS_FILE))  # our own, hashed
