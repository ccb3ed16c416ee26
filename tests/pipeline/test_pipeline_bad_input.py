"""A run that meets what it can't use: one message, the exit code of its family, nobody's data, nothing half done."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pipeline.clone import PROJECT, clone, run, set_param
from pipeline.years import INSTRUMENTS, changed, quick_settings

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort, write_cohort
from riskmodel.errors import FitError
from riskmodel.extracts.delivery import write_delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.evidence import fit_published
from riskmodel.model.points import sum_of_points
from riskmodel.simulate import simulate
from riskmodel.workspace import Workspace

CASES_N = 600
SECRET = "811218-9876"  # the tax agency's example of a personal number
HIDDEN = ("hemlig", "811218", "9876")  # what nobody may be shown
DATA_ERROR, FIT_ERROR = 11, 12
FEW = (8, 209)  # rows
NO_LIMITS = dict.fromkeys(("auc", "single_item_auc", "one_item_adds", "blank_difference"), 1.0)
ALARM_LINES = 6  # the alarm shows what to write in params.toml


def made_cohort() -> pd.DataFrame:
    """Labelled cases with the columns of workers' compensation: ten years, about a third of the spells long."""
    rng = np.random.default_rng(7)
    hosp = rng.integers(0, 2, CASES_N)
    is_long = rng.random(CASES_N) < 0.2 + 0.3 * hosp
    return pd.DataFrame(
        {
            "claimant": [f"hemlig{number:05}" for number in range(CASES_N)],
            "town": "Hemlighult",
            "durat": np.where(is_long, 20, 3),
            "afchnge": np.arange(CASES_N) % 10,
            **{name: rng.integers(0, 2, CASES_N) for name in ("male", "married", "ky")},
            "hosp": hosp,
            "indust": rng.integers(1, 4, CASES_N),
            "injtype": rng.integers(1, 9, CASES_N),
            "age": rng.integers(18, 65, CASES_N),
            "lprewage": np.round(rng.normal(5.5, 0.3, CASES_N), 3),
            "benefit": rng.integers(50, 300, CASES_N),
            "ltotmed": np.round(rng.normal(6, 1, CASES_N), 3),
        }
    )


def made_instrument(folder: Path) -> Instrument:
    text = (INSTRUMENTS / "workers_comp.toml").read_text(encoding="utf-8")
    roles = 'outcome = "durat", year = "afchnge"'
    with_people = f'{roles}, person = "claimant", area = "town"'
    (folder / "made.toml").write_text(text.replace(roles, with_people), encoding="utf-8")
    return read_instrument(folder / "made.toml")


def labelled_project(folder: Path, cases: pd.DataFrame) -> Path:
    project = clone(folder / "project")
    made_instrument(project / "data/instruments")
    set_param(project, delivery__path="data/raw/made", delivery__instrument="data/instruments/made.toml")
    set_param(project, assess__bootstrap=10, assess__folds=3, assess__group_min=20)
    (project / "data/raw/made").mkdir(parents=True)
    cases.to_csv(project / "data/raw/made/injury.csv", index=False)
    return project


def files(project: Path) -> dict[str, str]:
    """Everything the run may write, with its content's hash."""
    paths = [path for folder in ("data", "models") for path in sorted((project / folder).rglob("*"))]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in paths}


def refused(project: Path, *command: str, code: int, lines_n: int = 1) -> str:
    """The message with which `command` ends; it must be all there is, and leave every file as it was."""
    before = files(project)
    done = run(project, *command, check=False)
    assert done.returncode == code, done.stderr
    assert done.stdout == "" and len(done.stderr.splitlines()) == lines_n, done.stderr
    assert not [word for word in HIDDEN if word in done.stderr.lower()]
    assert "Traceback" not in done.stderr and 'File "' not in done.stderr
    assert files(project) == before
    return done.stderr


def read(project: Path) -> tuple[Cohort, Instrument]:
    """The project's delivery after the stages `ingest` and `cohort`, whose folders are written."""
    workspace, settings = Workspace(project), quick_settings()
    instrument = read_instrument(project / "data/instruments/made.toml")
    delivery = read_delivery(project / "data/raw/made", instrument, settings)
    cohort = build_cohort(delivery, instrument, settings)
    write_delivery(delivery, workspace.delivery)
    write_cohort(cohort, workspace.cohort())
    return cohort, instrument


def test_a_personal_number_stops_the_run_before_anything_is_written(tmp_path):
    cases = made_cohort()
    cases.loc[3, "claimant"] = SECRET
    project = labelled_project(tmp_path, cases)
    for command in (
        ("python", "pipelines/ingest.py"),
        ("riskmodel", "check", "data/raw/made", "--instrument", "data/instruments/made.toml"),
    ):
        message = refused(project, *command, code=DATA_ERROR)
        assert message.startswith("injury.csv: 1 different texts hold a Swedish personal or coordination number")
    assert not (project / "data/interim").exists()


