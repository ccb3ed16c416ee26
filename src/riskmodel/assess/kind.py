"""What a year's predictions are evidence of, in words."""

from pathlib import Path

from riskmodel.ground.words import read_words

OUT_OF_FOLD = "out_of_fold"
TEXTS = read_words(Path(__file__).parent / "texts" / "kind.toml")
