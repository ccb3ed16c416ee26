"""The notebook reads a finished run as it was written; what the guide tells an analyst to type is accepted."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import jupytext
import pandas as pd
import pytest
from opened import opened
from pipeline.clone import clone, run, set_param
from repeated import repeated

from riskmodel.advice import advise, read_case
from riskmodel.advice.record import ANSWERS, TOO_LITTLE
from riskmodel.assess.assessment import assess
from riskmodel.assess.by_policy import by_policy
from riskmodel.assess.record import write_assessment
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import groupings
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import write_cohort, write_frame
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.points import risk_of_answers
from riskmodel.model.published_fit import fit_published
from riskmodel.model.record import write_model
from riskmodel.publish.compose import waivers_of
from riskmodel.publish.propose import propose, write_candidate, write_metrics
from riskmodel.publish.year import Year
from riskmodel.simulate import simulate

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parents[1]
NOTEBOOK, FIVE_LINES = (PROJECT / "notebooks" / f"{name}.py" for name in ("year", "five_lines"))
ONE_CASE = PROJECT / "notebooks" / "one.json"
GUIDE = PROJECT / "docs" / "analyst.md"
FIRST_YEAR, LAST_YEAR = 2018, 2024
SMALL = {
    "assess__bootstrap": 60,
    "assess__folds": 3,
    "assess__optimism": 10,
    "model__penalty_steps": 7,
    "alarm__one_item_adds": 0.1,
    "run__workers": 1,
}
ORIGIN = ("delivery", "instrument", "settings", "procedure", "code", "lock")
HEADINGS = (
    "Who is in it",
    "What became of them",
    "What the score is",
    "Is it right?",
    "How firm it is",
    "Later in a case",
    "For whom",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the project whose settings suit a few hundred cases a year."""
    copy = clone(tmp_path_factory.mktemp("notebook"))
    set_param(copy, **SMALL)
    return copy


@pytest.fixture(scope="module")
def choices(project):
    settings = read_settings(project / "params.toml")
    return settings, read_instrument(project / settings.delivery.instrument)


@pytest.fixture(scope="module")
def year(project, choices) -> Year:
    """What the run makes of a small made municipality, written where the stages write it."""
    settings, instrument = choices
    workspace, raw = Workspace(project), project / settings.delivery.path
    simulate(raw, instrument, cases_per_year=600, first_year=FIRST_YEAR, last_year=LAST_YEAR, seed=7)
    delivery = read_delivery(raw, instrument, settings)
    cohort = build_cohort(delivery, instrument, settings)
    model, model_evidence = fit_published(*cohort.modelled, instrument, settings)
    found = gather_evidence(cohort, instrument, settings, truth=delivery.truth)
    whom = groupings(instrument, landmark=settings.cohort.landmark)
    assessment = assess(found.predictions, settings, groupings=whom, evidence=found.kind, out_of_fold=found.out_of_fold)
    write_cohort(cohort, workspace.cohort())
    write_model(model, model_evidence, workspace.model())
    write_assessment(assessment, workspace.assessment())
    firm = repeated(cohort, model, instrument, settings)
    weighed = by_policy(found.predictions, cohort, model, instrument, settings)
    write_frame(workspace.assessment() / "predictions.parquet", found.predictions)
    return Year(cohort, model, model_evidence, assessment, weighed, firm)


def candidate(project, year, settings, instrument):
    """The candidate of the year, written where the stage `propose` writes it."""
    predictions = pd.read_parquet(Workspace(project).assessment() / "predictions.parquet")
    year = replace(year, by_policy=by_policy(predictions, year.cohort, year.model, instrument, settings))
    proposed = propose([year], instrument, settings, origin={f"{what}_sha256": "0" * 64 for what in ORIGIN})
    write_candidate(proposed, Workspace(project))
    write_metrics(proposed, year.assessment, Workspace(project))
    return proposed.raw


def told(project) -> str:
    """What the notebook prints when it is run as a script in the project's folder, warnings being errors."""
    return run(project, "python", "-W", "error", str(NOTEBOOK)).stdout


def test_the_notebook_tells_the_candidates_own_numbers(project, year, choices):
    landmark = candidate(project, year, *choices)["landmarks"][0]
    said = told(project)
    assert f"Flag from {landmark['thresholds']['flag']} points" in said
    assert f"Slope out of fold, by which coefficients were multiplied: {year.model.shrinkage:.3f}" in said
    for item in landmark["items"]:
        assert item["id"] in said
    auc = year.assessment.summary["overall"]["points"]["auc"]["estimate"]
    assert re.search(rf"^ *auc +{round(auc, 3):g} ", said, flags=re.MULTILINE)


def test_the_notebook_shows_nobody_and_no_small_count(project, year, choices):
    candidate(project, year, *choices)
    words = set(told(project).split())
    assert not words & {*year.cohort.cases["person_id"], *year.cohort.cases["case_id"]}
    modelled, _ = year.cohort.modelled
    shown_n = (len(modelled) + 2) // 5 * 5  # to the nearest five, as everything public
    assert str(shown_n) in words
    exact = {str(n) for n in (*year.cohort.flow["n"], *year.cohort.flow["events_n"].dropna()) if n > 100 and n % 5}
    assert exact and not exact & words


