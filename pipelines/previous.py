"""Stage `previous`: the ledger → which published release this run is compared with.

A new line in the ledger runs this stage alone, unless another release is meant then.
"""

from pathlib import Path

from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.release.verify import release_to_compare

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    municipality = read_instrument(Path(settings.delivery.instrument)).municipality_code
    found = release_to_compare(workspace.releases, settings.release.previous, municipality=municipality)
    write_bytes(workspace.previous, canonical_json(found), private=True)
