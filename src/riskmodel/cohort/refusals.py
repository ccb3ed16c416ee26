"""Why there is no cohort, in both languages: what was found, what is allowed, what to do."""

from pathlib import Path

from riskmodel.ground.words import read_words

REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
