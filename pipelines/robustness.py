"""Stage `robustness`: the procedure again on other samples of people, without an area or year, with other choices."""

import sys
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
    found, landmarks, resamples_n = {}, settings.cohort.landmarks, settings.assess.optimism
    with click.progressbar(
        length=resamples_n * len(landmarks),
        label="robustness: resamples",
        show_pos=True,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        for place, landmark in enumerate(landmarks):
            cohort, model = load_cohort(workspace.cohort(landmark)), load_model(workspace.model(landmark))
            known = entering_instrument(instrument, cohort.refused)

            def show(done: int, before: int = place * resamples_n) -> None:
                bar.update(before + done - bar.pos)

            found[landmark] = robustness(
                delivery,
                cohort,
                model,
                known,
                with_prior(settings.at(landmark), known, cohort.modelled[0]),
                progress=show,
            )
    for landmark, one in found.items():
        write_robustness(one, workspace.robustness(landmark))
