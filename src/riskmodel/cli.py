"""The `riskmodel` command: one short function a subcommand; whatever is heavy is imported inside it."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.errors import SettingsError, shown_plainly
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.settings import PROFILES, Settings, read_settings
from riskmodel.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Advisory early-support scores: deliveries in, a verified release and its evidence out. It never decides.",
)
WORKSPACE = Workspace()
LANGUAGES = ("sv", "en")
Name = Annotated[str, typer.Option(help="Who does this; it is written in the ledger.")]
Language = Annotated[str, typer.Option(help="sv or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine instead of text for a person.")]


def main() -> None:
    """Run the command; a mistake that the user can put right ends with its message and exit code, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles may stand at a code page without å, ä, ö
    with shown_plainly():
        app()


@app.command()
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
    make(
        out,
        read_instrument(instrument),
        cases_per_year=cases_per_year,
        first_year=first,
        last_year=last,
        seed=seed,
        mispredicted_group=mispredicted_group,
    )
    typer.echo(f"{out}: written")


@app.command()
def check(delivery: Path, instrument: Annotated[Path, typer.Option()]) -> None:
    """Say what is usable in a delivery and what is not; nothing is written.

    Example: riskmodel check data/raw/made --instrument data/instruments/exempelstad.toml
    """
    from riskmodel.extracts.delivery import quality_summary
    from riskmodel.extracts.read import read_delivery

    found = read_delivery(delivery, read_instrument(instrument), read_settings(WORKSPACE.params))
    typer.echo(quality_summary(found))


@app.command()
def protocol(name: Name) -> None:
    """Freeze outcome, policy, tolerances and acceptance criteria before the latest year is looked at.

    Example: riskmodel protocol --name "Anna Berg"
    """
    from riskmodel.release.protocol import freeze_protocol

    settings, instrument = _choices()
    protocol_id = freeze_protocol(WORKSPACE, settings, instrument, name=name, today=date.today())
    typer.echo(f"{protocol_id}: frozen. Next: riskmodel confirm opens the latest year; the ledger counts every look.")


@app.command()
def confirm(name: Name) -> None:
    """Evaluate the procedure on the latest complete year, once, under the frozen protocol. Every look is a ledger line.

    Example: riskmodel confirm --name "Anna Berg"
    """
    from riskmodel.cohort.record import load_cohort
    from riskmodel.release.confirm import confirm as look

    settings, instrument = _choices()
    record = look(WORKSPACE, load_cohort(WORKSPACE.cohort()), instrument, settings, name=name, today=date.today())
    for row in record["criteria"]:
        measured = row["estimate"] is not None
        shown = (
            f"{row['estimate']} ({row['low']} to {row['high']})" if measured else "not measured, too few in that year"
        )
        typer.echo(f"{'passed' if row['passed'] else 'FAILED'}  {row['measure']}: {shown}")
    outcome = "confirmed" if record["passed"] else "NOT confirmed"
    typer.echo(f"Look number {record['opening']} at {record['year']}: {outcome}")


@app.command()
def approve(
    name: Name,
    role: Annotated[str, typer.Option(help="In which role.")],
    decision: Annotated[str, typer.Option(help="Where the decision is on record.")],
) -> None:
    """Approve the present candidate with its protocol, confirmation and report. Two different people are needed.

    Example: riskmodel approve --name "Anna Berg" --role enhetschef --decision "Dnr 2026/123"
    """
    from riskmodel.release.approval import NEEDED_N, load_approvals, load_subject, standing_approvals
    from riskmodel.release.approval import approve as sign
    from riskmodel.release.gate import blocking, settled_by_acts

    subject, today = load_subject(WORKSPACE), date.today()
    against = [gate["id"] for gate in blocking(subject.candidate["gates"], today=today) if not settled_by_acts(gate)]
    if against:
        typer.echo(f"Still forbidden by {', '.join(against)}; a waiver makes another candidate, to be approved anew.")
    approval = sign(WORKSPACE, name=name, role=role, decision=decision, today=today)
    people_n = len(standing_approvals(load_approvals(WORKSPACE), subject.digest))
    typer.echo(f"{approval['name']} ({approval['role']}) approves {approval['digest']}")
    typer.echo(f"People who approve it: {people_n} of {NEEDED_N}")


@app.command()
def publish(
    name: Name,
    valid_from: Annotated[str | None, typer.Option(help="First day of use, YYYY-MM-DD; today when left out.")] = None,
) -> None:
    """Publish the candidate when every gate allows it: a new folder in models/releases and a line in the ledger.

    Example: riskmodel publish --name "Anna Berg"
    """
    from riskmodel.release.publish import publish as act
    from riskmodel.release.tracking import log_published

    starts = None if valid_from is None else _day(valid_from)
    release = act(WORKSPACE, read_settings(WORKSPACE.params), name=name, today=date.today(), valid_from=starts)
    typer.echo(f"Published: models/releases/{release}")
    log_published(WORKSPACE)


