from datetime import date

import pytest
from opened import opened
from points_alone import points_alone

from riskmodel.advice import advise
from riskmodel.release.answers import variance_at

TODAY = date(2026, 11, 21)
FULL = {"education": "primary", "health": "good", "self_rating": "far", "age": 34, "earlier_months": 0}


def told(release, answers, *, today=TODAY, municipality="9900"):
    return advise(opened(release), answers, today=today, municipality=municipality)


def reason(advice):
    assert advice.answer == "too_little_information"
    assert advice.score is None  # nothing that could be read as a low risk
    return advice.abstention.reason, [text.sv for text in advice.abstention.items]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"health": "pension"}, ("route", ["Health: pension på svenska"])),
        ({"age": 17}, ("age", [])),
        ({"age": 65}, ("age", [])),
        ({"age": 71}, ("age", [])),
        ({"earlier_months": 4}, ("out_of_range", ["Earlier_months"])),
        ({"earlier_months": -1}, ("out_of_range", ["Earlier_months"])),
    ],
)
def test_a_case_the_release_is_not_for(release, answers, why):
    assert reason(told(release, FULL | answers)) == why


@pytest.mark.parametrize("answers", [{"age": 18}, {"age": 64}, {"earlier_months": 3}])
def test_the_ends_of_a_range_belong_to_it(release, answers):
    release["landmarks"][0]["leverage_limit"] = 10
    assert told(release, FULL | answers).abstention is None


@pytest.mark.parametrize(
    ("today", "municipality", "why"),
    [
        (date(2026, 2, 28), "9900", "not_yet_valid"),
        (date(2027, 9, 1), "9900", "expired"),
        (TODAY, "1480", "other_municipality"),
    ],
)
def test_a_release_that_does_not_hold_here_and_now(release, today, municipality, why):
    assert reason(told(release, FULL, today=today, municipality=municipality)) == (why, [])


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2027, 8, 31)])
def test_the_first_and_the_last_day_are_valid(release, day):
    assert told(release, FULL, today=day).abstention is None


def test_a_release_without_flags_or_for_research_gives_no_advice(release):
    release["landmarks"][0]["thresholds"] |= {"flag": None, "band": None, "threshold_prob": None}
    assert reason(told(release, FULL)) == ("no_threshold", [])
    release["research_only"] = True
    assert reason(told(release, FULL)) == ("research_only", [])


def test_blanks_count_when_they_hold_much_of_the_spread_and_could_change_the_answer(release):
    # the spreads are 9, 8, 6, 6, 4 = 33; a quarter is 8.25
    decided = {"education": "primary", "health": "poor", "self_rating": "far"}  # 23 points before age and months
    assert told(release, decided).abstention is None  # blanks hold 10 of 33, but 23 + (0 … 10) is always above the band
    few = {"education": "primary", "self_rating": "far", "age": 20, "earlier_months": 0}
    assert told(release, few).abstention is None  # health alone holds 8 of 33: 15 … 23 points, but 8 < 8.25
    many = {"education": "primary", "self_rating": "far", "age": 20}
    assert reason(told(release, many)) == ("unanswered", ["Health", "Earlier_months"])  # 12 of 33, and 15 … 27 points


def test_the_next_question_is_the_one_that_would_change_most(release):
    release["abstention"]["max_unanswered_share"] = 0
    # 9 + 3 + 2 + 2 + 0 = 16, borderline: health good 13 -> the same, poor 21 -> another (8 × 1/2);
    # self-rating near 14 -> the same, far 20 -> another (6 × 1/2)
    advice = told(release, {"education": "primary", "age": 34, "earlier_months": 0})
    assert (advice.next_question.item, advice.next_question.who.sv) == ("health", "socialsekreteraren")


def test_a_small_item_that_is_sure_to_change_the_answer_may_tell_less_than_a_large_one(release):
    release["abstention"]["max_unanswered_share"] = 0
    release["landmarks"][0]["thresholds"] |= {"flag": 18, "band": None}
    items = {entry["id"]: entry for entry in release["landmarks"][0]["items"]}
    items["earlier_months"] |= {"spread": 4, "no_answer": {"points": 4, "row": []}}
    items["earlier_months"]["numbers"]["points"] = [0, 1, 2, 4]
    # 4 + 3 + 6 + 2 + 4 = 19. Months 15, 16, 17, 19: three of four are another answer, 4 × 3/4;
    # health good 16, poor 24: one of two is, 8 × 1/2
    advice = told(release, {"education": "secondary", "self_rating": "far", "age": 34})
    assert advice.next_question.item == "health"


def test_of_equal_questions_the_part_asked_first_comes_first(release):
    release["abstention"]["max_unanswered_share"] = 0
    items = {entry["id"]: entry for entry in release["landmarks"][0]["items"]}
    items["health"] |= {"spread": 6, "no_answer": items["self_rating"]["no_answer"]}
    items["health"]["levels"][1]["points"] = 6
    advice = told(release, {"education": "primary", "age": 34, "earlier_months": 0})
    assert advice.next_question.item == "self_rating"


