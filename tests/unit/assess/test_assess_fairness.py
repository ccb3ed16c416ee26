from dataclasses import replace

import numpy as np
import pytest
from predicted import predictions_of, settings_of

from riskmodel.assess.fairness import (
    JUSTIFY,
    NUMBERS,
    REPORTED,
    check_tolerances,
    fairness,
    fairness_of_pairs,
    tolerance_of,
)
from riskmodel.assess.gaps import BEYOND_DOUBT, FAIL, GATED, NOT_SHOWN, PASS, RAW, chance_beyond
from riskmodel.assess.subgroups import Grouping
from riskmodel.ground.choices import Tolerance
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import NO_ANSWER

AREA, SEX = Grouping("area"), Grouping("sex")


def _audit(predictions, groupings=(AREA, SEX), threshold_prob=0.4, **assess):
    settings = settings_of(bootstrap=200, **assess)
    return fairness(predictions, settings, groupings=groupings, threshold_prob=threshold_prob).gaps


def test_calibrated_groups_pass_and_a_mispredicted_one_fails():
    calibrated, bent = _audit(predictions_of(12_000)), _audit(predictions_of(12_000, gap=0.5))
    gated = calibrated[calibrated["measure"].isin(GATED)]
    assert set(gated["verdict"]) == {PASS}
    in_b = bent[(bent["column"] == "area") & (bent["group"] == "B")].set_index("measure")
    assert in_b.loc["missed", "verdict"] in (FAIL, BEYOND_DOUBT) and in_b.loc["missed", "difference"] > 0
    assert in_b.loc["log_oe", "difference"] > 0


def test_riskier_but_calibrated_groups_pass_while_raw_rates_differ_as_base_rates_explain():
    predictions = predictions_of(12_000)
    risky = np.random.default_rng(1).random(len(predictions)) < predictions["equation_prob"]
    audited = _audit(predictions.assign(sex=np.where(risky, "woman", "man")), groupings=(SEX,))
    women = audited[audited["group"] == "woman"].set_index("measure")
    assert {women.loc[measure, "verdict"] for measure in GATED} == {PASS}
    assert women.loc["fpr", "difference"] > 0.1
    assert women.loc["fpr", "explained"] == pytest.approx(women.loc["fpr", "difference"], abs=0.03)


def test_two_groups_mirror_each_other():
    audited = _audit(predictions_of(2000), groupings=(AREA,)).set_index(["measure", "group"])
    for measure in (*GATED, *RAW):
        assert audited.loc[(measure, "A"), "difference"] == pytest.approx(-audited.loc[(measure, "B"), "difference"])
        assert audited.loc[(measure, "A"), "se"] == pytest.approx(audited.loc[(measure, "B"), "se"])


def test_too_few_on_either_side_is_not_shown_and_has_no_numbers():
    audited = _audit(predictions_of(400).assign(sex=["man"] * 380 + ["woman"] * 20), groupings=(SEX,))
    assert set(audited["group"]) == {"man", "woman"}  # everybody else than men are too few as well
    assert set(audited["verdict"]) == {NOT_SHOWN} and set(audited["status"]) == {"too_few"}
    assert audited[["difference", "se"]].isna().all(axis=None)


def test_people_of_unknown_group_are_no_group_but_are_among_the_others():
    audited = _audit(predictions_of(2000), groupings=(SEX,))
    assert NO_ANSWER not in set(audited["group"])
    man, woman = (audited[audited["group"] == name].set_index("measure") for name in ("man", "woman"))
    assert man.loc["log_oe", "difference"] != pytest.approx(-woman.loc["log_oe", "difference"])


def test_a_column_that_the_score_uses_is_gated_on_oe_alone():
    audited = _audit(predictions_of(1000), groupings=(Grouping("area", scored=True),))
    assert set(audited["measure"]) == {"log_oe", *RAW}


def test_columns_that_are_only_shown_and_columns_of_one_group_are_not_audited():
    one = predictions_of(500).assign(area="A")
    assert _audit(one, groupings=(AREA, Grouping("sex", gated=False))).empty


def test_when_nobody_is_flagged_there_is_no_ppv_to_justify():
    audited = _audit(predictions_of(2000), threshold_prob=float("inf"))
    assert "ppv" not in set(audited["measure"])
    assert audited["difference"].notna().all()


