import pytest
from case_numbers import CASES, NOT_CASES

from riskmodel.advice import Case, read_case
from riskmodel.advice.score import case_reference
from riskmodel.ground.errors import SurveyDataError


def written(tmp_path, content: str):
    path = tmp_path / "one.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_case_is_read_with_or_without_a_municipality(tmp_path):
    answers = '"answers": {"education": "gy", "age": 34, "health": null}'
    case = read_case(written(tmp_path, '\ufeff{"case": "c1", "municipality": "0114", ' + answers + "}"))
    assert case == Case("0114", {"education": "gy", "age": 34, "health": None}, reference="c1")
    assert read_case(written(tmp_path, "{" + answers + "}")).municipality is None


@pytest.mark.parametrize(("told", "month"), [("", 0), ('"month": 0, ', 0), ('"month": 5, ', 5)])
def test_a_case_is_new_unless_its_month_is_given(tmp_path, told, month):
    assert read_case(written(tmp_path, "{" + told + '"answers": {}}')).month == month


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"answers": {"age": 8501011234', "not readable as JSON"),
        ('{"answers": {"age": 8501011234, "age": 34}}', "each name once"),
        ('["8501011234"]', "an object is needed"),
        ('{"answers": {}, "8501011234": 1}', "nothing else"),
        ('{"municipality": "9900"}', "an object is needed with answers"),
        ('{"answers": {}, "municipality": 114}', "a code in quotes"),
        ('{"answers": {}, "month": "8501011234"}', "month must be a whole number"),
        ('{"answers": {}, "month": 3.5}', "month must be a whole number"),
        ('{"answers": {}, "month": true}', "month must be a whole number"),
        ('{"answers": {}, "month": -1}', "month must be a whole number"),
        ('{"answers": {}, "month": null}', "month must be a whole number"),
    ],
)
def test_a_broken_file_is_named_and_not_quoted(tmp_path, content, said):
    with pytest.raises(SurveyDataError, match=rf"^one\.json: .*{said}") as caught:
        read_case(written(tmp_path, content))
    assert "8501011234" not in str(caught.value) and caught.value.__context__ is None


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SurveyDataError, match=r"^nowhere\.json: "):
        read_case(tmp_path / "nowhere.json")
    with pytest.raises(SurveyDataError, match=r"^x+: not found"):
        read_case(tmp_path / ("x" * 300))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("SN 2027/0412", "SN 2027/0412"),
        (" 2027-04-12\n\x1b[2K17 ", "2027-04-12 [2K17"),
        ("K1985010112", "K1985010112"),
        ("2027-0412-1", "2027-0412-1"),
        ("20270412-0002", "20270412-0002"),  # nobody of age is born then
        (None, None),
    ],
)
def test_a_case_goes_by_its_number_as_it_can_be_seen(given, shown):
    assert case_reference(given) == shown


@pytest.mark.parametrize(
    "given",
    [
        *(
            "850101-1236",
            "19850101-1236",
            "198501011236",
            "850161-1233",
            "ärende 8501 01-1236",
            "８５０１０１-１２３６",
        ),
        *("850101\u2013 1236", "8501\u200b01-1236", "pnr850101-1236"),
        *(
            "19850101-1234",
            "850101-1234",
            "19850101TF12",
            "19850161-9999",
            "20010203 0000",
        ),  # no real number, but a day of birth
    ],
)
def test_what_may_be_a_persons_number_is_no_case(given):
    with pytest.raises(SurveyDataError, match="case: looks like a personal or coordination number") as caught:
        case_reference(given)
    assert given not in str(caught.value)


@pytest.mark.parametrize("given", ["Anna Alm", "", "1" * 41, 4711, ["K1"], {"n": 1}, True])
def test_a_case_is_one_short_line_with_a_digit(given):
    with pytest.raises(SurveyDataError, match=r"case: a case number in quotes is needed: one line of at most 40"):
        case_reference(given)


def test_the_command_takes_what_the_form_takes_and_nothing_else():
    for given in NOT_CASES:
        with pytest.raises(SurveyDataError, match="^case: "):
            case_reference(given)
    assert [case_reference(given) for given in CASES] == [*CASES]
