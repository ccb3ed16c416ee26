"""Words of coded columns that the instrument gives no meaning, and words of the instrument that nobody wrote."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.disclosure.tables import disclose_count
from riskmodel.extracts.answers import questions
from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.quarantine import NEVER, Finding
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import level_spellings, no_answer_spellings, spelling

# a sentence that nothing runs; a sign of more or less before a number alone
SHOWABLE = re.compile(r"((<|>)=? ?(?=\d)|[≤≥] ?(?=\d))?[\w(”“][\w .,:;/()&+!?'’”“*%–<>-]{0,149}")
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
        if role in source.columns and (words or role == "exit"):  # without codes nobody has died or moved
            yield _Coded(source.columns[role], {word: frozenset([spelling(word)]) for word in words}, silent)
    for asked in questions(instrument, file.source, file.survey_year):
        if asked.heading and asked.item.levels:
            levels = {f"{asked.item.id} = {level.code}": level_spellings(level) for level in asked.item.levels}
            yield _Coded(asked.heading, levels, no_answer_spellings(asked.item, instrument.no_answer))


def _without_meaning(table: TextTable, coded: _Coded, source: Source, *, file: str, profile: str) -> list[Finding]:
    known, column = coded.silent.union(*coded.words.values()), table.column(coded.heading)
    is_unknown = column.each(lambda text: spelling(text) not in known, bool)
    if not is_unknown.any():
        return []
    person = table.column(source.columns["person"]).codes if "person" in source.columns else np.arange(table.rows_n)
    texts = np.array(column.texts, dtype=object)[column.codes[is_unknown]]
    counts = shown_words(texts, person[is_unknown], profile=profile)
    return [
        Finding(file, f"{coded.heading}: {word}" if word else coded.heading, "word_without_meaning", n)
        for word, n in counts.itertuples(index=False, name=None)
    ]


def shown_words(texts: Iterable[str], persons: np.ndarray, *, profile: str) -> pd.DataFrame:
    """How often each word was written, most often first: word ("" where `profile` shows no word that so few wrote), n.

    texts, persons: of each row.
    """
    rows = pd.DataFrame({"word": [" ".join(text.split()) for text in texts], "person": persons}).astype({"word": str})
    counts = rows.groupby("word")["person"].agg(["size", "nunique"]).reset_index()
    is_shown = [
        SHOWABLE.fullmatch(word) is not None and disclose_count(people_n, profile=profile) is not None
        for word, people_n in zip(counts["word"], counts["nunique"], strict=True)
    ]
    shown = pd.DataFrame({"word": counts["word"].where(np.array(is_shown, dtype=bool), ""), "n": counts["size"]})
    return shown.sort_values(["n", "word"], ascending=[False, True], ignore_index=True)
