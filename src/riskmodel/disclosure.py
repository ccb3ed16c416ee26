"""The only door out for counts, rates and curves (docs/method.md).

A cell is hidden when it counts too few people. Others are hidden with it until every hidden cell lies on a ring of
hidden cells round which more people could be moved than the limit, with nothing that is shown changing: so neither
totals nor complements tell what a hidden cell holds, not even when the rest is known exactly.
"""

import heapq
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

TOTAL = "total"
NOT_SHOWN = {"sv": "visas inte", "en": "not shown"}
RATE_DECIMALS = 2
MEASURE_DECIMALS = 3
MEASURE_MIN = 100  # events, and non-events, below which a group is "too few to say"
BIN_MIN_PEOPLE = 10
BIN_MIN_OUTCOMES = 8  # events, and non-events
CURVE_MIN_BINS = 4
THRESHOLDED = ("flagged_share", "sensitivity", "specificity", "ppv", "npv", "left_early_share")
RAW_GAPS = ("fpr", "fnr", "ppv")


@dataclass(frozen=True)
class Profile:
    """How much is hidden. hidden_up_to: largest count that is never shown; rounding: the rest go to its multiples."""

    name: str
    hidden_up_to: int
    rounding: int


PROFILES = {"internal": Profile("internal", 4, 1), "public": Profile("public", 7, 5)}


def rule_text(profile: str, language: str) -> str:
    """The rule of `profile` in one or two sentences, to stand under every table."""
    least = PROFILES[profile].hidden_up_to + 1
    rounded = PROFILES[profile].rounding
    if language == "sv":
        text = f"Antal under {least} visas inte, och inte heller antal som de skulle kunna räknas ut av."
        return text + (f" Övriga antal är avrundade till närmaste {rounded}-tal." if rounded > 1 else "")
    text = f"Counts below {least} are not shown, nor are counts from which they could be worked out."
    return text + (f" Other counts are rounded to the nearest {rounded}." if rounded > 1 else "")


def disclose_count(count: float | None, *, profile: str) -> int | None:
    """One count that belongs to no table, rounded; None when it is unknown or too small to show."""
    rule = PROFILES[profile]
    if count is None or pd.isna(count) or count <= rule.hidden_up_to:
        return None
    return int(_rounded(np.array(int(count)), rule))


def disclose_rate(numerator: float | None, denominator: float | None, *, profile: str) -> float | None:
    """A share from rounded counts, two decimals; None when it, or what is left to the whole, is of too few people."""
    if numerator is None or denominator is None or pd.isna(numerator) or pd.isna(denominator):
        return None
    above = disclose_count(numerator, profile=profile)
    below = disclose_count(denominator, profile=profile)
    if above is None or below is None or disclose_count(denominator - numerator, profile=profile) is None:
        return None
    return round(min(above / below, 1.0), RATE_DECIMALS)


