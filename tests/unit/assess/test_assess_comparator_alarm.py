"""A leak that the points don't show: the trees' AUC says so."""

from dataclasses import replace

import pandas as pd
import pytest
from village import ROOT

from riskmodel.assess.assessment import comparator_alarms, refuse_hidden_leak
from riskmodel.ground.errors import FitError
from riskmodel.ground.judging import ExplainedAlarm
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
    [(0, 0.80, 0.92, 1), (0, 0.80, 0.84, 0), (0, 0.90, 0.92, 0), (3, 0.75, 0.82, 1), (0, 0.80, float("nan"), 0)],
)
def test_trees_above_the_limit_though_the_points_are_not(landmark, points, boosted, raised):
    assert len(comparator_alarms(measures(points, boosted), SETTINGS.at(landmark))) == raised


def test_a_named_person_lets_it_go_on():
    by = ExplainedAlarm("comparator_auc", "", "Anna Berg, analytiker", "Regeln om 24 månader står i formuläret.")
    signed = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(by,)))
    with pytest.raises(FitError, match=r"leak alarm: 1 not explained: comparator_auc \(0.920, limit 0.850\)"):
        refuse_hidden_leak(comparator_alarms(measures(0.8, 0.92), SETTINGS))
    refuse_hidden_leak(comparator_alarms(measures(0.8, 0.92), signed))
