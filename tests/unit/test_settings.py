from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from riskmodel.ground.choices import ExplainedAlarm, Tolerance, limits_of
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings, as_dict, read_settings

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
        ("bootstrap = 1000", "bootstrap = 0", r"assess: bootstrap is 0\. Allowed: from 1 to 100000"),
        ('outcome = "over_ten_of_twelve"', 'outcome = "over_nine"', "cohort: outcome is not known"),
        ("ppv_floor = 0.50", "ppv_floor = 50.0", r"policy: ppv_floor is 50\.0\. Allowed: from 0 to 1"),
        ("link_first_month = -2", "link_first_month = 5", "link_first_month lies above link_last_month"),
        ("points_per_doubling = 10", "points_per_doubling = 0", "model: points_per_doubling is 0"),
        ("seed = 20260303", "seed = -1", "run: seed is -1"),
        ("workers = 2", "workers = 0", "run: workers is 0"),
        ("intercept_window_years = 0", "intercept_window_years = -1", "model: intercept_window_years is -1"),
        ("net_benefit_lowest = 0.10", "net_benefit_lowest = 0.90", "net_benefit_lowest lies above net_benefit_highest"),
        ("net_benefit_lowest = 0.10", "net_benefit_lowest = 0.70", "net_benefit_lowest must lie below"),
        ("net_benefit_highest = 0.70", "net_benefit_highest = 1.0", "from 0 to below 1"),
        ("harm_ratio = 0.6667", "harm_ratio = 0", "above 0 to 100"),
        ("landmarks = [0, 3, 5]", "landmarks = [0, 61]", "landmarks is 61"),
        ("raw_gap_limit = 0.25", "raw_gap_limit = nan", "a number is needed"),
        ('choose = "all"', "choose = 0", r'items: choose: a number of questions from 1 on, "all" or "elbow"'),
        ('choose = "all"', 'choose = "few"', "items: choose: a number of questions"),
        ('choose = "all"', "choose = true", "items: choose: a number of questions"),
        ('choose = "all"', "choose = 6.0", "items: choose: a number of questions"),
        ("# [[model.pairs]]", "[[model.pairs]]", "model: pairs 1: key items is missing"),
        ("[cohort]", "[cohort", "not valid TOML"),
        ('reforms = ["2025-07-01", "2026-07-01", "2027-01-01"]', 'reforms = "2025"', "a list is needed"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, old, new, said):
    with pytest.raises(SettingsError, match=said) as caught:
        read_settings(changed(tmp_path, old, new))
    assert caught.value.said("sv") != str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("clean_months =", "clean_month =", "cohort: clean_month finns inte här. Nycklar som finns: design, outcome, "),
        ("folds = 10", 'folds = "ten"', "assess: folds: ett helt tal behövs, men här står en text."),
        ("harm_ratio = 0.6667", "harm_ratio = 0", "policy: harm_ratio är 0.0. Tillåtet: mer än 0 och högst 100. Rätta"),
        ("[cohort]", "[cohort", ", tecken 8. Rätta raden."),
        ("[cohort]", '[cohort]\nx = """', "är inte giltig TOML i UTF-8: filen tar slut mitt i något. Rätta raden."),
    ],
)
def test_a_mistake_is_named_in_swedish(tmp_path, old, new, said):
    with pytest.raises(SettingsError) as caught:
        read_settings(changed(tmp_path, old, new))
    assert caught.value.said("sv").startswith("params.toml: ") and said in caught.value.said("sv")


