"""What every number of questions is worth: chosen and measured out of time, year by year."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, instrument_of, rolling_predictions, settings_of

from riskmodel.assess.at_threshold import net_benefit
from riskmodel.assess.intervals import tally
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.repeated.left_out import NO_FORMS, questions_and_worth
from riskmodel.ground.choices import ItemsSettings
from riskmodel.model.logistic import weighted_auc
from riskmodel.publish.evidence import _forms

INSTRUMENT, SETTINGS = instrument_of(), settings_of(min_training_months=11)
COHORT = cohort_of(2400, years=(2019, 2020, 2021, 2022, 2023))


@pytest.fixture(scope="module")
def forms() -> pd.DataFrame:
    return questions_and_worth(COHORT, INSTRUMENT, SETTINGS)


def test_a_row_a_number_of_questions_from_all_to_one(forms):
    items = [item.id for item in INSTRUMENT.predictors(0)]
    assert forms["questions"].tolist() == list(range(len(items), 0, -1))
    assert forms["left_out"].iloc[0] == ""
    assert set(forms["left_out"].iloc[1:]) < set(items)
    assert forms["columns"].is_monotonic_decreasing
    assert (forms["same_forms"] <= forms["forms"]).all() and (forms["forms"] == 2).all()


@pytest.mark.parametrize("questions", [1, 2])
def test_each_is_the_procedure_that_chooses_as_many_year_by_year(forms, questions):
    short = replace(SETTINGS, items=ItemsSettings(questions))
    predicted = rolling_predictions(COHORT, INSTRUMENT, short)
    outcome, prob = predicted["outcome"].to_numpy(dtype=float), predicted["points_prob"].to_numpy()
    row = forms[forms["questions"] == questions].iloc[0]
    weight = predicted["weight"].to_numpy()
    harm = np.array([threshold_of_harm(SETTINGS.policy.harm_ratio)])
    assert row["auc_estimate"] == pytest.approx(weighted_auc(outcome, prob, weight), abs=1e-12)
    assert row["net_benefit_estimate"] == pytest.approx(net_benefit(tally(outcome, prob, weight=weight), harm)[0])
    assert (row["n"], row["events_n"]) == (len(predicted), outcome.sum())


def test_all_questions_lose_nothing_and_intervals_hold_their_estimate(forms):
    whole, *shorter = forms.to_dict("records")
    assert [whole[f"auc_loss_{end}"] for end in ("estimate", "low", "high")] == [0, 0, 0]
    for row in shorter:
        assert row["auc_loss_estimate"] == pytest.approx(whole["auc_estimate"] - row["auc_estimate"], abs=1e-12)
        for name in ("auc", "net_benefit", "auc_loss"):
            assert row[f"{name}_low"] <= row[f"{name}_estimate"] <= row[f"{name}_high"]


def test_what_is_handed_out_has_three_decimals_and_no_counts_and_nothing_on_a_handful(forms):
    shown = _forms(forms)
    assert not {"n", "events_n"} & set(shown.columns)
    assert shown["auc_estimate"].tolist() == pytest.approx(forms["auc_estimate"].round(3).tolist())
    assert _forms(forms.assign(events_n=99)).empty
    assert _forms(NO_FORMS).empty
