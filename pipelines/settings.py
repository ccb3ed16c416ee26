"""Stage `settings`: params.toml and the instrument can be read. It comes first: DVC empties a stage before it runs it.

What it writes is always the same, so that no stage runs again for a setting that it does not read.
"""

from pathlib import Path

from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.files import write_bytes
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument

with shown_plainly():
    workspace = Workspace()
    read_instrument(Path(read_settings(workspace.params).delivery.instrument))
    write_bytes(workspace.readable, b"settings and instrument can be read\n", private=True)
