"""What is different from the release before, item by item. Standard library only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import WRITING, read_words
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.publish.moved import Moved, moved_points, moved_policy, same_equation, same_origin, tables
from riskmodel.release.acts import Publication
from riskmodel.release.evidence import Measure
from riskmodel.release.identity import equation_sha256
from riskmodel.release.record import Release
from riskmodel.release.waivers import decided_gates, standing_waivers, waiver_line, waivers_moved

THRESHOLD_WORDS = {"flag": "flag from (points)", "threshold_prob": "at risk", "band": "borderline"}
FLAG_COLUMNS = ("kept", "gained", "lost", "unflagged", "not_comparable")
TOTAL = "total"
TEXTS = read_words(Path(__file__).parent / "texts" / "changes.toml")
MEASURE_WORDS = {
    "auc": "discrimination (AUC)",
    "oe": "observed over expected",
    "recalibration_slope": "calibration slope",
    "ici": "mean calibration error (ICI)",
    "flagged_share": "flagged, of all new cases",
    "ppv": "stayed long, of the flagged",
    "sensitivity": "flagged, of the long-term",
}
DECIMALS = 3
HASH_SHOWN = 12  # characters of a hash that a person compares


def changes(release: Release, before: Release | None) -> str:
    """CHANGES.md: `release` against `before`, the release it supersedes; None when it is the first."""
    if before is None:
        first = "This is the first release: there is none before it to compare with."
        waivers = [f"- Waiver of {waiver_line(waiver)}" for waiver in standing_waivers(release)]
        return "\n".join([f"# Changes in {name_of(release)}", "", first, *([""] if waivers else []), *waivers, ""])
    sections = {
        "In short": _in_short(release, before),
        "Thresholds": _thresholds(release, before),
        "Points": _points(release, before),
        "What was measured": _measures(release, before),
        "Gates whose outcome changed": _gates(release, before),
        "Waivers": _waivers(release, before),
        "Flags, per area": _flags(release, before),
        "Origin": _origin(release, before),
    }
    shown = {heading: list(lines) for heading, lines in sections.items()}
    lines = [line for heading, found in shown.items() if found for line in ("", f"## {heading}", "", *found)]
    return "\n".join([f"# {_title(release)}", "", f"Against {name_of(before)}.", *lines, ""])


def name_of(release: Release) -> str:
    """The release's id, or that it is a candidate."""
    return release.publication.id if release.publication else "the candidate"


def flag_table(rows: Iterable[Mapping[str, Json]], language: str = "en") -> Iterator[str]:
    """A table of how many flags are kept, gained and lost; small numbers are not shown."""
    say = TEXTS.speaking(language)
    yield f"| {say('area')} | {' | '.join(say(column) for column in FLAG_COLUMNS)} |"
    yield "|---" * (len(FLAG_COLUMNS) + 1) + "|"
    for row in rows:
        counts = [say("hidden") if row[column] is None else str(row[column]) for column in FLAG_COLUMNS]
        area = say(TOTAL) if row["area"] == TOTAL else row["area"]
        yield f"| {area} | {' | '.join(counts)} |"


def shown(value: Json, language: str = "en") -> str:
    """A number, a band or nothing, as it stands in a table."""
    if isinstance(value, list | tuple):
        return "–".join(map(str, value))
    if isinstance(value, float):
        return WRITING[language].plain(value, digits=DECIMALS)
    return TEXTS.say("nothing", language) if value is None else str(value)


def _title(release: Release) -> str:
    revised = release.publication.revises if release.publication else None
    alone = f": a revision of the thresholds of {revised} alone, with the same equation" if revised else ""
    return f"Changes in {name_of(release)}{alone}"


def _in_short(release: Release, before: Release) -> Iterator[str]:
    if same_equation(release, before):
        yield f"- Equation: the same ({_hash(release)}). The same answers give the same points and the same risk."
    else:
        yield f"- Equation: changed ({_hash(before)} → {_hash(release)})."
    counted = Counter(moved.change for moved in moved_points(release, before))
    moved = ", ".join(f"{counted[change]} {change}" for change in ("changed", "added", "removed") if counted[change])
    yield f"- Answers with other points: {moved or 'none'}."
    facts = list(_facts(release, before))
    yield from (f"- {words}: {was} → {now}." for words, now, was in facts if now != was)
    same = [words.lower() for words, now, was in facts if now == was]
    if same:
        yield f"- The same as before: {', '.join(same)}."


def _facts(release: Release, before: Release) -> Iterator[tuple[str, str, str]]:
    """What is said of both: in words, now, and before."""
    yield "Outcome", release.outcome.text.en, before.outcome.text.en
    yield "New cases", _window(release), _window(before)
    yield "Years of evaluation", _years(release), _years(before)
    if release.publication and before.publication:
        yield "Validity", _validity(release.publication), _validity(before.publication)


