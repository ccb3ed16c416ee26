"""Making a release: proposing, deciding, rendering, publishing, taking out of use."""

from pathlib import Path

from riskmodel.ground.words import read_words

ACTS = read_words(Path(__file__).parent / "texts" / "acts.toml")
REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
