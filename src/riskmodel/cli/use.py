"""Commands that use a release: verify it, advice for one case, points for many, does another program count so."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, AsJson, Language, SignersFile, known, signers_required
from riskmodel.ground.errors import BundleError, SettingsError, SurveyDataError, told_in
from riskmodel.ground.files import is_taken
from riskmodel.release import TEXTS as REFUSALS
from riskmodel.release.record import Release

if TYPE_CHECKING:  # heavy at import
    from riskmodel.advice import Advice
    from riskmodel.exports.kit import Difference
    from riskmodel.release.signers import Signers


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
    with told_in(language, otherwise=REFUSALS["otherwise"]):
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


def conform(
    release: Annotated[str, typer.Argument(help="Its id, or its folder.")],
    results: Annotated[Path, typer.Argument(help="What your program gave, a JSON object a line.")],
    door: Annotated[str, typer.Option(help="text: it reads what is typed. code: it takes codes, and only counts.")] = (
        "text"
    ),
    language: Language = "sv",
) -> None:
    """Hold what another program gave to a release's conformance.jsonl against what the release says.

    Exit code 1 unless every case agrees.

    Example: riskmodel conform 2027.1 results.jsonl --door code
    """
    from riskmodel.exports.kit import DOORS, compare, read_kit, read_results

    known("--door", door, tuple(DOORS))
    found = compare(read_kit(_kit(release)), read_results(results, door=door), door=door)
    say = TEXTS.speaking(language)
    if found.agrees:
        typer.echo(say("all_agree", n=found.compared_n))
        return
    if found.first is not None:
        _tell_difference(found.first, door, language)
    counts = {"different": found.different_n, "missing": found.missing_n, "extra": found.extra_n}
    typer.echo(say("compared", compared=found.compared_n, **counts))
    raise typer.Exit(1)


def _kit(release: str) -> bytes:
    """The kit of a release, of its id or its folder, where every file is as it was published."""
    from riskmodel.exports.kit import KIT_FILE
    from riskmodel.release.bundle import read_bundle, read_seal
    from riskmodel.release.ledger import read_ledger
    from riskmodel.release.standing import published_line
    from riskmodel.release.verify import published_bundle

    folder = Path(release)
    if folder.name == release:
        folder = WORKSPACE.releases / release
        bundle = published_bundle(folder, published_line(read_ledger(WORKSPACE.releases), release))
    else:
        bundle = read_bundle(folder, read_seal(folder))
    if KIT_FILE not in bundle.files:
        raise BundleError(TEXTS["no_kit"].filled(folder=folder.name, file=KIT_FILE))
    return bundle.files[KIT_FILE]


def _tell_difference(first: "Difference", door: str, language: str) -> None:
    """The first difference, and the made case it was seen in."""
    say, line = TEXTS.speaking(language), first.line
    said = {"expected": _json(first.expected), "got": _json(first.got)}
    typer.echo(say("first_difference", case=line["case"], field=first.field, **said))
    typer.echo(
        say("as_codes", code=_json(line["code"])) if door == "code" else say("as_typed", answers=_json(line["answers"]))
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
