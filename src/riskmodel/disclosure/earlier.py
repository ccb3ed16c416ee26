"""Two releases, or two landmarks of one, laid beside one another: does the difference tell of a handful of people?

What was published stays known, withdrawn or not. So a new count is held against every earlier one of the same landmark,
and against those of the release's own earlier landmarks, whose people include the later ones'.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from riskmodel.disclosure.reader import Whole, pinned_n, read_whole, unsafe_cells
from riskmodel.disclosure.spans import PROFILES, Profile, change, is_handful, span_of

Evidence = Mapping[str, Any]  # what a landmark of a release says of its people
Report = Mapping[str, Any]  # a report's counts.json
Raw = Mapping[str, Any]  # a release.json
Cell = tuple[int | None, int | None]  # people, events
COUNTS = ("n", "events_n")
HOUSEHOLDS = ("clusters_n", "sample_n")  # counted once, in no table
CHANGES = ("kept", "gained", "lost", "unflagged", "not_comparable")
APART = "out_of_fold"  # a scope of other people than the other scopes'


@dataclass(frozen=True)
class Compared:
    """What a release's counts were held against, and what came of it.

    releases: their ids. cells_n: counts compared. hidden_n: counts hidden that would have been shown without them.
    unsafe_n: counts shown that still tell of a handful.
    """

    releases: tuple[str, ...] = ()
    cells_n: int = 0
    hidden_n: int = 0
    unsafe_n: int = 0


def unsafe_tables(counts: Report, earlier: Iterable[Report]) -> set[str]:
    """The tables of a report that, beside the `earlier` reports' on the same municipality, tell of a handful.

    Each as `counts.json` has it: profile, municipalities, and tables of rows with people and events.
    """
    limit, found = PROFILES[counts["profile"]].hidden_up_to, set()
    for other in earlier:
        if set(other["municipalities"]) & set(counts["municipalities"]):
            for name in counts["tables"].keys() & other["tables"].keys():
                if unsafe_cells(_table_of(counts, name), _table_of(other, name), limit=limit):
                    found.add(name)
    return found


def _table_of(counts: Report, name: str) -> Whole:
    """The rows of one table, held against nothing but one another: how many they count in all is not used."""
    rows = counts["tables"][name].items()
    told = [{"scope": name, "group": row, "n": people, "events_n": events} for row, (people, events) in rows]
    return read_whole(told, PROFILES[counts["profile"]])


def months_of(release: Raw) -> list[int]:
    """The landmarks of a release."""
    return [landmark["month"] for landmark in release["landmarks"]]


def evidence_of(release: Raw, month: int) -> Evidence:
    """The evidence of one landmark, with `sample_n`: the households that G4 counts."""
    first, *later = release["landmarks"]
    gate: Evidence = next((gate["evidence"] for gate in release["gates"] if gate["id"] == "G4"), {})
    if month == first["month"]:
        return {**release["evidence"], "sample_n": gate.get("available_n")}
    sample_n = gate.get("later", {}).get(str(month), {}).get("available_n")
    return {**next(one["evidence"] for one in later if one["month"] == month), "sample_n": sample_n}


def evidence_of_all(releases: Iterable[Raw], month: int) -> list[Evidence]:
    """The evidence of `month` in each of `releases` that has it."""
    return [evidence_of(release, month) for release in releases if month in months_of(release)]


def unsafe_counts_n(evidence: Evidence, before: Sequence[Evidence]) -> int:
    """How many counts of `evidence` tell of a handful: by themselves, or beside the evidence `before`."""
    rule = PROFILES[evidence["profile"]]
    known, unsafe_n = wholes_before(before), 0
    for whole in wholes_of(evidence):
        told = {cell for one in known for cell in unsafe_cells(whole, one, limit=rule.hidden_up_to)}
        unsafe_n += len(told) + pinned_n(whole, limit=rule.hidden_up_to)
        known.append(whole)
    households_n = sum(_tells(evidence, name, before, rule) for name in HOUSEHOLDS)
    return unsafe_n + households_n + sum(_flags_tell(evidence, one, rule) for one in before)


def wholes_before(before: Iterable[Evidence]) -> list[Whole]:
    """What everything in `before` tells of the people it counts."""
    return list(chain.from_iterable(map(wholes_of, before)))


def wholes_of(evidence: Evidence) -> list[Whole]:
    """What the counts of `evidence` tell, each set of people once."""
    rule = PROFILES[evidence["profile"]]
    found: list[dict[tuple[str, str], Cell]] = []
    for counts in sorted(_tables(evidence), key=len, reverse=True):
        if counts and not any(counts.items() <= one.items() for one in found):
            found.append(counts)
    return [read_whole(_rows(counts), rule) for counts in found]


def spans_before(name: str, before: Iterable[Evidence]) -> list[tuple[float, float]]:
    """What `before` tells of a count of households that stands in no table."""
    return [span_of(one[name], PROFILES[one["profile"]]) for one in before if one.get(name) is not None]


def settled(
    make: Callable[[Sequence[Evidence]], dict[str, object]], before: Sequence[Evidence], *, releases: Sequence[str]
) -> tuple[dict[str, object], Compared]:
    """The evidence that `make` hands out beside `before`, and what came of the comparison.

    releases: the ids of those in `before`. When even that tells of a handful, or can't show how many people it rests
    on, it shows no count of people at all.
    """
    evidence = make(before)
    if evidence["n"] is None or unsafe_counts_n(evidence, before):
        evidence = without_counts(evidence)
    hidden_n = _hidden_n(evidence) - _hidden_n(make(())) if before else 0
    cells_n = sum(3 * len(whole.shown) for whole in wholes_of(evidence)) if before else 0
    return evidence, Compared(tuple(releases), cells_n, hidden_n, unsafe_counts_n(evidence, before))


def without_counts(evidence: Evidence) -> dict[str, object]:
    """`evidence` with every count of people and households hidden; what was measured on them stays."""
    hidden = dict.fromkeys(COUNTS)
    found = {**evidence, **hidden, "clusters_n": None}
    found["validation_size"] = {**evidence["validation_size"], "available_n": None}
    for name in ("measures", "fairness"):
        found[name] = [{**row, **hidden} for row in evidence[name]]
    if "robustness" in evidence:
        held_out = [{**row, **hidden} for row in evidence["robustness"]["held_out"]]
        found["robustness"] = {**evidence["robustness"], "held_out": held_out}
    if "flags_against" in evidence:
        found["flags_against"] = without_flags(evidence["flags_against"])
    if evidence.get("new_year"):
        people = {name: evidence["new_year"][name] for name in ("everybody", "unshown")}
        found["new_year"] = evidence["new_year"] | {
            name: one and {**one, **hidden, "clusters_n": None} for name, one in people.items()
        }
    return found


def shows_areas(evidence: Evidence) -> bool:
    """Whether the people of every area are shown: the flags of an area add up to them."""
    return all(row["n"] is not None for row in evidence["robustness"]["held_out"] if row["group"])


def without_flags(found: Mapping[str, Any]) -> dict[str, object]:
    """Flags against a release before, with every count hidden."""
    return {**found, "rows": [{**row, **dict.fromkeys(CHANGES)} for row in found["rows"]]}


def _hidden_n(evidence: Evidence) -> int:
    return sum(whole.hides(cell, place) for whole in wholes_of(evidence) for cell in whole.shown for place in range(3))


def _tells(evidence: Evidence, name: str, before: Sequence[Evidence], rule: Profile) -> bool:
    if evidence.get(name) is None:
        return False
    now = span_of(evidence[name], rule)
    return any(is_handful(change(now, one), limit=rule.hidden_up_to) for one in spans_before(name, before))


def _flags_tell(evidence: Evidence, before: Evidence, rule: Profile) -> int:
    """How many flags, held against the same release as before, have changed by a handful."""
    now, was = evidence.get("flags_against"), before.get("flags_against")
    if not now or not was or now["release"] is None or now["release"] != was["release"]:
        return 0
    areas, earlier_rule = {row["area"]: row for row in was["rows"]}, PROFILES[before["profile"]]
    pairs = [
        (span_of(row[name], rule), span_of(areas[row["area"]][name], earlier_rule))
        for row in now["rows"]
        for name in CHANGES
        if row["area"] in areas
    ]
    return sum(is_handful(change(*pair), limit=rule.hidden_up_to) for pair in pairs)


def _tables(evidence: Evidence) -> Iterator[dict[tuple[str, str], Cell]]:
    """People and events by scope and group, a table for each set of people; the same set may come several times."""
    blocks: dict[tuple[str, ...], dict[tuple[str, str], Cell]] = {}
    for row in evidence["measures"]:
        apart = APART if row["scope"] == APART else ""
        cell = ("overall", "") if apart else (row["scope"], row["group"])
        blocks.setdefault((row["predictor"], row["measure"], apart), {})[cell] = (row["n"], row["events_n"])
    for row in evidence.get("robustness", {}).get("held_out", ()):
        if row["group"]:
            cell = (row["column"], row["group"])
            blocks.setdefault(("held_out", row["measure"]), {})[cell] = (row["n"], row["events_n"])
    yield from blocks.values()
    new_year = evidence.get("new_year") or {}
    for people in ("everybody", "unshown"):
        if new_year.get(people):
            yield {("overall", ""): (new_year[people]["n"], new_year[people]["events_n"])}


def _rows(counts: Mapping[tuple[str, str], Cell]) -> Iterator[dict[str, object]]:
    for (scope, group), (n, events_n) in counts.items():
        yield {"scope": scope, "group": group, "n": n, "events_n": events_n}
