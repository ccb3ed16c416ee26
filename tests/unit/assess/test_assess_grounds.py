from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, instrument_of, settings_of

from riskmodel.assess.repeated import left_out as grounds
from riskmodel.assess.repeated.left_out import protected_grounds
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import FitError
from riskmodel.ground.text import Text
from riskmodel.instrument.records import NO_ANSWER, Instrument

SETTINGS = settings_of(min_training_months=11)
COHORT = cohort_of(2400, years=(2019, 2020, 2021, 2022))
RANDOM = np.random.default_rng(4)


def _sex(values: np.ndarray) -> Cohort:
    return replace(COHORT, answers=COHORT.answers.assign(sex=values))


def _with_born(instrument: Instrument) -> Instrument:
    sex = instrument.item("sex")
    return replace(instrument, items=(*instrument.items, replace(sex, id="born", grounds=("ethnicity",))))


@pytest.fixture(scope="module")
def audit() -> grounds.GroundsAudit:
    return protected_grounds(COHORT, instrument_of(), SETTINGS)


def test_every_group_of_every_column_the_score_leaves_out_is_guessed(audit):
    proxies = audit.proxies
    assert list(zip(proxies["column"], proxies["group"], strict=True)) == [
        ("area", "A"), ("area", "B"), ("sex", "man"), ("sex", "woman"),
    ]  # fmt: skip
    assert set(proxies["status"]) == {"ok"}
    assert proxies.groupby("column")["n"].sum().tolist() == [1800, 1800]  # the last of four years waits to be confirmed


def test_answers_that_carry_nothing_guess_as_a_coin_does(audit):
    assert (audit.proxies["auc"] - 0.5).abs().max() < 0.05
    assert ((audit.proxies["low"] < audit.proxies["auc"]) & (audit.proxies["auc"] < audit.proxies["high"])).all()


def test_a_ground_that_the_answers_give_away_is_guessed():
    told = np.where((COHORT.answers["work"] == "l2") ^ (RANDOM.random(2400) < 0.1), "woman", "man")
    proxies = protected_grounds(_sex(told), instrument_of(), SETTINGS).proxies.set_index(["column", "group"])
    # nine in ten of either answer: AUC is about the mean of sensitivity and specificity
    assert proxies.loc[("sex", "woman"), "auc"] == pytest.approx(0.88, abs=0.04)
    assert proxies.loc[("sex", "man"), "auc"] == pytest.approx(proxies.loc[("sex", "woman"), "auc"], abs=1e-6)


def test_a_handful_is_not_guessed_and_the_unknown_are_no_group():
    sex = np.array(["man"] * 2300 + ["woman"] * 10 + [NO_ANSWER] * 90)
    proxies = protected_grounds(_sex(sex), instrument_of(), SETTINGS).proxies.set_index("group")
    assert proxies.loc["woman", "status"] == "too_few" and np.isnan(proxies.loc["woman", "auc"])
    assert NO_ANSWER not in proxies.index and proxies.loc["man", "status"] == "ok"


def test_adding_an_item_that_knows_more_is_seen_and_one_that_knows_nothing_changes_little(audit):
    nothing = audit.drop_in.set_index("added").loc["sex"]
    assert (nothing["low"], nothing["high"]) == pytest.approx((0, 0), abs=0.01)
    assert nothing["changed_share"] < 0.05 and abs(nothing["net_benefit_gain"]) < 0.01
    outcome = COHORT.cases["outcome"].to_numpy(dtype=int)
    knows = np.where((outcome == 1) ^ (RANDOM.random(2400) < 0.25), "woman", "man")
    added = protected_grounds(_sex(knows), instrument_of(), SETTINGS).drop_in.set_index("added").loc["sex"]
    assert added["low"] > 0.05 and added["net_benefit_gain"] > 0.02 and added["changed_share"] > 0.1
    assert added["low"] < added["auc_gain"] < added["high"]
    assert added["auc"] - added["auc_gain"] == pytest.approx(nothing["auc"] - nothing["auc_gain"])


def test_several_items_are_added_one_by_one_and_all_together():
    born = np.where(RANDOM.random(2400) < 0.5, "man", "woman")
    cohort = replace(COHORT, answers=COHORT.answers.assign(born=born))
    drop_in = protected_grounds(cohort, _with_born(instrument_of()), SETTINGS).drop_in
    assert drop_in["added"].tolist() == ["sex", "born", "all"]
    assert set(drop_in["status"]) == {"ok"} and set(drop_in["n"]) == {1800}


def test_the_year_that_waits_to_be_confirmed_changes_nothing(audit):
    waits = COHORT.cases["intake_year"] == 2022
    turned = COHORT.cases["outcome"].where(~waits, 1 - COHORT.cases["outcome"])
    again = protected_grounds(replace(COHORT, cases=COHORT.cases.assign(outcome=turned)), instrument_of(), SETTINGS)
    pd.testing.assert_frame_equal(again.proxies, audit.proxies)
    pd.testing.assert_frame_equal(again.drop_in, audit.drop_in)


def test_data_that_carry_no_fit_leave_rows_that_say_so(monkeypatch):
    def refuses(*_: object, **__: object) -> None:
        raise FitError(Text("ingen fråga är kvar", "no item is left"))

    monkeypatch.setattr(grounds, "learn", refuses)
    found = protected_grounds(COHORT, instrument_of(), SETTINGS)
    assert set(found.proxies["status"]) == set(found.drop_in["status"]) == {"not_available"}
    assert found.drop_in[list(grounds.DROP_IN_NUMBERS)].isna().all(axis=None)


def test_too_few_of_an_outcome_say_so_and_nothing_to_add_gives_no_row():
    few = protected_grounds(COHORT, instrument_of(), settings_of(min_training_months=11, group_min=1100))
    assert set(few.drop_in["status"]) == {"too_few"}
    instrument = instrument_of()
    without = replace(instrument, items=tuple(item for item in instrument.items if item.use != "audit"))
    assert protected_grounds(COHORT, without, SETTINGS).drop_in.empty


def test_people_are_compared_with_those_guessed_by_the_same_fit():
    # two folds whose guesses differ by their level alone: nobody inside them stands out
    sample = grounds.sample_of(*COHORT.modelled, instrument_of(), landmark=0)
    fold = grounds.grouped_folds(sample.cluster, folds_n=SETTINGS.assess.folds, seed=SETTINGS.run.seed)
    assert np.abs(grounds._within_folds(fold * 1.5, sample, SETTINGS)).max() < 1e-12
