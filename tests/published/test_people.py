"""Eight made people before the example's release: what each is told must be true, of use, and short enough to paste."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time
from timeit import repeat

import pytest

from riskmodel.advice import advice_json, advice_text, advise
from riskmodel.instrument.load import read_instrument
from riskmodel.release.verify import verify_release

ROOT = Path(__file__).parents[2]
RELEASES = ROOT / "models/releases"
TODAY = date(2027, 3, 1)
MOST_LINES = 25
NO_SIGN = "Att rådet uteblir säger inget om hur stort behovet av stöd är."
A_PERSON_DECIDES = "Det här är ett råd, inte ett beslut. En människa bedömer och beslutar. Du kan alltid gå emot rådet."
NEAR_THE_LIMIT = "Gränsen ligger inom osäkerheten, så lägg mindre vikt vid rådet."
GRADUATE = {
    **{"self_rating": "ready", "age": 29, "education": "post_secondary", "work_experience": "over_24_months"},
    **{"situation": "part_time", "swedish": "fluent", "health_physical": "none", "health_mental": "none"},
    **{"housing": "own", "debts": "no", "earlier_months": 0},
}
HOMELESS = {
    **{"self_rating": "not_now", "age": 45, "education": "none", "work_experience": "none", "situation": "sick"},
    **{"swedish": "interpreter", "health_physical": "severe", "health_mental": "severe", "housing": "homeless"},
    **{"debts": "yes", "earlier_months": 24},
}
SICK = {
    **{"self_rating": "not_now", "age": 51, "education": "upper_secondary", "work_experience": "up_to_24_months"},
    **{"situation": "sick", "swedish": "fluent", "health_physical": "none", "health_mental": "none"},
    **{"housing": "own", "debts": "no", "earlier_months": 0},
}
NEAR = {
    **{"self_rating": "much_help", "age": 34, "education": "compulsory", "work_experience": "up_to_6_months"},
    **{"situation": "unemployed", "swedish": "basic", "health_physical": "some", "health_mental": "some"},
    **{"housing": "lodger", "debts": "no", "earlier_months": 0},
}
PEOPLE = {
    "part-time graduate": (
        GRADUATE,
        (
            "Svaren tyder inte på att mer stöd behövs. Det är inget skäl att ge mindre stöd.",
            "det här blir 2 poäng.",
            "Livsområden, jämfört med genomsnittet. Svaren sänker: Arbete och försörjning; Bakgrund; Utbildning",
            "Personens egen skattning: Hur nära tycker du själv att du är ett arbete? Jag kan börja arbeta nu\n",
        ),
        ("Kan bli lättare", "blir rådet ett annat", "Fråga gärna"),
    ),
    "four answers, through an interpreter": (
        {"age": 38, "education": "none", "situation": "unemployed", "swedish": "interpreter"},
        (
            *("För lite information", "kan avgöra vilket råd det blir:", "\n- Hur bor du?\n", "Fråga gärna härnäst: "),
            "Svaren hittills ger 24 poäng. När alla frågor är besvarade blir summan mellan 24 och 107. Gränsen är 48.",
            "Som genomsnittet: Bakgrund. Inget svar: Hälsa; Boende och ekonomi.\n",
        ),
        ("det här blir", "Av 100", "Personens egen skattning"),
    ),
    "67 years": (
        {**NEAR, "age": 67},
        (f"råd i det här ärendet.\nBedömningsstödet gäller 18–64 år. Bedöm som vanligt.\n{NO_SIGN}\n\n",),
        ("poäng.", "67", "Fråga gärna", "Livsområden"),
    ),
    "on sick leave, no ill health": (
        SICK,
        (
            *("Svaren tyder inte på", "Hur är det för dig just nu? Sjukskriven (3 poäng mer)"),
            "\nSvaren går inte ihop, så fråga igen. Personen är sjukskriven, men svarar att hälsan inte gör det "
            "svårt att arbeta. Poängen är räknade på svaren som de är.\n",
            "Svaren höjer: Bakgrund. Svaren sänker: Utbildning och svenska; Hälsa; Boende och ekonomi. Höjer och",
        ),
        ("blir rådet ett annat",),
    ),
    "student": (
        {**NEAR, "situation": "studies"},
        (
            "egen väg, utan poäng. Bedöm som vanligt:\n- Hur är det för dig just nu? Studerar med studiestöd från CSN\n"
            f"{NO_SIGN}\n",
        ),
        ("Gränsen", "Av 100"),
    ),
    "homeless, most hindrances": (
        HOMELESS,
        (
            "Lita på din egen bedömning. Att rådet uteblir betyder inte att behovet av stöd är litet.\n",
            "Gränsen är 48, det här blir 111 poäng.",
            "- Hur bor du? Saknar bostad (10 poäng mer)",
        ),
        (NO_SIGN, "Av 100"),
    ),
    "nothing answered": (
        {},
        ("För lite information", "\n- Har du skulder hos Kronofogden?\n", "Fråga gärna härnäst: "),
        ("Av 100", "Gränsen", "hittills", "Livsområden"),
    ),
    "44 points at limit 48": (
        NEAR,
        ("Svaren tyder inte på", "Gränsen är 48, det här blir 44 poäng. Summor från 48 till 49 är gränsfall."),
        ("blir rådet ett annat", "hittills"),
    ),
    "everything that can be said": (
        {**{item: NEAR[item] for item in NEAR if item != "debts"}, "situation": "part_time", "work_experience": "none"},
        (
            "Svaren går inte ihop, så fråga igen. Personen arbetar deltid nu, men har inte arbetat alls de senaste fem",
            "blir rådet ett annat. Fråga gärna härnäst: Har du skulder hos Kronofogden? (frågas av: Handläggaren).\n",
            "fast svaret saknas: Har du skulder hos Kronofogden? (8 poäng). Svaren hittills ger ",
        ),
        (),
    ),
}


@pytest.fixture(scope="module")
def release():
    """The example's, with what its instrument says to a form, as a release of the present format has it."""
    instrument = read_instrument(ROOT / "data/instruments/exempelstad.toml")
    found = verify_release(RELEASES, "2026.1", today=TODAY, municipality="9900")
    return replace(found, contradictions=instrument.contradictions, own_rating=instrument.own_rating)


