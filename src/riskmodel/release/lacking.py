"""What a gate lacks: a release holds the English sentence, and whoever shows it finds the Swedish by that."""

import re
import string
from pathlib import Path

from riskmodel.ground.text import Text
from riskmodel.ground.words import read_words

LACKING = read_words(Path(__file__).parent / "texts" / "lacking.toml")


def in_both(lacking: str) -> Text:
    """The sentence `lacking` of a release in both languages; as it stands where it is none of ours, a file's name."""
    found = ((text, re.fullmatch(_pattern(text.en), lacking)) for text in LACKING.values())
    return next((text.filled(**match.groupdict()) for text, match in found if match), Text(lacking, lacking))


def _pattern(template: str) -> str:
    parts = string.Formatter().parse(template)
    return "".join(re.escape(literal) + (f"(?P<{name}>.+)" if name else "") for literal, name, *_ in parts)
