"""Sjöstad's untidy delivery, its instrument and no code of its own: every kind of dirt counted, and a candidate."""

import csv
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.compute as pc
import pytest
from pipeline.clone import PROJECT
from pipeline.years import SHARED, needs_shared, quick_settings, yearly_run
from village import counts

from riskmodel.assess.assessment import assess
from riskmodel.assess.rolling import confirm_predictions
from riskmodel.cohort.build import build_cohort
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.load import read_instrument

FOLDER = SHARED / "sjostad"
REGISTER, INTAKE = "EB_register.txt", "nybesok.csv"
SILENT = ("-", "Vet ej", "Vill ej svara")
RENAMED_FROM_2021 = {
    "Svenska": "Språknivå i svenska",
    "Arbetslivserfarenhet senaste 5 år": "Arbetat i Sverige (senaste 5 åren)",
}
QUESTIONS = (
    *("Utbildning", "Fysisk ohälsa", "Psykisk ohälsa", "Missbruk/beroende", "Boende", "Egen skattning 1-5"),
    *("Födelseår", "Kön", "Födelseland (grupp)", "Hushållstyp", *RENAMED_FROM_2021, *RENAMED_FROM_2021.values()),
)
Rows = list[dict[str, str]]

pytestmark = needs_shared


@pytest.fixture(scope="module")
def instrument():
    return read_instrument(PROJECT / "data" / "instruments" / "sjostad.toml")


@pytest.fixture(scope="module")
def delivery(instrument):
    return read_delivery(FOLDER, instrument, quick_settings())


@pytest.fixture(scope="module")
def run(delivery, instrument):
    return yearly_run(delivery, instrument, quick_settings())


def text_rows(name: str) -> Rows:
    with open(FOLDER / name, encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def sheet_rows(name: str) -> Rows:
    book = openpyxl.load_workbook(FOLDER / name, read_only=True)
    _title, _empty, headings, *rows = book["Svar"].values
    return [dict(zip(headings, ["" if cell is None else str(cell) for cell in row], strict=True)) for row in rows]


def once(rows: Rows) -> Rows:
    return [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in rows)]


def amount(row: dict[str, str]) -> Decimal:
    return Decimal(row["Belopp (kr)"].replace("\u00a0", "").replace(",", "."))


def dirt_in_register(rows: Rows) -> Counter:
    kept = once(rows)
    return Counter(
        {
            (REGISTER, "", "repeated_row"): len(rows) - len(kept),
            (REGISTER, "Månad", "month_out_of_range"): sum(int(row["Månad"]) > 12 for row in kept),
            (REGISTER, "Belopp (kr)", "zero_amount"): sum(amount(row) == 0 for row in kept),
            (REGISTER, "Belopp (kr)", "recovery"): sum(amount(row) < 0 for row in kept),
        }
    )


def dirt_in_answers(file: str, rows: Rows, *, answered_year: int | None = None) -> Counter:
    """Blanks and texts are counted wherever they stand; what is wrong with a row, once for rows that repeat it."""
    found, kept = Counter(), once(rows)
    found[file, "", "repeated_row"] = len(rows) - len(kept)
    for heading in (heading for heading in QUESTIONS if heading in rows[0]):
        for text in (row[heading] for row in rows):
            found[file, heading, "blank"] += text.strip() == ""
            found[file, heading, "no_answer_text"] += text.strip() in SILENT
            found[file, heading, "surrounding_blank"] += text != text.strip()
    for row in kept:
        age = (answered_year or int(row["Nybesöksmånad"][:4])) - int(row["Födelseår"])
        found[file, "Födelseår", "out_of_range"] += age > 110
        found[file, "Födelseår", "age_outside_limits"] += age < 18 or 64 < age <= 110
        found[file, "Utbildning", "unknown_code"] += row["Utbildning"].strip() == "Gymn"
    return found


def test_every_kind_of_dirt_is_counted_and_nothing_else_is(delivery):
    expected = dirt_in_register(text_rows(REGISTER)) + dirt_in_answers(INTAKE, text_rows(INTAKE))
    for year in range(2018, 2026):
        name = f"Kartläggning {year}.xlsx"
        expected += dirt_in_answers(name, sheet_rows(name), answered_year=year)
    # the one answer that the instrument does not know: each cell is emptied, and the word told once
    unknown = INTAKE, "Utbildning", "unknown_code"
    expected[INTAKE, "Utbildning: Gymn", "word_without_meaning"] = expected[unknown]
    assert counts(delivery) == {key: n for key, n in expected.items() if n}
    kinds = {(reason, action) for _, _, reason, action, _ in delivery.quality.itertuples(index=False)}
    assert kinds == {
        *(("repeated_row", "dropped"), ("month_out_of_range", "quarantined"), ("unknown_code", "blanked")),
        *(("out_of_range", "blanked"), ("zero_amount", "noted"), ("recovery", "noted"), ("blank", "noted")),
        *(("no_answer_text", "noted"), ("surrounding_blank", "noted"), ("age_outside_limits", "noted")),
        ("word_without_meaning", "noted"),
    }


