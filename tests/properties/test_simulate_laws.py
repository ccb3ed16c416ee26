"""Laws of the made municipality: exact sums, and paths that always fit the outcome they were drawn for."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.simulate.people import APPLICANT, Adults, Households
from riskmodel.simulate.spells import Spells, draw_spells, receipt_of_adults
from riskmodel.simulate.town import Spread, expected_risk, risk, spread_of, sum_of

VALUES = st.lists(st.integers(-300, 300), min_size=1, max_size=6)
SPREADS = VALUES.map(lambda values: spread_of(np.array(values), np.full(len(values), 1 / len(values))))


@given(st.lists(SPREADS, max_size=4))
def test_means_of_independent_numbers_add(spreads: list[Spread]) -> None:
    def mean(spread: Spread) -> float:
        return float(spread.prob @ (spread.lowest + np.arange(len(spread.prob))))

    together = sum_of(spreads)
    assert np.isclose(together.prob.sum(), 1)
    assert np.isclose(mean(together), sum(map(mean, spreads)))


@given(SPREADS, SPREADS, st.lists(st.integers(-500, 500), min_size=1, max_size=5))
def test_averaging_twice_is_averaging_over_the_sum(first: Spread, second: Spread, known: list[int]) -> None:
    logodds = np.array(known)
    once = expected_risk(logodds, sum_of([first, second]))
    possible = first.lowest + np.arange(len(first.prob))
    twice = sum(p * expected_risk(logodds + value, second) for p, value in zip(first.prob, possible, strict=True))
    assert np.allclose(once, twice)
    highest = len(first.prob) + len(second.prob) - 2
    assert (once >= risk(logodds + first.lowest + second.lowest) - 1e-12).all()
    assert (once <= risk(logodds + first.lowest + second.lowest + highest) + 1e-12).all()


def draw(household_risk: list[float], earlier_n: int, seed: int) -> tuple[Adults, Spells]:
    n = len(household_risk)
    zeros, no = np.zeros(n, dtype=np.int64), np.zeros((n, 0), dtype=bool)
    adults = Adults(np.arange(n), np.full(n, APPLICANT), no.astype(np.int64), no)
    households = Households(zeros, zeros, zeros, zeros.astype(bool))
    rng = np.random.default_rng(seed)
    return adults, draw_spells(households, adults, np.array(household_risk), np.full(n, earlier_n), rng=rng)


RISKS = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@settings(max_examples=40)
@given(RISKS, st.integers(0, 24), st.integers(0, 10_000))
def test_a_path_always_fits_its_outcome(household_risk: list[float], earlier_n: int, seed: int) -> None:
    _, spells = draw(household_risk, earlier_n, seed)
    assert spells.receipt[:, 0].all()
    assert ((spells.receipt[:, :12].sum(axis=1) > 10) == spells.event).all()
    assert spells.event[np.array(household_risk) == 1].all()
    assert not spells.event[np.array(household_risk) == 0].any()


@settings(max_examples=40)
@given(RISKS, st.integers(1, 24), st.integers(0, 10_000))
def test_a_case_begins_after_twelve_clean_months_and_has_no_second_one(
    household_risk: list[float], earlier_n: int, seed: int
) -> None:
    _, spells = draw(household_risk, earlier_n, seed)
    assert (spells.earlier_start >= -36).all()
    assert (spells.earlier_start + earlier_n - 1 <= -13).all()
    for receipt in spells.receipt:
        assert (np.diff(np.flatnonzero(receipt)) <= 12).all()


@settings(max_examples=40)
@given(RISKS, st.integers(0, 10_000))
def test_nobody_is_seen_after_an_exit_and_each_exit_is_seen(household_risk: list[float], seed: int) -> None:
    adults, spells = draw(household_risk, 0, seed)
    receipt = receipt_of_adults(adults, spells)
    for months, last, reason in zip(receipt, spells.last, spells.exit, strict=True):
        assert not months[last + 1 :].any()
        assert not reason or months[last]
