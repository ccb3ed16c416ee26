"""What was written in answer to one question, in every file that asks it, and under which headings it stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodel.disclosure.tables import disclose_count
from riskmodel.draft.contents import NEARLY_ALL
from riskmodel.draft.groups import NO_YEAR, with_meanings
from riskmodel.draft.lexicon import NO_ANSWER, NUMBERED
from riskmodel.draft.sources import Found
from riskmodel.extracts.text_table import TextColumn, text_array, text_column
from riskmodel.extracts.words import SHOWABLE
from riskmodel.instrument.spelling import spelling

ALIKE = 0.6  # of the different answers to two headings, where they are one question
FEWEST_ALIKE = 2
NEARLY_ALIKE, MANY_ANSWERS = 0.8, 4  # … where their headings have no word in common
NOT_ALIKE = (0.0, 0.0)
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
    """A question: how it is worded, its heading in each place that asks it, and its answers, a row each.

    written: see `answers_under`. meanings: what its codes mean where a file says so, the empty text for no answer; None
    where files say different things.
    """

    key: str
    wording: str
    at: Mapping[Place, str]
    written: pd.DataFrame
    meanings: Mapping[str, str] | None

    @cached_property
    def answers(self) -> pd.DataFrame:
        """What was written, in words for codes: for those of no answer, and for all where hardly one has none."""
        if not self.meanings:
            return self.written
        meant = self.written["word"].map(self.meanings)
        is_silent = self.written["word"].isin(NO_ANSWER) | (meant == "")
        is_known = meant.notna() | self.written["word"].isin([*map(spelling, self.meanings.values())])
        is_told = meant.notna() if is_known[~is_silent].mean() >= NEARLY_ALL else is_silent & meant.notna()
        word = self.written["word"].mask(is_told, meant.map(spelling, na_action="ignore"))
        return self.written.assign(word=word, text=self.written["text"].mask(is_told, meant))

    @cached_property
    def codes(self) -> dict[str, list[str]]:
        """Word to the codes that stand for it, where its answers are told so."""
        told = {code: spelling(label) for code, label in (self.meanings or {}).items()}
        words = {*told.values()} & {"", *self.answers["word"]}
        return {word: [code for code, own in told.items() if own == word] for word in words}

    @property
    def names(self) -> set[str]:
        """Its headings, spelled."""
        return {*map(spelling, self.at.values())}

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

    def told(self, word: str) -> str:
        """What a code means where the file says so, though not of all: the ends of a scale; else the word itself."""
        meant = (self.meanings or {}).get(word, "")
        return meant if SHOWABLE.fullmatch(meant) else self.usual[word]

    def silent(self, profile: str) -> list[str]:
        """The words that mean no answer, where enough people gave them."""
        return enough(people_by_word(self.answers[self.answers["word"].isin(NO_ANSWER)]), profile)

    def joined(self, other: "Asked") -> "Asked":
        """Both as one question, called as this one is."""
        both = pd.concat([self.written, other.written], ignore_index=True)
        meanings = with_meanings(self.meanings, other.meanings)
        return Asked(self.key, self.wording, {**other.at, **self.at}, both, meanings)


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
            known = key if key in by_key else _under_its_heading(asked, by_key.values())
            if known:
                by_key[known] = by_key[known].joined(asked)
            elif is_first:
                by_key[key] = asked
            else:
                later.append(asked)
        for other in later:
            same = _same(other, by_key.values(), later)
            by_key[same.key if same else other.key] = same.joined(other) if same else other
    return [*by_key.values()]


def _under_its_heading(asked: Asked, questions: Iterable[Asked]) -> str:
    """The key of the question that stands under the same heading elsewhere, where one of both has no other wording."""
    twins = [one.key for one in questions if not {*one.at} & {*asked.at} and one.names & asked.names]
    return twins[0] if len(twins) == 1 and asked.key != twins[0] and {asked.key, twins[0]} & asked.names else ""


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
    headings = {year: group.heading_in(year, key) if source.years else group.headings[key] for year in sorted(years)}
    at = {Place(source.name, year): heading for year, heading in headings.items()}
    answers = answers_under(source, key)
    is_asked = np.isin(group.year_of_row, [*years]) if source.years else np.ones(group.rows_n, dtype=bool)
    written = answers[is_asked].reset_index(drop=True)
    return Asked(key, group.wordings[key], at, written, group.meanings(key))


def _ids(person: TextColumn) -> np.ndarray:
    return np.array([spelling(text) for text in person.texts], dtype=object)[person.codes]


def _same(other: Asked, questions: Iterable[Asked], rivals: Iterable[Asked]) -> Asked | None:
    """The one question that has the answers of `other`, and a word of its wording or many answers, and is asked where
    `other` is not; of several the one with most words in common, unless it has more with one of the `rivals`.
    """
    apart = [one for one in questions if _may_be_one(one, other)]
    best = max((_likeness(one, other) for one in apart), default=NOT_ALIKE)
    same = [one for one in apart if _likeness(one, other) == best]
    if best == NOT_ALIKE or len(same) > 1:
        return None
    beside = [one for one in rivals if one is not other and {*one.at} & {*other.at} and _may_be_one(same[0], one)]
    return same[0] if all(_likeness(same[0], one) < best for one in beside) else None


def _may_be_one(one: Asked, other: Asked) -> bool:
    """Whether they are asked in different places, and no code means different things."""
    return not {*one.at} & {*other.at} and with_meanings(one.meanings, other.meanings) is not None


def _likeness(one: Asked, other: Asked) -> tuple[float, float]:
    """The words that both have, and the answers; `NOT_ALIKE` where too few to be one question."""
    words, answers = _words_in_common(one.key, other.key), _alike(one, other)
    is_alike = answers >= ALIKE if words else answers >= NEARLY_ALIKE and len(other.people) >= MANY_ANSWERS
    return (words, answers) if is_alike else NOT_ALIKE


def _alike(one: Asked, other: Asked) -> float:
    """The share of their answers that both have; of people who gave few of them nothing is told."""
    first, second = {*one.people}, {*other.people}
    return len(first & second) / len(first | second) if len(first & second) >= FEWEST_ALIKE else 0.0


def _words_in_common(one: str, other: str) -> float:
    """The share of their words that begin alike; a number before them or remarks in brackets behind say nothing."""
    if len({_bare(key) for key in (one, other)}) == 1:
        return 1.0
    first, second = ({word[:STEM] for word in re.findall(r"[^\W\d_]{4,}", key)} for key in (one, other))
    return len(first & second) / max(1, len(first | second))


def _bare(key: str) -> str:
    numbered = NUMBERED.match(key)
    return REMARK.sub("", key[numbered.end() :] if numbered else key).strip(" ?:.")
