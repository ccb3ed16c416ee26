"""What is known of Swedish municipalities, found again in a made one of moderate size."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from riskmodel.instrument.load import read_instrument
from riskmodel.simulate.municipality import Municipality, draw_municipality
from riskmodel.simulate.people import JOINER
from riskmodel.simulate.spells import receipt_of_adults
from riskmodel.simulate.town import AREAS

pytestmark = pytest.mark.slow

YEARS = range(2018, 2022)


def draw(**options: str | float) -> Municipality:
    instrument = read_instrument(Path("data/instruments/exempelstad.toml"))
    return draw_municipality(
        instrument, cases_per_year=1600, first_year=YEARS[0], last_year=YEARS[-1], seed=11, **options
    )


@pytest.fixture(scope="module")
def made() -> Municipality:
    return draw()


@pytest.fixture(scope="module")
def own_case(made: Municipality) -> np.ndarray:
    """Adults with intake answers who did not join a household."""
    return made.has_intake & (made.adults.role != JOINER)


@pytest.fixture(scope="module")
def event(made: Municipality) -> np.ndarray:
    return made.spells.event[made.adults.household]


def auc(outcome: np.ndarray, prob: np.ndarray) -> float:
    rank, n = rankdata(prob), outcome.sum()
    return (rank[outcome].sum() - n * (n + 1) / 2) / (n * (len(outcome) - n))


def slope(outcome: np.ndarray, prob: np.ndarray) -> float:
    """Logistic calibration slope, by Newton's method."""
    x = np.column_stack([np.ones(len(prob)), np.log(prob / (1 - prob))])
    beta = np.array([0.0, 1.0])
    for _ in range(20):
        fitted = 1 / (1 + np.exp(-x @ beta))
        beta += np.linalg.solve(x.T @ (x * (fitted * (1 - fitted))[:, None]), x.T @ (outcome - fitted))
    return beta[1]


def test_events_are_rarer_among_new_cases_than_in_the_stock(
    made: Municipality, own_case: np.ndarray, event: np.ndarray
) -> None:
    assert 0.26 < event[own_case].mean() < 0.31
    months = made.receipts.groupby(["adult", made.receipts["month"] // 12]).size()
    assert 0.38 < (months >= 10).loc[:, YEARS[0] : YEARS[-1]].mean() < 0.42


def test_two_in_five_are_gone_within_100_days(made: Municipality, own_case: np.ndarray) -> None:
    receipt = receipt_of_adults(made.adults, made.spells)[own_case]
    assert 0.37 < 1 - receipt[:, 3:6].any(axis=1).mean() < 0.43


def test_a_household_has_seven_to_eight_months_of_a_year_in_which_it_has_any(made: Municipality) -> None:
    by_household = made.receipts.drop_duplicates(["household", "month"])
    months = by_household.groupby(["household", by_household["month"] // 12]).size()
    assert 7.0 < months.loc[:, YEARS[0] : YEARS[-1]].mean() < 7.5


def test_the_truth_discriminates_modestly_and_the_answers_a_little_less(
    made: Municipality, own_case: np.ndarray, event: np.ndarray
) -> None:
    true, best = (auc(event[own_case], prob[own_case]) for prob in (made.true_prob, made.best_prob))
    assert 0.75 < true < 0.80
    assert true - 0.025 < best < true


def test_true_and_best_risk_are_calibrated(made: Municipality, event: np.ndarray) -> None:
    everybody = made.adults.role != JOINER
    for prob in (made.true_prob[everybody], made.best_prob[everybody]):
        assert prob.mean() == pytest.approx(event[everybody].mean(), abs=0.01)
        assert slope(event[everybody], prob) == pytest.approx(1, abs=0.04)


def test_an_area_with_another_base_rate_is_calibrated(made: Municipality, event: np.ndarray) -> None:
    everybody = made.adults.role != JOINER
    area = made.households.area[made.adults.household]
    observed = {name: event[everybody & (area == i)].mean() for i, name in enumerate(AREAS)}
    predicted = {name: made.best_prob[everybody & (area == i)].mean() for i, name in enumerate(AREAS)}
    assert observed["Kvarnsidan"] > observed["Torgsidan"] + 0.06
    assert all(observed[name] / predicted[name] == pytest.approx(1, abs=0.06) for name in AREAS)


def test_blanks_differ_between_areas_but_hardly_between_outcomes(
    made: Municipality, own_case: np.ndarray, event: np.ndarray
) -> None:
    asked = [i for i, question in enumerate(made.town.questions) if question.scored and question.blank_share.any()]
    blank = made.adults.blank[:, asked]
    area = made.households.area[made.adults.household]
    assert (blank[area == 0].mean(axis=0) > 1.8 * blank[area == 1].mean(axis=0)).all()
    gap = blank[own_case & event].mean(axis=0) - blank[own_case & ~event].mean(axis=0)
    assert np.abs(gap).max() < 0.025


def test_few_new_cases_lack_answers_and_they_stay_longer(
    made: Municipality, own_case: np.ndarray, event: np.ndarray
) -> None:
    early = made.spells.earlier_n[made.adults.household]
    begins = made.households.start[made.adults.household] + made.spells.earlier_start[made.adults.household]
    inside = (early > 0) & (made.adults.role != JOINER) & (begins >= YEARS[0] * 12) & (begins <= YEARS[-1] * 12)
    cases = own_case & (made.start <= YEARS[-1] * 12)
    assert 0.05 < inside.sum() / (inside.sum() + cases.sum()) < 0.09
    assert (early[inside] >= 11).mean() > event[cases].mean() + 0.15


def test_what_the_method_guards_against_is_there(made: Municipality, own_case: np.ndarray) -> None:
    assert made.households.couple.mean() == pytest.approx(0.20, abs=0.01)
    assert 0.003 < (made.adults.role[made.has_intake] == JOINER).mean() < 0.02
    assert set(made.spells.exit) == {"", "death", "moved"}
    late = made.paper.answered - made.start
    assert 0.001 < (late[own_case] > 1).mean() < 0.01


def test_a_later_question_is_only_answered_by_those_still_there(made: Municipality) -> None:
    place = [question.item.id for question in made.town.questions].index("work_ability")
    alone = made.adults.role != JOINER
    there = receipt_of_adults(made.adults, made.spells)[:, 4]  # after five months: on assistance in the fifth
    assert not made.paper.given[alone & ~there, place].any()
    assert made.paper.given[alone & there, place].mean() > 0.9


def test_a_mispredicted_group_has_more_events_than_its_answers_say() -> None:
    made = draw(mispredicted_group="born_abroad=elsewhere", mispredicted_logodds=0.4)
    place = [question.item.id for question in made.town.questions].index("born_abroad")
    alone = made.adults.role != JOINER
    group = made.adults.answer[:, place] == 2
    event = made.spells.event[made.adults.household]
    ratio = [event[here].mean() / made.best_prob[here].mean() for here in (alone & group, alone & ~group)]
    assert ratio[0] > 1.08
    assert ratio[1] < 0.99
    assert event[alone].mean() == pytest.approx(made.best_prob[alone].mean(), abs=0.01)