def test_a_declared_pair_is_read_as_the_example_writes_it(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8").replace("# [[model.pairs]]", "[[model.pairs]]")
    path = tmp_path / "params.toml"
    path.write_text(text.replace("# items = [", "items = ["), encoding="utf-8")
    (pair,) = read_settings(path).model.pairs
    assert pair.items == ("work_experience", "debts")


@pytest.mark.parametrize(
    ("old", "new", "choose"),
    [
        ('choose = "all"', "choose = 6", 6),
        ('choose = "all"', 'choose = "elbow"', "elbow"),
        ('choose = "all"', "", "all"),
        ("[items]\nchoose =", "[items]\n# choose =", "all"),
    ],
)
def test_a_number_of_questions_or_a_word_is_read_and_nothing_means_all(tmp_path, old, new, choose):
    settings = read_settings(changed(tmp_path, old, new))
    assert settings.items.choose == choose
    assert settings.asking_all().items.choose == "all"


def numeric_fields(record: type) -> Iterator[tuple[type, str, type]]:
    """Every field of a settings' record, or of one below it, that holds a number or numbers."""
    for name, hint in get_type_hints(record).items():
        inner = next((one for one in get_args(hint) if one is not Ellipsis), hint)
        if is_dataclass(inner):
            yield from numeric_fields(inner)
        elif inner in (int, float):
            yield record, name, inner


NUMERIC = {f"{record.__name__}.{name}": (record, name, kind) for record, name, kind in numeric_fields(Settings)}


@pytest.mark.parametrize("key", NUMERIC)
def test_every_number_has_limits_and_none_passes_beyond(key):
    record, name, kind = NUMERIC[key]
    limits = limits_of(record).get(name)
    assert limits is not None, "say beside the field how far it may go"
    step = 1 if kind is int else 1e-9 * max(1, abs(limits.least), abs(limits.most))
    assert limits.least - step not in limits and limits.most + step not in limits
    assert (limits.least in limits, limits.most in limits) == (not limits.without_least, not limits.without_most)
    assert limits.least + step in limits and limits.most - step in limits


def ends(record: type, name: str) -> list[float]:
    limits = limits_of(record)[name]
    return [end for end in (limits.least, limits.most) if end in limits]


@pytest.mark.parametrize(
    "key", [key for key in NUMERIC if key not in ("CohortSettings.landmark", "Knots.at", "PriorTable.r2")]
)
def test_a_number_beyond_its_limits_is_refused_and_the_ends_are_read(key, tmp_path):
    record, name, kind = NUMERIC[key]
    if record is ExplainedAlarm:
        line = 'explained = [{{ alarm = "a", item = "i", signed_by = "s", reason = "r", year = {} }}]'
        old = "blank_difference = 0.05"
        texts = {end: f"{old}\n{line.format(end)}" for end in (-1, 0, 9999, 10_000)}
    elif record is Tolerance:
        line = 'tolerances = [{{ column = "c", measure = "missed", tolerance = {} }}]'
        old = "raw_gap_limit = 0.25"
        texts = {end: f"{old}\n{line.format(end)}" for end in (-0.1, 0.0, 10.0, 10.1)}
    else:
        old = next(line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line.split(" = ")[0] == name)
        listed = "[{}]" if name == "landmarks" else "{}"
        limits = limits_of(record)[name]
        beyond = (kind(limits.least) - 1, kind(limits.most) + 1)
        texts = {number: f"{name} = {listed.format(number)}" for number in (*beyond, *map(kind, ends(record, name)))}
    for number, text in texts.items():
        path = changed(tmp_path, old, text)
        if number in (min(texts), max(texts)):
            with pytest.raises(SettingsError, match=f"{name} is .* Allowed: (from|above) "):
                read_settings(path)
            continue
        try:
            read_settings(path)
        except SettingsError as refused:  # one key alone may then lie above its neighbour
            assert " lies above " in str(refused) or " must lie below " in str(refused)


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


def test_a_prior_is_read_as_it_stands_in_the_example_and_its_table_is_no_key(tmp_path):
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("# [model.prior]"))
    last = next(place for place in range(first, len(lines)) if not lines[place].startswith("#"))
    written = [line.removeprefix("# ") for line in lines[first:last]]
    path = tmp_path / "params.toml"
    path.write_text("\n".join([*lines[:first], *written, *lines[last:]]), encoding="utf-8")
    prior = read_settings(path).model.prior
    assert prior.items["housing"].answers == {"own": "egen", "lodger": "inneboende"}
    assert not prior.only_intercept
    with pytest.raises(SettingsError, match="its table was not read"):
        _ = prior.at_hand
    path.write_text("\n".join([*lines[:first], written[0], "table = {}", *written[1:], *lines[last:]]), "utf-8")
    with pytest.raises(SettingsError, match="prior: table is no key"):
        read_settings(path)


OWN = '[[release.departures]]\nid = "{}"\ntext = {{ sv = "{}", en = "Waits" }}\n'


def test_own_reasons_to_depart_are_read(tmp_path):
    assert read_settings(EXAMPLE).release.departures == ()
    (own,) = read_settings(changed(tmp_path, "[report]", OWN.format("waits", "Väntar") + "[report]")).release.departures
    assert (own.id, own.text.sv) == ("waits", "Väntar")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (OWN.format("declined", "Nej"), "each needs an id of its own, .* none of unknown_to_form, .*, other, which"),
        (OWN.format("waits", "Ja") + OWN.format("waits", "Nej"), "each needs an id of its own"),
        (OWN.format("Väntar", "Ja"), "lower-case letters"),
        (OWN.format("waits", " "), "one line of at most 80"),
        (OWN.format("waits", "a" * 81), "one line of at most 80"),
        ("".join(OWN.format(f"waits_{number}", "Ja") for number in range(7)), r"7 reasons of your own \(allowed 6\)"),
    ],
)
def test_own_reasons_that_no_form_can_offer_are_refused(tmp_path, own, said):
    with pytest.raises(SettingsError, match=f"release: departures: .*{said}"):
        read_settings(changed(tmp_path, "[report]", own + "[report]"))
