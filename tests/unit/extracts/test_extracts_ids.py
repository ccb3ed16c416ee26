import pytest
from village import INSTRUMENT, counts, read_village, receipts_of, without_survey

from riskmodel.extracts.ids import id_of
from riskmodel.extracts.schema import DAMAGED, FORMULA
from riskmodel.ground.errors import SurveyDataError

HEAD = "Person;Hushåll;År;Månad;Belopp;Område;Avslut\n"
ASKED = "Person;Månad;Område;Utbildning;Arbete;Födelseår;Kön\n"


def register(*pairs, area="Nord"):
    return HEAD + "".join(f"{person};{home};2020;1;100,00;{area};\n" for person, home in pairs)


def intake(*persons, area="Nord"):
    rows = [f"{person};2020-{place % 3 + 1:02};{area};Gymnasium;ja;1990;K\n" for place, person in enumerate(persons)]
    return ASKED + "".join(rows)


def read(folder, **files):
    limits = files.pop("limits", None)
    return read_village(folder, instrument=without_survey(), limits=limits, **files)


@pytest.mark.parametrize(
    "written",
    ["", " ", "NULL", "null", "0", "0.0", "000", "-", "--", "?", "NaN", "#N/A", "#SAKNAS!", "Skyddad",
     "skyddad identitet",
     "Okänd", "okänt", "Sekretess", "\\N", "N/A", "None", "(null)", "Uppgift saknas", "ej angivet",
     "Alla", "Samtliga hushåll", "Hela kommunen", "Antal rader: 25", "Källa: Socialförvaltningen", "Medelvärde",
     "Ok\u00e4nd\u00ad"],
)  # fmt: skip
def test_what_is_no_id(written):
    assert id_of([])(written) == ""


@pytest.mark.parametrize("written", ["1,23457E+11", "1.23457e+11", "1E+05", "-1,2E+10", "1.5E-3", "1.23457E11"])
def test_a_rounded_number_is_no_id_any_more(written):
    assert id_of([])(written) == DAMAGED


@pytest.mark.parametrize(
    "written",
    [
        "1",
        "0012",
        "p001",
        "12345e67",
        "1e5",
        "a1E+",
        "Åsa-1",
        "-1842",
        "+1842",
        "-a17",
        "Null1",
        "10-20",
        "{3F25}",
        "Tom",
        "1001.0",
    ],
)
def test_what_is_an_id_stays_as_it_is_written(written):
    assert id_of([])(written) == written


@pytest.mark.parametrize("written", ["=1+1", "@SUM(A1)", "-2+3+cmd|x", "+cmd|x", "-1 2"])
def test_a_formula_is_no_id(written):
    assert id_of([])(written) == FORMULA


def test_no_id_of_a_household_is_none_and_counted(tmp_path):
    delivery = read(tmp_path, register=register(("a", "NULL"), ("b", "0"), ("c", "Skyddad"), ("d", ""), ("e", "h1")))
    assert receipts_of(delivery)["household_id"].tolist() == ["", "", "", "", "h1"]
    assert counts(delivery)["register.csv", "Hushåll", "no_household_id"] == 3


def test_rows_of_nobody_are_set_aside_and_counted(tmp_path):
    delivery = read(tmp_path, register=register(("#N/A", "h1"), ("1,23457E+11", "h2"), ("c", "1,2E+11"), ("d", "h3")))
    assert receipts_of(delivery)["person_id"].tolist() == ["d"]
    found = counts(delivery)
    assert found["register.csv", "Person", "no_person"] == found["register.csv", "Person", "rounded_id"] == 1
    assert found["register.csv", "Hushåll", "rounded_id"] == 1


@pytest.mark.parametrize(
    ("here", "there"), [("1001", "1001.0"), ("1001.0", "1001"), ("1001", "1001,0"), ("P17", "p17"), ("Å1", "A\u030a1")]
)
def test_one_person_written_two_ways_is_one(tmp_path, here, there):
    delivery = read(tmp_path, register=register((here, "h1"), ("b", "h2")), intake=intake(there, "b"))
    assert set(delivery.answers_by_intake["person_id"]) == set(receipts_of(delivery)["person_id"])
    assert sum(n for (_, _, reason), n in counts(delivery).items() if reason == "respelled") == 1


def test_one_way_of_writing_stays_as_it_is(tmp_path):
    delivery = read(tmp_path, register=register(("P17", "H1.0")), intake=intake("P17"))
    assert receipts_of(delivery)["person_id"].tolist() == ["P17"]
    assert receipts_of(delivery)["household_id"].tolist() == ["H1.0"]
    assert not [reason for _, _, reason in counts(delivery) if reason == "respelled"]


