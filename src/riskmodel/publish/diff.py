"""`riskmodel diff`: two releases side by side, as JSON or as a person reads them in either language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any

from riskmodel.assess.new_year.flags import disclosed_changes, flag_counts, flags
from riskmodel.cohort.record import load_cohort
from riskmodel.ground.record_reader import Json
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.publish.books import load_candidate
from riskmodel.publish.changes import TEXTS, arrow, beside_lines, flag_table, origin_lines, waiver_lines
from riskmodel.publish.difference import ByMonth, Difference, Pair
from riskmodel.release.acts import Waiver
from riskmodel.release.answers import answered
from riskmodel.release.record import Release
from riskmodel.release.verify import published_release

CANDIDATE = "candidate"

Row = dict[str, Any]


def named_release(workspace: Workspace, named: str) -> Release:
    """The published release with this id, or the latest run's proposal when it is called `candidate`."""
    return load_candidate(workspace) if named == CANDIDATE else published_release(workspace.releases, named)


def flags_between(found: Difference, workspace: Workspace, *, profile: str) -> list[Row]:
    """Flags kept, gained and lost per area on this project's modelled cases: month and rows.

    Months that only one of the releases has a table for, or that no cohort is built for, are left out.
    """
    between = []
    for month, (old, new) in found.tables.items():
        folder = workspace.cohort(month)
        if old and new and (folder / "cases.parquet").is_file():
            cases, answers = load_cohort(folder).modelled
            counts = flag_counts(flags(old, answers), flags(new, answers), cases["area"])
            between.append({"month": month, "rows": disclosed_changes(counts, None, profile=profile)["rows"]})
    return between


def told(found: Difference) -> Row:
    """A difference, JSON-able: a row has `before` and `now`, None where that release has nothing.

    outcome: in words, None when it is the same. waivers: of each release, whole.
    """
    releases = found.before, found.now
    outcomes = _both(*(asdict(one.outcome.text) for one in releases))
    return {
        **_both(*map(_name, releases)),
        "outcome": outcomes if found.another_outcome else None,
        "thresholds": _rows(found.thresholds, "month", "name"),
        "scale": _rows(found.scale, "month", "name"),
        "points": [{**asdict(moved), "change": moved.change} for moved in found.points],
        "risks": _rows(found.risks, "month", "sum"),
        "policy": _rows({(name,): pair for name, pair in found.policy.items()}, "name"),
        "same_equation": found.same_equation,
        "waivers": _both(*([_told(waiver) for waiver in one.standing_waivers] for one in releases)),
        "beside": [{"kind": kind, "change": became, **asdict(text)} for kind, became, text in found.beside],
        "origin": {TEXTS[key].en: same for key, same in found.origin.items()},
    }


def difference_text(found: Difference, flags: Iterable[Row], *, language: str) -> str:
    """A difference and the `flags_between` as text; of two wordings the later release's."""
    say = TEXTS.speaking(language)
    outcomes = [one.outcome.text.said(language) for one in (found.before, found.now)]
    sections = {
        "outcome": [outcomes[0], f"→ {outcomes[1]}"] if found.another_outcome else [],
        "thresholds": _by_month(found.thresholds, language),
        "points": list(_points(found, language)) or [say("none")],
        "risks": _by_month(found.risks, language),
        "scale": _by_month(found.scale, language),
        "policy": [f"{name}: {arrow(pair, language)}" for name, pair in found.policy.items()] or [say("same")],
        "flags": [line for one in flags for line in _flags(one, language)] or [say("no_cohort")],
        "waivers": list(waiver_lines(found, language)) or [say("none")],
        "beside": list(beside_lines(found, language)),
        "origin": list(origin_lines(found, language)),
    }
    same = say("same" if found.same_equation else "changed")
    lines = [f"{_name(found.before)} → {_name(found.now)}", say("equation", same=same)]
    for name, said in sections.items():
        if said:
            lines += ["", say(name), *(f"  {line}" for line in said)]
    return "\n".join(lines)


def _by_month(values: ByMonth, language: str) -> list[str]:
    """A line a value: of a name, or of a sum of points."""
    say, lines = TEXTS.speaking(language), []
    for (month, name), pair in values.items():
        label = f"{say(name)}:" if isinstance(name, str) else f"{name:>4} "
        lines.append(f"{say('month', month=month)}  {label} {arrow(pair, language)}")
    return lines


def _points(found: Difference, language: str) -> Iterator[str]:
    """A line an item, and below it one an answer; numbers in a row that moved alike share one."""
    wording = _wording((found.before, found.now), language)
    for (month, item), runs in groupby(found.runs, key=lambda run: (run[0].month, run[0].item)):
        yield f"{TEXTS.say('month', language, month=month)}  {item}: {wording[item, None]}"
        for first, *more in runs:
            name = f"{first.answer}–{more[-1].answer}" if more else wording.get((item, first.answer), str(first.answer))
            yield f"  {name}: {arrow((first.before, first.now), language)}"


def _wording(releases: Iterable[Release], language: str) -> dict[tuple[str, object], str]:
    """Questions by (item, None), answers by (item, code)."""
    found: dict[tuple[str, object], str] = {}
    for item in (item for release in releases for landmark in release.landmarks for item in landmark.items):
        found[item.id, None] = item.text.said(language)
        found[item.id, NO_ANSWER] = answered(item, None).said(language)
        found |= {(item.id, level.code): level.text.said(language) for level in item.levels}
    return found


def _flags(one: Row, language: str) -> Iterator[str]:
    yield TEXTS.say("month", language, month=one["month"])
    yield from flag_table(one["rows"], language)


def _name(release: Release) -> str:
    return release.id or CANDIDATE


def _rows(values: Mapping[Any, Pair[Json]], *names: str) -> list[Row]:
    """A row a value, `names` for the parts of its key."""
    return [{**dict(zip(names, key, strict=True)), **_both(*pair)} for key, pair in values.items()]


def _told(waiver: Waiver) -> Row:
    return {name: text for name, text in vars(waiver).items() if name != "raw"}


def _both(before: Json, now: Json) -> Row:
    return {"before": before, "now": now}
