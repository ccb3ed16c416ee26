"""What every release says in words: what it may be used for, what never, and under which rules its data arose."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from riskmodel.ground.words import LANGUAGES, MONTHS_A_YEAR, WRITING, read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "statements.toml")
PERMITTED_USES = tuple(map(TEXTS.both, ("permitted_offer", "permitted_evaluation")))
FORBIDDEN_USES = tuple(
    TEXTS.both(f"forbidden_{use}") for use in ("deny", "reduce", "revoke", "reclaim", "control", "sanctions", "queue")
)


def regime(first_month: int, last_month: int, reforms: Sequence[str]) -> dict[str, str]:
    """Under which rules the months from `first_month` to `last_month` lie, reform by reform."""
    return {language: " ".join(_regime(first_month, last_month, reforms, language)) for language in LANGUAGES}


def _regime(first_month: int, last_month: int, reforms: Sequence[str], language: str) -> Iterator[str]:
    say, (first, last) = TEXTS.speaking(language), map(WRITING[language].month, (first_month, last_month))
    yield say("window", first=first, last=last)
    for day in sorted(reforms):
        name = say(f"reform_{day}" if f"reform_{day}" in TEXTS else "reform_other")
        begins = _begins(date.fromisoformat(day), first_month, last_month)
        yield say(f"begins_{begins}", reform=name[0].upper() + name[1:], day=day)


def _begins(day: date, first_month: int, last_month: int) -> str:
    month = day.year * MONTHS_A_YEAR + day.month - 1
    return "after" if month > last_month else "before" if month <= first_month else "within"
