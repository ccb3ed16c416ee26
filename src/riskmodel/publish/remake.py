"""The candidate as the run's results, the settings and the code at hand give it: the same bytes every time.

What lies in `models/candidates` could have been edited by hand. Whoever publishes holds it against this.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from riskmodel.assess.new_year.last_release import apply_last_release
from riskmodel.assess.record import Assessment, load_assessment
from riskmodel.assess.repeated.robustness import load_robustness
from riskmodel.cohort.case_control.items import entering_instrument
from riskmodel.cohort.record import load_cohort
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.store import load_evidence, load_model
from riskmodel.publish.landmark import Year
from riskmodel.publish.origin import origin, sha256_of_cohorts, sha256_of_delivery, sha256_of_run
from riskmodel.publish.propose import propose
from riskmodel.release.record import Release
from riskmodel.release.verify import previous_release, published_releases


@dataclass(frozen=True, eq=False)
class Made:
    """A candidate. previous: the release it is compared with; assessment: of its first landmark."""

    candidate: Release
    previous: Release | None
    assessment: Assessment


def make_candidate(workspace: Workspace, settings: Settings) -> Made:
    """The candidate that follows from the latest run in `workspace` under `settings`."""
    instrument = read_instrument(workspace.root / Path(settings.delivery.instrument))
    files = load_delivery(workspace.delivery).files
    previous = previous_release(workspace.releases, settings.release.previous)
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
            last=apply_last_release(previous, cohort, known, settings.at(landmark)) if previous else None,
        )
        for landmark, cohort in cohorts.items()
    ]
    made_from = origin(
        settings,
        delivery_sha256=sha256_of_delivery(zip(files["file"], files["sha256"], strict=True)),
        cohort_sha256=sha256_of_cohorts(workspace, settings.cohort.landmarks),
        run_sha256=sha256_of_run(workspace, settings.cohort.landmarks),
        instrument_sha256=instrument.sha256,
        lock=workspace.libraries,
    )
    earlier = published_releases(workspace.releases, municipality=instrument.municipality_code)
    candidate = propose(years, known, settings, origin=made_from, previous=previous, earlier=earlier)
    return Made(candidate, previous, years[0].assessment)
