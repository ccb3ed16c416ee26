"""Texts are data: each says the same in both languages, each is said somewhere, and no sentence stands in the code."""

import ast
import re
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import riskmodel
from riskmodel.advice.abstain import REASONS
from riskmodel.advice.record import ANSWERS, STANDINGS
from riskmodel.assess.assessment import COMPARATOR
from riskmodel.assess.evaluation import NOT_AVAILABLE, TOO_FEW
from riskmodel.assess.fairness import OFF_BY
from riskmodel.assess.gaps import GATED, RAW
from riskmodel.assess.new_year import verdict as new_year
from riskmodel.assess.new_year.closed_test import UPDATES
from riskmodel.assess.record import OUT_OF_FOLD
from riskmodel.assess.repeated.internal_external import LEFT_OUT
from riskmodel.assess.repeated.multiverse import CHOICES
from riskmodel.assess.unseen import KINDS as KINDS_UNSEEN
from riskmodel.assess.year_drift import DIRECTIONS
from riskmodel.cohort import two_forms as form_items
from riskmodel.cohort.flow_alarms import FLOW_ALARMS
from riskmodel.cohort.population import NOT_AT_RISK
from riskmodel.disclosure import PROFILES
from riskmodel.exports.kit import FIELDS, REFUSED_FOR
from riskmodel.extracts.delivery import MEASURES as MEASURES_OF_NOTES
from riskmodel.ground.departures import OFFERED
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import CENSORING
from riskmodel.ground.words import LANGUAGES, WRITING, Text, read_words
from riskmodel.instrument.records import GROUNDS, MONTH_MEANINGS, PURPOSES, SOURCES
from riskmodel.model.prior import RELEASE
from riskmodel.model.sample_size import ASSUMED, LAST_RELEASE, PRIOR, THIS_RUN
from riskmodel.publish import card, card_tables, changes, status, whatif
from riskmodel.publish.difference import BESIDE, ORIGIN, SCALE, THRESHOLDS
from riskmodel.publish.protocol import KEPT
from riskmodel.release.acts import NamedSource
from riskmodel.release.criteria import BEYOND_DOUBT, FAIL, JUSTIFY, MET, NOT_KNOWN, NOT_MET, NOT_SHOWN, PASS
from riskmodel.release.evidence import DEMANDS
from riskmodel.release.gates import FAILED, NAMES, OPEN, PASSED, QUESTIONS, REMEDIES
from riskmodel.release.landmark import BORDERLINE, MORE_SUPPORT, NO_INDICATION
from riskmodel.release.record import TEMPORAL
from riskmodel.release.subject import OF_CHOICES, OF_PEOPLE, OF_POINTS
from riskmodel.release.town_summary import KINDS
from riskmodel.report.calibration_report import CHAPTERS
from riskmodel.report.chapters import firmness, groups, performance, purpose, questions, trail

PACKAGE = Path(riskmodel.__file__).parent
FILES = sorted(PACKAGE.rglob("texts/*.toml"))
ACTIONS = ("quarantined", "blanked", "dropped", "noted")
REPORT, CARD, DIFF = "report.document", "publish.card_tables", "publish.changes"
STATEMENTS, ADVICE, NEW_YEAR = "publish.compose", "advice.explain", "assess.new_year.verdict"


# --- what is read, said and written ---


def written(folder, content, name="some.toml"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_texts_are_read_in_their_order_and_said_in_either_language(tmp_path):
    words = read_words(written(tmp_path, 'b = { sv = "Två {n}", en = "Two {n}" }\na.sv = "En"\na.en = "One"\n'))
    assert list(words) == ["b", "a"]
    assert (words.say("b", "sv", n=1), words.speaking("en")("b", n="{}")) == ("Två 1", "Two {}")
    assert words.both("b", n=3) == {"sv": "Två 3", "en": "Two 3"}
    assert words["b"].filled(n=3) == Text("Två 3", "Two 3") and words["a"].said("en") == "One"


def test_parts_may_bear_any_name(tmp_path):
    words = read_words(written(tmp_path, 'a = { sv = "{key} {language}", en = "{language} {key}" }'))
    assert words.say("a", "en", key=1, language=2) == "2 1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('a = { sv = "En" }', "some.toml: a: key en is missing"),
        ('a = { sv = "En", en = "One", no = "En" }', "some.toml: a: unknown key no"),
        ('a = { sv = "En", en = 1 }', "some.toml: a: en: a text is needed"),
        ('a = "En"', "some.toml: a: a table is needed"),
        ('a = { sv = "En", en = " " }', "some.toml: a: says nothing in one of the languages"),
        ("a = {", "some.toml: not valid TOML"),
    ],
)
def test_what_is_no_text_in_both_languages_is_refused(tmp_path, content, told):
    with pytest.raises(SettingsError, match=re.escape(told)):
        read_words(written(tmp_path, content))


