"""What was written in answer to one question, in every file that asks it, and under which headings it stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodel.disclosure.tables import disclose_count
from riskmodel.draft.groups import NO_YEAR
from riskmodel.draft.lexicon import NO_ANSWER
from riskmodel.draft.sources import Found
from riskmodel.extracts.text_table import TextColumn, text_array, text_column
from riskmodel.extracts.words import SHOWABLE
from riskmodel.instrument.spelling import spelling

ALIKE = 0.6  # of the different answers to two headings, where they are one question
FEWEST_ALIKE = 2
NEARLY_ALIKE, MANY_ANSWERS = 0.8, 4  # … where their headings have no word in common
STEM = 5  # letters that two words begin with
REMARK = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Place:
    """A source and, of a survey with a file a year, the year; the place's key in an instrument is `name`."""

    source: str
    year: int = NO_YEAR

    @property
    def name(self) -> str:
        """As `columns` of an item has it."""
        return f"{self.source}.{self.year}" if self.year != NO_YEAR else self.source


@dataclass(frozen=True)
class Asked:
    """A question: its heading in each place that asks it, and its answers, a row each.

    answers: see `answers_under`.
    """

    key: str
    heading: str
    at: Mapping[Place, str]
    answers: pd.DataFrame

    @cached_property
    def said(self) -> pd.DataFrame:
        """The answers that say something."""
        return self.answers[~self.answers["word"].isin(NO_ANSWER)]

    @cached_property
    def people(self) -> dict[str, int]:
        """Word to how many people gave it, the commonest first."""
        return people_by_word(self.said)

    @cached_property
    def texts(self) -> TextColumn:
        """The answers as a column."""
        return text_column(text_array(self.said["text"]))

    def shown(self, profile: str) -> list[str]:
        """The words that so many people gave that `profile` lets them be shown, the commonest first."""
        return [word for word in enough(self.people, profile) if SHOWABLE.fullmatch(self.usual[word])]

    @cached_property
    def usual(self) -> dict[str, str]:
        """Word to how most rows write it."""
        return usual_form(self.answers)

    def silent(self, profile: str) -> list[str]:
        """The words that mean no answer, where enough people gave them."""
        return enough(people_by_word(self.answers[self.answers["word"].isin(NO_ANSWER)]), profile)

    def joined(self, other: "Asked") -> "Asked":
        """Both as one question, called as this one is."""
        both = pd.concat([self.answers, other.answers], ignore_index=True)
        return Asked(self.key, self.heading, {**other.at, **self.at}, both)


def people_by_word(answers: pd.DataFrame) -> dict[str, int]:
    """Word to how many people gave it, the commonest first. answers: word, person."""
    n = answers.groupby("word")["person"].nunique().sort_index().sort_values(ascending=False, kind="stable")
    return {str(word): int(people) for word, people in n.items()}


def usual_form(answers: pd.DataFrame) -> dict[str, str]:
    """Word to the text by which most rows write it. answers: word, text."""
    forms = answers.groupby(["word", "text"]).size().reset_index(name="n").sort_values(["n", "text"])
    return dict(zip(forms["word"], forms["text"], strict=True))


def enough(people: Mapping[str, int], profile: str) -> list[str]:
    """The words that so many people gave that `profile` lets them be shown."""
    return [word for word, n in people.items() if disclose_count(n, profile=profile) is not None]


def asked_questions(sources: Sequence[Found]) -> list[Asked]:
    """The questions of all sources; those under one heading, or alike in answers and words, are one."""
    by_key: dict[str, Asked] = {}
    for source in sources:
        later: list[Asked] = []
        for key in source.questions:
            asked = _asked(source, key)
            is_first = source is sources[0] and (not source.years or Place(source.name, source.years[0]) in asked.at)
            if key in by_key:
                by_key[key] = by_key[key].joined(asked)
            elif is_first:
                by_key[key] = asked
            else:
                later.append(asked)
        for other in later:
            same = _same(other, by_key.values())
            by_key[same.key if same else other.key] = same.joined(other) if same else other
    return [*by_key.values()]


def answers_under(source: Found, key: str) -> pd.DataFrame:
    """Every row of `source`: word, text and person (the row itself where nobody says who it is)."""
    group, column = source.group, source.group.column(key)
    plain = np.array([" ".join(text.split()) for text in column.texts], dtype=object)
    words = np.array([spelling(text) for text in column.texts], dtype=object)
    who = _ids(group.column(source.roles["person"].key)) if "person" in source.roles else np.arange(group.rows_n)
    return pd.DataFrame({"word": words[column.codes], "text": plain[column.codes], "person": who.astype(str)})


def _asked(source: Found, key: str) -> Asked:
    group = source.group
    years = group.years_asked(key) if source.years else {NO_YEAR}
    at = {Place(source.name, year): group.headings[key] for year in sorted(years)}
    answers = answers_under(source, key)
    is_asked = np.isin(group.year_of_row, [*years]) if source.years else np.ones(group.rows_n, dtype=bool)
    return Asked(key, group.headings[key], at, answers[is_asked].reset_index(drop=True))


def _ids(person: TextColumn) -> np.ndarray:
    return np.array([spelling(text) for text in person.texts], dtype=object)[person.codes]


def _same(other: Asked, questions: Iterable[Asked]) -> Asked | None:
    """The one question that has the answers of `other`, and a word of its heading or many answers, and is asked where
    `other` is not.
    """
    apart = (one for one in questions if not {*one.at} & {*other.at})
    found = [(_alike(one, other), _share_a_word(one.key, other.key), one) for one in apart]
    likely = [
        (is_named, alike, one)
        for alike, is_named, one in found
        if (is_named and alike >= ALIKE) or (alike >= NEARLY_ALIKE and len(other.people) >= MANY_ANSWERS)
    ]
    best = max(((is_named, alike) for is_named, alike, _ in likely), default=None)
    same = [one for is_named, alike, one in likely if (is_named, alike) == best]
    return same[0] if len(same) == 1 else None


def _alike(one: Asked, other: Asked) -> float:
    """The share of their answers that both have; of people who gave few of them nothing is told."""
    first, second = {*one.people}, {*other.people}
    return len(first & second) / len(first | second) if len(first & second) >= FEWEST_ALIKE else 0.0


def _share_a_word(one: str, other: str) -> bool:
    if len({REMARK.sub("", key).strip(" ?:.") for key in (one, other)}) == 1:
        return True
    first, second = ({word[:STEM] for word in re.findall(r"[^\W\d_]{4,}", key)} for key in (one, other))
    return bool(first & second)
