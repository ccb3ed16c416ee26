"""A case that is scored later than at intake has a table of its own, and its months so far must be known."""

from copy import deepcopy
from datetime import date

import pandas as pd
import pytest
from opened import opened

from riskmodel.advice import advice_json, advice_text, advise
from riskmodel.advice.engine import score_table
from riskmodel.ground.errors import BundleError, SurveyDataError
from riskmodel.release.consistency import read_release

TODAY = date(2026, 11, 21)
FULL = {"education": "primary", "health": "good", "self_rating": "far", "age": 34, "earlier_months": 0}
LATER = FULL | {"so_far": 3}


@pytest.fixture
def with_month_three(release):
    """The release with a second table: at month 3 the risk of every sum is higher, and the months so far count."""
    later = deepcopy(release["landmarks"][0]) | {"month": 3}
    months = {"minimum": 2, "maximum": 3, "unit": {"sv": "månader", "en": "months"}, "derive": "receipts_so_far"}
    months |= {"points": [0, 11], "rows": [[], []]}
    item = deepcopy(later["items"][-1]) | {
        "id": "so_far",
        "text": {"sv": "Hittills", "en": "So_far"},
        "numbers": months,
    }
    later["items"].append(item | {"no_answer": {"points": 10, "row": []}, "spread": 11, "mean_points": 10.4})
    values = later["risk"]["values"]
    later["risk"] = {"first": 0, "values": [*values, *(values[-1] + step / 1000 for step in range(1, 12))]}
    later["thresholds"] |= {"flag": 26, "band": [25, 27]}
    release["landmarks"].append(later)
    read_release(release)
    return release


def told(release, answers, month):
    return advise(opened(release), answers, today=TODAY, month=month)


def test_the_table_is_that_of_the_month(with_month_three):
    at_intake, later = told(with_month_three, FULL, 0), told(with_month_three, LATER, 3)
    # 9 + 0 + 6 + 2 + 0, and 11 for three months of three
    assert (at_intake.score.points, later.score.points) == (17, 17 + 11)
    assert (at_intake.answer, later.answer) == ("more_support", "more_support")
    assert told(with_month_three, LATER | {"so_far": 2}, 3).answer == "no_indication"  # 17 is below 25
    assert (at_intake.month, later.month) == (0, 3)
    assert advice_json(later)["month"] == 3


def test_a_month_without_a_table_and_an_item_of_another_month_are_refused(with_month_three):
    with pytest.raises(BundleError, match=r"no table for month 4\. It has: 0, 3\. Give one of these"):
        told(with_month_three, FULL, 4)
    with pytest.raises(SurveyDataError, match=r"not ask for: so_far\. "):
        told(with_month_three, LATER, 0)  # at intake nothing is known of the months to come


def test_a_release_of_one_table_is_for_new_cases(release):
    assert told(release, FULL, 0).month == 0
    with pytest.raises(BundleError, match=r"no table for month 3\. It has: 0\."):
        told(release, FULL, 3)


@pytest.mark.parametrize(
    ("so_far", "why"),
    [
        (None, "unanswered"),  # then nobody knows whether the case is one the table is for
        (1, "out_of_range"),  # two months missed: the outcome is decided
        (4, "out_of_range"),  # more than have passed
    ],
)
def test_without_possible_months_so_far_there_is_no_advice(with_month_three, so_far, why):
    advice = told(with_month_three, FULL | {"so_far": so_far}, 3)
    assert (advice.score, advice.abstention.reason) == (None, why)
    assert [text.en for text in advice.abstention.items] == ["So_far"]
    assert advice.next_question is None or advice.next_question.item != "so_far"


def test_the_text_speaks_of_those_who_are_still_there(with_month_three):
    swedish = advice_text(told(with_month_three, LATER, 3), "sv")
    assert "Av 100 ärenden med samma summa, som har bistånd efter 3 månader, blir det så i" in swedish
    assert "jämfört med genomsnittet av dem som har bistånd efter 3 månader" in swedish
    assert "Rådet gäller bara den som har bistånd efter 3 månader" in swedish
    assert "nytt ärende" not in swedish
    english = advice_text(told(with_month_three, LATER, 3), "en")
    assert "after 3 months" in english and "new case" not in english
    assert "efter 3 månader" not in advice_text(told(with_month_three, FULL, 0), "sv")


def test_a_table_of_cases_is_scored_at_its_month(with_month_three, tmp_path):
    source = tmp_path / "cases.parquet"
    pd.DataFrame({"case_id": ["a", "b", "c"], **{key: [answer] * 3 for key, answer in FULL.items()}}).assign(
        so_far=[3, 2, 1]
    ).to_parquet(source)
    points = {}
    for month in (0, 3):
        score_table(opened(with_month_three), source, tmp_path / f"{month}.parquet", purpose="evaluation", month=month)
        points[month] = pd.read_parquet(tmp_path / f"{month}.parquet")["points"].astype("Int64").tolist()
    assert points == {0: [17, 17, 17], 3: [17 + 11, 17, pd.NA]}