def test_a_key_stands_in_one_file(tmp_path):
    files = [written(tmp_path, 'a = { sv = "En", en = "One" }', name) for name in ("one.toml", "two.toml")]
    with pytest.raises(SettingsError, match="two.toml: a: stands in another file too"):
        read_words(*files)


def test_a_lost_file_of_texts_is_told(tmp_path):
    with pytest.raises(SettingsError, match=r"some.toml: not found. It is part of riskmodel"):
        read_words(tmp_path / "some.toml")


@pytest.mark.parametrize(
    ("value", "digits", "swedish", "english"),
    [(1234.5, 0, "1234", "1234"), (0.0125, 3, "0,013", "0.013"), (-0.5, 2, "-0,50", "-0.50"), (7, 0, "7", "7")],
)
def test_plain_text_parts_no_thousands_and_keeps_the_hyphen(value, digits, swedish, english):
    assert [WRITING[language].plain(value, digits=digits) for language in LANGUAGES] == [swedish, english]


def test_a_number_by_hand_has_no_decimals_it_does_not_need():
    assert [WRITING["sv"].written(value) for value in (12, 12.0, 12.5, 0.1 + 0.2)] == ["12", "12", "12,5", "0,3"]


def test_a_list_has_its_word_before_the_last():
    assert [WRITING["sv"].listed(list(words)) for words in ("", "a", "ab", "abc")] == ["", "a", "a och b", "a, b och c"]


def test_months_are_named():
    assert [WRITING[language].month(2024 * 12 + 11) for language in LANGUAGES] == ["december 2024", "December 2024"]


# --- both languages ---


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_both_languages_have_the_same_parts(file):
    for key, text in read_words(file).items():
        swedish, english = ([part for _, part, *_ in string.Formatter().parse(text.said(one))] for one in LANGUAGES)
        assert set(swedish) - {None} == set(english) - {None}, key
        assert all(part is None or part.isidentifier() for part in swedish + english), key


def test_every_gate_has_a_name_and_a_remedy():
    assert list(NAMES) == list(REMEDIES) == [f"G{place}" for place in range(1, len(NAMES) + 1)]


# --- used, and none missing ---


@dataclass(frozen=True)
class Module:
    """What a module holds. strings: no docstrings; said: keys, {} for what is not known before it runs."""

    strings: frozenset[str]
    said: frozenset[str]
    imported: frozenset[str]
    files: tuple[Path, ...]


@cache
def modules():
    """Every module of the package, by its name in it."""
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): module_of(path)
        for path in PACKAGE.rglob("*.py")
    }


def module_of(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    patterns = [
        one.value
        for node in nodes
        if isinstance(node, ast.Call) and called(node) in ("read_words", "read_own")
        for one in ast.walk(node)
        if is_text(one) and one.value.endswith(".toml")
    ]
    return Module(
        strings=frozenset(node.value for node in nodes if is_text(node) and id(node) not in docstrings),
        said=frozenset(key for node in nodes for key in said_by(node)),
        imported=frozenset(name for node in nodes if isinstance(node, ast.ImportFrom) for name in imported_by(node)),
        files=tuple(file for one in patterns for file in sorted((path.parent / "texts").glob(one))),
    )


def imported_by(node):
    """The module, and whatever is taken of it: that may be a module too."""
    yield from (str(node.module), *(f"{node.module}.{one.name}" for one in node.names))


def called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


TABLES = (
    "TEXTS",
    "CASE_TEXTS",
    "REFUSALS",
    "LACKING",
    "CONCERNS",
    "NOTES",
    "TITLES",
)  # of texts, as they are called where said
# methods that say texts: where their keys stand among the arguments, and what key each makes
HELPERS = {
    "words": (slice(None), "{}"),
    "numbers": (slice(None), "{}"),
    "heading": (slice(1), "{}_heading"),
    "table": (slice(1, 2), "{}"),
    "chapter": (slice(1), "{}_title"),
}


def said_by(node):
    if isinstance(node, ast.Call) and called(node) in ("say", "both") and node.args:
        yield from keys_in(node.args[0])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and called(node) in HELPERS:
        place, pattern = HELPERS[called(node)]
        yield from (pattern.format(key) for one in node.args[place] for key in keys_in(one))
        if called(node) == "chapter" and any(word.arg == "lead" for word in node.keywords):
            yield from (f"{key}_lead" for key in keys_in(node.args[0]))
    elif isinstance(node, ast.Call) and called(node) == "map" and getattr(node.args[0], "id", "") == "say":
        yield from (one.value for one in getattr(node.args[1], "elts", ()) if is_text(one))
    elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in TABLES:
        yield from keys_in(node.slice)


def keys_in(node):
    if isinstance(node, ast.IfExp):
        yield from [*keys_in(node.body), *keys_in(node.orelse)]
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if is_text(part) else "{}" for part in node.values)
    elif is_text(node):
        yield node.value


