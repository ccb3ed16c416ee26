"""Commands on a delivery: draft the instrument of an own one, say what one can come to, make one up."""

import json
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, AsJson, Language
from riskmodel.ground.errors import SettingsError, SurveyDataError, told_as
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument


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
    from riskmodel.preview.lines import lines_of
    from riskmodel.preview.make import Choices, preview

    settings = read_settings(WORKSPACE.params)
    asked = _instrument(instrument or WORKSPACE.root / settings.delivery.instrument)
    found = preview(delivery or WORKSPACE.root / settings.delivery.path, Choices(asked, settings, WORKSPACE))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        typer.echo("\n".join(lines_of(found, language, asked)))
    if found.refused:
        raise typer.Exit(SurveyDataError.exit_code)


def _instrument(path: Path) -> Instrument:
    if not path.is_file():
        raise SettingsError(TEXTS["no_instrument"].filled(path=path.as_posix()))
    return read_instrument(path)


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise SettingsError(TEXTS["no_years"])
    return int(first), int(last)
