"""Commands on what a run has made: compare, report, say where the year stands."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, AsJson, Language, known
from riskmodel.ground.errors import SettingsError, told_as
from riskmodel.ground.settings import PROFILES, read_settings
from riskmodel.ground.words import DASH, LANGUAGES
from riskmodel.publish.books import whole_results

if TYPE_CHECKING:  # heavy at import
    from riskmodel.publish.status import Status
    from riskmodel.publish.whatif import Compared, Range
    from riskmodel.release.acts import Gate

SIGNS = {True: "✓", False: "○", "passed": "✓", "failed": "✗", "open": "○"}
ENDS = ("estimate", "low", "high")
WIDTH = 100


def diff(before: str, now: str, language: Language = "sv", as_json: AsJson = False) -> None:
    """Two releases side by side: points, thresholds, risks, policy, flags gained and lost. Ids, or candidate.

    Example: riskmodel diff 2026.1 candidate --language en
    """
    from riskmodel.publish.diff import difference_text, flags_between, named_release, told
    from riskmodel.publish.difference import difference

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
    """Write the manager's report on the latest run to a folder, and the decision alone.

    Example: riskmodel report out/ --profile public --language sv
    """
    from riskmodel.report.calibration_report import pages_of, write_files
    from riskmodel.report.run import read_run

    languages = LANGUAGES if language is None else (known("--language", language, LANGUAGES),)
    if profile is not None:
        known("--profile", profile, PROFILES)
    with whole_results():
        pages = pages_of(read_run(WORKSPACE), languages=languages, profile=profile)
    with told_as(SettingsError, TEXTS["folder_unwritable"], folder=out.name):
        write_files(pages, out)
    for name in pages:
        typer.echo(TEXTS.say("written", language or LANGUAGES[0], path=(out / name).as_posix()))


def whatif(
    changes: Annotated[
        list[str], typer.Argument(help="key=value: harm_ratio, ppv_floor, left_early_cap, capacity_share.")
    ],
    language: Language = "sv",
) -> None:
    """Say what another policy would mean, from the predictions of the latest run, in seconds. Nothing is changed.

    Example: riskmodel whatif capacity_share=.2 ppv_floor=.6
    """
    from riskmodel.publish.whatif import what_if

    with whole_results():
        found = list(what_if(WORKSPACE, read_settings(WORKSPACE.params), changes))
    for one in found:
        for line in _whatif_lines(one, changes, language):
            typer.echo(line)
    typer.echo(TEXTS.say("whatif_last", language))


def _whatif_lines(found: "Compared", changes: list[str], language: str) -> Iterator[str]:
    say, sides = TEXTS.speaking(language), (found.now, found.then)
    points = [say("whatif_no_flags") if side.points is None else str(side.points) for side in sides]
    rows = [("whatif_points", points)]
    rows += [(f"whatif_{name}", [_of_100(side.shares[name], language) for side in sides]) for name in found.now.shares]
    yield f"{say('whatif_month', month=found.month):56}{say('as_it_is'):16}{' '.join(changes)}"
    yield from (f"  {say(key):54}{now:16}{then}" for key, (now, then) in rows)
    yield from (f"  {say('whatif_unmet', demands=', '.join(side.unmet))}" for side in sides[1:] if side.unmet)
    yield ""


def _of_100(shares: "Range", language: str) -> str:
    if shares is None:
        return DASH
    return TEXTS.say("range", language, **{part: round(100 * share) for part, share in zip(ENDS, shares, strict=True)})


def status(language: Language = "sv") -> None:
    """Say where in the year the project stands, gate by gate, and the one thing to do next.

    Example: riskmodel status --language en
    """
    from riskmodel.publish.status import status_of

    found = status_of(WORKSPACE, read_settings(WORKSPACE.params), today=date.today())
    for line in _status_lines(found, language):
        typer.echo(line)


def _status_lines(found: "Status", language: str) -> Iterator[str]:
    say = TEXTS.speaking(language)

    def line(key: str, told: str) -> str:
        return f"{say(key):11}{told}"

    yield line("year", "  ".join(f"{SIGNS[done]} {say(f'step_{step}')}" for step, done in found.steps.items()))
    for now in found.in_force:
        told = say("now_until", release=now.release, code=now.municipality, until=now.until) if now.release else ""
        yield line("now", told or say("now_none", code=now.municipality))
    if found.withdrawn:
        yield line("withdrawn", ", ".join(found.withdrawn))
    if found.was_compared:
        yield line("withdrawn", say("previous_withdrawn", release=found.was_compared))
    if found.gates:
        yield line("gates", say("signs"))
        yield from (f"  {_gate_line(gate, language)}" for gate in found.gates)
    if found.against:
        yield line("against", ", ".join(found.against))
        standing = [gate for gate in found.gates if gate.id in found.against]
        yield from (part for gate in standing for part in _what_to_do(gate, language))
    for key, why in (("held", found.held), ("borrowed", found.gone)):
        if why:
            yield line(key, why.said(language))
    if found.report:
        yield line("report", found.report.resolve().as_uri())
    yield line("next", found.next if " " in found.next else say(f"next_{found.next}"))


def _what_to_do(gate: "Gate", language: str) -> Iterator[str]:
    """What did not pass of a gate that stands against it, and what can be done."""
    from riskmodel.release.gates import concern

    what = concern(gate, language) or TEXTS.say("too_few" if gate.status == "open" else "not_met", language)
    told = f"{gate.id} {what}. {gate.remedy.said(language)}"
    yield from wrap(told, WIDTH, initial_indent="  ", subsequent_indent="     ", break_on_hyphens=False)


def _gate_line(gate: "Gate", language: str) -> str:
    waived = [TEXTS.say("waived", language, until=waiver.until) for waiver in gate.waivers]
    name = f"{SIGNS[gate.status]} {gate.id} {gate.name.said(language)}"
    return f"{name} ({', '.join(dict.fromkeys(waived))})" if waived else name
