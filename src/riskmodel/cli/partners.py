"""Commands by which towns borrow from each other: a summary that may leave, and several as one table."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, Language, Name, choices
from riskmodel.ground.errors import SettingsError, told_as
from riskmodel.publish.books import whole_results

Out = Annotated[Path, typer.Option(help="The file to write.")]


def summary(out: Out, name: Name, language: Language = "sv") -> None:
    """Write what other towns may borrow: log-odds of every answer and rounded counts, no person. Counts as a release.

    Example: riskmodel summary --out lerum.json --name "Anna Berg"
    """
    from riskmodel.publish.summaries import write_summary

    settings, instrument = choices()
    with whole_results():
        written = write_summary(WORKSPACE, settings, instrument, out=out, name=name, today=date.today())
    typer.echo(TEXTS.say("summary_written", language, path=out.as_posix(), number=written))


def combine(summaries: list[Path], out: Out, language: Language = "sv") -> None:
    """Write one table to borrow from other towns' summaries. It publishes nothing and is no evidence about any town.

    Example: riskmodel combine ale.json mark.json tranemo.json --out partners.json
    """
    from riskmodel.ground.files import canonical_json, sha256_of_bytes, write_bytes
    from riskmodel.model.combine import combine as together
    from riskmodel.release.town_summary import SUMMARY, read_summary

    found = [read_summary(path) for path in summaries]
    if any(one.kind != SUMMARY for one in found):
        raise SettingsError(TEXTS["combined_already"])
    content = canonical_json(together(found))
    with told_as(SettingsError, TEXTS["file_unwritable"], file=out.name):
        write_bytes(out, content)
    typer.echo(TEXTS.say("combined", language, path=out.as_posix(), towns=len(found)))
    typer.echo(f'[model.prior]\nrelease = "{out.as_posix()}"\nsha256 = "{sha256_of_bytes(content)}"')
