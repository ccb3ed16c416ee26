"""Files of a delivery with bytes changed by chance, always the same: read, or refused in a sentence; no traceback."""

import random
import re
import tempfile
import traceback
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from damaged_town import instrument_text, town, write_town
from village import village_instrument, village_settings

from riskmodel.extracts.files import DeliveredFile, read_table
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import RiskModelError

READ, TOLD = "read", "refused"
FEWEST, MOST = 1, 12  # bytes at a time


def mutants(content: bytes, kind: str, n: int, seed: int) -> Iterator[bytes]:
    """`n` changed copies of a file of `kind`; most of them where its cells stand, so that it can still be read."""
    chances = random.Random(seed)
    for number in range(n):
        if kind == "xlsx" and number % 6:
            yield _inside(content, chances, gently=number % 6 > 1)
        elif kind in CELLS_END and number % 3:
            yield _in_cells(content, chances, CELLS_END[kind](content))
        else:
            yield _changed(content, chances)


def outcomes(kind: str, n: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    """What became of `n` mutants of a register of `kind`, every tenth in a whole delivery; the tracebacks, by end."""
    became: Counter[str] = Counter()
    tracebacks: Counter[str] = Counter()
    made = town(random.Random(seed), letter=True, people_n=12)
    made.formats["register"] = kind
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name) / "delivery"
        folder.mkdir()
        write_town(made, folder)
        instrument, settings = village_instrument(Path(name), instrument_text(made)), village_settings()
        path = folder / f"register.{kind}"
        for number, mutant in enumerate(mutants(path.read_bytes(), kind, n, seed)):
            path.write_bytes(mutant)
            try:
                read_table(DeliveredFile(path.name, path), instrument.sources["register"].reader)
                if number % 10 == 0:
                    read_delivery(folder, instrument, settings)
                became[READ] += 1
            except RiskModelError as error:
                became[TOLD] += 1
                became[_cause(str(error))] += 1
            except Exception as error:
                tracebacks[_end_of(error)] += 1
    return became, tracebacks


def _end_of(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.filename}:{last.lineno}: {str(error)[:200]}"


def _cause(message: str) -> str:
    """Whether a refused file was still one of its kind."""
    no_file = (
        "not an xlsx workbook",
        "not a parquet file",
        "not an SPSS file",
        "can't be read as a table",
        "not written",
    )
    return "not of its kind" if any(text in message for text in no_file) else "of its kind"


def _changed(content: bytes, chances: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chances.choice((1, 1, 2, 5))):
        chances.choice(CHANGES)(changed, chances)
    return bytes(changed)


def _flip(changed: bytearray, chances: random.Random) -> None:
    changed[chances.randrange(len(changed))] ^= 1 << chances.randrange(8)


def _put(changed: bytearray, chances: random.Random) -> None:
    changed[chances.randrange(len(changed))] = chances.choice(b'\0\xff\n\r";,0-9.=\x7f\x80"<>&')


def _insert(changed: bytearray, chances: random.Random) -> None:
    place = chances.randrange(len(changed))
    changed[place:place] = chances.randbytes(chances.randint(FEWEST, MOST))


def _cut(changed: bytearray, chances: random.Random) -> None:
    place = chances.randrange(len(changed))
    del changed[place : place + chances.randint(FEWEST, MOST)]


def _end(changed: bytearray, chances: random.Random) -> None:
    del changed[chances.randrange(len(changed) // 2, len(changed)) + 1 :]


def _double(changed: bytearray, chances: random.Random) -> None:
    place, n = chances.randrange(len(changed)), chances.randint(FEWEST, 40 * MOST)
    changed[place:place] = changed[place : place + n]


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _flip,
    _put,
    _put,
    _insert,
    _cut,
    _end,
    _double,
)


def _inside(content: bytes, chances: random.Random, *, gently: bool) -> bytes:
    """A workbook with one part changed and packed again, so that its checksum is right; gently: digits of its cells."""
    with zipfile.ZipFile(BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = SHEET if gently else chances.choice([*parts, *[SHEET] * 9])
    parts[name] = _digits(parts[name], chances) if gently else _changed(parts[name], chances)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=zlib.Z_BEST_SPEED) as book:
        for each, part in parts.items():
            book.writestr(each, part)
    return packed.getvalue()


def _digits(part: bytes, chances: random.Random) -> bytes:
    changed = bytearray(part)
    for place in chances.sample(
        [found.start() for found in re.finditer(rb"[0-9](?=[^<>]*</)", part)], chances.randint(1, 5)
    ):
        changed[place] = chances.choice(b"0123456789")
    return bytes(changed)


def _in_cells(content: bytes, chances: random.Random, end: int) -> bytes:
    changed = bytearray(content)
    for _ in range(chances.randint(1, 2)):
        changed[chances.randrange(end // 4, end)] ^= 1 << chances.randrange(8)
    return bytes(changed)


SHEET = "xl/worksheets/sheet1.xml"
CELLS_END: dict[str, Callable[[bytes], int]] = {  # where what can be changed without breaking the file ends
    "parquet": lambda content: len(content) - 8 - int.from_bytes(content[-8:-4], "little"),
    "sav": len,
}
