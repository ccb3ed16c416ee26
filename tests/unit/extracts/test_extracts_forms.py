import numpy as np
import pandas as pd
import pytest
from village import (
    INSTRUMENT,
    INTAKE,
    counts,
    read_village,
    receipts_of,
    village_instrument,
    village_settings,
    without_survey,
    write_village,
)

from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED

HEAD = INTAKE.splitlines()[0] + "\n"


def intake(tmp_path, rows, instrument=INSTRUMENT, head=HEAD, **limits):
    return read_village(tmp_path, intake=head + rows, instrument=without_survey(instrument), limits=limits)


def test_answers_become_codes_and_ages(tmp_path):
    answers = read_village(tmp_path).answers_by_intake
    assert answers.to_dict("list") == {
        "person_id": ["anna", "bo"],
        "answered_month": [2020 * 12 + 0, 2020 * 12 + 2],
        "area": ["Nord", "Syd"],
        "education": ["upper_secondary", "compulsory"],
        "work": ["yes", "no"],
        "age": [2020 - 1990, 2020 - 1960],
        "sex": ["woman", "man"],
    }
    assert str(answers["answered_month"].dtype) == "int32"
    assert str(answers["education"].dtype) == "str"


def test_a_survey_year_has_its_own_columns(tmp_path):
    survey = read_village(tmp_path).answers_by_survey
    assert survey.drop(columns="age").values.tolist() == [
        ["anna", 2020, "upper_secondary", NOT_ASKED],
        ["bo", 2021, "compulsory", NO_ANSWER],
    ]
    assert survey["age"].tolist() == [2020 - 1990, 2021 - 1960]


def test_every_kind_of_dirt_is_counted(tmp_path):
    delivery = intake(
        tmp_path,
        "anna;2020-01;Nord;Gymnasium ;ja;1990;K\n"
        "anna;2020-01;Nord;Gymnasium ;ja;1990;K\n"  # doubled
        "bo;2020-03;Syd;Vet ej;-;1899;M\n"
        "cy;2020-04;Syd;;nej;;M\n"
        "di;2020-05;Syd;Gymn;nej;1980;M\n"  # unknown code
        "eva;2020-06;Syd;=cmd|x!A0;nej;1980;K\n"  # formula
        "fia;2020-07;Syd;2;nej;19 år;K\n"  # no birth year
        "gun;2020-08;Syd;2,0;nej;1950;K\n",  # older than the limits: kept
    )
    answers = delivery.answers_by_intake.set_index("person_id")
    assert answers["education"].to_dict() == {
        "anna": "upper_secondary",
        "bo": NO_ANSWER,
        "cy": NO_ANSWER,
        "di": NO_ANSWER,  # an answer that is not known is none, and costs nobody the row
        "eva": NO_ANSWER,
        "fia": "upper_secondary",
        "gun": "upper_secondary",
    }
    assert answers["work"]["bo"] == NO_ANSWER
    assert np.isnan(answers["age"][["bo", "cy", "fia"]]).all()
    assert answers["age"]["gun"] == 2020 - 1950
    of_intake = {key[1:]: n for key, n in counts(delivery).items() if key[0] == "nybesök.csv"}
    assert of_intake == {
        ("", "repeated_row"): 1,
        ("Utbildning", "surrounding_blank"): 2,
        ("Utbildning", "no_answer_text"): 1,
        ("Utbildning", "blank"): 1,
        ("Utbildning", "unknown_code"): 2,
        ("Utbildning", "word_without_meaning"): 2,
        ("Utbildning: education = compulsory", "word_never_seen"): 0,
        ("Arbete", "no_answer_text"): 1,
        ("Födelseår", "out_of_range"): 1,
        ("Födelseår", "blank"): 1,
        ("Födelseår", "unreadable_number"): 1,
        ("Födelseår", "age_outside_limits"): 1,
    }


