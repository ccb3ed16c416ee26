"""The command with which an own delivery begins: the instrument drafts itself."""

from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, Language
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import read_settings


def init(
    places: Annotated[list[Path], typer.Argument(metavar="DELIVERY OUT", help="With --from OUT alone.")],
    excel: Annotated[bool, typer.Option("--excel", help="Write OUT as a workbook, to be filled in there.")] = False,
    book: Annotated[Path | None, typer.Option("--from", help="Read such a workbook, and write OUT from it.")] = None,
    language: Language = "sv",
) -> None:
    """Draft the instrument of a delivery, each guess marked with what it rests on; then read it and fill in the rest.

    Example: riskmodel init data/raw/2027 data/instruments/ours.toml
    """
    if len(places) != (1 if book else 2) or (book and excel):
        raise SettingsError(TEXTS["no_two_paths"])
    out = places[-1]
    _check_suffix(out, ".xlsx" if excel else ".toml")
    if book:
        _read_back(book, out, language)
    else:
        _draft(places[0], out, language, excel=excel)


def _check_suffix(out: Path, needed: str) -> None:
    if out.suffix != needed:
        raise SettingsError(TEXTS["other_suffix"].filled(file=out.name, needed=needed))


def _draft(delivery: Path, out: Path, language: str, *, excel: bool) -> None:
    from riskmodel.draft.book import book_of
    from riskmodel.draft.compose import TEXTS as OF_DRAFTS
    from riskmodel.draft.draft import check_free, draft_instrument, write_draft

    check_free(out)
    draft = draft_instrument(delivery, out.stem, read_settings(WORKSPACE.params), language)
    write_draft(out, book_of(draft.sections) if excel else draft.toml.encode())
    for line in draft.told:
        typer.echo(line)
    say = OF_DRAFTS.speaking(language)
    counts = {"items": draft.items_n, "guesses": draft.guesses_n, "open": draft.open_n}
    typer.echo(say("left_open", path=out, **counts))
    typer.echo(say("next_book", path=out) if excel else say("next", path=out, delivery=delivery))


def _read_back(book: Path, out: Path, language: str) -> None:
    from riskmodel.draft.book import sections_in
    from riskmodel.draft.draft import check_free, write_draft
    from riskmodel.draft.sections import toml_of

    check_free(out)
    write_draft(out, toml_of(sections_in(book)).encode())
    typer.echo(TEXTS.say("written", language, path=out))
