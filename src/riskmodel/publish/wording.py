"""Texts that the acts share: what they say at the keyboard, and why something is refused."""

from pathlib import Path

from riskmodel.ground.words import read_words

ACTS = read_words(Path(__file__).parent / "texts" / "acts.toml")
REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
