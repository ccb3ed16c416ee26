"""Stage `fit`: cohort → the equation, its points, and the evidence beside it."""

from pathlib import Path

from riskmodel.cohort.record import load_cohort
from riskmodel.errors import shown_plainly
from riskmodel.instrument.load import read_instrument
from riskmodel.model.evidence import fit_published
from riskmodel.model.store import write_model
from riskmodel.settings import read_settings
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    cohort = load_cohort(workspace.cohort())
    model, evidence = fit_published(*cohort.modelled, instrument, settings)
    write_model(model, evidence, workspace.model())
