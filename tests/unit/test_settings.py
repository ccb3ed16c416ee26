from pathlib import Path

import pytest

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import as_dict, read_settings

EXAMPLE = Path(__file__).parents[2] / "params.toml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "params.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_examples_settings_are_read():
    settings = read_settings(EXAMPLE)
    assert settings.cohort.outcome == "over_ten_of_twelve"
    assert settings.alarm.explained == ()
    assert "source" not in as_dict(settings)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("clean_months =", "clean_month =", "unknown key clean_month"),
        ("folds = 10", "", "key folds is missing"),
        ("folds = 10", 'folds = "ten"', "a whole number is needed, found a text"),
        ("hold_signs = false", "hold_signs = 0", "true or false is needed, found a whole number"),
        ("folds = 10", "folds = true", "a whole number is needed, found true or false"),
        ("bootstrap = 1000", "bootstrap = 0", "bootstrap is 0; it must be at least 1"),
        ('outcome = "over_ten_of_twelve"', 'outcome = "over_nine"', "cohort: outcome is not known"),
        ("ppv_floor = 0.50", "ppv_floor = 50.0", "ppv_floor must lie between 0 and 1"),
        ("link_first_month = -2", "link_first_month = 5", "link_first_month lies after"),
        ("[cohort]", "[cohort", "not valid TOML"),
        ('reforms = ["2025-07-01", "2026-07-01", "2027-01-01"]', 'reforms = "2025"', "a list is needed"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, old, new, said):
    with pytest.raises(SettingsError, match=said):
        read_settings(changed(tmp_path, old, new))


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match=r"not found\. Run the command in the project's folder"):
        read_settings(tmp_path / "params.toml")


def test_an_explained_alarm_is_a_record(tmp_path):
    path = changed(
        tmp_path,
        "[assess]",
        '[[alarm.explained]]\nalarm = "auc"\nitem = "age"\nsigned_by = "A, analyst"\nreason = "r"\n[assess]',
    )
    assert read_settings(path).alarm.explained[0].signed_by == "A, analyst"
