"""A real monthly calendar, 712 school leavers: the register path works, and says that there are too few of them."""

import csv
import gzip
import shutil
from collections import defaultdict
from datetime import date
from math import ceil, log

import pytest
from pipeline.years import SHARED, needs_shared, own_instrument, quick_settings, yearly_run

from riskmodel.advice import advise
from riskmodel.assess.fairness import fairness
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.subgroups import groupings
from riskmodel.extracts.read import read_delivery
from riskmodel.model.inference import BEYOND_CHANCE
from riskmodel.release.gates import blocking

FILES = ("ni_mvad_months_long.csv.gz", "ni_mvad_wide.csv.gz")
CLEAN, FOLLOWED, LAG = 12, 12, 2
JUNE_1999 = 1999 * 12 + 5

pytestmark = needs_shared


@pytest.fixture(scope="module")
def instrument():
    return own_instrument("n_ireland")


@pytest.fixture(scope="module")
def delivery(instrument, tmp_path_factory):
    folder = tmp_path_factory.mktemp("n_ireland")
    for name in FILES:
        shutil.copy(SHARED / name, folder / name)
    return read_delivery(folder, instrument, quick_settings())


@pytest.fixture(scope="module")
def run(delivery, instrument):
    return yearly_run(delivery, instrument, quick_settings())


def spells() -> list[tuple[str, int, int | None]]:
    """(person, first month, jobless months of the first 12, None when not followed), from the calendar by hand."""
    jobless: dict[str, dict[int, bool]] = defaultdict(dict)
    with gzip.open(SHARED / FILES[0], "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            year, month = map(int, row["month"].split("-"))
            jobless[row["id"]][year * 12 + month - 1] = row["state"] == "joblessness"
    found = []
    for person, by_month in jobless.items():
        for month, is_jobless in by_month.items():
            before = [by_month.get(month - back, True) for back in range(1, CLEAN + 1)]
            if is_jobless and not any(before):
                after = [by_month.get(month + ahead) for ahead in range(FOLLOWED)]
                is_followed = month + FOLLOWED - 1 <= JUNE_1999 - LAG
                found.append((person, month, sum(map(bool, after)) if is_followed else None))
    return found


def test_the_spells_are_those_that_can_be_counted_by_hand(run):
    cases = run.cohort.cases
    counted = {(person, month): months for person, month, months in spells()}
    assert len(counted) == 235 and sum(months is not None for months in counted.values()) == 190
    shown = {
        (person, month): None if months != months else int(months)
        for person, month, months in zip(
            cases["person_id"], cases["intake_month"], cases["receipt_months"].astype(float), strict=True
        )
    }
    assert shown == counted
    assert cases["outcome"].sum() == sum(months is not None and months > 10 for months in counted.values()) == 83


def test_one_survey_holds_for_every_spell_of_a_person(run):
    cases = run.cohort.cases
    assert cases["linked"].all() and run.cohort.summary["unlinked"]["n"] == 0
    again = cases[cases["person_id"].duplicated(keep=False)]
    answers = run.cohort.answers.loc[again["case_id"]].groupby(again["person_id"].to_numpy()).nunique()
    assert len(answers) > 10 and (answers == 1).all(axis=None)


def test_among_so_few_no_item_surely_adds_more_than_it_may(run):
    assert run.model_evidence["alarms"] == []
    added = {row["item"]: row for row in run.model_evidence["drop_one"]}
    for item in ("five_passes", "father_unemployed"):  # both lie above the limit of .03, and so may chance
        assert added[item]["auc"] > 0.03 > added[item]["auc"] - BEYOND_CHANCE * added[item]["auc_error"]
    assert run.gates["G3"] == "passed"


def test_it_is_for_research_only_and_says_how_many_are_missing(run):
    assert run.candidate["research_only"]
    columns_n, event_rate = 5 * 2, 83 / 190
    r2 = 0.15 * (1 - (event_rate**event_rate * (1 - event_rate) ** (1 - event_rate)) ** 2)
    needed = {
        "n1": ceil(columns_n / ((0.9 - 1) * log(1 - r2 / 0.9))),
        "n2": ceil(columns_n / ((0.75 - 1) * log(1 - r2 / 0.75))),  # r2 / (r2 + .05 r2/.15) = .75
        "n3": ceil((1.96 / 0.05) ** 2 * event_rate * (1 - event_rate)),
    }
    assert needed == {"n1": 754, "n2": 248, "n3": 379}
    found = run.model_evidence["sample_size"]
    assert {key: found[key] for key in needed} == needed
    assert found["available_n"] == run.cohort.modelled[0]["person_id"].nunique() == 172
    gate = next(gate for gate in run.candidate["gates"] if gate["id"] == "G4")
    assert gate["status"] == "failed" and gate["blocks"]
    # 172 is shown to the nearest five
    shown = {"columns_n": columns_n, **needed, "required_n": 754, "available_n": 170}
    assert gate["evidence"].items() >= shown.items()
    # 754 - 170 are missing: at 33 a year 18 more years; no fewer questions would do, and a borrowed table asks for n3
    missing = {"cases_n": 584, "more_years_n": 18, "columns_n": None, "borrowed_n": 379}
    assert (gate["evidence"]["missing"], gate["evidence"]["r2_from"]) == (missing, "assumed")


def test_with_so_few_nothing_is_claimed(run, instrument):
    assert run.assessment.summary["evidence"] == "out_of_fold"
    assert run.assessment.summary["evidence_weak"]
    assert set(run.assessment.measures["status"]) == {"too_few"}
    assert run.measured("auc")["estimate"] is None
    assert run.landmark["thresholds"]["flag"] == 15  # above it are the 20 that a threshold needs; nobody may use it
    settings = quick_settings()
    at_harm = {"groupings": groupings(instrument), "threshold_prob": threshold_of_harm(settings.policy.harm_ratio)}
    gaps = fairness(run.predictions, settings, **at_harm).gaps
    assert set(gaps["verdict"]) == {"not_shown"}  # judged from 30 of each outcome
    assert run.gates["G5"] == "open"  # too few to tell, which is not the same as wrong


def test_nobody_gets_advice_from_it_and_it_can_not_be_published(run):
    answers = {"grammar": "no", "five_passes": "no", "father_unemployed": "yes", "both_parents": "no"}
    advice = advise(run.release, answers, today=date(2026, 3, 2))
    assert advice.answer == "too_little_information"
    assert advice.abstention.reason == "research_only"
    assert "G4" in [gate.id for gate in blocking(run.release.gates, today=date(2026, 3, 2))]
