"""Each case's months after intake, and what became of it: three named definitions of long-term assistance.

Months are counted from the intake month (0). `received` has one column per month, shape (n, months), bool;
`observed_n` says how many months from the intake month on were observed at all, shape (n,), int. An outcome is
1, 0 or UNDECIDED; `decided_month` is how many months had to be observed for it, 0 while undecided.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.cohort.cases import RegisterHistory, longest_follow_up_n, received_by_month
from riskmodel.cohort.record import DECEMBER
from riskmodel.ground.settings import CohortSettings
from riskmodel.ground.words import Text, read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "outcome.toml")
UNDECIDED = -1
OVER_TEN_OF_TWELVE = (11, 12)  # more than ten of twelve is at least eleven
NATIONAL_YEAR = (10, 12)  # the national statistics: at least ten months of a calendar year
LEFT_MONTHS = slice(3, 6)  # left within 100 days: nothing in months 3, 4 and 5
ALWAYS_OBSERVED = 10_000  # months; no absence after the intake
FIRST_YEAR_N = 12


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


@dataclass(frozen=True)
class FollowUp:
    """The months of n cases, in their order.

    received: (n, months) bool, month 0 first. observed_n: months before the first absence. last_month: the youngest
    register month that can be relied on. outcomes: each definition by name. chosen: the settings' own.
    """

    received: np.ndarray
    observed_n: np.ndarray
    intake_month: np.ndarray
    last_month: int
    outcomes: dict[str, Outcome]
    chosen: Outcome

    def complete(self, months_n: np.ndarray | int) -> np.ndarray:
        """Whether the register covers `months_n` months from the intake month on, shape (n,), bool."""
        return self.intake_month + months_n - 1 <= self.last_month


def follow_up(cases: pd.DataFrame, history: RegisterHistory, settings: CohortSettings) -> FollowUp:
    """The follow-up of `cases` (person_id, intake_month, strip)."""
    received = received_by_month(cases["strip"], months_n=longest_follow_up_n(settings))
    intake_month = cases["intake_month"].to_numpy(dtype=np.int64)
    observed_n = _observed_n(cases, history.absences)
    found = outcomes(received, observed_n, intake_month, settings)
    last_month = history.last_month - settings.reporting_lag_months
    return FollowUp(received, observed_n, intake_month, last_month, found, found[settings.outcome])


def followed_columns(
    cases: pd.DataFrame, follow: FollowUp, exits: pd.DataFrame, *, lag: int
) -> dict[str, pd.Series | np.ndarray]:
    """The columns of a case that its follow-up decides; `outcome` as observed, before any censoring rule."""
    chosen = follow.chosen
    complete = follow.complete(chosen.followed_n)
    decided = complete & (chosen.value != UNDECIDED)
    left = left_within_100_days(follow.received, follow.observed_n)
    first_year = follow.received[:, :FIRST_YEAR_N] & (np.arange(FIRST_YEAR_N) < follow.observed_n[:, None])
    return {
        "complete": complete,
        "outcome": _whole(chosen.value, decided),
        **{
            name: _whole(one.value, follow.complete(one.followed_n) & (one.value != UNDECIDED))
            for name, one in follow.outcomes.items()
        },
        "receipt_months": _whole(first_year.sum(axis=1), follow.complete(FIRST_YEAR_N)),
        "decided_month": _whole(chosen.decided_month, decided),
        "censored_month": _whole(follow.observed_n, complete & ~decided),
        "exit": _exits(cases, follow, exits),
        "known_month": follow.intake_month + chosen.followed_n - 1 + lag,
        "left_within_100_days": _whole(left, follow.complete(LEFT_MONTHS.stop) & (left != UNDECIDED)),
    }


def latest_complete_year(history: RegisterHistory, settings: CohortSettings) -> int | None:
    """The last calendar year whose December intakes are followed up to the end; None when there is none."""
    years = np.arange(history.first_month // 12, history.last_month // 12 + 1)
    december = years * 12 + DECEMBER
    known_month = december + followed_months_n(settings.outcome, december, settings) - 1 + settings.reporting_lag_months
    complete = years[known_month <= history.last_month]
    return int(complete.max()) if len(complete) else None


def _observed_n(cases: pd.DataFrame, absences: pd.DataFrame) -> np.ndarray:
    """Months from the intake month to the first absence that begins after it."""
    pairs = cases[["person_id", "intake_month"]].assign(case=np.arange(len(cases))).merge(absences, on="person_id")
    months = (pairs["first_month"] - pairs["intake_month"])[pairs["first_month"] > pairs["intake_month"]]
    nearest = months.groupby(pairs["case"]).min()
    return nearest.reindex(np.arange(len(cases)), fill_value=ALWAYS_OBSERVED).to_numpy(dtype=np.int64)


def _exits(cases: pd.DataFrame, follow: FollowUp, exits: pd.DataFrame) -> np.ndarray:
    """The last exit reason registered in the observed months of the follow-up, "" when there is none."""
    observed_n = np.minimum(follow.observed_n, follow.chosen.followed_n)
    keys = cases[["person_id", "intake_month"]].assign(case=np.arange(len(cases)), observed_n=observed_n)
    pairs = keys.merge(exits, on="person_id")
    months_after = pairs["month"] - pairs["intake_month"]
    inside = pairs[(months_after >= 0) & (months_after < pairs["observed_n"])]
    last = inside.sort_values("month").drop_duplicates("case", keep="last").set_index("case")["exit"]
    return last.reindex(np.arange(len(cases)), fill_value="").to_numpy()


def _whole(values: np.ndarray, known: np.ndarray) -> pd.Series:
    """Whole numbers, NA where not known."""
    return pd.Series(values).astype("Int16").where(pd.Series(known))
