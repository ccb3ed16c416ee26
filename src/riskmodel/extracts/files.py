"""Which files of a delivery belong to which source of the instrument, and their tables."""

import glob
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fnmatch import translate
from pathlib import Path

from riskmodel.extracts.file_kinds import check_kind, no_such_file
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_n
from riskmodel.extracts.read_sheet import ALL, read_sheet, sheet_names
from riskmodel.extracts.read_text import read_text, unzipped
from riskmodel.extracts.read_typed import read_parquet, read_sav
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextTable, check_identities, check_rows
from riskmodel.extracts.wrapped import unwrapped
from riskmodel.ground.errors import SettingsError, SurveyDataError, told_as
from riskmodel.ground.text import listed
from riskmodel.instrument.check_sources import YEAR
from riskmodel.instrument.records import Instrument, Reader

TRUTH = "truth.csv"  # beside a made municipality's extracts
YEAR_MARK = "YEARYEARYEAR"
UNREADABLE = REFUSALS["unreadable"]


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery, or one sheet of a workbook that holds several sources.

    name: its path in the folder, and of such a sheet its name, too. source: "" when the instrument has no use for it.
    sheet: the one that is meant, where the year stands in the names of sheets.
    """

    name: str
    path: Path
    source: str = ""
    survey_year: int | None = None
    sheet: str | None = None


def delivered_files(paths: Mapping[str, Path], instrument: Instrument) -> tuple[DeliveredFile, ...]:
    """Every visible file with its source, sorted; a source without any file is a `SurveyDataError`.

    paths: see `every_file`.
    """
    visible = {name: path for name, path in paths.items() if not any(map(is_hidden, Path(name).parts))}
    files = [file for name, path in visible.items() if name != TRUTH for file in _with_sources(name, path, instrument)]
    for source_name, source in instrument.sources.items():
        if not any(file.source == source_name for file in files):
            others, named = [file.name for file in files if not file.source], named_so(source.files)
            raise SurveyDataError(no_such_file(source.files, source_name, others, named, files_n=len(files)))
    return tuple(sorted(files, key=lambda file: (file.source, file.survey_year or 0, file.name)))


def every_file(folder: Path) -> dict[str, Path]:
    """Name to path of every file in `folder`, hidden ones too, sorted; no name may hold a personal number."""
    if not folder.is_dir():
        what = REFUSALS["folder_is_file" if folder.exists() else "folder_absent"]
        raise SurveyDataError(REFUSALS["no_folder"].filled(folder=folder.as_posix(), what=what))
    paths = {_name(path, folder): path for path in _paths(folder)}
    check_no_personal_numbers(personal_numbers_n(paths), where=REFUSALS["names_of_files"])
    return paths


def read_table(file: DeliveredFile, reader: Reader, wanted: Collection[str] = ()) -> TextTable:
    """The table in `file`, with at least one row and no personal number in it or beside it.

    wanted: see `check_rows`.
    """
    table = _read(file, reader)
    check_identities(table, where=file.name, wanted=wanted)
    check_rows(table, where=file.name, wanted=wanted)
    return unwrapped(table)


def _paths(folder: Path) -> list[Path]:
    """Every file in `folder`, sorted; a name that is no text, or an entry that is no file, is a `SurveyDataError`."""
    closed: list[OSError] = []
    paths: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        paths += [Path(parent, name) for name in names]
        paths += [link for name in folders if (link := Path(parent, name)).is_symlink()]  # not entered
    others_n = len(closed) + sum(not path.is_file() and not is_hidden(path.name) for path in paths)
    foreign_n = sum(not _is_text(os.path.relpath(path, folder)) for path in paths)
    for found_n, text in ((foreign_n, "names_not_utf8"), (others_n, "no_files")):
        if found_n:
            raise SurveyDataError(REFUSALS[text].filled(n=found_n))
    return sorted(path for path in paths if path.is_file())


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is passed over."""
    return name[0] in ".~"


def _is_text(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeError:
        return False


def _name(path: Path, folder: Path) -> str:
    return unicodedata.normalize("NFC", path.relative_to(folder).as_posix())


def _with_sources(name: str, path: Path, instrument: Instrument) -> list[DeliveredFile]:
    found = {
        key: match for key, source in instrument.sources.items() if (match := named_so(source.files).fullmatch(name))
    }
    if not found:
        return [DeliveredFile(name, path)]
    sheets = {key: instrument.sources[key].reader.sheet for key in found}
    if len(found) > 1 and ({None, ALL} & {*sheets.values()} or len({*sheets.values()}) < len(sheets)):
        raise SettingsError(REFUSALS["two_sources"].filled(file=name, sources=listed(found, REFUSALS["and"])))
    years = {key: match.groupdict().get("year") for key, match in found.items()}
    called = {key: f"{name}: {sheet}" if len(found) > 1 else name for key, sheet in sheets.items()}
    files = [DeliveredFile(called[key], path, key, int(year) if year else None) for key, year in years.items()]
    return [one for file in files for one in _by_sheet(file, name, sheets[file.source])]


def _by_sheet(file: DeliveredFile, name: str, sheet: str | None) -> list[DeliveredFile]:
    """A file for each sheet that `sheet` means, where it holds {year}; else, and where none is, the one `file`."""
    if not sheet or YEAR not in sheet:
        return [file]
    names = sheet_names(file.path)
    years = [(each, match["year"]) for each in names if (match := named_so(glob.escape(sheet)).fullmatch(each))]
    own = [replace(file, name=f"{name}: {each}", survey_year=int(year), sheet=each) for each, year in years]
    return own or [file]


def named_so(files: str) -> re.Pattern[str]:
    """The names that `files` of a source means."""
    marked = unicodedata.normalize("NFC", files).replace(YEAR, YEAR_MARK)
    return re.compile(translate(marked).replace(YEAR_MARK, r"(?P<year>\d{4})"), re.IGNORECASE)


def _read(file: DeliveredFile, reader: Reader) -> TextTable:
    with told_as(SurveyDataError, UNREADABLE, file=file.name):
        reader = replace(reader, sheet=file.sheet or reader.sheet)
        check_kind(file.path, name=file.name.removesuffix(f": {reader.sheet}"), allowed=READERS)
        read = next(read for suffix, read in READERS.items() if file.path.name.lower().endswith(suffix))
        return read(file.path, reader, file.name)


def _read_text(path: Path, reader: Reader, where: str) -> TextTable:
    return read_text(path, reader, where=where)


def _read_packed(path: Path, reader: Reader, where: str) -> TextTable:
    return read_text(unzipped(path.read_bytes(), where=where), reader, where=where)


def _read_sheet(path: Path, reader: Reader, where: str) -> TextTable:
    return read_sheet(path.read_bytes(), reader, where=where)


READERS: dict[str, Callable[[Path, Reader, str], TextTable]] = {  # how a name may end, and who reads such a file
    ".csv": _read_text,
    ".txt": _read_text,
    ".tsv": _read_text,
    ".csv.gz": _read_packed,
    ".txt.gz": _read_packed,
    ".tsv.gz": _read_packed,
    ".xlsx": _read_sheet,
    ".xlsm": _read_sheet,
    ".parquet": lambda path, _, where: read_parquet(path, where=where),
    ".sav": lambda path, _, where: read_sav(path, where=where),
}
