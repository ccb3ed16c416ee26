import numpy as np
import pyarrow as pa
import pytest
from village import INSTRUMENT, INTAKE, REGISTER, counts, read_village, receipts_of, without_survey

from riskmodel.extracts.beginning import since_beginning
from riskmodel.ground.errors import SurveyDataError

HEAD = "Person;Hushåll;År;Månad;Belopp;Område;Avslut\n"


def register(tmp_path, rows, instrument=INSTRUMENT, head=HEAD, limits=None):
    return read_village(tmp_path, register=head + rows, instrument=without_survey(instrument), limits=limits)


def test_rows_become_receipts(tmp_path):
    receipts = receipts_of(read_village(tmp_path, register=REGISTER, instrument=without_survey()))
    assert receipts.to_dict("list") == {
        "person_id": ["anna", "anna", "bo"],
        "household_id": ["h1", "h1", "h2"],
        "month": [2020 * 12 + 0, 2020 * 12 + 1, 2020 * 12 + 2],
        "amount_ore": [8692 * 100 + 50, 9000 * 100, 7000 * 100],
        "area": ["Nord", "Nord", "Syd"],
        "exit": ["", "moved", ""],
    }
    assert {name: str(kind) for name, kind in receipts.dtypes.items()} == {
        "person_id": "str",
        "household_id": "str",
        "month": "int32",
        "amount_ore": "int64",
        "area": "str",
        "exit": "str",
    }


def test_every_kind_of_dirt_is_counted(tmp_path):
    delivery = register(
        tmp_path,
        "anna;h1;2020;1;100,00;Nord;\n"
        "anna;h1;2020;1;100,00;Nord;\n"  # doubled
        "anna;h1;2020;2;-50,00;Nord;\n"  # recovery
        "anna;h1;2020;3;0,00;Nord;\n"  # zero
        "anna;h1;2020;13;100,00;Nord;\n"  # month 13
        "anna;h1;20x0;4;100,00;Nord;\n"  # year
        "anna;h1;1020;4;100,00;Nord;\n"  # year out of range
        "anna;h1;2020;x;100,00;Nord;\n"  # month
        "anna;h1;2020;4;mycket;Nord;\n"  # amount
        ";h1;2020;4;100,00;Nord;\n"  # nobody
        "anna;h1;2020;5;100,00;=cmd|x;\n"  # formula
        "anna;h1;2020;6;100,00;Nord ;hittat arbete\n"  # stray blank, another exit
        "anna;h1;2020;7;100,00\n",  # broken
    )
    assert receipts_of(delivery)["month"].sub(2020 * 12 - 1).tolist() == [1, 2, 3, 6]
    assert receipts_of(delivery)["exit"].tolist() == ["", "", "", "hittat arbete"]
    assert receipts_of(delivery)["area"].unique().tolist() == ["Nord"]
    file = "register.csv"
    of_register = {key[1:]: n for key, n in counts(delivery).items() if key[0] == file}
    assert of_register == {
        ("", "repeated_row"): 1,
        ("Belopp", "recovery"): 1,
        ("Belopp", "zero_amount"): 1,
        ("Månad", "month_out_of_range"): 1,
        ("År", "unreadable_year"): 1,
        ("År", "year_out_of_range"): 1,
        ("Månad", "unreadable_month"): 1,
        ("Belopp", "unreadable_amount"): 1,
        ("Person", "no_person"): 1,
        ("Område", "formula"): 1,
        ("Område", "surrounding_blank"): 1,
        ("", "wrong_number_of_cells"): 1,
        ("Avslut", "word_without_meaning"): 1,
        ("Avslut: avliden", "word_never_seen"): 0,
        ("Avslut: flyttat", "word_never_seen"): 0,
    }
    actions = delivery.quality.set_index("reason")["action"]
    assert actions["recovery"] == "noted" and actions["repeated_row"] == "dropped"
    assert actions["month_out_of_range"] == "quarantined"


def test_quarantine_says_where_and_not_what(tmp_path):
    delivery = register(tmp_path, "anna;h1;2020;1;100,00;Nord;\nanna;h1;2020;13;100,00;Nord;\n")
    assert delivery.quarantine.to_dict("records") == [
        {"file": "register.csv", "row": 3, "year": 2020, "column": "Månad", "reason": "month_out_of_range"}
    ]


