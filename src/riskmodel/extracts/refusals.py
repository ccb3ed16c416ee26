"""Why a delivery is refused, in both languages, and what is remarked of it.

REFUSALS: what was found, what is allowed, what to do. REASONS: of a row or cell, by the code that counts have.
"""

from pathlib import Path

from riskmodel.ground.words import read_words

FOLDER = Path(__file__).parent / "texts"
REFUSALS = read_words(FOLDER / "refusals.toml")
REASONS = read_words(FOLDER / "reasons.toml")
