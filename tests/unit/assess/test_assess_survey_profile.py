"""What the survey says about risk factors: who answered what where, the ratio of shares, and what can't be compared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import TEXT, instrument_of, settings_of

from riskmodel.assess.survey_profile import EVERYBODY, INFLOW, survey_profile
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, Item, Level

COHORT = settings_of().cohort
HEADINGS = {"intake": "Arbete", "survey": "Arbete", "survey.2021": "Sysselsättning"}
WORK = Item("work", TEXT, "level", "predictor", levels=(Level("l0", TEXT), Level("l1", TEXT)), columns=HEADINGS)
NUMBER = Item("debt", TEXT, "number", "predictor", minimum=0, maximum=100)
UNUSED = replace(WORK, id="secret", use="never")
INSTRUMENT = replace(instrument_of(), items=(WORK, NUMBER, UNUSED))
DECEMBER_2020 = 2020 * 12 + 11


def cases_of(persons, clusters=None):
    n = len(persons)
    return pd.DataFrame(
        {
            "case_id": [f"c{place}" for place in range(n)],
            "person_id": persons,
            "cluster_id": clusters or range(n),
            "intake_month": DECEMBER_2020,
            "intake_year": 2020,
            "joined": False,
            "earlier_months": 0.0,
        }
    )


def intake_of(persons, work, debt=None):
    n = len(persons)
    answers = {"work": work, "debt": debt or [1.0] * n, "secret": "l0"}
    return pd.DataFrame({"person_id": persons, "answered_month": DECEMBER_2020, "area": "", **answers})


def survey_of(persons, years, work, debt=None):
    answers = {"work": work, "debt": debt or [1.0] * len(persons), "secret": "l0"}
    return pd.DataFrame({"person_id": persons, "survey_year": years, **answers})


def profile(survey, intake, cases, **changed):
    return survey_profile(survey, intake, cases, replace(INSTRUMENT, **changed), COHORT)


def counts_of(found, item="work"):
    rows = found.counts[found.counts["item"] == item]
    return {(row.answer, row.place): row.n for row in rows.itertuples()}


@pytest.fixture(scope="module")
def found():
    new = list("abcd")
    return profile(
        survey_of(list("axyx"), [2020, 2020, 2020, 2021], ["l1", "l1", NO_ANSWER, "l0"]),
        intake_of(new, ["l0", "l0", "l1", NO_ANSWER]),
        cases_of(new),
    )


def test_every_answer_is_counted_by_survey_year_and_among_the_new(found):
    counts = counts_of(found)
    assert [counts[answer, "2020"] for answer in ("l0", "l1", NO_ANSWER)] == [0, 2, 1]
    assert [counts[answer, "2021"] for answer in ("l0", "l1", NO_ANSWER)] == [1, 0, 0]
    assert [counts[answer, INFLOW] for answer in ("l0", "l1", NO_ANSWER)] == [2, 1, 1]


def test_all_surveys_together_hold_everybody_once_with_the_latest_answers(found):
    counts = counts_of(found)
    assert [counts[answer, EVERYBODY] for answer in ("l0", "l1", NO_ANSWER)] == [1, 1, 1]


def test_items_put_to_no_use_are_not_told(found):
    assert set(found.counts["item"]) == set(found.items["item"]) == {"work", "debt"}


def test_years_with_another_heading_than_the_intake_are_named(found):
    assert found.items.set_index("item").loc["work", "other_heading"] == "2021"
    assert found.items.set_index("item").loc["debt", "other_heading"] == ""


def test_a_year_that_did_not_ask_has_no_place():
    found = profile(survey_of(list("xy"), [2020, 2021], ["l1", NOT_ASKED]), intake_of(["a"], ["l0"]), cases_of(["a"]))
    assert {place for _, place in counts_of(found)} == {"2020", EVERYBODY, INFLOW}


def test_the_ratio_is_that_of_the_shares_and_its_interval_that_of_independent_people():
    persons = [f"p{place}" for place in range(100)]
    listed = [f"s{place}" for place in range(100)]
    found = profile(
        survey_of(listed, [2020] * 100, ["l1"] * 60 + ["l0"] * 40),
        intake_of(persons, ["l1"] * 20 + ["l0"] * 80),
        cases_of(persons),
    )
    row = found.ratios.set_index(["item", "answer"]).loc[("work", "l1")]
    half = 1.959963984540054 * np.sqrt((1 - 0.6) / 60 + (1 - 0.2) / 20)  # Katz et al. 1978
    assert row["ratio"] == pytest.approx(3.0)
    assert (row["low"], row["high"]) == pytest.approx((3 * np.exp(-half), 3 * np.exp(half)), rel=1e-4)


def test_couples_who_answer_alike_are_one_piece_of_evidence():
    persons = [f"p{place}" for place in range(100)]
    intake = intake_of(persons, (["l1"] * 2 + ["l0"] * 8) * 10)
    survey = survey_of([f"s{place}" for place in range(100)], [2020] * 100, ["l1"] * 60 + ["l0"] * 40)
    alone, pairs = (profile(survey, intake, cases_of(persons, one)) for one in (None, [n // 2 for n in range(100)]))
    widths = [np.log(found.ratios["high"] / found.ratios["low"])[1] for found in (alone, pairs)]
    assert widths[1] > 1.3 * widths[0]


def test_who_answers_both_forms_alike_takes_the_chance_out_of_the_ratio():
    persons = [f"p{place}" for place in range(100)]
    work = ["l1"] * 30 + ["l0"] * 70
    found = profile(survey_of(persons, [2020] * 100, work), intake_of(persons, work), cases_of(persons))
    row = found.ratios.iloc[1]
    assert [row[name] for name in ("ratio", "low", "high")] == pytest.approx([1.0] * 3)
    assert found.items.set_index("item").loc["work", ["both_n", "net_shift"]].tolist() == [100, 0]


def test_numbers_are_told_in_the_bands_of_the_audit():
    persons = [f"p{place}" for place in range(4)]
    found = profile(
        survey_of(["x", "y"], [2020, 2020], ["l0", "l0"], [np.nan, 90.0]),
        intake_of(persons, ["l0"] * 4, [0.0, 24, 25, 75]),
        cases_of(persons),
    )
    counts = counts_of(found, "debt")
    bands = ["0-24", "25-49", "75-100"]
    assert [counts[band, INFLOW] for band in bands] == [2, 1, 1]
    assert [counts[band, "2020"] for band in (*bands, NO_ANSWER)] == [0, 0, 1, 1]


def test_without_a_survey_there_is_nothing_to_tell():
    assert profile(None, intake_of(["a"], ["l0"]), cases_of(["a"])).counts.empty
    assert profile(survey_of(["x"], [2020], ["l0"]), None, cases_of(["a"])).ratios.empty
