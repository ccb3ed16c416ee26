import json
import re
from datetime import date

import pytest
from opened import opened

from riskmodel.advice import advice_json, advice_text, advise
from riskmodel.advice.abstain import REASONS
from riskmodel.advice.explain import TEXTS
from riskmodel.advice.record import ANSWERS

TODAY = date(2026, 11, 21)
FULL = {"education": "primary", "health": "good", "self_rating": "far", "age": 34}


def text(release, answers=FULL, language="sv", own=None, is_long=False):
    return advice_text(advise(opened(release), answers, today=TODAY, own_assessment=own), language, is_long=is_long)


HEAD = """\
Din egen bedömning: Behöver hjälp med studier.

Bedömningsstödets råd 2026-11-21
Mer stöd kan behövas. Gränsen är 15, det här blir 18 poäng. Summor från 13 till 16 är gränsfall.
Det som bedöms: bistånd i mer än 10 av 12 månader.
Av 100 nya ärenden med samma summa blir det så i ungefär 51. \
Osäkerheten är stor: det rätta talet ligger troligen mellan 33 och 70 av 100. \
Gränsen ligger inom osäkerheten, så lägg mindre vikt vid rådet.

Det här höjer poängen, jämfört med ett genomsnittligt nytt ärende
- Education: primary på svenska (5 poäng mer)
- Self_rating: far på svenska (4 poäng mer)
Det här sänker poängen, jämfört med ett genomsnittligt nytt ärende
- Health: good på svenska (2 poäng färre)
Det här ger poäng fast svaret saknas: Earlier_months (1 poäng). \
Svaren hittills ger 17 poäng. När alla frågor är besvarade blir summan mellan 17 och 21.
Kan bli lättare med stöd: Education: primary på svenska; Self_rating: far på svenska
Livsområden, jämfört med genomsnittet. Höjer och sänker: Arbete.

"""


def test_the_text_in_swedish(release):
    assert text(release, own="Behöver hjälp med studier.") == (
        HEAD
        + """\
Det här är ett råd, inte ett beslut. En människa bedömer och beslutar. Du kan alltid gå emot rådet.
Poängen visar samband, inte orsaker. Rådet är till för att ge stöd och får aldrig användas mot personen.
Utgåva 2026.1, gäller 2026-03-01 till 2027-08-31. Exempelstad.
"""
    )


def test_the_long_text_has_the_whole_sum_and_every_limit_of_its_use(release):
    assert text(release, own="Behöver hjälp med studier.", is_long=True) == (
        HEAD
        + """\
Så räknades poängen
- Education: primary på svenska: 9 poäng
- Health: good på svenska: 0 poäng
- Self_rating: far på svenska: 6 poäng
- Age: 34 år: 2 poäng
- Earlier_months: inget svar: 1 poäng
Summa: 18 poäng

Att tänka på
- Det här är ett råd, inte ett beslut. En människa bedömer och beslutar. Du kan alltid gå emot rådet.
- Poängen visar samband, inte orsaker. Att ett svar ändras behöver inte ändra hur det går.
- Rådet får aldrig användas till följande:
  - avslag
  - kontroll
- Gäller dem som har fått bistånd.
- Uppgifterna är från tiden före den 1 juli 2025.
- Utgåva 2026.1, gäller 2026-03-01 till 2027-08-31. Exempelstad.
"""
    )


def test_a_blank_that_decides_is_told_with_its_answers_and_its_points(release):
    release["abstention"]["max_unanswered_share"] = 1
    told = text(release, {"education": "primary", "health": "good", "age": 34, "earlier_months": 0}, language="en")
    # 9 + 0 + 2 + 2 + 0 = 13, and far makes it 17, near 11: the band is 13 to 16, and there is no third answer
    line = "Any answer to the question “Self_rating” makes the advice another."
    assert f"\n{line} A good question to ask next: Self_rating (asked by: receptionen).\n" in told
    assert "\nThis gives points though there is no answer: Self_rating (2 points). The answers so far give 11" in told


def test_an_unusual_case_gets_points_and_reasons_both_ways_and_no_risk(release):
    release["landmarks"][0]["leverage_limit"] = 0.1
    told = text(release)
    assert "Bedömningsstödet ger inget råd i det här ärendet." in told and "av 100" not in told and "Av 100" not in told
    assert (
        "\nSvaren tillsammans är så ovanliga att en risk skulle bli osäker. Lita på din egen bedömning. "
        "Att rådet uteblir betyder inte att behovet av stöd är litet.\n"
        "Gränsen är 15, det här blir 18 poäng."
    ) in told
    assert "- Education: primary på svenska (5 poäng mer)" in told and "- Health: good på svenska (2" in told
    as_json = advice_json(advise(opened(release), FULL, today=TODAY))
    assert (as_json["answer"], as_json["score"]) == ("too_little_information", None)
    assert (as_json["unusual"]["points"], as_json["unusual"]["raising"]) == (18, ["education", "self_rating"])
    assert not {"risk", "low", "high"} & set(as_json["unusual"])
    assert told.count("Gränsen är 15") == 1 and "Svaren hittills ger 17 poäng." in told


def test_without_a_band_the_limit_stands_alone(release):
    release["landmarks"][0]["thresholds"]["band"] = None
    assert " The limit is 15, this makes 18 points.\nWhat is assessed" in text(release, language="en")


def test_without_an_own_assessment_the_first_line_asks_for_one(release):
    assert text(release).startswith("Skriv ner din egen bedömning innan du läser vidare.\n")
    assert text(release, language="en").startswith("Write down your own assessment before you read on.\n")


