"""Commands by which people decide: protocol, confirm, approve, publish, withdraw, verify."""

from datetime import date
from typing import Annotated

import typer

from riskmodel.cli.shared import WORKSPACE, Name, choices
from riskmodel.errors import SettingsError
from riskmodel.settings import read_settings


def protocol(name: Name) -> None:
    """Freeze outcome, policy, tolerances and acceptance criteria before the latest year is looked at.

    Example: riskmodel protocol --name "Anna Berg"
    """
    from riskmodel.release.protocol import freeze_protocol

    settings, instrument = choices()
    protocol_id = freeze_protocol(WORKSPACE, settings, instrument, name=name, today=date.today())
    typer.echo(f"{protocol_id}: frozen. Next: riskmodel confirm opens the latest year; the ledger counts every look.")


def confirm(name: Name) -> None:
    """Evaluate the procedure on the latest complete year, once, under the frozen protocol. Every look is a ledger line.

    Example: riskmodel confirm --name "Anna Berg"
    """
    from riskmodel.cohort.record import load_cohort
    from riskmodel.release.confirm import confirm as look

    settings, instrument = choices()
    cohorts = {month: load_cohort(WORKSPACE.cohort(month)) for month in settings.cohort.landmarks}
    record = look(WORKSPACE, cohorts, instrument, settings, name=name, today=date.today())
    for row in record["criteria"]:
        ends = "" if row["low"] is None else f" ({row['low']} to {row['high']})"
        shown = "not measured, too few in that year" if row["estimate"] is None else f"{row['estimate']}{ends}"
        when = f"month {row['landmark']}, " if len(cohorts) > 1 else ""
        typer.echo(f"{'passed' if row['passed'] else 'FAILED'}  {when}{row['measure']}: {shown}")
    outcome = "confirmed" if record["passed"] else "NOT confirmed"
    typer.echo(f"Look number {record['opening']} at {record['year']}: {outcome}")


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


def withdraw(release: str, reason: Annotated[str, typer.Option()], name: Name) -> None:
    """Take a release out of use for good; the one before comes back if it is still valid.

    Example: riskmodel withdraw 2026.1 --reason "Wrong threshold" --name "Anna Berg"
    """
    from riskmodel.release.publish import withdraw as act
    from riskmodel.release.tracking import log_published

    act(WORKSPACE, release, reason=reason, name=name, today=date.today())
    typer.echo(f"{release}: withdrawn")
    log_published(WORKSPACE)


def verify(release: Annotated[str | None, typer.Argument()] = None) -> None:
    """Check hashes, ledger, validity and the release's own examples; the release in force when none is named.

    Example: riskmodel verify 2026.1
    """
    from riskmodel.release.verify import release_in_force, verify_release

    today = date.today()
    release_id = release or release_in_force(WORKSPACE.releases, today=today)
    found = verify_release(WORKSPACE.releases, release_id, today=today)
    typer.echo(f"{release_id}: as published, valid until {found['publication']['valid_until']}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError("--valid-from: a date is needed, for example 2027-01-01.") from None
