"""The report's own counts beside those of reports published earlier: what was published stays known.

They are published as `counts.json` beside the report, so that next year's can be held against them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from riskmodel.disclosure.earlier import unsafe_tables
from riskmodel.release.waivers import standing_waivers, waiver_line
from riskmodel.report.evidence import Evidence

Count = tuple[str, str, Any, Any]  # table, row, people, events


def counts_of(evidence: Evidence) -> dict[str, object]:
    """The counts that the report alone shows, by table and row: people and events, None where hidden; and waivers."""
    tables: dict[str, dict[str, list[int | None]]] = {}
    for table, row, people, events in _counts(evidence):
        tables.setdefault(table, {})[row] = [None if pd.isna(count) else int(count) for count in (people, events)]
    codes = evidence.release.codes
    waivers = [waiver_line(waiver) for waiver in standing_waivers(evidence.release)]
    return {"profile": evidence.profile, "municipalities": codes, "waivers": waivers, "tables": tables}


def beside(evidence: Evidence, earlier: Sequence[Mapping[str, object]]) -> Evidence:
    """`evidence` without the tables that, beside those of the `earlier` reports, tell of a handful of people.

    A release that can't show how many people it rests on has a report without counts.
    """
    if evidence.told["n"] is None:
        nobody = evidence.distribution.assign(n=pd.Series(pd.NA, evidence.distribution.index, dtype="Int64"))
        hidden = {table for table, *_ in _counts(evidence)}
        return _without(replace(evidence, distribution=nobody, curve=evidence.curve.iloc[:0]), hidden)
    return _without(evidence, unsafe_tables(counts_of(evidence), earlier))


def _counts(evidence: Evidence) -> Iterator[Count]:
    for step in evidence.flow.to_dict("records"):
        yield "flow", step["step"], step["n"], step["events_n"]
    for row in evidence.outcomes:
        yield "outcomes", row["name"], row["known_n"], row["events_n"]
    for row in evidence.unlinked:
        yield "unlinked", row["group"], row["n"], None
    for row in evidence.exits:
        yield "exits", row["exit"], row["n"], None
    for year in evidence.reconciliation.to_dict("records"):
        for column in evidence.reconciliation.columns.drop("years"):
            yield "reconciliation", f"{year['years']} {column}", year[column], None
    for area, flagged_n in evidence.flags_by_area.items():
        yield "flags", area, flagged_n, None
    yield "censored", "", evidence.censored["n"], None


def _without(evidence: Evidence, hidden: set[str]) -> Evidence:
    """`evidence` with every count of the tables named in `hidden` hidden."""
    one, years = evidence, evidence.reconciliation.columns[:1]
    return replace(
        evidence,
        flow=_blank(one.flow, ["n", "events_n"]) if "flow" in hidden else one.flow,
        outcomes=_blanks(one.outcomes) if "outcomes" in hidden else one.outcomes,
        flags_by_area={} if "flags" in hidden else one.flags_by_area,
        unlinked=_blanks(one.unlinked) if "unlinked" in hidden else one.unlinked,
        exits=_blanks(one.exits) if "exits" in hidden else one.exits,
        reconciliation=(
            _blank(one.reconciliation, one.reconciliation.columns.difference(years))
            if "reconciliation" in hidden
            else one.reconciliation
        ),
        censored={**one.censored, "n": None} if "censored" in hidden else one.censored,
    )


def _blank(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    nothing = pd.Series(pd.NA, index=table.index, dtype="Int64")
    return table.assign(**dict.fromkeys(columns, nothing))


def _blanks(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    return [{**row, **{name: pd.NA for name in ("n", "known_n", "events_n") if name in row}} for row in rows]
