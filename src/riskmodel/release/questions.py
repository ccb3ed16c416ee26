"""The questions that law and reporting standards ask of a release, and which of them a register leaves open."""

from collections.abc import Iterable
from pathlib import Path

from riskmodel.ground.text import Text, listed
from riskmodel.ground.words import read_words

LISTS = ("tripod_ai", "annex_iv", "article_13")
TITLES = read_words(Path(__file__).parent / "texts" / "questions.toml")
QUESTIONS = {
    name: {key.removeprefix(f"{name}_"): title for key, title in TITLES.items() if key.startswith(name)}
    for name in LISTS
}  # list to id to title


def unanswered(name: str, *, missing: Iterable[str], in_part: Iterable[str], not_found: Iterable[str]) -> Text:
    """Which questions of the list `name` have no answer, half of one or one that leads nowhere, with their titles."""
    titles = QUESTIONS[name]
    by_state = (
        (TITLES["missing"], missing),
        (TITLES["in_part"], in_part),
        (TITLES["leads_nowhere"], not_found),
    )
    found = [text.filled(question=one, title=titles.get(one, one)) for text, ids in by_state for one in ids]
    return TITLES["open_in_list"].filled(list=name, questions=listed(found))
