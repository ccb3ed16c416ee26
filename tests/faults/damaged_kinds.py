"""Kinds of damage that a delivery can have: each changes a town's cells or bytes, and its truth where it says so."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from damaged_text import (
    commented,
    cut,
    huge_heading,
    in_text,
    inserted,
    marked,
    more_cells,
    of_another_kind,
    other_encoding,
    totalled,
    trailing,
)
from damaged_town import AREAS, FORMATS, HEADS, SOURCES, Town

from riskmodel.extracts.personal_numbers import luhn_sum

NO_HOME = ("NULL", "0", "Skyddad", "#N/A", "-", "Okänd", "\\N", "000", "N/A", "  ", "Sekretess", "Uppgift saknas")
ENCODINGS = ("unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-7", "zip", "rot13", "nothing", "utf-16")
DELIMITERS = ("å", "\\r", "\\u0000", " ", ".", "-", "+", "'", '\\"', "\\n", "::", "")
DAYS_TOO_LATE = ("10000-01-01", "99999-12", "10000-01-01 12:00", "31.12.10000")
UNLIKE = {"Öster": ("ÖSTER", "öster", "O\u0308ster", "Ös\u00adter"), "Norr": ("NORR", " Norr"), "Söder": ("söder",)}
SWEDEN = ZoneInfo("Europe/Stockholm")
MONTH_NAMES = "jan feb mar apr maj jun jul aug sep okt nov dec".split()
FEW, MANY, ALL = "few", "many", "all"


class Kind(NamedTuple):
    """damage: what is done to the town in one source. must_stop: when it is read at all, something is lost."""

    damage: Callable[[Town, str, random.Random], None]
    sources: tuple[str, ...] = SOURCES
    formats: tuple[str, ...] = FORMATS
    must_stop: bool = False


def _rows(town: Town, source: str, chances: random.Random, share: str = "") -> list[int]:
    n = len(town.cells[source])
    share = share or chances.choice((FEW, MANY, ALL))
    return sorted(chances.sample(range(n), {FEW: chances.randint(1, 3), MANY: max(2, n // 5), ALL: n}[share]))


def _cells(
    heading: str,
    change: Callable[[Any, random.Random], Any],
    *,
    share: str = "",
    truth: Callable[[Town, int], None] | None = None,
) -> Callable[[Town, str, random.Random], None]:
    """A damage that changes some cells under `heading`; truth: what is true of each such row of the register then."""

    def damage(town: Town, source: str, chances: random.Random) -> None:
        place = HEADS[source].index(heading)
        for row in _rows(town, source, chances, share):
            town.cells[source][row][place] = change(town.cells[source][row][place], chances)
            if truth:
                truth(town, row)

    return damage


def _by_person(change: Callable[[str, random.Random], str], heading: str = "Person") -> Callable:
    """A damage that writes some ids in another way in some of their rows."""

    def damage(town: Town, source: str, chances: random.Random) -> None:
        place = HEADS[source].index(heading)
        rows = town.cells[source]
        ids = sorted({str(row[place]) for row in rows if row[place] != ""})
        chosen = set(chances.sample(ids, chances.choice((1, 2, len(ids) // 3, len(ids)))))
        is_partly = chances.random() < 0.5
        for row in rows:
            if str(row[place]) in chosen and not (is_partly and chances.random() < 0.5):
                row[place] = change(str(row[place]), chances)

    return damage


def _as_decimal(text: str, chances: random.Random) -> str:
    """As a program writes a whole number in a column with gaps; what has a letter is no number."""
    return text if text[0].isalpha() else f"{text}.0"


def _alone(town: Town, row: int) -> None:
    town.receipts[row].home = None


def _many_alone(town: Town, source: str, chances: random.Random) -> None:
    """Four people or more who are alone have the same text for a household."""
    written = chances.choice(("ENSAM", "Ensamhushåll", "nej", "X", "9999", "999999", "-1", "-99"))
    few = chances.sample(sorted({receipt.person for receipt in town.receipts}), 4)
    for row, receipt in zip(town.cells[source], town.receipts, strict=True):
        if receipt.home is None or receipt.person in few:
            receipt.home, row[1] = None, written


def _reader(key: str, values: tuple[str, ...]) -> Callable[[Town, str, random.Random], None]:
    def damage(town: Town, source: str, chances: random.Random) -> None:
        town.readers[source] = f'{{ {key} = "{chances.choice(values)}" }}'

    return damage


def _unlike(area: str, chances: random.Random) -> str:
    return chances.choice(UNLIKE[area])


def _dates(change: Callable[[int, int], Any]) -> Callable[[Town, str, random.Random], None]:
    """A damage that writes all months of the intake in another form."""
    return _cells("Månad", lambda cell, _: change(int(cell[:4]), int(cell[5:])), share=ALL)


def _zone(cell: str, chances: random.Random) -> str:
    local = datetime(int(cell[:4]), int(cell[5:]), 1, tzinfo=SWEDEN)
    moment = local.astimezone(UTC)
    return chances.choice((local.isoformat(), moment.strftime("%Y-%m-%dT%H:%M:%SZ"), moment.strftime("%Y-%m-%d %H:%M")))


def _serial(year: int, month: int) -> int:
    return (datetime(year, month, 1) - datetime(1899, 12, 30)).days


def _money(form: Callable[[int], str]) -> Callable[[Town, str, random.Random], None]:
    """A damage that writes whole kronor in another form, in some rows or all."""

    def damage(town: Town, source: str, chances: random.Random) -> None:
        place = HEADS[source].index("Belopp")
        for row in _rows(town, source, chances):
            kronor = town.receipts[row].ore // 100
            town.receipts[row].ore = kronor * 100
            town.cells[source][row][place] = form(kronor)

    return damage


def _below(form: Callable[[int], str]) -> Callable[[Town, str, random.Random], None]:
    """A damage that writes a few rows as recoveries, in another form than with a minus in front."""

    def damage(town: Town, source: str, chances: random.Random) -> None:
        for row in _rows(town, source, chances, chances.choice((FEW, MANY))):
            town.receipts[row].ore = -50_000
            town.cells[source][row][HEADS[source].index("Belopp")] = form(500)

    return damage


def _number(chances: random.Random) -> str:
    born = f"{chances.randint(30, 99):02d}{chances.randint(1, 12):02d}{chances.randint(1, 28):02d}"
    nine = f"{born}{chances.randrange(1000):03d}"
    return nine + str(-luhn_sum(nine + "0") % 10)


def _disguised(town: Town, source: str, chances: random.Random) -> None:
    digits = _number(chances)
    date, last = digits[:6], digits[6:]
    forms = (
        *(digits, f"{date}-{last}", f"19{date}{last}", f"{date}\u2013{last}", f"{date} - {last}", f"{digits}.0"),
        *(f"Bo {date}-{last} x", f"{date}\u200b-{last}", f"19{date[:2]}-{date[2:4]}-{date[4:]} {last}"),
    )
    row = chances.choice(town.cells[source])
    row[chances.choice((0, -1))] = chances.choice(forms)


def _disguised_beside(town: Town, source: str, chances: random.Random) -> None:
    digits = _number(chances)
    name = chances.choice((b"kontakter.txt", b".dold.csv", b"~$x", b"mapp.csv"))
    town.made[name] = f"namn;nummer\nBo;{digits[:6]}-{digits[6:]}\n".encode()


def _foreign_name(town: Town, source: str, chances: random.Random) -> None:
    town.made[b"k\xf6pt.csv"] = b"a;b\n1;2\n"


def _repeated(town: Town, source: str, chances: random.Random) -> None:
    town.cells[source] += [list(town.cells[source][row]) for row in _rows(town, source, chances, FEW)]


def _born(change: Callable[[int], Any], share: str = ALL) -> Callable[[Town, str, random.Random], None]:
    return _cells("Födelseår", lambda cell, _: change(int(cell)), share=share)


def _turned(town: Town, source: str, chances: random.Random) -> None:
    """Every amount with its sign turned, as bookkeeping has them."""
    for row, receipt in enumerate(town.receipts):
        receipt.ore = -receipt.ore
        town.cells[source][row][HEADS[source].index("Belopp")] = receipt.ore / 100


def _again(town: Town, source: str, chances: random.Random) -> None:
    """All rows once more, with another remark, as a second export writes them."""
    town.cells[source] += [[*row[:-1], "ny"] for row in town.cells[source]]


def _month_totals(town: Town, source: str, chances: random.Random) -> None:
    months = sorted({(row[2], row[3]) for row in town.cells[source]})
    word = chances.choice(("Summa", "Totalt", "Delsumma:", "TOTAL", "Summa perioden"))
    town.cells[source] += [[word, "", year, month, 1e5, "", "", ""] for year, month in months]


def _invented(town: Town, source: str, chances: random.Random) -> None:
    row = list(town.cells[source][0])
    town.cells[source] += [[chances.choice(("TEST", "test01", "Testperson 2")), *row[1:]]]


def _mixed(lines: list[str], chances: random.Random) -> bytes:
    """A text in UTF-8, one line of which is not."""
    return "\n".join([*lines, ""]).encode() + lines[0].encode("cp1252") + b"\n"


ANSWERS, REGISTER, INTAKE = ("intake", "survey"), ("register",), ("intake",)
CSV = ("csv",)
WITH_AREA = ("register", "intake")
KINDS = {
    "quotation mark never closed": Kind(in_text(lambda lines, chances: marked(lines, chances, 1)), formats=CSV),
    "stray quotation marks": Kind(in_text(lambda lines, chances: marked(lines, chances, 2)), formats=CSV),
    "marks inside a cell": Kind(_cells("Anm", lambda *_: 'a "b" c"')),
    "comment over lines": Kind(in_text(commented), formats=CSV),
    "file cut short": Kind(in_text(cut), formats=CSV),
    "lone carriage returns": Kind(in_text(lambda lines, _: "\r".join(lines).encode()), formats=CSV),
    "delimiter at the end": Kind(in_text(trailing), formats=CSV),
    "blank line": Kind(in_text(inserted("")), formats=CSV),
    "line of nulls": Kind(in_text(inserted("\0\0\0")), formats=CSV),
    "headings once more": Kind(in_text(lambda lines, chances: inserted(lines[0])(lines, chances)), formats=CSV),
    "rows twice": Kind(_repeated),
    "no household": Kind(_cells("Hushåll", lambda _, chances: chances.choice(NO_HOME), truth=_alone), REGISTER),
    "no household, in a word or number of their own": Kind(_many_alone, REGISTER),
    "no person": Kind(_cells("Person", lambda _, chances: chances.choice(NO_HOME), share=FEW)),
    "ids rounded by a spreadsheet": Kind(_cells("Person", lambda *_: "1,23457E+11")),
    "households rounded": Kind(_cells("Hushåll", lambda *_: "1,23457E+11"), REGISTER),
    "ids with .0": Kind(_by_person(_as_decimal)),
    "households with .0": Kind(_by_person(_as_decimal, "Hushåll"), REGISTER),
    "ids in another case": Kind(_by_person(lambda text, _: text.lower())),
    "ids that begin with a sign": Kind(_by_person(lambda text, chances: chances.choice("+-") + text)),
    "leading zeros": Kind(_by_person(lambda text, _: text[0] + "00" + text[1:] if text[0] == "K" else "00" + text)),
    "a prefix": Kind(_by_person(lambda text, _: text[1:] if text[0] == "K" else f"P{text}")),
    "households with zeros": Kind(_by_person(lambda text, _: f"00{text}", "Hushåll"), REGISTER),
    "blanks in ids": Kind(
        _by_person(lambda text, chances: chances.choice((f" {text}", f"{text}\u00a0", f"{text}\u00ad")))
    ),
    "month as a number": Kind(_dates(lambda year, month: float(f"{year}.{month:02d}")), INTAKE),
    "month as a text number": Kind(_dates(lambda year, month: f"{year}.{month:02d}".rstrip("0")), INTAKE),
    "month with a digit too many": Kind(_cells("Månad", lambda cell, _: f"{cell}3"), INTAKE),
    "zones": Kind(_cells("Månad", _zone, share=ALL), INTAKE),
    "moments in UTC": Kind(_dates(lambda year, month: datetime(year, month, 1, tzinfo=SWEDEN)), INTAKE, ("parquet",)),
    "Excel's days": Kind(_dates(_serial), INTAKE),
    "Excel's days in some rows": Kind(
        _cells("Månad", lambda cell, _: _serial(int(cell[:4]), int(cell[5:])), share=FEW), INTAKE
    ),
    "months of statistics": Kind(_dates(lambda year, month: f"{year}M{month:02d}"), INTAKE),
    "months by name": Kind(_dates(lambda year, month: f"{MONTH_NAMES[month - 1]}-{year % 100:02d}"), INTAKE),
    "day and month": Kind(_dates(lambda year, month: f"01/{month:02d}/{year}"), INTAKE),
    "month and day": Kind(_dates(lambda year, month: f"{month:02d}/05/{year}"), INTAKE),
    "days after 9999": Kind(_cells("Månad", lambda _, chances: chances.choice(DAYS_TOO_LATE)), INTAKE),
    "year mistyped": Kind(_cells("År", lambda cell, chances: chances.choice((int(f"{cell}1"), 91, 2991))), REGISTER),
    "year with .0": Kind(_cells("År", lambda cell, _: f"{cell}.0"), REGISTER),
    "month 13": Kind(_cells("Månad", lambda *_: 13, share=FEW), REGISTER),
    "birth year with decimals": Kind(_born(lambda year: f"{year}.0"), ANSWERS),
    "birth year with a comma": Kind(_born(lambda year: f"{year},0", MANY), ANSWERS),
    "birth year in two digits": Kind(_born(lambda year: year % 100), ANSWERS),
    "birth dates": Kind(_born(lambda year: f"{year}-05-31"), ANSWERS),
    "birth dates as Excel's days": Kind(_born(lambda year: _serial(year, 5)), ANSWERS),
    "thousands by a point": Kind(_money(lambda kronor: f"{kronor:,}".replace(",", ".")), REGISTER),
    "thousands by a comma": Kind(_money(lambda kronor: f"{kronor:,}"), REGISTER),
    "thousands by a space": Kind(_money(lambda kronor: f"{kronor:,}".replace(",", "\u202f")), REGISTER),
    "decimals by a point": Kind(_money(lambda kronor: f"{kronor}.00"), REGISTER),
    "decimals beside thousands": Kind(_money(lambda kronor: f"{kronor:,}.00"), REGISTER),
    "kronor said": Kind(_money(lambda kronor: f"{kronor} kr"), REGISTER),
    "minus behind": Kind(_below(lambda kronor: f"{kronor}-"), REGISTER),
    "long minus": Kind(_below(lambda kronor: f"\u2013{kronor}"), REGISTER),
    "brackets": Kind(_below(lambda kronor: f"({kronor})"), REGISTER),
    "minus and blank": Kind(_below(lambda kronor: f"- {kronor},00"), REGISTER),
    "exit of another spelling": Kind(
        _cells("Avslut", lambda cell, _: "Avled" if cell == "avliden" else cell, share=ALL), REGISTER
    ),
    "one area in four spellings": Kind(_cells("Område", _unlike, share=MANY), WITH_AREA),
    "an answer of another spelling": Kind(_cells("Utbildning", lambda *_: "Gymnasiet"), ANSWERS),
    "an answer in another case": Kind(_cells("Utbildning", lambda cell, _: f" {cell.upper()}"), ANSWERS),
    "errors of a sheet": Kind(_cells("Utbildning", lambda *_: "#REFERENS!"), ANSWERS),
    "yes and no of a program": Kind(
        _cells("Arbete", lambda cell, _: {"ja": "SANT", "nej": "FALSKT"}[cell], share=ALL), ANSWERS
    ),
    "birth years shown as days": Kind(_born(lambda year: f"1905-0{year % 3 + 4}-{year % 27 + 1:02d}"), ANSWERS),
    "signs turned": Kind(_turned, REGISTER, must_stop=True),
    "rows again in another dress": Kind(_again, REGISTER),
    "a line of totals for each month": Kind(_month_totals, REGISTER),
    "ids kept as text by a formula": Kind(_by_person(lambda text, _: f'="{text}"'), formats=("xlsx", "sav", "parquet")),
    "ids kept as text by an apostrophe": Kind(_by_person(lambda text, _: f"'{text}")),
    "noughts behind an area": Kind(_cells("Område", lambda cell, _: f"{cell}\0"), WITH_AREA, ("csv", "parquet")),
    "areas in two encodings": Kind(
        _cells("Område", lambda cell, _: cell.encode().decode("cp1252"), share=MANY), WITH_AREA
    ),
    "areas whose letters are lost": Kind(
        _cells("Område", lambda cell, _: cell.replace("Ö", "\ufffd"), share=ALL), WITH_AREA
    ),
    "errors of a sheet for areas": Kind(_cells("Område", lambda *_: "#REF!"), WITH_AREA),
    "errors of a sheet for amounts": Kind(_cells("Belopp", lambda *_: "#VALUE!", share=MANY), REGISTER),
    "sums of floats": Kind(_money(lambda kronor: f"{kronor - 1e-9:.10f}"), REGISTER),
    "invented persons": Kind(_invented, ANSWERS),
    "end mark of an old program": Kind(in_text(lambda lines, _: "\n".join([*lines, "\x1a"]).encode()), formats=CSV),
    "a line in another encoding": Kind(in_text(_mixed), formats=CSV, must_stop=True),
    "a column that began": Kind(in_text(more_cells), formats=CSV),
    "a file of another kind": Kind(in_text(of_another_kind), formats=CSV, must_stop=True),
    "UTF-16 without its mark": Kind(
        in_text(lambda lines, _: "\n".join(lines).encode("utf-16-le")), formats=CSV, must_stop=True
    ),
    "a line of totals": Kind(in_text(totalled), formats=CSV),
    "an encoding that is none": Kind(_reader("encoding", ENCODINGS), formats=CSV),
    "a delimiter that is none": Kind(_reader("delimiter", DELIMITERS), formats=CSV),
    "another encoding": Kind(in_text(other_encoding), formats=CSV),
    "headings without end": Kind(in_text(huge_heading), formats=CSV),
    "a name that is not UTF-8": Kind(_foreign_name),
    "a personal number": Kind(_disguised, must_stop=True),
    "a personal number beside": Kind(_disguised_beside, must_stop=True),
}
assert AREAS == tuple(UNLIKE)
