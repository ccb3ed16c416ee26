"""Every sentence an advice is made of. Standard library only."""

from pathlib import Path

from riskmodel.ground.words import read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "advice.toml")
