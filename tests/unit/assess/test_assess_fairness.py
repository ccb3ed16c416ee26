import numpy as np
import pytest
from predicted import predictions_of, settings_of

from riskmodel.assess.fairness import FAIL, GATED, NOT_SHOWN, PASS, RAW, fairness
from riskmodel.assess.subgroups import Grouping
from riskmodel.instrument.records import NO_ANSWER

AREA, SEX = Grouping("area"), Grouping("sex")


def _audit(predictions, groupings=(AREA, SEX), threshold_prob=0.4, **assess):
    settings = settings_of(bootstrap=200, **assess)
    return fairness(predictions, settings, groupings=groupings, threshold_prob=threshold_prob)


def test_calibrated_groups_pass_and_a_mispredicted_one_fails():
    calibrated, bent = _audit(predictions_of(12_000)), _audit(predictions_of(12_000, gap=0.5))
    gated = calibrated[calibrated["measure"].isin(GATED)]
    assert set(gated["verdict"]) == {PASS}
    in_b = bent[(bent["column"] == "area") & (bent["group"] == "B")].set_index("measure")
    assert in_b.loc["missed", "verdict"] == FAIL and in_b.loc["missed", "difference"] > 0
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
