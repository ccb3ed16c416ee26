"""The deliveries that lie beside the project, where they do."""

import shutil
from pathlib import Path

import pytest
from village import ROOT, counts, receipts_of

from riskmodel.extracts.read import read_delivery
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument

SHARED = next(
    (folder / "shared" / "data" for folder in ROOT.parents if (folder / "shared" / "data").is_dir()), Path("none")
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SHARED.is_dir(),
        reason="deliveries that may not be copied into the project are read where they lie, in shared/data beside it",
    ),
]


@pytest.fixture(scope="module")
def sjostad():
    instrument = read_instrument(ROOT / "data/instruments/sjostad.toml")
    return read_delivery(SHARED / "sjostad", instrument, read_settings(ROOT / "params.toml"))


def test_every_kind_of_dirt_in_sjostad_is_counted(sjostad):
    found = counts(sjostad)
    register, intake = "EB_register.txt", "nybesok.csv"
    assert found[register, "", "repeated_row"] == 790
    # 314 rows have month 13 and amount 0, 5 of them doubled; 314 others are recoveries
    assert found[register, "Månad", "month_out_of_range"] == found[register, "Belopp (kr)", "zero_amount"] == 314 - 5
    assert found[register, "Belopp (kr)", "recovery"] == 314
    assert found[intake, "", "repeated_row"] == 58
    assert found[intake, "Utbildning", "surrounding_blank"] == 2395
    assert found[intake, "Utbildning", "unknown_code"] == 23
    assert found[intake, "Födelseår", "out_of_range"] == 17
    assert found[intake, "Egen skattning 1-5", "blank"] == 476
    assert found[intake, "Egen skattning 1-5", "no_answer_text"] == 492 + 492 + 460


def test_nothing_of_sjostad_is_lost_on_the_way(sjostad):
    assert sjostad.receipts.num_rows == 79885 - 790 - 309
    assert len(sjostad.answers_by_intake) == 5891 - 58
    assert len(sjostad.answers_by_survey) == 166 + 288 + 370 + 448 + 412 + 393 + 282 + 318


def test_sjostads_survey_agrees_with_its_register(sjostad):
    years = sjostad.reconciliation.set_index("survey_year")
    assert years.index.tolist() == list(range(2018, 2026))
    assert (years["over_ten_n"] == years["in_survey_n"]).all()
    assert (years["over_ten_not_in_survey_n"] == 0).all()


def test_renamed_columns_are_one_item(sjostad):
    swedish = sjostad.answers_by_survey.groupby("survey_year")["swedish"].agg(
        lambda codes: (codes == "not_asked").sum()
    )
    assert swedish.tolist() == [0] * 8


@pytest.mark.parametrize(
    ("name", "files", "rows_n", "events_n"),
    [
        ("workers_comp", {"workers_comp_injury.csv.gz": "injury.csv.gz"}, 7150, 1699),
        ("ui_benefits", {"us_ui_receipt_benefits.csv.gz": "benefits.csv.gz"}, 4877, 3335),
    ],
)
def test_labelled_cohorts(tmp_path, name, files, rows_n, events_n):
    for shared, own in files.items():
        shutil.copy(SHARED / shared, tmp_path / own)
    instrument = read_instrument(ROOT / f"tests/instruments/{name}.toml")
    cases = read_delivery(tmp_path, instrument, read_settings(ROOT / "params.toml")).labelled_cases
    assert len(cases) == rows_n
    assert cases["outcome"].sum() == events_n


def test_a_monthly_calendar_of_states(tmp_path):
    for path in SHARED.glob("ni_*.csv.gz"):
        shutil.copy(path, tmp_path / path.name)
    instrument = read_instrument(ROOT / "tests/instruments/n_ireland.toml")
    delivery = read_delivery(tmp_path, instrument, read_settings(ROOT / "params.toml"))
    receipts = receipts_of(delivery)
    assert (receipts["month"].min(), receipts["month"].max()) == (1993 * 12 + 6, 1999 * 12 + 5)
    assert len(receipts) == 712 * 72
    assert len(delivery.answers_by_intake) == 712
    assert delivery.answers_by_intake["answered_month"].isna().all()