@app.command()
def withdraw(release: str, reason: Annotated[str, typer.Option()], name: Name) -> None:
    """Take a release out of use for good; the one before comes back if it is still valid.

    Example: riskmodel withdraw 2026.1 --reason "Wrong threshold" --name "Anna Berg"
    """
    from riskmodel.release.publish import withdraw as act
    from riskmodel.release.tracking import log_published

    act(WORKSPACE, release, reason=reason, name=name, today=date.today())
    typer.echo(f"{release}: withdrawn")
    log_published(WORKSPACE)


@app.command()
def verify(release: Annotated[str | None, typer.Argument()] = None) -> None:
    """Check hashes, ledger, validity and the release's own examples; the release in force when none is named.

    Example: riskmodel verify 2026.1
    """
    from riskmodel.release.verify import release_in_force, verify_release

    today = date.today()
    release_id = release or release_in_force(WORKSPACE.releases, today=today)
    found = verify_release(WORKSPACE.releases, release_id, today=today)
    typer.echo(f"{release_id}: as published, valid until {found['publication']['valid_until']}")


@app.command()
def advise(
    release: str,
    answers: Annotated[Path, typer.Option(help="JSON: municipality, and answers by item.")],
    assessment: Annotated[str | None, typer.Option(help="Your own assessment, made first.")] = None,
    language: Language = "sv",
    as_json: AsJson = False,
) -> None:
    """Advice for one case: points, risk, what raises and what lowers. It never decides.

    Example: riskmodel advise 2026.1 --answers notebooks/one.json --language en
    """
    from riskmodel.advice import advice_json, advice_text, read_case
    from riskmodel.advice import advise as ask
    from riskmodel.release.verify import verify_release

    _known("--language", language, LANGUAGES)
    case, today = read_case(answers), date.today()
    found = verify_release(WORKSPACE.releases, release, today=today, municipality=case.municipality)
    advice = ask(found, case.answers, today=today, own_assessment=assessment, municipality=case.municipality)
    typer.echo(json.dumps(advice_json(advice), ensure_ascii=False) if as_json else advice_text(advice, language))


@app.command()
def score(
    release: str,
    source: Path,
    out: Path,
    purpose: Annotated[str, typer.Option(help="Only 'evaluation': lists of people are not for casework.")],
    engine: Annotated[str, typer.Option(help="duckdb, postgres or spark.")] = "duckdb",
) -> None:
    """Points and risk for a table of pseudonymous cases, for evaluation alone; no flags.

    Example: riskmodel score 2026.1 answers.parquet scores.parquet --purpose evaluation
    """
    from riskmodel.advice.engine import score_table
    from riskmodel.release.verify import verify_release

    found = verify_release(WORKSPACE.releases, release, today=date.today())
    summary = score_table(found, source, out, engine=engine, purpose=purpose)
    typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))


@app.command()
def report(
    out: Path,
    profile: Annotated[str | None, typer.Option(help="public or internal; params.toml's when left out.")] = None,
    language: Annotated[str | None, typer.Option(help="sv or en; both in one file when left out.")] = None,
) -> None:
    """Write the manager's report on the latest run to a folder.

    Example: riskmodel report out/ --profile public --language sv
    """
    from riskmodel.report.calibration_report import build_report, write_report
    from riskmodel.report.run import read_run

    languages = LANGUAGES if language is None else (_known("--language", language, LANGUAGES),)
    if profile is not None:
        _known("--profile", profile, PROFILES)
    path = write_report(build_report(read_run(WORKSPACE), languages=languages, profile=profile), out)
    typer.echo(f"{path.as_posix()}: written")


@app.command()
def where() -> None:
    """Say where the latest run put its report, candidate and metrics."""
    places = {
        "Report": WORKSPACE.report / "report.html",
        "Candidate": WORKSPACE.candidate,
        "Metrics": WORKSPACE.metrics,
    }
    missing = [path for path in places.values() if not path.exists()]
    if missing:
        raise SettingsError("No run has finished here. Run `dvc repro`.")
    for what, path in places.items():
        typer.echo(f"{what:10}{path.as_posix()}")


def _choices() -> tuple[Settings, Instrument]:
    settings = read_settings(WORKSPACE.params)
    return settings, read_instrument(Path(settings.delivery.instrument))


def _known(option: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise SettingsError(f"{option}: not known. Allowed: {', '.join(allowed)}.")
    return value


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise SettingsError("--years: first and last year are needed, for example 2018-2025.")
    return int(first), int(last)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError("--valid-from: a date is needed, for example 2027-01-01.") from None
