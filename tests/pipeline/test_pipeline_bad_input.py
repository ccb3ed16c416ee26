"""A run that meets what it can't use: one message, the exit code of its family, nobody's data, nothing half done."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pipeline.clone import PROJECT, clone, run, set_param
from pipeline.years import INSTRUMENTS, changed, quick_settings

from riskmodel.assess.assessment import assess
from riskmodel.assess.fairness import check_tolerances, fairness
from riskmodel.assess.record import Assessment
from riskmodel.assess.repeated.internal_external import internal_external
from riskmodel.assess.repeated.multiverse import multiverse
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import audited_cases, groupings
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort, write_cohort
from riskmodel.disclosure import disclose_measures
from riskmodel.extracts.delivery import write_delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.choices import Tolerance
from riskmodel.ground.errors import FitError, SettingsError, SurveyDataError
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.points import sum_of_points
from riskmodel.model.published_fit import fit_published
from riskmodel.simulate import simulate

CASES_N = 600
SECRET = "811218-9876"  # the tax agency's example of a personal number
HIDDEN = ("hemlig", "811218", "9876")  # what nobody may be shown
SETTINGS_ERROR, DATA_ERROR, FIT_ERROR = 10, 11, 12
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
    """The project's delivery after the stages `previous`, `ingest` and `cohort`, whose files are written."""
    workspace, settings = Workspace(project), quick_settings()
    instrument = read_instrument(project / "data/instruments/made.toml")
    delivery = read_delivery(project / "data/raw/made", instrument, settings)
    cohort = build_cohort(delivery, instrument, settings)
    write_delivery(delivery, workspace.delivery)
    write_cohort(cohort, workspace.cohort())
    write_bytes(workspace.previous, canonical_json(None))
    return cohort, instrument


def test_a_personal_number_stops_the_run_before_anything_is_written(tmp_path):
    cases = made_cohort()
    cases.loc[3, "claimant"] = SECRET
    project = labelled_project(tmp_path, cases)
    told = "injury.csv, column 1 ('claimant'): 1 different texts hold a Swedish personal or coordination number"
    assert refused(project, "python", "pipelines/ingest.py", code=DATA_ERROR).startswith(told)
    own = ("data/raw/made", "--instrument", "data/instruments/made.toml")
    checked = run(project, "riskmodel", "check", *own, "--language", "en", check=False)
    assert checked.returncode == DATA_ERROR and checked.stderr == ""
    assert told in " ".join(checked.stdout.split()) and not [word for word in HIDDEN if word in checked.stdout.lower()]
    assert checked.stdout.splitlines()[-1] == "Usable: not yet, because the run would stop"
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
    set_param(project, cohort__outcome_known_after_months=0, model__intercept_window_years=2)
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


def test_each_stage_tells_the_explanations_and_names_that_meet_nothing(tmp_path):
    project = labelled_project(tmp_path, made_cohort())
    set_param(project, cohort__landmarks=[0])
    read(project)
    named = "".join(
        f'[[alarm.explained]]\nalarm = "{alarm}"\nitem = ""\nyear = 1999\nsigned_by = "Bo Ek"\nreason = "Ett skäl."\n'
        for alarm in ("evnt_rate", "auc_rise", "year_drift_level")
    )
    accepted = '[[delivery.accepted]]\nnote = "cohort: hosp: gone 1999"\nsigned_by = "Bo Ek"\ndate = "2026-01-01"\n'
    with open(project / "params.toml", "a", encoding="utf-8") as file:
        file.write(accepted + named)
    meant = {"ingest": "hosp: gone 1999", "cohort": "evnt_rate", "fit": "auc_rise", "assess": "year_drift_level"}
    for stage, word in meant.items():
        (line,) = run(project, "python", f"pipelines/{stage}.py").stdout.splitlines()
        assert word in line and "in params.toml" in line


def test_events_so_few_that_any_answer_foretells_them(tmp_path):
    cases = made_cohort()
    _, model = fitted(tmp_path, cases.assign(durat=np.where(cases.index.isin(FEW), 20, 3)), alarm=NO_LIMITS)
    assert model.events_n == len(FEW)


def test_answers_that_are_all_alike(tmp_path):
    alike = dict.fromkeys(("male", "married", "ky", "hosp"), 0) | {"indust": 1, "injtype": 1, "age": 30}
    with pytest.raises(FitError, match="no item is left to score with"):
        fitted(tmp_path, made_cohort().assign(**alike, lprewage=5.5, benefit=100))


