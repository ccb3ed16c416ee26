"""What differs between two releases, as one record. Standard library only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias, TypeVar

from riskmodel.ground.record_reader import Json
from riskmodel.ground.text import Text
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.acts import Gate, Waiver
from riskmodel.release.evidence import Measure
from riskmodel.release.item import Code
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release
from riskmodel.release.subject import OF_PEOPLE, hash_in

THRESHOLDS = ("flag", "threshold_prob", "band")
SCALE = ("offset", "per_point")
ORIGIN = ("delivery", "cohort", "instrument", "settings", "procedure", "lock")
BESIDE = ("contradictions", "own_rating", "departures")
SUM_STEP = 10  # points between the sums whose risks are compared

Key = TypeVar("Key")
Value = TypeVar("Value")
Pair: TypeAlias = tuple[Value | None, Value | None]  # before and now; None where that release has nothing
ByMonth: TypeAlias = Mapping[tuple[int, str | int], Pair[Json]]  # month, and a name or a sum of points


@dataclass(frozen=True)
class Moved:
    """The points of one answer in two tables of `month`, None where a table lacks it. answer: a code or a number."""

    month: int
    item: str
    answer: Code
    before: int | None
    now: int | None

    @property
    def change(self) -> str:
        """What became of it."""
        return "added" if self.before is None else "removed" if self.now is None else "changed"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two releases side by side; equal ones stand there too but in `points` and `policy`.

    equation: its hashes. tables: by month. thresholds, scale: by month and name. points: the answers whose points moved
    in tables that both have, as they are asked. risks: by month and sum, every tenth. measures: of the points on
    everybody. waivers: with what became of each. beside: what is said beside the advice and is not in both: its kind
    (of `BESIDE`), what became of it, and the words. origin: whether what they were made from is the same; None where
    they are hashed under different keys.
    """

    before: Release
    now: Release
    equation: tuple[str, str]
    tables: Mapping[int, Pair[Landmark]]
    thresholds: ByMonth
    points: tuple[Moved, ...]
    risks: ByMonth
    scale: ByMonth
    policy: Mapping[str, Pair[Json]]
    measures: Mapping[str, Pair[Measure]]
    gates: tuple[Pair[Gate], ...]
    waivers: tuple[tuple[str, Waiver], ...]
    beside: tuple[tuple[str, str, Text], ...]
    origin: Mapping[str, bool | None]

    @property
    def same_equation(self) -> bool:
        """Whether everybody gets the same points and the same risk from both."""
        return self.equation[0] == self.equation[1]

    @property
    def another_outcome(self) -> bool:
        """Whether the two predict different things, whatever the words."""
        return not self.before.outcome.is_same(self.now.outcome)

    @property
    def runs(self) -> Iterator[tuple[Moved, ...]]:
        """`points`, numbers in a row that moved alike together, every other answer by itself."""

        def key(placed: tuple[int, Moved]) -> tuple[Json, ...]:
            place, one = placed
            # in a run of numbers, number less place is constant
            answer = one.answer - place if isinstance(one.answer, int) else one.answer
            return one.month, one.item, answer, one.before, one.now

        for _, run in groupby(enumerate(self.points), key=key):
            yield tuple(one for _, one in run)


