"""Whoever asks a command in a language is refused in it: Swedish, or English with `--language en`."""

import re
import shutil
import sys

import pytest
import release_example
from typer.testing import CliRunner

from riskmodel.cli import COMMANDS, app, main
from riskmodel.ground.errors import GateError, RiskModelError, SettingsError, told_in
from riskmodel.ground.text import Text
from riskmodel.publish.publication import decided, oversight_gate
from riskmodel.publish.publish import publish
from riskmodel.release.criteria import Criterion
from riskmodel.release.gates import LACKING, concern, in_both

ROOT = release_example.ROOT
NAME = ("--name", "Ada Alm")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A project folder with the example's release and nothing run, and one release that lies alone."""
    root = tmp_path_factory.mktemp("place")
    for folder in ("models/releases", "data/instruments"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(ROOT / "models/releases/2026.1", root / "alone/2026.1")
    shutil.copy(ROOT / "params.toml", root)
    (root / "results.jsonl").write_text("{}\n", encoding="utf-8")
    (root / "bad.toml").write_text("{", encoding="utf-8")
    example = (ROOT / "data/instruments/exempelstad.toml").read_text(encoding="utf-8")
    (root / "other.toml").write_text(example.replace("format = 1", "format = 2", 1), encoding="utf-8")
    (root / "damaged/2026.1").mkdir(parents=True)
    (root / "damaged/LEDGER").write_text("{}\n", encoding="utf-8")
    return root


REFUSED = {
    "protocol": (NAME, "models/candidates: det finns ingen kandidat. Kör", "models/candidates: no candidate. Run"),
    "confirm": (NAME, "data/: körningens resultat är borta", "data/: the run's results are gone"),
    "approve": (NAME, "det finns ingen kandidat", "no candidate"),
    "publish": (NAME, "det finns ingen kandidat", "no candidate"),
    "publish on no day": ((*NAME, "--valid-from", "snart"), "ett datum behövs, till exempel", "a date is needed"),
    "publish with half a pen": ((*NAME, "--signer", "Ada"), "båda behövs för att skriva under", "both are needed to"),
    "withdraw": (("2026.1", "--reason", " ", *NAME), "behövs ett skäl och ett namn", "needs a reason and a name"),
    "withdraw what is none": (("2031.1", "--reason", "fel", *NAME), "har inte publicerats", "has no such publication"),
    "drill": (("--name", "--"), "Ett namn behövs: vem gör det här?", "A name is needed: who does this?"),
    "verify": (("2031.1",), "2031.1: någon sådan utgåva har inte", "2031.1: the ledger has no such"),
    "verify alone": (("alone/2026.1",), "en mapp utan sin liggare", "a folder without its ledger"),
    "verify by a damaged ledger": (("damaged/2026.1",), "LEDGER, rad 1: följer inte på", "LEDGER, line 1: does not"),
    "whatif": (("harm_ratio=a",), "whatif: harm_ratio: ett tal behövs", "whatif: harm_ratio: a number is needed"),
    "whatif of nothing": (("x=1",), "gränsen beror inte på någon sådan", "the threshold depends on no such"),
    "report": (("out",), "data/: körningens resultat är borta", "data/: the run's results are gone"),
    "report in no profile": (("out", "--profile", "x"), "--profile: finns inte. Tillåtna: ", "--profile: not known."),
    "diff": (("2026.1", "candidate"), "det finns ingen kandidat", "no candidate"),
    "diff of nothing": (("2031.1", "candidate"), "Publicerade: 2026.1", "Published: 2026.1"),
    "score": (
        ("2026.1", "a.csv", "b.csv", "--purpose", "casework"),
        "det ändamålet är inte tillåtet",
        "this purpose is not allowed",
    ),
    "score no file": (
        ("2026.1", "a.csv", "b.csv", "--purpose", "evaluation"),
        "score: 1 av 1 källor är ingen fil",
        "score: 1 of 1 sources are no file",
    ),
    "conform": (("2026.1", "results.jsonl"), "2026.1: har ingen conformance.jsonl", "2026.1: has no conformance.jsonl"),
    "init": (("out.toml",), "init: två sökvägar behövs", "init: two paths are needed"),
    "init of nothing": (("alone", "out.toml"), "finns inga märkta fall", "none is a labelled cohort"),
    "init over something": (("alone", "other.toml"), "other.toml: finns redan", "other.toml: is there already"),
    "init from no workbook": (("out.toml", "--from", "none.xlsx"), "går inte att läsa", "can't be read"),
    "simulate": (
        ("out", "--trouble", "late=2"),
        "trouble: renamed, late och unlinked är andelar",
        "trouble: renamed, late and unlinked are shares",
    ),
    "check": (
        ("raw", "--instrument", "none.toml"),
        "--instrument: none.toml finns inte",
        "--instrument: none.toml is not there",
    ),
    "check by another format": (
        ("raw", "--instrument", "other.toml"),
        "other.toml: format är inte 1",
        "other.toml: format is not 1",
    ),
    "check by what is no TOML": (
        ("raw", "--instrument", "bad.toml"),
        "bad.toml: är inte giltig TOML i UTF-8: fel på rad 1, tecken 1. Rätta raden.",
        "bad.toml: not valid TOML in UTF-8: Invalid statement (at line 1, column 1)",
    ),
}


@pytest.mark.parametrize(("case", "asked"), REFUSED.items(), ids=REFUSED)
def test_a_command_refuses_in_the_language_it_is_asked_in(place, monkeypatch, case, asked):
    monkeypatch.chdir(place)
    monkeypatch.delenv("RISKMODEL_LANGUAGE", raising=False)
    options, *expected = asked
    for chosen, said in zip(((), ("--language", "en")), expected, strict=True):
        refused = CliRunner().invoke(app, [case.split()[0], *options, *chosen])
        assert isinstance(refused.exception, RiskModelError), refused.output
        assert said in str(refused.exception)


@pytest.mark.parametrize(
    ("asked", "head", "told"),
    [
        ((), "Körningen skulle stanna", "Leveransens mapp nowhere hittades inte. Ange mappen där filerna ligger: i"),
        (
            ("--language", "en"),
            "The run would stop",
            "The delivery's folder nowhere was not found. Name the folder that",
        ),
    ],
)
def test_check_tells_why_a_delivery_is_refused_in_the_language_it_is_asked_in(place, monkeypatch, asked, head, told):
    monkeypatch.chdir(place)
    shown = CliRunner().invoke(app, ["check", "nowhere", *asked])
    assert (shown.exit_code, f"{head}\n  " in shown.output) == (11, True)
    assert told in " ".join(shown.output.split())


def test_every_command_can_be_asked_in_a_language():
    assert [command.__name__ for command in COMMANDS if "language" not in command.__annotations__] == []


def test_what_forbids_publication_is_named_in_both_languages(tmp_path):
    workspace = release_example.confirmed(tmp_path)
    with pytest.raises(GateError) as caught:
        publish(workspace, release_example.settings(), name="Ada", today=release_example.TODAY)
    swedish, english = map(caught.value.said, ("sv", "en"))
    assert swedish.startswith("Inte publicerad. Grindar som hindrar det: 1.\n  G11 ") and "inte uppfylld." in swedish
    assert english.startswith("Not published: 1 gate(s) forbid it.\n  G11 ") and english == str(caught.value)


def test_a_demand_is_said_with_swedish_names_and_decimals():
    assert Criterion("oe", 0.8, 1.25).said("sv") == "utfall delat med förutsagt (O/E): minst 0,8 och högst 1,25"
    lowest = Criterion("auc", 0.65, None, part="low")
    assert lowest.said("sv") == "rätt ordning av par (AUC), intervallets nedre ände: minst 0,65"
    assert (str(lowest), lowest.said("en")) == ("auc, low end of its interval: at least 0.65",) * 2


def test_what_a_gate_lacks_is_found_in_swedish_by_the_english_of_the_release():
    (gate,) = decided([oversight_gate([], []).as_dict()])
    assert concern(gate, "sv") == "stoppet är inte prövat; hur råden följs loggas inte"
    for text in LACKING.values():
        parts = dict.fromkeys(re.findall(r"{(\w+)}", text.en), "oe, 3 {x}")
        assert in_both(text.filled(**parts).en) == text.filled(**parts)
    assert in_both("{0} older.html") == Text("{0} older.html", "{0} older.html")


def test_an_error_that_was_told_once_is_told_the_same_again():
    with pytest.raises(SettingsError, match=r"^Så: fel\.$"), told_in("en"):
        with told_in("sv", otherwise=Text("Så: {message}", "")):
            raise SettingsError(Text("fel.", "wrong."))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("chekc", "Kommandot är inte skrivet så att det går att läsa."),
        ("check a b c d", "Kommandot är inte skrivet så att det går att läsa."),
        ("check --nosuch", "Valet --nosuch finns inte."),
        ("advise", "release saknas."),
        ("score --month x 2026.1 a b", "--month: värdet går inte att använda."),
        ("check --nosuch --language en", "There is no option --nosuch."),
        ("check --nosuch --language=en", "There is no option --nosuch."),
    ],
)
def test_a_mistyped_command_is_told_in_the_language_it_asks_for(words, told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["riskmodel", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2 and told in said and said.endswith("--help\n") and said.count("\n") == 1


@pytest.mark.parametrize(("words", "code"), [("--version", 0), ("verify 2031.1", 14), ("verify --help", 0)])
def test_a_command_that_can_be_read_ends_with_its_own_code(words, code, place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "argv", ["riskmodel", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code and "".join(capsys.readouterr())
