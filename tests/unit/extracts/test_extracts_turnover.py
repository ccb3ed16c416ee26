import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from village import village_settings

from riskmodel.extracts.crowds import check_crowds
from riskmodel.extracts.turnover import check_turnover
from riskmodel.ground.errors import SurveyDataError

FIRST, TURN = 2023 * 12, 2024 * 12
LIMITS = village_settings().delivery
IDS_READ = pa.dictionary(pa.int32(), pa.string())
AS_READ = pa.schema({"person_id": IDS_READ, "household_id": IDS_READ, "month": pa.int32()})
RIGHT = (50, 1)  # persons, of whom one leaves and one comes in each month


def register(change=None, *, months_n=24, persons=RIGHT):
    """Rows of one household for every two persons; change: (person, household, month) → ids."""
    all_n, moving_n = persons
    rows = []
    for at in range(months_n):
        for one in range(at * moving_n, at * moving_n + all_n):
            ids = (f"P{one}", f"H{one // 2}")
            rows.append((*(change(*ids, FIRST + at) if change else ids), FIRST + at))
    person, home, month = zip(*rows, strict=True)
    texts = {name: pa.array(ids).dictionary_encode() for name, ids in (("person_id", person), ("household_id", home))}
    return pa.table({**texts, "month": pa.array(month, pa.int32()), "amount_ore": [100] * len(rows)})


def refused(table) -> SurveyDataError:
    with pytest.raises(SurveyDataError) as caught:
        list(check_turnover(table, ()))
    return caught.value


def each_year(person, home, month):
    return f"{person} {month // 12}", home


def test_persons_with_a_key_of_their_own_each_year_stop_the_run_until_accepted():
    table = register(each_year)
    told = refused(table)
    assert "in 1 months, the first 2024-01 and the last 2024-01" in str(told)
    # of 49 months of others one in fifty leaves, and in the first month of all everybody stays
    assert "100% of those with a row then have none" in str(told) and "in other months 2% are gone" in str(told)
    assert told.said("sv").startswith("sources.register, person: i 1 månader")
    (note,) = check_turnover(table, {"register: person 2024-01: other_ids"})
    assert (note.reason, note.n) == ("other_ids", 50)
    assert [*check_turnover(register(), ())] == []


def test_a_key_that_changes_in_any_month_or_every_month_is_told():
    assert "first 2023-06 and the last 2023-06" in str(
        refused(register(lambda p, h, month: (f"{p} {month >= FIRST + 5}", h)))
    )
    told = str(refused(register(lambda p, h, month: (f"{p} {month}", h))))
    assert "in 23 months" in told and "in other months – are gone" in told


def test_numbers_that_are_given_again_to_others_are_told():
    # numbered in the order of the year's first month: of the fifty of December 39 have come since January
    def numbered(person, home, month):
        return f"P{int(person[1:]) - (month // 12 * 12 - FIRST)}", home

    moved = str(refused(register(numbered, persons=(50, 4))))
    assert "have a household both then and the month before have another one" in moved or "are new" in moved


def test_households_made_anew_are_told_and_persons_who_move_are_not():
    told = refused(register(lambda person, home, month: (person, f"{home} {month // 12}")))
    assert "100% of those who have a household both then and the month before have another one" in str(told)
    assert 'note = "register: household 2024-01: other_ids"' in str(told)

    def half(person, home, month):
        return person, f"{home} {month // 12}" if int(person[1:]) % 2 else home

    assert [*check_turnover(register(half), ())] == []
    assert [*check_turnover(register(lambda person, home, month: (person, "")), ())] == []


@pytest.mark.parametrize("months_n", [12, 13])
def test_rows_that_are_missing_are_no_other_ids(months_n):
    chances = np.random.default_rng(3)
    whole = register(months_n=months_n, persons=(400, 20))
    late = whole.filter(chances.random(whole.num_rows) > 0.25)
    assert [*check_turnover(late, ())] == []
    half_n = whole.num_rows - 200  # the newest month half delivered
    assert [*check_turnover(whole.slice(0, half_n), ())] == []


def test_fewer_than_twenty_say_nothing():
    assert [*check_turnover(register(each_year, persons=(19, 1)), ())] == []
    assert [*check_turnover(register().slice(0, 0), ())] == []


def _asked(year, ids):
    return pd.DataFrame({"person_id": ids, "year": year})


def test_a_survey_whose_persons_are_not_in_the_register_stops_the_run():
    table, known = register(), [f"P{one}" for one in range(20)]
    strangers = [f"Q{one}" for one in range(21)]

    def crowds(survey, accepted=()):
        return check_crowds({"register": table.select(["month", "person_id"]), "survey": survey}, None, accepted)

    with pytest.raises(SurveyDataError, match=r"21 of 41 persons of the survey of 2023 are not in the register"):
        crowds(_asked(2023, known + strangers))
    assert [one.n for one in crowds(_asked(2023, known + strangers), {"survey: 2023: strangers"})] == [21]
    assert crowds(_asked(2023, known + strangers[:20])) == []
    assert crowds(_asked(2022, strangers)) == []  # the register begins later
    assert crowds(_asked(2023, strangers[:19])) == []


