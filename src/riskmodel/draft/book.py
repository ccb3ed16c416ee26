"""A drafted instrument as a workbook, for whoever knows the questions and no TOML, and back again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from riskmodel.draft.refusals import REFUSALS
from riskmodel.draft.sections import Entry, Section
from riskmodel.extracts.identity import check_no_personal_numbers
from riskmodel.extracts.read_sheet import Rows, numbers_in_parts, read_sheets
from riskmodel.ground.errors import SettingsError, told_as
from riskmodel.ground.files import timeless_book
from riskmodel.instrument.load import OPEN
from riskmodel.instrument.records import NOT_ASKED

QUESTIONS, ANSWERS, OTHER = "questions", "answers", "other"
SHEETS = (QUESTIONS, ANSWERS, OTHER)
RESTS_ON = "# ?"  # the column of what guesses rest on; nobody reads it back
LISTS = ("no_answer", "grounds", "aliases", "purposes", "steps")  # a line each in one cell
WHOLE = ("format", "month", "header_row", "known_from", "minimum", "maximum", "year_offset", "steps", "outcome_codes")
DECIMAL = ("scale", "outcome_above")
TRUE_OR_FALSE = ("stable", "changeable", "audited", "route", "valid_for_all_cases")
TABLES = ("reader", "columns", "other_headings", "exit_codes", "outcome_codes")  # a key of theirs to a cell
TO_ADD = {QUESTIONS: ("justification",), ANSWERS: ("aliases", "merge_into")}  # columns for what no draft writes
OF_LAWYER = ("legal_basis", "purposes")  # rows for it
MARKED = PatternFill("solid", fgColor="FFF2CC")
WIDTH = 22
Row = Mapping[str, str]


def book_of(sections: Sequence[Section]) -> bytes:
    """The sections as a workbook: a row a question, a row an answer, and a row for every other key."""
    book = Workbook()
    book.remove(book.worksheets[0])
    items = [section for section in sections if section.path == "items"]
    others = [section for section in sections if section.path != "items"]
    answers = [
        {"item": _own_id(section)} | dict(_cells(level.items()))
        for section in items
        for entry in section.entries
        if entry.key == "levels" and isinstance(entry.value, list)
        for level in entry.value
    ]
    rest = [
        {"table": section.path, "key": key, "value": cell, RESTS_ON: entry.why}
        for section in others
        for entry in section.entries
        for key, cell in _cells([(entry.key, entry.value)])
    ]
    rest += [{"table": one.path, "key": key} for one in others if one.path.startswith("sources.") for key in OF_LAWYER]
    for name, rows in ((QUESTIONS, [_question(section) for section in items]), (ANSWERS, answers), (OTHER, rest)):
        _write(book, name, rows)
    content = BytesIO()
    book.save(content)
    return timeless_book(content.getvalue())


def sections_in(path: Path) -> list[Section]:
    """The sections that the workbook at `path` holds; a `SettingsError` where it is no such workbook."""
    with told_as(SettingsError, REFUSALS["book_unreadable"], file=path.name):
        content = path.read_bytes()
    check_no_personal_numbers(numbers_in_parts(content, where=path.name), where=path.name)
    sheets, *_ = read_sheets(content, where=path.name)
    found = {name: [*_rows(sheets[name])] for name in SHEETS if name in sheets}
    if len(found) < len(SHEETS):
        raise SettingsError(REFUSALS["other_book"].filled(file=path.name, n=len(found), sheets=", ".join(SHEETS)))
    typed = _typed(path.name)
    return [*_others(found[OTHER], typed), *_items(found[QUESTIONS], found[ANSWERS], typed)]


def _own_id(section: Section) -> str:
    return next((str(entry.value) for entry in section.entries if entry.key == "id"), "")


def _question(section: Section) -> dict[str, object]:
    entries = [entry for entry in section.entries if entry.key != "levels"]
    why = "\n".join(f"{entry.key}: {entry.why}" for entry in section.entries if entry.why)
    return dict(_cells((entry.key, entry.value) for entry in entries)) | {RESTS_ON: why}


def _cells(entries: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Key to what stands in its cell: of a table each key, of a list its lines."""
    for key, value in entries:
        if isinstance(value, Mapping):
            yield from ((f"{key}.{inner}", text if text != "" else NOT_ASKED) for inner, text in value.items())
        elif isinstance(value, list | tuple):
            yield key, "\n".join(map(str, value))
        else:
            yield key, value


