"""A cohort is written and read back unchanged, byte for byte the same, and shows what was known when."""

import pandas as pd
from strips import JANUARY_2018, cohort_of

from riskmodel.cohort.record import CASE_COLUMNS, load_cohort, write_cohort

CLEAN = "." * 12
LONG, SHORT, MOVED = "XXXXXXXXXXXX..", "X.............", "XXXXXM........"
STRIPS = {
    "p": CLEAN + LONG + "." * 12,
    "q": CLEAN + SHORT + "." * 12,
    "r": CLEAN + MOVED + "." * 12,
    "s": CLEAN + "." * 12 + LONG,
    "t": CLEAN + SHORT + "." * 12,
    "u": CLEAN + SHORT + "." * 12,
}


def test_writing_and_reading_change_nothing(tmp_path):
    cohort = cohort_of(STRIPS)
    write_cohort(cohort, tmp_path / "first")
    back = load_cohort(tmp_path / "first")
    for name in ("cases", "answers", "flow"):
        pd.testing.assert_frame_equal(getattr(cohort, name), getattr(back, name))
    assert back.summary == cohort.summary
    write_cohort(back, tmp_path / "second")
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_cases_and_answers_stand_in_the_order_of_the_case_ids():
    cohort = cohort_of(STRIPS)
    assert cohort.cases.dtypes.astype(str).to_dict() == CASE_COLUMNS
    assert cohort.cases["case_id"].is_monotonic_increasing and cohort.cases["case_id"].is_unique
    assert cohort.cases["case_id"].str.fullmatch("c[0-9a-f]{12}").all()
    assert cohort.answers.index.tolist() == cohort.cases["case_id"].tolist()


def test_modelled_are_the_fitted_whose_outcome_is_known():
    cases, answers = cohort_of(STRIPS).modelled
    assert set(cases["person_id"]) == {"p", "q", "s", "t", "u"}
    assert answers.index.tolist() == cases["case_id"].tolist()
    assert cases["weight"].sum() == 6  # r's, who moved, is handed on


def test_known_before_a_month_are_those_followed_to_the_end_by_then():
    cohort = cohort_of(STRIPS)
    first_known = JANUARY_2018 + 12 + 11 + 2
    assert cohort.known_before(first_known)[0].empty
    assert set(cohort.known_before(first_known + 1)[0]["person_id"]) == {"p", "q", "t", "u"}
    assert set(cohort.known_before(first_known + 13)[0]["person_id"]) == {"p", "q", "s", "t", "u"}


def test_weights_of_what_was_known_then_know_nothing_later():
    #  q, t and u are decided in month 3, r censored after 6 months: p stands for both
    weight = cohort_of(STRIPS).known_before(JANUARY_2018 + 26)[0].set_index("person_id")["weight"]
    assert weight.to_dict() == {"p": 2, "q": 1, "t": 1, "u": 1}