@pytest.mark.parametrize(
    ("months", "told"),
    [
        ((1, 4, 7, 10), "2023-01, 2023-04, 2023-07, 2023-10"),
        ((3, 6, 9, 12), "2023-03, 2023-06, 2023-09, 2023-12"),
        ((1, 7), "2023-01, 2023-07"),
        ((1, 2, 3), ""),  # of a year that has begun
        ((11, 12), ""),
        (range(1, 13), ""),
        ((1, 3, 5, 7, 9), ""),
    ],
)
def test_quarters_written_as_months_stop_the_run(months, told):
    asked = pd.DataFrame({"person_id": [f"P{n}" for n in range(60)], "year": 2023})
    asked["month_of_year"] = [months[n % len(months)] for n in range(60)]
    if not told:
        assert check_crowds({"intake": asked}, None, ()) == []
        return
    with pytest.raises(SurveyDataError, match=f"60 of 60 rows .* lie apart, {told} ") as caught:
        check_crowds({"intake": asked}, None, ())
    assert 'note = "intake: 2023: few_months"' in str(caught.value)
    assert [one.n for one in check_crowds({"intake": asked}, None, {"intake: 2023: few_months"})] == [60]
    assert check_crowds({"intake": asked[:29]}, None, ()) == []


def test_a_household_column_that_holds_persons_stops_the_run():
    def crowds(homes, accepted=()):
        ids = {"person_id": [f"P{n}" for n in range(100)], "household_id": homes, "month": [TURN] * 100}
        return check_crowds({"register": pa.table({**ids}).cast(AS_READ)}, LIMITS, accepted)

    alone = [f"P{n}" for n in range(100)]
    with pytest.raises(SurveyDataError, match="100 of 100 persons with a household have their own id") as caught:
        crowds(alone)
    assert 'note = "register: household: own_id"' in str(caught.value)
    assert [one.n for one in crowds(alone, {"register: household: own_id"})] == [100]
    assert crowds([f"P{n - n % 2}" for n in range(100)]) == []  # called as one of two is
    assert crowds([f"H{n}" for n in range(100)]) == []  # of applicants alone, in a series of their own
    assert crowds([*alone[:99], ""]) == []  # of 99 nothing is said


def of_closed(leaving_months):
    """A register of 100 persons a month, of whom ten leave and ten come, but in `leaving_months` nobody leaves."""
    here, n, rows = [*range(100)], 100, []
    for at in range(48):
        rows += [(f"P{one}", FIRST + at) for one in here]
        if at not in leaving_months:
            here, n = [*here[10:], *range(n, n + 10)], n + 10
    person, month = zip(*rows, strict=True)
    ids = pa.array(person).dictionary_encode()
    homes = pa.array([""] * len(rows)).dictionary_encode()
    table = pa.table({"person_id": ids, "household_id": homes, "month": pa.array(month, pa.int32())})
    return table.append_column("amount_ore", pa.array([100] * len(rows)))


def test_months_that_nobody_leaves_stop_the_run():
    # the last two months can't tell; of those before three hold nobody who leaves, and 300 rows of whom 30 usually do
    told = refused(of_closed({43, 44, 45}))
    assert "in 3 months, the first 2026-08 and the last 2026-10, 0% of those with a row in the month" in str(told)
    assert "10% is usual" in str(told) and told.said("sv").startswith("sources.register: i 3 månader")
    (note,) = check_turnover(of_closed({43, 44, 45}), {"register: 2026-10: nobody_leaves"})
    assert (note.reason, note.n) == ("nobody_leaves", 100)


@pytest.mark.parametrize("months", [set(), {44, 45}, {46, 47}, {30, 33, 36}, {*range(24)}])
def test_two_months_that_nobody_leaves_are_chance_and_a_register_fills_for_two_years(months):
    assert [*check_turnover(of_closed(months), ())] == []


def test_a_register_of_open_cases_alone_stops_the_run():
    # ten come each month and nobody leaves; 300 came in the first month and 340 in the 34 after it
    rows = [(f"P{one}", FIRST + at) for at in range(48) for one in range(300 + 10 * at)]
    person, month = zip(*rows, strict=True)
    ids = {"person_id": person, "household_id": [""] * len(rows)}
    table = pa.table({name: pa.array(one).dictionary_encode() for name, one in ids.items()})
    table = table.append_column("month", pa.array(month, pa.int32()))
    table = table.append_column("amount_ore", pa.array([100] * len(rows)))
    assert "640 of the 640 persons whose first row is more than a year old" in str(refused(table))
    name = "register: person: nobody_leaves"
    assert [one.n for one in check_turnover(table, {name})] == [640]  # of a register that nobody leaves, none is usual


def test_rows_without_money_are_nobody_who_stays():
    # a calendar has everybody in every month, and of 300 persons fifteen others are paid each month
    rows = [(f"P{one}", FIRST + at, one // 15 == at % 20) for at in range(48) for one in range(300)]
    person, month, is_paid = zip(*rows, strict=True)
    ids = {"person_id": person, "household_id": [""] * len(rows)}
    table = pa.table({name: pa.array(one).dictionary_encode() for name, one in ids.items()})
    table = table.append_column("month", pa.array(month, pa.int32()))
    assert [*check_turnover(table.append_column("amount_ore", pa.array([100 * one for one in is_paid])), ())] == []
    with pytest.raises(SurveyDataError, match="300 of the 300 persons"):
        list(check_turnover(table.append_column("amount_ore", pa.array([100] * len(rows))), ()))


def test_those_whom_a_young_register_began_with_are_long_cases_and_no_open_ones_alone():
    # 100 in the first of fourteen months, of whom two leave a month: 78 are there in the last three
    rows = [(f"P{one}", FIRST + at) for at in range(14) for one in range(100 - 2 * at)]
    person, month = zip(*rows, strict=True)
    ids = {"person_id": person, "household_id": [""] * len(rows)}
    table = pa.table({name: pa.array(one).dictionary_encode() for name, one in ids.items()})
    table = table.append_column("month", pa.array(month, pa.int32()))
    assert [*check_turnover(table.append_column("amount_ore", pa.array([100] * len(rows))), ())] == []
