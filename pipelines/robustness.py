"""Stage `robustness`: the procedure again on other samples of people, without an area or year, with other choices."""

from pathlib import Path

import click

from riskmodel.assess.repeated.multiverse import robustness, write_robustness
from riskmodel.cohort.record import load_cohort
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.lender import with_prior
from riskmodel.model.record import load_model

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    delivery = load_delivery(workspace.delivery)
    found = {}
    for landmark in settings.cohort.landmarks:
        cohort, model = load_cohort(workspace.cohort(landmark)), load_model(workspace.model(landmark))
        known = entering_instrument(instrument, cohort.refused)
        with click.progressbar(length=settings.assess.optimism, label=f"month {landmark}: resamples") as bar:
            found[landmark] = robustness(
                delivery,
                cohort,
                model,
                known,
                with_prior(settings.at(landmark), known, cohort.modelled[0]),
                progress=lambda done: bar.update(done - bar.pos),
            )
    for landmark, one in found.items():
        write_robustness(one, workspace.robustness(landmark))
