"""What somebody who reads a table with its totals can work out: the span of every count. Standard library only.

Spans are narrowed sum by sum until none gets narrower: first what is shown, then events + others = people, and the
groups of every breakdown = everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from riskmodel.disclosure.spans import (
    ANYTHING,
    PROFILES,
    Profile,
    Span,
    change,
    is_handful,
    is_nothing,
    is_something,
    span_of,
)

Cell = tuple[str, str]  # breakdown and group
EVERYBODY: Cell = ("overall", "")
EVENTS, OTHERS, PEOPLE = range(3)
ROUNDS = 100  # more than it takes; stopping early only leaves a span wider
Row = tuple[Span, Span, Span]  # events, others, people


@dataclass(frozen=True)
class Whole:
    """What is known of the counts of one set of people, parted in several ways.

    rows: the span of every count. shown: as the numbers say it, before any sum.
    """

    rows: Mapping[Cell, Row]
    shown: Mapping[Cell, Row]

    def row(self, cell: Cell) -> Row:
        """The spans of `cell`; a group that is not there holds nobody."""
        return self.rows.get(cell, ((0, 0), (0, 0), (0, 0)))

    def hides(self, cell: Cell, place: int) -> bool:
        """Whether the count stands in the table without being shown."""
        return cell in self.shown and self.shown[cell][place] == ANYTHING


def read_whole(rows: Iterable[Mapping[str, Any]], rule: Profile) -> Whole:
    """What `rows` (scope, group, n, events_n; None is hidden), shown under `rule`, say of these people."""
    shown = {(row["scope"], row["group"]): _row(row["n"], row["events_n"], rule) for row in rows}
    return Whole(_narrowed(shown), shown)


def read_people(n: int | None, events_n: int | None, *, profile: str) -> Whole:
    """What two counts of one set of people say of them."""
    row = {"scope": EVERYBODY[0], "group": EVERYBODY[1], "n": n, "events_n": events_n}
    return read_whole([row], PROFILES[profile])


def _row(people: int | None, events: int | None, rule: Profile) -> Row:
    """Events and others are rounded apart and added up; without the events, people are rounded by themselves."""
    if people is None or events is None:
        return span_of(events, rule), ANYTHING, span_of(people, rule)
    parts = span_of(events, rule), span_of(people - events, rule)
    return *parts, _added(parts)


def _narrowed(shown: Mapping[Cell, Row]) -> dict[Cell, Row]:
    found = {EVERYBODY: (ANYTHING, ANYTHING, ANYTHING), **shown}
    breakdowns: dict[str, list[Cell]] = {}
    for cell in shown:
        if cell != EVERYBODY:
            breakdowns.setdefault(cell[0], []).append(cell)
    for _ in range(ROUNDS):
        before = dict(found)
        for cell, (events, others, people) in found.items():
            people, (events, others) = _sum_of(people, (events, others))
            found[cell] = (events, others, people)
        for cells in breakdowns.values():
            for place in (EVENTS, OTHERS, PEOPLE):
                total, parts = _sum_of(found[EVERYBODY][place], [found[cell][place] for cell in cells])
                for cell, part in zip((EVERYBODY, *cells), (total, *parts), strict=True):
                    found[cell] = _with(found[cell], place, part)
        if found == before:
            break
    return found


def _with(row: Row, place: int, span: Span) -> Row:
    return _row_of(span if number == place else own for number, own in enumerate(row))


def _added(parts: Sequence[Span]) -> Span:
    return sum(least for least, _ in parts), sum(most for _, most in parts)


def _sum_of(total: Span, parts: Sequence[Span]) -> tuple[Span, list[Span]]:
    """The spans of a total and its parts, each as narrow as the others leave it."""
    total = _both(total, _added(parts))
    narrowed = []
    for place, part in enumerate(parts):
        rest = _added([*parts[:place], *parts[place + 1 :]])
        narrowed.append(_both(part, (total[0] - rest[1], total[1] - rest[0])))
    return total, narrowed


def _both(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def pinned_n(whole: Whole, *, limit: int) -> int:
    """How many counts that are hidden can be told to within `limit` all the same."""
    spans = [
        whole.rows[cell][place]
        for cell in whole.shown
        for place in (EVENTS, OTHERS, PEOPLE)
        if whole.shown[cell][place] == ANYTHING
    ]
    return sum(most - least <= limit for least, most in spans)


def unsafe_cells(now: Whole, before: Whole, *, limit: int) -> list[tuple[Cell, int]]:
    """The counts whose change from `before` to `now` tells of a handful of people.

    So does a change of nothing at all, when the group itself has changed: all the newcomers are then of the other kind.
    """
    found = []
    for cell, changes in _changes(now, before).items():
        group_changed = is_something(changes[PEOPLE])
        for place, changed in enumerate(changes):
            if is_handful(changed, limit=limit) or (place != PEOPLE and group_changed and is_nothing(changed)):
                found.append((cell, place))
    return found


def _changes(now: Whole, before: Whole) -> dict[Cell, Row]:
    """By how much every count has changed, as far as can be told; changes add up as counts do.

    Where no count is known to have fallen but some to have risen, everybody may be taken to be there still, so that
    none has fallen, unless that contradicts itself; and the other way about.
    """
    both = {scope for scope, _ in now.shown} & {scope for scope, _ in before.shown}
    cells = [cell for cell in {**now.shown, **before.shown} if cell[0] in both]
    found = {cell: _row_of(map(change, now.row(cell), before.row(cell))) for cell in (EVERYBODY, *cells)}
    spans = [span for row in found.values() for span in row]
    risen, fallen = any(least > 0 for least, _ in spans), any(most < 0 for _, most in spans)
    if risen != fallen:
        one_way = (0, inf) if risen else (-inf, 0)
        assumed = _narrowed({cell: _row_of(_both(span, one_way) for span in row) for cell, row in found.items()})
        if all(least <= most for row in assumed.values() for least, most in row):
            return assumed
    return _narrowed(found)


def _row_of(spans: Iterable[Span]) -> Row:
    events, others, people = spans
    return events, others, people
