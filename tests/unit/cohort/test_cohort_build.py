"""What `build_cohort` refuses, and in which words; and what it takes as it is."""

from dataclasses import replace

import pandas as pd
import pytest
from strips import INSTRUMENT, chosen, cohort_of, delivery, intake_answers, register_rows
from village import ROOT

from riskmodel.cohort import cases
from riskmodel.cohort.build import build_cohort, build_cohorts
from riskmodel.cohort.cases import read_history
from riskmodel.ground.errors import SettingsError, SurveyDataError
from riskmodel.ground.settings import read_settings

CLEAN, TAIL = "." * 12, "." * 13
STRIPS = {"p": CLEAN + "X" + TAIL}
ASKED = {"p": CLEAN + "a"}


@pytest.mark.parametrize(
    ("receipts", "answers", "message"),
    [
        (None, intake_answers(ASKED), "register: 0 rows"),
        (register_rows(STRIPS).iloc[:0], intake_answers(ASKED), "register: 0 rows"),
        (register_rows(STRIPS), None, "intake answers: 0 rows"),
        (register_rows(STRIPS), intake_answers(ASKED).iloc[:0], "intake answers: 0 rows"),
        (register_rows(STRIPS), intake_answers({"stranger": CLEAN + "a"}), "none belongs to any of 1 new cases"),
        (register_rows({"p": "X" + TAIL}), intake_answers({"p": "a"}), "none belongs to any of 0 new cases"),
        (register_rows({"p": CLEAN + "X" + TAIL[1:]}), intake_answers(ASKED), "0 of 1 new cases are followed"),
    ],
)
def test_a_delivery_that_gives_no_case_is_refused_with_what_to_do(receipts, answers, message):
    with pytest.raises(SurveyDataError, match=message) as raised:
        build_cohort(delivery(receipts, answers), INSTRUMENT, chosen())
    assert "stranger" not in str(raised.value)
    assert raised.value.__context__ is None


def unlinked(explanation, *persons, **limits):
    """A cohort of one linked case, and as many without answers as `persons`."""
    instrument = replace(
        INSTRUMENT,
        sources={
            **INSTRUMENT.sources,
            "intake": replace(INSTRUMENT.sources["intake"], unlinked_explanation=explanation),
        },
    )
    receipts = register_rows({**STRIPS, **dict.fromkeys(persons or "q", CLEAN + "X" + TAIL)})
    settings = chosen()
    settings = replace(settings, delivery=replace(settings.delivery, **limits))
    return build_cohort(delivery(receipts, intake_answers(ASKED)), instrument, settings)


def test_many_unlinked_cases_need_a_written_explanation():
    with pytest.raises(
        SurveyDataError, match=r"1 new cases since 2019-01 have none, 50% .*allowed.*10%.*unlinked_expl"
    ):
        unlinked("  ")
    assert unlinked("Paper forms.").summary["unlinked"]["explanation"] == "Paper forms."


def test_cases_of_no_age_that_counts_are_told_as_such():
    given = delivery(register_rows(STRIPS), intake_answers(ASKED))
    with pytest.raises(SurveyDataError, match=r"0 of \d+ with answers .*: [1-9]\d* are not 90–95 years old, 0 follow"):
        build_cohort(given, INSTRUMENT, chosen(min_age=90, max_age=95))


def test_where_most_cases_lack_answers_no_explanation_helps():
    assert read_settings(ROOT / "params.toml").delivery.max_unlinked_explained == 0.5
    with pytest.raises(SurveyDataError, match=r"2 new cases since 2019-01 have none, 67%. Above 50% .*no explanation"):
        unlinked("Paper forms.", "q", "r", max_unlinked_explained=0.5)
    lifted = unlinked("Paper forms.", "q", "r", max_unlinked_explained=0.7)
    assert lifted.summary["unlinked"]["explanation"] == "Paper forms."


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"link_last_month": 2}, "link_last_month may be at most 1"),
        ({"earlier_last_month": 0}, "earlier_last_month must lie before"),
        ({"earlier_first_month": -12}, "earlier_first_month lies after"),
        ({"landmark": -1}, "month -1 lies before intake"),
        ({"landmark": 12}, "month 12 is too late, over_ten_of_twelve looks at 12 months"),
        ({"landmark": 8, "outcome": "k_of_w"}, "month 8 is too late, k_of_w looks at 8 months"),
        ({"landmark": 13, "outcome": "national_year"}, "month 13 is too late"),  # from December: 1 + 12 months
        ({"clean_months": 0}, "clean_months must be at least 1"),
        ({"reporting_lag_months": -1}, "reporting_lag_months must be at least 0"),
        ({"k": 9}, "1 ≤ k ≤ w ≤ 60"),
        ({"w": 61}, "1 ≤ k ≤ w ≤ 60"),
        ({"min_age": 65}, "min_age lies above max_age"),
    ],
)
def test_settings_that_leak_or_cannot_be_are_refused(wrong, message):
    with pytest.raises(SettingsError, match=message):
        cohort_of(STRIPS, settings=chosen(**wrong))


def test_a_reform_that_is_no_date_is_refused():
    settings = replace(chosen(), release=replace(chosen().release, reforms=("first of July",)))
    with pytest.raises(SettingsError, match="2025-07-01") as raised:
        cohort_of(STRIPS, settings=settings)
    assert raised.value.__context__ is None


ASKED_AT = {
    0: ["education", "situation", "age", "earlier_months", "sex"],
    2: ["education", "situation", "age", "earlier_months", "sex"],
    3: ["education", "situation", "age", "earlier_months", "receipts_so_far", "sex", "plan"],
    5: ["education", "situation", "age", "earlier_months", "receipts_so_far", "interview", "sex", "plan"],
}


