"""Two releases side by side: points, thresholds, risks, policy, and whose flags would change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict

from riskmodel.assess.new_year.flags import flags_against
from riskmodel.cohort.record import load_cohort
from riskmodel.ground.record_reader import Json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.books import load_candidate
from riskmodel.publish.changes import THRESHOLD_WORDS
from riskmodel.publish.moved import moved_points, moved_policy, same_equation, same_origin, tables
from riskmodel.release.acts import Waiver
from riskmodel.release.known import published_release
from riskmodel.release.record import Landmark, Release
from riskmodel.release.waivers import standing_waivers

CANDIDATE = "candidate"
SUM_STEP = 10  # points between the sums whose risks are compared
SCALE = ("offset", "per_point")

Table = Mapping[str, Json]
Row = dict[str, Json]


def named_release(workspace: Workspace, named: str) -> Release:
    """The published release with this id, or the latest run's proposal when it is called `candidate`."""
    return load_candidate(workspace) if named == CANDIDATE else published_release(workspace.releases, named)


def difference(before: Release, now: Release) -> Row:
    """Two releases side by side, JSON-able. A row has `before` and `now`, None where that release has nothing.

    thresholds, scale: by month and name. points: by month, item and answer, those that moved, with what `change` it
    was. risks: by month and sum, every tenth. policy: by name, what differs. outcome: in words, None when it is the
    same. same_equation: whether everybody gets the same points and risk. waivers: of each, whole. origin: whether what
    they were made from is the same.
    """
    outcomes = [asdict(one.outcome.text) for one in (before, now)]
    return {
        **_both(*(one.publication.id if one.publication else CANDIDATE for one in (before, now))),
        "outcome": None if outcomes[0] == outcomes[1] else _both(*outcomes),
        "thresholds": list(_by_month(before, now, THRESHOLD_WORDS, lambda table: table.thresholds.raw)),
        "scale": list(_by_month(before, now, SCALE, lambda table: table.raw)),
        "points": [{**asdict(moved), "change": moved.change} for moved in moved_points(now, before)],
        "risks": list(_risks(before, now)),
        "policy": list(moved_policy(now, before)),
        "same_equation": same_equation(now, before),
        "waivers": _both(*([_told(waiver) for waiver in standing_waivers(one)] for one in (before, now))),
        "origin": same_origin(now, before),
    }


def flags_between(before: Release, now: Release, workspace: Workspace, *, profile: str) -> list[Row]:
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


def _by_month(before: Release, now: Release, names: Iterable[str], part: Callable[[Landmark], Table]) -> Iterator[Row]:
    for month, old, new in tables(now, before):
        for name in names:
            values = [part(table)[name] if table else None for table in (old, new)]
            yield {"month": month, "name": name, **_both(*values)}


def _risks(before: Release, now: Release) -> Iterator[Row]:
    for month, old, new in tables(now, before):
        both = [_risk_by_sum(table) for table in (old, new)]
        for points in sorted({*both[0], *both[1]}):
            if points % SUM_STEP == 0:
                yield {"month": month, "sum": points, **_both(*(risks.get(points) for risks in both))}


def _risk_by_sum(table: Landmark | None) -> dict[int, float]:
    return table.risk.by_sum if table else {}


def _told(waiver: Waiver) -> Row:
    return {key: getattr(waiver, key) for key in ("gate", "column", "name", "reason", "until")}


def _both(before: Json, now: Json) -> Row:
    return {"before": before, "now": now}
