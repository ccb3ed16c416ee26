"""Lines of a file that are no rows: empty ones, and headings that stand again where files were put together."""

import pytest
from village import INTAKE, REGISTER, counts, read_village, receipts_of

from riskmodel.extracts import full_sheets
from riskmodel.ground.errors import SurveyDataError

HEADINGS, *ROWS = REGISTER.splitlines()


def lines(*parts):
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("empty", [";;;;;;", " ; ;;;;;\t", "\u00a0;;;;;;"])
def test_lines_of_delimiters_alone_are_no_rows(tmp_path, empty):
    read = read_village(tmp_path, register=lines(HEADINGS, empty, *ROWS, empty, empty))
    assert len(receipts_of(read)) == len(ROWS)
    assert read.quarantine.empty
    assert ("register.csv", "", "repeated_row") not in counts(read)
    assert read.files.set_index("file").loc["register.csv", "rows_n"] == len(ROWS)


@pytest.mark.parametrize("again", [HEADINGS, "\ufeff" + HEADINGS, HEADINGS.replace("Hushåll", "Hushållsnummer")])
def test_headings_that_stand_again_are_left_out_and_told(tmp_path, again):
    read = read_village(tmp_path, register=lines(HEADINGS, ROWS[0], again, *ROWS[1:], again))
    assert len(receipts_of(read)) == len(ROWS)
    assert read.quarantine.empty
    told = counts(read)
    assert told["register.csv", "", "headings_again"] == 2
    assert not [key for key in told if key[2] == "word_without_meaning"]


def test_headings_that_stand_again_in_another_order_stop_the_run_and_the_remedy_helps(tmp_path):
    headings, *rows = INTAKE.splitlines()
    turned = [";".join([one.split(";")[place] for place in (0, 1, 2, 4, 3, 5, 6)]) for one in (headings, rows[1])]
    with pytest.raises(SurveyDataError) as refused:
        read_village(tmp_path, intake=lines(headings, rows[0], *turned))
    assert refused.value.said("en") == (
        "nybesök.csv: the headings stand again in row 3, in another order (5 of 7 in their place): below it the "
        "answers would be read under wrong headings. Deliver what stands below as a file of its own, or in the same "
        "order."
    )
    (tmp_path / "remedy").mkdir()
    read = read_village(tmp_path / "remedy", intake=lines(headings, rows[0], headings, rows[1]))
    assert read.answers_by_intake["education"].tolist() == ["upper_secondary", "compulsory"]


def test_a_heading_that_was_not_there_yet_has_not_moved_to_a_column_without_one(tmp_path):
    headings, *rows = INTAKE.splitlines()
    older = f"{headings};;"  # of a year without the remark, whose place is as empty as the nameless column's
    read = read_village(tmp_path, intake=lines(f"{headings};;Anteckning", f"{rows[0]};;", older, f"{rows[1]};;"))
    assert counts(read)["nybesök.csv", "", "headings_again"] == 1
    assert len(read.answers_by_intake) == 2


def test_a_word_that_is_a_heading_too_is_an_answer(tmp_path):
    intake = INTAKE.replace("Gymnasium", "Arbete").replace("ja", "Utbildning")
    told = counts(read_village(tmp_path, intake=intake))
    assert ("nybesök.csv", "", "headings_again") not in told
    assert told["nybesök.csv", "Utbildning", "unknown_code"] == 1


def test_a_row_is_told_by_where_it_stands_in_the_file_though_lines_before_it_are_no_rows(tmp_path):
    bad = ROWS[1].replace("2020", "1020")
    read = read_village(tmp_path, register=lines(HEADINGS, ";;;;;;", ROWS[0], HEADINGS, bad, *ROWS[1:], ROWS[0]))
    assert read.quarantine["row"].tolist() == [5]


def test_a_file_as_long_as_a_sheet_is_full_though_some_of_its_lines_are_no_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(full_sheets, "LAST_ROWS", {7: ".xls"})
    told = "register.csv: the file ends at row 7, the last that a sheet of .xls has"
    with pytest.raises(SurveyDataError, match=told):
        read_village(tmp_path, register=lines(HEADINGS, ";;;;;;", ROWS[0], HEADINGS, *ROWS[1:], ";;;;;;"))
