"""A register with days of payment beside the period that each payment is for."""

import itertools

import pytest
from sixty_people import drafted, filled_in, person, write_csv, write_delivery

from riskmodel.extracts.receipts import receipts_table

pytestmark = pytest.mark.slow

PERIODS = [("Avser from", "Avser tom"), ("Avser fr.o.m.", "Avser t.o.m."), ("Period från", "Period till")]


PAID = {  # day of payment: the first and last day it is for
    "2018-12-27": ("2019-01-01", "2019-01-31"),
    "2019-01-27": ("2019-02-01", "2019-03-31"),
    "2019-03-27": ("2019-04-15", "2019-04-30"),
}


def payments(folder, *headings):
    """A register of sixty people, with one column for each day of `PAID`, called by `headings`."""
    both = itertools.product(range(60), enumerate(PAID.items()))
    rows = [[person(n), paid, *days, f"{700 + 9 * place + n},00"] for n, (place, (paid, days)) in both]
    write_delivery(folder)
    write_csv(folder / "EB.csv", ["Löpnr", "Utbet.datum", *headings, "Belopp"], rows)
    return folder


@pytest.mark.parametrize("headings", PERIODS)
def test_a_payment_is_drafted_for_the_months_it_is_for_and_keeps_its_money(tmp_path, headings):
    folder = payments(tmp_path / "delivery", *headings)
    draft, tables = drafted(folder)
    register = tables["sources"]["register"]
    assert (register["layout"], register["month_meaning"]) == ("spells", "granted_for")
    assert (register["columns"]["start"], register["columns"]["end"]) == headings
    receipts = receipts_table(filled_in(tmp_path, draft, folder).receipts).to_pandas()
    assert receipts.groupby("month")["person_id"].nunique().to_dict() == dict.fromkeys(range(24228, 24232), 60)
    assert receipts["amount_ore"].sum() == sum(100 * (3 * (700 + n) + 27) for n in range(60))


def test_the_month_it_is_for_comes_before_the_day_of_payment_which_is_told_as_one(tmp_path):
    folder = payments(tmp_path / "delivery", "Avser månad", "Handläggare")
    assert drafted(folder)[1]["sources"]["register"]["columns"]["month"] == "Avser månad"
    folder = payments(tmp_path / "other", "Rad", "Handläggare")
    register = drafted(folder)[1]["sources"]["register"]
    assert (register["columns"]["month"], register["month_meaning"]) == ("Utbet.datum", "paid_in")


def test_an_application_for_a_period_is_dated_by_its_own_day(tmp_path):
    folder = write_delivery(
        tmp_path / "delivery",
        **{"Avser fr.o.m.": lambda n: f"{2019 + n % 4}-02-01", "Avser t.o.m.": lambda n: f"{2019 + n % 4}-02-28"},
    )
    assert drafted(folder)[1]["sources"]["intake"]["columns"]["month"] == "Ansökningsmånad"


def test_amounts_that_stay_the_same_are_no_household(tmp_path):
    rows = [[person(n), f"2019-{month:02}", f"{700 + n},00"] for n in range(60) for month in range(1, 5)]
    write_delivery(tmp_path / "delivery")
    write_csv(tmp_path / "delivery" / "EB.csv", ["Löpnr", "Månad", "Belopp"], rows)
    columns = drafted(tmp_path / "delivery")[1]["sources"]["register"]["columns"]
    assert columns == {"person": "Löpnr", "month": "Månad", "amount": "Belopp"}