def test_too_little_information_shows_no_sum_and_no_risk_but_points_so_far_with_their_range(release):
    told = text(release, {"education": "tertiary"})
    assert "För lite information" in told and "säger inget om hur stort behovet av stöd är." in told
    # health 0 to 8, rating 0 to 6, age 0 to 6, months 0 to 4
    line = "Svaren hittills ger 0 poäng. När alla frågor är besvarade blir summan mellan 0 och 24. Gränsen är 15."
    assert f"\n{line}\n" in told and "det här blir" not in told and "av 100" not in told
    assert (
        "De här frågorna saknar svar, och svaren kan avgöra vilket råd det blir:\n"
        "- Health\n- Self_rating\n- Age\n- Earlier_months\n" in told
    )
    assert "Fråga gärna härnäst: Health (frågas av: socialsekreteraren)." in told


@pytest.mark.parametrize(
    ("risk", "said"),
    [(0.004, "i färre än 1."), (0.006, "i ungefär 1."), (0.996, "i fler än 99."), (0.624, "i ungefär 62.")],
)
def test_frequencies_are_whole_people_of_a_hundred(release, risk, said):
    release["landmarks"][0]["risk"]["values"][18] = risk
    assert said in text(release)


def test_a_candidate_says_that_nobody_approved_it(release):
    del release["publication"]
    assert "Förslag till utgåva som ingen har godkänt. Får inte användas i ärenden. Exempelstad." in text(release)


def test_the_json_holds_the_same_and_nothing_that_decides(release):
    told = json.loads(json.dumps(advice_json(advise(opened(release), FULL, today=TODAY, own_assessment="egen"))))
    assert next(iter(told)) == "own_assessment"
    assert told["answer"] == "more_support" and told["score"]["points"] == 18
    assert (told["score"]["flag"], told["score"]["band"]) == (15, [13, 16])
    assert sum(entry["points"] for entry in told["score"]["contributions"]) == 18
    assert (told["score"]["raising"], told["score"]["lowering"]) == (["education", "self_rating"], ["health"])
    assert (told["day"], told["origin"]["ages"]) == ("2026-11-21", [18, 64])
    assert (told["origin"]["id"], told["origin"]["valid_until"]) == ("2026.1", "2027-08-31")
    assert (told["score"]["blank"], told["deciding"]) == (["earlier_months"], [])
    forbidden = {"decision", "beslut", "rank", "amount", "belopp", "priority", "queue"}
    assert not forbidden & set(re.findall(r'"(\w+)":', json.dumps(told)))


@pytest.mark.parametrize(
    ("language", "line", "in_short"),
    [
        (
            "sv",
            "Utgåvan används med undantag från ett krav: Små skillnader (sex). Beviljat av Bo Ek, till och med",
            "Undantag från: Små skillnader (sex).",
        ),
        (
            "en",
            "The release is used with one demand waived: Small gaps (sex). Granted by Bo Ek, until",
            "Waived: Small gaps (sex).",
        ),
    ],
)
def test_a_demand_that_the_release_does_not_meet_is_told_with_who_granted_it(release, language, line, in_short):
    waiver = {"gate": "G8", "column": "sex", "name": "Bo Ek", "reason": "Följs\nupp", "until": "2026-12-31"}
    gate = {"id": "G8", "name": {"sv": "Små skillnader", "en": "Small gaps"}, "status": "failed", "blocks": False}
    release["gates"] = [{**gate, "evidence": {}, "remedy": {"sv": "", "en": ""}, "waivers": [waiver]}]
    assert f"\n- {line} 2026-12-31.\n" in text(release, language=language, is_long=True)
    assert in_short in text(release, language=language).splitlines()[-1]
    (told,) = json.loads(json.dumps(advice_json(advise(opened(release), {}, today=TODAY))))["origin"]["waivers"]
    assert told == {**waiver, "reason": "Följs upp", "demand": gate["name"]}


def test_no_advice_as_json_has_a_reason_and_no_number(release):
    told = advice_json(advise(opened(release), {}, today=TODAY))
    assert told["score"] is None and told["abstention"]["reason"] == "unanswered"


def test_every_answer_and_every_reason_has_its_sentence():
    assert {*ANSWERS, *REASONS} <= TEXTS.keys()


@pytest.mark.parametrize(("leverage", "size"), [(0.0, "liten"), (0.01, "måttlig"), (0.16, "stor")])
def test_the_width_of_the_interval_is_told_in_words(release, leverage, size):
    # at one half the interval is 2 × 1.96 × √(leverage + 0.002) / 4 wide: about .04, .11 and .39
    landmark = release["landmarks"][0]
    landmark["covariance"] = [[leverage * (row == column == 0) for column in range(10)] for row in range(10)]
    assert f"Osäkerheten är {size}:" in text(release)


def test_a_question_needs_no_colon_after_its_mark(release):
    release["landmarks"][0]["items"][0]["text"]["sv"] = "Vilken är din högsta utbildning?"
    assert "\n- Vilken är din högsta utbildning? primary på svenska: 9 poäng\n" in text(release, is_long=True)


def test_an_outcome_written_as_a_sentence_becomes_part_of_one(release):
    release["outcome"]["text"]["sv"] = "Bistånd i mer än 10 av 12 månader."
    assert "Det som bedöms: bistånd i mer än 10 av 12 månader.\n" in text(release)
