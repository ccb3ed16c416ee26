import json
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from predicted import crossed_people, predictions_of, settings_of

from riskmodel.assess.assessment import assess, risk_distribution
from riskmodel.assess.at_threshold import auc_gap, decision_curve, gap_to_best, measures_at, net_benefit_gains
from riskmodel.assess.intervals import resamples_of
from riskmodel.assess.record import OUT_OF_FOLD, Assessment, load_assessment, write_assessment
from riskmodel.assess.subgroups import Grouping
from riskmodel.ground.errors import SurveyDataError

SETTINGS = settings_of()
GROUPINGS = (Grouping("year", gated=False), Grouping("area"), Grouping("sex"))
PREDICTIONS = predictions_of(1200).assign(best_prob=lambda rows: rows["equation_prob"])
RESAMPLES = resamples_of(PREDICTIONS, SETTINGS)


@pytest.fixture(scope="module")
def assessment():
    return assess(PREDICTIONS, SETTINGS, groupings=GROUPINGS, out_of_fold=predictions_of(900, seed=4))


def test_every_predictor_is_measured_overall_and_the_points_in_every_group(assessment):
    overall = assessment.measures[assessment.measures["scope"] == "overall"]
    expected = {"points", "equation", "boosted", "three_item", "event_rate", "best"}
    assert set(overall["predictor"]) == expected
    in_groups = assessment.measures[assessment.measures["scope"].isin(["year", "area", "sex"])]
    assert set(in_groups["predictor"]) == {"points"}
    assert set(in_groups["group"]) == {"2021", "2022", "A", "B", "man", "woman", "no_answer"}


def test_every_interval_holds_its_estimate_and_distances_from_the_diagonal_have_none(assessment):
    shown = assessment.measures[assessment.measures["status"] == "ok"]
    distances = shown["measure"].isin(["ici", "e50", "e90", "emax"])
    assert shown.loc[distances, ["low", "high"]].isna().all(axis=None)
    with_ends = shown[~distances]
    assert with_ends["estimate"].between(with_ends["low"], with_ends["high"]).all()


def test_no_measure_that_is_improper_is_there(assessment):
    assert not {"accuracy", "f1", "hosmer_lemeshow"} & set(assessment.measures["measure"])


def test_the_summary_says_what_the_evidence_is(assessment):
    summary = assessment.summary
    assert (summary["evidence"], summary["n"], summary["years"]) == ("temporal", 1200, [2021, 2022])
    assert summary["overall"]["points"]["auc"]["low"] < summary["overall"]["points"]["auc"]["estimate"]
    assert summary["out_of_fold"].keys() == {"points", "equation"}
    assert summary["threshold_prob"] == pytest.approx(0.6667 / 1.6667)
    json.dumps(summary)


def test_what_points_can_not_say_is_looked_for_among_all_who_may_be_looked_at():
    inside = crossed_people(0.6).assign(case_id=lambda rows: rows.index, equation_prob=lambda rows: rows["points_prob"])
    found = assess(PREDICTIONS, SETTINGS, groupings=(), out_of_fold=inside)
    assert [(one["kind"], one["first"], one["second"]) for one in found.summary["unseen"]] == [("pair", "a", "b")]
    assert assess(PREDICTIONS, SETTINGS, groupings=()).summary["unseen"] == []


def test_out_of_fold_evidence_is_weak_and_not_shown_twice():
    found = assess(PREDICTIONS, SETTINGS, groupings=(), evidence=OUT_OF_FOLD, out_of_fold=PREDICTIONS)
    assert found.summary["evidence_weak"] and "not available" in found.summary["evidence_text"]["en"]
    assert set(found.measures["scope"]) == {"overall"}


def test_evidence_is_weak_when_the_intervals_are_wide(assessment):
    many = assess(predictions_of(12_000), SETTINGS, groupings=())
    few = assess(predictions_of(150), SETTINGS, groupings=())
    assert not many.summary["evidence_weak"] and few.summary["evidence_weak"]


def test_the_order_of_rows_changes_nothing(assessment):
    again = assess(PREDICTIONS.sample(frac=1, random_state=2), SETTINGS, groupings=GROUPINGS)
    kept = assessment.measures[assessment.measures["scope"] != OUT_OF_FOLD].reset_index(drop=True)
    pd.testing.assert_frame_equal(again.measures, kept)