@cache
def owners():
    """The modules that read texts."""
    return sorted(name for name, module in modules().items() if module.files)


@cache
def texts_of(owner):
    """The texts that a module reads for others to say; the names and remedies of gates are said as they stand."""
    return read_words(*(file for file in modules()[owner].files if file.stem not in ("gate_names", "gate_remedies")))


@cache
def users(owner):
    """The modules that say the texts of `owner`."""
    return [name for name, one in modules().items() if name == owner or f"riskmodel.{owner}" in one.imported]


@cache
def in_templates(owner):
    folder = PACKAGE.joinpath(*owner.split(".")[:-1])
    templates = [path.read_text(encoding="utf-8") for path in folder.rglob("*.j2")]
    scripts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.js")]
    in_scripts = {key for script in scripts for key in re.findall(r'"(\w+)"', script)}
    return in_scripts | {key for template in templates for key in re.findall(r'say\("(\w+)"\)', template)}


def literals(*names):
    """The strings of modules, or of all in a package: for codes that no constant gathers."""
    return {one for name, module in modules().items() if name.startswith(names) for one in module.strings}


MEASURES = (
    *("oe", "recalibration_slope", "ici", "auc"),
    *(f"points_{of}" for of in ("auc_loss", "mean_risk_loss", "tail_risk_loss", "same_flag")),
    *(f"inflow_{of}" for of in ("oe", "slope")),
)
FEW = (groups.TOO_FEW, groups.PASSED_BY_FEW)

