"""Whatever is remarked of a row or a cell is told in words, in both languages."""

import pytest
from village import INSTRUMENT, INTAKE, counts, read_village, village_instrument

from riskmodel.extracts.quarantine import BLANKED, DROPPED, NOTED, action_of
from riskmodel.extracts.refusals import REASONS
from riskmodel.extracts.schema import KEY_COLUMNS, answers_schema
from riskmodel.ground.errors import SurveyDataError

OF_WHOLE_ROWS = {
    "wrong_number_of_cells",
    "second_table",
    "contradictory_answers",
    "month_after_gap",
}  # set aside by no schema
OF_PROGRAMS = {"blank_month", "blank_amount", "sheet_error", "shown_as_day", "midnight_elsewhere", "day_number_beside"}


def test_every_reason_has_its_words_and_none_is_left_over(tmp_path):
    items = village_instrument(tmp_path, INSTRUMENT).items
    columns = [*KEY_COLUMNS.values(), *answers_schema(items, []).columns.values()]
    of_schemas = {check.error for column in columns for check in column.checks}
    assert {*BLANKED, *DROPPED, *NOTED, *OF_WHOLE_ROWS, *OF_PROGRAMS, *of_schemas} == set(REASONS)


@pytest.mark.parametrize(
    ("reason", "action"),
    [("cell_over_lines", "noted"), ("month_after_gap", "quarantined"), ("unknown_code", "blanked")],
)
def test_what_became_of_it_is_told(reason, action):
    assert action_of(reason) == action


@pytest.mark.parametrize(
    ("month", "reason", "told"),
    [
        ("#N/A", "sheet_error", "Errors of a spreadsheet, such as #REF!, are no values"),
        ("2019-12-31 23:00:00", "midnight_elsewhere", "2020-12-31 23:00 is the midnight of another day on a clock"),
        ("43831", "day_number_beside", "Day numbers such as 44286 beside months in another form"),
    ],
)
def test_what_a_program_did_to_a_month_is_told_once_a_row(tmp_path, month, reason, told):
    last = "2020-03-31 22:00:00" if reason == "midnight_elsewhere" else "2020-03"  # all times of its column are such
    head, anna, bo = INTAKE.replace("2020-01", month).replace("2020-03", last).splitlines()
    intake = "\n".join([head, anna, anna.replace("anna", "cid"), anna.replace("anna", "dan"), f"{bo}\n"])
    n = 4 if reason == "midnight_elsewhere" else 3
    read = read_village(tmp_path, intake=intake)
    assert counts(read)["nybesök.csv", "Månad", reason] == n == len(read.quarantine)
    (tmp_path / "strict").mkdir()
    with pytest.raises(SurveyDataError) as refused:
        read_village(tmp_path / "strict", intake=intake, limits={"max_quarantined_share": 0.0})
    assert told in refused.value.said("en") and f"Månad: {reason} {n}." in refused.value.said("en")
