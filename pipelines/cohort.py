"""Stage `cohort`: the delivery becomes new cases with answers, outcomes and weights."""

from pathlib import Path

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import write_cohort
from riskmodel.errors import shown_plainly
from riskmodel.extracts.delivery import load_delivery
from riskmodel.instrument.load import read_instrument
from riskmodel.settings import read_settings
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    write_cohort(build_cohort(load_delivery(workspace.delivery), instrument, settings), workspace.cohort())
