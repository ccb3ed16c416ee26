"""CHANGES.md of a release, and the lines that `riskmodel diff` has in common with it. Standard library only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import DASH, LANGUAGES, WRITING, read_words
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.publish.card import inert
from riskmodel.publish.card_tables import TEXTS as CARD
from riskmodel.publish.difference import Difference, Moved, Pair, difference
from riskmodel.release.acts import Gate, Waiver, present_gates
from riskmodel.release.answers import answered
from riskmodel.release.evidence import DEMANDS, Measure
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

FLAG_COLUMNS = ("kept", "gained", "lost", "unflagged", "not_comparable")
MEASURES = ("auc", "oe", "recalibration_slope", "ici", "flagged_share", "ppv", "sensitivity")
TOTAL = "total"
DECIMALS = 3
HASH_SHOWN = 12  # characters of a hash that a person compares
TEXTS = read_words(Path(__file__).parent / "texts" / "difference.toml")


def changes(release: Release, before: Release | None) -> str:
    """CHANGES.md, in both languages: `release` against `before`, the one it supersedes; None when it is the first."""
    if before is None:
        shown = inert(release)
        pages = [_first(shown, language) for language in LANGUAGES]
    else:
        found = inert(difference(before, release))
        pages = [_against(found, language) for language in LANGUAGES]
    return "\n---\n\n".join("\n".join([*page, ""]) for page in pages)


def _first(release: Release, language: str) -> Iterator[str]:
    """The page of a release with none before it."""
    say = TEXTS.speaking(language)
    yield from [f"# {say('changes_title', release=_name(release, language))}", "", say("first")]
    waivers = [f"- {say('waiver_of', waiver=_waiver(waiver, language))}" for waiver in release.standing_waivers]
    yield from ["", *waivers] if waivers else []


def _against(found: Difference, language: str) -> Iterator[str]:
    """The page of a release that supersedes another."""
    say, now = TEXTS.speaking(language), found.now
    sections = {
        "in_short": _in_short(found, language),
        "thresholds": _thresholds(found, language),
        "points_of_answers": _points(found, language),
        "measured": _measures(found, language),
        "gates": _gates(found, language),
        "waivers": [f"- {line}" for line in waiver_lines(found, language)] or [say("no_waivers")],
        "flags": _flags(found, language),
        "beside": [f"- {line}" for line in beside_lines(found, language)],
        "origin": [f"- {line}" for line in origin_lines(found, language)],
    }
    title = say("changes_title", release=_name(now, language))
    if now.publication and now.publication.revises:
        title += say("revision", revises=now.publication.revises)
    yield from [f"# {title}", "", say("against", release=_name(found.before, language))]
    for name, section in sections.items():
        if lines := list(section):
            yield from ["", f"## {say(name)}", "", *lines]


def flag_table(rows: Iterable[Mapping[str, Json]], language: str) -> Iterator[str]:
    """A table of how many flags are kept, gained and lost; small numbers are not shown."""
    say = TEXTS.speaking(language)
    yield from _head(f"| {say('area')} | {' | '.join(say(column) for column in FLAG_COLUMNS)} |")
    for row in rows:
        counts = [say("hidden") if row[column] is None else str(row[column]) for column in FLAG_COLUMNS]
        area = say(TOTAL) if row["area"] == TOTAL else row["area"]
        yield f"| {area} | {' | '.join(counts)} |"


def waiver_lines(found: Difference, language: str) -> Iterator[str]:
    """What became of each waiver, and the waiver whole."""
    say = TEXTS.speaking(language)
    yield from (f"{say(became)}: {_waiver(waiver, language)}" for became, waiver in found.waivers)


def beside_lines(found: Difference, language: str) -> Iterator[str]:
    """What is asked again, is the applicant's own view or a reason to depart in one of the releases alone."""
    say = TEXTS.speaking(language)
    yield from (f"{say(kind)}, {say(became)}: {text.said(language)}" for kind, became, text in found.beside)


def _waiver(waiver: Waiver, language: str) -> str:
    what = " ".join(filter(None, (waiver.gate, waiver.of)))
    return TEXTS.say("waiver", language, what=what, **waiver.told)


def origin_lines(found: Difference, language: str) -> Iterator[str]:
    """Whether each thing that a release is made from is the same, where that can be told."""
    say = TEXTS.speaking(language)
    became = {True: "same", False: "changed", None: "another_key"}
    yield from (f"{say(of)}: {say(became[same])}" for of, same in found.origin.items())


def arrow(pair: Pair[Json], language: str) -> str:
    """A value before and now."""
    return " → ".join(_shown(value, language) for value in pair)


def _shown(value: Json, language: str) -> str:
    """A number, a band or nothing."""
    if isinstance(value, list | tuple):
        return DASH.join(map(str, value))
    if isinstance(value, float):
        return WRITING[language].plain(value, digits=DECIMALS)
    return TEXTS.say("nothing", language) if value is None else str(value)


def _name(release: Release, language: str) -> str:
    return release.id or TEXTS.say("the_candidate", language)


