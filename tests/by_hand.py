"""What an analyst writes in a drafted instrument, as a script of edits that counts its lines."""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

Edits = Mapping[str, Mapping[str, str | Sequence[str] | None]]


def written_by_hand(draft: str, edits: Edits) -> tuple[str, int]:
    """`draft` with each table's keys set (None: the line goes), and how many lines that took.

    edits: "municipality", "sources.intake", or the id of a part or item, to key to what stands behind the sign of
    equality. A key that is not there yet is written above the columns. Behind "levels" stand the codes in their order:
    it takes a line for each that must move.
    """
    tables, lines_n = re.split(r"\n(?=\n(?:#[^\n]*\n)*\[)", draft), 0
    for name, keys in edits.items():
        [place] = [place for place, table in enumerate(tables) if _name(table) == name]
        for key, value in keys.items():
            if key == "levels":
                tables[place], moved_n = _ordered(tables[place], value)
                lines_n += moved_n
            else:
                tables[place] = _edited(tables[place], key, value)
                lines_n += 1
    return "\n".join(tables), lines_n


def _name(table: str) -> str:
    heading = re.search(r"^\[+([\w.]+)\]+$", table, flags=re.MULTILINE)
    own = re.search(r'^id = "(\w+)"', table, flags=re.MULTILINE)
    return own[1] if own else heading[1] if heading else ""


def _edited(table: str, key: str, value: str | None) -> str:
    line = re.compile(rf"^{re.escape(key)} = .*\n?", flags=re.MULTILINE)
    new = "" if value is None else f"{key} = {value}\n"
    if line.search(table):
        return line.sub(lambda _: new, table, count=1)
    assert value is not None, f"{key} is not there"
    return re.sub(r"^columns = ", f"{new}columns = ", table, count=1, flags=re.MULTILINE)


def _ordered(table: str, codes: Sequence[str]) -> tuple[str, int]:
    lines = re.findall(r'^  \{ code = "(\w+)".*\n', table, flags=re.MULTILINE)
    by_code = {code: re.search(rf'^  \{{ code = "{code}".*\n', table, flags=re.MULTILINE)[0] for code in lines}
    assert {*codes} == {*lines}
    begins = table.index(by_code[lines[0]])
    ends = begins + sum(map(len, by_code.values()))
    kept = max(len(some) for n in range(len(codes) + 1) for some in combinations(lines, n) if _in_order(some, codes))
    return table[:begins] + "".join(by_code[code] for code in codes) + table[ends:], len(codes) - kept


def _in_order(some: Sequence[str], codes: Sequence[str]) -> bool:
    places = [codes.index(code) for code in some]
    return places == sorted(places)