def test_a_person_twice_in_a_month_is_one_or_nobody(tmp_path):
    delivery = intake(
        tmp_path,
        "anna;2020-01;Nord;Gymnasium;ja;1990;K\n"
        "anna;2020-01;Nord;upper_secondary;JA;1990;K\n"  # the same answers, written otherwise
        "bo;2020-01;Nord;Gymnasium;ja;1990;M\n"
        "bo;2020-01;Nord;Grundskola;ja;1990;M\n"  # differs: neither can be trusted
        "bo;2020-02;Nord;Grundskola;ja;1990;M\n",  # another month is another answer
    )
    assert delivery.answers_by_intake[["person_id", "answered_month"]].values.tolist() == [
        ["anna", 2020 * 12],
        ["bo", 2020 * 12 + 1],
    ]
    assert counts(delivery)["nybesök.csv", "", "repeated_answers"] == 1
    assert counts(delivery)["nybesök.csv", "Person", "contradictory_answers"] == 2
    assert delivery.quarantine["row"].tolist() == [4, 5]


def test_a_row_without_answers_says_nothing_against_one_with_answers(tmp_path):
    delivery = intake(
        tmp_path,
        "anna;2020-01;Nord;;;;\n"  # opened and left
        "anna;2020-01;Nord;Gymnasium;ja;1990;K\n"
        "bo;2020-01;Nord;;;;\n"  # alone: somebody who was asked
        "cy;2020-01;Nord;-;Vet ej;;\n"
        "cy;2020-01;Nord;Grundskola;;;M\n",
    )
    assert delivery.answers_by_intake["person_id"].tolist() == ["anna", "bo", "cy"]
    assert delivery.answers_by_intake["education"].tolist() == ["upper_secondary", "no_answer", "compulsory"]
    assert counts(delivery)["nybesök.csv", "", "empty_beside_answers"] == 2
    assert delivery.quarantine.empty


def test_numbers_are_scaled_to_whole_steps(tmp_path):
    scaled = INSTRUMENT.replace('derive = "age"\nminimum = 18\nmaximum = 64', "scale = 10\nminimum = 0\nmaximum = 100")
    delivery = intake(tmp_path, "anna;2020-01;N;2;ja;4,26;K\nbo;2020-01;N;2;ja;12;M\n", instrument=scaled)
    # 4.26 · 10 = 42.6 → 43; 12 · 10 lies above 100
    assert delivery.answers_by_intake["age"].fillna(-1).tolist() == [43, -1]
    assert counts(delivery)["nybesök.csv", "Födelseår", "out_of_range"] == 1


@pytest.mark.parametrize("written", ["1990", "1990-05", "19900517", "1990-05-17"])
def test_a_birth_year_may_be_part_of_a_date(tmp_path, written):
    delivery = intake(tmp_path, f"anna;2020-01;N;2;ja;{written};K\n")
    assert delivery.answers_by_intake["age"].tolist() == [30]


def test_an_item_that_is_never_used_is_never_read(tmp_path):
    unused = INSTRUMENT.replace('use = "audit"\ngrounds = ["sex"]', 'use = "never"')
    answers = intake(tmp_path, "anna;2020-01;N;2;ja;1990;K\n", instrument=unused).answers_by_intake
    assert "sex" not in answers


def test_answers_that_hold_for_all_cases_have_no_month(tmp_path):
    timeless = INSTRUMENT.replace(
        'columns = { person = "Person", month = "Månad", area = "Område" }',
        'columns = { person = "Person" }\nvalid_for_all_cases = true',
    ).replace('derive = "age"\n', "")
    delivery = intake(
        tmp_path, "anna;2;ja;30;K\n", instrument=timeless, head="Person;Utbildning;Arbete;Födelseår;Kön\n"
    )
    assert delivery.answers_by_intake["answered_month"].isna().tolist() == [True]


def test_too_many_unknown_codes_stop_the_run(tmp_path):
    rows = "".join(f"p{n};202{n % 2}-01;N;{'Gymn' if n < 2 else 2};ja;1990;K\n" for n in range(10))
    with pytest.raises(SurveyDataError) as caught:
        intake(tmp_path, rows, max_unknown_code_share=0.1)
    assert "'Utbildning' (item education): 2 of 10 answers are not known (20.0%, allowed 10.0%)" in str(caught.value)
    assert "Gymn" not in str(caught.value)


