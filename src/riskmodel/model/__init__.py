"""Answers to equation to points: `fit` is the procedure, `record` what it leaves, `points` the published arithmetic."""

from pathlib import Path

from riskmodel.ground.words import read_words

REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
