"""A city whose intake answers have just begun: events from its survey, judged on the inflow it has followed."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from opened import opened
from pipeline.clone import PROJECT
from pipeline.years import changed, quick_settings
from repeated import repeated
from reported import build_report

from riskmodel.advice import advise
from riskmodel.assess.assessment import assess
from riskmodel.assess.by_policy import by_policy
from riskmodel.assess.inflow_check import inflow_check, inflow_predictions, judged_inflow
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import groupings
from riskmodel.assess.survey_profile import survey_profile
from riskmodel.cohort import two_forms as case_control_items
from riskmodel.cohort.build import build_cohort, build_inflow
from riskmodel.cohort.record import load_cohort, write_cohort
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.published_fit import fit_published
from riskmodel.publish.card import card
from riskmodel.publish.exam import measured, planned
from riskmodel.publish.origin import origin
from riskmodel.publish.propose import propose
from riskmodel.publish.year import Year
from riskmodel.release.criteria import exam_criteria, judge
from riskmodel.report.run import Run
from riskmodel.simulate import AS_AT_INTAKE, DRIFTING, SurveyForm, simulate

SETTINGS = quick_settings(
    cohort={"design": "case_control", "landmarks": (0,)},
    model={"blanks": "mean"},
    assess={"bootstrap": 300, "folds": 5},
)
EXAMPLE = read_instrument(PROJECT / "data" / "instruments" / "exempelstad.toml")
QUICK = changed(SETTINGS, assess={"bootstrap": 100, "optimism": 2})
ALL_STABLE = replace(EXAMPLE, items=tuple(replace(item, stable=True) for item in EXAMPLE.items))


def town(folder: Path, form: SurveyForm) -> Delivery:
    """Surveys of 2023 to 2025, intake answers from January 2024, the register to February 2026."""
    years = {"first_year": 2023, "last_year": 2025, "first_intake_month": 2024 * 12}
    simulate(folder / "town", EXAMPLE, seed=11, cases_per_year=700, survey_form=form, **years)
    return read_delivery(folder / "town", EXAMPLE, SETTINGS)


@pytest.fixture(scope="module")
def stable(tmp_path_factory) -> Delivery:
    return town(tmp_path_factory.mktemp("stable"), AS_AT_INTAKE)


@pytest.fixture(scope="module")
def drifting(tmp_path_factory) -> Delivery:
    return town(tmp_path_factory.mktemp("drifting"), DRIFTING)


@pytest.fixture(scope="module")
def cohort(stable):
    return build_cohort(stable, ALL_STABLE, SETTINGS)


def test_where_answers_are_as_at_intake_the_inflow_finds_nothing_wrong(stable, cohort):
    inflow = build_inflow(stable, ALL_STABLE, SETTINGS)
    check = inflow_check(inflow_predictions(cohort, inflow, ALL_STABLE, SETTINGS), SETTINGS)
    assert check.measured and check.agrees
    assert check.n == cohort.summary["inflow_check"]["n"] == len(inflow.modelled[0])


def test_its_rows_have_the_event_rate_of_the_linked_inflow(stable, cohort):
    cases, answers = cohort.modelled
    tau = cohort.summary["tau"]
    assert cases["weight"] @ cases["outcome"].astype(float) / cases["weight"].sum() == pytest.approx(tau["estimate"])
    assert tau["low"] < tau["estimate"] < tau["high"]
    linked, _ = build_inflow(stable, ALL_STABLE, SETTINGS).modelled
    assert tau["estimate"] == pytest.approx(
        linked["weight"] @ linked["outcome"].astype(float) / linked["weight"].sum(), rel=1e-6
    )
    assert cohort.summary["research_only"] is False and cohort.summary["refused"] == []


def test_the_yearly_run_goes_on_from_it_as_from_any_cohort(cohort, tmp_path):
    write_cohort(cohort, tmp_path / "cohort")
    again = load_cohort(tmp_path / "cohort")
    assert again.summary == cohort.summary
    model, evidence = fit_published(*again.modelled, ALL_STABLE, SETTINGS)
    assert model.event_rate == pytest.approx(cohort.summary["tau"]["estimate"], rel=1e-6)
    assert gather_evidence(again, ALL_STABLE, SETTINGS).kind == "out_of_fold"


def test_only_what_the_instrument_declares_stable_enters(stable):
    narrow = build_cohort(stable, EXAMPLE, SETTINGS)
    entering = entering_instrument(EXAMPLE, narrow.summary["refused"]).predictors(0)
    assert [item.id for item in entering] == ["age", "education", "work_experience", "earlier_months"]


@pytest.mark.parametrize("instrument", [EXAMPLE, ALL_STABLE], ids=["as declared", "all declared stable"])
def test_where_answers_drift_and_blanks_differ_the_design_is_refused(drifting, instrument):
    with pytest.raises(SurveyDataError, match=r"survey: 0 of \d+ predictors.*education: shifted, \d+ with both"):
        build_cohort(drifting, instrument, SETTINGS)


def test_without_that_refusal_the_inflow_would_have_told(drifting, monkeypatch):
    monkeypatch.setattr(case_control_items, "SHIFT_TOLERANCE", 1.0)
    monkeypatch.setattr(case_control_items, "BLANK_TOLERANCE", 1.0)
    bent = build_cohort(drifting, ALL_STABLE, SETTINGS)
    inflow = build_inflow(drifting, ALL_STABLE, SETTINGS)
    check = inflow_check(inflow_predictions(bent, inflow, ALL_STABLE, SETTINGS), SETTINGS)
    assert not check.agrees
    assert check.by_predictor["points"]["slope"].estimate < 0.85


@pytest.fixture(scope="module")
def ran(stable):
    """The stages from cohort to robustness, with the instrument as it is: four of its questions are stable.

    The year, and the predictions.
    """
    narrow = build_cohort(stable, EXAMPLE, QUICK)
    known = entering_instrument(EXAMPLE, narrow.refused)
    model, model_evidence = fit_published(*narrow.modelled, known, QUICK)
    evidence = gather_evidence(narrow, known, QUICK)
    assessment = assess(
        evidence.predictions,
        QUICK,
        groupings=groupings(known, landmark=0),
        evidence=evidence.kind,
        out_of_fold=evidence.out_of_fold,
        inflow=judged_inflow(stable, narrow, EXAMPLE, QUICK),
    )
    firm = repeated(narrow, model, known, QUICK)
    weighed = by_policy(evidence.predictions, narrow, model, known, QUICK)
    return Year(narrow, model, model_evidence, assessment, weighed, firm), evidence.predictions


@pytest.fixture(scope="module")
def year(ran):
    return ran[0]


def proposed(year, instrument=EXAMPLE):
    lock = Workspace(PROJECT).libraries
    made_from = origin(QUICK, sums={}, key=b"0" * 64, instrument_sha256=EXAMPLE.sha256, lock=lock)
    return propose([year], entering_instrument(instrument, year.cohort.refused), QUICK, origin=made_from)


def on_inflow(candidate):
    gate = next(gate for gate in candidate["gates"] if gate["id"] == "G5")
    return gate, [row for row in gate["evidence"]["criteria"] if row["measure"].startswith("inflow_")]


def test_a_candidate_says_which_design_it_is_and_is_judged_on_the_inflow(year):
    candidate = proposed(year).raw
    assert [item["id"] for item in candidate["landmarks"][0]["items"]] == [
        "age", "education", "work_experience", "earlier_months",
    ]  # fmt: skip
    assert candidate["provenance"]["data_window"]["latest_complete_year"] is None
    assert "Svaren för dem som stannade länge kommer från kartläggningen" in card(opened(candidate))
    _, rows = on_inflow(candidate)
    assert [(row["measure"], row["part"]) for row in rows] == [
        ("inflow_oe", "low"), ("inflow_oe", "high"), ("inflow_slope", "low"), ("inflow_slope", "high"),
    ]  # fmt: skip
    assert all(row["low"] <= 1 <= row["high"] and row["passed"] for row in rows)


def test_before_the_inflow_is_measured_a_candidate_is_for_research_and_gives_no_advice(year):
    enough = year.model_evidence["sample_size"] | {"available_n": 10**6}
    large = replace(year, model_evidence={**year.model_evidence, "sample_size": enough})
    assert proposed(large).research_only is False
    nothing = {"inflow_check": {"measured": False, "agrees": False, "by_predictor": {}}}
    unmeasured = replace(large.assessment, summary=large.assessment.summary | nothing)
    candidate = proposed(replace(large, assessment=unmeasured)).raw
    gate, rows = on_inflow(candidate)
    assert candidate["research_only"] is True and gate["blocks"]
    assert not any(row["passed"] for row in rows) and {row["estimate"] for row in rows} == {None}
    assert advise(opened(candidate), {"age": 40}, today=date(2026, 3, 1)).abstention.reason == "research_only"


def test_its_report_says_which_questions_could_not_be_used(year, ran, stable):
    page = build_report(
        Run(
            release=proposed(year),
            assessment=year.assessment,
            predictions=ran[1],
            flow=year.cohort.flow,
            summary=year.cohort.summary,
            quality=stable.quality,
            reconciliation=stable.reconciliation,
            instrument=EXAMPLE,
            settings=QUICK,
            drop_one=pd.DataFrame(year.model_evidence["drop_one"]),
            survey=survey_profile(
                stable.answers_by_survey, stable.answers_by_intake, year.cohort.cases, EXAMPLE, QUICK.cohort
            ),
        ),
        languages=("en",),
    )
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Answers from two forms" in said
    assert "could not be used: 7." in said
    assert "Housing The answer may have changed in between" in said
    assert "O/E among new cases with intake answers" in said
    assert "What the survey says about risk factors" in said


@pytest.fixture(scope="module")
def grown(tmp_path_factory) -> Delivery:
    """The same town a year later: 2025 has been followed to its end."""
    folder = tmp_path_factory.mktemp("grown")
    years = {"first_year": 2023, "last_year": 2026, "first_intake_month": 2024 * 12}
    simulate(folder / "town", EXAMPLE, seed=11, cases_per_year=700, survey_form=AS_AT_INTAKE, **years)
    return read_delivery(folder / "town", EXAMPLE, SETTINGS)


def test_once_a_year_can_wait_the_release_is_for_casework_and_the_exam_judges_it(grown):
    cohort = build_cohort(grown, ALL_STABLE, QUICK)
    assert cohort.exam_year == 2025 and set(cohort.modelled[0]["intake_year"]) <= {2023, 2024}
    model, model_evidence = fit_published(*cohort.modelled, ALL_STABLE, QUICK)
    evidence = gather_evidence(cohort, ALL_STABLE, QUICK)
    inflow = judged_inflow(grown, cohort, ALL_STABLE, QUICK)
    assert inflow["waits"] and inflow["n"] == cohort.summary["tau"]["n"]  # nobody of 2025
    assessment = assess(
        evidence.predictions,
        QUICK,
        groupings=groupings(ALL_STABLE, landmark=0),
        evidence=evidence.kind,
        out_of_fold=evidence.out_of_fold,
        inflow=inflow,
    )
    enough = model_evidence | {"sample_size": model_evidence["sample_size"] | {"research_only": False}}
    firm = repeated(cohort, model, ALL_STABLE, QUICK)
    weighed = by_policy(evidence.predictions, cohort, model, ALL_STABLE, QUICK)
    candidate = proposed(Year(cohort, model, enough, assessment, weighed, firm), ALL_STABLE)
    assert candidate.raw["provenance"]["data_window"]["latest_complete_year"] == 2025
    assert planned({0: cohort}, QUICK)["0"]["years"] == [2025]
    on_the_year = measured(cohort, candidate.landmarks[0], ALL_STABLE, QUICK)
    assert 0.8 < on_the_year["oe"]["estimate"] < 1.25
    assert on_the_year["auc"]["low"] > 0.6
    refused = judge(exam_criteria(QUICK.policy), on_the_year)
    assert not [row["measure"] for row in refused if row["verdict"] == "not_met"]
