import re
import subprocess
import sys

import pytest
from village import INSTRUMENT, ROOT, village_instrument

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import sha256_of_file
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Text


def test_reads_every_part(tmp_path):
    instrument = village_instrument(tmp_path)
    assert (instrument.name, instrument.municipality_code, instrument.municipality_name) == ("village", "9999", "Byn")
    assert [item.id for item in instrument.items] == ["education", "work", "age", "sex"]
    assert [item.id for item in instrument.predictors()] == ["education", "work", "age"]
    assert [item.id for item in instrument.audits] == ["sex"]
    assert instrument.item("education").levels[0].text == Text("Grundskola", "Compulsory school")
    assert instrument.sources["survey"].reader.header_row == 3
    assert instrument.sources["register"].exit_codes == {"avliden": "death", "flyttat": "moved"}
    assert instrument.three_item_rule == {"education": ("compulsory",), "work": ("no",)}
    assert instrument.sha256 == sha256_of_file(tmp_path / "village.toml")


def test_columns_follow_the_survey_year(tmp_path):
    education = village_instrument(tmp_path).item("education")
    assert education.column("survey", 2020) == "Utbildning"
    assert education.column("survey", 2021) == "Utbildningsnivå"
    assert education.column("cohort") is None


def test_a_flag_needs_no_levels(tmp_path):
    work = village_instrument(tmp_path).item("work")
    assert work.codes == ("no", "yes")
    assert work.reference == "no"


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOT / "data/instruments").glob("*.toml")),
        *sorted((ROOT / "tests/instruments").glob("*.toml")),
    ],
    ids=lambda path: path.stem,
)
def test_every_instrument_of_the_project_can_be_read(path):
    assert read_instrument(path).predictors()


def test_a_source_says_what_it_may_be_used_for(tmp_path):
    undeclared = village_instrument(tmp_path).sources["survey"]
    assert (undeclared.legal_basis, undeclared.purposes) == (None, ())
    declared = 'columns = { person = "Person" }\nlegal_basis = { sv = "Lag", en = "Law" }\npurposes = ["evaluation"]'
    text = INSTRUMENT.replace('columns = { person = "Person" }', declared, 1)
    survey = village_instrument(tmp_path, text).sources["survey"]
    assert (survey.legal_basis, survey.purposes) == (Text("Lag", "Law"), ("evaluation",))


def test_one_text_stands_for_both_languages(tmp_path):
    once = re.sub(r'\{ sv = ("[^"]*"), en = "[^"]*" \}', r"\1", INSTRUMENT)
    assert "sv =" not in once
    instrument = village_instrument(tmp_path, once)
    assert instrument.life_areas == {"work": Text("Arbete", "Arbete")}
    assert instrument.parts[0].who == Text("Handläggaren", "Handläggaren")
    assert instrument.item("education").text == Text("Utbildning", "Utbildning")
    assert instrument.item("education").levels[0].text == Text("Grundskola", "Grundskola")
    assert instrument.item("education").levels[0].aliases == ("1",)


def test_a_question_is_known_when_its_part_is_asked_unless_it_says_otherwise(tmp_path):
    text = INSTRUMENT.replace("known_from = 0\n", "").replace('part = "meeting"', 'part = "interview"', 1)
    known = {item.id: item.known_from for item in village_instrument(tmp_path, text).items}
    assert known == {"education": 5, "work": 0, "age": 0, "sex": 0}
    said = text.replace('direction = "raises"', 'direction = "raises"\nknown_from = 3')
    assert village_instrument(tmp_path, said).item("age").known_from == 3


def test_open_answers_are_counted_and_named_before_anything_else(tmp_path):
    text = INSTRUMENT.replace('code = "9999"', 'code = "?"').replace('direction = "lowers"', 'direction = "?"')
    text = text.replace('person = "Person"', 'person = "?"').replace('kind = "flag"', 'kind = "?"')
    with pytest.raises(
        SettingsError, match=r"^village.toml: 7 answers are still open \(allowed 0\), written \"\?\": "
    ) as found:
        village_instrument(tmp_path, text)
    named = "municipality code, sources register person, sources intake person, sources survey person, item education"
    assert named in str(found.value) and "and 2 more" in str(found.value)
    silent = INSTRUMENT.replace('"Vet ej"]', '"?"]')
    assert village_instrument(tmp_path, silent).no_answer[-1] == "?"  # a word that somebody wrote


