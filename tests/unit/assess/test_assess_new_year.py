from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from predicted import predictions_of, settings_of

from riskmodel.assess.new_year.closed_test import REFIT, UPDATES, AllDirections, ClosedTest, Step
from riskmodel.assess.new_year.verdict import TEXTS, Found, find, new_year
from riskmodel.ground.files import tidy
from riskmodel.ground.words import Text

SETTINGS = settings_of(group_min=100, bootstrap=100)
POLICY = SETTINGS.policy  # AUC's lower end at least .60
MEASURES = {"auc": (0.75, 0.72, 0.78), "oe": (0.97, 0.90, 1.04), "recalibration_slope": (1.0, 0.9, 1.1)}
GAINS = {"none": (0.06, 0.04, 0.08), "all": (0.2, 0.1, 0.3), "three_item": (0.02, -0.01, 0.05)}


def numbers(rows):
    return {name: dict(zip(("estimate", "low", "high"), values, strict=True)) for name, values in rows.items()}


def found(update="keep", *, n=3000, lowers=False, gains=None, **measures):
    """What a year found: `update` is asked for, the rest as above unless said otherwise."""
    steps = tuple(Step(one, 0.001 if one == update else 0.5, 0.01, "work" * (one == REFIT)) for one in UPDATES[1:])
    rows = numbers(MEASURES | measures), numbers(GAINS | (gains or {}))
    return Found(n, n // 3, n, *rows, ClosedTest(steps, AllDirections(60.0, 40, 0.01)), lowers)


FEW = Found(150, 60, 140)
WORK = {"work": Text("Har du arbete?", "Do you work?")}


def verdict(everybody, unshown="the same", **more):
    unshown = everybody if unshown == "the same" else unshown
    judged = new_year(everybody, unshown, POLICY, item_texts=WORK, **more)
    assert judged.text == TEXTS[f"verdict_{judged.verdict}"]
    unnamed = {reason: text for reason, text in judged.reasons.items() if reason != "answers_weigh_differently"}
    assert all(text == TEXTS[f"reason_{reason}"] for reason, text in unnamed.items())
    return judged.verdict, list(judged.reasons)


def test_the_closed_test_decides_when_nothing_speaks_against_it():
    assert verdict(found("keep")) == ("keep", ["no_more_than_chance"])
    assert verdict(found("intercept")) == ("intercept", ["level_is_enough"])
    assert verdict(found("intercept_and_slope")) == ("intercept_and_slope", ["spread_is_enough"])
    assert verdict(found("refit")) == ("refit", ["answers_weigh_differently"])
    assert "all known years together, never on the new cases alone" in TEXTS["verdict_refit"].en


def test_the_question_that_weighs_otherwise_is_named_in_both_languages():
    reason = new_year(found("refit"), None, POLICY, item_texts=WORK).reasons["answers_weigh_differently"]
    assert reason.sv.endswith("som de gjorde. Det gäller “Har du arbete?”.")
    assert reason.en.endswith("as they did. It concerns “Do you work?”.")


def test_nothing_new_is_a_plain_sentence():
    assert verdict(None) == ("nothing_new", [])


def test_keep_needs_evidence():
    assert verdict(FEW) == ("keep_too_little", ["few_outcomes"])
    # from .79 to 1.20 is 41 points wide, from .80 to 1.20 is 40
    assert verdict(found(oe=(1.0, 0.79, 1.20))) == ("keep_too_little", ["no_more_than_chance", "wide_interval"])
    assert verdict(found(oe=(1.0, 0.8, 1.2))) == ("keep", ["no_more_than_chance"])
    assert verdict(found(recalibration_slope=(1.0, 0.79, 1.21)))[0] == "keep_too_little"
    for nothing in (np.nan, None):  # measured, and as it is written
        assert verdict(found(recalibration_slope=(nothing,) * 3))[0] == "keep_too_little"
    # a change that was found is evidence enough, however wide the rest
    assert verdict(found("intercept", oe=(1.3, 1.0, 1.6))) == ("intercept", ["level_is_enough", "wide_interval"])


def test_a_release_is_retired_when_the_refit_fails_the_gates():
    assert verdict(found("refit"), refit_passes=False) == ("retire", ["refit_fails"])
    assert verdict(found("refit"), refit_passes=True)[0] == "refit"
    assert verdict(found("refit"), refit_passes=None)[0] == "refit"
    assert verdict(found("keep"), refit_passes=False)[0] == "keep"  # no refit is needed


def test_a_release_is_retired_when_it_separates_too_little():
    assert verdict(found(auc=(0.62, 0.599, 0.64))) == ("retire", ["auc_low"])
    assert verdict(found(auc=(0.62, 0.60, 0.64)))[0] == "keep"
    # where there is too little to keep it there is too little to retire it, but it is said
    few = found(auc=(0.66, 0.58, 0.74), oe=(1.0, 0.7, 1.3))
    assert verdict(few) == ("keep_too_little", ["no_more_than_chance", "auc_low", "wide_interval"])


@pytest.mark.parametrize("rule", ["none", "all", "three_item"])
def test_a_release_is_retired_when_a_simple_rule_does_as_much_good(rule):
    assert verdict(found(gains={rule: (0.0, -0.02, 0.02)})) == ("retire", ["no_benefit"])


def test_risks_are_not_lowered_when_those_shown_no_flag_say_otherwise():
    lower = found("intercept", lowers=True)
    assert verdict(lower, found("intercept", n=900, lowers=True)) == ("intercept", ["level_is_enough"])
    assert verdict(lower, found("keep", n=900)) == ("effect_or_drift", ["differs_unshown"])
    assert verdict(found("refit", lowers=True), found("keep", n=900))[0] == "effect_or_drift"
    # upwards it may go
    assert verdict(found("intercept"), found("keep", n=900))[0] == "intercept"


@pytest.mark.parametrize("unshown", [FEW, None])
def test_risks_are_not_lowered_when_few_were_shown_no_flag_and_many_got_support(unshown):
    lower = found("intercept", lowers=True)
    assert verdict(lower, unshown, supported_share=0.21) == ("effect_or_drift", ["few_unshown"])
    assert verdict(lower, unshown, supported_share=None)[0] == "effect_or_drift"
    assert verdict(lower, unshown, supported_share=0.20)[0] == "intercept"


def test_everybody_unshown_is_no_second_opinion_to_wait_for():
    assert verdict(found("intercept", lowers=True), supported_share=0.9)[0] == "intercept"


def test_a_reform_between_is_stamped_and_changes_no_verdict():
    judged = new_year(found(), None, POLICY, item_texts=WORK, reforms=("2025-07-01", "2026-07-01"))
    assert judged.verdict == "keep"
    assert judged.stamp.en == (
        "Not comparable: the rules changed between the last release's data and the new cases (2025-07-01, 2026-07-01)."
    )
    assert judged.stamp.sv.startswith("Inte jämförbart: ")
    assert new_year(found(), None, POLICY, item_texts=WORK).stamp is None


def year(n=1500, *, shift=0.0, slope=1.0):
    """Predictions whose risks are off by `shift` and `slope`, the columns of a refit, and the points of one item."""
    rows = predictions_of(n, seed=7)
    lp = np.log(rows["points_prob"] / (1 - rows["points_prob"]))
    rows["points_prob"] = 1 / (1 + np.exp(-(lp - shift) / slope))
    return rows, np.column_stack([lp, np.random.default_rng(9).normal(size=n)]), pd.DataFrame({"work": lp})


def test_what_is_found_is_what_the_measures_say():
    rows, x, points = year()
    everybody = find(rows, x, points, SETTINGS)
    weight, prob = rows["weight"], rows["points_prob"]
    assert (everybody.n, everybody.events_n) == (1500, int(rows["outcome"].sum()))
    assert everybody.clusters_n == rows["cluster_id"].nunique()
    oe = everybody.measures["oe"]
    assert oe["estimate"] == pytest.approx(weight @ rows["outcome"] / (weight @ prob))
    assert oe["low"] < oe["estimate"] < oe["high"]
    assert set(everybody.gains) == {"none", "all", "three_item"}
    assert everybody.closed.update == "keep" and not everybody.lowers


def test_the_order_of_rows_changes_nothing():
    rows, x, points = year(800, shift=0.3)
    order = np.random.default_rng(1).permutation(len(rows))
    turned = find(rows.iloc[order], x[order], points.iloc[order], SETTINGS)
    given = find(rows, x, points, SETTINGS)
    assert tidy(asdict(turned)) == tidy(asdict(given))


def test_too_few_of_an_outcome_leaves_counts_alone():
    rows, x, points = year(300)
    few = rows.assign(outcome=(np.arange(300) < 99).astype(int))
    assert find(few, x, points, SETTINGS) == Found(300, 99, rows["cluster_id"].nunique())
    enough = rows.assign(outcome=(np.arange(300) < 100).astype(int))
    assert find(enough, x, points, SETTINGS).closed is not None


def test_an_update_lowers_when_the_risks_of_all_or_of_the_flagged_would_go_down():
    assert find(*year(shift=-0.6), SETTINGS).lowers  # risks stand .6 too high
    raised = find(*year(shift=0.6), SETTINGS)
    assert raised.closed.update == "intercept" and not raised.lowers
    # too far apart: the mean is about right, the risks of the flagged are too high
    apart = find(*year(slope=0.5), SETTINGS)
    assert apart.closed.update == "intercept_and_slope" and apart.lowers


def test_a_rule_nobody_has_the_answers_for_is_not_held_against_the_release():
    rows, x, points = year(600)
    assert set(find(rows.assign(three_item_prob=np.nan), x, points, SETTINGS).gains) == {"none", "all"}


def test_missing_numbers_never_keep_a_release():
    unknown = replace(found(), measures=numbers({**MEASURES, "auc": (np.nan, np.nan, np.nan)}))
    assert verdict(unknown) == ("retire", ["auc_low"])


def test_every_text_is_a_whole_sentence():
    assert all(text.sv.endswith(".") and text.en.endswith(".") for text in TEXTS.values())
