"""From rows to new cases: who they are, what they answered, what became of them, at each landmark."""

from pathlib import Path

from riskmodel.ground.words import read_words

REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