def test_two_persons_that_differ_in_case_alone_stop_the_run(tmp_path):
    with pytest.raises(SurveyDataError, match=r"register.csv: 1 ids of the column person .* letter case"):
        read(tmp_path, register=register(("ab", "h1"), ("AB", "h2")))


def test_one_area_in_four_spellings_is_one(tmp_path):
    spellings = ["Öster", "Öster", "ÖSTER", "Ös\u00adter", "O\u0308ster"]
    rows = "".join(register((f"p{n}", ""), area=area).removeprefix(HEAD) for n, area in enumerate(spellings))
    delivery = read(tmp_path, register=HEAD + rows, intake=intake("p1", area=" öster"))
    assert set(receipts_of(delivery)["area"]) == set(delivery.answers_by_intake["area"]) == {"Öster"}
    assert counts(delivery)["register.csv", "Område", "respelled"] == 3


@pytest.mark.parametrize(("n", "stops"), [(10, False), (11, True)])
def test_a_household_of_too_many_stops_the_run(tmp_path, n, stops):
    rows = register(*((f"p{person}", "h1") for person in range(n)))
    if stops:
        with pytest.raises(SurveyDataError, match="1 households have more than 10 adults"):
            read(tmp_path, register=rows)
    else:
        assert len(receipts_of(read(tmp_path, register=rows))) == n


@pytest.mark.parametrize(("n", "stops"), [(12, False), (13, True)])
def test_a_person_of_too_many_households_stops_the_run(tmp_path, n, stops):
    rows = register(*(("p", f"h{home}") for home in range(n)))
    if stops:
        with pytest.raises(SurveyDataError, match="1 persons have more than 12 households"):
            read(tmp_path, register=rows)
    else:
        assert len(receipts_of(read(tmp_path, register=rows))) == n


def test_an_id_that_holds_too_many_rows_stops_the_run(tmp_path):
    lines = [f"p{n // 12};;2020;{n % 12 + 1};{n},00;Nord;\n" for n in range(1000)]
    lines += [f"x9;;2020;{n % 12 + 1};{n},00;Nord;\n" for n in range(60)]
    with pytest.raises(SurveyDataError, match=r"sources.register, person: one id holds 60 of 1060 rows"):
        read(tmp_path, register=HEAD + "".join(lines))


def test_a_person_with_assistance_every_month_is_no_crowd(tmp_path):
    lines = [f"p{n // 120};;{2000 + n % 120 // 12};{n % 12 + 1};100,00;Nord;\n" for n in range(1200)]
    lines += [f"x9;;{2000 + n // 12};{n % 12 + 1};100,00;Nord;\n" for n in range(120)]
    assert len(receipts_of(read(tmp_path, register=HEAD + "".join(lines)))) == 1320


@pytest.mark.parametrize(
    ("there", "cause"),
    [
        ("{:04d}", r'leading zeros.*in both: .*=TEXT\(A2,"0000"\)'),
        ("p{:d}", "prefix"),
        ("9{:d}-1", "blanks, dashes and other marks"),
    ],
)
def test_why_ids_do_not_meet_is_named(tmp_path, there, cause):
    here = "9{:d}1" if "-" in there else "{:d}"
    persons = range(101, 111)
    with pytest.raises(SurveyDataError, match=rf"10 of 10 persons.*{cause}"):
        read(
            tmp_path,
            register=register(*((there.format(n), "") for n in persons)),
            intake=intake(*(here.format(n) for n in persons)),
        )


def test_persons_who_were_asked_and_got_nothing_are_no_fault(tmp_path):
    delivery = read(tmp_path, register=register(("a1", ""), ("b2", "")), intake=intake("a1", "c3", "d4"))
    assert len(delivery.answers_by_intake) == 3


def test_no_message_tells_who(tmp_path):
    with pytest.raises(SurveyDataError) as told:
        read(tmp_path, register=register(("hemlig", "h1"), ("Hemlig", "h2")))
    assert "hemlig" not in str(told.value).lower()


def test_the_survey_is_linked_too(tmp_path):
    delivery = read_village(
        tmp_path, instrument=INSTRUMENT, register=register(("ANNA", "h1"), ("BO", "h2")), intake=intake("anna", "Bo")
    )
    assert set(delivery.answers_by_survey["person_id"]) == {"ANNA", "BO"}