def test_just_enough_known_codes_go_on(tmp_path):
    rows = "".join(f"p{n};2020-01;N;{'Gymn' if n < 1 else 2};ja;1990;K\n" for n in range(10))
    answers = intake(tmp_path, rows, max_unknown_code_share=0.1).answers_by_intake
    assert answers["education"].tolist() == [NO_ANSWER, *["upper_secondary"] * 9]


def _years(*unknown_n, of=40, word="Gymn"):
    """`of` rows a year from 2020 on, so many of them with an answer that nobody knows."""
    return "".join(
        f"p{year}_{n};{2020 + year}-01;N;{word if n < some else 2};ja;1990;K\n"
        for year, some in enumerate(unknown_n)
        for n in range(of)
    )


def test_too_many_unknown_codes_in_one_year_stop_the_run_and_are_shown(tmp_path):
    # 12 of 400 answers are 3 %; all of them in the newest year are 30 % of it
    with pytest.raises(SurveyDataError) as caught:
        intake(tmp_path, _years(*[0] * 9, 12), max_unknown_code_share=0.05)
    message = str(caught.value)
    assert "nybesök.csv, 2029: 'Utbildning' (item education): 12 of 40 answers are not known (30.0%" in message
    assert "'Gymn'. Add what was written as an alias of a level, or to no_answer" in message
    known = INSTRUMENT.replace('aliases = ["2"]', 'aliases = ["2", "Gymn"]')  # what the message says to do
    (tmp_path / "again").mkdir()
    delivery = intake(tmp_path / "again", _years(*[0] * 9, 12), known, max_unknown_code_share=0.05)
    assert set(delivery.answers_by_intake["education"]) == {"upper_secondary"}


def test_what_is_unknown_in_many_years_is_told_of_the_file(tmp_path):
    with pytest.raises(SurveyDataError, match=r"nybesök.csv: 'Utbildning' \(item education\): 80 of 160 answers"):
        intake(tmp_path, _years(20, 20, 20, 20), max_unknown_code_share=0.05)


MANGLED = {
    "another encoding": ("FÃ¶rgymnasialÃ¥", "Förgymnasialå", "read in another encoding"),
    "of a Mac": ("Förgymnasialå".encode("mac_roman").decode("cp1252"), "Förgymnasialå", "in another encoding"),
    "letters lost": ("F?rgymnasial?", "Förgymnasialå", "written as a question mark"),
    "errors of a sheet": ("#REFERENS!", "", "errors of a spreadsheet"),
    "formulas": ("=HYPERLINK(1)", "", "are formulas"),
}


@pytest.mark.parametrize(("written", "known", "told"), MANGLED.values(), ids=MANGLED.keys())
def test_what_a_program_did_to_answers_is_told(tmp_path, written, known, told):
    instrument = INSTRUMENT.replace('aliases = ["2"]', f'aliases = ["2", "{known or "Gymn"}"]')
    with pytest.raises(SurveyDataError, match=f"12 in the file .*{told}") as caught:
        intake(tmp_path, _years(*[0] * 9, 12, word=written), instrument, max_unknown_code_share=0.02)
    assert "alias" not in str(caught.value) and "nybesök.csv, 2029" in str(caught.value)


def test_numbers_beyond_the_limits_of_their_item_stop_the_run_in_a_year_too(tmp_path):
    rows = _years(*[0] * 10).replace("2029-01;N;2;ja;1990", "2029-01;N;2;ja;1905", 12)
    with pytest.raises(SurveyDataError) as caught:
        intake(tmp_path, rows, max_unknown_code_share=0.05)
    assert "nybesök.csv, 2029: 'Födelseår' (item age): 12 of 40 answers are not among the 0 to 110" in str(caught.value)
    silent = INSTRUMENT.replace('derive = "age"', 'derive = "age"\nno_answer = ["1905"]')  # what the message says
    (tmp_path / "again").mkdir()
    delivery = intake(tmp_path / "again", rows, silent, max_unknown_code_share=0.05)
    assert delivery.answers_by_intake["age"].isna().sum() == 12


