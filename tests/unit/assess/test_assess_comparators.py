import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, instrument_of

from riskmodel.assess.calibration import auc
from riskmodel.assess.comparators import boosted_prob, event_rate, learnt_counts, three_item_prob
from riskmodel.assess.intervals import tally

INSTRUMENT = instrument_of()
ITEMS = INSTRUMENT.predictors(0)
COHORT = cohort_of(1500)
CASES, ANSWERS = COHORT.modelled


def _auc(prob: np.ndarray) -> float:
    return float(auc(tally(CASES["outcome"].to_numpy(dtype=float), prob)))


def test_without_a_declared_rule_the_three_best_items_are_counted():
    counts, new_counts = learnt_counts(CASES, ANSWERS, ANSWERS, ITEMS)
    assert set(counts) == {0, 1, 2, 3} and (counts == new_counts).all()
    assert counts[(ANSWERS["work"] == "l2").to_numpy()].min() >= 1  # the riskiest level always counts
    noise = ANSWERS.assign(work="l0", health="l0")  # leaves education, age, and two items that say nothing
    again, _ = learnt_counts(CASES, noise, noise, ITEMS)
    assert set(again) <= {0, 1, 2}


def test_the_learnt_rule_takes_nothing_from_the_people_it_predicts():
    prob = three_item_prob(CASES, ANSWERS, ANSWERS, INSTRUMENT, landmark=0)
    some = ANSWERS.iloc[:7]
    assert three_item_prob(CASES, ANSWERS, some, INSTRUMENT, landmark=0) == pytest.approx(prob[:7])
    assert 0.6 < _auc(prob)
    assert len(np.unique(prob)) <= 4


def test_a_declared_rule_is_used_as_it_stands():
    ruled = instrument_of(three_item_rule={"work": ("l2",), "health": ("l2",), "education": ("l1",)})
    prob = three_item_prob(CASES, ANSWERS, ANSWERS, ruled, landmark=0)
    count = sum(
        (ANSWERS[item] == code).to_numpy(int) for item, code in (("work", "l2"), ("health", "l2"), ("education", "l1"))
    )
    assert [len(np.unique(prob[count == number])) for number in range(4)] == [1, 1, 1, 1]
    assert np.corrcoef(prob, count)[0, 1] > 0.9


def test_a_number_counts_by_quarters_and_blanks_by_themselves():
    outcome = (ANSWERS["age"] > 50).astype("Int8").to_numpy()
    old = CASES.assign(outcome=outcome)
    blank = ANSWERS.assign(age=ANSWERS["age"].where(ANSWERS["age"] < 60))
    counts, _ = learnt_counts(old, blank, blank, [INSTRUMENT.item("age")])
    assert counts[(blank["age"] > 53).to_numpy()].min() == 1
    assert counts[blank["age"].isna().to_numpy()].min() == 1  # 60 and over: all events
    assert counts[(blank["age"] < 35).to_numpy()].max() == 0


def test_the_event_rate_is_weighted():
    assert event_rate(pd.DataFrame({"outcome": [1, 0], "weight": [3.0, 1.0]})) == 3 / 4


def test_boosted_trees_learn_take_blanks_and_repeat_themselves():
    blank = ANSWERS.assign(age=ANSWERS["age"].where(ANSWERS.index < "c00100"))
    first, second = (boosted_prob(CASES, blank, blank, ITEMS, seed=5) for _ in range(2))
    assert (first == second).all()
    assert _auc(first) > 0.65
    assert first.mean() == pytest.approx(CASES["outcome"].mean(), abs=0.01)


def test_for_trees_a_blank_number_is_not_a_low_one():
    blank = (np.arange(len(CASES)) % 2 == 0) & (ANSWERS["age"] < 40).to_numpy()
    marked = CASES.assign(outcome=blank.astype(int))
    answers = ANSWERS.assign(age=ANSWERS["age"].mask(blank))
    prob = boosted_prob(marked, answers, answers, ITEMS, seed=5)
    assert prob[blank].min() > 0.9 and prob[~blank].max() < 0.1
