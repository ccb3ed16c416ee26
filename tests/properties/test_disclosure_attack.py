"""Somebody who knows every total and every shown cell exactly tries to work out the hidden ones."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from riskmodel.disclosure import PROFILES, disclose_counts

COUNTS = st.one_of(st.integers(0, 9), st.integers(0, 9), st.integers(0, 400))
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(lambda shape: arrays(np.int64, shape, elements=COUNTS))


def with_totals(counts: np.ndarray) -> np.ndarray:
    rows = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


def sums_to_zero(shape: tuple[int, int]) -> np.ndarray:
    """One line for every row and column of a table with totals: its cells less its total are nothing."""
    rows, columns = shape
    cells = np.arange(rows * columns).reshape(shape)
    lines = np.zeros((rows + columns, rows * columns))
    for line, members in enumerate([*cells, *cells.T]):
        lines[line, members[:-1]], lines[line, members[-1]] = 1, -1
    return lines


def widest(whole: np.ndarray, hidden: np.ndarray, cell: int) -> tuple[float, float]:
    """The least and the most a hidden cell can hold; whole numbers, as the lines are those of a network."""
    known = [(0, None) if is_hidden else (n, n) for n, is_hidden in zip(whole.ravel(), hidden.ravel(), strict=True)]
    lines = sums_to_zero(whole.shape)
    wanted = np.zeros(whole.size)
    wanted[cell] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * wanted, A_eq=lines, b_eq=np.zeros(len(lines)), bounds=known)
        ends.append(found.fun * sign if found.status == 0 else np.inf)  # status 3: no upper end
    return ends[0], ends[1]


@settings(max_examples=60)
@given(counts=TABLES, profile=st.sampled_from(sorted(PROFILES)))
def test_no_hidden_cell_can_be_pinned(counts, profile):
    limit = PROFILES[profile].hidden_up_to
    whole = with_totals(counts)
    hidden = disclose_counts(pd.DataFrame(counts), profile=profile).isna().to_numpy()
    assert hidden[whole <= limit].all()
    for cell in np.flatnonzero(hidden):
        least, most = widest(whole, hidden, cell)
        true = whole.ravel()[cell]
        assert least < true - limit or most > true + limit


@given(counts=TABLES, profile=st.sampled_from(sorted(PROFILES)))
def test_what_is_shown_is_near_and_adds_up(counts, profile):
    rule = PROFILES[profile]
    disclosed = disclose_counts(pd.DataFrame(counts), profile=profile).astype(float).to_numpy()
    inner = disclosed[:-1, :-1]
    away = np.abs(inner - counts)
    assert np.nanmax(away, initial=0) <= rule.rounding // 2
    whole_rows = ~np.isnan(inner).any(axis=1) & ~np.isnan(disclosed[:-1, -1])
    assert (inner.sum(axis=1) == disclosed[:-1, -1])[whole_rows].all()