# what the evidence meets


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("assess", "optimism", 0, "assess: optimism is 0. Allowed: from 2 to 100000. Correct it."),
        ("cohort", "landmarks", [-3, 0], "cohort: landmarks is -3. Allowed: from 0 to 60."),
    ],
)
def test_settings_that_cannot_be_stop_the_first_stage_before_it_begins(tmp_path, table, key, value, said):
    project = labelled_project(tmp_path, made_cohort())
    set_param(project, **{f"{table}__{key}": value})
    assert said in refused(project, "python", "pipelines/ingest.py", code=SETTINGS_ERROR)


HOUSEHOLD = "HushållsID"


def register_without_households(folder: Path) -> str:
    """A small made municipality whose register has no household column; the instrument that still names it."""
    text = (PROJECT / "data/instruments/exempelstad.toml").read_text(encoding="utf-8")
    (folder / "town.toml").write_text(text, encoding="utf-8")
    instrument = read_instrument(folder / "town.toml")
    simulate(folder / "town", instrument, cases_per_year=80, first_year=2019, last_year=2021, seed=3)
    source = instrument.sources["register"]
    how = {"sep": source.reader.delimiter, "encoding": source.reader.encoding}
    rows = pd.read_csv(folder / "town/EB_register.csv", dtype=str, keep_default_na=False, **how)
    rows.drop(columns=HOUSEHOLD).to_csv(folder / "town/EB_register.csv", index=False, **how)
    return text


def test_a_household_column_that_is_named_and_not_there(tmp_path):
    register_without_households(tmp_path)
    with pytest.raises(SurveyDataError, match=f"{HOUSEHOLD}.*sources.register.columns.household") as refusal:
        read_delivery(tmp_path / "town", read_instrument(tmp_path / "town.toml"), quick_settings())
    assert "EB_register.csv" in str(refusal.value)


def test_a_register_without_households_lets_everybody_stand_alone(tmp_path):
    text = register_without_households(tmp_path)
    (tmp_path / "town.toml").write_text(text.replace(f'household = "{HOUSEHOLD}"\n', ""), encoding="utf-8")
    instrument = read_instrument(tmp_path / "town.toml")
    delivery = read_delivery(tmp_path / "town", instrument, quick_settings())
    said = delivery.quality[delivery.quality["reason"] == "no_household"]
    assert said["action"].tolist() == ["noted"] and said["n"].sum() >= delivery.receipts.num_rows
    cohort = build_cohort(delivery, instrument, quick_settings())
    cases = cohort.cases
    assert (cases.groupby("person_id")["cluster_id"].nunique() == 1).all()
    assert cases["cluster_id"].nunique() == cases["person_id"].nunique()
    assert not cases["joined"].any()  # nobody can be seen to join a household
    few = dict.fromkeys(("level_min_people", "level_min_events", "level_min_non_events"), 3)
    assert fit_published(*cohort.modelled, instrument, changed(quick_settings(), alarm=NO_LIMITS, model=few))[0].n > 0


SMALL = {"folds": 3, "bootstrap": 20, "group_min": 15, "curve_min": 1000, "min_training_months": 12}
NEXT_JANUARY = {"outcome_known_after_months": 0}  # the made outcomes are known when their year is over


def assessed(
    folder: Path, cases: pd.DataFrame, **tables
) -> tuple[Cohort, Instrument, Settings, Assessment, pd.DataFrame]:
    cases.to_csv(folder / "injury.csv", index=False)
    instrument = made_instrument(folder)
    settings = changed(quick_settings(assess=SMALL, cohort=NEXT_JANUARY), **tables)
    cohort = build_cohort(read_delivery(folder, instrument, settings), instrument, settings)
    predictions = gather_evidence(cohort, instrument, settings).predictions
    whom = groupings(instrument)
    found = assess(predictions, settings, groupings=whom)
    return cohort, instrument, settings, found, fairness(predictions, settings, groupings=whom, threshold_prob=0.4).gaps


