"""What a caseworker meets at `riskmodel advise`: a refusal in their language that says what to do, and no value."""

import json
import pickle
import shutil
from datetime import date
from pathlib import Path

import pytest

from riskmodel.cli.use import advise
from riskmodel.ground.errors import BundleError, RiskModelError, SurveyDataError, told_in
from riskmodel.ground.text import CaseText, Text
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.withdraw import withdraw

ROOT = Path(__file__).parents[3]
ONE = json.loads((ROOT / "notebooks/one.json").read_text(encoding="utf-8"))
SECRET = "8501011234"
INSTEAD = (
    "Bedömningsstödet kan inte användas just nu. Bedöm som vanligt, och visa det här för den som ansvarar för stödet"
)


def with_answers(**answers):
    return {**ONE, "answers": {**ONE["answers"], **answers}}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the example's release, in which the commands run."""
    shutil.copytree(ROOT / "models/releases", tmp_path / "models/releases")
    shutil.copy(ROOT / "params.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(place, case=ONE, *, release="2026.1", language="sv"):
    content = case if isinstance(case, str) else json.dumps(case)
    (place / "one.json").write_text(content, encoding="utf-8")
    with pytest.raises(RiskModelError) as caught:
        advise(release, place / "one.json", language=language)
    assert SECRET not in str(caught.value) and caught.value.__cause__ is None
    return str(caught.value)


REFUSALS = {
    "no JSON": ("{", {}, "one.json: går inte att läsa som JSON i UTF-8 med varje namn en gång. Rätta filen."),
    "no case": ([SECRET], {}, "one.json: ett objekt behövs, med answers och kanske municipality, month och case"),
    "no code": ({**ONE, "municipality": 9900}, {}, "municipality ska vara en kod inom citattecken"),
    "no municipality": ({"answers": {}}, {}, "municipality behövs, koden för kommunen som frågar. Lägg till den."),
    "no month": ({**ONE, "month": SECRET}, {}, "month ska vara ett helt tal: 0 för ett nytt ärende"),
    "no table": ({**ONE, "month": 3}, {}, "Utgåvan har ingen tabell för månad 3. Den har: 0. Ange en av dem."),
    "somebody's number": ({**ONE, "case": "850101-1236"}, {}, "case: ser ut som ett personnummer"),
    "a name": ({**ONE, "case": "Anna Alm"}, {}, "case: ett ärendenummer behövs, inom citattecken"),
    "an unknown item": (
        with_answers(shoes=SECRET),
        {},
        "Svaren: utgåvan frågar inte efter: shoes. Den frågar efter: self_rating, age",
    ),
    "a number for an item": ({**ONE, "answers": {SECRET: 1}}, {}, "efter: 1 namn som ingen fråga har. Den"),
    "an unknown answer": (
        with_answers(housing=SECRET),
        {},
        "housing: svaret känns inte igen. Det här går att svara: Egen bostad, I andra hand, Inneboende, Saknar bostad, "
        "eller inget svar.",
    ),
    "no number": (
        with_answers(age="gammal"),
        {},
        "age: svaret känns inte igen. Det här går att svara: hela tal från 18",
    ),
    "another municipality": (
        {**ONE, "municipality": "0180"},
        {},
        "Utgåvan är gjord för en annan kommun (9900). Använd en som är gjord för er.",
    ),
    "an unknown release": (ONE, {"release": "2031.1"}, "2031.1: någon sådan utgåva har inte publicerats."),
    "no release": (ONE, {"release": "ny"}, "Det är inget utgåvenummer."),
}


@pytest.mark.parametrize(("case", "asked", "said"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_in_the_language_that_was_asked_for(place, case, asked, said):
    in_swedish, in_english = (refusal(place, case, language=language, **asked) for language in ("sv", "en"))
    assert said in in_swedish and said not in in_english
    assert not {"Allowed", "Correct", "needed"} & set(in_swedish.split())


def on(monkeypatch, day):
    monkeypatch.setitem(advise.__globals__, "date", type("Fixed", (date,), {"today": classmethod(lambda _: day)}))


def test_a_release_out_of_use_says_so_in_swedish(place, monkeypatch):
    on(monkeypatch, date(2026, 11, 1))
    assert refusal(place) == "2026.1: gäller inte före 2026-11-21. Använd utgåvan före den till dess."
    on(monkeypatch, date(2029, 1, 1))
    assert refusal(place) == "2026.1: slutade gälla 2028-05-20. Använd en nyare utgåva."
    withdraw(Workspace(place), "2026.1", reason="fel", name="Bo", today=date(2027, 1, 1))
    assert refusal(place).startswith("2026.1: utgåvan är återkallad. Använd en annan utgåva.")


def test_what_only_those_who_keep_it_can_mend_is_led_by_what_to_do(place):
    (place / "models/releases/2026.1/card.md").write_text("another", encoding="utf-8")
    english = refusal(place, language="en")
    assert english.startswith("2026.1/card.md: is not the file that was published.")
    assert refusal(place) == f"{INSTEAD}: 2026.1/card.md: är inte den fil som publicerades. Hämta utgåvan igen."


def test_an_error_says_both_languages_and_english_by_itself():
    error = SurveyDataError(Text("Fel.", "Wrong."))
    assert (str(error), str(pickle.loads(pickle.dumps(error))), error.message.sv) == ("Wrong.", "Wrong.", "Fel.")
    for language, told in (("sv", "Fel."), ("en", "Wrong.")):
        with pytest.raises(SurveyDataError, match=f"^{told}$"), told_in(language):
            raise error
    led = Text("Så: {message}", "So: {message}")
    with pytest.raises(BundleError, match=r"^Så: konstigt\.$"), told_in("sv", otherwise=led):
        raise BundleError(Text("konstigt.", "odd."))
    with pytest.raises(BundleError, match=r"^konstigt\.$"), told_in("sv", otherwise=led):
        raise BundleError(CaseText("konstigt.", "odd."))


def test_the_case_stands_on_the_advice_in_either_form(place, capsys):
    (place / "one.json").write_text(json.dumps({**ONE, "case": " SN\u200b 2027/412 "}), encoding="utf-8")
    advise("2026.1", place / "one.json")
    advise("2026.1", place / "one.json", as_json=True)
    text, as_json = capsys.readouterr().out.rstrip("\n").rsplit("\n", 1)
    assert f"\nBedömningsstödets råd {date.today()}, ärende SN 2027/412\n" in text
    assert json.loads(as_json)["reference"] == "SN 2027/412"
