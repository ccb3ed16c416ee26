"""Files that belong together, as one table: those of one name but for a year or a number."""

import glob
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pyarrow as pa

from riskmodel.draft.contents import distinct_n, is_ids, is_money, is_months, words_of
from riskmodel.draft.lexicon import PAID_IN, ROLES, says
from riskmodel.draft.opened import NO_YEAR, NUMBER, YEAR, Opened, year_in
from riskmodel.draft.refusals import REFUSALS
from riskmodel.extracts.files import named_so
from riskmodel.extracts.text_table import TextColumn, text_column
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader
from riskmodel.instrument.spelling import spelling

SPAN = re.compile(rf"({YEAR.pattern})\s*[-–]\s*({YEAR.pattern})")
DIGIT = "[0-9]"
KEYED_ALIKE: Mapping[str, Callable[[TextColumn], bool]] = {  # roles whose content tells that two headings mean one
    "person": partial(is_ids, fewest=2),
    "household": is_ids,
    "month": is_months,
    "start": is_months,
    "amount": is_money,
    "area": lambda column: 0 < distinct_n(column) <= MOST_AREAS,
}
MOST_AREAS = 200
LEAST_ALIKE = 0.5  # of the fewer areas, that both of two files have
PAYMENTS = 2  # rows a person, from which on an amount is a payment and no answer
MARKS = ("*", f"{DIGIT}*", "")  # for a number, the widest first; the last stands for as many digits


@dataclass(frozen=True)
class Group:
    """Files, or sheets of one, of one pattern of names, and the year in each one's (`NO_YEAR` where none is)."""

    files: tuple[Opened, ...]
    years: tuple[int, ...]

    @property
    def names(self) -> str:
        """What it is called: its only file, or the first of them."""
        n = len({one.name for one in self.files})
        return self.files[0].name if n == 1 else f"{self.files[0].name} (+{n - 1})"

    @property
    def yearly_sheets(self) -> str:
        """What `sheet` says where the year stands in the names of sheets: one with {year}; else, the empty text."""
        marked = YEAR.sub("{year}", self.files[0].sheet, count=1) if self.files[0].sheet_year else ""
        fits = all(named_so(glob.escape(marked)).fullmatch(one.sheet) for one in self.files)
        return marked if fits else ""

    @cached_property
    def reader(self) -> Reader | None:
        """The one reader that fits all of its files; None where they need different ones."""
        if self.yearly_sheets:
            readers = {replace(one.reader, sheet=self.yearly_sheets) for one in self.files}
            return next(iter(readers)) if len(readers) == 1 else None
        readers = {one.reader for one in self.files}
        sheets = {reader.sheet for reader in readers} - {None}
        if len(sheets) == 1:  # the first sheet of some files is the one of the others
            [sheet] = sheets
            named = {replace(one.reader, sheet=sheet) for one in self.files if one.reader.sheet or one.first == sheet}
            fits = all(one.reader.sheet or one.first == sheet for one in self.files)
            readers = named if fits else readers
        return next(iter(readers)) if len(readers) == 1 else None

    def pattern(self, beside: Iterable[str], *, with_year: bool) -> str:
        """What `files` of a source says: the one name, or a pattern with {year} or a mark for each number that differs.

        beside: the names of other files, of which none may be meant, too. Where none will do: a `SurveyDataError`.
        """
        own, others = {one.name for one in self.files}, {*beside}
        with_year = with_year and not self.yearly_sheets
        for mark in MARKS:
            found = self._marked(mark, with_year=with_year)
            meant = {name for name in own | others if named_so(found).fullmatch(name)}
            if meant == own:
                return found
        raise SurveyDataError(REFUSALS["no_pattern"].filled(files=self.names, n=len(own)))

    def _marked(self, mark: str, *, with_year: bool) -> str:
        first, *between = map(glob.escape, NUMBER.split(self.files[0].name))
        numbers = [NUMBER.findall(one.name) for one in self.files]
        year = next((place for place, one in enumerate(numbers[0]) if with_year and YEAR.fullmatch(one)), None)
        instead = [
            "{year}" if place == year else of_files[0] if len({*of_files}) == 1 else mark or DIGIT * len(of_files[0])
            for place, of_files in enumerate(zip(*numbers, strict=False))
        ]
        return first + "".join(number + text for number, text in zip(instead, between, strict=False))

    @cached_property
    def headings(self) -> dict[str, str]:
        """Key to heading: of several the first file's."""
        pairs = [pair for one in self.files for pair in zip(one.keys, one.table.headings, strict=True)]
        return dict(reversed(pairs))

    def other_headings(self, key: str) -> list[str]:
        """The headings in other files that are not the first one's."""
        columns = (pair for one in self.files for pair in zip(one.keys, one.table.headings, strict=True))
        found = {spelling(heading): heading for own, heading in columns if own == key}
        return [heading for plain, heading in found.items() if plain != spelling(self.headings[key])]

    def heading_in(self, year: int, key: str) -> str:
        """The heading in the file of `year`."""
        one = self.files[self.years.index(year)]
        return one.table.headings[one.keys.index(key)]

    @cached_property
    def wordings(self) -> dict[str, str]:
        """Key to the question as a file words it, else its heading."""
        worded = (
            (heading, one.table.wordings.get(heading, "")) for one in self.files for heading in one.table.headings
        )
        asked = {spelling(wording): wording for _, wording in worded if wording}
        return {key: asked.get(key, heading) for key, heading in self.headings.items()}

    def is_called(self, words: re.Pattern[str], key: str) -> bool:
        """Whether the question or the heading holds one of `words`."""
        return says(words, key) or says(words, self.headings[key])

    def meanings(self, key: str) -> Mapping[str, str] | None:
        """What the files say that codes mean; None where they say different things of one code."""
        found: Mapping[str, str] | None = {}
        for one in self.files:
            found = with_meanings(found, one.meanings(key)) if key in one.keys else found
        return found

    @cached_property
    def order(self) -> list[str]:
        """The keys of all columns, in the order in which they first stand."""
        return [*dict.fromkeys(key for one in self.files for key in one.keys)]

    @cached_property
    def rows_n(self) -> int:
        """Rows of all files."""
        return sum(one.table.rows_n for one in self.files)

    @cached_property
    def year_of_row(self) -> np.ndarray:
        """The year in the name of each row's file, shape (n,)."""
        return np.repeat(self.years, [one.table.rows_n for one in self.files])

    def years_asked(self, key: str) -> set[int]:
        """The years whose file has the column."""
        pairs = zip(self.files, self.years, strict=True)
        return {year for one, year in pairs if key in one.keys}

    def column(self, key: str) -> TextColumn:
        """The column of all rows, the empty text where a file has none."""
        if key not in self._columns:
            self._columns[key] = self._joined(key)
        return self._columns[key]

    @cached_property
    def _columns(self) -> dict[str, TextColumn]:
        return {}

    def _joined(self, key: str) -> TextColumn:
        chunks = [_chunk(one, key) for one in self.files]
        joined = text_column(pa.chunked_array(chunks).unify_dictionaries())
        since_1904 = any(column.since_1904 for one in self.files for column in one.table.columns)
        return TextColumn(joined.distinct, joined.codes, since_1904)