def test_with_advice_only_a_question_that_could_change_it_is_named(release):
    blank = {key: answer for key, answer in FULL.items() if key != "earlier_months"}
    assert told(release, blank).next_question is None  # 9 + 0 + 6 + 2 and 0, 1, 3 or 4 are all above the band
    blank["education"] = "secondary"  # 4 + 0 + 6 + 2: 12 is below the band, 13, 15 and 16 are in it
    assert told(release, blank).next_question is None  # the register knows it: there is nobody to ask
    item = next(item for item in release["landmarks"][0]["items"] if item["id"] == "earlier_months")
    item["numbers"]["derive"] = None
    assert told(release, blank).next_question.item == "earlier_months"
    assert told(release, FULL).next_question is None


@pytest.mark.parametrize(
    ("blank", "rest", "found"),
    [
        # 9 + 3 + 6 + 2 = 20, and health good 17, poor 25: all above the band, which ends at 16
        ("health", {"earlier_months": 0}, []),
        # 5 + 0 + 6 + 2 = 13, borderline: tertiary 8 and secondary 12 are below the band, primary 17 above it
        (
            "education",
            {"earlier_months": 0},
            ["tertiary på svenska", "secondary på svenska", "primary på svenska"],
        ),
        # 4 + 0 + 6 + 2 + 1 = 13, borderline: without earlier months 12; 1, 2 and 3 months are borderline too
        ("earlier_months", {"education": "secondary"}, ["0"]),
        # 4 + 0 + 6 + 2 + 0 = 12; (age - 16) // 9 points: 3 from 43 to 51, and 64, the last with a score, has 5
        ("age", {"education": "secondary", "earlier_months": 0}, ["43–64 år"]),
    ],
)
def test_a_blank_decides_when_one_answer_to_it_makes_the_advice_another(release, blank, rest, found):
    release["abstention"]["max_unanswered_share"] = 1
    release["landmarks"][0]["leverage_limit"] = 10
    given = {**FULL, **rest}
    del given[blank]
    advice = told(release, given)
    assert [(entry.item, [text.sv for text in entry.answers]) for entry in advice.deciding] == (
        [(blank, found)] if found else []
    )
    asked = advice.next_question and advice.next_question.item
    assert asked == (blank if found and blank != "earlier_months" else None)  # the register is nobody's question


def test_without_a_score_nothing_decides(release):
    assert told(release, {"education": "primary", "self_rating": "far", "age": 20}).deciding == ()


def test_an_answer_pattern_beyond_the_limit_gets_no_advice(release):
    # intercept, education, health, self-rating: 0.01 each; age 3.4 and 3 months: 0.01 × 3.4², 0.01 × 3²
    answers = FULL | {"earlier_months": 3}
    release["landmarks"][0]["leverage_limit"] = 0.01 * (4 + 3.4**2 + 3**2) + 1e-9
    assert told(release, answers).abstention is None
    release["landmarks"][0]["leverage_limit"] -= 2e-9
    unusual = told(release, answers)
    assert reason(unusual) == ("unusual", [])
    assert (unusual.unusual.points, unusual.unusual.flag) == (9 + 0 + 6 + 2 + 4, 15)
    assert unusual.deciding == () and unusual.next_question is None
    assert told(release, FULL).unusual is None


def test_in_format_3_the_variances_of_the_mean_person_and_the_answers_add(release):
    alone = points_alone(release)
    assert variance_at(opened(alone).landmark(), FULL) == pytest.approx(0.1**2 + 5 * 0.2**2)
    for item, error in zip(alone["landmarks"][0]["items"], (0.1, 0.25, 0.4, 0.5, 1), strict=True):
        for answer in item.get("levels", []):
            answer["error"] = error
        if "numbers" in item:
            item["numbers"]["errors"] = [error] * len(item["numbers"]["errors"])
    exact = 0.1**2 + 0.1**2 + 0.25**2 + 0.4**2 + 0.5**2 + 1
    assert variance_at(opened(alone).landmark(), FULL) == pytest.approx(exact)
    for limit, wanted in ((1.5, None), (1.4, "unusual")):  # the sum is 1.4925
        alone["landmarks"][0]["unusual_variance"] = limit
        found = told(alone, FULL).abstention
        assert (found and found.reason) == wanted


def test_a_blank_has_an_error_of_its_own(release):
    alone = points_alone(release)
    alone["landmarks"][0]["items"][0]["no_answer"]["error"] = 0.5
    blank = {key: answer for key, answer in FULL.items() if key != "education"} | {"education": None}
    assert variance_at(opened(alone).landmark(), blank) == pytest.approx(0.1**2 + 4 * 0.2**2 + 0.5**2)