def test_an_item_that_nobody_answered(tmp_path):
    project = labelled_project(tmp_path, made_cohort().assign(hosp=""))
    message = refused(project, "python", "pipelines/ingest.py", code=DATA_ERROR)
    assert f"'hosp' (item hospitalised): 0 of {CASES_N} rows have an answer" in message


def test_a_register_that_ends_before_anybody_is_followed(tmp_path):
    project = clone(tmp_path / "project")
    instrument = read_instrument(PROJECT / "data/instruments/exempelstad.toml")
    delivery = project / "data/raw/exempelstad"
    simulate(delivery, instrument, cases_per_year=60, first_year=2018, last_year=2018, seed=3)
    source = instrument.sources["register"]
    with open(delivery / "EB_register.csv", encoding=source.reader.encoding, newline="") as file:
        headings, *rows = csv.reader(file, delimiter=source.reader.delimiter)
    year, month = (headings.index(source.columns[role]) for role in ("year", "month"))
    early = [row for row in rows if (int(row[year]), int(row[month])) < (2018, 10)]
    with open(delivery / "EB_register.csv", "w", encoding=source.reader.encoding, newline="") as file:
        csv.writer(file, delimiter=source.reader.delimiter).writerows([headings, *early])
    write_delivery(read_delivery(delivery, instrument, quick_settings()), Workspace(project).delivery)
    message = refused(project, "python", "pipelines/cohort.py", code=DATA_ERROR)
    assert message.startswith("register, to 2018-09: 0 of ") and "Deliver a register that ends later" in message


def test_one_class_of_outcome(tmp_path):
    project = labelled_project(tmp_path, made_cohort().assign(durat=3))
    read(project)
    message = refused(project, "python", "pipelines/fit.py", code=FIT_ERROR)
    assert message.startswith(f"cases: 0 events and {CASES_N} non-events; both are needed.")


def test_a_number_that_separates_the_outcomes(tmp_path):
    cases = made_cohort()
    project = labelled_project(tmp_path, cases.assign(lprewage=5 + (cases["durat"] > 8)))
    read(project)
    message = refused(project, "python", "pipelines/fit.py", code=FIT_ERROR, lines_n=ALARM_LINES)
    assert message.startswith("leak alarm: ") and "single_item_auc of wage_before (1.000, limit 0.800)" in message


def test_years_of_one_outcome_that_only_an_earlier_training_meets(tmp_path):
    cases = made_cohort()
    cases.loc[cases["afchnge"].isin([4, 5]), "durat"] = 3
    project = labelled_project(tmp_path, cases)
    set_param(project, cohort__outcome_known_after_months=0)
    read(project)
    message = refused(project, "python", "pipelines/assess.py", code=FIT_ERROR)
    assert "intercept window: 0 events among " in message and "model.intercept_window_years" in message


def fitted(folder: Path, cases: pd.DataFrame, **tables):
    cases.to_csv(folder / "injury.csv", index=False)
    instrument = made_instrument(folder)
    settings = changed(quick_settings(assess={"folds": 3, "bootstrap": 10}), **tables)
    cohort = build_cohort(read_delivery(folder, instrument, settings), instrument, settings)
    return cohort, fit_published(*cohort.modelled, instrument, settings)[0]


def test_a_level_that_separates_the_outcomes_is_merged_away_and_listed(tmp_path):
    cases = made_cohort()
    cohort, model = fitted(tmp_path, cases.assign(hosp=(cases["durat"] > 8).astype(int)))
    assert [(merge.item, merge.reason) for merge in model.merged] == [("hospitalised", "non_events")]
    flipped = cohort.answers.assign(hospitalised="yes")
    np.testing.assert_array_equal(
        sum_of_points(flipped, model.points), sum_of_points(cohort.answers.assign(hospitalised="no"), model.points)
    )


@pytest.mark.parametrize("cases_n", range(60, CASES_N + 1, 60))
def test_a_number_that_separates_them_is_named_however_many_there_are(tmp_path, cases_n):
    cases = made_cohort().head(cases_n)
    with pytest.raises(FitError, match=r"leak alarm: .*single_item_auc of wage_before \(1\.000"):
        fitted(tmp_path, cases.assign(lprewage=5 + (cases["durat"] > 8)))


def test_events_so_few_that_any_answer_foretells_them(tmp_path):
    cases = made_cohort()
    _, model = fitted(tmp_path, cases.assign(durat=np.where(cases.index.isin(FEW), 20, 3)), alarm=NO_LIMITS)
    assert model.events_n == len(FEW)


def test_answers_that_are_all_alike(tmp_path):
    alike = dict.fromkeys(("male", "married", "ky", "hosp"), 0) | {"indust": 1, "injtype": 1, "age": 30}
    with pytest.raises(FitError, match="no item is left to score with"):
        fitted(tmp_path, made_cohort().assign(**alike, lprewage=5.5, benefit=100))
