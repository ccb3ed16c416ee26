"""What a file is by its first bytes, whatever its name says; and which file was meant where none has the name asked."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text
from riskmodel.ground.words import read_words

WORDS = read_words(Path(__file__).parent / "texts" / "file_kinds.toml")
SPREADSHEET, PACKED = (".xlsx", ".xlsm"), (".csv.gz", ".txt.gz", ".tsv.gz")
KINDS = (  # how a file begins, what it is, how its name may end, and what to do where it ends otherwise
    (b"pk\x03\x04", "book", SPREADSHEET, "name_book"),
    (b"\xd0\xcf\x11\xe0", "old_book", (), "save_book"),
    (b"par1", "parquet", (".parquet",), "name_parquet"),
    (b"$fl2@", "spss", (".sav",), "name_sav"),
    (b"$fl3@", "spss", (".sav",), "name_sav"),
    (b"\x1f\x8b", "packed", PACKED, "name_gz"),
    (b"%pdf", "pdf", (), "another_file"),
    (b"<!doctype html", "page", (), "save_book"),
    (b"<html", "page", (), "save_book"),
    (b"<table", "page", (), "save_book"),
    (b"<?xml", "xml", (), "save_book"),
)
LOOKED_AT = 64  # bytes
TEXTS, NOT_IN_TEXTS = (".csv", ".txt", ".tsv"), bytes({*range(32)} - {*b"\t\n\r\x1a"})
OF_BOOKS = ("[content_types].xml", "mimetype")  # that a zip which is a workbook holds
BYTE_ORDER = b"\xef\xbb\xbf"
TO_UNPACK = (".zip", ".7z", ".rar", ".bz2", ".xz", ".zst", ".tar", ".tgz")
OF_PROGRAMS = (".dta", ".por", ".sas7bdat", ".xpt", ".rds", ".rdata", ".json", ".feather", ".dbf", ".mdb", ".accdb")
LIKE = 0.6  # how like a file's name must be to the one that is asked for
MOST_SHOWN = 6


def check_kind(path: Path, *, name: str, allowed: Iterable[str]) -> None:
    """Raise a `SurveyDataError` when the file at `path` is of another kind than `name` says, or of none that is read.

    allowed: how names may end. Which kind it is, its first bytes say.
    """
    if path.stat().st_size == 0:
        raise SurveyDataError(REFUSALS["empty_file"].filled(file=name))
    known = [*allowed]
    ending = next((each for each in known if name.lower().endswith(each)), None)
    what, endings, remedy = _kind(path)
    if ending is None and what == "book" and not _is_book(path):
        what, remedy = "zip", "unpack"
    if ending is None:
        told = WORDS["it_is"].filled(what=WORDS[what]) if what else ""
        save = WORDS[
            "save_there" if name.lower().endswith(OF_PROGRAMS) else "save_book" if what in ("", "book") else remedy
        ]  # .ods and .xlsb begin as .xlsx does
        parts = {"file": name, "what": told, "remedy": save, "allowed": ", ".join(known)}
        raise SurveyDataError(WORDS["no_kind_of_file"].filled(**parts))
    if what and ending not in endings:
        raise SurveyDataError(
            WORDS["another_kind"].filled(file=name, ending=ending, what=WORDS[what], remedy=WORDS[remedy])
        )


def _kind(path: Path) -> tuple[str, tuple[str, ...], str]:
    with path.open("rb") as stream:
        begins = stream.read(LOOKED_AT)
    plain = begins.removeprefix(BYTE_ORDER).lstrip().lower()
    found = ((what, endings, remedy) for sign, what, endings, remedy in KINDS if plain.startswith(sign))
    is_text = bool(begins) and begins.translate(None, NOT_IN_TEXTS) == begins
    return next(found, ("text", TEXTS, "name_text") if is_text else ("", TEXTS, ""))


def _is_book(path: Path) -> bool:
    """Whether a zip is, or may be, a workbook."""
    try:
        with ZipFile(path) as book:
            return any(name.lower() in OF_BOOKS for name in book.namelist())
    except (BadZipFile, OSError):
        return True


def no_such_file(pattern: str, source: str, names: Iterable[str], named: re.Pattern[str], *, files_n: int) -> Text:
    """That no file has a name like `pattern`, which `source` asks for, and what is known of the one that was meant.

    names: of those of the `files_n` files that no source names, shown as they are. named: `pattern`, to be matched.
    """
    every = sorted(names)
    within = [name for name in every if "/" in name and named.fullmatch(name.rpartition("/")[2])]
    packed = [name for name in every if name.lower().endswith(TO_UNPACK)]
    near = get_close_matches(_plain(pattern), [*map(_plain, every)], n=MOST_SHOWN, cutoff=LIKE)
    like = [name for name in every if _plain(name) in near]
    told: Text | str = ""
    for key, found in (("within", within), ("to_unpack", packed), ("nearest", like), ("there_are", every)):
        if found and not told:
            told = WORDS[key].filled(names=_shown(found))
    return WORDS["no_such_name"].filled(pattern=pattern, source=source, n=files_n, told=told)


def _plain(name: str) -> str:
    """A name without its years, folders and stars."""
    bare = name.rpartition("/")[2].replace("{year}", "").replace("*", "").casefold()
    return "".join(letter for letter in bare if not letter.isdigit())


def _shown(names: list[str]) -> str:
    return ", ".join(map(repr, names[:MOST_SHOWN])) + (" …" if len(names) > MOST_SHOWN else "")
