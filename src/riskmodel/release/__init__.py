"""What a release is, and whether it may be used: its record, its points, the ledger, signatures. Standard library."""

from pathlib import Path

from riskmodel.ground.text import CaseText
from riskmodel.ground.words import Words, read_words

FOLDER = Path(__file__).parent / "texts"
TEXTS = Words((key, CaseText(text.sv, text.en)) for key, text in read_words(FOLDER / "refusals.toml").items())
REFUSALS = read_words(FOLDER / "keeping.toml")
