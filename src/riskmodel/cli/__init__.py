"""The `riskmodel` command: one short function a subcommand; whatever is heavy is imported inside it."""

import sys

import typer

from riskmodel.cli.advise import advise, score
from riskmodel.cli.check import check, simulate, verify
from riskmodel.cli.decide import approve, confirm, drill, protocol, publish, withdraw
from riskmodel.cli.partners import combine, summary
from riskmodel.cli.report import diff, report, where
from riskmodel.ground.errors import shown_plainly

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Advisory early-support scores: deliveries in, a verified release and its evidence out. It never decides.",
)
YEAR = (simulate, check, protocol, confirm, approve, publish, withdraw, drill, summary, combine)  # in this order
ANY_DAY = (verify, diff, advise, score, report, where)
for command in YEAR + ANY_DAY:
    app.command()(command)


def main() -> None:
    """Run the command; a mistake that the user can put right ends with its message and exit code, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Windows consoles may stand at a code page without å, ä, ö; an argument may hold bytes that are no text
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with shown_plainly():
        app()