def ordinary(*others, first=1001, n=30):
    return register(*((str(number), "") for number in range(first, first + n)), *((other, "") for other in others))


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("0099", "odd_zeros"),
        ("P999", "odd_prefix"),
        ("p-999", "odd_prefix"),
        ("01050", "odd_zeros"),
        ("+999", "odd_prefix"),
        ("-999", "odd_prefix"),
    ],
)
def test_an_id_that_is_not_numbered_as_the_others_are_is_told(tmp_path, other, reason):
    widths = ("7", "88") if reason == "odd_zeros" else ()
    found = counts(read(tmp_path, register=ordinary(*widths, other), intake=intake("1001")))
    assert {key: n for key, n in found.items() if key[2].startswith("odd")} == {("register.csv", "Person", reason): 1}


@pytest.mark.parametrize("width", [4, 6])
def test_ids_of_one_width_or_with_no_noughts_are_not_odd(tmp_path, width):
    rows = register(*((f"{number:0{width}d}", "") for number in range(900, 1100)))
    found = counts(read(tmp_path, register=rows, intake=intake(f"{1001:0{width}d}")))
    assert not [key for key in found if key[2].startswith("odd")]


@pytest.mark.parametrize("other", ["01001", "001001", "P1001", "p-1001", "+1001", "-1001", "+P1001"])
def test_two_ways_of_writing_one_number_in_one_source_stop_the_run(tmp_path, other):
    with pytest.raises(SurveyDataError, match=r"register.csv: 1 ids of the column person .* leading zeros or letters"):
        read(tmp_path, register=ordinary(other))


@pytest.mark.parametrize("other", ["0017", "H17", "-17"])
def test_two_ways_of_writing_one_household_stop_the_run(tmp_path, other):
    with pytest.raises(SurveyDataError, match=r"1 ids of the column household .* one household may have become two"):
        read(tmp_path, register=register(("a", "17"), ("b", other), ("c", "18")))


@pytest.mark.parametrize("other", ["00H17", "+H17", "H-017"])
def test_letters_are_no_other_series_for_noughts_or_a_sign(tmp_path, other):
    with pytest.raises(SurveyDataError, match="1 ids of the column household"):
        read(tmp_path, register=register(("a", "H17"), ("b", other), ("c", "H18")))


def test_following_the_message_lets_two_series_of_numbers_stand_beside_each_other(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    with pytest.raises(SurveyDataError, match="give each series of numbers letters of its own in front"):
        read(before, register=register(("17", ""), ("0017", ""), ("18", "")), intake=intake("17"))
    after.mkdir()
    followed = register(("A17", ""), ("B0017", ""), ("A18", ""))
    assert len(receipts_of(read(after, register=followed, intake=intake("A17")))) == 3


def test_series_of_different_letters_are_different_people(tmp_path):
    delivery = read(tmp_path, register=register(("A17", ""), ("B17", ""), ("C18", "")), intake=intake("A17"))
    assert len(receipts_of(delivery)) == 3


def test_a_few_who_would_meet_without_noughts_are_told(tmp_path):
    persons = [f"{number:05d}" for number in range(1, 201)]
    delivery = read(tmp_path, register=register(*((p, "") for p in persons)), intake=intake(*persons[1:], "1"))
    assert counts(delivery)["intake", "person", "almost_meets_without_zeros"] == 1


def test_blank_households_are_counted(tmp_path):
    delivery = read(tmp_path, register=register(("a", ""), ("b", " "), ("c", "NULL"), ("d", "h1")), intake=intake("a"))
    assert counts(delivery)["register.csv", "Hushåll", "blank_household"] == 2


def test_areas_that_are_called_nearly_alike_are_told_unless_they_are_joined(tmp_path):
    areas = ["Västra"] * 3 + ["Vastra"] * 2 + ["Centrum"] * 3 + ["Centr.", "Norra", "Norra delen", "Nord.", "Nordost"]
    lines = "".join(f"p{n};h{n};2020;1;100,00;{area};\n" for n, area in enumerate(areas))
    (tmp_path / "joined").mkdir()
    found = counts(read(tmp_path, register=HEAD + lines))
    assert {key: n for key, n in found.items() if key[2] == "area_alike"} == {
        ("register.csv", "Område", "area_alike"): 4
    }
    joined = 'name = "village"\nareas = [{ into = "Västra", from = "Vastra", since = "2020-01" }]'
    joined = without_survey().replace('name = "village"', joined)
    found = counts(read_village(tmp_path / "joined", register=HEAD + lines, instrument=joined))
    assert found["register.csv", "Område", "area_alike"] == 2
