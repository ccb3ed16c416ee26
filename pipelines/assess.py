"""Stage `assess`: out-of-time predictions of the procedure, and everything that is measured on them."""

from pathlib import Path

from riskmodel.assess.assessment import assess
from riskmodel.assess.record import write_assessment, write_frame
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import groupings
from riskmodel.cohort.record import load_cohort
from riskmodel.errors import shown_plainly
from riskmodel.extracts.delivery import load_delivery
from riskmodel.instrument.load import read_instrument
from riskmodel.settings import read_settings
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    truth = load_delivery(workspace.delivery).truth
    evidence = gather_evidence(load_cohort(workspace.cohort()), instrument, settings, truth=truth)
    assessment = assess(
        evidence.predictions,
        settings,
        groupings=groupings(instrument, landmark=settings.cohort.landmark),
        evidence=evidence.kind,
        out_of_fold=evidence.out_of_fold,
    )
    write_frame(workspace.assessment() / "predictions.parquet", evidence.predictions)
    write_frame(workspace.assessment() / "out_of_fold.parquet", evidence.out_of_fold)
    write_assessment(assessment, workspace.assessment())
