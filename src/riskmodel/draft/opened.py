"""A file of a delivery with the reader that fits it: delimiter, encoding, sheet, row of headings."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from riskmodel.draft.encodings import broken_n, encoding_of
from riskmodel.draft.lexicon import NO_ANSWER, ROLES, says
from riskmodel.draft.refusals import REFUSALS
from riskmodel.extracts.blame import FEWEST_ACROSS, LIKELY_DELIMITERS, months_across_n
from riskmodel.extracts.file_kinds import SPREADSHEET, check_kind
from riskmodel.extracts.files import READERS, UNREADABLE
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_n
from riskmodel.extracts.no_rows import without_headings_again
from riskmodel.extracts.read_sheet import (
    ALL,
    Row,
    Rows,
    headings_at,
    numbers_in_parts,
    places_under,
    read_sheets,
    sheet_table,
)
from riskmodel.extracts.read_text import Content, known_encoding, pieces, read_text, unzipped
from riskmodel.extracts.read_typed import read_parquet, read_sav
from riskmodel.extracts.text_table import TextTable, check_rows, private_places
from riskmodel.extracts.wrapped import unwrapped
from riskmodel.ground.errors import SurveyDataError, told_as
from riskmodel.instrument.check_sources import DELIMITERS
from riskmodel.instrument.records import Reader, Source
from riskmodel.instrument.spelling import spelling

LOOK = 200  # rows that tell delimiter and headings
TITLES = 30  # rows above the headings, at most
MOST_FILLED = 0.6  # of the widest row, and a row of headings has so many cells
RUN = re.compile(r"[^\W_]+")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
NUMBER = re.compile(r"\d+")
NO_YEAR = 0
DATES = ("year", "month", "start")  # roles by which a row says when itself
Cells = Sequence[str]


@dataclass(frozen=True)
class Opened:
    """A file's table without the columns that hold personal numbers.

    private: their headings. doubled: those that stand more than once, whose columns are left out, too: nobody can say
    which is meant. called: key to what the column is called in another file of its kind. Of a workbook, first: the name
    of its first sheet; sheet: of this one; sheet_year: the year in it, where others of no date of their own are named
    alike but for theirs, else `NO_YEAR`; alike: those that are read with it; others: those that hold a table, too.
    """

    name: str
    reader: Reader
    table: TextTable
    private: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    first: str | None = None
    sheet: str = ""
    sheet_year: int = NO_YEAR
    alike: tuple[str, ...] = ()
    others: tuple["Opened", ...] = ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What each column is called, spelled: the question, where it is said of no other, else the heading."""
        own = [spelling(heading) for heading in self.table.headings]
        asked = [spelling(self.table.wordings.get(heading, "")) for heading in self.table.headings]
        n = Counter([*own, *asked])
        keys = (said if said and n[said] == 1 else key for key, said in zip(own, asked, strict=True))
        return tuple(self.called.get(key, key) for key in keys)

    def meanings(self, key: str) -> dict[str, str]:
        """Code, spelled, to what it means, where the file says so of a column; the empty text for no answer."""
        heading = self.table.headings[self.keys.index(key)]
        labels, missing = self.table.labels.get(heading, {}), self.table.missing.get(heading, frozenset())
        told = {spelling(code): "" if spelling(label) in NO_ANSWER else label for code, label in labels.items()}
        return told | dict.fromkeys(map(spelling, missing), "")

    @cached_property
    def broken_n(self) -> int:
        """How many different texts have letters that were lost in another encoding before."""
        return sum(broken_n(column.texts) for column in self.table.columns)

    @property
    def with_sheet(self) -> "Opened":
        """The same, with the sheet named in its reader."""
        is_one = self.sheet and self.reader.sheet != ALL
        return replace(self, reader=replace(self.reader, sheet=self.sheet)) if is_one else self

    def sheets(self, *, every: bool) -> list["Opened"]:
        """The table, with those on sheets of years, or `every` one beside it; named, where there is more than one."""
        beside = [one for one in self.others if every or one.sheet_year != NO_YEAR]
        return [one.with_sheet for one in (self, *beside)] if beside else [self]


def open_file(name: str, path: Path) -> Opened:
    """The table in the file at `path`; what can't be read, or has no row of headings, is a `SurveyDataError`."""
    with told_as(SurveyDataError, UNREADABLE, file=name):
        check_kind(path, name=name, allowed=READERS)
        suffix = next(ending for ending in READERS if name.lower().endswith(ending))
        opened = _opened(name, path, suffix)
    check_rows(opened.table, where=name)
    return opened


