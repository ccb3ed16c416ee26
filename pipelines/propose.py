"""Stage `propose`: the year's evidence → a candidate release, its metrics and plots, and a run in MLflow."""

from pathlib import Path

import pandas as pd

from riskmodel.assess.record import load_assessment
from riskmodel.assess.repeated.robustness import load_robustness
from riskmodel.cohort.case_control.items import entering_instrument
from riskmodel.cohort.record import load_cohort
from riskmodel.errors import shown_plainly
from riskmodel.extracts.delivery import load_delivery
from riskmodel.instrument.load import read_instrument
from riskmodel.model.store import load_evidence, load_model
from riskmodel.release.candidate import previous_release
from riskmodel.release.known import published_releases
from riskmodel.release.landmark_proposal import Year
from riskmodel.release.last_release import apply_last_release
from riskmodel.release.origin import origin, sha256_of_delivery
from riskmodel.release.outputs import write_candidate, write_metrics
from riskmodel.release.proposal import propose
from riskmodel.release.tracking import mirror
from riskmodel.settings import read_settings
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    files = load_delivery(workspace.delivery).files
    previous = previous_release(workspace, settings.release.previous)
    cohorts = {landmark: load_cohort(workspace.cohort(landmark)) for landmark in settings.cohort.landmarks}
    known = entering_instrument(instrument, cohorts[settings.cohort.landmarks[0]].refused)
    years = [
        Year(
            cohort=cohort,
            model=load_model(workspace.model(landmark)),
            model_evidence=load_evidence(workspace.model(landmark)),
            predictions=pd.read_parquet(workspace.assessment(landmark) / "predictions.parquet"),
            assessment=load_assessment(workspace.assessment(landmark)),
            robustness=load_robustness(workspace.robustness(landmark)),
            landmark=landmark,
            last=previous and apply_last_release(previous, cohort, known, settings.at(landmark)),
        )
        for landmark, cohort in cohorts.items()
    ]
    made_from = origin(
        settings,
        delivery_sha256=sha256_of_delivery(zip(files["file"], files["sha256"], strict=True)),
        instrument_sha256=instrument.sha256,
        lock=workspace.root / "uv.lock",
    )
    earlier = published_releases(workspace.releases, municipality=instrument.municipality_code)
    candidate = propose(years, known, settings, origin=made_from, previous=previous, earlier=earlier)
    write_candidate(candidate, workspace, previous=previous)
    write_metrics(candidate, years[0].assessment, workspace)
    if told := mirror(workspace):
        print(told)
