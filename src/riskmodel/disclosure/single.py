"""The rule in words, and what may leave of a single count or share."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.disclosure.spans import PROFILES, Profile, Span, change, is_handful, span_of
from riskmodel.ground.words import read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "rule.toml")
RATE_DECIMALS = 2
MEASURE_DECIMALS = 3


def rule_text(profile: str, language: str) -> str:
    """The rule of `profile` in one or two sentences, to stand under every table."""
    rule, say = PROFILES[profile], TEXTS.speaking(language)
    text = say("rule", least=rule.hidden_up_to + 1)
    return f"{text} {say('rounded', rounding=rule.rounding)}" if rule.rounding > 1 else text


def disclose_count(count: float | None, *, profile: str, before: Iterable[Span] = ()) -> int | None:
    """One count that belongs to no table, rounded; None when it is unknown or too small to show.

    before: what is known of the same count from what was shown earlier; None too when one of them and this would tell
    that it changed by a handful.
    """
    rule = PROFILES[profile]
    if count is None or pd.isna(count) or count <= rule.hidden_up_to:
        return None
    shown = int(rounded(np.array(int(count)), rule))
    now = span_of(shown, rule)
    return None if any(is_handful(change(now, one), limit=rule.hidden_up_to) for one in before) else shown


def disclose_rate(numerator: float | None, denominator: float | None, *, profile: str) -> float | None:
    """A share from rounded counts, two decimals; None when it, or what is left to the whole, is of too few people."""
    if numerator is None or denominator is None or pd.isna(numerator) or pd.isna(denominator):
        return None
    above = disclose_count(numerator, profile=profile)
    below = disclose_count(denominator, profile=profile)
    if above is None or below is None or disclose_count(denominator - numerator, profile=profile) is None:
        return None
    return round(min(above / below, 1.0), RATE_DECIMALS)


def rounded(counts: np.ndarray, rule: Profile) -> np.ndarray:
    """`counts` as `rule` rounds them."""
    return (counts + rule.rounding // 2) // rule.rounding * rule.rounding
