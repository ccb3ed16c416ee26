"""Commands on what a run has made: compare, report, say where it lies."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import WORKSPACE, AsJson, Language, known
from riskmodel.ground.errors import GateError, SettingsError, told_as, whole_results
from riskmodel.ground.settings import PROFILES, read_settings
from riskmodel.ground.words import LANGUAGES


def diff(before: str, now: str, language: Language = "sv", as_json: AsJson = False) -> None:
    """Two releases side by side: points, thresholds, risks, policy, flags gained and lost. Ids, or candidate.

    Example: riskmodel diff 2026.1 candidate --language en
    """
    from riskmodel.publish.diff import difference_text, flags_between, named_release, told
    from riskmodel.publish.difference import difference

    known("--language", language, LANGUAGES)
    found = difference(named_release(WORKSPACE, before), named_release(WORKSPACE, now))
    profile = read_settings(WORKSPACE.params).release.profile
    with whole_results():
        flags = flags_between(found, WORKSPACE, profile=profile)
    if as_json:
        typer.echo(json.dumps({**told(found), "flags": flags}, ensure_ascii=False))
    else:
        typer.echo(difference_text(found, flags, language=language))


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

    languages = LANGUAGES if language is None else (known("--language", language, LANGUAGES),)
    if profile is not None:
        known("--profile", profile, PROFILES)
    with whole_results():
        html = build_report(read_run(WORKSPACE), languages=languages, profile=profile)
    with told_as(SettingsError, f"{out.name}: can't be written", remedy="Name a folder that can be."):
        path = write_report(html, out)
    typer.echo(f"{path.as_posix()}: written")


def where() -> None:
    """Say where the latest run put its report, candidate and metrics, how the candidate stands, and who may go on."""
    from riskmodel.model.lender import no_more
    from riskmodel.publish.books import read_books
    from riskmodel.publish.people import check_apart
    from riskmodel.publish.states import facts_of, state_of

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
    books = read_books(WORKSPACE)
    facts = facts_of(books, today=date.today())
    state = state_of(facts)
    typer.echo(f"{'State':10}{state.name}")
    if not facts.is_published:
        try:
            check_apart(books)
        except GateError as error:
            typer.echo(f"{'Held':10}{error}")
    if told := no_more(read_settings(WORKSPACE.params).model.prior, root=WORKSPACE.root):
        typer.echo(f"{'Borrowed':10}{told}")
    for act in state.acts:
        if act.command:
            typer.echo(f"{'Next':10}{act.command}, by {act.by}")
