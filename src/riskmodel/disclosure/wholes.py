"""The counts of one set of people, parted in several ways at once: by area, by sex, by year …

Every breakdown is a table of groups × outcome with the same last row. So that row is told as long as one breakdown is
shown whole: a hidden group must find its ring among the groups, or the breakdown isn't shown, or nothing of the people.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.disclosure.reader import EVERYBODY, Cell, Whole
from riskmodel.disclosure.rings import Earlier, hidden_cells, is_uncertain_when_all_is_hidden
from riskmodel.disclosure.spans import PROFILES, Profile
from riskmodel.disclosure.tables import shown_counts, with_totals

Shown = dict[Cell, tuple[int | None, int | None]]  # people and events of every group, None where hidden


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
    hidden = hidden_cells(with_totals(everybody), rule, earlier=[_earlier(one, [EVERYBODY]) for one in before])
    return hidden is None or bool(hidden.any())


def _hidden(table: np.ndarray, cells: Sequence[Cell], rule: Profile, before: Sequence[Whole]) -> np.ndarray | None:
    """The hidden cells of a breakdown, totals included; None when even hiding all of it would not do."""
    parted_so = [one for one in before if any(cell[0] == cells[0][0] for cell in one.shown)]
    whole, earlier = with_totals(table), [_earlier(one, cells) for one in parted_so]
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


def _earlier(one: Whole, cells: Sequence[Cell]) -> Earlier:
    """What `one` says of `cells` and, below them, of everybody."""
    spans = np.array([one.row(cell) for cell in (*cells, EVERYBODY)], dtype=float)
    hidden = np.array([[one.hides(cell, place) for place in range(3)] for cell in (*cells, EVERYBODY)])
    return Earlier(spans[:, :, 0], spans[:, :, 1], hidden)