@pytest.mark.parametrize(("answers", "said", "unsaid"), PEOPLE.values(), ids=PEOPLE)
def test_what_a_person_is_told(release, answers, said, unsaid):
    given = {"today": TODAY, "municipality": "9900", "own_assessment": "Behöver tid.", "reference": "SN 2027/412"}
    advice = advise(release, answers, **given)
    told = advice_text(advice)
    assert len(told.splitlines()) <= MOST_LINES
    assert [text for text in said if text not in told] == []
    assert [text for text in unsaid if text in told] == []
    heading = "Bedömningsstödets råd" if advice.score else "Bedömningsstödet"
    assert told.startswith(f"Din egen bedömning: Behöver tid.\n\n{heading} 2027-03-01, ärende SN 2027/412\n")
    assert "Utgåva 2026.1, gäller" in told
    limits = "Poängen visar samband, inte orsaker. Rådet är till för att ge stöd och får aldrig användas mot personen."
    assert told.splitlines()[-2] == limits
    assert (told.splitlines()[-3] == A_PERSON_DECIDES) == (advice.score is not None)
    assert "Att återkräva bistånd." in advice_text(advice, is_long=True)


def test_a_contradiction_is_asked_about_and_changes_nothing(release):
    without = replace(release, contradictions=())
    one, other = (advice_json(advise(each, SICK, today=TODAY)) for each in (release, without))
    assert [each["item"] for each in one["contradictions"][0]["when"]] == [
        "situation",
        "health_physical",
        "health_mental",
    ]
    assert {**one, "contradictions": ()} == other
    partly = {**SICK, "health_mental": None}
    assert advise(release, partly, today=TODAY).contradictions == ()
    of_an_age = {"age": 18, "education": "post_secondary"}
    assert len(advise(release, of_an_age, today=TODAY).contradictions) == 1
    assert advise(release, {**of_an_age, "age": 19}, today=TODAY).contradictions == ()
    student = advice_text(advise(release, {**NEAR, **of_an_age, "situation": "studies"}, today=TODAY))
    asked = "Svaren går inte ihop, så fråga igen. Personen är 18 år, men har en avslutad eftergymnasial utbildning."
    assert f"\n{asked}\n\n" in student and "räknade" not in student  # a route has no points
    assert advise(release, SICK, today=date(2031, 1, 1)).contradictions == ()  # out of use


def test_the_json_holds_the_parts_the_areas_and_the_range(release):
    told = advice_json(advise(release, {"age": 38, "situation": "unemployed", "self_rating": "ready"}, today=TODAY))
    assert [(part["id"], part["answered_n"], part["asked_n"]) for part in told["so_far"]["parts"]] == [
        *(("phone", 3, 5), ("meeting", 0, 5), ("register", 0, 1)),
    ]
    assert [(area["id"], area["stands"]) for area in told["areas"]] == [
        *(("work", "both"), ("background", "average"), ("learning", "unanswered")),
        *(("health", "unanswered"), ("home", "unanswered")),
    ]
    assert told["own_rating"]["item"] == "self_rating" and told["so_far"]["flag"] == 48


def test_advice_from_a_loaded_release_takes_less_than_a_millisecond(release):
    def ask():
        advise(release, HOMELESS, today=TODAY, municipality="9900", reference="SN 2027/412")

    assert min(repeat(ask, number=20, repeat=9, timer=process_time)) / 20 < 0.001


@pytest.mark.parametrize(
    ("change", "points", "is_said"),
    [({}, 44, False), ({"earlier_months": 6}, 46, True), ({"self_rating": "not_now"}, 48, False)],
)
def test_doubt_is_told_where_the_interval_holds_the_limit(release, change, points, is_said):
    # it ends at 39 of 100 at 44 points, at 43 at 46; the limit's own risk is 41. Borderline (48) says it already
    advice = advise(release, {**NEAR, **change}, today=TODAY)
    assert advice.score.points == points
    assert (NEAR_THE_LIMIT in advice_text(advice)) == is_said
