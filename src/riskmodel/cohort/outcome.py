"""What became of a case: three named definitions of long-term assistance, and when each was decided.

Months are counted from the intake month (0). `received` has one column per month, shape (n, months), bool;
`observed_n` says how many months from the intake month on were observed at all, shape (n,), int. An outcome is
1, 0 or UNDECIDED; `decided_month` is how many months had to be observed for it, 0 while undecided.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from riskmodel.ground.settings import CohortSettings
from riskmodel.ground.words import Text, read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "outcome.toml")
UNDECIDED = -1
OVER_TEN_OF_TWELVE = (11, 12)  # more than ten of twelve is at least eleven
NATIONAL_YEAR = (10, 12)  # the national statistics: at least ten months of a calendar year
LEFT_MONTHS = slice(3, 6)  # left within 100 days: nothing in months 3, 4 and 5


@dataclass(frozen=True)
class Outcome:
    """One definition applied to n cases. followed_n: months from the intake month on that it looks at, shape (n,)."""

    name: str
    text: Text
    value: np.ndarray
    decided_month: np.ndarray
    followed_n: np.ndarray


def outcomes(
    received: np.ndarray, observed_n: np.ndarray, intake_month: np.ndarray, settings: CohortSettings
) -> dict[str, Outcome]:
    """All three definitions by name. received: at least 24 and `settings.w` months wide."""
    ten_at_least, ten_months_n = OVER_TEN_OF_TWELVE
    decisions = {
        "over_ten_of_twelve": decide(received[:, :ten_months_n], observed_n, at_least=ten_at_least),
        "national_year": _national_year(received, observed_n, intake_month % 12),
        "k_of_w": decide(received[:, : settings.w], observed_n, at_least=settings.k),
    }
    texts = outcome_texts(settings)
    return {
        name: Outcome(name, texts[name], value, decided_month, followed_months_n(name, intake_month, settings))
        for name, (value, decided_month) in decisions.items()
    }


def followed_months_n(name: str, intake_month: np.ndarray, settings: CohortSettings) -> np.ndarray:
    """Months from the intake month on that the definition `name` looks at, shape (n,)."""
    to_the_end_of_next_year_n = 2 * NATIONAL_YEAR[1] - intake_month % 12
    fixed = {"over_ten_of_twelve": OVER_TEN_OF_TWELVE[1], "k_of_w": settings.w}
    return np.full(len(intake_month), fixed[name]) if name in fixed else to_the_end_of_next_year_n


def outcome_texts(settings: CohortSettings) -> dict[str, Text]:
    """Each definition in words, "at least" and "more than" spelled out."""
    return {name: text.filled(k=settings.k, w=settings.w) for name, text in TEXTS.items()}


def decide(received: np.ndarray, observed_n: np.ndarray, *, at_least: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether `at_least` of the columns are receipts: (outcome, decided_month), from the observed columns alone.

    Decided once the count has reached `at_least`, or has missed so many months that it no longer can.
    """
    months_n = received.shape[1]
    observed = np.arange(months_n) < observed_n[:, None]
    reached = _first(np.cumsum(received & observed, axis=1) >= at_least)
    missed = _first(np.cumsum(~received & observed, axis=1) > months_n - at_least)
    value = np.where(reached > 0, 1, np.where(missed > 0, 0, UNDECIDED))
    return value, np.maximum(reached, missed)


def left_within_100_days(received: np.ndarray, observed_n: np.ndarray) -> np.ndarray:
    """1 without receipt in months 3, 4 and 5; 0 with one; UNDECIDED when they are not all observed and none is seen."""
    observed = np.arange(received.shape[1]) < observed_n[:, None]
    seen = (received & observed)[:, LEFT_MONTHS].any(axis=1)
    return np.where(seen, 0, np.where(observed_n >= LEFT_MONTHS.stop, 1, UNDECIDED))


def _national_year(received: np.ndarray, observed_n: np.ndarray, passed_n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """passed_n: months of the intake's calendar year before the intake; clean, so observed and missed."""
    at_least, year_n = NATIONAL_YEAR
    months = np.arange(2 * year_n) - passed_n[:, None]
    calendar = np.take_along_axis(received, np.maximum(months, 0), axis=1) & (months >= 0)
    observed_of_calendar_n = observed_n + passed_n
    first, first_decided = decide(calendar[:, :year_n], observed_of_calendar_n, at_least=at_least)
    second, second_decided = decide(calendar[:, year_n:], observed_of_calendar_n - year_n, at_least=at_least)
    # a decision about the second year needs the whole first one, so the first is then decided as well
    value = np.where(first == 1, 1, second)
    decided = np.where(first == 1, first_decided, second_decided + year_n) - passed_n
    return value, np.where(value == UNDECIDED, 0, decided)


def _first(reached: np.ndarray) -> np.ndarray:
    """How many columns it takes until one is true, 0 when none is, shape (n,)."""
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1, 0)
