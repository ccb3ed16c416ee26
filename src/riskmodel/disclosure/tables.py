"""Counts, shares and tables of counts on their way out; among them one set of people parted in several ways at once.

By area, by sex, by year …: every breakdown is a table of groups × outcome with the same last row. So that row is told
as long as one breakdown is shown whole: a hidden group must find its ring among the groups, or the breakdown isn't
shown, or nothing of the people.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.disclosure.reader import EVERYBODY, Cell, Whole
from riskmodel.disclosure.rings import Earlier, hidden_cells, is_uncertain_when_all_is_hidden
from riskmodel.disclosure.spans import PROFILES, Profile, Span, change, is_handful, span_of
from riskmodel.ground.words import read_words

TOTAL = "total"
Shown = dict[Cell, tuple[int | None, int | None]]  # people and events of every group, None where hidden
TEXTS = read_words(Path(__file__).parent / "texts" / "rule.toml")
RATE_DECIMALS = 2
MEASURE_DECIMALS = 3


def rule_text(profile: str, language: str) -> str:
    """The rule of `profile` in one or two sentences, to stand under every table."""
    rule, say = PROFILES[profile], TEXTS.speaking(language)
    text = say("rule", least=rule.hidden_up_to + 1)
    return f"{text} {say('rounded', rounding=rule.rounding)}" if rule.rounding > 1 else text


def disclose_count(count: float | None, *, profile: str, before: Iterable[Span] = ()) -> int | None:
    """One count that belongs to no table, rounded; None when it is unknown or too small to show.

    before: what is known of the same count from what was shown earlier; None too when one of them and this would tell
    that it changed by a handful.
    """
    rule = PROFILES[profile]
    if count is None or pd.isna(count) or count <= rule.hidden_up_to:
        return None
    shown = int(rounded(np.array(int(count)), rule))
    now = span_of(shown, rule)
    return None if any(is_handful(change(now, one), limit=rule.hidden_up_to) for one in before) else shown


def disclose_rate(numerator: float | None, denominator: float | None, *, profile: str) -> float | None:
    """A share from rounded counts, two decimals; None when it, or what is left to the whole, is of too few people."""
    if numerator is None or denominator is None or pd.isna(numerator) or pd.isna(denominator):
        return None
    above = disclose_count(numerator, profile=profile)
    below = disclose_count(denominator, profile=profile)
    if above is None or below is None or disclose_count(denominator - numerator, profile=profile) is None:
        return None
    return round(min(above / below, 1.0), RATE_DECIMALS)


def rounded(counts: np.ndarray, rule: Profile) -> np.ndarray:
    """`counts` as `rule` rounds them."""
    return (counts + rule.rounding // 2) // rule.rounding * rule.rounding


def disclose_counts(
    table: pd.DataFrame, *, profile: str, before: Sequence[tuple[pd.DataFrame, str]] = ()
) -> pd.DataFrame:
    """Counts in a two-way table with totals: a row and a column "total" added, hidden cells `<NA>`, dtype Int64.

    table: one cell per person's row and column, each person in one cell. Where a line is shown whole its total is the
    sum of what is shown; else the total is rounded by itself. before: the same table as it was shown earlier, each
    time with its profile.
    """
    counts = np.asarray(table, dtype=np.int64)
    if (counts < 0).any() or not np.array_equal(counts, np.asarray(table, dtype=float)):
        raise ValueError("a table of counts holds a negative or broken number")
    index = pd.Index([*table.index, TOTAL], name=table.index.name)
    columns = pd.Index([*table.columns, TOTAL], name=table.columns.name)
    earlier = [_earlier(frame, index, columns, PROFILES[its]) for frame, its in before]
    shown, hidden = shown_and_hidden(counts, PROFILES[profile], earlier=earlier)
    return pd.DataFrame(shown, index=index, columns=columns).astype("Int64").mask(hidden)


def disclose_list(counts: pd.Series, *, profile: str) -> pd.Series:
    """Counts of one list whose people are in one place each, with a "total" added; hidden ones `<NA>`, dtype Int64."""
    shown = disclose_counts(counts.to_frame(TOTAL), profile=profile).iloc[:, 0]
    shown.name = counts.name
    return shown


def disclose_distribution(distribution: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """A risk distribution (bin, outcome, n) with its n hidden or rounded as a table of bins × outcome."""
    table = distribution.pivot(index="bin", columns="outcome", values="n").fillna(0)
    shown = disclose_counts(table, profile=profile).iloc[:-1, :-1].reset_index()
    rows = shown.melt("bin", var_name="outcome", value_name="n").astype({"outcome": distribution["outcome"].dtype})
    return distribution.drop(columns="n").merge(rows, on=["bin", "outcome"], how="left")


def with_totals(counts: np.ndarray) -> np.ndarray:
    """`counts` with a last row and a last column of totals."""
    with_row_totals = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([with_row_totals, with_row_totals.sum(axis=0)])


def shown_and_hidden(
    counts: np.ndarray, rule: Profile, *, earlier: Sequence[Earlier] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """The table with totals as it may be shown, and which of its cells are hidden."""
    whole = with_totals(counts)
    hidden = hidden_cells(whole, rule, earlier=earlier)
    if hidden is None:
        hidden = np.ones(whole.shape, dtype=bool)
    return shown_counts(counts, hidden, rule), hidden


def shown_counts(counts: np.ndarray, hidden: np.ndarray, rule: Profile) -> np.ndarray:
    """The table with totals, rounded: the total of a line without hidden cells is the sum of what the line shows."""
    whole = with_totals(counts)
    shown, alone = with_totals(rounded(counts, rule)), rounded(whole, rule)
    broken_row, broken_column = hidden[:-1, :-1].any(axis=1), hidden[:-1, :-1].any(axis=0)
    shown[:-1, -1] = np.where(broken_row, alone[:-1, -1], shown[:-1, -1])
    shown[-1, :-1] = np.where(broken_column, alone[-1, :-1], shown[-1, :-1])
    shown[-1, -1] = alone[-1, -1] if hidden.any() else shown[-1, -1]
    return shown


def _earlier(frame: pd.DataFrame, index: pd.Index, columns: pd.Index, rule: Profile) -> Earlier:
    """The spans of an earlier table in the places of this one; who had no row or column then was nobody."""
    placed = frame.reindex(index=index, columns=columns, fill_value=0)
    hidden = placed.isna().to_numpy(dtype=bool)
    counts = placed.astype(float).fillna(0).to_numpy()
    away = np.full(counts.shape, float(rule.away))
    away[-1], away[:, -1] = rule.away * (counts.shape[0] - 1), rule.away * (counts.shape[1] - 1)
    away[-1, -1] = rule.away * (counts.size - counts.shape[0] - counts.shape[1] + 1)
    away = np.where(counts == 0, 0, away)
    return Earlier(np.where(hidden, 0, counts - away), np.where(hidden, _most(counts, hidden), counts + away), hidden)


def _most(counts: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The most that a hidden cell can hold: what its row's total, when shown, leaves over."""
    left = np.where(hidden[:, -1], np.inf, counts[:, -1] - counts[:, :-1].sum(axis=1))
    return np.column_stack([np.repeat(left[:, None], counts.shape[1] - 1, axis=1), np.full(len(left), np.inf)])


