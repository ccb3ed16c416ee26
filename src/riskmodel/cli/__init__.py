"""The `riskmodel` command: one short function a subcommand; whatever is heavy is imported inside it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from itertools import pairwise
from typing import Annotated

import typer

from riskmodel import __version__
from riskmodel.cli.approving import approve
from riskmodel.cli.decide import confirm, drill, protocol, publish, withdraw
from riskmodel.cli.deliveries import check, init, simulate
from riskmodel.cli.partners import combine, summary
from riskmodel.cli.report import diff, report, status, whatif
from riskmodel.cli.shared import TEXTS
from riskmodel.cli.use import advise, conform, score, verify
from riskmodel.ground.errors import SettingsError, shells_language, shown_plainly, told_in
from riskmodel.ground.words import LANGUAGES

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# how a command's words can be wrong, by the kinds of error of the library that reads them
MISTYPED = {
    "UsageError": "not_read",
    "NoSuchOption": "no_such_option",
    "MissingParameter": "parameter_missing",
    "BadParameter": "bad_value",
    "BadOptionUsage": "bad_value",
    "BadArgumentUsage": "not_read",
}
# as the year goes; what is seldom needed comes last
COMMANDS = (
    *(init, check, status, report, whatif, diff, protocol, confirm, approve, publish, verify, drill, advise, score),
    *(conform, withdraw, summary, combine, simulate),
)


def spoken(command: Callable[..., None]) -> Callable[..., None]:
    """`command`, whose refusals are told in the language it is asked in."""

    @wraps(command)
    def run(*, language: str | None, **given: object) -> None:
        with told_in(language or LANGUAGES[0]), _all_installed():
            command(language=language, **given)

    return run


@app.callback()
def _about(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=lambda asked: _tell_version(asked), help="Tell which version this is."
        ),
    ] = False,
) -> None:
    """Advisory early-support scores: deliveries in, a verified release and its evidence out. It never decides.

    After a delivery: check it, then `dvc repro` runs the year, and `riskmodel status` says what is next.
    """


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"riskmodel {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command; a mistake that the user can put right ends with its message and exit code, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Windows consoles may stand at a code page without å, ä, ö; an argument may hold bytes that are no text
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with shown_plainly():
        try:
            raise SystemExit(app(standalone_mode=False) or 0)
        except typer.Abort:
            raise SystemExit(1) from None
        except typer.TyperException as error:
            _tell_mistyped(error)
            raise SystemExit(error.exit_code) from None


def _tell_mistyped(error: typer.TyperException) -> None:
    """Say what is wrong with the words of a command, in the language that they ask for."""
    key = MISTYPED.get(type(error).__name__)
    if key is None:  # no command at all: its message is the help
        typer.echo(str(error), err=True)
        return
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    name = getattr(error, "option_name", None) or (param.opts[0] if param else "")
    command = context.command_path if context else "riskmodel"
    typer.echo(TEXTS.say(key, _language_of(sys.argv), name=name, command=command), err=True)


def _language_of(words: Sequence[str]) -> str:
    """The language that the words of a command ask for, though they can't be read otherwise."""
    asked = [word.removeprefix("--language=") for word in words if word.startswith("--language=")]
    asked += [after for word, after in pairwise(words) if word == "--language"]
    return asked[-1] if asked else shells_language()


@contextmanager
def _all_installed() -> Iterator[None]:
    """Inside it a library that the core lacks is a `SettingsError` that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith("riskmodel"):
            raise
        raise SettingsError(TEXTS["not_installed"].filled(library=error.name)) from None


for command in COMMANDS:
    app.command()(spoken(command))
