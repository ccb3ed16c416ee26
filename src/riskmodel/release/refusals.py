"""What a caseworker is told, in both languages, when a release or an answer can't be used."""

from pathlib import Path

from riskmodel.ground.words import read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