def test_a_row_standing_in_two_files_counts_once(tmp_path):
    from village import village_instrument, village_settings, write_village

    from riskmodel.extracts.read import read_delivery

    folder = write_village(tmp_path, survey=False)
    swapped = HEAD.replace("Person;Hushåll", "Hushåll;Person")
    swapped += "h1;anna;2020;2;9\u00a0000,00;Nord;flyttat\nh3;eva;2020;2;1;Syd;\n"
    (folder / "register 2.csv").write_text(swapped, encoding="utf-8")
    delivery = read_delivery(folder, village_instrument(tmp_path, without_survey()), village_settings())
    assert sorted(receipts_of(delivery)["person_id"]) == ["anna", "anna", "bo", "eva"]
    repeated = [n for (_, _, reason), n in counts(delivery).items() if reason == "repeated_row"]
    assert repeated == [1]


SPELLS = INSTRUMENT.replace('files = "register*.csv"', 'files = "register*.csv"\nlayout = "spells"').replace(
    'year = "År"\nmonth = "Månad"\namount = "Belopp"', 'start = "Från"\nend = "Till"'
)


def test_a_spell_stands_for_each_of_its_months(tmp_path):
    delivery = register(
        tmp_path,
        "anna;h1;2020-01-15;2020-03-02;Nord;\n"
        "bo;h2;2020-12;2021-01;Syd;\n"
        "cy;h3;2021-01;;Syd;\n"  # still open: until the last month of the file
        "di;h4;2020-11;9999-12-31;Syd;\n"
        "eva;h5;2020-05;2020-04;Syd;\n"  # ends before it begins
        "fia;h6;2020-10;2090-01;Syd;\n"  # nobody grants it until then: open
        "gun;h7;2020-05;2020-14;Syd;\n"
        "hal;h8;mars;2020-05;Syd;\n",
        instrument=SPELLS,
        head="Person;Hushåll;Från;Till;Område;Avslut\n",
    )
    months = receipts_of(delivery).groupby("person_id")["month"].apply(list).to_dict()
    start = 2020 * 12
    assert months["anna"] == [start, start + 1, start + 2]
    assert months["bo"] == [start + 11, start + 12]
    assert set(months) == {"anna", "bo", "cy", "di", "fia"}
    assert receipts_of(delivery)["amount_ore"].unique().tolist() == [1]
    found = counts(delivery)
    assert found["register.csv", "Till", "open_spell"] == 3
    assert found["register.csv", "Till", "impossible_spell"] == 1
    assert found["register.csv", "Till", "unreadable_month"] == 1
    assert found["register.csv", "Från", "unreadable_month"] == 1


def test_the_money_of_a_spell_is_shared_by_its_months(tmp_path):
    paid = SPELLS.replace('end = "Till"', 'end = "Till"\namount = "Belopp"')
    rows = "anna;h1;2020-01;2020-03;100,01;Nord;\nanna;h1;2020-02;2020-03;-0,05;Nord;\nbo;h2;2020-01;2020-02;0;Nord;\n"
    delivery = register(tmp_path, rows, instrument=paid, head="Person;Hushåll;Från;Till;Belopp;Område;Avslut\n")
    receipts = receipts_of(delivery).query("person_id == 'anna'")
    assert receipts["amount_ore"].tolist() == [3334, 3334, 3333, -2, -3]
    assert receipts_of(delivery)["amount_ore"].sum() == 10001 - 5


def test_open_spells_last_until_the_last_month_of_the_file(tmp_path):
    rows = "bo;h2;2020-12;2021-01;Syd;\ncy;h3;2020-12;;Syd;\ndi;h4;2020-11;9999-12-31;Syd;\n"
    delivery = register(tmp_path, rows, instrument=SPELLS, head="Person;Hushåll;Från;Till;Område;Avslut\n")
    months = receipts_of(delivery).groupby("person_id")["month"].apply(list).to_dict()
    december = 2020 * 12 + 11
    assert months == {
        "bo": [december, december + 1],
        "cy": [december, december + 1],
        "di": [december - 1, december, december + 1],
    }


