"""Which cells of a table with totals are hidden.

A cell is hidden when it counts too few people, or when it and what was shown earlier would tell of too few. Others are
hidden with it until it lies on a ring of hidden cells round which more people than the limit could be moved, with
nothing that is shown changing. So neither totals nor complements tell what it holds, not even when the rest is known.
"""

import heapq
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.disclosure.spans import Profile


@dataclass(frozen=True)
class Earlier:
    """The spans of one table's cells, totals included, in something shown earlier; hidden: which were not shown."""

    low: np.ndarray
    high: np.ndarray
    hidden: np.ndarray


@dataclass(frozen=True)
class _Cell:
    """A cell as an arc: what a line's node takes in it gives out, so the moves that change no sum are rings.

    gains, loses: whether more people than the limit could be added to it or taken from it.
    """

    tail: Hashable
    head: Hashable
    count: int
    gains: bool
    loses: bool


def hidden_cells(
    whole: np.ndarray, rule: Profile, *, earlier: Sequence[Earlier] = (), totals_known: bool = False
) -> np.ndarray | None:
    """Which cells of `whole`, a table with totals in its last row and column, are hidden; bool, same shape.

    totals_known: the last row is told elsewhere. None when no ring closes: then nothing of the table can be shown.
    """
    down, up = _rooms(whole, earlier)
    wanted = (whole <= rule.hidden_up_to) | _tells_of_few(whole, earlier, rule)
    kept = _kept_hidden(whole, earlier, limit=rule.hidden_up_to)
    if totals_known:
        wanted[-1], kept[-1], down[-1], up[-1] = False, False, 0, 0
        changed = _changed_groups(whole, kept, earlier, rule)
        if changed is None:
            return None
        kept[changed] = True
    hidden = [int(position) for position in np.flatnonzero(wanted | kept)]
    # what was hidden keeps the ring it was hidden with; what was told can't be made more uncertain than that left it
    for position in map(int, np.flatnonzero(wanted & ~kept & (np.maximum(down, up) > 0))):
        need = _need(down.flat[position], up.flat[position], rule)
        ring = _cheapest_ring(list(_cells(whole, down > need, up > need)), position, hidden=frozenset(hidden))
        if ring is None:
            return None
        hidden += ring
    flat = np.zeros(whole.size, dtype=bool)
    flat[hidden] = True
    return flat.reshape(whole.shape)


def _need(down: float, up: float, rule: Profile) -> float:
    """How many people, at least one more, should fit round a cell's ring: the limit, or what is still open."""
    return min(rule.hidden_up_to, max(down, up) - 1)


def _changed_groups(
    whole: np.ndarray, kept: np.ndarray, earlier: Sequence[Earlier], rule: Profile
) -> np.ndarray | None:
    """The rows in which something stays hidden though they have changed; None when their change tells of few.

    How each of them has changed can't be checked, but by how much all of them have together is told by the totals.
    """
    found = np.zeros(len(whole), dtype=bool)
    for one in earlier:
        rows = (one.hidden & kept).any(axis=1)
        others = ~rows
        others[-1] = False
        away = rule.away * rows.sum()
        least = whole[rows].sum(axis=0) - away - (one.high[-1] - one.low[others].sum(axis=0))
        most = whole[rows].sum(axis=0) + away - (one.low[-1] - one.high[others].sum(axis=0))
        if rows.any() and ((least > 0) | (most < 0)).any():
            if (np.maximum(-least, most) <= rule.hidden_up_to).any():
                return None
            found |= rows
    return found


def is_uncertain_when_all_is_hidden(whole: np.ndarray, rule: Profile, *, earlier: Sequence[Earlier] = ()) -> bool:
    """Whether hiding every cell but the last row's leaves each that must be hidden uncertain by more than the limit."""
    down, up = (rooms[:-1] for rooms in _rooms(whole, earlier))
    wanted = ((whole <= rule.hidden_up_to) | _tells_of_few(whole, earlier, rule))[:-1]
    need = np.minimum(rule.hidden_up_to, np.maximum(down, up) - 1)
    others_down, others_up = _rooms_of_the_others(whole, earlier)
    moves = ((up > need) & (others_down > need)) | ((down > need) & (others_up > need)) | (need < 0)
    return bool((moves | ~wanted).all())


def _rooms_of_the_others(whole: np.ndarray, earlier: Sequence[Earlier]) -> tuple[np.ndarray, np.ndarray]:
    """How many people could be taken from, and added to, all other groups together: what the totals leave over."""
    down, up = (np.full(whole[:-1].shape, np.inf) for _ in range(2))
    for known in ([], *([one] for one in earlier)):
        its_down, its_up = _rooms(whole, known)
        down = np.minimum(down, its_down[-1] - its_down[:-1])
        with np.errstate(invalid="ignore"):
            up = np.minimum(up, np.where(np.isinf(its_up[:-1]), np.inf, its_up[-1] - its_up[:-1]))
    return down, up


