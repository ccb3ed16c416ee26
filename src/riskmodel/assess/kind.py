"""What a year's predictions are evidence of, in words."""

from pathlib import Path

from riskmodel.words import read_words

TEMPORAL, OUT_OF_FOLD = "temporal", "out_of_fold"
TEXTS = read_words(Path(__file__).parent / "texts" / "kind.toml")