def test_with_states_only_the_listed_are_receipts_and_the_rest_is_observed(tmp_path):
    calendar = INSTRUMENT.replace(
        'files = "register*.csv"', 'files = "register*.csv"\nstates = ["Joblessness"]'
    ).replace('amount = "Belopp"\narea = "Område"\nexit = "Avslut"', 'state = "Läge"')
    rows = "anna;h1;2020;1;joblessness\nanna;h1;2020;2;training\n"
    delivery = register(tmp_path, rows, instrument=calendar, head="Person;Hushåll;År;Månad;Läge\n")
    assert receipts_of(delivery)["amount_ore"].tolist() == [1, 0]
    assert counts(delivery)["register.csv", "Läge", "other_state"] == 1


@pytest.mark.parametrize("written", ["2020-02", "202002", "2020-02-29"])
def test_the_month_may_stand_in_one_column(tmp_path, written):
    one_column = INSTRUMENT.replace('year = "År"\n', "")
    head = HEAD.replace("År;", "")
    delivery = register(tmp_path, f"anna;h1;{written};1;Nord;\n", instrument=one_column, head=head)
    assert receipts_of(delivery)["month"].tolist() == [2020 * 12 + 1]


def test_row_numbers_and_intake_stay_out_of_the_register(tmp_path):
    delivery = read_village(tmp_path, intake=INTAKE, instrument=without_survey())
    assert delivery.files[["file", "source", "rows_n"]].values.tolist() == [
        ["nybesök.csv", "intake", 2],
        ["register.csv", "register", 3],
    ]


def dense(years, per_month):
    """A register with `per_month` persons in each month of `years`, of whom two leave and two come."""
    months = [(year, month) for year in years for month in range(1, 13)]
    return "".join(
        f"p{person};h{person};{year};{month};1;N;\n"
        for at, (year, month) in enumerate(months)
        for person in range(2 * at, 2 * at + per_month)
    )


def test_a_mistyped_year_does_not_move_the_end_of_the_register(tmp_path):
    # 2 · 12 · 45 = 1,080 rows, then one that jumps
    delivery = register(tmp_path, dense((2020, 2021), 45) + "p1;h1;2052;1;1;N;\n")
    assert receipts_of(delivery)["month"].max() == 2021 * 12 + 11
    assert counts(delivery)["register.csv", "År", "month_after_gap"] == 1


def test_holes_in_the_sparse_beginning_are_natural(tmp_path):
    sparse = "".join(f"q{n};h{n};2013;1;1;N;\n" for n in range(12))  # a fourth of a full month
    delivery = register(tmp_path, sparse + dense((2020, 2021), 45))
    assert receipts_of(delivery)["month"].min() == 2013 * 12
    assert not {"month_after_gap", "before_beginning"} & {reason for _, _, reason in counts(delivery)}


def test_a_few_rows_from_before_the_register_do_not_move_its_beginning(tmp_path):
    delivery = register(tmp_path, "p1;h1;2013;1;1;N;\n" + dense((2020, 2021), 45))
    assert receipts_of(delivery)["month"].min() == 2020 * 12
    assert counts(delivery)["register", "", "before_beginning"] == 1


def begun(*counts):
    """Receipts of months with so many rows each."""
    months = np.repeat(np.arange(24_000, 24_000 + len(counts)), counts)
    kept, found = since_beginning(pa.table({"month": pa.array(months.astype(np.int32))}))
    return found.n, int(kept["month"].to_numpy().min(initial=99_999)) - 24_000


def test_rows_from_before_the_register_begins_are_left_out():
    whole = [200] * 24
    assert begun(1, *[0] * 30, 3, 0, *whole) == (4, 33)
    assert begun(3, *whole) == (3, 1)
    assert begun(1, 12, 0, *whole) == (13, 3)
    # a flow that builds up, a small town and a broken beginning are left as they are
    assert begun(1, 4, 9, 15, 22, 30, 41, *whole) == (0, 0)
    assert begun(2, *[12] * 40) == (0, 0)
    assert begun(*[15] * 24, *whole) == (0, 0)
    assert begun(*whole) == (0, 0) and begun() == (0, 75_999)


def recoveries(written, n):
    rows = "".join(f"p{row};;2020;{row % 12 + 1};{100 + row},00;Nord;\n" for row in range(200))
    return rows + "".join(f"p{row};;2020;{row % 12 + 1};{written};Nord;\n" for row in range(n))


