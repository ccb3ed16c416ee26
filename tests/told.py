"""A refusal in both languages: what it says in English, held to what it says in Swedish."""

import re
from collections import Counter

from riskmodel.ground.errors import RiskModelError


def in_both(error: RiskModelError) -> str:
    """What `error` says in English, after looking that the Swedish is another sentence with the same numbers."""
    swedish, english = map(error.said, ("sv", "en"))
    assert swedish != english
    assert numbers(swedish) == numbers(english), (swedish, english)
    return english


def numbers(told: str) -> Counter[str]:
    """The groups of digits in `told`, whatever parts them."""
    return Counter(re.findall(r"\d+", told))
