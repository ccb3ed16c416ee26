"""What was asked, where its answers stand in the files, and how they are spelled."""

from pathlib import Path

from riskmodel.ground.words import read_words

REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
