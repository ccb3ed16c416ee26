"""Stage `simulate`: the example municipality's raw delivery."""

import sys
from pathlib import Path

from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.simulate import simulate

with shown_plainly():
    settings = read_settings()
    instrument = read_instrument(Path(settings.delivery.instrument))
    simulate(Path(sys.argv[1]), instrument, seed=settings.run.seed)