def difference(before: Release, now: Release) -> Difference:
    """What differs between `before` and `now`."""
    tables = _pairs(*({table.month: table for table in one.landmarks} for one in (before, now)))
    tables = {month: tables[month] for month in sorted(tables)}
    policy = _pairs(before.policy.raw, now.policy.raw)
    gates = _pairs(*({gate.id: gate for gate in one.decided_gates} for one in (before, now)))
    return Difference(
        before=before,
        now=now,
        equation=(before.identity.equation, now.identity.equation),
        tables=tables,
        thresholds=_by_month(tables, lambda table: {name: table.thresholds.raw[name] for name in THRESHOLDS}),
        points=tuple(moved for old, new in tables.values() if old and new for moved in moved_points(old, new)),
        risks=dict(sorted(_by_month(tables, _every_tenth_risk).items())),
        scale=_by_month(tables, lambda table: {name: table.raw[name] for name in SCALE}),
        policy={name: policy[name] for name in sorted(policy) if policy[name][0] != policy[name][1]},
        measures=_pairs(_measures(before), _measures(now)),
        gates=tuple(gates.values()),
        waivers=tuple(_waivers_moved(before.standing_waivers, now.standing_waivers)),
        beside=tuple(_beside_moved(before, now)),
        origin={of: _is_same(before.provenance.raw, now.provenance.raw, of) for of in ORIGIN},
    )


def _is_same(before: Mapping[str, Json], now: Mapping[str, Json], of: str) -> bool | None:
    if of in OF_PEOPLE and before.get("key_mark") != now.get("key_mark"):
        return None
    return hash_in(before, of) == hash_in(now, of)


def _waivers_moved(before: Sequence[Waiver], now: Sequence[Waiver]) -> Iterator[tuple[str, Waiver]]:
    """Every waiver of two releases with what became of it: new, kept or ended."""
    yield from (("kept" if waiver in before else "new", waiver) for waiver in now)
    yield from (("ended", waiver) for waiver in before if waiver not in now)


def _beside_moved(before: Release, now: Release) -> Iterator[tuple[str, str, Text]]:
    """What only one of two releases asks about again, takes for the applicant's own view, or offers as a reason."""
    was, said = _beside(before), _beside(now)
    yield from ((kind, "new", text) for kind, text in said if (kind, text) not in was)
    yield from ((kind, "ended", text) for kind, text in was if (kind, text) not in said)


def _beside(release: Release) -> list[tuple[str, Text]]:
    asked = [one for table in release.landmarks for item in table.items for one in item.questions]
    own = {one.id: one.text for one in asked if one.id == release.own_rating}.values()
    texts = [one.text for one in release.contradictions], own, [one.text for one in release.departures]
    return [(kind, text) for kind, of in zip(BESIDE, texts, strict=True) for text in of]


def moved_points(old: Landmark, new: Landmark, *, routes: bool = False) -> Iterator[Moved]:
    """Every answer whose points are not the same, in the order they are asked in; `routes`: those with a rule too."""
    for (item, answer), (was, now) in _pairs(_points(old, routes), _points(new, routes)).items():
        if was != now:
            yield Moved(new.month, item, answer, was, now)


def _points(table: Landmark, routes: bool) -> dict[tuple[str, Code], int]:
    found: dict[tuple[str, Code], int] = {}
    for item in table.items:
        found |= {(item.id, code): answer.points for code, answer in item.answers.items()}
        found |= {(item.id, level.code): level.points for level in item.levels if level.route and routes}
        found[item.id, NO_ANSWER] = item.no_answer.points
    return found


def _every_tenth_risk(table: Landmark) -> dict[str | int, Json]:
    return {points: risk for points, risk in table.risk.by_sum.items() if points % SUM_STEP == 0}


def _measures(release: Release) -> dict[str, Measure]:
    rows = release.evidence.measures
    return {row.measure: row for row in rows if (row.scope, row.predictor) == ("overall", "points")}


def _by_month(tables: Mapping[int, Pair[Landmark]], part: Callable[[Landmark], dict[str | int, Json]]) -> ByMonth:
    """A part of every table."""
    parts = {month: [part(table) if table else {} for table in both] for month, both in tables.items()}
    return {(month, name): pair for month, both in parts.items() for name, pair in _pairs(*both).items()}


def _pairs(before: Mapping[Key, Value], now: Mapping[Key, Value]) -> dict[Key, Pair[Value]]:
    """Everything that either has, by its name: first what stands there now, in its order."""
    return {key: (before.get(key), now.get(key)) for key in {**now, **before}}
