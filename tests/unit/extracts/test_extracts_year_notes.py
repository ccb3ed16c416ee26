import pandas as pd
import pyarrow as pa
import pytest
from village import INSTRUMENT, village_instrument

from riskmodel.extracts.unknown import UNKNOWN_COLUMNS
from riskmodel.extracts.year_changes import YearNote
from riskmodel.extracts.year_notes import Answers, year_notes
from riskmodel.ground.text import Text

NOTHING_UNKNOWN = pd.DataFrame(columns=[*UNKNOWN_COLUMNS, "file", "source"])


def rows(year, n, **changes):
    """`n` answers of one year, half of them of each kind."""
    usual = {
        "person_id": [f"p{place}" for place in range(n)],
        "area": ["Nord", "Syd"] * (n // 2),
        "education": ["compulsory", "upper_secondary"] * (n // 2),
        "work": ["yes", "no"] * (n // 2),
        "age": [20.0 + place % 40 for place in range(n)],
    }
    return pd.DataFrame({**usual, **changes}).assign(month=[year * 12 + place % 12 for place in range(n)])


def paid(people, months):
    """A register: whom something was paid to, and when; all in one area."""
    area = ["Nord"] * len(people)
    columns = {"person_id": pa.array(people).dictionary_encode(), "month": pa.array(months, pa.int32())}
    return pa.table({**columns, "area": pa.array(area)})


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
        # months instead of years
        ({"age": [12.0 * (20 + place) for place in range(40)]}, ["intake: age: level jumped 2026"]),
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
    receipts = paid([f"p{place}" for place in range(900)], months)
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
            "person_id": [f"p{place}" for place in range(2 * n)],
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


def test_a_year_without_recoveries_is_told(tmp_path):
    # a fifth of 600 rows, and rows of one person count as a sixth: twenty are expected where none is
    amounts = [-500_00 if place % 5 == 0 else 8_000_00 for place in range(600)]
    receipts = pa.table(
        {
            "person_id": [f"p{place}" for place in range(1200)],
            "month": [2024 * 12] * 600 + [2025 * 12] * 600,
            "area": ["Nord"] * 1200,
            "amount_ore": [*amounts, *map(abs, amounts)],
        }
    )
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), receipts=receipts) == ["register: recoveries: gone 2025"]
    receipts = receipts.set_column(3, "amount_ore", pa.array(amounts * 2))
    assert notes(tmp_path, rows(2024, 40), rows(2025, 40), receipts=receipts) == []


def survey(year, people, **changes):
    """A survey of one year: whom it asked, and what each answered to seven questions, age among them."""
    asked = pd.DataFrame(
        {"person_id": [f"p{n}" for n in people], "area": "Nord", "age": [20.0 + year % 100 + n % 40 for n in people]}
    )
    answers = {f"item_{k}": [str((n * (k + 3) + n // 7) % 5) for n in people] for k in range(6)}
    return asked.assign(survey_year=year, **{**answers, **changes})


def survey_notes(tmp_path, *years):
    rows = pd.concat(years, ignore_index=True)
    found = year_notes(
        [Answers("survey", rows, rows["survey_year"])],
        None,
        NOTHING_UNKNOWN,
        village_instrument(tmp_path, INSTRUMENT),
    )
    return found["note"].tolist()


def test_a_survey_whose_people_stay_and_answer_alike_has_no_notes(tmp_path):
    # two thirds are asked again, with the very same answers
    assert survey_notes(tmp_path, *(survey(2020 + k, range(20 * k, 20 * k + 60)) for k in range(4))) == []
    assert survey_notes(tmp_path, survey(2020, range(9)), survey(2021, range(9))) == []  # too few to say


def test_a_year_of_the_survey_that_is_missing_between_two_is_told(tmp_path):
    years = [survey(2020 + k, range(20 * k, 20 * k + 60)) for k in (0, 1, 4)]
    assert survey_notes(tmp_path, *years) == ["survey: rows: gone 2023", "survey: rows: gone 2022"]


@pytest.mark.parametrize("earlier", [2020, 2021])
def test_a_year_of_the_survey_that_is_delivered_again_is_told(tmp_path, earlier):
    years = {2020 + k: survey(2020 + k, range(20 * k, 20 * k + 60)) for k in range(4)}
    again = years[earlier].assign(survey_year=2022, age=years[earlier]["age"] + 2022 - earlier)
    others = [years[2020], years[2021], years[2023]]
    expected = [f"survey: answers of {earlier}: again 2022"]
    assert survey_notes(tmp_path, *others, again) == expected
    corrected = again.assign(item_0=["9"] * 20 + [*again["item_0"][20:]])
    assert survey_notes(tmp_path, *others, corrected.iloc[3:]) == expected
    added = pd.concat([again, survey(2022, range(500, 530))])  # its own people beside them
    assert survey_notes(tmp_path, *others, added) == expected
    other_people = again.assign(item_1="x", item_2="x")  # the same people, asked anew
    assert survey_notes(tmp_path, *others, other_people) == []


def test_a_year_whose_persons_are_not_in_the_register_is_told(tmp_path):
    people = [f"p{n}" for n in range(400)]
    months = [2020 * 12 + n % 36 for n in range(400)]
    receipts = paid(people, months)
    rows = [survey(2020 + k, range(20 * k, 20 * k + 60)) for k in range(3)]
    rows[2]["person_id"] = "q" + rows[2]["person_id"]
    both = pd.concat(rows, ignore_index=True)
    instrument = village_instrument(tmp_path, INSTRUMENT)
    found = year_notes([Answers("survey", both, both["survey_year"])], receipts, NOTHING_UNKNOWN, instrument)
    assert found["note"].tolist() == ["survey: persons in the register: gone 2022"]


def test_unknown_answers_are_told_in_their_first_year_and_when_they_are_others_or_more(tmp_path):
    # 2022 as few as before; 2023: 9 of 100 where 1 was, .09 - .01 > 4 * sqrt(2 * .05 * .95 / 100) = .123 does not hold;
    # 2024: 40 of 100 after 9, .31 > 4 * sqrt(2 * .245 * .755 / 100) = .243; 2025: as many, and another word
    shares = {2021: 1, 2022: 1, 2023: 9, 2024: 40, 2025: 40, 2026: 40}
    rows = [
        {"item": "work", "heading": "Arbete", "year": year, "n": n, "answered_n": 100, "cause": None, "file": "a.csv"}
        | {"source": "intake", "words": {2025: "'kanske'", 2026: "'kanske'"}.get(year, "")}
        for year, n in shares.items()
    ]
    told = year_notes([], None, pd.DataFrame(rows), village_instrument(tmp_path))
    assert told["year"].tolist() == [2025, 2024, 2021] and told["words"].tolist() == ["'kanske'", "", ""]
    assert told[["before", "now"]].to_numpy().tolist() == [[0.4, 0.4], [0.09, 0.4], [0.0, 0.01]]


def test_a_birth_year_that_stands_for_many_is_told(tmp_path):
    # 40 people of 20 to 59; in 2026 twelve of them were born in 1980
    usual = {"age": [float(20 + place) for place in range(40)]}
    filled = {"age": [46.0] * 12 + [float(20 + place) for place in range(28)]}
    right = notes(tmp_path, rows(2025, 40, **usual), rows(2026, 40, **usual))
    assert right == []
    told = notes(tmp_path, rows(2025, 40, **usual), rows(2026, 40, **filled))
    assert told == ["intake: age: one birth year for many 2026"]
