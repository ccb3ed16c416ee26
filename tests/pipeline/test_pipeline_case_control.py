"""A city whose intake answers have just begun: events from its survey, judged on the inflow it has followed."""

from dataclasses import replace
from pathlib import Path

import pytest
from pipeline.clone import PROJECT
from pipeline.years import quick_settings

from riskmodel.assess.inflow_check import inflow_check, inflow_predictions
from riskmodel.assess.rolling import gather_evidence
from riskmodel.cohort import case_control_items
from riskmodel.cohort.build import build_cohort, build_inflow
from riskmodel.cohort.case_control_items import entering_instrument
from riskmodel.cohort.record import load_cohort, write_cohort
from riskmodel.errors import SurveyDataError
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.instrument.load import read_instrument
from riskmodel.model.evidence import fit_published
from riskmodel.simulate import AS_AT_INTAKE, DRIFTING, SurveyForm, simulate

SETTINGS = quick_settings(
    cohort={"design": "case_control", "landmarks": (0,)},
    model={"blanks": "mean"},
    assess={"bootstrap": 300, "folds": 5},
)
EXAMPLE = read_instrument(PROJECT / "data" / "instruments" / "exempelstad.toml")
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