def test_what_is_written_is_read_again_and_written_to_the_same_bytes(assessment, tmp_path):
    write_assessment(assessment, tmp_path / "first")
    again = load_assessment(tmp_path / "first")
    frames = [entry.name for entry in fields(Assessment) if entry.name != "summary"]
    for name in frames:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(assessment, name))
    write_assessment(again, tmp_path / "second")
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert names == sorted([*(f"{name}.parquet" for name in frames), "assessment.json"])
    assert all((tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes() for name in names)


def test_an_assessment_of_too_few_people_has_no_numbers_and_is_written_all_the_same(tmp_path):
    found = assess(predictions_of(60), settings_of(group_min=100), groupings=GROUPINGS)
    assert set(found.measures["status"]) == {"too_few"} and found.curves.empty
    write_assessment(found, tmp_path)
    assert load_assessment(tmp_path).summary["evidence_weak"]


def test_the_distribution_counts_everybody_once():
    found = risk_distribution(PREDICTIONS)
    assert found["n"].sum() == 1200
    assert found.loc[found["outcome"] == 1, "n"].sum() == PREDICTIONS["outcome"].sum()
    edge = risk_distribution(pd.DataFrame({"points_prob": [0.0, 0.15, 0.3, 1.0], "outcome": [0, 0, 0, 0]}))
    assert edge.loc[edge["n"] > 0, "bin"].tolist() == [0.0, 0.15, 0.3, 0.95]


def test_a_gap_is_paired():
    same = PREDICTIONS.assign(boosted_prob=PREDICTIONS["points_prob"] ** 2)  # another scale, the same order
    gap = auc_gap(same, "boosted", "points", resamples=RESAMPLES)
    assert [gap["estimate"], gap["low"], gap["high"]] == pytest.approx([0, 0, 0], abs=1e-12)


def test_the_gap_to_best_says_how_much_of_the_gain_is_had():
    at_best = gap_to_best(PREDICTIONS, RESAMPLES)
    assert (at_best["estimate"], at_best["share_of_gain"]) == (0, 1)
    worse = PREDICTIONS.assign(equation_prob=PREDICTIONS["boosted_prob"])
    gap = gap_to_best(worse, RESAMPLES)
    assert gap["low"] > 0 and gap["share_of_gain"] < 1
    assert gap_to_best(PREDICTIONS.drop(columns="best_prob"), RESAMPLES) is None


def test_net_benefit_against_other_strategies_is_the_difference_of_the_curves():
    curve = decision_curve(PREDICTIONS, SETTINGS, resamples=RESAMPLES)
    at = curve[curve["threshold"] == 0.3].set_index("strategy")["net_benefit"]
    gains = net_benefit_gains(PREDICTIONS, SETTINGS, threshold_prob=0.3).set_index("strategy")
    assert set(gains.index) == set(at.index) - {"points"}
    for strategy in ("none", "all", "three_item"):
        assert gains.loc[strategy, "gain"] == pytest.approx(at["points"] - at[strategy])
        assert gains.loc[strategy, "low"] <= gains.loc[strategy, "gain"] <= gains.loc[strategy, "high"]


def test_what_years_differ_by_widens_the_interval_of_everybody_and_of_no_group():
    rows = predictions_of(1500, seed=3)
    worse = (np.arange(1500) % 3 == 2) & (np.arange(1500) % 2 == 0)  # half of those of the third year
    rows = rows.assign(outcome=rows["outcome"].mask(worse, 1), level_error=0.03, slope_error=0.05)
    apart = rows.assign(stratum=2020 + np.arange(1500) % 3)
    alike = rows.assign(stratum=2020 + np.arange(1500) % 2)
    frames = {
        "oe": lambda one: assess(one, SETTINGS, groupings=[Grouping("area")]).measures,
        "ppv": lambda one: measures_at(one, SETTINGS, threshold_prob=0.4, groupings=[Grouping("area")]),
    }
    for measure, of in frames.items():
        found, plain = (_own(of(one), measure) for one in (apart, alike))
        assert found.loc["", "estimate"] == plain.loc["", "estimate"]
        width, usual = (one["high"] - one["low"] for one in (found, plain))
        assert width[""] > 1.5 * usual[""]
        assert width[["A", "B"]].tolist() == pytest.approx(usual[["A", "B"]].tolist())


def _own(measures, measure):
    rows = measures[(measures["measure"] == measure) & (measures["predictor"] == "points")]
    return rows.set_index("group")[["estimate", "low", "high"]]


def test_a_narrower_level_gives_a_narrower_interval():
    wide, narrow = (
        measures_at(PREDICTIONS, SETTINGS, threshold_prob=0.4, level=level).set_index("measure")
        for level in (0.95, 0.9)
    )
    assert (wide["low"] < narrow["low"]).all() and (narrow["high"] < wide["high"]).all()


def test_leaving_early_is_not_available_where_nobody_recorded_it():
    unknown = PREDICTIONS.assign(left_within_100_days=pd.array([pd.NA] * 1200, dtype="Int8"))
    found = measures_at(unknown, SETTINGS, threshold_prob=0.4).set_index("measure")
    assert found.loc["left_early_share", "status"] == "not_available"
    assert np.isfinite(found.loc["ppv", "estimate"])


@pytest.mark.parametrize(("outcome", "lacking"), [(1, "non-events"), (0, "events")])
def test_cases_that_all_went_the_same_way_can_not_be_judged(outcome, lacking):
    with pytest.raises(SurveyDataError, match=rf"0 {lacking} among 1200 cases of the years judged \(2021, 2022\)"):
        assess(PREDICTIONS.assign(outcome=outcome), SETTINGS, groupings=GROUPINGS)