def test_one_area_only_has_no_other_to_be_compared_with(tmp_path):
    cohort, instrument, settings, _, gaps = assessed(tmp_path, made_cohort())
    assert cohort.cases["area"].nunique() == 1
    assert "area" not in set(gaps["column"])
    held_out = internal_external(cohort, instrument, settings)
    of_areas = held_out[held_out["column"] == "area"]
    assert of_areas["estimate"].isna().all() and not of_areas["status"].eq("ok").any()
    pooled = of_areas[of_areas["group"] == ""]
    assert len(pooled) and set(pooled["status"]) == {"one_group"}
    assert held_out.loc[held_out["column"] == "year", "status"].eq("ok").any()


def test_a_year_without_events_is_not_measured_and_the_others_are(tmp_path):
    cases = made_cohort()
    cases.loc[cases["afchnge"] == 4, "durat"] = 3
    cohort, instrument, settings, found, _ = assessed(tmp_path, cases)
    of_years = found.measures[found.measures["scope"] == "year"]
    without = of_years[of_years["group"] == "1984"]
    assert len(without) and without["estimate"].isna().all() and set(without["events_n"]) == {0}
    assert of_years.loc[of_years["group"] == "1983", "estimate"].notna().any()
    assert found.measures.query("scope == 'overall' and measure == 'auc'")["estimate"].notna().all()
    held_out = internal_external(cohort, instrument, settings).query("column == 'year'")
    assert set(held_out.loc[held_out["group"] == "1984", "status"]) == {"too_few"}
    pooled = held_out[held_out["group"] == ""].set_index("measure")
    assert pooled.loc["oe", "status"] == "ok" and pooled.loc["oe", "n"] == 240  # four years of 60, not five


def test_a_group_of_three_is_counted_and_told_by_nothing(tmp_path):
    cases = made_cohort()
    cases.loc[[3, 13, 23], "town"] = "Lillby"  # three of 1983: from 1985 on all wait for the exam
    cohort, _, _, found, gaps = assessed(tmp_path, cases)
    of_three = found.measures.query("scope == 'area' and group == 'Lillby'")
    assert len(of_three) and set(of_three["n"]) == {3} and set(of_three["status"]) == {"too_few"}
    assert of_three["estimate"].isna().all()
    rows = gaps.query("column == 'area' and group == 'Lillby'")
    assert len(rows) and set(rows["verdict"]) <= {"not_shown"}
    for profile in ("public", "internal"):
        of_areas = disclose_measures(found.measures, profile=profile).query("scope == 'area'")
        assert of_areas["n"].isna().all()  # nor the other area, or the three could be worked out from it
        assert of_areas.loc[of_areas["group"] == "Lillby", ["estimate", "events_n"]].isna().all(axis=None)
    assert (cohort.cases["area"] == "Lillby").sum() == 3


@pytest.mark.parametrize(
    ("tolerance", "said"),
    [
        (Tolerance("sex", "missed", 0.1), "column 'sex' is not in the audit"),
        (Tolerance("age_band", "log_oe", 0.1, "retired"), "group 'retired' is not in the audit. There: 18-24, 25-34"),
        (Tolerance("age_band", "recall", 0.1), "measure 'recall' is not in the audit"),
    ],
)
def test_a_tolerance_that_names_what_is_not_audited(tmp_path, tolerance, said):
    made_cohort().to_csv(tmp_path / "injury.csv", index=False)
    instrument = made_instrument(tmp_path)
    settings = quick_settings(fairness={"tolerances": (tolerance,)})
    cohort = build_cohort(read_delivery(tmp_path, instrument, settings), instrument, settings)
    people = audited_cases(*cohort.modelled, instrument)
    with pytest.raises(SettingsError, match="fairness: tolerances 1: .*Correct or remove it") as refusal:
        check_tolerances(people, settings, groupings=groupings(instrument))
    assert said in str(refusal.value)


def test_labelled_cases_try_the_choices_they_have(tmp_path):
    made_cohort().to_csv(tmp_path / "injury.csv", index=False)
    instrument = made_instrument(tmp_path)
    settings = quick_settings(assess=SMALL, cohort=NEXT_JANUARY)
    delivery = read_delivery(tmp_path, instrument, settings)
    rows = multiverse(delivery, build_cohort(delivery, instrument, settings), instrument, settings)
    refused_rows = rows[rows["status"] == "not_possible"]
    assert set(refused_rows["choice"]) == {"clean_months", "outcome", "link_first_month", "link_last_month"}
    assert refused_rows["reason"].str.contains("Deliver a register").all()
    assert rows.loc[rows["choice"] == "knots", "auc"].notna().all()
