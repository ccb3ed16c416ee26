"""Two releases side by side: points, thresholds, risks, policy, and whose flags would change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from riskmodel.assess.new_year.flags import flags_against
from riskmodel.cohort.record import load_cohort
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.books import load_candidate
from riskmodel.publish.changes import THRESHOLD_WORDS
from riskmodel.publish.moved import moved_points, moved_policy, same_equation, same_origin, tables
from riskmodel.release.known import published_release
from riskmodel.release.waivers import standing_waivers

CANDIDATE = "candidate"
SUM_STEP = 10  # points between the sums whose risks are compared
SCALE = ("offset", "per_point")

Table = Mapping[str, Any]
Row = dict[str, Any]


def named_release(workspace: Workspace, named: str) -> dict[str, Any]:
    """The published release with this id, or the latest run's proposal when it is called `candidate`."""
    return load_candidate(workspace) if named == CANDIDATE else published_release(workspace.releases, named)


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Two releases side by side, JSON-able. A row has `before` and `now`, None where that release has nothing.

    thresholds, scale: by month and name. points: by month, item and answer, those that moved, with what `change` it
    was. risks: by month and sum, every tenth. policy: by name, what differs. outcome: in words, None when it is the
    same. same_equation: whether everybody gets the same points and risk. waivers: of each, whole. origin: whether what
    they were made from is the same.
    """
    outcomes = [one["outcome"]["text"] for one in (before, now)]
    return {
        **_both(*(one["publication"]["id"] if "publication" in one else CANDIDATE for one in (before, now))),
        "outcome": None if outcomes[0] == outcomes[1] else _both(*outcomes),
        "thresholds": list(_by_month(before, now, THRESHOLD_WORDS, lambda table: table["thresholds"])),
        "scale": list(_by_month(before, now, SCALE, lambda table: table)),
        "points": [{**asdict(moved), "change": moved.change} for moved in moved_points(now, before)],
        "risks": list(_risks(before, now)),
        "policy": list(moved_policy(now, before)),
        "same_equation": same_equation(now, before),
        "waivers": _both(standing_waivers(before), standing_waivers(now)),
        "origin": same_origin(now, before),
    }


def flags_between(
    before: Mapping[str, Any], now: Mapping[str, Any], workspace: Workspace, *, profile: str
) -> list[dict[str, Any]]:
    """Flags kept, gained and lost per area on this project's modelled cases: month, and rows as `flags_against` has.

    Months that only one of the releases has a table for, or that no cohort is built for, are left out.
    """
    found = []
    for month, old, new in tables(now, before):
        folder = workspace.cohort(month)
        if old and new and (folder / "cases.parquet").is_file():
            rows = flags_against(before, new, *load_cohort(folder).modelled, profile=profile)["rows"]
            found.append({"month": month, "rows": rows})
    return found


def _by_month(
    before: Mapping[str, Any], now: Mapping[str, Any], names: Iterable[str], part: Callable[[Table], Table]
) -> Iterator[Row]:
    for month, old, new in tables(now, before):
        for name in names:
            values = [part(table)[name] if table else None for table in (old, new)]
            yield {"month": month, "name": name, **_both(*values)}


def _risks(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Row]:
    for month, old, new in tables(now, before):
        both = [_risk_by_sum(table) for table in (old, new)]
        for points in sorted({*both[0], *both[1]}):
            if points % SUM_STEP == 0:
                yield {"month": month, "sum": points, **_both(*(risks.get(points) for risks in both))}


def _risk_by_sum(table: Table | None) -> dict[int, float]:
    return dict(enumerate(table["risk"]["values"], start=table["risk"]["first"])) if table else {}


def _both(before: Any, now: Any) -> dict[str, Any]:
    return {"before": before, "now": now}
