"""Commands that use a release: advice for one case, points for many."""

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, AsJson, Language, SignersFile, signers_required
from riskmodel.ground.errors import SurveyDataError


def advise(
    release: str,
    answers: Annotated[Path, typer.Option(help="JSON: municipality, and answers by item.")],
    assessment: Annotated[str | None, typer.Option(help="Your own assessment, made first.")] = None,
    signers: SignersFile = None,
    language: Language = "sv",
    as_json: AsJson = False,
    is_long: Annotated[bool, typer.Option("--long", help="Also the whole sum, and all that limits its use.")] = False,
) -> None:
    """Advice for one case: points, risk, what raises and what lowers. It never decides.

    Example: riskmodel advise 2026.1 --answers notebooks/one.json --language en
    """
    from riskmodel.advice import advice_json, advice_text, read_case
    from riskmodel.advice import advise as ask
    from riskmodel.release.verify import release_in_force, verify_release

    case, today = read_case(answers), date.today()
    if case.municipality is None:
        raise SurveyDataError(f"{answers.name}: municipality is needed, the code of the one that asks. Add it.")
    required = signers_required(signers)
    found = verify_release(WORKSPACE.releases, release, today=today, municipality=case.municipality, signers=required)
    advice = ask(
        found, case.answers, today=today, own_assessment=assessment, municipality=case.municipality, month=case.month
    )
    text = (
        json.dumps(advice_json(advice), ensure_ascii=False)
        if as_json
        else advice_text(advice, language, is_long=is_long)
    )
    typer.echo(text)
    now = release_in_force(WORKSPACE.releases, today=today, municipality=case.municipality)
    if now != release:
        typer.echo(TEXTS.say("in_force_since", language, release=release, now=now), err=True)


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
        say=partial(typer.echo, err=True),
    )
    told = {"release": release, "waivers": found.waivers_in_short, **summary}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