def test_years_that_a_sheet_shows_as_days_are_told(tmp_path):
    with pytest.raises(SurveyDataError, match="40 in the file are years that a sheet shows as days"):
        intake(tmp_path, _years(0).replace("1990", "1905-06-12"), max_unknown_code_share=0.05)


def test_two_slips_in_a_year_stop_nothing(tmp_path):
    delivery = intake(tmp_path, _years(*[0] * 9, 2), max_unknown_code_share=0.02)  # 5 % of the year
    assert (delivery.answers_by_intake["education"] == NO_ANSWER).sum() == 2


def test_slips_of_the_pen_in_a_small_year_stop_nothing(tmp_path):
    # one of a hundred birth years is written 1899, which happens to be four of a year's forty: a limit of 5 % is two
    rows = _years(*[0] * 10).replace("2029-01;N;2;ja;1990", "2029-01;N;2;ja;1899", 4)
    delivery = intake(tmp_path, rows, max_unknown_code_share=0.05)
    assert delivery.answers_by_intake["age"].isna().sum() == 4


def test_too_many_rows_set_aside_in_one_year_stop_the_run(tmp_path):
    rows = _years(*[0] * 10).replace("2029-01", "2029-13", 9)
    with pytest.raises(SurveyDataError, match=r"nybesök.csv, 2029: 9 of 40 rows can't be used \(22.5%, allowed 5.0%"):
        intake(tmp_path, rows, max_quarantined_share=0.05)


@pytest.mark.parametrize("what", ["one more", "one less", "one before"])
def test_rows_with_another_number_of_cells_count_in_their_year(tmp_path, what):
    form = {"one more": "{};x", "one before": "x;{}", "one less": "{}"}[what]
    rows = [form.format(row[: -2 if what == "one less" else None]) for row in _years(9).splitlines()]
    rows = [row.replace("2020", "2029") for row in rows]
    broken = "\n".join(rows[:9]) + "\n"  # 9 of 409 rows; of 2029 they are 9 of 49
    with pytest.raises(SurveyDataError, match=r"nybesök.csv, 2029: 9 of 49 rows .* whole row: wrong_number_of_cells 9"):
        intake(tmp_path, _years(*[0] * 10) + broken, max_quarantined_share=0.05)


def test_too_many_unusable_rows_stop_the_run(tmp_path):
    rows = "".join(f"p{n};202{n % 2}-{13 if n < 3 else 1:02d};N;2;ja;1990;K\n" for n in range(10))
    with pytest.raises(SurveyDataError) as caught:
        intake(tmp_path, rows, max_quarantined_share=0.2)
    message = str(caught.value)
    assert "nybesök.csv: 3 of 10 rows can't be used (30.0%, allowed 20.0%)" in message
    assert "Månad: month_out_of_range 3" in message


def test_an_item_without_any_answer_stops_the_run(tmp_path):
    with pytest.raises(SurveyDataError, match=r"'Arbete' \(item work\): 0 of 1 rows have an answer"):
        intake(tmp_path, "anna;2020-01;N;2;-;1990;K\n")


def test_a_heading_may_change_with_the_year_of_the_answer(tmp_path):
    renamed = INSTRUMENT.replace('intake = "Arbete"', 'intake = "Arbete", "intake.2021" = "Jobb", "intake.2022" = ""')
    rows = "anna;2020-01;N;2;ja;1990;K;\nbo;2021-01;N;2;;1990;M;nej\ncy;2022-01;N;2;ja;1990;M;ja\n"
    delivery = intake(tmp_path, rows, renamed, HEAD.strip() + ";Jobb\n")
    assert delivery.answers_by_intake["work"].tolist() == ["yes", "no", NOT_ASKED]
    (tmp_path / "again").mkdir()
    with pytest.raises(SurveyDataError, match=r"1 of 2 headings were not found: 'Jobb' \(item work in 2021\)"):
        intake(tmp_path / "again", rows.replace(";\n", "\n").replace(";nej", "").replace(";ja\n", "\n"), renamed)


