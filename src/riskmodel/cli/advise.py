"""Commands that use a release: advice for one case, points for many."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, AsJson, Language, SignersFile, signers_required
from riskmodel.ground.errors import SurveyDataError, told_in
from riskmodel.ground.text import CaseText
from riskmodel.release.refusals import TEXTS as REFUSALS

if TYPE_CHECKING:
    from riskmodel.advice import Advice


def advise(
    release: str,
    answers: Annotated[Path, typer.Option(help="JSON: municipality, answers by item, maybe case and month.")],
    assessment: Annotated[str | None, typer.Option(help="Your own assessment, made first.")] = None,
    signers: SignersFile = None,
    language: Language = "sv",
    as_json: AsJson = False,
    is_long: Annotated[bool, typer.Option("--long", help="Also the whole sum, and all that limits its use.")] = False,
) -> None:
    """Advice for one case: points, risk, what raises and what lowers. It never decides.

    Example: riskmodel advise 2026.1 --answers notebooks/one.json --language en
    """
    from riskmodel.advice import advice_json, advice_text

    today = date.today()
    with told_in(language, otherwise=REFUSALS["otherwise"], but=CaseText):
        advice, now = _advice(release, answers, today=today, own_assessment=assessment, signers=signers)
    text = (
        json.dumps(advice_json(advice), ensure_ascii=False)
        if as_json
        else advice_text(advice, language, is_long=is_long)
    )
    typer.echo(text)
    if now != release:
        typer.echo(TEXTS.say("in_force_since", language, release=release, now=now), err=True)


def _advice(
    release: str, answers: Path, *, today: date, own_assessment: str | None, signers: Path | None
) -> tuple["Advice", str]:
    """The advice on the case in the file `answers`, and the id of the release that is in force for it."""
    from riskmodel.advice import advise as ask
    from riskmodel.advice import read_case
    from riskmodel.release.verify import release_in_force, verify_release

    case, required = read_case(answers), signers_required(signers)
    where = case.municipality
    if where is None:
        raise SurveyDataError(REFUSALS["no_municipality"].filled(file=answers.name))
    found = verify_release(WORKSPACE.releases, release, today=today, municipality=where, signers=required)
    advice = ask(
        found,
        case.answers,
        today=today,
        own_assessment=own_assessment,
        municipality=where,
        month=case.month,
        reference=case.reference,
    )
    return advice, release_in_force(WORKSPACE.releases, today=today, municipality=where)


def score(
    release: str,
    source: Path,
    out: Path,
    purpose: Annotated[str, typer.Option(help="Only 'evaluation': lists of people are not for casework.")],
    engine: Annotated[str, typer.Option(help="duckdb or postgres.")] = "duckdb",
    connection: Annotated[
        str | None, typer.Option(envvar="RISKMODEL_CONNECTION", help="With postgres: the database's URL.")
    ] = None,
    month: Annotated[int, typer.Option(help="Of the cases, at whose start they are scored.")] = 0,
    signers: SignersFile = None,
    language: Language = "sv",
) -> None:
    """Points and risk for a table of pseudonymous cases, none for an unusual one, for evaluation alone; no flags.

    SOURCE is a parquet or csv file, with postgres the name of a table.

    Example: riskmodel score 2026.1 answers.parquet scores.parquet --purpose evaluation
    """
    from riskmodel.advice.engine import score_table
    from riskmodel.release.verify import verify_release

    found = verify_release(WORKSPACE.releases, release, today=date.today(), signers=signers_required(signers))
    table = source if engine == "duckdb" else str(source)
    kept = WORKSPACE.releases.parent
    summary = score_table(
        found,
        table,
        out,
        purpose=purpose,
        engine=engine,
        connection=connection,
        month=month,
        kept=kept,
        say=lambda text: typer.echo(text.said(language), err=True),
    )
    told = {"release": release, "waivers": found.waivers_in_short, **summary}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
