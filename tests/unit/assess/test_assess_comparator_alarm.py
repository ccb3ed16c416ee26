"""A leak that the points don't show: the trees' AUC says so."""

from dataclasses import replace

import pandas as pd
import pytest
from predicted import cohort_of, instrument_of, settings_of
from village import ROOT

from riskmodel.assess.assessment import (
    assess,
    comparator_alarms,
    hidden_leaks,
    refuse_hidden_leak,
)
from riskmodel.assess.rolling import gather_evidence, trials_of
from riskmodel.ground.choices import ExplainedAlarm
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import read_settings

SETTINGS = read_settings(ROOT / "params.toml")


def measures(points, boosted):
    rows = [
        ("overall", "auc", "points", points),
        ("overall", "auc", "boosted", boosted),
        ("2023", "auc", "boosted", 0.99),
    ]
    return pd.DataFrame(rows, columns=["scope", "measure", "predictor", "estimate"])


@pytest.mark.parametrize(
    ("landmark", "points", "boosted", "raised"),
    [
        (0, 0.80, 0.92, 1),
        (0, 0.80, 0.84, 0),
        (0, 0.90, 0.92, 1),
        (0, 0.90, 0.84, 0),
        (3, 0.75, 0.82, 1),
        (0, 0.80, float("nan"), 0),
    ],
)
def test_trees_above_the_limit_are_told_wherever_the_points_lie(landmark, points, boosted, raised):
    assert len(comparator_alarms(measures(points, boosted), SETTINGS.at(landmark))) == raised


def test_a_named_person_lets_it_go_on():
    by = ExplainedAlarm("comparator_auc", "", "Anna Berg, analytiker", "Regeln om 24 månader står i formuläret.")
    signed = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(by,)))
    with pytest.raises(FitError, match=r"leak alarm: 1 not explained: comparator_auc \(0.920, limit 0.850\)") as caught:
        refuse_hidden_leak(comparator_alarms(measures(0.8, 0.92), SETTINGS))
    said = caught.value.said("sv")
    assert said.startswith(
        "Varningar om läckage: 1 är inte förklarade: comparator_auc (0,920, gräns 0,850). Boostade träd"
    )
    refuse_hidden_leak(comparator_alarms(measures(0.8, 0.92), signed))


def test_what_explains_the_points_explains_no_tree():
    by = ExplainedAlarm("auc", "", "Anna Berg, analytiker", "Regeln om 24 månader står i formuläret.")
    signed = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(by,)))
    with pytest.raises(FitError, match=r"comparator_auc \(0.970, limit 0.850\)"):
        refuse_hidden_leak(comparator_alarms(measures(0.86, 0.97), signed))


@pytest.mark.parametrize(("months", "kind"), [(11, "temporal"), (600, "out_of_fold")])
def test_trees_tried_alone_have_the_auc_that_the_assessment_finds(months, kind):
    instrument, settings = instrument_of(), settings_of(min_training_months=months, bootstrap=2)
    settings = replace(settings, alarm=replace(SETTINGS.alarm, auc=0.5))
    cohort = cohort_of(2400, years=(2020, 2021, 2022, 2023))
    evidence = gather_evidence(cohort, instrument, settings)
    assert evidence.kind == kind
    of_stage = assess(evidence.predictions, settings, groupings=(), evidence=kind).summary["alarms"]
    (alone,) = hidden_leaks(*trials_of(cohort, settings), instrument, settings)
    assert [(one["alarm"], one["found"]) for one in of_stage] == [
        ("comparator_auc", pytest.approx(alone.found, abs=1e-12))
    ]