def test_a_year_may_have_a_heading_and_a_file_of_its_own(tmp_path):
    renamed = INSTRUMENT.replace('intake = "Arbete"', '"intake.2021" = "Jobb"').replace("nybesök.csv", "nybesök*.csv")
    folder = write_village(
        tmp_path, intake=HEAD.replace("Arbete", "Jobb") + "bo;2021-01;N;2;nej;1990;M\n", survey=False
    )
    (folder / "nybesök 2020.csv").write_text(HEAD + "anna;2020-01;N;2;ja;1990;K\n", encoding="utf-8")
    delivery = read_delivery(folder, village_instrument(tmp_path, without_survey(renamed)), village_settings())
    assert delivery.answers_by_intake["work"].tolist() == [NOT_ASKED, "no"]


def test_a_year_in_the_name_of_an_intake_file_tells_the_heading_and_not_the_month(tmp_path):
    renamed = INSTRUMENT.replace('intake = "Arbete"', 'intake = "Arbete", "intake.2021" = "Jobb"')
    renamed = renamed.replace("nybesök.csv", "nybesök {year}.csv")
    folder = write_village(tmp_path, survey=False)
    (folder / "nybesök.csv").rename(folder / "nybesök 2020.csv")
    later = HEAD.replace("Arbete", "Jobb") + "bo;2021-02;N;2;nej;1990;M\n"
    (folder / "nybesök 2021.csv").write_text(later, encoding="utf-8")
    answers = read_delivery(folder, village_instrument(tmp_path, without_survey(renamed)), village_settings())
    answers = answers.answers_by_intake
    assert answers["answered_month"].tolist() == [2020 * 12, 2020 * 12 + 2, 2021 * 12 + 1]
    assert answers["work"].tolist() == ["yes", "no", "no"]


def test_joined_areas_are_one_in_every_month_and_source(tmp_path):
    joined = INSTRUMENT.replace(
        'name = "village"', 'name = "village"\nareas = [{ into = "nord", from = "SYD", since = "2020-03" }]'
    )
    delivery = read_village(tmp_path, instrument=joined)
    assert set(delivery.answers_by_intake["area"]) == set(receipts_of(delivery)["area"]) == {"Nord"}
    assert counts(delivery)["nybesök.csv", "Område", "respelled"] == 1


COHORT = """
format = 1
name = "cohort"
municipality = { code = "1", name = "C" }
life_areas = { work = { sv = "a", en = "a" } }
[[parts]]
id = "meeting"
month = 0
text = { sv = "p", en = "p" }
who = { sv = "p", en = "p" }
[sources.cohort]
files = "cohort.csv"
columns = { outcome = "y", year = "t" }
year_offset = 1980
outcome_codes = { "yes" = 1, "no" = 0 }
""" + INSTRUMENT[INSTRUMENT.index("[[items]]") : INSTRUMENT.index('[[items]]\nid = "work"')].replace(
    'columns = { intake = "Utbildning", survey = "Utbildning", "survey.2021" = "Utbildningsnivå" }',
    'columns = { cohort = "e" }',
)


def labelled(tmp_path, content, instrument=COHORT):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "cohort.csv").write_text(content, encoding="utf-8")
    return read_delivery(folder, village_instrument(tmp_path, instrument), village_settings())


def test_a_labelled_cohort_skips_the_register(tmp_path):
    delivery = labelled(tmp_path, "y;t;e\nyes;1;2\nno;2;1\nmaybe;2;1\n;2;1\nno;x;1\n")
    cases = delivery.labelled_cases
    assert cases["outcome"].tolist() == [1, 0, pd.NA, pd.NA]
    assert str(cases["outcome"].dtype) == "Int8"
    assert cases["intake_year"].tolist() == [1981, 1982, 1982, 1982]
    assert cases["education"].tolist() == ["upper_secondary", "compulsory", "compulsory", "compulsory"]
    assert cases["case_id"].is_unique and cases["case_id"].tolist() == cases["person_id"].tolist()
    assert delivery.receipts is None and delivery.answers_by_intake is None and delivery.answers_by_survey is None
    assert counts(delivery)["cohort.csv", "y", "unknown_outcome"] == 2
    assert counts(delivery)["cohort.csv", "t", "unreadable_year"] == 1


