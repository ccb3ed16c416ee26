"""Why something is refused here, in both languages: what was found, what is allowed, what to do."""

from pathlib import Path

from riskmodel.ground.text import read_own

REFUSALS = read_own(Path(__file__).parent / "texts" / "refusals.toml")
