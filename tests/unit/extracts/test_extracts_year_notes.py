import pandas as pd
import pyarrow as pa
import pytest
from village import INSTRUMENT, village_instrument

from riskmodel.extracts.unknown import UNKNOWN_COLUMNS
from riskmodel.extracts.year_notes import Answers, YearNote, year_notes
from riskmodel.ground.text import Text

NOTHING_UNKNOWN = pd.DataFrame(columns=[*UNKNOWN_COLUMNS, "file", "source"])


def rows(year, n, **changes):
    """`n` answers of one year, half of them of each kind."""
    usual = {
        "area": ["Nord", "Syd"] * (n // 2),
        "education": ["compulsory", "upper_secondary"] * (n // 2),
        "work": ["yes", "no"] * (n // 2),
        "age": [20.0, 40.0] * (n // 2),
    }
    return pd.DataFrame({**usual, **changes}).assign(month=[year * 12 + place % 12 for place in range(n)])


def notes(tmp_path, *years, receipts=None):
    answers = pd.concat(years, ignore_index=True)
    month = answers.pop("month")
    found = year_notes(
        [Answers("intake", answers, month // 12, month)],
        receipts,
        NOTHING_UNKNOWN,
        village_instrument(tmp_path, INSTRUMENT),
    )
    return found["note"].tolist()


def test_a_note_has_a_name_in_each_language():
    one = YearNote(2026, "intake", "work", "gone", 1.0, 0.0, 40)
    assert one.note == Text("intake: work: borta 2026", "intake: work: gone 2026")
    area = one._replace(about="area Nord", what="level jumped", is_area=True)
    assert area.note == Text("intake: område Nord: nivån hoppade 2026", "intake: area Nord: level jumped 2026")
    assert one._replace(about="rows a month").note.sv == "intake: rader i månaden: borta 2026"


def test_years_that_are_alike_have_no_notes(tmp_path):
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), rows(2026, 40)) == []


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ({"work": ["no_answer"] * 40}, ["intake: work: gone 2026"]),
        ({"work": ["not_asked"] * 40}, ["intake: work: gone 2026"]),
        ({"age": [float("nan")] * 40}, ["intake: age: gone 2026"]),
        ({"age": [240.0, 480.0] * 20}, ["intake: age: level jumped 2026"]),  # months instead of years
        (
            {"area": ["Nord"] * 40},
            ["intake: area Nord: level jumped 2026", "intake: area Syd: gone 2026"],
        ),
        (
            {"area": ["Nord", "Öst"] * 20},
            ["intake: area Syd: gone 2026", "intake: area Öst: new 2026"],
        ),
        (
            {"education": ["compulsory"] * 39 + ["upper_secondary"]},
            [
                "intake: education = compulsory: level jumped 2026",
                "intake: education = upper_secondary: level jumped 2026",
            ],
        ),
        ({"work": ["yes", "no"] * 15 + ["no_answer"] * 10}, []),  # a quarter of 40: 3.6 standard errors
    ],
)
def test_what_is_new_gone_or_jumped_in_the_newest_year_is_told(tmp_path, newest, expected):
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), rows(2026, 40, **newest)) == expected


def test_a_question_that_begins_is_told_once(tmp_path):
    silent = {"work": ["not_asked"] * 40}
    found = notes(tmp_path, rows(2023, 40, **silent), rows(2024, 40, **silent), rows(2025, 40), rows(2026, 40))
    assert found == ["intake: work: new 2025"]


def test_a_source_that_ends_or_swells_is_told(tmp_path):
    months = [2024 * 12 + place % 36 for place in range(900)]
    receipts = pa.table({"month": pa.array(months, pa.int32()), "area": pa.array(["Nord"] * 900)})
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), receipts=receipts) == ["intake: rows: gone 2026"]
    assert notes(tmp_path, rows(2024, 40), rows(2025, 400)) == ["intake: rows a month: level jumped 2025"]


def test_few_people_give_no_notes(tmp_path):
    # four of eight are expected in Syd: nobody there is chance once in 256, and a year has many such shares
    assert notes(tmp_path, rows(2025, 40), rows(2026, 8, area=["Nord"] * 8)) == []


@pytest.mark.parametrize("n", [1, 8, 18])
def test_a_year_of_few_is_held_against_no_other_whatever_they_answered(tmp_path, n):
    few = rows(2026, 2 * n).iloc[:n].assign(age=95.0, work="yes", education="compulsory", area="Ny")
    assert [
        one for one in notes(tmp_path, rows(2024, 40), rows(2025, 40), few) if "rows" not in one and "gone" not in one
    ] == []
    early = few.assign(month=2023 * 12)
    assert [
        one for one in notes(tmp_path, early, rows(2024, 40), rows(2025, 40)) if "rows" not in one and "gone" not in one
    ] == []


@pytest.mark.parametrize(("column", "about"), [("household_id", "households"), ("exit", "exits")])
def test_a_year_of_the_register_without_households_or_exits_is_told(tmp_path, column, about):
    n = 600
    receipts = pa.table(
        {
            "month": [2024 * 12] * n + [2025 * 12] * n,
            "area": ["Nord"] * 2 * n,
            "household_id": [f"h{place}" for place in range(2 * n)],
            "exit": ["moved"] * 2 * n,
        }
    )
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), receipts=receipts) == []
    gone = pa.array([""] * n + [f"h{place}" for place in range(n)])[::-1]
    receipts = receipts.set_column(receipts.column_names.index(column), column, gone.take(pa.array(range(2 * n))))
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), receipts=receipts) == [f"register: {about}: gone 2025"]
