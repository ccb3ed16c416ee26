"""Leaks put in on purpose: each must stop the run, and only a signed explanation lets it go on."""

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.ground.alarm import Alarm
from riskmodel.ground.choices import ExplainedAlarm
from riskmodel.ground.errors import FitError
from riskmodel.ground.statistics import shares_error
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model.fit import fit_model
from riskmodel.model.inference import OF_MANY, auc_gap_error, drop_one, leak_alarms, refuse_leaks
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.published_fit import fit_published
from riskmodel.model.sample import sample_of


def alarms_of(made, answers, instrument, settings, **more):
    model = fit_model(made.cases, answers, instrument, settings)
    return leak_alarms(sample_of(made.cases, answers, instrument, landmark=0), model, instrument, settings, **more)


def tolerant(settings, **limits):
    return replace(settings, alarm=replace(settings.alarm, **limits))


@pytest.fixture(scope="module")
def leaking(made):
    """Age knows the outcome perfectly."""
    outcome = made.cases["outcome"].to_numpy(dtype=float)
    return made.answers.assign(age=30 + 20 * outcome)


def test_honest_data_raise_no_alarm_but_that_an_item_adds_much(made, instrument, settings):
    alarms = alarms_of(made, made.answers, instrument, settings)
    assert {alarm.alarm for alarm in alarms} <= {"one_item_adds"}
    assert alarms_of(made, made.answers, instrument, tolerant(settings, one_item_adds=0.2)) == []


def test_an_item_that_knows_the_outcome_raises_three_alarms(made, leaking, instrument, settings):
    alarms = {(alarm.alarm, alarm.item): alarm for alarm in alarms_of(made, leaking, instrument, settings)}
    assert {("auc", ""), ("single_item_auc", "age"), ("one_item_adds", "age")} <= set(alarms)
    assert alarms["single_item_auc", "age"].found == pytest.approx(1)
    assert not {alarm for alarm in alarms if alarm[0] == "single_item_auc"} - {("single_item_auc", "age")}


def test_blanks_that_know_the_outcome_raise_an_alarm(made, instrument, settings):
    outcome = made.cases["outcome"].to_numpy(dtype=float)
    blank = (np.arange(len(outcome)) % 10 < 1) & (outcome == 1)
    answers = made.answers.assign(licence=made.answers["licence"].mask(blank, NO_ANSWER))
    alarms = [one for one in alarms_of(made, answers, instrument, settings) if one.alarm == "blank_difference"]
    is_blank = answers["licence"].eq(NO_ANSWER).to_numpy()
    assert [alarm.item for alarm in alarms] == ["licence"]
    assert alarms[0].found == pytest.approx(is_blank[outcome == 1].mean() - is_blank[outcome == 0].mean())


def test_many_blanks_a_little_apart_raise_one_alarm(made, instrument, settings):
    outcome = made.cases["outcome"].to_numpy(dtype=float)
    rng, answers = np.random.default_rng(1), made.answers.copy()
    for item in (one for one in instrument.predictors() if one.levels):  # none by itself says much
        blank = rng.random(len(outcome)) < np.where(outcome == 1, 0.30, 0.12)
        answers[item.id] = answers[item.id].mask(blank, NO_ANSWER)
    wide = tolerant(settings, blank_difference=0.5)
    (alarm,) = [one for one in alarms_of(made, answers, instrument, wide) if one.alarm == "blanks_auc"]
    blanks = answers[[one.id for one in instrument.predictors() if one.levels]].eq(NO_ANSWER).sum(axis=1)
    weight = made.cases["weight"].to_numpy()
    assert alarm.found == pytest.approx(weighted_auc(outcome, blanks.to_numpy(dtype=float), weight), abs=0.02)
    assert alarm.found > 0.6


def test_a_gap_that_chance_would_have_among_so_few_raises_none():
    """11 blanks, 100 events, 100 others: √(.055·.945·.02) = .0322, so .07 is 2.2 of them; of 1,000 each 6.9."""
    assert shares_error(0.055, 100, 0.055, 100) == pytest.approx(0.03224, abs=1e-5)
    assert 0.07 < OF_MANY * shares_error(0.055, 100, 0.055, 100)
    assert 0.07 > OF_MANY * shares_error(0.055, 1000, 0.055, 1000)