# keys composed at run time, with every value that the blank can have
COMPOSED = {
    REPORT: {
        "alarm_{}": (*FLOW_ALARMS, COMPARATOR),
        "{}": (TOO_FEW, NOT_AVAILABLE, "not_shown"),  # a status says itself
        "{}_text": ("verdict_passed", "verdict_failed", "verdict_open"),
        "{}_heading": ("years", "areas"),
        "{}_title": tuple(chapter.__name__ for chapter in CHAPTERS),
        "{}_lead": ("purpose", "material", "accuracy", "robustness", "groups", "score", "questions", "annex", "origin"),
        "{}_caption": ("fair", "fair_not_passed"),
        "years_text{}": ("", "_out_of_fold"),
        "action_{}": ACTIONS,
        "answer_{}": (MORE_SUPPORT, BORDERLINE, NO_INDICATION),
        "alarms_{}": ("alarm", "item", "signed", "reason"),
        "choice_{}": tuple(choice for _, choice, _ in CHOICES),
        "demand_{}": DEMANDS,
        "distribution_{}": ("across", "up", "long", "other"),
        "drift_{}": DIRECTIONS,
        "factor_use_{}": (questions.AUDITED, questions.SCORED, questions.LEFT_OUT),
        "fair_{}": (*GATED, *OFF_BY),
        "ground_{}": GROUNDS,
        "held_out_{}": LEFT_OUT,
        "kind_{}": (TEMPORAL, OUT_OF_FOLD),
        "meaning_{}": (1, 2, 3, 4, *purpose.TERMS),
        "measure_{}": (*performance.MEASURES, *firmness.CORRECTED, *firmness.HELD_OUT, "inflow_oe", "inflow_slope"),
        "month_{}": MONTH_MEANINGS,
        "not_known_{}": tuple(f"G{number}" for number in range(5, 9)),
        "not_met_{}": tuple(f"G{number}" for number in range(1, 10)),
        "part_{}": ("estimate", "low", "high"),
        "predictor_{}": (*performance.LINES, *performance.COMPARED),
        "profile_{}": tuple(PROFILES),
        "r2_from_{}": (LAST_RELEASE, PRIOR, THIS_RUN, ASSUMED),
        "raw_{}": RAW,
        "rule_{}": CENSORING,
        "short_up_{}": questions.DRAWN,
        "source_{}": trail.HASHES,
        "status_{}": (PASSED, FAILED, OPEN, MET, NOT_MET, NOT_KNOWN),
        "term_{}": purpose.TERMS,
        "tested_{}": (
            *(form_items.ENTERS, form_items.NOT_DECLARED, form_items.NOT_IN_SURVEY),
            *(form_items.TOO_FEW, form_items.SHIFTED, form_items.BLANKS_DIFFER),
        ),
        "unseen_{}": KINDS_UNSEEN,
        "value_{}": tuple(value for *_, values in CHOICES for value in values if isinstance(value, str)),
        "verdict_{}": (PASS, FAIL, BEYOND_DOUBT, NOT_SHOWN, JUSTIFY, PASSED, FAILED, OPEN, *FEW),
    },
    CARD: {
        "{}": DEMANDS,
        "asked_{}": tuple(card.ANSWERED),
        "asks_{}": DEMANDS,
        "end_{}": ("low", "high"),
        "judged_{}": (MET, NOT_MET, NOT_KNOWN),
        "measure_{}": ("oe", "recalibration_slope", "ici", "auc"),
        "measure_{}{}": (*card_tables.MEASURES, *(f"{one}_later" for one in card_tables.LATER_MEASURES)),
        "origin_{}": card.ORIGIN,
        "purpose_{}": PURPOSES,
        "source_{}": get_args(NamedSource),
        "status_{}": (PASSED, FAILED, OPEN, NOT_KNOWN),
        "window_{}": ("intake", "register"),
    },
    DIFF: {
        "{}": (*THRESHOLDS, *SCALE, *ORIGIN, *BESIDE, "new", "kept", "ended", "changed", "added", "removed"),
        "measure_{}": changes.MEASURES,
    },
    STATEMENTS: {
        "{}": OFFERED,
        "begins_{}": ("after", "before", "within"),
        "forbidden_{}": ("deny", "reduce", "revoke", "reclaim", "control", "sanctions", "queue"),
        "reform_{}": ("2025-07-01", "2026-07-01", "2027-01-01"),  # the days that have a name; any other is `other`
    },
    ADVICE: {
        "{}": (*ANSWERS, *REASONS),
        "{}_later": ("frequency", "raising", "lowering"),
        "area_{}": STANDINGS,
    },
    NEW_YEAR: {
        "reason_{}": tuple(new_year.WHY.values()),
        "verdict_{}": (*UPDATES, new_year.NOTHING_NEW, new_year.TOO_LITTLE, new_year.EFFECT_OR_DRIFT, new_year.RETIRE),
    },
    "cohort.flow": {"{}": NOT_AT_RISK},
    "preview.lines": {"measure_{}": ("oe", "recalibration_slope", "ici", "auc")},
    "publish": {
        "verdict_{}": (MET, NOT_MET, NOT_KNOWN),
        "look_{}": (MET, NOT_MET, NOT_KNOWN),
        "gate_{}": (PASSED, FAILED, OPEN),
        "thing_{}": (*OF_PEOPLE, *OF_CHOICES, *OF_POINTS, *KEPT, "criteria", "confirm_year"),
    },
    "cli.shared": {
        "step_{}": status.STEPS,
        "next_{}": (status.FIRST, status.FIX, status.HELD, status.AFTER),
        "whatif_{}": (whatif.FLAGGED, whatif.LONG, whatif.LEFT, whatif.MISSED),
    },
    "draft.compose": {"{}": SOURCES, "source_{}": SOURCES},
    "exports.kit": {"{}": (*FIELDS, *REFUSED_FOR)},
    "publish.render": {"file_{}": ("instrument", "settings", "protocol", "confirmation", "ledger", "lock")},
    "cohort": {
        "{}": (
            *(form_items.NOT_DECLARED, form_items.NOT_IN_SURVEY, form_items.TOO_FEW),
            *(form_items.SHIFTED, form_items.BLANKS_DIFFER),
        )
    },
    "extracts.refusals": {"use_{}": ("month", "year")},
    "extracts.year_changes": {"head_{}": MEASURES_OF_NOTES},
    "release.criteria": {"end_{}": ("low", "high"), "measure_{}": MEASURES},
    "release.gates": {f"{name}_{{}}": tuple(asked) for name, asked in QUESTIONS.items()},
    "publish.rests_on": {"whose_{}": (RELEASE, *KINDS)},
    "assess.record": {"{}": (TEMPORAL, OUT_OF_FOLD)},
}
# the same where the codes stand in the code of these modules, and no constant gathers them
GATHERED_NOWHERE = {
    REPORT: {
        "alarm_{}": "model.inference",
        "measure_{}": "publish.evidence_gates",
        "unlinked_{}": "cohort.summary",
    },
    NEW_YEAR: {"reason_{}": NEW_YEAR},
    "extracts.refusals": {"{}": "extracts"},
    "preview.lines": {"{}": "preview.reach"},
}