@pytest.mark.parametrize("en", ["Which country of the European Union are you from?", "Do you have unemployment cover?"])
def test_only_trade_unions_are_not_asked_about(tmp_path, en):
    text = INSTRUMENT.replace('text = { sv = "Kön", en = "Sex" }', f'text = {{ sv = "Har du a-kassa?", en = "{en}" }}')
    assert village_instrument(tmp_path, text).item("sex").text.en == en


def test_the_standard_library_is_enough():
    code = "import riskmodel.instrument.load, sys; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "pyarrow", "pandera"} & set(loaded)


MISTAKES = {
    # what is replaced, by what, and what the message must say
    "unknown key of an item": ('reference = "upper_secondary"', 'refrence = "x"', ["item education", "refrence"]),
    "unknown key of a source": ("exit_codes", "exits", ["sources: register", "exits"]),
    "unknown key at the top": ('name = "village"', 'name = "village"\ncolour = "red"', ["colour"]),
    "missing key of a predictor": (
        'direction = "raises"\nknown_from = 0\n',
        "known_from = 0\n",
        ["item age", "direction is missing"],
    ),
    "missing text": ('text = { sv = "Kön", en = "Sex" }', 'text = { sv = "Kön" }', ["item sex", "en is missing"]),
    "empty text": (
        'text = { sv = "Kön", en = "Sex" }',
        'text = { sv = "", en = "Sex" }',
        ["item sex", "text or name is empty"],
    ),
    "empty name": (
        'text = { sv = "Kön", en = "Sex" }',
        'text = { sv = "Kön", en = "Sex" }\nname = { sv = "Kön", en = " " }',
        ["item sex", "text or name is empty"],
    ),
    "text is a number": ('name = "village"', "name = 3", ["name", "a text is needed"]),
    "list is a text": ('aliases = ["K"]', 'aliases = "K"', ["item sex", "a list is needed"]),
    "item twice": ('id = "work"', 'id = "education"', ["items", "education", "more than once"]),
    "no id": ('id = "sex"\n', "", ["item 4", "id is missing"]),
    "part twice": ('id = "interview"', 'id = "meeting"', ["parts", "meeting", "more than once"]),
    "code twice": (
        'code = "upper_secondary"',
        'code = "compulsory"',
        ["item education", "compulsory", "more than once"],
    ),
    "alias twice": ('aliases = ["2"]', 'aliases = ["1"]', ["item education", "1", "more than once"]),
    "alias means no answer": (
        'aliases = ["2"]',
        'aliases = ["vet ej"]',
        ["item education", "upper_secondary", "vet ej", "no answer"],
    ),
    "code in capitals": ('code = "woman"', 'code = "Woman"', ["item sex", "Woman", "lower-case"]),
    "reserved code": ('code = "woman"', 'code = "no_answer"', ["item sex", "no_answer"]),
    "reserved id": ('id = "sex"', 'id = "area"', ["item area", "none of"]),
    "reference is no level": (
        'reference = "upper_secondary"',
        'reference = "college"',
        ["item education", "reference", "compulsory, upper_secondary"],
    ),
    "reference forgotten": ('reference = "upper_secondary"\n', "", ["item education", "reference"]),
    "unknown direction": (
        'direction = "raises"',
        'direction = "up"',
        ["item age", "direction", "raises, lowers, none"],
    ),
    "unknown kind": ('kind = "flag"', 'kind = "boolean"', ["item work", "kind", "level, ordinal, number, flag"]),
    "unknown use": ('use = "audit"', 'use = "maybe"', ["item sex", "use", "predictor, audit, never"]),
    "unknown ground": ('grounds = ["age"]', 'grounds = ["income"]', ["item age", "ground", "income"]),
    "ground without justification": (
        'justification = "Support is chosen by age."',
        "",
        ["item age", "age", "justification"],
    ),
    "number without limits": ("minimum = 18\n", "", ["item age", "minimum and maximum"]),
    "limits the wrong way": ("minimum = 18", "minimum = 80", ["item age", "minimum and maximum"]),
    "too many steps": ("maximum = 64", "maximum = 64000", ["item age", "scale"]),
    "scale that a release would round": (
        "maximum = 64",
        "maximum = 64\nscale = 0.16666666666666666",
        ["item age", "scale", "ten significant digits", "0.1666666667"],
    ),
    "level with limits": ('id = "sex"', 'id = "sex"\nminimum = 1', ["item sex", "belong to numbers"]),
    "number with levels": (
        'derive = "age"',
        'levels = [{ code = "a", text = { sv = "a", en = "a" } }]',
        ["item age", "no levels"],
    ),
    "unknown merge": (
        'merge_into = "compulsory"',
        'merge_into = "college"',
        ["item education", "merge_into", "college"],
    ),
    "merge into itself": (
        'merge_into = "compulsory"',
        'merge_into = "upper_secondary"',
        ["item education", "merge_into"],
    ),
    "unknown part": (
        'part = "meeting"\ndirection = "raises"',
        'part = "letter"\ndirection = "raises"',
        ["item age", "part", "letter"],
    ),
    "unknown life area": (
        'life_area = "work"\npart = "meeting"\ndirection = "raises"',
        'life_area = "love"\npart = "meeting"\ndirection = "raises"',
        ["item age", "life_area", "love"],
    ),
    "known before it is asked": (
        'part = "meeting"\ndirection = "raises"',
        'part = "interview"\ndirection = "raises"',
        ["item age", "known_from", "month 5"],
    ),
    "known before intake": (
        "known_from = 0\nstable = true\nchangeable = false",
        "known_from = -1\nstable = true\nchangeable = false",
        ["item age", "known_from is negative"],
    ),
    "a step at the minimum": ("maximum = 64", "maximum = 64\nsteps = [18]", ["item age", "steps", "from 19 to 64"]),
    "a step twice": ("maximum = 64", "maximum = 64\nsteps = [50, 50]", ["item age", "steps", "each once"]),
    "a step of a level": (
        'kind = "level"',
        'kind = "level"\nsteps = [3]',
        ["steps belong to numbers"],
    ),
    "unknown derivation": ('derive = "age"', 'derive = "shoe_size"', ["item age", "derive", "age, earlier_months"]),
    "earlier months with a column": ('derive = "age"', 'derive = "earlier_months"', ["item age", "register"]),
    "months so far with a column": ('derive = "age"', 'derive = "receipts_so_far"', ["receipts_so_far", "register"]),
    "unknown source of a column": (
        'columns = { intake = "Kön" }',
        'columns = { register = "Kön" }',
        ["item sex", "columns", "register"],
    ),
    "year of the intake": (
        'columns = { intake = "Kön" }',
        'columns = { "intake.20" = "Kön" }',
        ["item sex", "intake.20", "intake.2026"],
    ),
    "column of a source that is not there": (
        'columns = { intake = "Kön" }',
        'columns = { cohort = "Kön" }',
        ["item sex", "no source cohort"],
    ),
    "predictor only in the survey": (
        'columns = { intake = "Arbete", survey',
        "columns = { survey",
        ["item work", "column"],
    ),
    "source without person": (
        'columns = { person = "Person", month',
        "columns = { month",
        ["sources: intake", "person is missing"],
    ),
    "source without month": (
        'columns = { person = "Person", month = "Månad", area',
        'columns = { person = "Person", area',
        ["sources: intake", "month is missing"],
    ),
    "unknown role": ('area = "Område" }', 'district = "Område" }', ["sources: intake", "district"]),
    "unknown layout": (
        'files = "register*.csv"',
        'files = "register*.csv"\nlayout = "weeks"',
        ["sources: register", "layout", "weeks"],
    ),
    "unknown month meaning": (
        'files = "register*.csv"',
        'files = "register*.csv"\nmonth_meaning = "x"',
        ["sources: register", "month_meaning"],
    ),
    "unknown encoding": (
        "reader = { header_row = 3",
        'reader = { encoding = "utf-9", header_row = 3',
        ["sources: survey", "encoding"],
    ),
    "unknown exit": ('avliden = "death"', 'avliden = "dead"', ["sources: register", "avliden", "death, moved"]),
    "survey without year": ("Kartläggning {year}", "Kartläggning", ["sources: survey", "{year}"]),
    "unknown source": ("[sources.intake]", "[sources.diary]", ["sources", "diary", "register, exits, intake"]),
    "rule of an unknown item": (
        "three_item_rule = { education",
        "three_item_rule = { shoes",
        ["three_item_rule", "shoes"],
    ),
    "rule of an unknown level": ('work = ["no"]', 'work = ["never"]', ["three_item_rule", "work", "never"]),
    "a purpose that is none": (
        'files = "nybesök.csv"',
        'files = "nybesök.csv"\nlegal_basis = { sv = "SoL", en = "SoL" }\npurposes = ["statistics"]',
        ["sources: intake", "purposes", "statistics", "Allowed: casework, development, evaluation"],
    ),
    "purposes without a legal basis": (
        'files = "nybesök.csv"',
        'files = "nybesök.csv"\npurposes = ["casework"]',
        ["sources: intake", "belong together"],
    ),
    "legal basis without a purpose": (
        'files = "nybesök.csv"',
        'files = "nybesök.csv"\nlegal_basis = { sv = "SoL", en = "SoL" }',
        ["sources: intake", "belong together"],
    ),
    "empty legal basis": (
        'files = "nybesök.csv"',
        'files = "nybesök.csv"\nlegal_basis = { sv = "SoL", en = " " }\npurposes = ["casework"]',
        ["sources: intake", "legal_basis is empty"],
    ),
    "trade union membership": (
        'text = { sv = "Kön", en = "Sex" }',
        'text = { sv = "Är du med i facket?", en = "Are you in one?" }',
        ["item sex", "trade union", "7 a §", "Remove the item"],
    ),
    "area joined twice": (
        'name = "village"',
        'name = "village"\nareas = [{ into = "B", from = "A", since = "2026-01" }, '
        '{ into = "C", from = "b", since = "2026-01" }]',
        ["areas: A and B", "all of them end in"],
    ),
    "area without a month": (
        'name = "village"',
        'name = "village"\nareas = [{ into = "B", from = "A", since = "2026" }]',
        ["areas", "a month"],
    ),
    "another format": ("format = 1", "format = 2", ["format"]),
    "not TOML": ("format = 1", "format = ", ["TOML"]),
}


