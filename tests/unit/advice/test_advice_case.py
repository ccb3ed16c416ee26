import pytest

from riskmodel.advice import Case, read_case
from riskmodel.ground.errors import SurveyDataError


def written(tmp_path, content: str):
    path = tmp_path / "one.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_case_is_read_with_or_without_a_municipality(tmp_path):
    answers = '"answers": {"education": "gy", "age": 34, "health": null}'
    case = read_case(written(tmp_path, '\ufeff{"case": "c1", "municipality": "0114", ' + answers + "}"))
    assert case == Case("0114", {"education": "gy", "age": 34, "health": None})
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
