"""What an instrument implies for its town."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.simulate.town import (
    ADULT_SHARE,
    EVENT_RATE,
    LOGODDS_SD,
    Question,
    Town,
    build_town,
    expected_risk,
    spread_of,
    sum_of,
)

INSTRUMENT = Path("data/instruments/exempelstad.toml")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return read_instrument(INSTRUMENT)


@pytest.fixture(scope="module")
def town(instrument: Instrument) -> Town:
    return build_town(instrument)


def question(town: Town, item_id: str) -> Question:
    return next(question for question in town.questions if question.item.id == item_id)


def test_every_step_of_a_predictor_goes_in_its_declared_direction(town: Town) -> None:
    for asked in town.questions:
        if asked.scored:
            routes = [i for i, level in enumerate(asked.item.levels) if level.route]
            steps = np.diff(np.delete(asked.effect, routes)) * (1 if asked.item.direction == "raises" else -1)
            assert (steps >= 0).all() and steps.sum() > 0, asked.item.id
            assert asked.item.kind == "number" or (steps > 0).all(), asked.item.id


def test_only_what_a_scorer_sees_at_intake_changes_the_risk(town: Town) -> None:
    without = {q.item.id for q in town.questions if not q.effect.any()}
    assert without == {"work_ability", "sex", "born_abroad", "household_type", "hindrance"}


def test_log_odds_have_the_declared_spread_and_mean_risk(town: Town) -> None:
    sums = {cell: sum_of([spread_of(q.effect, q.share[cell]) for q in town.questions]) for cell in np.ndindex(4, 2)}
    values = {cell: spread.lowest + np.arange(len(spread.prob)) for cell, spread in sums.items()}
    mean = sum(ADULT_SHARE[c] * sums[c].prob @ values[c] for c in sums)
    variance = sum(ADULT_SHARE[c] * sums[c].prob @ (values[c] - mean) ** 2 for c in sums)
    risk = sum(ADULT_SHARE[c] * expected_risk(np.array([town.intercept]), sums[c])[0] for c in sums)
    assert np.sqrt(variance) / 100 == pytest.approx(LOGODDS_SD, abs=0.01)
    assert risk == pytest.approx(EVENT_RATE, abs=0.002)


def test_shares_add_up_and_a_couple_never_answers_that_it_is_single(town: Town) -> None:
    for asked in town.questions:
        assert asked.share.sum(axis=2) == pytest.approx(np.ones((4, 2)))
    household_type = question(town, "household_type")
    assert household_type.item.codes == ("single", "single_children", "couple", "couple_children")
    assert (household_type.share[:, 0, 2:] == 0).all() and (household_type.share[:, 1, :2] == 0).all()


def test_a_couple_shares_its_home_and_its_past_but_not_its_health(town: Town) -> None:
    assert {q.item.id for q in town.questions if q.shared} == {"housing", "debts", "earlier_months", "household_type"}


def test_the_register_answers_without_blanks(town: Town) -> None:
    assert not question(town, "earlier_months").blank_share.any()
    assert (question(town, "health_mental").blank_share > question(town, "education").blank_share).all()


def test_a_mispredicted_group_moves_by_the_log_odds_that_were_asked_for(instrument: Instrument) -> None:
    town = build_town(instrument, mispredicted_group="born_abroad=elsewhere", mispredicted_logodds=-0.4)
    assert question(town, "born_abroad").effect.tolist() == [0, 0, -40]


@pytest.mark.parametrize("group", ["born_abroad=mars", "education=none", "nothing", "sex"])
def test_a_group_that_is_no_audit_level_is_refused(instrument: Instrument, group: str) -> None:
    with pytest.raises(SettingsError, match="Write it as item=code"):
        build_town(instrument, mispredicted_group=group)


def test_an_instrument_without_predictors_at_intake_is_refused(instrument: Instrument) -> None:
    audits = replace(instrument, items=instrument.audits)
    with pytest.raises(SettingsError, match="0 predictors are known at intake"):
        build_town(audits)