def _write(book: Workbook, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    sheet = book.create_sheet(name)
    written = dict.fromkeys([*(key for row in rows for key in row), *TO_ADD.get(name, ())])
    keys = [*(key for key in written if key != RESTS_ON), *(key for key in written if key == RESTS_ON)]
    for place, row in enumerate([dict(zip(keys, keys, strict=True)), *rows], start=1):
        for column, key in enumerate(keys, start=1):
            if (value := row.get(key)) is None:
                continue
            cell = sheet.cell(place, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=place == 1)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins as a formula does is none …
                cell.number_format = "@"  # … and a code keeps its leading zeros
            if value == OPEN:
                cell.fill = MARKED
    for column in range(1, len(keys) + 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = WIDTH
    sheet.freeze_panes = "B2"


def _rows(rows: Rows) -> Iterator[Row]:
    """Heading to cell of every row that holds anything; what has no cell is left out."""
    heads = {place: key for place, key in (rows[0] if rows else {}).items() if key != RESTS_ON}
    for row in rows[1:]:
        found = {heads[place]: cell for place, cell in row.items() if place in heads}
        if found:
            yield found


def _typed(where: str) -> Callable[[str, str], object]:
    """What turns a cell into the value of its key."""

    def value_of(key: str, cell: str) -> object:
        own = key.split(".")[-1] if not key.startswith(TABLES) or key.startswith("reader.") else key.split(".")[0]
        kind = int if own in WHOLE else float if own in DECIMAL else str
        try:
            if own in LISTS:
                return [kind(line) for line in cell.split("\n")]
            if own in TRUE_OR_FALSE and cell.lower() in ("true", "false"):
                return cell.lower() == "true"
            return kind(cell) if cell != OPEN else cell
        except ValueError:
            raise SettingsError(REFUSALS["no_number"].filled(file=where, key=key)) from None

    return value_of


def _entries(cells: Iterable[tuple[str, str]], typed: Callable[[str, str], object]) -> tuple[Entry, ...]:
    """Entries of keys and cells; those of one table are together."""
    found: dict[str, object] = {}
    for key, cell in cells:
        table, _, inner = key.partition(".")
        if inner:
            own = found.get(table)
            answer = "" if cell == NOT_ASKED else typed(key, cell)
            found[table] = {**own, inner: answer} if isinstance(own, dict) else {inner: answer}
        else:
            found[key] = typed(key, cell)
    return tuple(Entry(key, value) for key, value in found.items())


def _others(rows: Iterable[Row], typed: Callable[[str, str], object]) -> Iterator[Section]:
    tables: dict[tuple[str, int], list[tuple[str, str]]] = {}
    part = 0  # each begins with its id; rows of any other table may stand anywhere
    for row in rows:
        name, key, cell = row.get("table", ""), row.get("key", ""), row.get("value", "")
        part += (name, key) == ("parts", "id")
        if cell or key == "no_answer":
            tables.setdefault((name, part * (name == "parts")), []).append((key, cell))
    # what has no table comes first
    for (name, _), cells in sorted(tables.items(), key=lambda table: table[0][0] != ""):
        yield Section(name, _entries(cells, typed), is_one_of=name == "parts")


def _items(questions: Iterable[Row], answers: Sequence[Row], typed: Callable[[str, str], object]) -> Iterator[Section]:
    for row in questions:
        own = (answer for answer in answers if answer.get("item") == row.get("id"))
        levels = [{key: typed(key, cell) for key, cell in answer.items() if key != "item"} for answer in own]
        entries = _entries(row.items(), typed)
        yield Section("items", (*entries, *([Entry("levels", levels)] if levels else [])), is_one_of=True)
