"""A sheet that lacks little to be read with the others of its file, and one that another source reads."""

from pathlib import Path

import pytest

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.full_sheets import unlike_sheets
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text

FILE = DeliveredFile("svar.xlsx", Path("svar.xlsx"), "survey")
TABLES = {
    FILE: TextTable(
        (),
        (),
        2,
        unread_sheets={"Nybesök": 7},
        unlike_sheets={"Nybesök": Text("bladet är olikt", "the sheet is unlike")},
    )
}


def test_a_sheet_that_lacks_little_stops_the_run_unless_it_is_accepted():
    with pytest.raises(SurveyDataError, match="the sheet is unlike .*survey: Nybesök: sheet_unlike"):
        [*unlike_sheets(TABLES, set(), ())]
    assert [*unlike_sheets(TABLES, set(), {"survey: Nybesök: sheet_unlike"})] == [
        ("survey", "Nybesök", "sheet_unlike", 7)
    ]


def test_a_sheet_that_another_source_reads_is_not_lost():
    assert [*unlike_sheets(TABLES, {(FILE.path, "Nybesök")}, ())] == []
