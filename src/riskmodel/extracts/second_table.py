"""Where another table begins below the first, on one sheet: below an empty row, with headings of its own."""

from collections.abc import Mapping, Sequence

from riskmodel.instrument.spelling import spelling

MOST_OF = (
    2 / 3
)  # of a table's headings: a row with so many of them holds its headings again; those of another year may differ
Row = Mapping[int, str]  # of each cell that holds anything the number of its column, and what it says


def place_of_second_table(rows: Sequence[Row], head: Row) -> int:
    """Which of `rows`, those below the headings `head`, are the first table's: all before the place that is returned.

    Another table begins below an empty row, where two cells or more are filled, no two alike and none with a digit or
    with what stands above it, and something follows. Rows of people have digits: a month, a birth year, an id.
    """
    known = {spelling(text) for text in head.values()}
    after_empty = (place for place in range(1, len(rows) - 1) if not holds_anything(rows[place - 1]))
    for place in after_empty:
        begins = {column: spelling(text) for column, text in _filled(rows[place]).items()}
        texts = {*begins.values()}
        is_head = len(begins) > 1 and len(texts) == len(begins) and not any(map(_has_digit, texts))
        if is_head and len(texts & known) < MOST_OF * len(known) and _is_new(begins, rows[:place]):
            return place
    return len(rows)


def holds_anything(row: Row) -> bool:
    """Whether a cell of `row` does."""
    return any(map(str.strip, row.values()))


def _filled(row: Row) -> Row:
    return {column: text for column, text in row.items() if text.strip()}


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _is_new(begins: Row, above: Sequence[Row]) -> bool:
    """Whether something stands above, and none of `begins` in its own column there."""
    said = [row for row in above if holds_anything(row)]
    return bool(said) and not any(
        spelling(row.get(column, "")) == text for row in said for column, text in begins.items()
    )
