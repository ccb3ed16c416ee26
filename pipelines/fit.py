"""Stage `fit`: cohort → the equation, its points, and the evidence beside it, at every landmark."""

from pathlib import Path

from riskmodel.cohort.record import load_cohort
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.ground.alarm import Alarm, unmet
from riskmodel.ground.errors import shells_language, shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.lender import with_prior
from riskmodel.model.prior import earlier_accuracy
from riskmodel.model.published_fit import fit_published
from riskmodel.model.record import write_model
from riskmodel.release.verify import previous_release

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    previous = previous_release(workspace)
    fitted = {}
    for landmark in settings.cohort.landmarks:
        earlier = earlier_accuracy(previous, landmark) if previous else {}
        cohort = load_cohort(workspace.cohort(landmark))
        known = entering_instrument(instrument, cohort.refused)
        here = with_prior(settings.at(landmark), known, cohort.modelled[0])
        fitted[landmark] = fit_published(*cohort.modelled, known, here, **earlier)
    for landmark, (model, evidence) in fitted.items():
        write_model(model, evidence, workspace.model(landmark))
    alarms = [Alarm(**alarm) for _, evidence in fitted.values() for alarm in evidence["alarms"]]
    for told in unmet(settings.alarm.explained, alarms, stages=("fit",)):
        print(told.said(shells_language()))