def _opened(name: str, path: Path, suffix: str) -> Opened:
    if suffix in SPREADSHEET:
        return _opened_book(name, path.read_bytes())
    if suffix in (".parquet", ".sav"):
        table = read_parquet(path, where=name) if suffix == ".parquet" else read_sav(path, where=name)
        return _usable(Opened(name, Reader(), table))
    content: Content = unzipped(path.read_bytes(), where=name) if suffix.endswith(".gz") else path
    reader = _text_reader(content, where=name)
    return _usable(Opened(name, reader, read_text(content, reader, where=name)))


def _opened_book(name: str, content: bytes) -> Opened:
    sheets, first, since_1904 = read_sheets(content, where=name)
    headed = {sheet: header_place(_first_rows(rows)) for sheet, rows in sheets.items()}
    places = {sheet: place for sheet, place in headed.items() if place is not None}
    if not places:
        _check_not_across(name, [row.values() for rows in sheets.values() for row in rows[:TITLES]])
        raise SurveyDataError(REFUSALS["no_headings_on_sheets"].filled(file=name, sheets=len(sheets), rows=TITLES))

    def opened(sheet: str, named: str | None) -> Opened:
        reader = Reader(header_row=places[sheet] + 1, sheet=named)
        table = sheet_table(sheets, first, since_1904, reader, where=name)
        return _usable(Opened(name, reader, table, first=first, sheet=sheet, sheet_year=years.get(sheet, NO_YEAR)))

    years = _years_of_sheets({sheet: headings_at(sheets[sheet], place + 1) for sheet, place in places.items()})
    largest = max(places, key=lambda sheet: len(sheets[sheet]))
    apart = {largest, *(years if largest in years else ())}
    alike = [sheet for sheet in places if sheet not in apart and _are_alike(sheets, places, sheet, largest)]
    found = opened(largest, ALL if alike else None if largest == first and apart == {largest} else largest)
    if found.private:
        return found
    # what stands beside the cells is searched where they hold none
    check_no_personal_numbers(numbers_in_parts(content, where=name), where=name)
    others = [
        sheet for sheet, place in places.items() if sheet not in (largest, *alike) and len(sheets[sheet]) > place + 1
    ]
    return replace(found, alike=tuple(alike), others=tuple(opened(sheet, sheet) for sheet in others))


def _check_not_across(name: str, rows: Iterable[Iterable[str]]) -> None:
    """Raise a `SurveyDataError` where a row has a column for each month, which is not read so."""
    if (n := max(map(months_across_n, rows), default=0)) >= FEWEST_ACROSS:
        raise SurveyDataError(REFUSALS["months_across"].filled(file=name, n=n))


def _years_of_sheets(heads: Mapping[str, Row]) -> dict[str, int]:
    """Sheet to the year in its name, of two or more that are named alike but for it and hold no date.

    heads: sheet to its headings.
    """
    years = {sheet: year for sheet in heads if (year := year_in(sheet)) != NO_YEAR}
    dated = {
        sheet for sheet in years for text in heads[sheet].values() if any(says(ROLES[role], text) for role in DATES)
    }
    named = {sheet: NUMBER.sub("#", spelling(sheet)) for sheet in years if sheet not in dated}
    n = Counter(named.values())
    return {sheet: years[sheet] for sheet, name in named.items() if n[name] > 1}


def year_in(name: str) -> int:
    """The first year in a name, `NO_YEAR` where it has none."""
    found = YEAR.search(name)
    return int(found[0]) if found else NO_YEAR


def _are_alike(sheets: Mapping[str, Rows], places: Mapping[str, int], one: str, other: str) -> bool:
    """Whether two sheets have the same headings in the same row, or one of them some more, and are read as one."""
    row = places[other] + 1
    head = headings_at(sheets[other], row)
    return places[one] == places[other] and bool(places_under(sheets[one], head, row))


def _first_rows(rows: Rows) -> list[Cells]:
    """The first rows of a sheet, a cell for each column that any of them has."""
    looked_at = rows[:LOOK]
    places = sorted({place for row in looked_at for place in row})
    return [[row.get(place, "") for place in places] for row in looked_at]


def _text_reader(content: Content, *, where: str) -> Reader:
    encoding = encoding_of(content, where=where)
    begins, lines = _joined(_first_lines(content, known_encoding(content, encoding, where=where)))
    by_sign = {sign: [*_rows(lines, sign)] for sign in dict.fromkeys(LIKELY_DELIMITERS + DELIMITERS)}
    sign = max(by_sign, key=lambda sign: _fit(by_sign[sign]))
    place = header_place(by_sign[sign])
    if place is None or _fit(by_sign[sign]) == 0:
        _check_not_across(where, by_sign[sign][:TITLES])
        raise SurveyDataError(REFUSALS["no_headings"].filled(file=where, rows=TITLES))
    return Reader(delimiter=sign, encoding=encoding, header_row=begins[place] + 1)


