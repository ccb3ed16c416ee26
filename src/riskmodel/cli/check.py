"""Commands on a delivery: make one, check one."""

from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import WORKSPACE
from riskmodel.ground.errors import SettingsError, told_as
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument


def simulate(
    out: Path,
    cases_per_year: Annotated[int, typer.Option(min=1)] = 3000,
    years: Annotated[str, typer.Option(help="First and last intake year.")] = "2018-2025",
    seed: int = 20260303,
    instrument: Path = Path("data/instruments/exempelstad.toml"),
    mispredicted_group: Annotated[str | None, typer.Option(help="item=code whose true risk the items miss.")] = None,
) -> None:
    """Write the delivery of a made municipality, and its true risks beside it.

    Example: riskmodel simulate data/raw/made --cases-per-year 500 --years 2018-2025
    """
    from riskmodel.simulate import simulate as make

    first, last = _years(years)
    with told_as(SettingsError, f"{out.name}: can't be written", remedy="Name a folder that can be."):
        make(
            out,
            _instrument(instrument),
            cases_per_year=cases_per_year,
            first_year=first,
            last_year=last,
            seed=seed,
            mispredicted_group=mispredicted_group,
        )
    typer.echo(f"{out}: written")


def check(delivery: Path, instrument: Annotated[Path, typer.Option()]) -> None:
    """Say what is usable in a delivery and what is not; nothing is written.

    Example: riskmodel check data/raw/made --instrument data/instruments/exempelstad.toml
    """
    from riskmodel.extracts.delivery import quality_summary
    from riskmodel.extracts.read import read_delivery

    found = read_delivery(delivery, _instrument(instrument), read_settings(WORKSPACE.params))
    typer.echo(quality_summary(found))


def _instrument(path: Path) -> Instrument:
    if not path.is_file():
        raise SettingsError(f"--instrument: {path.as_posix()} is not there. Give the path of an instrument's file.")
    return read_instrument(path)


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise SettingsError("--years: first and last year are needed, for example 2018-2025.")
    return int(first), int(last)
