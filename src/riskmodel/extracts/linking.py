"""Ways of writing one id, area or reason are made one across the delivery, before its rows are compared."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from riskmodel.extracts.causes import lost, nearly_called, recoded
from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.frames import FORMULA
from riskmodel.extracts.ids import DAMAGED, id_of, likely_same_n, odd_ids, same_case
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextColumn, TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import quoted
from riskmodel.instrument.records import Instrument
from riskmodel.instrument.spelling import spelling

ID_ROLES = {"person": ("one_person", "persons"), "household": ("one_household", "households")}  # and what they are of
WORD_ROLES = ("area", "exit")
NO_IDS = ("", DAMAGED, FORMULA)
NO_HOME = re.compile(r"\D+|-\d{1,2}")  # ensam, -1: where other ids have digits, none of a household
NINES = re.compile(r"9{3,}")  # the same, of more people than any other
ADULTS, MOST_NUMBERED = 2, 0.9  # of one household; of its source's ids
Columns = Mapping[DeliveredFile, tuple[str, TextColumn]]
Tables = Mapping[DeliveredFile, TextTable]
Respelled = dict[str, str]


def linked(tables: Tables, instrument: Instrument) -> tuple[dict[DeliveredFile, TextTable], list[Finding]]:
    """`tables` with one spelling for each person, household, area and exit, and how many rows were respelled.

    Ids that differ within one source by more than a trailing .0 may be two people: a `SurveyDataError`. So are ids
    that would be one without the noughts or letters in front; where some have them and most have not, that is told.
    """
    findings: list[Finding] = []
    one_way = dict(tables)
    for role in (*ID_ROLES, *WORD_ROLES):
        columns = _columns(one_way, instrument, role)
        found = _ids(columns, instrument, role) if role in ID_ROLES else _words(columns.values())
        if role == "household":
            found |= _no_homes(columns, _columns(one_way, instrument, "person"))
        if role == "area":
            found |= _joined(columns.values(), found, instrument)
            _check_letters(columns, instrument)
            findings += _nearly(columns, instrument)
        findings += _odd(columns, instrument, role) if role in ID_ROLES else []
        for file, (heading, column) in columns.items() if found else ():
            findings.append(Finding(file.name, heading, "respelled", int(column.each(found.__contains__, bool).sum())))
            one_way[file] = _with_column(one_way[file], column, column.meaning(_respelled(found)))
    return one_way, findings


def _respelled(found: Respelled) -> Callable[[str], str]:
    return lambda text: found.get(text, text)


def _columns(tables: Tables, instrument: Instrument, role: str) -> dict[DeliveredFile, tuple[str, TextColumn]]:
    """The heading and the column of `role` in every file that has it."""
    found = {}
    for file, table in tables.items():
        heading = instrument.sources[file.source].columns.get(role)
        if heading and spelling(heading) in map(spelling, table.headings):
            found[file] = (heading, table.column(heading))
    return found


def _ids(columns: Columns, instrument: Instrument, role: str) -> Respelled:
    called = id_of(map(spelling, instrument.no_answer))
    of_source: dict[str, set[str]] = {name: set() for name in instrument.sources}
    for file, (_, column) in columns.items():
        of_source[file.source].update(column.texts)
    several = _several({text for texts in of_source.values() for text in texts}, called)
    _check_case(several, of_source, columns, role)
    order = {text: place for place, texts in reversed([*enumerate(of_source.values())]) for text in texts}
    first = {key: min(texts, key=lambda text: (order[text], text)) for key, texts in several.items()}
    return _to_first(several, {key: same_case(text) for key, text in first.items()})


def _no_homes(homes: Columns, persons: Columns) -> Respelled:
    """Words and numbers that stand where a household should, for several people each, to the sign for none."""
    found = set()
    for file in homes.keys() & persons.keys():
        (_, home), (_, person) = homes[file], persons[file]
        pairs = np.unique(home.codes.astype(np.int64) << 32 | person.codes)
        people_n = np.bincount(pairs >> 32, minlength=len(home.distinct))
        people = Counter[str]()
        for text, n in zip(home.texts, people_n.tolist(), strict=True):
            people[spelling(text)] += n
        del people[""]
        if sum(any(map(str.isdigit, text)) for text in people) < MOST_NUMBERED * len(people):
            continue
        words = {text for text, n in people.items() if n > ADULTS and NO_HOME.fullmatch(text)}
        most_n = max((n for text, n in people.items() if text not in words and not NINES.fullmatch(text)), default=0)
        words |= {text for text, n in people.items() if n > max(ADULTS, most_n) and NINES.fullmatch(text)}
        found |= {text for text in home.texts if spelling(text) in words}
    return dict.fromkeys(found, "-")


def _odd(columns: Columns, instrument: Instrument, role: str) -> list[Finding]:
    """How many rows of each file have an id that is not numbered as most of its source are."""
    called = id_of(map(spelling, instrument.no_answer))
    findings = []
    for name in instrument.sources:
        own = {file: column for file, column in columns.items() if file.source == name}
        texts = {text for _, column in own.values() for text in column.texts if called(text) not in NO_IDS}
        ids = {*map(spelling, texts)}
        _check_once(ids, [file.name for file in own], name, role)
        for reason, odd in odd_ids(ids).items():
            written = {text for text in texts if spelling(text) in odd}
            for file, (heading, column) in own.items():
                findings.append(Finding(file.name, heading, reason, int(column.each(written.__contains__, bool).sum())))
    return findings


def _check_once(ids: Collection[str], files: list[str], name: str, role: str) -> None:
    found_n = likely_same_n(ids)
    if found_n:
        one, many = ID_ROLES[role]
        told = {"files": ", ".join(sorted(files)), "n": found_n, "one": REFUSALS[one], "many": REFUSALS[many]}
        raise SurveyDataError(REFUSALS["ids_two_ways"].filled(role=role, source=name, **told))


def _words(columns: Iterable[tuple[str, TextColumn]]) -> Respelled:
    rows_n: Counter[str] = Counter()
    for _, column in columns:
        rows_n.update(dict(zip(column.texts, np.bincount(column.codes, minlength=len(column.distinct)), strict=True)))
    several = _several(rows_n, lambda text: text)
    return _to_first(several, {key: _common(texts, rows_n) for key, texts in several.items()})


def _joined(columns: Iterable[tuple[str, TextColumn]], found: Respelled, instrument: Instrument) -> Respelled:
    """Texts of areas that count as another: to that one, as the delivery writes it where it does."""
    texts = {text for _, column in columns for text in column.texts}
    written = {spelling(text): " ".join(found.get(text, text).split()) for text in sorted(texts)}
    into = {spelling(join.old): written.get(spelling(join.into), join.into) for join in instrument.areas}
    return {text: into[spelling(text)] for text in texts if spelling(text) in into}


def _nearly(columns: Columns, instrument: Instrument) -> Iterator[Finding]:
    """How many rows of each file have an area that is called nearly as another, which nobody has joined."""
    rows_n: Counter[str] = Counter()
    for _, column in columns.values():
        counted = np.bincount(column.codes, minlength=len(column.distinct)).tolist()
        for text, n in zip(column.texts, counted, strict=True):
            rows_n[spelling(text)] += n
    alike = nearly_called(rows_n) - {spelling(join.old) for join in instrument.areas}
    for file, (heading, column) in columns.items():
        n = int(column.each(lambda text: spelling(text) in alike, bool).sum())
        yield Finding(file.name, heading, "area_alike", n)


def _check_letters(columns: Columns, instrument: Instrument) -> None:
    """Raise a `SurveyDataError` where areas have lost letters, or are another in another encoding."""
    known = {spelling(text) for _, column in columns.values() for text in column.texts}
    settled = {spelling(join.old) for join in instrument.areas}
    is_lost, is_recoded = lost(known), recoded(known)
    for file, (heading, column) in columns.items():
        broken = {
            text
            for text in column.texts
            if "\ufffd" in text or not text.isascii() and is_recoded(text) or is_lost(text)
        }
        broken = {text for text in broken if spelling(text) not in settled}
        n = int(column.each(broken.__contains__, bool).sum())
        if n:
            told = {"file": file.name, "heading": quoted(heading), "n": n, "all": len(column), "areas": len(broken)}
            raise SurveyDataError(REFUSALS["areas_garbled"].filled(**told))


def _common(texts: Iterable[str], rows_n: Mapping[str, int]) -> str:
    """The way of writing that most rows have."""
    by_form: Counter[str] = Counter()
    for text in texts:
        by_form[" ".join(text.split())] += rows_n[text]
    return min(by_form, key=lambda form: (-by_form[form], form))


def _several(texts: Iterable[str], called: Callable[[str], str]) -> dict[str, list[str]]:
    """Spelling to texts, where more than one form is written for it; blanks around a text are no form."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if called(text) not in NO_IDS:
            by_key[spelling(text)].append(text)
    return {key: same for key, same in by_key.items() if len({" ".join(text.split()) for text in same}) > 1}


def _to_first(several: Mapping[str, list[str]], first: Mapping[str, str]) -> Respelled:
    meant = {text: first[key] for key, texts in several.items() for text in texts}
    return {text: form for text, form in meant.items() if " ".join(text.split()) != form}


def _check_case(
    several: Mapping[str, list[str]], of_source: Mapping[str, set[str]], columns: Iterable[DeliveredFile], role: str
) -> None:
    for name, own in of_source.items():
        found_n = sum(len({same_case(text) for text in texts if text in own}) > 1 for texts in several.values())
        if found_n:
            files = ", ".join(sorted({file.name for file in columns if file.source == name}))
            told = {"role": role, "many": REFUSALS[ID_ROLES[role][1]], "source": name}
            raise SurveyDataError(REFUSALS["ids_two_cases"].filled(files=files, n=found_n, **told))


def _with_column(table: TextTable, old: TextColumn, new: TextColumn) -> TextTable:
    return replace(table, columns=tuple(new if column is old else column for column in table.columns))