def _head(columns: str) -> list[str]:
    return [columns, "|---" * (columns.count("|") - 1) + "|"]


def _in_short(found: Difference, language: str) -> Iterator[str]:
    say = TEXTS.speaking(language)
    before, now = (f"`{sha256[:HASH_SHOWN]}`" for sha256 in found.equation)
    yield f"- {say('same_equation' if found.same_equation else 'other_equation', before=before, now=now)}"
    counted = Counter(moved.change for moved in found.points)
    moved = [f"{counted[change]} {say(change)}" for change in ("changed", "added", "removed") if counted[change]]
    yield f"- {say('points_moved', moved=', '.join(moved) or say('none'))}"
    was, is_now = _facts(found.before, language), _facts(found.now, language)
    facts = [name for name in is_now if name in was]
    yield from (f"- {name}: {was[name]} → {is_now[name]}." for name in facts if was[name] != is_now[name])
    same = [name.lower() for name in facts if was[name] == is_now[name]]
    if same:
        yield f"- {say('as_before', facts=', '.join(same))}"


def _facts(release: Release, language: str) -> dict[str, str]:
    """What is said of a release in a few words, by its name."""
    say = TEXTS.speaking(language)
    facts = {
        say("predicted"): release.outcome.text.said(language),
        say("new_cases"): _window(release, language),
        say("years"): ", ".join(map(str, release.evidence.years)) or say("none"),
    }
    if release.publication:
        validity = say("span", first=release.publication.valid_from, last=release.publication.valid_until)
        return {**facts, say("validity"): validity}
    return facts


def _window(release: Release, language: str) -> str:
    say, window = TEXTS.speaking(language), release.provenance.data_window
    if window is None or window.first_intake_month is None or window.last_intake_month is None:
        return say("not_said")
    first, last = map(WRITING[language].month, (window.first_intake_month, window.last_intake_month))
    return say("span", first=first, last=last)


def _thresholds(found: Difference, language: str) -> Iterator[str]:
    say = TEXTS.speaking(language)
    yield from _head(say("thresholds_columns"))
    for (month, name), pair in found.thresholds.items():
        tables = found.tables[month]
        cells = [_shown(value, language) if table else DASH for table, value in zip(tables, pair, strict=True)]
        yield f"| {month} | {say(name)} | {cells[0]} | {cells[1]} |"
    yield from [""] if found.policy else []
    for name, pair in found.policy.items():
        asked = CARD.say(name, language) if name in DEMANDS else name
        yield f"- {say('demand', name=asked, values=arrow(pair, language))}"


def _points(found: Difference, language: str) -> list[str]:
    say, parts = TEXTS.speaking(language), []
    for month, runs in groupby(found.runs, key=lambda run: run[0].month):
        heading = [say("at_month", month=month), ""] if len(found.tables) > 1 else []
        parts.append([*heading, *(_line(run, found.tables[month], language) for run in runs)])
    for month, pair in found.tables.items():
        if None in pair:
            parts.append([say("new_table" if pair[0] is None else "no_table", month=month)])
    lines = [line for part in parts for line in ("", *part)]
    return lines[1:] or [say("no_points")]


def _line(run: Sequence[Moved], tables: Pair[Landmark], language: str) -> str:
    """The question and the answer in words, and the points before and now. tables: those of its month."""
    first, last = run[0], run[-1]
    items = (item for table in reversed(tables) if table for item in table.items if item.id == first.item)
    item = next(item for item in items if first.answer in (*item.answers, NO_ANSWER))
    said = answered(item, first.answer, last.answer).said(language)
    return f"- {item.text.said(language)} {DASH} {said}: {arrow((first.before, first.now), language)}"


def _measures(found: Difference, language: str) -> Iterator[str]:
    say = TEXTS.speaking(language)
    if found.measures:
        yield from _head(say("measures_columns"))
    for name in MEASURES:
        if name in found.measures:
            before, now = (_interval(row, language) for row in found.measures[name])
            yield f"| {say(f'measure_{name}')} | {before} | {now} |"


def _interval(row: Measure | None, language: str) -> str:
    say = TEXTS.speaking(language)
    if row is None or row.estimate is None:
        return say("hidden")
    known = row.low is not None and row.high is not None
    span = f" ({say('span', first=_shown(row.low, language), last=_shown(row.high, language))})" if known else ""
    return f"{_shown(row.estimate, language)}{span}"


def _gates(found: Difference, language: str) -> Iterator[str]:
    for before, now in found.gates:
        if now and now.status != (before and before.status):
            waits = now.status == "open" and not present_gates().unknown(now)  # for what people do at publication
            if not waits or found.now.publication is not None:
                was = _status(before, language) if before else TEXTS.say("not_there", language)
                yield f"- {now.id} {now.name.said(language)}: {was} → {_status(now, language)}"


def _status(gate: Gate, language: str) -> str:
    return CARD.say(f"status_{gate.status}", language)


def _flags(found: Difference, language: str) -> Iterator[str]:
    flags = found.now.evidence.flags_against
    if flags and flags.release == found.before.id:
        yield from flag_table((row.raw for row in flags.rows), language)
