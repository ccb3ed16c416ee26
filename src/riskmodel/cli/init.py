"""The command with which an own delivery begins: the instrument drafts itself."""

from pathlib import Path

import typer

from riskmodel.cli.shared import WORKSPACE, Language
from riskmodel.ground.errors import SettingsError, told_as
from riskmodel.ground.settings import read_settings


def init(delivery: Path, out: Path, language: Language = "sv") -> None:
    """Draft the instrument of a delivery, each guess marked with what it rests on; then read it and fill in the rest.

    Example: riskmodel init data/raw/2027 data/instruments/ours.toml
    """
    from riskmodel.draft.compose import TEXTS
    from riskmodel.draft.draft import check_free, draft_instrument, write_draft

    check_free(out)
    draft = draft_instrument(delivery, out.stem, read_settings(WORKSPACE.params), language)
    with told_as(SettingsError, f"{out.name}: can't be written", remedy="Name a file that can be."):
        write_draft(out, draft)
    for line in draft.told:
        typer.echo(line)
    say, counts = TEXTS.speaking(language), {"items": draft.items_n, "guesses": draft.guesses_n, "open": draft.open_n}
    typer.echo(say("left_open", path=out, **counts))
    typer.echo(say("next", path=out, delivery=delivery))