@pytest.mark.parametrize("written", ["500,00-", "\u2013500,00", "(500,00)", "-500,00", "500,00 \u2212"])
def test_a_recovery_is_read_however_its_minus_stands(tmp_path, written):
    delivery = register(tmp_path, recoveries(written, 4))
    assert counts(delivery)["register.csv", "Belopp", "recovery"] == 4
    assert receipts_of(delivery)["amount_ore"].sum() == sum(range(100, 300)) * 100 - 4 * 50000


def test_recoveries_that_can_not_be_read_have_a_limit_of_their_own(tmp_path):
    with pytest.raises(SurveyDataError, match=r"'Belopp': 4 of 4 rows with an amount below zero"):
        read_village(
            tmp_path,
            register=HEAD + recoveries("about -500", 4),
            instrument=without_survey(),
            limits={"max_quarantined_share": 0.05},
        )


def test_the_minus_is_not_blamed_where_other_amounts_can_not_be_read_either(tmp_path):
    both = recoveries("-500.5.0", 4).replace(",00;", ".0.0;")
    with pytest.raises(SurveyDataError, match=r"204 of 204 rows .* Amounts are read in one form") as caught:
        read_village(
            tmp_path, register=HEAD + both, instrument=without_survey(), limits={"max_quarantined_share": 0.05}
        )
    assert "below zero" not in str(caught.value)


def test_what_was_paid_lies_above_zero_in_every_year(tmp_path):
    turned = recoveries("500,00", 4).replace(";2020;", ";2021;").replace(";1", ";-1").replace(";2", ";-2")
    turned = turned.replace(";-2021", ";2021").replace(";-1;", ";1;").replace(";-2;", ";2;")
    for month in (10, 11, 12):
        turned = turned.replace(f";-{month};", f";{month};")
    with pytest.raises(SurveyDataError, match=r"amount, 2021: 200 of 204 amounts lie below zero .*Deliver them"):
        register(tmp_path, recoveries("-500,00", 4) + turned)


def test_exits_without_meaning_are_told_with_their_word_where_many_wrote_it(tmp_path):
    rows = "".join(f"p{n};;2020;1;100,00;Nord;Avled\n" for n in range(40))
    rows += "".join(
        f"s{n};;2020;1;100,00;Nord;Flyttat (ev. utomlands)\ns{n};;2020;2;9,00;Nord;=A1\n" for n in range(40)
    )
    found = counts(register(tmp_path, rows + "q;;2020;1;100,00;Nord;hemlig\nr;;2020;1;100,00;Nord;Flyttat\n"))
    assert found["register.csv", "Avslut: Avled", "word_without_meaning"] == 40
    assert found["register.csv", "Avslut: Flyttat (ev. utomlands)", "word_without_meaning"] == 40
    assert found["register.csv", "Avslut", "word_without_meaning"] == 41  # what a sheet would run is never shown
    assert found["register.csv", "Avslut: avliden", "word_never_seen"] == 0
    assert not [column for _, column, _ in found if "hemlig" in column or "flyttat" in column]


def test_one_person_who_wrote_a_word_often_does_not_show_it(tmp_path):
    rows = "".join(f"p;;2020;{n % 12 + 1};{n},00;Nord;Avled\n" for n in range(1, 80))
    assert counts(register(tmp_path, rows))["register.csv", "Avslut", "word_without_meaning"] == 79


@pytest.mark.parametrize(
    ("row", "column", "reason", "told", "mended"),
    [
        ("x1;y1;2021;;1;N;", "Månad", "blank_month", "where the rows are sums, take them away", "x1;y1;2021;12;1;N;"),
        ("x1;y1;2021;12;;N;", "Belopp", "blank_amount", "write 0 where nothing was paid", "x1;y1;2021;12;0;N;"),
    ],
)
def test_an_empty_cell_is_called_empty_and_the_remedy_helps(tmp_path, row, column, reason, told, mended):
    rows = [*dense((2020, 2021), 45).splitlines(), *[row.replace("1;", f"{n};", 2) for n in range(100)]]
    with pytest.raises(SurveyDataError) as refused:
        register(tmp_path, "\n".join(rows), limits={"max_quarantined_share": 0.05})
    assert f"{column}: {reason} 100" in refused.value.said("en")
    assert told in refused.value.said("en")
    (tmp_path / "mended").mkdir()
    rows[-100:] = [mended.replace("1;", f"{n};", 2) for n in range(100)]
    assert reason not in {key[2] for key in counts(register(tmp_path / "mended", "\n".join(rows)))}
