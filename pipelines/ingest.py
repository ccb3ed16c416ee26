"""Stage `ingest`: the raw delivery is read, checked and counted; what can be used goes to data/interim."""

from pathlib import Path

from riskmodel.extracts.delivery import changes_text, sweep_leftovers, unmet_notes, write_delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import shells_language, shown_plainly
from riskmodel.ground.private import close_folders
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument

with shown_plainly():
    workspace = Workspace()
    close_folders(workspace.closed)
    sweep_leftovers(workspace.delivery)
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    delivery = read_delivery(Path(settings.delivery.path), instrument, settings)
    write_delivery(delivery, workspace.delivery)
    if told := changes_text(delivery, settings.delivery.accepted, shells_language()):
        print(told)
    for unmet in unmet_notes(delivery, settings.delivery.accepted):
        print(unmet.said(shells_language()))