def _years(release: Release) -> str:
    return ", ".join(map(str, release.evidence.years)) or "none"


def _validity(publication: Publication) -> str:
    return f"{publication.valid_from} to {publication.valid_until}"


def _window(release: Release) -> str:
    window = release.provenance.data_window
    if window is None or window.first_intake_month is None or window.last_intake_month is None:
        return "not said"
    return " to ".join(map(WRITING["en"].month, (window.first_intake_month, window.last_intake_month)))


def _hash(release: Release) -> str:
    return f"`{equation_sha256(release)[:HASH_SHOWN]}`"


def _measures(release: Release, before: Release) -> Iterator[str]:
    was, now = _measured(before), _measured(release)
    if was or now:
        yield from ["| measure | before | now |", "|---|---|---|"]
    for measure, words in MEASURE_WORDS.items():
        if measure in was or measure in now:
            yield f"| {words} | {_interval(was.get(measure))} | {_interval(now.get(measure))} |"


def _measured(release: Release) -> dict[str, Measure]:
    rows = release.evidence.measures
    return {row.measure: row for row in rows if (row.scope, row.predictor) == ("overall", "points")}


def _interval(row: Measure | None) -> str:
    if row is None or row.estimate is None:
        return "not shown"
    span = "" if row.low is None or row.high is None else f" ({shown(row.low)} to {shown(row.high)})"
    return f"{shown(row.estimate)}{span}"


def _gates(release: Release, before: Release) -> Iterator[str]:
    was = {gate.id: gate.status for gate in decided_gates(before)}
    for gate in decided_gates(release):
        waits = gate.status == "open" and release.publication is None  # for what people do at publication
        old = was.get(gate.id, "not there")
        if old != gate.status and not waits:
            yield f"- {gate.id} {gate.name.en}: {old} → {gate.status}"


def _waivers(release: Release, before: Release) -> list[str]:
    found = waivers_moved(standing_waivers(before), standing_waivers(release))
    moved = [f"- {what}: {waiver_line(waiver)}" for what, waiver in found]
    return moved or ["None, neither before nor now."]


def _flags(release: Release, before: Release) -> Iterator[str]:
    flags = release.evidence.flags_against
    if flags and flags.release == (before.publication.id if before.publication else None):
        yield from flag_table(row.raw for row in flags.rows)


def _origin(release: Release, before: Release) -> Iterator[str]:
    for words, same in same_origin(release, before).items():
        yield f"- {words}: {'the same' if same else 'changed'}"


def _thresholds(release: Release, before: Release) -> Iterator[str]:
    yield "| month | | before | now |"
    yield "|---|---|---|---|"
    for month, old, new in tables(release, before):
        for key, words in THRESHOLD_WORDS.items():
            cells = [shown(table.thresholds.raw[key]) if table else "–" for table in (old, new)]
            yield f"| {month} | {words} | {cells[0]} | {cells[1]} |"
    demands = [
        f"- demand {row['name']}: {shown(row['before'])} → {shown(row['now'])}" for row in moved_policy(release, before)
    ]
    yield from ["", *demands] if demands else []


def _points(release: Release, before: Release) -> list[str]:
    moved = list(moved_points(release, before))
    several = len(list(tables(release, before))) > 1
    lines: list[str] = []
    for month in sorted({one.month for one in moved}):
        lines += [*([""] if lines else []), *([f"At month {month}:", ""] if several else [])]
        lines += [_line(run) for run in _runs([one for one in moved if one.month == month])]
    for month, old, new in tables(release, before):
        if old is None or new is None:
            what = "a new table; its points stand in card.md" if old is None else "no table any more"
            lines += [*([""] if lines else []), f"At month {month}: {what}."]
    return lines or ["No answer's points have changed."]


def _runs(moved: Sequence[Moved]) -> Iterator[list[Moved]]:
    """Numbers in a row that moved alike together, every other answer by itself."""

    def key(placed: tuple[int, Moved]) -> tuple[Json, ...]:
        place, one = placed
        # in a run of numbers, number less place is constant
        answer = one.answer - place if isinstance(one.answer, int) else one.answer
        return one.item, answer, one.before, one.now

    for _, run in groupby(enumerate(moved), key=key):
        yield [one for _, one in run]


def _line(run: Sequence[Moved]) -> str:
    first, last = run[0], run[-1]
    ends = dict.fromkeys(str(one.answer) for one in (first, last))
    answer = f" {'–'.join(ends)}" if isinstance(first.answer, int) else f": {first.answer}"
    named = first.item + (", no answer" if first.answer == NO_ANSWER else answer)
    return f"- {named}: {shown(first.before)} → {shown(first.now)}"