def test_equal_rows_without_persons_are_different_people(tmp_path):
    delivery = labelled(tmp_path, "y;t;e\nyes;1;2\nyes;1;2\n")
    assert len(delivery.labelled_cases) == 2
    assert counts(delivery)["cohort.csv", "", "identical_row"] == 1


def test_a_person_of_a_cohort_may_have_several_cases(tmp_path):
    with_person = COHORT.replace(
        'columns = { outcome = "y", year = "t" }', 'columns = { outcome = "y", year = "t", person = "p" }'
    )
    delivery = labelled(tmp_path, "y;t;e;p\nyes;1;2;a\nyes;1;2;a\nno;2;2;a\n", with_person)
    assert delivery.labelled_cases["person_id"].tolist() == ["a", "a"]
    assert counts(delivery)["cohort.csv", "", "repeated_row"] == 1


def test_an_outcome_may_lie_above_a_limit(tmp_path):
    above = COHORT.replace('outcome_codes = { "yes" = 1, "no" = 0 }', "outcome_above = 8")
    delivery = labelled(tmp_path, "y;t;e\n8;1;2\n8,5;1;2\n20;1;1\n;1;1\n", above)
    assert delivery.labelled_cases["outcome"].tolist() == [0, 1, 1, pd.NA]


@pytest.mark.parametrize("files", ["two", "one"])
def test_a_heading_may_change_in_the_middle_of_a_year(tmp_path, files):
    old, new = "anna;2021-01;Nord;2;ja;1990;K\n", "bo;2021-09;Syd;2;nej;1960;M\n"
    renamed = INSTRUMENT.replace('intake = "Arbete"', 'intake = "Arbete", "intake.2021" = "Jobb"')
    both = (
        HEAD.replace("Kön", "Kön;Jobb") + old.replace("K\n", "K;\n") + new.replace("nej", "").replace("M\n", "M;nej\n")
    )
    folder = write_village(tmp_path, survey=False, intake=HEAD + old if files == "two" else both)
    if files == "two":
        (folder / "nybesök 2.csv").write_text(HEAD.replace("Arbete", "Jobb") + new, encoding="utf-8")
    known = village_instrument(tmp_path, without_survey(renamed.replace('"nybesök.csv"', '"nybesök*.csv"')))
    answers = read_delivery(folder, known, village_settings()).answers_by_intake
    assert answers["work"].tolist() == ["yes", "no"]


def test_answers_that_are_all_of_the_month_of_the_export_stop_the_run(tmp_path):
    rows = "".join(f"p{n};2026-01;N;2;ja;1990;K\n" for n in range(120))
    with pytest.raises(
        SurveyDataError, match="120 of 120 rows of that year are of one month, 2026-01 .* not of the export"
    ):
        intake(tmp_path, rows)


def test_persons_asked_who_are_not_in_the_register_are_told(tmp_path):
    delivery = intake(tmp_path, "anna;2020-01;N;2;ja;1990;K\ncy;2020-02;N;2;ja;1990;K\n")
    assert counts(delivery)["intake", "person", "not_in_register"] == 1


@pytest.mark.parametrize("limit", ["max_unknown_code_share", "max_quarantined_share"])
@pytest.mark.parametrize(("wrong_n", "is_right"), [(4, True), (9, False)])
def test_a_file_of_a_single_year_has_the_room_of_a_year(tmp_path, limit, wrong_n, is_right):
    # chance makes 4 of 60 where the long run's share is 2 %, and hardly 9
    rows = _years(wrong_n, of=60)
    if limit == "max_quarantined_share":
        rows = _years(0, of=60).replace("2020-01", "2020-13", wrong_n)
    if is_right:
        assert len(intake(tmp_path, rows, **{limit: 0.02}).answers_by_intake) >= 56
    else:
        with pytest.raises(SurveyDataError, match=rf"nybesök.csv: .*{wrong_n} of 60"):
            intake(tmp_path, rows, **{limit: 0.02})