def test_a_better_auc_than_last_release_raises_an_alarm_only_beyond_the_limit(made, model, instrument, settings):
    lenient = tolerant(settings, one_item_adds=0.2)
    for previous_auc, raised in ((model.out_of_fold_auc - 0.031, ["auc_rise"]), (model.out_of_fold_auc - 0.029, [])):
        alarms = leak_alarms(
            sample_of(made.cases, made.answers, instrument, landmark=0),
            model,
            instrument,
            lenient,
            previous_auc=previous_auc,
        )
        assert [alarm.alarm for alarm in alarms] == raised


def test_what_one_item_adds_is_the_auc_lost_without_it(made, model, instrument, settings):
    strict, sample = tolerant(settings, one_item_adds=0.0), sample_of(made.cases, made.answers, instrument, landmark=0)
    found = {
        alarm.item: alarm.found
        for alarm in leak_alarms(sample, model, instrument, strict)
        if alarm.alarm == "one_item_adds"
    }
    added = drop_one(sample, model, instrument, strict, penalty=model.equation.penalty).set_index("item")
    assert found == added.loc[added["auc"] > 3 * added["auc_error"], "auc"].to_dict()
    assert set(found) == {"housing", "health", "age"}  # "licence" adds less than three errors of its own
    assert 0 < added.loc["licence", "auc"] < 3 * added.loc["licence", "auc_error"]


def test_an_unexplained_alarm_stops_with_its_name_its_item_and_what_to_write(made, leaking, instrument, settings):
    with pytest.raises(FitError) as refused:
        fit_published(made.cases, leaking, instrument, settings)
    message = str(refused.value)
    assert "single_item_auc of age (1.000, limit 0.800)" in message
    assert '[[alarm.explained]]\nalarm = "auc"\nitem = ""' in message


def test_every_alarm_needs_its_own_signature_and_reason():
    alarm = Alarm("single_item_auc", "age", 0.9, 0.8)
    refuse_leaks([])
    refuse_leaks([replace(alarm, signed_by="Anna Ek, analyst", reason="Asked at intake.")])
    for incomplete in (alarm, replace(alarm, signed_by="Anna Ek"), replace(alarm, signed_by=" ", reason="So.")):
        with pytest.raises(FitError, match="1 not explained"):
            refuse_leaks([incomplete])


def test_an_explanation_goes_with_the_alarm_it_names_and_stays_in_the_record(made, leaking, instrument, settings):
    explained = ExplainedAlarm("single_item_auc", "age", "Anna Ek, analyst", "Asked at intake.")
    other = ExplainedAlarm("single_item_auc", "housing", "Anna Ek, analyst", "Asked at intake.")
    alarms = alarms_of(made, leaking, instrument, tolerant(settings, explained=(other, explained)))
    signed = {alarm.alarm: alarm.signed_by for alarm in alarms if alarm.item == "age"}
    assert signed == {"single_item_auc": "Anna Ek, analyst", "one_item_adds": ""}


def test_the_error_of_a_gap_in_auc_is_that_of_resamples():
    """Two scores that share most of what they know; 400 resamples of 500 people."""
    rng = np.random.default_rng(7)
    known, outcome = rng.normal(size=500), (rng.random(500) < 0.3).astype(float)
    one, other = outcome + known, outcome + known + rng.normal(0, 0.8, 500)
    gaps = []
    for _ in range(400):
        drawn = rng.integers(0, 500, 500)
        ones = np.ones(500)
        aucs = [weighted_auc(outcome[drawn], score[drawn], ones) for score in (one, other)]
        gaps.append(aucs[0] - aucs[1])
    assert auc_gap_error(outcome, one, other, np.ones(500)) == pytest.approx(np.std(gaps), rel=0.12)
    assert auc_gap_error(outcome, one, 2 * one + 1, np.ones(500)) == pytest.approx(0, abs=1e-12)


def test_tied_scores_are_half_below():
    """Events at 1 and 2, others at 1 and 3: the first event is above ½ of 1 of 2, the second above 1 of 2."""
    outcome, score, flat = np.array([1.0, 1, 0, 0]), np.array([1.0, 2, 1, 3]), np.zeros(4)
    # against a flat score every placement is ½: gaps of the events −.25 and 0, of the others +.25 (1 below, 1 tied) …
    events, others = np.array([0.25 - 0.5, 0.5 - 0.5]), np.array([0.25 - 0.5, 1.0 - 0.5])
    expected = sum(((gap - gap.mean()) ** 2).sum() / 4 for gap in (events, others))
    assert auc_gap_error(outcome, score, flat, np.ones(4)) == pytest.approx(np.sqrt(expected))