def _joined(lines: Sequence[str]) -> tuple[list[int], list[str]]:
    """Rows that may run over lines, as a heading that is quoted does: the place each begins at, and its text."""
    begins, rows = [0], [""]
    for place, line in enumerate(lines):
        if rows[-1].count('"') % 2 == 0 and place:
            begins.append(place)
            rows.append(line)
        else:
            rows[-1] = f"{rows[-1]}\n{line}" if place else line
    return begins, rows


def _first_lines(content: Content, encoding: str) -> list[str]:
    return next(islice(pieces(content, encoding), 1), "").split("\n")[:LOOK]


def _rows(lines: Sequence[str], sign: str) -> list[Cells]:
    try:
        return [next(csv.reader([line], delimiter=sign), []) for line in lines]
    except csv.Error:
        return []


def _fit(rows: Sequence[Cells]) -> int:
    """How many cells stand in rows of the commonest width, the first of each row not counted."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max((n * (width - 1) for width, n in widths.items()), default=0)


def header_place(rows: Sequence[Cells]) -> int | None:
    """The place of the row of headings: the first wide one, unless it looks like answers."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    widest = max(filled[: 2 * TITLES], default=0)
    wide = [place for place in range(min(TITLES, len(rows))) if filled[place] >= max(2, MOST_FILLED * widest)]
    return wide[0] if wide and _are_headings(rows[wide[0]], rows[wide[0] + 1 :]) else None


def _are_headings(row: Cells, below: Sequence[Cells]) -> bool:
    """Whether the cells hold letters, and none stands among the answers below it or is formed as they are.

    One must be what such a column is called, and half of them stand once; or all do, and some answers below repeat:
    else it could be a row of answers, or of names and remarks. A whole row of headings that stands there once more,
    where files were put one after the other, in whatever order, is none of these.
    """
    whole = [*map(spelling, row)]
    written = [cell for cell in whole if cell]
    if not all(any(map(str.isalpha, cell)) for cell in written):
        return False
    answers = [spelled for other in below if sorted(spelled := [*map(spelling, other)]) != sorted(whole)]
    columns = [
        [other[place] for other in answers if place < len(other) and other[place]] for place in range(len(whole))
    ]
    is_called = any(says(words, cell) for cell in written for words in ROLES.values())
    once_n = sum(n == 1 for n in Counter(written).values())
    repeat = any(len({*column}) < len(column) for column in columns)
    if not (2 * once_n >= len(written) if is_called else once_n == len(written) and repeat):
        return False
    return not any(cell and _is_one_of(cell, column) for cell, column in zip(whole, columns, strict=True))


def _is_one_of(cell: str, column: Sequence[str]) -> bool:
    """Whether it is one of the answers, or an id or a date as most of them are."""
    alike_n = sum(_form(other) == _form(cell) for other in column)
    return cell in column or (any(map(str.isdigit, cell)) and 2 * alike_n > len(column))


def _form(cell: str) -> str:
    """The cell with one sign for each run of letters, of digits, and of both."""
    return RUN.sub(lambda run: "a" if run[0].isalpha() else "9" if run[0].isdigit() else "x", cell)


def _usable(opened: Opened) -> Opened:
    """The file without the columns that hold personal numbers, and those whose heading another has, too."""
    table, _ = without_headings_again(unwrapped(opened.table), Source(opened.name, {}), where=opened.name)
    check_no_personal_numbers(personal_numbers_n((*table.headings, *table.elsewhere)), where=opened.name)
    if wrong_n := broken_n(table.headings):
        told = {"n": wrong_n, "all": len(table.headings)}
        raise SurveyDataError(REFUSALS["broken_headings"].filled(file=opened.name, **told))
    private, times = private_places(table), Counter(map(spelling, table.headings))
    once = [place for place, heading in enumerate(table.headings) if times[spelling(heading)] == 1]
    kept = [place for place in once if place not in private and table.headings[place].strip()]
    bare = replace(
        table,
        headings=tuple(table.headings[place] for place in kept),
        columns=tuple(table.columns[place] for place in kept),
    )
    doubled = {spelling(heading): heading for heading in reversed(table.headings) if times[spelling(heading)] > 1}
    return replace(
        opened,
        table=bare,
        private=tuple(table.headings[place] for place in sorted(private)),
        doubled=tuple(heading for heading in reversed(doubled.values()) if heading.strip()),
    )
