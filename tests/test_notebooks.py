"""The notebook reads a finished run as it is written; what the analyst's guide tells people to type is accepted."""

from pathlib import Path

import pytest
from pipeline.clone import clone, set_param

from riskmodel.assess.assessment import assess
from riskmodel.assess.record import write_assessment
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import groupings
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import write_cohort
from riskmodel.extracts.read import read_delivery
from riskmodel.instrument.load import read_instrument
from riskmodel.model.evidence import fit_published
from riskmodel.model.store import write_model
from riskmodel.release.origin import origin, sha256_of_delivery
from riskmodel.release.outputs import write_candidate, write_metrics
from riskmodel.release.proposal import Year, propose
from riskmodel.settings import read_settings
from riskmodel.simulate import simulate
from riskmodel.workspace import Workspace

PROJECT = Path(__file__).parents[1]
NOTEBOOK = PROJECT / "notebooks" / "year.py"
ONE_CASE = PROJECT / "notebooks" / "one.json"
GUIDE = (PROJECT / "docs" / "analyst.md").read_text(encoding="utf-8")
SMALL = {"run__workers": 1, "assess__bootstrap": 60, "assess__folds": 3, "model__penalty_steps": 7, "alarm__one_item_adds": 0.1}
POLICIES = {"flags": {}, "no_flags": {"policy__ppv_floor": 1.0}}


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A project in which the year has run on a small made municipality, up to the candidate."""
    project = clone(tmp_path_factory.mktemp("finished"))
    set_param(project, **SMALL)
    workspace = Workspace(project)
    settings = read_settings(workspace.params)
    instrument = read_instrument(project / settings.delivery.instrument)
    raw = project / settings.delivery.path
    simulate(raw, instrument, cases_per_year=400, first_year=2018, last_year=2022, seed=7)
    delivery = read_delivery(raw, instrument, settings)
    cohort = build_cohort(delivery, instrument, settings)
    model, model_evidence = fit_published(*cohort.modelled, instrument, settings)
    found = gather_evidence(cohort, instrument, settings, truth=delivery.truth)
    whom = groupings(instrument, landmark=settings.cohort.landmark)
    assessment = assess(found.predictions, settings, groupings=whom, evidence=found.kind, out_of_fold=found.out_of_fold)
    write_cohort(cohort, workspace.cohort)
    write_model(model, model_evidence, workspace.model)
    write_assessment(assessment, workspace.assessment)
    files = delivery.files
    hashes = origin(
        settings,
        delivery_sha256=sha256_of_delivery(zip(files["file"], files["sha256"], strict=True)),
        instrument_sha256=instrument.sha256,
        lock=project / "uv.lock",
    )
    year = Year(cohort, model, model_evidence, found.predictions, assessment)
    candidate = propose(year, instrument, settings, origin=hashes)
    write_candidate(candidate, workspace)
    write_metrics(candidate, assessment, workspace)
    return project
