import pytest
from village import counts, read_village, without_survey

from riskmodel.extracts.months import birth_years, months, months_of_year, serials, years
from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER
from riskmodel.extracts.text_table import text_array, text_column
from riskmodel.ground.errors import SurveyDataError

ASKED = "Person;Månad;Område;Utbildning;Arbete;Födelseår;Kön\n"


def column(*texts):
    return text_column(text_array(texts))


def pairs(*texts):
    found = months(column(*texts))
    return [
        None if year == UNREADABLE else (int(year), int(month))
        for year, month in zip(found.year, found.month_of_year, strict=True)
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2021-10", "202110", "2021/10", "2021 10", "2021M10", "2021m10", "10/2021", "10-2021", "2021-10-01", "20211001",
        "2021.10.31", "2021-10-01 00:00:00.000", "2021-10-01T13:45", "2021-10-01T00:00:00Z",
        "2021-10-31 23:30:00+02:00",
        "2021-10-01 00:00:00+0200", "2021-10-01T00:00+02:00[Europe/Stockholm]", "2021-10-01+02:00", "20211001 10:00",
        "31.10.2021", "1.10.2021 00:00", "okt-21", "Okt 2021", "oktober 2021", "OCT-21", "october-2021", "2021-okt",
        "2021 oktober", "okt.-21", "31 oktober 2021", "31-OCT-2021", "01okt2021", " 2021-10 ", "2021\u201310", "44470",
        "44470.0", "44470,75", "31/10/2021", "10/31/2021", "10/10/2021",
    ],
)  # fmt: skip
def test_a_month_is_read_in_every_form(written):
    assert pairs(written) == [(2021, 10)]


@pytest.mark.parametrize(
    "written",
    [
        "2021.10", "2021.1", "2021,10", "2021-123", "2021-1-", "2021Q1", "2021-W10", "21-10", "31.10.21", "01-OCT-21",
        "2021-02-30", "2021-10-00", "20211032", "2021-10-01 25:00", "2020-12-31T23:00:00Z", "2021-06-30 22:00+00:00",
        "05/06/2021", "2021", "10", "okt", "okto-21", "443", "4447010", "99999", "2021-10-01x", "1e5", "2021--10",
        "10.2021", "210331",
    ],
)  # fmt: skip
def test_what_is_no_month_or_two_is_never_guessed(written):
    assert pairs(written) == [None]


def test_a_month_13_is_told_apart_from_no_month():
    assert pairs("2021-13", "2021-13-01", "202113", "20211301") == [(2021, 13)] * 4


def test_the_whole_column_tells_days_from_months():
    assert pairs("05/06/2021", "31/06/2021"[:0] + "31/01/2021") == [(2021, 6), (2021, 1)]
    assert pairs("05/06/2021", "01/31/2021") == [(2021, 5), (2021, 1)]
    assert pairs("01/02/2021", "01/03/2021") == [(2021, 2), (2021, 3)]
    assert pairs("02/01/2021", "03/01/2021") == [(2021, 2), (2021, 3)]
    assert pairs("31/01/2021", "01/31/2021", "2021-03") == [None, None, (2021, 3)]
    assert pairs("200101", "200201") == [None, None]
    assert pairs("210331", "210401") == [None, None]
    assert pairs("200101", "200102") == [(2001, 1), (2001, 2)]
    assert pairs("202101", "202113") == [(2021, 1), (2021, 13)]


def test_midnights_that_lost_their_zone_are_no_months():
    assert pairs("2020-12-31 23:00:00", "2021-06-30 22:00:00") == [None, None]
    assert pairs("2020-12-31 23:00:00", "2021-06-30 12:00:00") == [(2020, 12), (2021, 6)]


def test_day_numbers_are_read_where_nothing_else_is():
    assert pairs("44197", "44227,5", "", "x") == [(2021, 1), (2021, 1), None, None]
    assert pairs("44197", "2021-01") == [None, (2021, 1)]
    assert serials(column("44197", "x")).tolist() == [True, False]
    assert not serials(column("44197", "2021-01")).any()


def test_years_and_months_beside_each_other():
    assert (
        years(column("2021", "2021.0", "2021,0", "2021-05-01", "2021.5", "x")).tolist() == [2021] * 4 + [UNREADABLE] * 2
    )
    assert (
        months_of_year(column("1", "01", "1.0", "jan", "Januari", "jan.", "1.5", "x")).tolist()
        == [1] * 6 + [UNREADABLE] * 2
    )


@pytest.mark.parametrize(
    "written",
    [
        "1979",
        "1979.0",
        "1979,0",
        "1979-05-03",
        "19790503",
        "197905",
        "1979-05-03 00:00:00",
        "3.5.1979",
        "3 maj 1979",
        "28978",
    ],
)
def test_a_birth_year_is_read_in_every_form(written):
    assert birth_years(column(written)).tolist() == [1979]


@pytest.mark.parametrize("written", ["79", "1979.5", "x", "", "790503", "19790", "1979-13", "1979-05-32"])
def test_what_is_no_birth_year_is_never_guessed(written):
    assert birth_years(column("1980", written))[1] in (
        UNREADABLE_NUMBER,
        1979 if written == "1979-13" else UNREADABLE_NUMBER,
    )


def test_the_column_that_holds_no_months_is_named(tmp_path):
    rows = "".join(f"p{n};2021.{n + 1:02d};Nord;Gymnasium;ja;1990;K\n" for n in range(9))
    with pytest.raises(SurveyDataError, match="9 of 9 rows.*Månad: unreadable_month 9.*2021-03, 202103, 2021M03"):
        read_village(tmp_path, intake=ASKED + rows, instrument=without_survey(), limits={"max_quarantined_share": 0.05})


def test_the_column_that_holds_no_birth_years_is_named(tmp_path):
    rows = "".join(f"p{n};2021-03;Nord;Gymnasium;ja;9{n};K\n" for n in range(9))
    with pytest.raises(SurveyDataError, match="'Födelseår'.*9 of 9 answers.*birth year is written 1979"):
        read_village(
            tmp_path, intake=ASKED + rows, instrument=without_survey(), limits={"max_unknown_code_share": 0.02}
        )


def test_day_numbers_are_told(tmp_path):
    rows = "a;44197;Nord;Gymnasium;ja;1990.0;K\nb;44228;Nord;Gymnasium;ja;1991;K\n"
    delivery = read_village(tmp_path, intake=ASKED + rows, instrument=without_survey())
    assert delivery.answers_by_intake["answered_month"].tolist() == [2021 * 12, 2021 * 12 + 1]
    assert delivery.answers_by_intake["age"].tolist() == [31, 30]
    assert counts(delivery)["nybesök.csv", "Månad", "excel_serial"] == 2
