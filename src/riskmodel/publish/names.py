"""Names of the people who act: written in one way, and as they look. Standard library only."""

import unicodedata

from riskmodel.ground.errors import GateError
from riskmodel.release.json_record import has_unseen

JAPANESE = {"CJK", "HIRAGANA", "KATAKANA"}  # written together


def named(name: str) -> str:
    """`name` without needless space; a `GateError` when no letter is left, or when it only looks like a name."""
    named = " ".join(name.split())
    letters = [letter for letter in named if unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo")]
    if not letters:
        raise GateError("A name is needed: who does this? Add --name, with letters in it.")
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in letters} - {"MICRO"}
    if has_unseen(named) or (len(alphabets) > 1 and not alphabets <= JAPANESE):
        raise GateError("A name is needed as it is written in one alphabet, without characters that can't be seen.")
    return named