def test_three_people_are_not_shown_and_nothing_is_told_of_them():
    predictions = predictions_of(3000)
    three = predictions.assign(sex=np.where(np.arange(3000) < 3, "other", predictions["sex"]))
    audited = _audit(three, groupings=(SEX,))
    other = audited[audited["group"] == "other"]
    assert set(other["measure"]) == set(GATED) and set(other["n"]) == {3}
    assert set(other["verdict"]) == {NOT_SHOWN} and set(other["status"]) == {"too_few"}
    assert other[list(NUMBERS)].isna().all(axis=None)
    assert set(audited.loc[audited["group"] != "other", "status"]) == {"ok"}


def test_a_raw_gap_of_an_answer_that_has_points_is_printed_and_asks_for_nothing():
    predictions = predictions_of(6000)
    sex = np.where(predictions["equation_prob"] > 0.4, "woman", "man")  # all women are flagged, and no man is
    audited = _audit(predictions.assign(sex=sex), groupings=(Grouping("sex", scored=True),))
    raw = audited[audited["measure"].isin(RAW)]
    assert JUSTIFY not in set(raw["verdict"]) and REPORTED in set(raw["verdict"])


def test_a_raw_gap_beyond_its_limit_asks_for_a_justification():
    predictions = predictions_of(6000)
    sex = np.where(predictions["equation_prob"] > 0.4, "woman", "man")  # all women are flagged, and no man is
    audited = _audit(predictions.assign(sex=sex), groupings=(SEX,)).set_index(["group", "measure"])
    assert audited.loc[("woman", "fpr"), "difference"] > 0.9
    assert audited.loc[("woman", "fpr"), "verdict"] == JUSTIFY
    assert set(_audit(predictions, groupings=(SEX,)).query("measure in @RAW")["verdict"]) == {PASS}


def _with(*tolerances: Tolerance) -> Settings:
    settings = settings_of(bootstrap=200)
    return replace(settings, fairness=replace(settings.fairness, tolerances=tolerances))


def test_a_group_s_tolerance_goes_before_its_column_s_and_that_before_everybody_s():
    settings = _with(Tolerance("area", "missed", 0.3), Tolerance("area", "missed", 0.2, "B")).fairness
    assert tolerance_of("missed", settings, column="area", group="B") == 0.2
    assert tolerance_of("missed", settings, column="area", group="A") == 0.3
    assert tolerance_of("missed", settings, column="sex", group="man") == 0.08
    assert tolerance_of("needless", settings, column="area", group="B") == 0.05
    assert tolerance_of("log_oe", settings) == pytest.approx(np.log(1.15))
    assert tolerance_of("fpr", settings) == 0.25


def test_a_wider_tolerance_changes_the_verdict_of_what_it_names_and_of_nothing_else():
    bent, at = predictions_of(12_000, gap=0.5), {"groupings": (AREA, SEX), "threshold_prob": 0.4}
    before, after = (
        fairness(bent, settings, **at).gaps.set_index(["column", "group", "measure"])
        for settings in (_with(), _with(Tolerance("area", "missed", 0.9, "B")))
    )
    named = ("area", "B", "missed")
    assert (before.loc[named, "verdict"], after.loc[named, "verdict"]) == (BEYOND_DOUBT, PASS)
    assert (before.loc[named, "tolerance"], after.loc[named, "tolerance"]) == (0.08, 0.9)
    rest = before.index != named
    assert before.loc[rest, ["verdict", "tolerance"]].equals(after.loc[rest, ["verdict", "tolerance"]])


@pytest.mark.parametrize(
    ("tolerances", "said"),
    [
        ([Tolerance("shoe_size", "missed", 0.1)], "column 'shoe_size' is not in the audit. There: area, sex."),
        ([Tolerance("area", "missed", 0.1, "Norr")], "group 'Norr' is not in the audit. There: A, B."),
        ([Tolerance("area", "mist", 0.1)], "There: fnr, fpr, log_oe, missed, needless, ppv."),
        ([Tolerance("sex", "missed", 0.1)], "There: fnr, fpr, log_oe, ppv."),  # the score uses it
        ([Tolerance("area", "log_oe", 1.3)], "write 0.262 for a ratio of 1.3"),
        ([Tolerance("area", "missed", 0.0)], "between 0 and 1"),
        ([Tolerance("area", "missed", 0.1), Tolerance("area", "missed", 0.2)], "tolerances 2: stands there twice"),
    ],
)
def test_a_tolerance_for_what_is_not_audited_is_refused_by_name(tolerances, said):
    predictions, audited = predictions_of(500), (AREA, Grouping("sex", scored=True))
    with pytest.raises(SettingsError, match="params.toml: fairness: tolerances") as refused:
        check_tolerances(predictions, _with(*tolerances), groupings=audited)
    assert said in str(refused.value)
    with pytest.raises(SettingsError):
        fairness(predictions, _with(*tolerances), groupings=audited, threshold_prob=0.4)


