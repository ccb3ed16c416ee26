"""What the months so far add at a later landmark: predictions without them, and their share of the AUC."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import TEXT, cohort_of, instrument_of, predictions_of, rolling_predictions, settings_of

from riskmodel.assess.at_threshold import comparisons, history_share
from riskmodel.assess.comparators import without_history
from riskmodel.assess.intervals import draw_clusters, resamples_of
from riskmodel.ground.errors import FitError
from riskmodel.instrument.records import Item

SETTINGS = settings_of(min_training_months=11)
SO_FAR = Item("so_far", TEXT, "number", "predictor", known_from=3, derive="receipts_so_far", minimum=2, maximum=3)
PLAIN = instrument_of()
INSTRUMENT = replace(PLAIN, items=(*PLAIN.items, SO_FAR))


@pytest.fixture(scope="module")
def cohort():
    made = cohort_of(2400, years=(2020, 2021, 2022, 2023))
    random = np.random.default_rng(5)
    fewer = random.random(2400) < np.where(made.cases["outcome"] == 1, 0.1, 0.4)
    answers = made.answers.assign(so_far=np.where(fewer, 2.0, 3.0))
    return replace(made, answers=answers)


@pytest.fixture(scope="module")
def rolled(cohort) -> pd.DataFrame:
    return rolling_predictions(cohort, INSTRUMENT, SETTINGS.at(3))


def test_without_the_months_so_far_is_the_whole_procedure_on_the_other_items(cohort, rolled):
    other = rolling_predictions(cohort, PLAIN, SETTINGS.at(3))
    assert rolled["no_history_prob"].to_numpy() == pytest.approx(other["points_prob"].to_numpy(), abs=1e-12)
    assert not np.allclose(rolled["points_prob"], rolled["no_history_prob"], atol=0.01)
    assert "no_history_prob" not in other
    assert without_history(INSTRUMENT) == PLAIN


def test_at_intake_there_is_no_history_and_none_is_let_in(cohort):
    with pytest.raises(FitError, match="so_far first known after month 0"):
        rolling_predictions(cohort, INSTRUMENT, SETTINGS)
    asked = replace(cohort, answers=cohort.answers.drop(columns="so_far"))
    assert "no_history_prob" not in rolling_predictions(asked, INSTRUMENT, SETTINGS)


def test_the_gap_is_printed_with_the_other_comparisons(rolled):
    gaps = comparisons(rolled, resamples_of(rolled, SETTINGS)).set_index("comparator")["gap"]
    share = history_share(rolled, resamples_of(rolled, SETTINGS))
    assert gaps["no_history"] == pytest.approx(share["without_auc"] - share["with_auc"])
    assert gaps["no_history"] < -0.02


def test_the_made_truth_is_that_of_intake_and_is_left_out_later(cohort):
    truth = cohort.cases[["person_id", "intake_month"]].assign(true_prob=0.5, best_prob=0.5)
    assert "best_prob" not in rolling_predictions(cohort, INSTRUMENT, SETTINGS.at(3), truth=truth)


def test_the_share_is_what_is_lost_of_the_gain_over_chance():
    # 4 people, 2 events: with the history all 4 pairs are in order, AUC 1; without it 3 of 4 are
    predictions = pd.DataFrame(
        {
            "cluster_id": range(4),
            "outcome": [1, 1, 0, 0],
            "weight": 1.0,
            "points_prob": [0.9, 0.8, 0.2, 0.1],
            "no_history_prob": [0.9, 0.3, 0.4, 0.1],
        }
    )
    alone = draw_clusters(predictions["cluster_id"].to_numpy(), repeats=1, rng=np.random.default_rng(0))
    once = replace(alone, counts=np.ones_like(alone.counts))
    found = history_share(predictions, once)
    assert (found["with_auc"], found["without_auc"]) == (1, 3 / 4)
    assert found["estimate"] == found["low"] == found["high"] == pytest.approx((1 - 3 / 4) / (1 - 1 / 2))
    assert history_share(predictions.drop(columns="no_history_prob"), once) is None


def test_a_history_that_says_nothing_has_a_share_around_nothing():
    predictions = predictions_of(1500)
    noise = np.random.default_rng(1).normal(0, 0.1, len(predictions))
    logodds = np.log(predictions["points_prob"] / (1 - predictions["points_prob"])) + noise
    found = history_share(
        predictions.assign(no_history_prob=1 / (1 + np.exp(-logodds))), resamples_of(predictions, SETTINGS)
    )
    assert found["low"] < 0.01 and abs(found["estimate"]) < 0.02 and found["low"] <= found["high"]
