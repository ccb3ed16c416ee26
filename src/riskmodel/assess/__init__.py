"""How good the predictions are: discrimination, calibration, net benefit, fairness, each with an interval."""

from pathlib import Path

from riskmodel.ground.words import read_words

REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")