@pytest.mark.parametrize(("found", "instead", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_file_place_and_remedy(tmp_path, found, instead, said):
    assert found in INSTRUMENT
    with pytest.raises(SettingsError) as caught:
        village_instrument(tmp_path, INSTRUMENT.replace(found, instead, 1))
    message = str(caught.value)
    assert message.startswith("village.toml")
    assert all(words in message for words in said), message


TWO = '[{ item = "age", last = 18 }, { item = "education", answers = ["upper_secondary"] }]'
FORM_MISTAKES = {
    "one condition": ('[{ item = "age", last = 18 }]', ["when needs two conditions"]),
    "one item twice": (TWO.replace("education", "age"), ["when needs two conditions"]),
    "an item that only the audit has": (
        TWO.replace("education", "sex"),
        ["sex is no predictor", "education, work, age"],
    ),
    "an answer nobody can give": (TWO.replace("upper_", "lower_"), ["education", "Known: compulsory, upper_secondary"]),
    "every answer there is": (TWO.replace('["', '["compulsory", "'), ["education", "not all"]),
    "a number for levels": (TWO.replace('answers = ["upper_secondary"]', "first = 1"), ["education", "not all"]),
    "codes for a number": (TWO.replace("last = 18", 'answers = ["18"]'), ["age", "18 to 64"]),
    "a number nobody has": (TWO.replace("18", "17"), ["age", "18 to 64"]),
    "every number there is": (TWO.replace("18", "64"), ["age", "not all"]),
    "ends the wrong way round": (TWO.replace("last = 18", "first = 30, last = 20"), ["age", "18 to 64"]),
}


def declared(when, text='{ sv = "säg", en = "say" }', own_rating="education"):
    top = f'own_rating = "{own_rating}"\n{INSTRUMENT}'
    return f"{top}\n[[contradictions]]\ntext = {text}\nwhen = {when}\n"


def test_contradictions_and_the_own_rating_are_read(tmp_path):
    instrument = village_instrument(tmp_path, declared(TWO))
    (found,) = instrument.contradictions
    assert (instrument.own_rating, found.text) == ("education", Text("säg", "say"))
    age, education = found.when
    assert [age.holds(given) for given in (18, 19, None, "18")] == [True, False, False, False]
    assert [education.holds(given) for given in ("upper_secondary", "compulsory", None)] == [True, False, False]
    so_far = TWO.replace('item = "age", last = 18', 'item = "so_far", first = 5')
    assert village_instrument(tmp_path, declared(so_far).replace("[[contradictions]]", SO_FAR + "[[contradictions]]"))


@pytest.mark.parametrize(("when", "said"), FORM_MISTAKES.values(), ids=FORM_MISTAKES)
def test_a_contradiction_that_nobody_can_meet_is_refused(tmp_path, when, said):
    with pytest.raises(SettingsError) as caught:
        village_instrument(tmp_path, declared(when))
    assert all(words in str(caught.value) for words in ("village.toml: contradictions 1", *said)), caught.value


def test_a_contradiction_says_what_it_is_about_and_the_own_rating_is_asked(tmp_path):
    for text in ('{ sv = "säg", en = " " }', f'{{ sv = "{"s" * 121}", en = "say" }}', '{ sv = "a\\nb", en = "a" }'):
        with pytest.raises(SettingsError, match="contradictions 1: text is one line of at most 120"):
            village_instrument(tmp_path, declared(TWO, text))
    with pytest.raises(SettingsError, match=r"own_rating is no predictor here\. Allowed: education, work, age"):
        village_instrument(tmp_path, declared(TWO, own_rating="sex"))


COHORT = """
format = 1
name = "c"
municipality = { code = "1", name = "C" }
life_areas = { a = { sv = "a", en = "a" } }
parts = [{ id = "p", month = 0, text = { sv = "p", en = "p" }, who = { sv = "p", en = "p" } }]
items = []
[sources.cohort]
files = "c.csv"
columns = { outcome = "y", year = "t" }
"""


def test_a_cohort_says_how_its_outcome_is_written(tmp_path):
    with pytest.raises(SettingsError, match="outcome_codes .* or outcome_above"):
        village_instrument(tmp_path, COHORT)
    with pytest.raises(SettingsError, match="0 or 1"):
        village_instrument(tmp_path, COHORT + 'outcome_codes = { "a" = 2 }')
    assert village_instrument(tmp_path, COHORT + "outcome_above = 8").sources["cohort"].outcome_above == 8.0


def test_a_cohort_stands_alone(tmp_path):
    with pytest.raises(SettingsError, match="stands alone"):
        village_instrument(tmp_path, INSTRUMENT + '[sources.cohort]\nfiles = "c"\ncolumns = {}')


def test_spells_need_start_and_end(tmp_path):
    text = INSTRUMENT.replace('files = "register*.csv"', 'files = "register*.csv"\nlayout = "spells"')
    with pytest.raises(SettingsError, match="start, end is missing"):
        village_instrument(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml: instrument not found"):
        read_instrument(tmp_path / "none.toml")


SO_FAR = """
[[items]]
id = "so_far"
kind = "number"
use = "predictor"
life_area = "work"
part = "meeting"
direction = "raises"
known_from = 3
stable = false
changeable = false
text = { sv = "Månader hittills", en = "Months so far" }
derive = "receipts_so_far"
minimum = 2
maximum = 3
"""


def test_months_so_far_enter_from_their_landmark_on_and_rise_with_it(tmp_path):
    instrument = village_instrument(tmp_path, INSTRUMENT + SO_FAR)
    assert "so_far" not in [item.id for item in (*instrument.predictors(), *instrument.predictors(2))]
    limits = {month: instrument.predictors(month)[-1] for month in (3, 4, 5)}
    assert {month: (item.minimum, item.maximum) for month, item in limits.items()} == {3: (2, 3), 4: (3, 4), 5: (4, 5)}
    assert instrument.item("so_far").minimum == 2


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ("known_from = 3", "known_from = 0", "known_from is 0, but at intake no month of the case has passed"),
        ("maximum = 3", "maximum = 4", "possible at month 3, from 0 to 3"),
        ("minimum = 2", "minimum = -1", "possible at month 3, from 0 to 3"),
        ("maximum = 3", "maximum = 3\nscale = 2.0", "scale is not used"),
    ],
)
def test_months_so_far_that_can_not_be_are_refused(tmp_path, found, instead, said):
    with pytest.raises(SettingsError, match=f"item so_far: .*{said}"):
        village_instrument(tmp_path, INSTRUMENT + SO_FAR.replace(found, instead))