@pytest.mark.parametrize(("landmark", "columns"), ASKED_AT.items())
def test_what_is_first_known_after_the_landmark_has_no_column(landmark, columns):
    cohort = cohort_of({"p": CLEAN + "X" * 5 + TAIL}, settings=chosen(landmark=landmark))
    assert cohort.answers.columns.tolist() == columns


def test_a_landmark_at_which_nobody_can_be_scored_is_refused():
    with pytest.raises(SurveyDataError, match=r"month 3 of the cases: 0 of 1 .*Take 3 out of cohort\.landmarks"):
        cohort_of(STRIPS, settings=chosen(landmark=3))


def test_months_so_far_that_the_instrument_does_not_allow_are_counted():
    narrow = [replace(item, minimum=2) if item.id == "receipts_so_far" else item for item in INSTRUMENT.items]
    strips = {"p": CLEAN + "XXXXX" + TAIL, "q": CLEAN + "X..XX" + TAIL}  # at month 5: 5 of 5 and 3 of 5
    handed_over = delivery(register_rows(strips), intake_answers(dict.fromkeys(strips, CLEAN + "a")))
    six_of_eight = chosen(landmark=5, outcome="k_of_w")
    with pytest.raises(SettingsError, match=r"item receipts_so_far: 1 of 2 cases at month 5 .*4 to 5.*Correct"):
        build_cohort(handed_over, replace(INSTRUMENT, items=tuple(narrow)), six_of_eight)
    assert build_cohort(handed_over, INSTRUMENT, six_of_eight).cases["fitted"].all()


def test_whoever_was_not_asked_has_no_answers():
    cohort = cohort_of({**STRIPS, "q": CLEAN + "X" + TAIL}, asked=ASKED)
    unasked = cohort.answers[~cohort.cases["linked"].to_numpy()]
    assert unasked[["education", "situation", "sex"]].eq("not_asked").all(axis=None)
    assert unasked["age"].isna().all()


def test_an_item_without_a_column_at_intake_was_not_asked():
    answers = intake_answers(ASKED).drop(columns=["sex", "age"])
    cohort = build_cohort(delivery(register_rows(STRIPS), answers), INSTRUMENT, chosen())
    assert cohort.answers["sex"].tolist() == ["not_asked"]
    assert cohort.answers["age"].isna().all() and cohort.cases["fitted"].all()


def test_the_area_is_the_registers_or_else_the_answers():
    receipts = register_rows({**STRIPS, "q": CLEAN + "X" + TAIL})
    receipts.loc[receipts["person_id"] == "q", "area"] = ""
    answers = intake_answers({"p": CLEAN + "a", "q": CLEAN + "a"})
    cohort = build_cohort(delivery(receipts, answers), INSTRUMENT, chosen())
    assert dict(zip(cohort.cases["person_id"], cohort.cases["area"], strict=True)) == {"p": "North", "q": "South"}


def test_several_landmarks_are_built_together_as_they_are_one_by_one(monkeypatch):
    receipts = register_rows({"p": CLEAN + "XXXXXX" + TAIL, "q": CLEAN + "X.X" + TAIL})
    made, read = delivery(receipts, intake_answers({"p": CLEAN + "a", "q": CLEAN + "a"})), []
    settings = chosen(landmarks=(0, 1, 2))
    alone = {month: build_cohort(made, INSTRUMENT, settings.at(month), watched=True) for month in (0, 1, 2)}
    monkeypatch.setattr(cases, "read_history", lambda *given: read.append(given) or read_history(*given))
    together = build_cohorts(made, INSTRUMENT, settings)
    assert [*together] == [0, 1, 2] and len(read) == 1
    for month, cohort in together.items():
        for frame in ("cases", "answers", "flow"):
            pd.testing.assert_frame_equal(getattr(cohort, frame), getattr(alone[month], frame))
        assert cohort.summary == alone[month].summary


def test_building_changes_nothing_it_was_given():
    receipts, answers = register_rows(STRIPS), intake_answers(ASKED)
    given = receipts.copy(), answers.copy()
    build_cohort(delivery(receipts, answers), INSTRUMENT, chosen())
    pd.testing.assert_frame_equal(receipts, given[0])
    pd.testing.assert_frame_equal(answers, given[1])


def test_the_flow_counts_the_registers_files_and_what_was_repeated_in_them():
    files = pd.DataFrame(
        [("r1.csv", "register", 7, ""), ("r2.csv", "register", 5, ""), ("i.csv", "intake", 99, "")],
        columns=["file", "source", "rows_n", "sha256"],
    )
    quality = pd.DataFrame(
        [("r1.csv", "", "repeated_row", "dropped", 2), ("r2.csv", "", "repeated_row", "dropped", 1),
         ("r2.csv", "Month", "impossible_month", "quarantined", 4), ("i.csv", "", "repeated_answers", "dropped", 8),
         ("r1.csv", "", "headings_again", "dropped", 9)],
        columns=["file", "column", "reason", "action", "n"],
    )  # fmt: skip
    handed_over = delivery(register_rows(STRIPS), intake_answers(ASKED), files=files, quality=quality)
    flow = build_cohort(handed_over, INSTRUMENT, chosen()).flow.set_index("step")
    assert flow.loc[["rows", "repeated_rows", "used_rows"], "n"].tolist() == [7 + 5, 2 + 1, 1 + 2]
    assert flow["events_n"].isna()[["rows", "receipts"]].all() and flow.loc["events", "events_n"] == 0
    assert flow["text_sv"].ne(flow["text_en"]).all()
    assert "januari 2019" in flow.loc["before_answers", "text_sv"]
