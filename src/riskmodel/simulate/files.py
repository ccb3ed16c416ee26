"""Writing the made delivery: the same bytes from the same tables, and a folder that appears whole or not at all."""

import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from openpyxl import Workbook

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.records import Reader, Source

Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

ID_FACTOR, ID_SPAN = 41_017_984_943, 16**9  # odd: every number gets an id of its own
HOUSEHOLD_FACTOR, HOUSEHOLD_SPAN = 61_803_399, 10**8  # shares no divisor with 10
TRUTH = "truth.csv"
FIXED_TIME = datetime(2000, 1, 1)  # files of a made town carry no time of their own
SAVED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write in; it becomes `folder` when the block ends without an error.

    An earlier made town is replaced. Any other folder with something in it is refused: it may be a real delivery.
    """
    if folder.exists() and not (folder / TRUTH).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"{folder.name}: exists and is no made municipality (no {TRUTH}). Choose another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        staging.chmod(0o755)
        yield staging
        if folder.exists():
            shutil.rmtree(folder)
        os.rename(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_text_table(path: Path, rows: pd.DataFrame, *, reader: Reader) -> None:
    """Write `rows` as text in the delimiter and encoding that `reader` will expect."""
    if path.suffix not in (".csv", ".txt"):
        raise SettingsError(f"{path.name}: a made municipality writes .csv or .txt here. Change the source's files.")
    above = "\n" * (reader.header_row - 1)
    text = rows.to_csv(index=False, sep=reader.delimiter, lineterminator="\n")
    path.write_bytes((above + text).encode(reader.encoding))


def write_csv(path: Path, rows: pd.DataFrame) -> None:
    """Write `rows` as plain UTF-8 csv, probabilities to six decimals."""
    path.write_bytes(rows.to_csv(index=False, float_format="%.6f", lineterminator="\n").encode())


def write_workbook(path: Path, rows: pd.DataFrame, *, reader: Reader, title: str) -> None:
    """Write `rows` as an Excel sheet with its heading in `reader.header_row` and `title` in the first row above it."""
    if path.suffix != ".xlsx":
        raise SettingsError(f"{path.name}: a made municipality writes the survey as .xlsx. Change the source's files.")
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(reader.sheet or "Blad1")
    for line in range(reader.header_row - 1):
        sheet.append([title] if line == 0 else [])
    sheet.append(list(rows.columns))
    for row in rows.itertuples(index=False):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(_without_times(content.getvalue()))


def _without_times(workbook: bytes) -> bytes:
    """The same archive with one fixed time on each member, and where openpyxl notes when it saved."""
    timeless = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, FIXED_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, SAVED.sub(rb"\g<1>" + FIXED_TIME.isoformat().encode() + b"Z", old.read(name)))
    return timeless.getvalue()


def person_ids(n: int, *, rng: np.random.Generator) -> Texts:
    """`n` different ids of 12 hexadecimal digits; every fourth is a letter, so none looks like a personal number."""
    number = (np.arange(n) * ID_FACTOR + int(rng.integers(ID_SPAN))) % ID_SPAN
    letters = rng.choice(list("abcdef"), (n, 3))
    digits = [f"{value:09x}" for value in number.tolist()]
    return np.array(["".join((a, d[:3], b, d[3:6], c, d[6:])) for d, (a, b, c) in zip(digits, letters, strict=True)])


def household_ids(n: int, *, rng: np.random.Generator) -> Texts:
    """`n` different ids: H and eight digits."""
    number = (np.arange(n) * HOUSEHOLD_FACTOR + int(rng.integers(HOUSEHOLD_SPAN))) % HOUSEHOLD_SPAN
    return np.array([f"H{value:08d}" for value in number.tolist()])


def month_cells(month: Ints, source: Source) -> dict[str, Texts]:
    """The month under the source's heading, or year and month of the year under two."""
    year, of_year = month // 12, month % 12 + 1
    if "year" in source.columns:
        return {source.columns["year"]: year.astype(str), source.columns["month"]: of_year.astype(str)}
    texts = {value: f"{value // 12}-{value % 12 + 1:02d}" for value in np.unique(month).tolist()}
    return {source.columns["month"]: np.array([texts[value] for value in month.tolist()])}


def kronor_cells(kronor: Ints) -> Texts:
    """Swedish amounts: hard space between thousands, decimal comma."""
    distinct, place = np.unique(kronor, return_inverse=True)
    return np.array([f"{value:,}".replace(",", "\u00a0") + ",00" for value in distinct.tolist()])[place]
