"""What is told, in both languages, when a release or an answer can't be used.

TEXTS: what whoever works on a case can mend; REFUSALS: what takes whoever keeps, signs or publishes the releases.
"""

from pathlib import Path

from riskmodel.ground.text import CaseText
from riskmodel.ground.words import Words, read_words

FOLDER = Path(__file__).parent / "texts"
TEXTS = Words((key, CaseText(text.sv, text.en)) for key, text in read_words(FOLDER / "refusals.toml").items())
REFUSALS = read_words(FOLDER / "keeping.toml")
