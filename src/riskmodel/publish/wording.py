"""What the acts say at the keyboard: the texts that protocol, exam and approval share."""

from pathlib import Path

from riskmodel.ground.words import read_words

ACTS = read_words(Path(__file__).parent / "texts" / "acts.toml")