def composed(owner):
    exact = {filled(key, value) for key, values in COMPOSED.get(owner, {}).items() for value in values}
    return exact, {
        filled(key, value) for key, where in GATHERED_NOWHERE.get(owner, {}).items() for value in literals(where)
    }


def filled(key, value):
    return key.replace("{}", str(value), 1).replace("{}", "")


def test_every_file_of_texts_is_read_once():
    assert sorted(file for module in modules().values() for file in module.files) == FILES != []


def test_every_text_is_said():
    assert {owner: unsaid for owner in owners() if (unsaid := never_said(owner))} == {}


def never_said(owner):
    exact, gathered = composed(owner)
    literal = {one for user in users(owner) for one in modules()[user].strings | modules()[user].said}
    return set(texts_of(owner)) - literal - in_templates(owner) - exact - gathered


def test_every_composed_key_has_its_text():
    missing = {owner: composed(owner)[0] - set(texts_of(owner)) for owner in owners()}
    assert {owner: keys for owner, keys in missing.items() if keys} == {}


def test_every_key_that_is_said_has_its_text():
    everybody = {user for owner in owners() for user in users(owner)}
    assert {user: unknown for user in everybody if (unknown := modules()[user].said - known_to(user))} == {}


def known_to(user):
    spoken = [owner for owner in owners() if user in users(owner)]
    known = {key for owner in spoken for key in texts_of(owner)}
    return known | {key for owner in spoken for table in (COMPOSED, GATHERED_NOWHERE) for key in table.get(owner, {})}


def test_the_templates_say_what_there_is():
    assert in_templates(REPORT) - set(texts_of(REPORT)) == set() != in_templates(REPORT)


# --- no sentence in the code ---

# those that are no words of English, of code or of SQL
FUNCTION_WORDS = frozenset(
    "alla annan att av bara blev blir det ett från får för har hur här inga ingen inget inte mer och också på samma"
    " sedan ska som till utan vad vid än är över".split()
)
WRITTEN_IN_SWEDISH = {
    "draft.lexicon": "headings and answers, to guess by",
    "ground.words": "the word before the last of a list",
    "extracts.ids": "what systems write where there is no id, to recognise it by",
    "extracts.spells": "what systems write where a spell has not ended, to recognise it by",
    "instrument.check_items": "names of what may never be asked, to recognise them by",
    "report.document": "capitals, to recognise abbreviations by",
}
MADE_DATA = ("simulate",)  # a made municipality's files are in Swedish


def is_swedish(text):
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    return bool(re.search("[åäöÅÄÖ]", text)) or bool(words & FUNCTION_WORDS)


@pytest.mark.parametrize("text", ["Utan svar", "Antal rader: å", "inget svar", "Risken gäller det"])
def test_swedish_is_recognised(text):
    assert is_swedish(text)


def test_no_module_holds_a_sentence_in_swedish():
    found = {
        name
        for name, module in modules().items()
        if not name.startswith(MADE_DATA) and any(map(is_swedish, module.strings))
    }
    assert found == set(WRITTEN_IN_SWEDISH)