def _rooms(whole: np.ndarray, earlier: Sequence[Earlier]) -> tuple[np.ndarray, np.ndarray]:
    """How many people could be taken from every cell, and added to it, with nothing known of it contradicted.

    Whoever was shown earlier may all be among the people now, or the other way about: a group that has grown can't
    have had more of either kind than now, one that has shrunk not fewer, and one of the same size is the same.
    """
    down, up = whole.astype(float), np.full(whole.shape, np.inf)
    for one in earlier:
        grown, shrunk = whole > one.high, whole < one.low
        group_grown, group_shrunk = grown[:, -1:], shrunk[:, -1:]
        told = np.isfinite(one.high)
        room_down = np.where(grown, whole - one.high, np.where(shrunk | (~grown & group_shrunk), np.inf, 0))
        room_up = np.where(shrunk, one.low - whole, np.where(grown | (~shrunk & group_grown), np.inf, 0))
        down, up = np.where(told, np.minimum(down, room_down), down), np.where(told, np.minimum(up, room_up), up)
    return down, up


def _kept_hidden(whole: np.ndarray, earlier: Sequence[Earlier], *, limit: int) -> np.ndarray:
    """What was hidden stays hidden until all of it has clearly outgrown whatever it can have been."""
    kept = np.zeros(whole.shape, dtype=bool)
    for one in earlier:
        was_hidden = one.hidden & np.isfinite(one.high)
        if (was_hidden & (whole <= one.high + limit)).any():
            kept |= was_hidden
    return kept


def _tells_of_few(whole: np.ndarray, earlier: Sequence[Earlier], rule: Profile) -> np.ndarray:
    """Which cells, shown, would tell that a handful came or left, or that all who did are of the other kind."""
    found = np.zeros(whole.shape, dtype=bool)
    for one in earlier:
        least, most = whole - rule.away - one.high, whole + rule.away - one.low
        few = (least >= 1) & (most <= rule.hidden_up_to) | (most <= -1) & (least >= -rule.hidden_up_to)
        group_changed = (least[:, -1:] > 0) | (most[:, -1:] < 0)
        nobody = (least == 0) & (most == 0) & group_changed
        found |= few | nobody
    return found


def _cells(whole: np.ndarray, loses: np.ndarray, gains: np.ndarray) -> Iterator[_Cell]:
    rows, columns = whole.shape
    for row, column in np.ndindex(rows, columns):
        ends = ("row", row), ("column", column)
        # a total takes up what its line sends out: its arc runs the other way, and the grand total's runs forward again
        reverse = (row == rows - 1) != (column == columns - 1)
        tail, head = reversed(ends) if reverse else ends
        yield _Cell(tail, head, int(whole[row, column]), bool(gains[row, column]), bool(loses[row, column]))


def _cheapest_ring(cells: Sequence[_Cell], start: int, *, hidden: frozenset[int]) -> Iterable[int] | None:
    """Cells that close a ring with `start`, hiding the fewest people more; None when there is none."""
    first = cells[start]
    found = []
    if first.gains:
        found.append(_cheapest_path(cells, first.head, first.tail, without=start, hidden=hidden))
    if first.loses:
        found.append(_cheapest_path(cells, first.tail, first.head, without=start, hidden=hidden))
    closed = [path for path in found if path is not None]
    return min(closed)[1] if closed else None


def _cheapest_path(
    cells: Sequence[_Cell], source: Hashable, goal: Hashable, *, without: int, hidden: frozenset[int]
) -> tuple[int, tuple[int, ...]] | None:
    """People hidden more and cells, from `source` to `goal` (Dijkstra): forward cells gain, backward ones lose."""
    steps: dict[Hashable, list[tuple[Hashable, int, int]]] = {}
    for position, cell in enumerate(cells):
        cost = 0 if position in hidden else cell.count
        if cell.gains and position != without:
            steps.setdefault(cell.tail, []).append((cell.head, cost, position))
        if cell.loses and position != without:
            steps.setdefault(cell.head, []).append((cell.tail, cost, position))
    queue: list[tuple[int, tuple[int, ...], Hashable]] = [(0, (), source)]
    done: set[Hashable] = set()
    while queue:
        cost, path, node = heapq.heappop(queue)
        if node == goal:
            return cost, path
        if node not in done:
            done.add(node)
            for neighbour, extra, position in steps.get(node, []):
                heapq.heappush(queue, (cost + extra, (*path, position), neighbour))
    return None
