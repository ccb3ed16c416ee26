import pandas as pd
import pyarrow as pa
import pytest

from riskmodel.extracts.copies import copied_months
from riskmodel.ground.errors import SurveyDataError

FIRST = 2023 * 12
TEXTS = ("person_id", "household_id", "area", "exit")


def rows(amount_of, *, persons_n=60, months_n=14):
    """Each month all but two stay; amount_of: (person, month from 0) → öre."""
    every = [(at, person) for at in range(months_n) for person in range(2 * at, 2 * at + persons_n)]
    columns = {"month": [FIRST + at for at, _ in every], "amount_ore": [amount_of(person, at) for at, person in every]}
    return pd.DataFrame({"person_id": [f"P{person}" for _, person in every], **columns}).assign(
        household_id="H", area="Norr", exit=""
    )


def varied(person, at):
    return 1000 * person + at


def again(whole, *, of, at):
    """The rows of month `at` are those of month `of`."""
    copied = whole[whole["month"] == FIRST + of].assign(month=FIRST + at)
    return pd.concat([whole[whole["month"] != FIRST + at], copied], ignore_index=True)


def found(whole, accepted=()):
    read = {name: pa.array(whole[name].tolist()).dictionary_encode() for name in TEXTS}
    return copied_months(pa.table({**read, "month": whole["month"], "amount_ore": whole["amount_ore"]}), accepted)


@pytest.mark.parametrize(("of", "at", "month"), [(3, 4, "2023-05"), (1, 13, "2024-02")])
def test_a_month_delivered_again_as_another_stops_the_run(of, at, month):
    twice = again(rows(varied), of=of, at=at)
    with pytest.raises(SurveyDataError, match=f"in 1 months, the first {month}, 60 of 60 rows are those of") as caught:
        found(twice)
    assert f'note = "register: {month}: copied_months"' in str(caught.value)
    assert [one.n for one in found(twice, {f"register: {month}: copied_months"})] == [60]


def test_persons_who_come_and_go_or_amounts_that_change_are_no_copy():
    assert found(rows(varied)) == []
    assert found(rows(lambda *_: 500_000)) == []  # 58 of 60 say the same, and two of sixty are others
    assert found(again(rows(varied, persons_n=49), of=3, at=4)) == []
    assert found(rows(varied)[:0]) == []


def test_months_of_a_calendar_in_which_nobody_is_paid_are_no_copies():
    unpaid = pd.concat(
        [rows(varied).query("month == @FIRST").assign(month=FIRST + at, amount_ore=0) for at in (20, 21)]
    )
    assert found(pd.concat([rows(varied), unpaid], ignore_index=True)) == []
