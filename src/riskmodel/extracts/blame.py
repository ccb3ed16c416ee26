"""Why headings were not found: the delimiter, row or sheet that would give them, the nearest spelling, what is there.

What stands in a file may be anything, a person's answers too. So a text of it is shown only where it nearly is a
heading that is asked for, or stands in a row that holds half of them.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.text import Text, listed, quoted
from riskmodel.instrument.spelling import spelling

LIKELY_DELIMITERS = ";,\t|"
LIKE = 0.75  # how like a heading must be to one that is asked for
HALF = 0.5  # of the headings asked for that a row must hold to be a row of headings
MOST_SHOWN = 12
MARKS = " '\"\u201d\u201c\u2019"
LONGEST_SHOWN = 60
FEWEST_ACROSS = 3
A_MONTH = re.compile(
    r"(?:19|20)\d\d[-./ M]?(?:0?[1-9]|1[0-2])(?:-01(?: 00:00:00)?)?|"
    r"(?:jan|feb|mar|apr|ma[jy]|jun|jul|aug|sep|o[ck]t|nov|dec)[a-z]*[-. ]*(?:\d\d)?\d\d",
    re.IGNORECASE,
)


class Begin(NamedTuple):
    """The first rows of a table as it stands in its file. sheet: its name, "" for text; lines: of text, not split."""

    sheet: str
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = ()


class _Fit(NamedTuple):
    found_n: int
    row: int
    delimiter: str = ""
    sheet: str = ""


def told_headings(
    own: Sequence[str], wanted: Collection[str], begins: Iterable[Begin], wordings: Mapping[str, str]
) -> list[Text]:
    """What is known of headings that were not found, in sentences; own: those of the row that was read.

    wordings: heading to the question, where the file says so.
    """
    asked = {spelling(heading) for heading in wanted}
    found_n = len(asked & {*map(spelling, own)})
    return [
        *told_place(own, wanted, begins),
        *_marked(own, asked),
        *_across(own),
        *_nearest(own, wanted, wordings),
        *_others(own, asked, found_n),
    ]


def told_place(own: Sequence[str], wanted: Collection[str], begins: Iterable[Begin]) -> list[Text]:
    """Where more of the `wanted` headings stand than among `own`, and which sheets there are."""
    asked, begun = {*map(spelling, wanted)}, list(begins)
    found_n = len(asked & {*map(spelling, own)})
    return [*_fitting(asked, found_n, begun), *_in_one_cell(asked, begun), *_sheets(begun)] if asked else []


def _marked(own: Sequence[str], asked: set[str]) -> Iterator[Text]:
    """Whether the headings stand in quotation marks that are none to whoever reads the file."""
    bare = {spelling(heading.strip(MARKS)) for heading in own if heading != heading.strip(MARKS)}
    if len(asked & bare) >= HALF * len(asked):
        yield REFUSALS["marks_around"]


def months_across_n(cells: Iterable[str]) -> int:
    """How many of the cells are months, such as 2021-03 or mar-21."""
    return sum(A_MONTH.fullmatch(cell.strip()) is not None for cell in cells)


def _across(own: Sequence[str]) -> Iterator[Text]:
    """Whether a column stands for each month, where a row should."""
    if (n := months_across_n(own)) >= FEWEST_ACROSS:
        yield REFUSALS["months_across"].filled(n=n)


def _in_one_cell(asked: set[str], begins: Sequence[Begin]) -> Iterator[Text]:
    """Whether a sheet holds what should be cells in one, parted by a delimiter."""
    for begin in begins:
        for row in begin.rows:
            cells = [*map(spelling, split_line(row[0], ";" if ";" in row[0] else ","))] if len(row) == 1 else []
            if len(asked & {*cells}) >= max(2, HALF * len(asked)):
                yield REFUSALS["all_in_one_cell"].filled(sheet=quoted(begin.sheet))
                return


def _fitting(asked: set[str], found_n: int, begins: Sequence[Begin]) -> Iterator[Text]:
    """Where more of the headings stand than in the row that was read."""
    fits = [fit for begin in begins for fit in _fits(begin, asked)]
    best = max(fits, key=lambda fit: (fit.found_n, -fit.row), default=None)
    if best is not None and best.found_n > found_n:
        sheet = f', sheet = "{best.sheet}"' if best.sheet else ""
        delimiter = f', delimiter = "{_escaped(best.delimiter)}"' if best.delimiter else ""
        told = {"row": best.row, "n": best.found_n, "all": len(asked), "delimiter": delimiter, "sheet": sheet}
        yield REFUSALS["headings_fit"].filled(**told)


def _sheets(begins: Sequence[Begin]) -> Iterator[Text]:
    sheets = [quoted(begin.sheet) for begin in begins if begin.sheet]
    if len(sheets) > 1:
        yield REFUSALS["its_sheets"].filled(sheets=listed(sheets[:MOST_SHOWN]))


def _fits(begin: Begin, asked: set[str]) -> Iterable[_Fit]:
    for place, row in enumerate(begin.rows, start=1):
        yield _Fit(len(asked & {*map(spelling, row)}), place, sheet=begin.sheet)
    for place, line in enumerate(begin.lines, start=1):
        above = begin.lines[max(place - 2, 0)]
        for delimiter in LIKELY_DELIMITERS:
            row = below(above, split_line(line, delimiter), delimiter)
            yield _Fit(len(asked & {*map(spelling, row)}), place, delimiter)


def below(line: str, headings: Sequence[str], delimiter: str) -> Sequence[str]:
    """`headings`; where one is empty, as below a cell that is merged, what stands above it in `line`, if as wide."""
    above = split_line(line, delimiter)
    if len(above) != len(headings):
        return headings
    return [text if text.strip() else other for text, other in zip(headings, above, strict=True)]


def split_line(line: str, delimiter: str) -> list[str]:
    """The cells of a line of text; none where its quotation marks can't be read."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _nearest(own: Sequence[str], wanted: Collection[str], wordings: Mapping[str, str]) -> Iterator[Text]:
    """The headings of the file that nearly are one that is asked for and was not found, or are labelled as it is."""
    labelled = {spelling(wording): [spelling(heading)] for heading, wording in wordings.items()}
    there = {spelling(heading): heading for heading in own}
    left = {bare: heading for bare, heading in there.items() if bare not in {*map(spelling, wanted)}}
    near = []
    is_surely = len(wanted) - len({*map(spelling, wanted)} - there.keys()) >= HALF * len(wanted)
    for heading in (heading for heading in wanted if spelling(heading) not in there):
        like = get_close_matches(spelling(heading), list(left), n=1, cutoff=LIKE)
        longer = [bare for bare in left if bare.startswith(f"{spelling(heading)} ")] if is_surely else []
        for bare in labelled.get(spelling(heading)) or like or longer[:1]:
            near.append(REFUSALS["near_for"].filled(own=_shown(there[bare]), wanted=quoted(heading)))
    if near:
        yield REFUSALS["nearest"].filled(near=listed(near[:MOST_SHOWN]))


