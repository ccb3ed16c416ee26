"""Commands by which people decide: freeze, look once, publish, withdraw."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, Key, Language, Name, Signer, choices, pen_of, signers_required
from riskmodel.ground.errors import GateError, RiskModelError, SettingsError
from riskmodel.ground.settings import read_settings
from riskmodel.ground.words import DASH, WRITING
from riskmodel.publish.books import whole_results
from riskmodel.release.criteria import measure_name
from riskmodel.release.record import Release
from riskmodel.release.standing import Fault


def protocol(
    name: Name,
    revises: Annotated[str | None, typer.Option(help="The release of which the thresholds alone change.")] = None,
    language: Language = "sv",
) -> None:
    """Freeze outcome, policy, tolerances and acceptance criteria before the latest year is looked at.

    Example: riskmodel protocol --name "Anna Berg"
    """
    from riskmodel.publish.books import read_books
    from riskmodel.publish.exam import exam_lines
    from riskmodel.publish.protocol import freeze_protocol, looks_at
    from riskmodel.release.criteria import from_rows

    settings, instrument = choices()
    protocol_id = freeze_protocol(WORKSPACE, settings, instrument, name=name, today=date.today(), revises=revises)
    books = read_books(WORKSPACE)
    frozen = books.protocol(protocol_id)
    looks, say = looks_at(books, frozen), TEXTS.speaking(language)
    if revises:
        typer.echo(say("frozen_revision", protocol=protocol_id, release=revises))
        return
    for criterion in from_rows(frozen["criteria"]):
        typer.echo(say("to_be_met", criterion=criterion.said(language)))
    for line in exam_lines(WORKSPACE, frozen, settings, language):
        typer.echo(line)
    for line in _audit_outlook(books.candidate, language):
        typer.echo(line)
    typer.echo(say("read_now"))
    typer.echo(say("frozen", protocol=protocol_id))
    for line in looks.sentences(language):
        typer.echo(line)


def _audit_outlook(candidate: Release, language: str) -> Iterator[str]:
    """What the group audit can tell at this size, a line a table of points."""
    say = TEXTS.speaking(language)

    def share(found: float | None) -> str:
        return DASH if found is None else WRITING[language].written(found)

    audits = [(landmark, (landmark.evidence or candidate.evidence).audit) for landmark in candidate.landmarks]
    judged = [(landmark, found) for landmark, found in audits if found is not None and found.judged_n]
    for landmark, found in judged:
        yield say(
            "audit",
            at=say("at_month", month=landmark.month) if landmark.month else "",
            judged=found.judged_n,
            wrongly=share(found.fails_if_right),
            power_3=share(found.power_3),
            power_4=share(found.power_4),
        )
    yield say("audit_last" if judged else "audit_none")


def confirm(name: Name, language: Language = "sv") -> None:
    """Evaluate the procedure on the years that wait, once, under the frozen protocol. Every look is a ledger line.

    Example: riskmodel confirm --name "Anna Berg"
    """
    from riskmodel.cohort.record import load_cohort
    from riskmodel.publish import ACTS
    from riskmodel.publish.books import read_books
    from riskmodel.publish.confirm import confirm as look
    from riskmodel.publish.exam import confirmed_lines
    from riskmodel.publish.origin import sha256_of_cohorts
    from riskmodel.publish.protocol import looks_at
    from riskmodel.report.calibration_report import report_of, write_files
    from riskmodel.report.run import read_run

    settings, instrument = choices()
    with whole_results():
        cohorts = {month: load_cohort(WORKSPACE.cohort(month)) for month in settings.cohort.landmarks}
        made_from = sha256_of_cohorts(WORKSPACE, settings.cohort.landmarks)
    record = look(WORKSPACE, cohorts, instrument, settings, cohort_sha256=made_from, name=name, today=date.today())
    say, write = TEXTS.speaking(language), WRITING[language].written
    for row in record["criteria"]:
        ends = "" if row["low"] is None else say("ends", low=write(row["low"]), high=write(row["high"]))
        shown = say("not_measured") if row["estimate"] is None else f"{write(row['estimate'])}{ends}"
        when = say("judged_month", month=row["landmark"]) if len(cohorts) > 1 else ""
        verdict = ACTS.say(f"verdict_{row['verdict']}", language)
        typer.echo(f"{verdict}  {when}{measure_name(row['measure']).said(language)}: {shown}")
    for line in confirmed_lines(record, language):
        typer.echo(line)
    books = read_books(WORKSPACE)
    for line in looks_at(books, books.protocol(record["protocol"])).sentences(language):
        typer.echo(line)
    with whole_results():
        write_files(report_of(read_run(WORKSPACE)), WORKSPACE.report)  # what is approved tells what the look came to
    typer.echo(TEXTS.say("written", language, path=WORKSPACE.report.as_posix()))


def publish(
    name: Name,
    valid_from: Annotated[str | None, typer.Option(help="First day of use, YYYY-MM-DD; today when left out.")] = None,
    signer: Signer = "",
    key: Key = None,
    language: Language = "sv",
) -> None:
    """Publish the candidate when every gate allows it: a new folder in models/releases and a line in the ledger.

    Example: riskmodel publish --name "Anna Berg"
    """
    from riskmodel.publish.publish import check_beginning, published_already
    from riskmodel.publish.publish import publish as act
    from riskmodel.publish.registry.tracking import mirror
    from riskmodel.report.remake import print_again, remade_sums

    starts, settings = None if valid_from is None else _day(valid_from), read_settings(WORKSPACE.params)
    pen, done, say = pen_of(signer, key, language), published_already(WORKSPACE), TEXTS.speaking(language)
    if pen is None and settings.release.require_signatures and done is None:
        raise GateError(TEXTS["signatures_required"])
    if done is None:
        check_beginning(WORKSPACE, settings, today=date.today(), valid_from=starts)
        typer.echo(say("making_again"), err=True)
        made, printed = remade_sums(WORKSPACE, settings), print_again(WORKSPACE)
        done = act(
            WORKSPACE,
            settings,
            name=name,
            today=date.today(),
            valid_from=starts,
            pen=pen,
            made=made,
            printed=printed,
        )
    folder = f"models/releases/{done.release_id}"
    if done.is_new:
        typer.echo(say("published", folder=folder))
    else:
        typer.echo(say("published_already", folder=folder, by=done.by, date=done.date))
    _tell(mirror(WORKSPACE), language)


def withdraw(
    release: str,
    reason: Annotated[str, typer.Option()],
    name: Name,
    fault: Annotated[
        Fault, typer.Option(help="What is wrong, and goes with it wherever else it stands.")
    ] = Fault.POINTS,
    language: Language = "sv",
) -> None:
    """Take a release out of use for good; the one before comes back.

    Every release with the same points goes with it, and none may bring them back. With --fault thresholds that is said
    of points and thresholds together; with --fault other, a wrong text for instance, of this release alone.

    Example: riskmodel withdraw 2026.1 --reason "Wrong flag" --name "Anna Berg" --fault thresholds
    """
    from riskmodel.publish.registry.tracking import mirror
    from riskmodel.publish.withdraw import withdraw as act
    from riskmodel.release.ledger import read_ledger
    from riskmodel.release.standing import published_line

    today, say = date.today(), TEXTS.speaking(language)
    gone = act(WORKSPACE, release, reason=reason, name=name, today=today, fault=fault)
    typer.echo(say("withdrawn_now", releases=", ".join(gone.releases)))
    events = read_ledger(WORKSPACE.releases)
    for code in dict.fromkeys(code for one in gone.releases for code in published_line(events, one)["municipalities"]):
        typer.echo(say("in_force_now", code=code, release=_in_force(today, code, language)))
    if not gone.is_whole:
        typer.echo(say("number_alone"))
    _tell(mirror(WORKSPACE), language)


def drill(name: Name, language: Language = "sv") -> None:
    """Try the stop on a copy: withdraw the release in force there, see it refused, and note the drill in the ledger.

    Example: riskmodel drill --name "Anna Berg"
    """
    from riskmodel.publish.withdraw import drill_stop
    from riskmodel.release.ledger import append_event, locked

    with locked(WORKSPACE.releases):
        drilled = drill_stop(WORKSPACE, name=name, today=date.today(), signers=signers_required(None))
        event = append_event(WORKSPACE.releases, drilled)
    typer.echo(TEXTS.say("stop_works", language, release=event["release"]))


def _in_force(today: date, municipality: str, language: str) -> str:
    """The release that consumers in one municipality get now, or why they get none."""
    from riskmodel.release.verify import release_in_force, verify_release

    try:
        now = release_in_force(WORKSPACE.releases, today=today, municipality=municipality)
        verify_release(WORKSPACE.releases, now, today=today, municipality=municipality, signers=signers_required(None))
    except RiskModelError as error:
        return TEXTS.say("nobody", language, why=error.said(language))
    return now


def _tell(warning: RiskModelError | None, language: str) -> None:
    if warning:
        typer.echo(warning.said(language), err=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(TEXTS["no_day"]) from None
