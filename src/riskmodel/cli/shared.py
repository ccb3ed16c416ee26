"""What the commands share: the project's folders, options that several of them have, the year's choices."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.errors import SettingsError
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.settings import Settings, read_settings
from riskmodel.workspace import Workspace

WORKSPACE = Workspace()
LANGUAGES = ("sv", "en")
Name = Annotated[str, typer.Option(help="Who does this; it is written in the ledger.")]
Language = Annotated[str, typer.Option(help="sv or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine instead of text for a person.")]


def choices() -> tuple[Settings, Instrument]:
    """The settings of the project and the instrument they name."""
    settings = read_settings(WORKSPACE.params)
    return settings, read_instrument(Path(settings.delivery.instrument))


def known(option: str, value: str, allowed: Sequence[str]) -> str:
    """`value` when it is one of `allowed`; else a `SettingsError` naming the option."""
    if value not in allowed:
        raise SettingsError(f"{option}: not known. Allowed: {', '.join(allowed)}.")
    return value