def test_amounts_with_hard_spaces_and_decimal_commas_add_up_to_the_ore(delivery):
    kept = [row for row in once(text_rows(REGISTER)) if int(row["Månad"]) <= 12]
    assert any("\u00a0" in row["Belopp (kr)"] for row in kept)
    assert pc.sum(delivery.receipts["amount_ore"]).as_py() == 100 * sum(map(amount, kept))


def test_the_columns_renamed_half_way_are_one_question_each(delivery):
    for old, new in RENAMED_FROM_2021.items():
        for year in (2020, 2021):
            headings = sheet_rows(f"Kartläggning {year}.xlsx")[0]
            assert (old in headings, new in headings) == (year < 2021, year >= 2021)
    by_year = delivery.answers_by_survey.groupby("survey_year")[["swedish", "work_experience"]]
    assert (by_year.agg(lambda answers: (answers == "not_asked").sum()) == 0).all(axis=None)


def test_the_order_of_the_rows_decides_nothing(delivery, instrument, run):
    turned = {
        "receipts": delivery.receipts.take(np.arange(delivery.receipts.num_rows)[::-1]),
        "answers_by_intake": delivery.answers_by_intake.iloc[::-1].reset_index(drop=True),
    }
    again = build_cohort(Delivery(**{**vars(delivery), **turned}), instrument, quick_settings())
    pd.testing.assert_frame_equal(again.cases, run.cohort.cases)
    pd.testing.assert_frame_equal(again.answers, run.cohort.answers)


def test_the_unlinked_are_explained_by_repeat_spells(delivery, instrument, run):
    unlinked = run.cohort.summary["unlinked"]
    assert 0.22 < unlinked["share"] < 0.24
    groups = {row["group"]: row for row in unlinked["groups"]}
    before, after, never = (
        groups[f"unlinked_{name}"]["n"]
        for name in ("before_a_linked_case", "after_a_linked_case", "person_never_linked")
    )
    assert before + after + never == unlinked["n"]
    assert before > 0.97 * unlinked["n"]
    # what the instrument says of it: one set of answers a person, and the spells without one ended worse
    assert delivery.answers_by_intake["person_id"].is_unique
    assert "en uppsättning svar per person" in instrument.sources["intake"].unlinked_explanation
    assert groups["unlinked"]["share"] > groups["linked"]["share"] + 0.2


def test_without_the_explanation_the_same_delivery_is_refused(delivery, instrument):
    intake = replace(instrument.sources["intake"], unlinked_explanation="")
    silent = replace(instrument, sources={**instrument.sources, "intake": intake})
    with pytest.raises(SurveyDataError, match=r"have none, 23% \(allowed without explanation: 10%\)"):
        build_cohort(delivery, silent, quick_settings())


def test_it_is_judged_on_later_years_modestly_and_calibrated(run):
    assert run.assessment.summary["evidence"] == "temporal"
    assert run.assessment.summary["years"] == [2021, 2022]
    assert 0.70 < run.measured("auc")["estimate"] < 0.80
    assert 0.9 < run.measured("recalibration_slope")["estimate"] < 1.1
    assert run.measured("oe")["low"] < 1 < run.measured("oe")["high"]
    assert run.measured("auc", "three_item")["estimate"] < run.measured("auc")["low"]
    assert run.measured("auc", "boosted")["estimate"] < run.measured("auc")["estimate"] + 0.01


def test_the_latest_year_agrees(run, instrument):
    settings = quick_settings()
    predictions = confirm_predictions(run.cohort, instrument, settings)
    assert predictions["intake_year"].unique().tolist() == [2023]
    slope = assess(predictions, settings, groupings=()).summary["overall"]["points"]["recalibration_slope"]
    assert slope["low"] < 1.1 and slope["high"] > 0.9


def test_it_ends_in_a_candidate_with_flags(run):
    assert not run.candidate["research_only"]
    sample_size = run.model_evidence["sample_size"]
    assert sample_size["available_n"] > sample_size["required_n"]
    assert run.model_evidence["alarms"] == []
    thresholds = run.landmark["thresholds"]
    assert thresholds["band"][0] <= thresholds["flag"] <= thresholds["band"][1] + 1
    expected = {measure: row["estimate"] for measure, row in thresholds["expected"].items()}
    assert expected["ppv"] >= 0.5 and expected["left_early_share"] <= 0.2 and expected["flagged_share"] <= 0.3


def test_only_what_people_must_do_and_groups_too_small_to_judge_stand_in_the_way(run):
    by_id = {gate["id"]: gate for gate in run.candidate["gates"]}
    assert [gate["id"] for gate in by_id.values() if gate["status"] == "failed"] == []
    assert by_id["G8"]["status"] == "open" and by_id["G8"]["evidence"]["failing"] == []
    assert {gate["id"] for gate in run.candidate["gates"] if gate["blocks"]} == {"G1", "G8", "G10", "G11", "G12", "G13"}
    assert "en uppsättning svar per person" in next(
        gate["evidence"]["explanation"] for gate in run.candidate["gates"] if gate["id"] == "G2"
    )
