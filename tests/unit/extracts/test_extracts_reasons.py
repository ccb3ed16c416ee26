"""Whatever is remarked of a row or a cell is told in words, in both languages."""

import pytest
from village import INSTRUMENT, village_instrument

from riskmodel.extracts.quarantine import BLANKED, DROPPED, NOTED, action_of
from riskmodel.extracts.refusals import REASONS
from riskmodel.extracts.schema import KEY_COLUMNS, answers_schema

OF_WHOLE_ROWS = {"wrong_number_of_cells", "contradictory_answers", "month_after_gap"}  # set aside by no schema
OF_PROGRAMS = {"sheet_error", "shown_as_day"}


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
