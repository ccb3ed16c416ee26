"""Made towns that depart from an additive truth: what is told of their risks stays true, and each trouble shows."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.simulate import Trouble, read_trouble
from riskmodel.simulate.municipality import Municipality, draw_municipality
from riskmodel.simulate.people import APPLICANT, JOINER, Adults, best_risk, household_risk, of_households
from riskmodel.simulate.town import AREAS, Crossed, Town, build_town, risk
from riskmodel.simulate.trouble import RULE_AGE, TURNED_AREA, by_strength, troubled, turned

pytestmark = pytest.mark.slow

LAST = 2021


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return read_instrument(Path("data/instruments/exempelstad.toml"))


@pytest.fixture(scope="module")
def town(instrument: Instrument) -> Town:
    return build_town(instrument)


def draw(instrument: Instrument, cases_per_year: int = 800, **trouble: float) -> Municipality:
    years = {"first_year": 2019, "last_year": LAST}
    return draw_municipality(instrument, cases_per_year=cases_per_year, seed=5, trouble=Trouble(**trouble), **years)


def outcomes(made: Municipality) -> tuple[np.ndarray, np.ndarray]:
    """Everybody with a case of their own: whether it was long, and the year it began."""
    own = made.adults.role != JOINER
    return made.spells.event[made.adults.household][own], (made.start // 12)[own]


@pytest.mark.parametrize(
    "trouble",
    [
        {"crossed": 0.9},
        {"turned": 1.0},
        {"turned_area": 1.0},
        {"between_years": 0.4, "walk": 0.3},
        {"support": 1.5},
        {"other_answers": 0.3, "level": -0.5},
        {"age_rule": 1.0},
    ],
    ids=str,
)
def test_true_and_best_risk_stay_calibrated(instrument: Instrument, trouble: dict[str, float]) -> None:
    made = draw(instrument, **trouble)
    own = made.adults.role != JOINER
    event, year = outcomes(made)
    for prob in (made.true_prob[own], made.best_prob[own]):
        high = prob > np.median(prob)
        for part in (high, ~high, year == LAST):
            se = np.sqrt((prob[part] * (1 - prob[part])).sum()) * 1.2  # couples share an outcome
            assert abs(event[part].sum() - prob[part].sum()) < 3.5 * se


def test_without_trouble_nothing_changes(instrument: Instrument) -> None:
    plain = draw_municipality(instrument, cases_per_year=100, first_year=2019, last_year=LAST, seed=5)
    assert np.array_equal(plain.best_prob, draw(instrument, 100).best_prob, equal_nan=True)
    assert plain.later_persons.tolist() == plain.persons.tolist()


@pytest.mark.parametrize("seen", list(product([True, False], repeat=2)))
def test_the_best_risk_of_crossed_answers_is_the_mean_over_what_is_not_seen(
    instrument: Instrument, seen: tuple[bool, bool]
) -> None:
    """Two items alone, answered alike in all classes, so that the mean can be written out."""
    items = [item for item in instrument.items if item.id in ("debts", "swedish")]
    small = build_town(replace(instrument, items=tuple(items)))
    one_class = tuple(
        replace(q, share=np.broadcast_to(q.share[:1, :1], q.share.shape), blank_share=np.zeros(4))
        for q in small.questions
    )
    effect = np.array([[30, -30], [0, 10], [-50, 20], [5, 5]])[: len(one_class[0].effect)]
    crossed = replace(small, questions=one_class, crossed=Crossed(0, 1, effect))
    adults = Adults(np.array([0]), np.array([APPLICANT]), np.array([[1, 1]]), ~np.array([seen]))
    total, shares = 0.0, [q.share[0, 0] for q in one_class]
    for x, y in np.ndindex(effect.shape):
        chance = (float(x == 1) if seen[0] else shares[0][x]) * (float(y == 1) if seen[1] else shares[1][y])
        logodds = crossed.intercept + one_class[0].effect[x] + one_class[1].effect[y] + effect[x, y]
        total += chance * risk(np.array(logodds))
    # where everything is shared, a couple has the answers of one
    shared = replace(crossed, questions=tuple(replace(q, shared=True) for q in one_class))
    assert best_risk(adults, shared, observed=np.array([seen]))[0] == pytest.approx(total)


def test_two_households_under_two_rules_have_each_its_own_risk(town: Town) -> None:
    answer = np.zeros((3, len(town.questions)), dtype=np.int64)
    adults = Adults(np.array([0, 1, 1]), np.array([0, 0, 1]), answer, answer.astype(bool))
    second = of_households(adults, np.array([False, True]))
    assert second.household.tolist() == [0, 0] and second.role.tolist() == [0, 1]
    both = household_risk(adults, town, level=np.array([0, 100]))
    assert household_risk(second, town, level=np.array([100]))[0] == pytest.approx(both[1])
    assert np.log(both / (1 - both)).tolist()[1] == pytest.approx(np.log(both[0] / (1 - both[0])) + 1)


def test_the_strongest_item_turns_and_says_as_much_as_before(town: Town) -> None:
    place = by_strength(town.questions)[0]
    was, now = town.questions[place].effect, turned(town).questions[place].effect
    assert now.tolist() == (was.max() + was.min() - was).tolist()


def test_a_rule_begins_at_its_age(town: Town) -> None:
    changed = troubled(town, Trouble(age_rule=0.8), seed=1)
    (before, after) = (next(q for q in one.questions if q.item.id == "age") for one in (town, changed))
    ages = np.arange(len(before.effect)) + (before.item.minimum or 0)
    assert (after.effect - before.effect).tolist() == np.where(ages >= RULE_AGE, 80, 0).tolist()


def test_without_signal_everybody_has_one_risk(instrument: Instrument) -> None:
    made = draw(instrument, 100, no_signal=1.0)
    assert np.ptp(made.true_prob[made.adults.role != JOINER]) == 0


def test_doubled_odds_show_in_the_last_year_alone(instrument: Instrument) -> None:
    plain, doubled = (draw(instrument, 400, **trouble) for trouble in ({}, {"last_year": float(np.log(2))}))
    own = plain.adults.role != JOINER
    odds = [made.true_prob[own] / (1 - made.true_prob[own]) for made in (plain, doubled)]
    alone = np.bincount(plain.adults.household)[plain.adults.household[own]] == 1
    year = (plain.start // 12)[own]
    assert odds[1][alone & (year == LAST)] == pytest.approx(2 * odds[0][alone & (year == LAST)], rel=0.02)
    assert odds[1][year < LAST].tolist() == odds[0][year < LAST].tolist()


def test_an_item_turns_in_one_area_alone(instrument: Instrument) -> None:
    plain, other = draw(instrument, 100), draw(instrument, 100, turned_area=1.0)
    own = plain.adults.role != JOINER
    there = (plain.area == AREAS.index(TURNED_AREA))[own]
    same = plain.true_prob[own] == other.true_prob[own]
    assert same[~there].all() and same[there].mean() < 0.2


def test_troubles_of_the_files_show_in_the_files(instrument: Instrument) -> None:
    plain = draw(instrument, 200)
    renamed = draw(instrument, 200, renamed=0.25)
    assert np.mean(renamed.persons != renamed.later_persons) == pytest.approx(0.25, abs=0.03)
    early, late = (np.full(len(renamed.start), month) for month in (LAST * 12, LAST * 12 + 6))
    everybody = np.arange(len(renamed.start))
    assert renamed.ids(everybody, early).tolist() == plain.persons.tolist()
    assert renamed.ids(everybody, late).tolist() == renamed.later_persons.tolist()
    assert len(set(renamed.persons) | set(renamed.later_persons)) > len(everybody)

    rows = [made.receipts["month"] for made in (plain, draw(instrument, 200, late=0.5))]
    young = [int((month > plain.window.last_month - 9).sum()) for month in rows]
    assert young[1] == pytest.approx(0.5 * young[0], rel=0.15)
    assert (rows[0] <= plain.window.last_month - 9).sum() == (rows[1] <= plain.window.last_month - 9).sum()

    fewer = draw(instrument, 200, unlinked=0.6)
    event = plain.spells.event[plain.adults.household]
    assert fewer.has_intake[event].sum() == pytest.approx(0.4 * plain.has_intake[event].sum(), rel=0.25)
    assert fewer.has_intake[~event].tolist() == plain.has_intake[~event].tolist()


@pytest.mark.parametrize("pairs", [["nothing=1"], ["turned"], ["level=high"], ["late=2"], ["walk=nan"]])
def test_a_trouble_that_is_none_is_refused(pairs: list[str]) -> None:
    with pytest.raises(SettingsError, match="trouble"):
        read_trouble(pairs)


def test_troubles_are_read_by_name() -> None:
    assert read_trouble(["turned=1", "late=.2"]) == Trouble(turned=1.0, late=0.2)
