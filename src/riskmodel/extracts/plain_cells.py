"""Cells of the usual spelling, taken out of a sheet's XML by pattern before a parser goes through it.

A parser makes an object of every cell, and some workbooks hold millions that have a style alone. What is left, rows
without those cells and rows that hold any other, is parsed, so that what is no XML is still found.
"""

import re
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

MARK = "riskmodel.row"  # an attribute that says which cells were taken out of a row
BLOCK_BYTES, LONGEST_ROW = 1 << 18, 1 << 24
LONGEST_DECLARATION = 200  # bytes in which a sheet says how it is encoded
ENDS = "</row>"
END = ENDS.encode()
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
GAP = "\x01"  # where an empty cell stood, so that what stood around it does not run together
NOT_PLAIN = ("<!", MARK, GAP, "\ufffe", "\uffff")  # rows in comments are none; the three signs no XML has
TEXT = r"[^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f]*+"


def _cell(column: str, style: str, inline: str, kind: str, value: str) -> str:
    a_text = rf' t="inlineStr"><is><t(?: xml:space="preserve")?>{inline}</t></is>'
    any_other = rf'(?: t="{kind}")?><v>{value}</v>'
    return rf'<c r="{column}[1-9][0-9]{{0,6}}"(?: s="{style}")?(?:{a_text}|{any_other})</c>'


EMPTY = re.compile(r'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,9}")?(?: t="[A-Za-z]{1,9}")? ?/>')
PARTS = ("[A-Z]{1,3}", "[0-9]{1,9}", TEXT, "[A-Za-z]{1,9}", TEXT)
PLAIN_ROW = re.compile(
    rf'<row(?P<place> r="[1-9][0-9]{{0,6}}")?(?P<rest>(?: [^<>/]*)?)>(?P<cells>(?>{_cell(*PARTS)}|{GAP})*+)'
)
CELL = re.compile(_cell(*(f"({part})" for part in PARTS)))
# its column and style, an inline text, or the kind of a value and how it is written
PlainCell = tuple[str, str, str, str, str]


class PlainCells:
    """The XML of a sheet without its plain cells, which stand here until the parsed row asks for them."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}
        self._taken_n = 0
        self._rests: set[str] = set()  # what stands in rows beside their number, and the parser has seen
        self._left_out = ""

    def of(self, row: Element) -> list[PlainCell] | None:
        """The cells that were taken out of the parsed `row`; None where they stand there still."""
        cells = self._taken.pop(row.get(MARK, ""), None)
        return None if cells is None else CELL.findall(cells)

    def left_of(self, source: IO[bytes]) -> Iterator[bytes]:
        """The XML in `source`, block by block, without the cells of rows that hold plain cells alone."""
        block = left = source.read(BLOCK_BYTES)
        is_plain = _is_utf8(block)
        while block:
            ends = left.rfind(END) + len(END) if END in left else 0
            if is_plain and ends:
                rows = left[:ends].decode("utf-8")
                is_plain = not any(sign in rows for sign in NOT_PLAIN)
                yield self._without_cells(rows).encode() if is_plain else self._counted().encode() + left[:ends]
                left = left[ends:]
            elif not is_plain or len(left) > LONGEST_ROW:
                yield self._counted().encode() + left
                left = b""
            block = source.read(BLOCK_BYTES)
            left += block
        yield self._counted().encode() + left

    def _without_cells(self, rows: str) -> str:
        """The text of some rows, the last of them whole."""
        *whole, rest = rows.split(ENDS)
        return "".join([*map(self._without, whole), rest])

    def _without(self, text: str) -> str:
        """A row, and what stands before it, without its cells where they are plain; without it where it has none."""
        begins = text.rfind("<row")
        row = PLAIN_ROW.fullmatch(EMPTY.sub(GAP, text[begins:])) if begins >= 0 else None
        if row is None:
            return f"{self._counted()}{text}{ENDS}"
        before, cells = text[:begins], row["cells"].strip(GAP)
        is_placed = row["place"] is not None and "<row" not in before
        if is_placed and not cells and row["rest"] in self._rests:
            self._left_out = f"<row{row['place']}/>"
            return before
        counted = self._counted()
        if is_placed:
            counted = ""
            self._rests.add(row["rest"])
        if not cells:
            return f"{counted}{before}<row{row['place'] or ''}{row['rest']}/>"
        self._taken_n += 1
        self._taken[str(self._taken_n)] = cells
        return f'{counted}{before}<row{row["place"] or ""}{row["rest"]} {MARK}="{self._taken_n}"/>'

    def _counted(self) -> str:
        """The last row that was left out, for one that does not say where it stands and follows it."""
        row, self._left_out = self._left_out, ""
        return row


def _is_utf8(begins: bytes) -> bool:
    declared = DECLARED.search(begins[:LONGEST_DECLARATION].partition(b"?>")[0])
    return b"\0" not in begins[:LONGEST_DECLARATION] and (declared is None or declared[1].lower() == b"utf-8")
