from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, instrument_of, settings_of

from riskmodel.assess.repeated import internal_external as module
from riskmodel.assess.repeated.internal_external import (
    MEASURES,
    ONE_GROUP,
    TOO_FEW_GROUPS,
    Held,
    estimates,
    internal_external,
    pool,
)
from riskmodel.ground.errors import FitError
from riskmodel.ground.text import Text
from riskmodel.model.fit import fit_model
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.points import points_prob, sum_of_points

INSTRUMENT, SETTINGS = instrument_of(), settings_of(min_training_months=11)
MADE = cohort_of(2400, years=(2019, 2020, 2021, 2022))
FOUR_AREAS = np.random.default_rng(1).choice(["A", "B", "C", ""], len(MADE.cases), p=[0.4, 0.3, 0.25, 0.05])
# households of two neighbouring months: some of December and January
HOUSEHOLDS = (np.arange(len(MADE.cases)) + 1) // 2
COHORT = replace(MADE, cases=MADE.cases.assign(area=FOUR_AREAS, cluster_id=HOUSEHOLDS))


def _by(found: pd.DataFrame, column: str, group: str) -> pd.DataFrame:
    return found[(found["column"] == column) & (found["group"] == group)].set_index("measure")


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return internal_external(COHORT, INSTRUMENT, SETTINGS)


def test_every_area_and_open_year_has_every_measure_and_a_pooled_row(found):
    groups = {column: sorted(set(rows["group"])) for column, rows in found.groupby("column")}
    # nobody knows which area "" is, and 2022 waits to be confirmed
    assert groups == {"area": ["", "A", "B", "C"], "year": ["", "2019", "2020", "2021"]}
    assert found.groupby(["column", "group"])["measure"].apply(tuple).map(set).eq(set(MEASURES)).all()
    assert set(found["status"]) == {"ok"}
    assert found.select_dtypes(float).columns.tolist() == list(module.NUMBERS)


@pytest.mark.parametrize(("column", "group", "source"), [("area", "B", "area"), ("year", "2020", "intake_year")])
def test_a_group_is_judged_by_a_procedure_that_saw_neither_it_nor_its_households(found, column, group, source):
    cases, answers = COHORT.modelled
    shown = (cases["intake_year"] < 2022).to_numpy()
    cases, answers = cases[shown], answers[shown]
    held = (cases[source].astype(str) == group).to_numpy()
    kept = ~cases["cluster_id"].isin(cases["cluster_id"][held]).to_numpy()
    assert (held | kept).sum() < len(cases)  # some others share a household with the group
    model = fit_model(cases[kept], answers[kept], INSTRUMENT, SETTINGS)
    prob = points_prob(sum_of_points(answers[held], model.points), model.points)
    outcome, own = cases["outcome"][held].to_numpy(dtype=float), _by(found, column, group)
    assert own.loc["auc", "estimate"] == pytest.approx(weighted_auc(outcome, prob, np.ones(held.sum())))
    assert own.loc["oe", "estimate"] == pytest.approx(outcome.sum() / prob.sum())
    assert own.loc["auc", ["n", "events_n"]].tolist() == [held.sum(), outcome.sum()]


def test_pooled_rows_are_pooled_on_their_own_scale(found):
    apart = found[(found["column"] == "area") & (found["group"] != "") & (found["measure"] == "auc")]
    logits = np.log(apart["estimate"] / (1 - apart["estimate"])).to_numpy()
    expected, pooled = pool(logits, apart["se"].to_numpy()), _by(found, "area", "").loc["auc"]
    assert pooled["estimate"] == pytest.approx(1 / (1 + np.exp(-expected.mean)))
    assert pooled["prediction_low"] == pytest.approx(1 / (1 + np.exp(-expected.prediction_low)))
    assert (pooled["se"], pooled["tau2"]) == pytest.approx((expected.se, expected.tau2))
    assert pooled["n"] == apart["n"].sum()


def test_an_interval_lies_around_its_estimate_on_that_scale(found):
    row = _by(found, "year", "2019").loc["oe"]
    assert np.log([row["low"], row["high"]]) == pytest.approx(
        np.log(row["estimate"]) + 1.959964 * row["se"] * np.array([-1, 1]), abs=1e-6
    )


def test_outcomes_of_the_year_that_waits_to_be_confirmed_change_nothing(found):
    waits = COHORT.cases["intake_year"] == 2022
    turned = COHORT.cases["outcome"].where(~waits, 1 - COHORT.cases["outcome"])
    again = internal_external(replace(COHORT, cases=COHORT.cases.assign(outcome=turned)), INSTRUMENT, SETTINGS)
    pd.testing.assert_frame_equal(again, found)


def test_one_area_says_why_there_is_nothing_to_pool():
    one = internal_external(replace(MADE, cases=MADE.cases.assign(area="A")), INSTRUMENT, SETTINGS)
    assert set(_by(one, "area", "A")["status"]) == {"not_available"}
    assert set(_by(one, "area", "")["status"]) == {ONE_GROUP}
    assert one.loc[one["column"] == "area", list(module.NUMBERS)].isna().all(axis=None)
    assert set(_by(one, "year", "")["status"]) == {"ok"}


def test_a_group_with_too_few_is_counted_and_not_pooled():
    few = np.where(np.arange(len(MADE.cases)) < 30, "D", FOUR_AREAS)
    found = internal_external(replace(MADE, cases=MADE.cases.assign(area=few)), INSTRUMENT, SETTINGS)
    assert set(_by(found, "area", "D")["status"]) == {"too_few"}
    assert _by(found, "area", "D").loc["auc", "n"] == 30
    assert np.isnan(_by(found, "area", "D").loc["auc", "estimate"])
    apart = found[(found["column"] == "area") & found["group"].isin(["A", "B", "C"]) & (found["measure"] == "auc")]
    assert _by(found, "area", "").loc["auc", "n"] == apart["n"].sum()


def test_two_areas_are_too_few_to_foretell_a_third():
    two = internal_external(MADE, INSTRUMENT, SETTINGS)
    assert set(_by(two, "area", "")["status"]) == {TOO_FEW_GROUPS}
    assert set(_by(two, "area", "A")["status"]) == {"ok"}


def test_others_that_carry_no_model_leave_a_row_not_an_error(monkeypatch):
    def refuses(*_: object) -> None:
        raise FitError(Text("ingen fråga är kvar", "no item is left"))

    monkeypatch.setattr(module, "fit_model", refuses)
    found = internal_external(COHORT, INSTRUMENT, SETTINGS)
    assert set(found.loc[found["group"] != "", "status"]) == {"not_available"}
    assert set(found.loc[found["group"] == "", "status"]) == {TOO_FEW_GROUPS}


def test_errors_of_oe_are_those_of_a_count_and_grow_with_households():
    random = np.random.default_rng(3)
    prob = np.full(2000, 0.25)
    outcome = (random.random(2000) < prob).astype(float)
    alone = estimates(Held(outcome, prob, np.ones(2000), np.arange(2000)), repeats=400, seed=1)
    # ln(O/E) of n alike people: its variance is (1 - p) / (n p)
    assert alone["oe"][1] == pytest.approx(np.sqrt(0.75 / 500), rel=0.15)
    twice = np.repeat(np.arange(1000), 2)
    pairs = estimates(Held(np.repeat(outcome[:1000], 2), prob, np.ones(2000), twice), repeats=400, seed=1)
    assert pairs["oe"][1] == pytest.approx(np.sqrt(2) * alone["oe"][1], rel=0.2)
