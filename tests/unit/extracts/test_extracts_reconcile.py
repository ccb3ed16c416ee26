import pandas as pd
import pyarrow as pa

from riskmodel.extracts.reconcile import receipt_months, reconciliation

JANUARY = 2020 * 12


def receipts(*rows):
    frame = pd.DataFrame(rows, columns=["person_id", "household_id", "month", "amount_ore"]).astype({"month": "int32"})
    return pa.Table.from_pandas(frame, preserve_index=False)


def test_a_month_counts_when_the_households_net_is_above_zero():
    months = receipt_months(
        receipts(
            ("anna", "h1", JANUARY, 500),
            ("bo", "h1", JANUARY, 0),  # shares the household's money
            ("cy", "h2", JANUARY, 500),
            ("cy", "h2", JANUARY, -500),  # recovered: 500 - 500 = 0
            ("di", "", JANUARY, 500),
            ("eva", "", JANUARY, 0),  # no household: alone, not with di
            ("anna", "h1", JANUARY + 1, 700),
            ("anna", "h1", JANUARY + 1, 100),  # two rows, one month
        )
    )
    assert months.values.tolist() == [["anna", JANUARY], ["anna", JANUARY + 1], ["bo", JANUARY], ["di", JANUARY]]


def months_of(person, n, year=2020):
    return [(person, year * 12 + month) for month in range(n)]


def test_survey_and_register_are_counted_against_each_other():
    months = pd.DataFrame(
        [
            *months_of("twelve", 12),
            *months_of("ten", 10),
            *months_of("six", 6),
            *months_of("missed", 11),
            *months_of("ten unasked", 10),
            *months_of("twelve", 3, year=2021),
        ],
        columns=["person_id", "month"],
    )
    survey = pd.DataFrame(
        [("twelve", 2020), ("ten", 2020), ("six", 2020), ("stranger", 2020), ("twelve", 2021)],
        columns=["person_id", "survey_year"],
    )
    found = reconciliation(survey, months).set_index("survey_year")
    of_2020 = found.loc[2020].to_dict()
    expected = {
        "in_survey_n": 4,
        "over_ten_n": 1,
        "ten_n": 1,
        "fewer_n": 1,
        "none_n": 1,
        "in_register_n": 5,
        "register_at_least_ten_n": 4,
        "register_over_ten_n": 2,
        "over_ten_not_in_survey_n": 1,
        "months_0_n": 1,
        "months_6_n": 1,
        "months_10_n": 1,
        "months_12_n": 1,
    }
    assert {name: of_2020[name] for name in expected} == expected
    assert sum(of_2020[f"months_{n}_n"] for n in range(13)) == of_2020["in_survey_n"]
    assert found.loc[2021, ["in_survey_n", "fewer_n", "months_3_n", "over_ten_n"]].tolist() == [1, 1, 1, 0]
