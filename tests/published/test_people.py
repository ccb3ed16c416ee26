"""Eight made people before the example's release: what each is told must be true, of use, and short enough to paste."""

from datetime import date
from pathlib import Path

import pytest

from riskmodel.advice import advice_text, advise
from riskmodel.release.verify import verify_release

RELEASES = Path(__file__).parents[2] / "models/releases"
TODAY = date(2027, 3, 1)
MOST_LINES = 25
NO_RISK = "Det säger inget om risken: den kan vara hög eller låg."
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
        ("Svaren tyder inte på att mer stöd behövs. Det är inget skäl att ge mindre stöd.", "det här blir 2 poäng."),
        ("Kan bli lättare", "blir rådet ett annat", "Fråga gärna"),
    ),
    "four answers, through an interpreter": (
        {"age": 38, "education": "none", "situation": "unemployed", "swedish": "interpreter"},
        ("För lite information", "svaren kan ändra rådet:", "\n- Hur bor du?\n", "Fråga gärna härnäst: "),
        ("poäng", "Av 100"),
    ),
    "67 years": (
        {**NEAR, "age": 67},
        (f"råd i det här ärendet. {NO_RISK}\nBedömningsstödet gäller 18–64 år. Bedöm som vanligt.\n\n",),
        ("poäng.", "67", "Fråga gärna"),
    ),
    "on sick leave, no ill health": (
        SICK,
        ("Svaren tyder inte på", "Hur är det för dig just nu? Sjukskriven (3 poäng mer)"),
        ("blir rådet ett annat",),
    ),
    "student": (
        {**NEAR, "situation": "studies"},
        ("egen väg, utan poäng. Bedöm som vanligt:\n- Hur är det för dig just nu? Studerar med studiestöd från CSN\n",),
        ("Gränsen", "Av 100"),
    ),
    "homeless, most hindrances": (
        HOMELESS,
        (
            "Lita på din egen bedömning. Att rådet uteblir betyder inte att behovet av stöd är litet.\n",
            "Gränsen är 48, det här blir 111 poäng.",
            "- Hur bor du? Saknar bostad (10 poäng mer)",
        ),
        (NO_RISK, "Av 100"),
    ),
    "nothing answered": (
        {},
        ("För lite information", "\n- Har du skulder hos Kronofogden?\n", "Fråga gärna härnäst: "),
        ("Av 100", "Gränsen"),
    ),
    "44 points at limit 48": (
        NEAR,
        ("Svaren tyder inte på", "Gränsen är 48, det här blir 44 poäng. Summor från 48 till 49 är gränsfall."),
        ("blir rådet ett annat",),
    ),
}


@pytest.fixture(scope="module")
def release():
    return verify_release(RELEASES, "2026.1", today=TODAY, municipality="9900")


@pytest.mark.parametrize(("answers", "said", "unsaid"), PEOPLE.values(), ids=PEOPLE)
def test_what_a_person_is_told(release, answers, said, unsaid):
    advice = advise(release, answers, today=TODAY, municipality="9900", own_assessment="Behöver tid.")
    told = advice_text(advice)
    assert len(told.splitlines()) <= MOST_LINES
    assert [text for text in said if text not in told] == []
    assert [text for text in unsaid if text in told] == []
    assert "Bedömningsstödets råd 2027-03-01\n" in told and "Utgåva 2026.1, gäller" in told
    assert told.splitlines()[-3:-1] == [
        "Det här är ett råd, inte ett beslut. En människa bedömer och beslutar. Du kan alltid gå emot rådet.",
        "Poängen visar samband, inte orsaker. Rådet är till för att ge stöd och får aldrig användas mot personen.",
    ]
    assert "Att återkräva bistånd." in advice_text(advice, is_long=True)