def disclose_counts(table: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Counts in a two-way table with totals: a row and a column "total" added, hidden cells `<NA>`, dtype Int64.

    table: one cell per person's row and column, each person in one cell. Where a line is shown whole its total is the
    sum of what is shown; else the total is rounded by itself.
    """
    counts = np.asarray(table, dtype=np.int64)
    if (counts < 0).any() or not np.array_equal(counts, np.asarray(table, dtype=float)):
        raise ValueError("a table of counts holds a negative or broken number")
    shown, hidden = _shown_and_hidden(counts, PROFILES[profile])
    index = pd.Index([*table.index, TOTAL], name=table.index.name)
    columns = pd.Index([*table.columns, TOTAL], name=table.columns.name)
    return pd.DataFrame(shown, index=index, columns=columns).astype("Int64").mask(hidden)


def disclose_list(counts: pd.Series, *, profile: str) -> pd.Series:
    """Counts of one list whose people are in one place each, with a "total" added; hidden ones `<NA>`, dtype Int64."""
    shown = disclose_counts(counts.to_frame(TOTAL), profile=profile).iloc[:, 0]
    shown.name = counts.name
    return shown


def disclose_measures(measures: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """The measures that may leave: counts hidden or rounded, estimates only for groups of at least 100 and 100.

    measures: scope, group, predictor, measure, estimate, low, high, n, events_n, status. The groups of a scope part the
    people between them. Measures at a threshold lose their estimate when one of the four cells behind them (flagged or
    not, event or not) is too small to show. Rates get two decimals, the others three.
    """
    disclosed = measures.assign(**_disclosed_group_counts(measures, PROFILES[profile]))
    events, others = measures["events_n"].fillna(0), (measures["n"] - measures["events_n"]).fillna(0)
    few = (events < MEASURE_MIN) | (others < MEASURE_MIN)
    thin = _rests_on_a_small_cell(measures, PROFILES[profile])
    numbers = ["estimate", "low", "high"]
    disclosed["status"] = disclosed["status"].mask(few | thin, "too_few")
    disclosed[numbers] = disclosed[numbers].astype(float).mask(disclosed["status"] != "ok")
    is_rate = disclosed["measure"].isin(THRESHOLDED)
    for number in numbers:
        values = disclosed[number]
        disclosed[number] = values.round(RATE_DECIMALS).where(is_rate, values.round(MEASURE_DECIMALS))
    return disclosed


def disclose_bins(bins: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """One curve in bins of at least 10 people with 8 of each outcome; without rows when fewer than four can be formed.

    bins: n and events_n beside whatever the curve shows (risk, observed, low, high …), in the order of the curve.
    Neighbours are joined greedily from the start, a remainder joins the last; what is shown is the mean over the people
    joined, two decimals (risk three); counts are rounded as `profile` says.
    """
    joined_into = _joined_bins(bins["n"].to_numpy(), bins["events_n"].to_numpy())
    if joined_into.size == 0 or joined_into[-1] + 1 < CURVE_MIN_BINS:
        return bins.iloc[:0].copy()
    people = bins["n"].astype(float)
    numbers = [name for name in bins.select_dtypes("number").columns if name not in ("n", "events_n")]
    shown = bins.groupby(joined_into).first()
    for name in numbers:
        mean = (bins[name] * people).groupby(joined_into).sum() / people.groupby(joined_into).sum()
        shown[name] = mean.round(MEASURE_DECIMALS if name == "risk" else RATE_DECIMALS)
    for name in ("n", "events_n"):
        shown[name] = _rounded(bins[name].groupby(joined_into).sum().to_numpy(dtype=np.int64), PROFILES[profile])
    return shown.reset_index(drop=True)[list(bins.columns)]


def disclose_curves(curves: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Every curve of a frame (scope, group, predictor, risk, …, n, events_n) through `disclose_bins`."""
    keys = ["scope", "group", "predictor"]
    by_curve = curves.sort_values("risk", kind="stable").groupby(keys, sort=False, dropna=False)
    shown = [disclose_bins(curve, profile=profile) for _, curve in by_curve]
    kept = [curve for curve in shown if len(curve)]
    return pd.concat(kept, ignore_index=True) if kept else curves.iloc[:0].copy()


def disclose_distribution(distribution: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """A risk distribution (bin, outcome, n) with its n hidden or rounded as a table of bins × outcome."""
    table = distribution.pivot(index="bin", columns="outcome", values="n").fillna(0)
    shown = disclose_counts(table, profile=profile).iloc[:-1, :-1].reset_index()
    rows = shown.melt("bin", var_name="outcome", value_name="n").astype({"outcome": distribution["outcome"].dtype})
    return distribution.drop(columns="n").merge(rows, on=["bin", "outcome"], how="left")


def disclose_gaps(gaps: pd.DataFrame, *, measures: pd.DataFrame) -> pd.DataFrame:
    """The fairness audit (column, group, measure, numbers, n, events_n, status) without numbers on too few people.

    measures: what `disclose_measures` gave for the same people, those at the threshold among them. Counts are taken
    from there, or the two could be played off against one another; so is which groups' raw rates rest on a handful.
    """
    few = measures["measure"].isin(THRESHOLDED) & (measures["status"] == "too_few")
    by_group = (
        measures.assign(thin=few).groupby(["scope", "group"]).agg({"n": "first", "events_n": "first", "thin": "any"})
    )
    kept = gaps.drop(columns=["n", "events_n"]).join(by_group, on=["column", "group"])
    is_raw = kept["measure"].isin(RAW_GAPS)
    kept["status"] = kept["status"].mask(is_raw & kept["thin"].eq(True), "too_few")
    for name in kept.select_dtypes("float").columns.difference(["tolerance"]):
        rounded = kept[name].round(MEASURE_DECIMALS).mask(is_raw, kept[name].round(RATE_DECIMALS))
        kept[name] = rounded.where(kept["status"] == "ok")
    return kept[list(gaps.columns)]


def disclose_statistics(statistics: pd.DataFrame, *, n: int, events_n: int) -> pd.DataFrame:
    """Statistics on the same `n` people, no counts among them: three decimals; no rows below 100 of either outcome."""
    if min(events_n, n - events_n) < MEASURE_MIN:
        return statistics.iloc[:0].copy()
    return statistics.round(MEASURE_DECIMALS)


def _rounded(counts: np.ndarray, rule: Profile) -> np.ndarray:
    return (counts + rule.rounding // 2) // rule.rounding * rule.rounding


def _with_totals(counts: np.ndarray) -> np.ndarray:
    with_row_totals = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([with_row_totals, with_row_totals.sum(axis=0)])


def _shown_and_hidden(counts: np.ndarray, rule: Profile) -> tuple[np.ndarray, np.ndarray]:
    """The table with totals as it may be shown, and which of its cells are hidden."""
    whole = _with_totals(counts)
    hidden = _hidden_cells(whole, limit=rule.hidden_up_to)
    shown, alone = _with_totals(_rounded(counts, rule)), _rounded(whole, rule)
    broken_row, broken_column = hidden[:-1, :-1].any(axis=1), hidden[:-1, :-1].any(axis=0)
    shown[:-1, -1] = np.where(broken_row, alone[:-1, -1], shown[:-1, -1])
    shown[-1, :-1] = np.where(broken_column, alone[-1, :-1], shown[-1, :-1])
    shown[-1, -1] = alone[-1, -1] if hidden.any() else shown[-1, -1]
    return shown, hidden


@dataclass(frozen=True)
class _Cell:
    """A cell as an arc: what a line's node takes in it gives out, so the moves that change no sum are rings."""

    tail: Hashable
    head: Hashable
    count: int


def _hidden_cells(whole: np.ndarray, *, limit: int) -> np.ndarray:
    """Which cells of a table with totals in its last row and column are hidden; bool, same shape."""
    rows, columns = whole.shape
    cells = []
    for row, column in np.ndindex(rows, columns):
        ends = ("row", row), ("column", column)
        # a total takes up what its line sends out: its arc runs the other way, and the grand total's runs forward again
        reverse = (row == rows - 1) != (column == columns - 1)
        tail, head = reversed(ends) if reverse else ends
        cells.append(_Cell(tail, head, int(whole[row, column])))
    hidden = [position for position, cell in enumerate(cells) if cell.count <= limit]
    for position in tuple(hidden):
        hidden += _cheapest_ring(cells, position, hidden=frozenset(hidden), limit=limit)
    flat = np.zeros(whole.size, dtype=bool)
    flat[hidden] = True
    return flat.reshape(whole.shape)


def _cheapest_ring(cells: Sequence[_Cell], start: int, *, hidden: frozenset[int], limit: int) -> Iterable[int]:
    """Cells that close a ring with `start`, hiding the fewest people more (Dijkstra); one always exists by the totals.

    Along its arc a cell can gain people without end; against it only what it holds can be taken, so more than `limit`.
    """
    steps: dict[Hashable, list[tuple[Hashable, int, int]]] = {}
    for position, cell in enumerate(cells):
        cost = 0 if position in hidden else cell.count
        if position != start:
            steps.setdefault(cell.tail, []).append((cell.head, cost, position))
            if cell.count > limit:
                steps.setdefault(cell.head, []).append((cell.tail, cost, position))
    source, goal = cells[start].head, cells[start].tail
    queue: list[tuple[int, tuple[int, ...], Hashable]] = [(0, (), source)]
    done: set[Hashable] = set()
    while queue:
        cost, path, node = heapq.heappop(queue)
        if node == goal:
            return path
        if node not in done:
            done.add(node)
            for neighbour, extra, position in steps.get(node, []):
                heapq.heappush(queue, (cost + extra, (*path, position), neighbour))
    raise AssertionError("the totals close a ring through every cell")


def _disclosed_group_counts(measures: pd.DataFrame, rule: Profile) -> dict[str, pd.Series]:
    """n and events_n of every row as they may be shown: each scope's groups × outcome is a table with totals.

    A total that a scope has to hide is hidden where it stands: on the row of the scope "overall".
    """
    counts = measures[["events_n", "n"]].fillna(0).to_numpy(dtype=np.int64)
    shown, hidden = counts.copy(), np.zeros(counts.shape, dtype=bool)
    keys = [measures[key].fillna("").astype(str) for key in ("predictor", "measure", "scope")]
    row_numbers = pd.Series(np.arange(len(measures)), index=measures.index)
    blocks = {key: list(block) for key, block in row_numbers.groupby(keys)}
    for (predictor, measure, _), rows in blocks.items():
        events, people = counts[rows].T
        table, is_hidden = _shown_and_hidden(np.column_stack([events, people - events]), rule)
        shown[rows] = table[:-1, [0, 2]]
        hidden[rows] |= np.column_stack([is_hidden[:-1, :2].any(axis=1), is_hidden[:-1, 2]])
        hidden[blocks.get((predictor, measure, "overall"), [])] |= [is_hidden[-1, :2].any(), is_hidden[-1, 2]]
    disclosed = pd.DataFrame(shown, index=measures.index, columns=["events_n", "n"]).astype("Int64").mask(hidden)
    return {"n": disclosed["n"], "events_n": disclosed["events_n"]}


def _rests_on_a_small_cell(measures: pd.DataFrame, rule: Profile) -> pd.Series:
    """Which rows are measures at a threshold where a cell of flag × outcome, worked back from them, is too small."""
    keys = ["scope", "group", "predictor"]
    named = measures.assign(**{key: measures[key].fillna("").astype(str) for key in keys})
    at_threshold = named[named["measure"].isin(THRESHOLDED)]
    shares = at_threshold.pivot_table(index=keys, columns="measure", values="estimate", aggfunc="first")
    counts = at_threshold.drop_duplicates(keys).set_index(keys)[["n", "events_n"]].astype(float)
    events, others = counts["events_n"], counts["n"] - counts["events_n"]
    thin = pd.Series(False, index=counts.index)
    for share, whole in (("sensitivity", events), ("specificity", others), ("flagged_share", counts["n"])):
        if share in shares:
            part = shares[share].reindex(counts.index).astype(float) * whole
            thin |= (part.round() <= rule.hidden_up_to) | ((whole - part).round() <= rule.hidden_up_to)
    found = named[keys].merge(thin.rename("thin").reset_index(), on=keys, how="left")["thin"]
    return found.eq(True).set_axis(measures.index) & measures["measure"].isin(THRESHOLDED)


def _joined_bins(people: np.ndarray, events: np.ndarray) -> np.ndarray:
    """The number, from 0, of the joined bin each row goes to; nothing when not even one can be formed."""
    joined_into = np.zeros(len(people), dtype=int)
    bin_number, bin_people, bin_events = 0, 0, 0
    for row, (row_people, row_events) in enumerate(zip(people, events, strict=True)):
        joined_into[row] = bin_number
        bin_people, bin_events = bin_people + row_people, bin_events + row_events
        if bin_people >= BIN_MIN_PEOPLE and min(bin_events, bin_people - bin_events) >= BIN_MIN_OUTCOMES:
            bin_number, bin_people, bin_events = bin_number + 1, 0, 0
    return np.minimum(joined_into, bin_number - 1) if bin_number else joined_into[:0]