def disclose_whole(counts: pd.DataFrame, rule: Profile, *, before: Sequence[Whole] = ()) -> Shown:
    """People and events of every group, as they may be shown.

    counts: scope, group, n, events_n; a row a group, the groups of a scope parting the same people. before: what is
    known of these people, or of some of them, from what was shown earlier.
    """
    nothing: Shown = dict.fromkeys(zip(counts["scope"], counts["group"], strict=True), (None, None))
    found: Shown = {}
    for scope, rows in counts.groupby("scope", sort=False):
        cells, table = [(str(scope), str(group)) for group in rows["group"]], _outcomes(rows)
        if not found and _is_told(table, rule, before):
            return nothing
        hidden = _hidden(table, cells, rule, before)
        if hidden is None:
            return nothing
        found |= _shown(table, hidden, cells, rule)
    return found


def disclose_people(
    n: int, events_n: int, *, profile: str, before: Sequence[Whole] = ()
) -> tuple[int | None, int | None]:
    """How many there are of one set of people, and of events among them, as they may be shown."""
    alone = pd.DataFrame([{"scope": EVERYBODY[0], "group": EVERYBODY[1], "n": n, "events_n": events_n}])
    return disclose_whole(alone, PROFILES[profile], before=before)[EVERYBODY]


def _outcomes(rows: pd.DataFrame) -> np.ndarray:
    events, people = rows["events_n"].to_numpy(dtype=np.int64), rows["n"].to_numpy(dtype=np.int64)
    return np.column_stack([events, people - events])


def _is_told(table: np.ndarray, rule: Profile, before: Sequence[Whole]) -> bool:
    """Whether the last row, which every breakdown tells, is of too few people or has changed by a handful."""
    everybody = table.sum(axis=0, keepdims=True)
    hidden = hidden_cells(with_totals(everybody), rule, earlier=[_as_earlier(one, [EVERYBODY]) for one in before])
    return hidden is None or bool(hidden.any())


def _hidden(table: np.ndarray, cells: Sequence[Cell], rule: Profile, before: Sequence[Whole]) -> np.ndarray | None:
    """The hidden cells of a breakdown, totals included; None when even hiding all of it would not do."""
    parted_so = [one for one in before if any(cell[0] == cells[0][0] for cell in one.shown)]
    whole, earlier = with_totals(table), [_as_earlier(one, cells) for one in parted_so]
    hidden = hidden_cells(whole, rule, earlier=earlier, totals_known=True)
    if hidden is None and is_uncertain_when_all_is_hidden(whole, rule, earlier=earlier):
        hidden = np.ones(whole.shape, dtype=bool)
        hidden[-1] = False
    return hidden


def _shown(table: np.ndarray, hidden: np.ndarray, cells: Sequence[Cell], rule: Profile) -> Shown:
    shown, found = shown_counts(table, hidden, rule), {}
    for cell, counts, (no_events, no_others, no_people) in zip(cells, shown, hidden, strict=False):
        events = None if no_events or no_others else int(counts[0])  # people less events would tell the others
        found[cell] = (None if no_people else int(counts[2]), events)
    return found


def _as_earlier(one: Whole, cells: Sequence[Cell]) -> Earlier:
    """What `one` says of `cells` and, below them, of everybody."""
    spans = np.array([one.row(cell) for cell in (*cells, EVERYBODY)], dtype=float)
    hidden = np.array([[one.hides(cell, place) for place in range(3)] for cell in (*cells, EVERYBODY)])
    return Earlier(spans[:, :, 0], spans[:, :, 1], hidden)