def test_tolerances_for_what_is_audited_are_fine():
    check_tolerances(predictions_of(500), _with(Tolerance("area", "log_oe", 0.262, "B")), groupings=(AREA, SEX))


def test_pairs_are_audited_like_groups_but_never_judged():
    predictions = predictions_of(4000, gap=0.8)
    at = {"groupings": (AREA, SEX, Grouping("intake_year", gated=False)), "threshold_prob": 0.4}
    pairs = fairness_of_pairs(predictions, settings_of(bootstrap=1000), **at)
    assert list(pairs.columns) == list(_audit(predictions).columns)
    assert set(pairs["column"]) == {"area × sex"} and set(pairs["verdict"]) == {REPORTED}
    assert sorted(set(pairs["group"])) == ["A × man", "A × woman", "B × man", "B × woman"]
    assert set(pairs["measure"]) == set(GATED)
    by_hand = predictions.assign(both=predictions["area"] + predictions["sex"])
    few = {"groupings": [Grouping("both")], "threshold_prob": 0.4}
    single = fairness(by_hand, settings_of(bootstrap=1000), **few).gaps
    one = pairs[pairs["group"] == "B × woman"].set_index("measure")
    other = single[single["group"] == "Bwoman"].set_index("measure")
    for column in ("difference", "se", "n", "events_n"):
        assert one[column].to_dict() == pytest.approx(other.loc[list(GATED), column].to_dict())


def test_pairs_with_too_few_have_no_row_and_scored_columns_give_one_measure():
    few = predictions_of(1000)
    few = few.assign(sex=np.where(np.arange(1000) < 40, "woman", "man"))
    pairs = fairness_of_pairs(few, settings_of(), groupings=(Grouping("area", scored=True), SEX), threshold_prob=0.4)
    assert set(pairs["group"]) == {"A × man", "B × man"} and set(pairs["measure"]) == {"log_oe"}
    assert fairness_of_pairs(few, settings_of(), groupings=(SEX,), threshold_prob=0.4).empty


def test_a_group_is_judged_from_thirty_of_either_outcome_and_its_figures_are_shown_from_group_min():
    predictions = predictions_of(3000)
    events = np.flatnonzero(predictions["outcome"] == 1)
    others = np.flatnonzero(predictions["outcome"] == 0)
    for events_n, status, judged in ((29, "too_few", False), (30, "few", True), (100, "ok", True)):
        women = np.zeros(3000, dtype=bool)
        women[events[:events_n]] = women[others[: 3 * events_n]] = True
        found = fairness(
            predictions.assign(sex=np.where(women, "woman", "man")),
            settings_of(group_min=100),
            groupings=(SEX,),
            threshold_prob=0.4,
        )
        of_women = found.gaps[found.gaps["group"] == "woman"].set_index("measure")
        assert set(of_women["status"]) == {status}
        assert of_women.loc[list(GATED), "se"].notna().all() == judged
        assert found.judged_n == (6 if judged else 0)  # either sex is the other's others
        assert ("fpr" in of_women.index) == (status == "ok")
    assert not np.isfinite(_none_judged().critical)


def _none_judged():
    few = predictions_of(60).assign(sex=["woman"] * 5 + ["man"] * 55)
    return fairness(few, settings_of(), groupings=(SEX,), threshold_prob=0.4)


def test_what_the_audit_would_find_is_told_at_the_city_s_own_size():
    small, large = (
        fairness(predictions_of(n), settings_of(), groupings=(AREA, SEX), threshold_prob=0.4) for n in (600, 12_000)
    )
    for found in (small, large):
        assert found.judged_n == 12 and 2 < found.critical < 4 and found.fails_if_right <= 0.07
        assert found.power["power_3"] < found.power["power_4"]
        row = found.gaps.set_index(["column", "group", "measure"]).loc[("area", "A", "log_oe")]
        needed = max(row["tolerance"], found.critical * row["se"])
        by_hand = chance_beyond(_shift_of_log_oe(small is found), row["se"], needed)
        assert row["power_4"] == pytest.approx(by_hand)
    assert large.power["power_4"] > small.power["power_4"]


def _shift_of_log_oe(is_small):
    """ln(Σp'/Σp) in area A when its risks are .4 log-odds too low."""
    people = predictions_of(600 if is_small else 12_000).query("area == 'A'")
    risk, weight = people["points_prob"], people["weight"]
    right = 1 / (1 + np.exp(-(np.log(risk / (1 - risk)) + 0.4)))
    return np.log((weight * right).sum() / (weight * risk).sum())