def _others(own: Sequence[str], asked: set[str], found_n: int) -> Iterator[Text]:
    """What was not asked for, of a row that surely is one of headings."""
    others = [heading for heading in own if spelling(heading) and spelling(heading) not in asked]
    if not others or found_n < HALF * len(asked):
        return
    shown = listed(map(_shown, others[:MOST_SHOWN]))
    if len(others) > MOST_SHOWN:
        shown = REFUSALS["and_more"].filled(shown=shown, n=len(others) - MOST_SHOWN)
    yield REFUSALS["others"].filled(shown=shown)


def _shown(heading: str) -> Text:
    """A heading as it may be written in an instrument, on one line."""
    return quoted(" ".join(heading.split())[:LONGEST_SHOWN])


def _escaped(delimiter: str) -> str:
    return delimiter.replace("\t", "\\t")


def told_cells(cells_n: Mapping[int, int], headings: Sequence[str], *, last_empty: bool, first: int) -> Text:
    """Why no row has as many cells as there are headings; cells_n: how many cells, to how many rows.

    last_empty: whether all rows end with a delimiter. first: the first row of the file with as many cells as most have.
    """
    most = max(cells_n, key=lambda n: cells_n[n])
    remedy = REFUSALS["first_of_them"].filled(first=first)
    if last_empty and most == len(headings) + 1:
        remedy = REFUSALS["rows_end_so"]
    elif most == len(headings) - 1 and not headings[-1].strip():
        remedy = REFUSALS["headings_end_so"]
    told = {"headings": len(headings), "n": cells_n[most], "all": sum(cells_n.values()), "most": most}
    return REFUSALS["wrong_cells"].filled(remedy=remedy, **told)
