"""The errors a user can meet, each family with an exit code of its own.

A message has four parts: where (file, year, column), what was found (a count), what is
allowed, what to do. It never holds a value or an identifier of a person.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from riskmodel.ground.text import REFUSALS, CaseText, Text

LANGUAGE_VARIABLE = "RISKMODEL_LANGUAGE"
BY_DISK = {  # what a disk refuses most often, in the texts
    errno.EACCES: "no_right",
    errno.EPERM: "no_right",
    errno.ENOENT: "not_there",
    errno.EISDIR: "is_folder",
    errno.ENOTDIR: "is_no_folder",
    errno.EEXIST: "there_already",
    errno.ENOSPC: "disk_full",
    errno.EROFS: "disk_read_only",
    errno.EIO: "disk_fails",
}


class RiskModelError(Exception):
    """Something a user can put right; shown without a traceback."""

    exit_code = 1

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.said("en")

    def said(self, language: str) -> str:
        """The message in `language`, "sv" or "en"."""
        return self.message.said(language)


class SettingsError(RiskModelError):
    """`params.toml` or an instrument says something that can't be used."""

    exit_code = 10


class SurveyDataError(RiskModelError):
    """A delivery can't be used as it is."""

    exit_code = 11


class FitError(RiskModelError):
    """The data do not carry the model that was asked for, or a leak was found."""

    exit_code = 12


class GateError(RiskModelError):
    """A candidate may not be published; the message names each gate that fails."""

    exit_code = 13


class BundleError(RiskModelError):
    """A release can't be trusted: tampered with, expired, withdrawn, unknown or foreign."""

    exit_code = 14


def why(error: OSError) -> Text:
    """Why the disk refused: the system's words, in Swedish where it is something usual."""
    told = error.strerror or type(error).__name__
    usual = BY_DISK.get(error.errno or 0)
    return Text(REFUSALS[usual].sv if usual else told, told)


@contextmanager
def told_as(family: type[RiskModelError], what: Text, **parts: object) -> Iterator[None]:
    """Inside it what the disk refuses is an error of `family`: `what`, with `parts`, and why in the place `reason`."""
    try:
        yield
        return
    except OSError as error:
        reason = why(error)
    parts |= {"reason": reason}
    raise family(what.filled(**parts))


@contextmanager
def told_in(language: str, *, otherwise: Text | None = None) -> Iterator[None]:
    """Inside it a `RiskModelError` is told in `language`; who tells it on, in whatever language, tells the same.

    otherwise: what stands for a message that is no `CaseText`, with that in the place `message`.
    """
    try:
        yield
    except RiskModelError as error:
        message = error.message
        text = message if otherwise is None or isinstance(message, CaseText) else otherwise.filled(message=message)
        raise type(error)(Text(*[text.said(language)] * 2)) from None


@contextmanager
def shown_plainly() -> Iterator[None]:
    """Inside it a `RiskModelError` ends the program with its message and exit code, without a traceback.

    A traceback would show nothing that the message does not say, and could show what must not be seen. The message is
    in Swedish, as far as it can be, unless the environment asks for English: a stage of the run has no `--language`.
    """
    try:
        check_names_are_utf8()
        yield
    except RiskModelError as error:
        sys.stderr.write(f"{_seen(error.said(shells_language()))}\n")
        raise SystemExit(error.exit_code) from None


def shells_language() -> str:
    """The language that the environment asks for; Swedish unless that is English."""
    return "en" if os.environ.get(LANGUAGE_VARIABLE) == "en" else "sv"


def check_names_are_utf8() -> None:
    """Refuse an environment in which a file's name or an argument loses å, ä and ö."""
    encoding = sys.getfilesystemencoding().lower().replace("-", "")
    if encoding != "utf8":
        raise SettingsError(REFUSALS["names_not_utf8"].filled(encoding=encoding))


def _seen(message: str) -> str:
    """`message` with what a terminal would obey, or nobody sees, written out: a file's name may hold anything."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\u00a0" else letter.encode("unicode_escape").decode()
        for letter in message
    )
