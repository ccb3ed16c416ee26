"""Words of coded columns that the instrument gives no meaning, and words of the instrument that nobody wrote."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.disclosure.single import disclose_count
from riskmodel.extracts.answers import questions
from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.quarantine import NEVER, Finding
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import level_spellings, no_answer_spellings, spelling

SHOWN = re.compile(r"\w[\w ,/()-]{0,39}")  # a word that nothing runs and nothing formats
Tables = Mapping[DeliveredFile, TextTable]


@dataclass(frozen=True)
class _Coded:
    """A coded column: words of the instrument to their spellings, and spellings that say nothing."""

    heading: str
    words: Mapping[str, frozenset[str]]
    silent: frozenset[str]


def word_findings(tables: Tables, instrument: Instrument, *, profile: str) -> list[Finding]:
    """Words without meaning, shown where `profile` lets that many people be shown, and words never seen."""
    findings: list[Finding] = []
    unseen: dict[tuple[str, str], Finding] = {}
    seen: set[tuple[str, str]] = set()
    for file, table in tables.items():
        for coded in _coded(file, instrument):
            findings += _without_meaning(table, coded, instrument.sources[file.source], file=file.name, profile=profile)
            written = {*map(spelling, table.column(coded.heading).texts)}
            for word, own in coded.words.items():
                unseen[file.source, word] = Finding(file.name, f"{coded.heading}: {word}", NEVER, 0)
                seen |= {(file.source, word)} if own & written else set()
    return findings + [finding for word, finding in unseen.items() if word not in seen]


def _coded(file: DeliveredFile, instrument: Instrument) -> Iterable[_Coded]:
    """The coded columns of `file`; exits and states have words of their own, answers those of their levels."""
    source, silent = instrument.sources[file.source], frozenset(map(spelling, ("", *instrument.no_answer)))
    for role, words in (("exit", source.exit_codes), ("state", source.states), ("outcome", source.outcome_codes)):
        if words and role in source.columns:
            yield _Coded(source.columns[role], {word: frozenset([spelling(word)]) for word in words}, silent)
    for asked in questions(instrument, file.source, file.survey_year):
        if asked.heading and asked.item.levels:
            levels = {f"{asked.item.id} = {level.code}": level_spellings(level) for level in asked.item.levels}
            yield _Coded(asked.heading, levels, no_answer_spellings(asked.item, instrument.no_answer))


def _without_meaning(table: TextTable, coded: _Coded, source: Source, *, file: str, profile: str) -> list[Finding]:
    known, column = coded.silent.union(*coded.words.values()), table.column(coded.heading)
    is_unknown = column.each(lambda text: spelling(text) not in known, bool)
    person = table.column(source.columns["person"]).codes if "person" in source.columns else np.arange(table.rows_n)
    words = np.array([" ".join(text.split()) for text in column.texts], dtype=object)
    rows = pd.DataFrame({"word": words[column.codes[is_unknown]], "person": person[is_unknown]})
    counts = rows.groupby("word")["person"].agg(["size", "nunique"])
    return [
        Finding(file, _shown(coded.heading, word, people_n, profile=profile), "word_without_meaning", n)
        for word, n, people_n in counts.itertuples(name=None)
    ]


def _shown(heading: str, word: str, people_n: int, *, profile: str) -> str:
    is_shown = SHOWN.fullmatch(word) and disclose_count(people_n, profile=profile) is not None
    return f"{heading}: {word}" if is_shown else heading
