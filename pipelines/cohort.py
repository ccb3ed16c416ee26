"""Stage `cohort`: the delivery becomes new cases with answers, outcomes and weights, one set a landmark."""

from pathlib import Path

from riskmodel.cohort.build import build_cohorts
from riskmodel.cohort.flow_alarms import alarms_of, refuse_broken_flow
from riskmodel.cohort.record import write_cohort
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    delivery = load_delivery(workspace.delivery)
    cohorts = build_cohorts(delivery, instrument, settings)
    refuse_broken_flow(alarms_of(cohorts.values()))
    for landmark, cohort in cohorts.items():
        write_cohort(cohort, workspace.cohort(landmark))
