"""Commands that check: make a delivery, check one, verify a release before it is used."""

import gc
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, AsJson, Language, SignersFile, signers_required
from riskmodel.ground.errors import BundleError, SettingsError, SurveyDataError, told_as
from riskmodel.ground.files import is_taken
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.release.record import Release

if TYPE_CHECKING:  # heavy at import
    from riskmodel.release.signers import Signers


def simulate(
    out: Path,
    cases_per_year: Annotated[int, typer.Option(min=1)] = 3000,
    years: Annotated[str, typer.Option(help="First and last intake year.")] = "2018-2025",
    seed: int = 20260303,
    instrument: Path = Path("data/instruments/exempelstad.toml"),
    mispredicted_group: Annotated[str | None, typer.Option(help="item=code whose true risk the items miss.")] = None,
    trouble: Annotated[
        list[str] | None, typer.Option(help="name=value: how it departs from an additive, steady truth; repeatable.")
    ] = None,
    language: Language = "sv",
) -> None:
    """Write the delivery of a made municipality, and its true risks beside it.

    Example: riskmodel simulate data/raw/made --cases-per-year 500 --years 2018-2025
    """
    from riskmodel.simulate import read_trouble
    from riskmodel.simulate import simulate as make

    first, last = _years(years)
    with told_as(SettingsError, TEXTS["folder_unwritable"], folder=out.name):
        make(
            out,
            _instrument(instrument),
            cases_per_year=cases_per_year,
            first_year=first,
            last_year=last,
            seed=seed,
            mispredicted_group=mispredicted_group,
            trouble=read_trouble(trouble or []),
        )
    typer.echo(TEXTS.say("written", language, path=out))


def check(
    delivery: Annotated[Path | None, typer.Argument(help="Its folder; that of params.toml when left out.")] = None,
    instrument: Annotated[Path | None, typer.Option(help="What was asked; that of params.toml when left out.")] = None,
    language: Language = "sv",
    as_json: AsJson = False,
) -> None:
    """Say what a delivery can come to: ingest, cohort and fit in memory, with a verdict. Nothing is written.

    It ends with an error where a stage would stop for the delivery's sake. Example: riskmodel check data/raw/2027
    """
    gc.disable()  # what is imported lives to the end: to look through it for what does not takes a tenth of the time
    from riskmodel.preview.lines import lines_of
    from riskmodel.preview.make import Choices, preview

    gc.freeze()
    gc.enable()
    settings = read_settings(WORKSPACE.params)
    asked = _instrument(instrument or WORKSPACE.root / settings.delivery.instrument)
    found = preview(delivery or WORKSPACE.root / settings.delivery.path, Choices(asked, settings, WORKSPACE))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        typer.echo("\n".join(lines_of(found, language, asked)))
    if found.refused:
        raise typer.Exit(SurveyDataError.exit_code)


def verify(
    release: Annotated[str | None, typer.Argument(help="Its id, or its folder; each in force when left out.")] = None,
    signers: SignersFile = None,
    language: Language = "sv",
) -> None:
    """Check hashes, ledger, signatures, validity and the release's own examples.

    A folder is checked by itself, offline: with the file of allowed signers nothing else is needed.

    Example: riskmodel verify 2026.1
    """
    from riskmodel.release.verify import verify_folder, verify_release

    today, required, path = date.today(), signers_required(signers), Path(release or "")
    if release and path.name != release and is_taken(path.parent / "LEDGER"):
        found = verify_release(path.parent, path.name, today=today, signers=required)
        _told(path, found, required, language)
    elif release and path.name != release:
        if required is None:
            raise SettingsError(TEXTS["no_signers"])
        found = verify_folder(path, signers=required, today=today)
        _told(path, found, required, language)
        typer.echo(TEXTS.say("without_ledger", language, at=_where_to_ask(found)))
    else:
        if not WORKSPACE.releases.is_dir():
            raise BundleError(TEXTS["no_releases"].filled(folder=WORKSPACE.releases.as_posix()))
        for release_id in [release] if release else _in_force(today, language):
            found = verify_release(WORKSPACE.releases, release_id, today=today, signers=required)
            _told(WORKSPACE.releases / release_id, found, required, language)


def _where_to_ask(found: Release) -> str:
    """Who knows whether it was withdrawn, in brackets; empty where the release is of a format that did not say."""
    contact = found.published.contact
    return f" ({contact.withdrawal})" if contact else ""


def _in_force(today: date, language: str) -> list[str]:
    """The releases in force, for every municipality that one was ever published for; one that has none is told."""
    from riskmodel.release.ledger import read_ledger
    from riskmodel.release.standing import PUBLISHED, in_force
    from riskmodel.release.verify import release_in_force

    events = read_ledger(WORKSPACE.releases)
    published = [event for event in events if event["event"] == PUBLISHED]
    codes = dict.fromkeys(code for event in published for code in event["municipalities"])
    by_code = {code: in_force(events, today=today, municipality=code) for code in codes}
    found = dict.fromkeys(release_id for release_id in by_code.values() if release_id)
    if not found:
        return [release_in_force(WORKSPACE.releases, today=today)]  # says that there is none
    for code, release_id in by_code.items():
        if release_id is None:
            typer.echo(TEXTS.say("none_today", language, code=code), err=True)
    return list(found)


def _told(folder: Path, found: Release, required: "Signers | None", language: str) -> None:
    from riskmodel.release.verify import signed_by

    say, whose = TEXTS.speaking(language), ", ".join(municipality.name for municipality in found.municipalities)
    publication = found.published
    typer.echo(say("as_published", release=publication.id, whose=whose, until=publication.valid_until))
    for waiver in found.standing_waivers:
        typer.echo(say("waived_for", what=waiver.what, **waiver.told))
    if required is not None:
        *approved, published = signed_by(folder, found, required)
        typer.echo(say("signed_by", approved=", ".join(approved), published=published))
    else:
        typer.echo(say("signatures_not_checked"))


def _instrument(path: Path) -> Instrument:
    if not path.is_file():
        raise SettingsError(TEXTS["no_instrument"].filled(path=path.as_posix()))
    return read_instrument(path)


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise SettingsError(TEXTS["no_years"])
    return int(first), int(last)