def test_the_notebook_reads_a_release_without_flags_or_curve(project, year, choices):
    settings, instrument = choices
    strict = replace(settings, policy=replace(settings.policy, ppv_floor=1.0))
    assert candidate(project, year, strict, instrument)["landmarks"][0]["thresholds"]["flag"] is None
    curve = Workspace(project).plots / "calibration.csv"
    curve.write_text(curve.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    said = told(project)
    assert "No flags: no sum meets harm_ratio, ppv_floor together." in said
    assert "Too few cases for a calibration curve." in said


def test_five_lines_are_enough(project, year, choices):
    shutil.copytree(PROJECT / "models" / "releases", project / "models" / "releases", dirs_exist_ok=True)
    predictions = pd.read_parquet(Workspace(project).assessment() / "predictions.parquet")
    said = run(project, "python", "-W", "error", str(FIVE_LINES)).stdout.splitlines()
    own = risk_of_answers(year.cohort.modelled[1], year.model.points).mean()
    assert said[0] == (
        f"Mean risk of the modelled cases {own:.2f}, out of time {predictions['points_prob'].mean():.2f}"
    )
    assert len(said) == 2 and said[1].split()[0] in ANSWERS
    code = [line for line in FIVE_LINES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert code.pop(0) == "import riskmodel" and len(code) == 5


def test_the_notebook_is_one(tmp_path):
    cells = jupytext.read(NOTEBOOK).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert all(f"## {heading}" in text for heading in HEADINGS)
    jupytext.write(jupytext.read(NOTEBOOK), tmp_path / "year.ipynb")
    assert json.loads((tmp_path / "year.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


def test_the_example_case_has_blanks_and_still_gets_advice(project, year, choices):
    settings, instrument = choices
    proposed = {**candidate(project, year, settings, instrument), "research_only": False}
    case = read_case(ONE_CASE)
    assert case.municipality == instrument.municipality_code
    advice = advise(opened(proposed), case.answers, today=date(2026, 3, 2), municipality=case.municipality)
    assert advice.answer != TOO_LITTLE
    blanks = {entry.item for entry in advice.score.contributions if not entry.is_answered}
    assert blanks == {item.id for item in instrument.predictors()} - set(case.answers) != set()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_the_guides_instrument_is_read(tmp_path):
    written = tmp_path / "ours.toml"
    written.write_text(blocks("toml")[0], encoding="utf-8")
    instrument = read_instrument(written)
    assert [item.id for item in instrument.predictors()] == ["age", "education", "situation"]
    assert [item.id for item in instrument.audits] == ["sex"]
    assert instrument.item("education").column("survey", 2022) == "Utbildning"
    assert instrument.contradictions[0].holds({"age": 18, "education": "post_secondary"})


def test_the_guides_explanation_and_waiver_are_read(project, tmp_path):
    _, accepted, pair, borrowed, explanation, waiver, by_two = blocks("toml")
    params = tmp_path / "params.toml"
    text = (project / "params.toml").read_text(encoding="utf-8")
    text = text.replace("[delivery]", accepted, 1)
    params.write_text(text.replace("[alarm]", f"{pair}\n[alarm]"), encoding="utf-8")
    assert {one.date for one in read_settings(params).delivery.accepted} == {"2027-02-01"}
    assert read_settings(params).model.pairs[0].items == ("work_experience", "debts")
    longer = text.replace("[alarm]", f"{borrowed}\n[alarm]").replace("[assess]", f"{explanation}\n[assess]")
    longer = longer.replace("[run]", f"{waiver}\n{by_two}\n[run]")
    params.write_text(longer, encoding="utf-8")
    settings = read_settings(params)
    (explained,) = settings.alarm.explained
    assert (explained.alarm, explained.item) == ("one_item_adds", "age") and explained.signed_by and explained.reason
    assert settings.model.prior is not None and settings.model.prior.items["housing"].id == "boende"
    granted = waivers_of(settings)
    assert [(one["gate"], one["column"]) for one in granted] == [("G8", "household_type")] * 2
    assert granted[1]["second"] and granted[1]["follow_up"] and not granted[0]["group"]


def test_the_guide_names_only_commands_and_options_that_exist(project):
    typed = re.findall(r"riskmodel ([a-z]+)([^`\n#]*)", "\n".join((*blocks("sh"), *blocks("powershell"))))
    assert {name for name, _ in typed} >= {"check", "protocol", "confirm", "approve", "publish", "verify", "advise"}
    for name in {name for name, _ in typed}:
        said = run(project, "riskmodel", name, "--help").stdout
        options = {option for one, rest in typed if one == name for option in re.findall(r"--[a-z-]+", rest)}
        assert options - {"--frozen"} <= set(re.findall(r"--[a-z-]+", said)), name
