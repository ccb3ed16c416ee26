"""What the commands share: the project's folders, options that several of them have, the year's choices."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.ground.errors import LANGUAGE_VARIABLE, SettingsError
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.words import LANGUAGES, read_words
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument

if TYPE_CHECKING:  # heavy at import
    from riskmodel.release.signers import Pen, Signers

WORKSPACE = Workspace()
TEXTS = read_words(*sorted((Path(__file__).parent / "texts").glob("*.toml")))


def known(option: str, value: str, allowed: Sequence[str]) -> str:
    """`value` when it is one of `allowed`; else a `SettingsError` naming the option."""
    if value not in allowed:
        raise SettingsError(TEXTS["not_known"].filled(option=option, allowed=", ".join(allowed)))
    return value


Name = Annotated[str, typer.Option(help="Who does this; it is written in the ledger.")]
Signer = Annotated[str, typer.Option(help="Who signs, as named in the file of allowed signers.")]
Key = Annotated[Path | None, typer.Option(help="Your OpenSSH Ed25519 key; its .pub when an agent holds it.")]
SignersFile = Annotated[
    Path | None, typer.Option("--signers", help="Whose signatures count: an OpenSSH allowed_signers file.")
]
Language = Annotated[
    str,
    typer.Option(
        envvar=LANGUAGE_VARIABLE,
        callback=lambda value: known("--language", value, LANGUAGES),
        help="Of what is told and of why something is refused, sv or en.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine instead of text for a person.")]


def choices() -> tuple[Settings, Instrument]:
    """The settings of the project and the instrument they name."""
    settings = read_settings(WORKSPACE.params)
    return settings, read_instrument(Path(settings.delivery.instrument))


def pen_of(signer: str, key: Path | None, language: str) -> "Pen | None":
    """What to sign with; None when neither is given, a `SettingsError` when one is missing."""
    if not signer and key is None:
        return None
    if not signer or key is None:
        raise SettingsError(TEXTS["signer_and_key"])
    from riskmodel.release.signers import Pen

    return Pen(
        signer, key, ask_password=lambda: str(typer.prompt(TEXTS.say("ask_password", language), hide_input=True))
    )


def signers_required(signers: Path | None) -> "Signers | None":
    """Whose signatures count: those of the file `signers`, or of the one that the settings name; None: anybody's."""
    from riskmodel.publish.books import signers_here
    from riskmodel.release.signers import read_signers

    return signers_here(WORKSPACE) if signers is None else read_signers(signers)
