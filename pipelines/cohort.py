"""Stage `cohort`: the delivery becomes new cases with answers, outcomes and weights, one set a landmark."""

from pathlib import Path

from riskmodel.cohort.build import build_cohorts
from riskmodel.cohort.flow_alarms import alarms_of, refuse_broken_flow
from riskmodel.cohort.record import write_cohort
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.alarm import unmet
from riskmodel.ground.errors import shells_language, shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    delivery = load_delivery(workspace.delivery)
    cohorts = build_cohorts(delivery, instrument, settings)
    alarms = alarms_of(cohorts.values())
    for told in unmet(settings.alarm.explained, alarms, stages=("cohort",)):
        print(told.said(shells_language()))
    refuse_broken_flow(alarms)
    for landmark, cohort in cohorts.items():
        write_cohort(cohort, workspace.cohort(landmark))