def with_meanings(own: Mapping[str, str] | None, other: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Both as one, in the words of `own`; None where `other` calls a code what `own` calls another code."""
    if own is None or other is None:
        return None
    code_of = {spelling(label): code for code, label in own.items() if label}
    both = [(code, label, code_of.get(spelling(label), code)) for code, label in other.items() if code in own]
    moved = any(called_so != code or (label == "") != (own[code] == "") for code, label, called_so in both)
    return None if moved else {**other, **own}


def grouped(opened: Iterable[Opened]) -> list[Group]:
    """The files by their names; those that differ by a number alone stand together.

    Sheets of one workbook are groups of their own; of those of several, the sheets of one name.
    """
    files = [*opened]
    alike = {one.name: NUMBER.sub("#", spelling(one.name)) for one in files}
    shared = {alike[name] for name, n in Counter(one.name for one in files).items() if n > 1}
    by_name: dict[tuple[str, str], list[Opened]] = defaultdict(list)
    for one in files:
        sheet = NUMBER.sub("#", spelling(one.sheet)) if one.sheet_year else spelling(one.sheet)
        by_name[alike[one.name], sheet if alike[one.name] in shared else ""].append(one)
    return [_group(files) for _, files in sorted(by_name.items())]


def _group(files: list[Opened]) -> Group:
    years = [
        one.sheet_year or (NO_YEAR if len(files) == 1 and _spans(one.name) else year_in(one.name)) for one in files
    ]
    several = len({*years}) == len(years)
    order = sorted(range(len(files)), key=lambda place: (years[place], files[place].name))
    return Group(
        tuple(_with_one_key_a_role([files[place] for place in order])),
        tuple(years[place] if several else NO_YEAR for place in order),
    )


def _spans(name: str) -> bool:
    """Whether the name tells of more years than a school year has."""
    found = SPAN.search(name)
    return found is not None and int(found[2]) - int(found[1]) > 1


def _with_one_key_a_role(files: Sequence[Opened]) -> Iterator[Opened]:
    """The files, with the only column of each that is called by a role and holds such keyed as the first file's is."""
    called: list[dict[str, str]] = [{} for _ in files]
    for role, holds_such in KEYED_ALIKE.items():
        named = [_called_so(one, role, holds_such) for one in files]
        if all(len(keys) == 1 for keys in named) and _mean_one(files, [key for [key] in named], role):
            for own, [key] in zip(called, named, strict=True):
                own[key] = named[0][0]
    return (replace(one, called=own) for one, own in zip(files, called, strict=True))


def _called_so(one: Opened, role: str, holds_such: Callable[[TextColumn], bool]) -> list[str]:
    """The columns that are called by `role` and hold such; of several those that do not speak of payment."""
    pairs = zip(one.keys, one.table.columns, strict=True)
    named = [key for key, column in pairs if says(ROLES[role], key) and holds_such(column)]
    return named if len(named) < 2 else [key for key in named if not says(PAID_IN, key)]


def _mean_one(files: Sequence[Opened], keys: Sequence[str], role: str) -> bool:
    """Whether the columns mean the same: an amount that of payments, an area the same places for the most part."""
    columns = [one.table.columns[one.keys.index(key)] for one, key in zip(files, keys, strict=True)]
    if role == "area":
        first, *others = map(words_of, columns)
        return all(len(first & other) >= LEAST_ALIKE * min(len(first), len(other)) for other in others)
    return role != "amount" or all(map(_holds_payments, files))


def _holds_payments(one: Opened) -> bool:
    """Whether a person has several rows."""
    who = _called_so(one, "person", KEYED_ALIKE["person"])
    persons = [distinct_n(one.table.columns[one.keys.index(key)]) for key in who]
    return any(one.table.rows_n >= PAYMENTS * n for n in persons)


def _chunk(one: Opened, key: str) -> pa.DictionaryArray:
    table = one.table
    if key not in one.keys:
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(table.rows_n, dtype=np.int32)), pa.array([""]))
    column = table.columns[one.keys.index(key)]
    return pa.DictionaryArray.from_arrays(pa.array(column.codes.astype(np.int32)), column.distinct.cast(pa.string()))
