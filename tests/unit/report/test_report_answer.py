"""What stands behind the decision, and what is left to do."""

from dataclasses import replace

import pytest
from markupsafe import Markup
from reported import failed_gate, gates, landmark, measures, predictions, release, run, summary, too_few, year_drift

from riskmodel.report import figures
from riskmodel.report.chapters.answer import answer
from riskmodel.report.chapters.consequences import whole_people
from riskmodel.report.chapters.trail import to_do
from riskmodel.report.document import LANGUAGES, Paragraph, Picture, Table, Verdict
from riskmodel.report.shown import collect

pytestmark = pytest.mark.slow

SV = LANGUAGES["sv"]


@pytest.fixture(autouse=True)
def _without_drawing(monkeypatch):
    monkeypatch.setattr(figures, "_drawn", lambda paint, **_: Markup(""))


def first_page(**changed):
    return answer(collect(run(**changed), profile="public"), SV)


def left_to_do(**changed):
    return to_do(collect(run(**changed), profile="public"), SV)


def blocks(chapter, kind):
    return [block for block in chapter.blocks if isinstance(block, kind)]


def texts(chapter):
    return [block.text for block in blocks(chapter, Paragraph)]


def with_evidence(**changed):
    whole = release()
    return whole | {"evidence": whole["evidence"] | changed}


def test_the_hundred_flagged_are_divided_in_three():
    (picture,) = blocks(first_page(), Picture)
    assert [int(row[1]) for row in picture.table.rows] == [62, 100 - 62 - 12, 12]


@pytest.mark.parametrize(
    ("shares", "people"),
    [((0.155, 0.095, 0.135, 0.615), 100), ((1 / 3, 1 / 3, 1 / 3), 100), ((1.0, 0.0), 100), ((0.5, 0.5), 7)],
)
def test_whole_people_sum_to_the_total_and_none_is_off_by_one(shares, people):
    whole = whole_people(shares, total=people)
    assert sum(whole) == people
    assert all(abs(one - share * people) < 1 for one, share in zip(whole, shares, strict=True))


def test_when_only_people_are_left_to_act_nothing_stands_in_the_way():
    verdict = left_to_do()
    assert verdict.status == "passed"
    assert [what for what, _ in verdict.remaining] == [
        "Kravet ”Valen låstes före slutprovet, och slutprovet på det senaste året gjordes en gång”.",
        "Kravet ”Dokumentationen är fullständig”.",
        "Kravet ”Undertecknad av två, med giltighetstid och förbjudna användningar”.",
    ]


def test_a_failed_requirement_is_named_with_what_failed_and_the_remedy():
    gap = {"column": "sex", "group": "woman", "measure": "missed", "verdict": "fail"}
    whole = release(gates=gates(failed_gate("G8", failing=[gap], not_shown=[])))
    verdict = left_to_do(release=whole)
    ((what, remedy),) = verdict.remaining
    assert verdict.status == "failed"
    assert "Underkända krav: 1 av 7" in verdict.text
    assert "skillnaderna är små" in what
    assert remedy.startswith("Det gäller Kön (Kvinna). ")


def test_a_failed_criterion_is_named():
    criteria = [{"measure": "ici", "verdict": "not_met"}, {"measure": "oe", "verdict": "met"}]
    whole = release(gates=gates(failed_gate("G5", criteria=criteria)))
    verdict = left_to_do(release=whole)
    assert verdict.remaining[0][1].startswith("Det gäller genomsnittligt avstånd till rätt risk (ICI). ")


def test_what_is_not_known_has_no_tick_and_is_named_also_where_somebody_answers_for_it():
    criteria = [{"measure": "ici", "verdict": "not_known"}, {"measure": "oe", "verdict": "met"}]
    for blocks_it in (True, False):
        gate = replace(failed_gate("G5", criteria=criteria), status="open", blocks=blocks_it)
        verdict = left_to_do(release=release(gates=gates(gate)))
        assert verdict.status == "open" and "✓" not in verdict.mark
        named = [remedy for _, remedy in verdict.remaining if "rätt risk (ICI) (inte känt: för få)" in remedy]
        assert len(named) == blocks_it


def test_a_release_without_flags_says_so_when_too_few_tell():
    limit = landmark()["thresholds"] | {"flag": None, "threshold_prob": None, "band": None, "expected": None}
    limit |= {"unmet": [], "not_known": ["ppv_floor"]}
    page = first_page(release=release(landmarks=[landmark() | {"thresholds": limit}]))
    told = blocks(page, Verdict)[0].text
    assert "för få för att avgöra" in told and "Ingen poänggräns" not in told


def test_a_release_without_flags_says_why_and_shows_no_flagged_people():
    limit = landmark()["thresholds"] | {"flag": None, "threshold_prob": None, "band": None, "expected": None}
    page = first_page(release=release(landmarks=[landmark() | {"thresholds": limit}]))
    assert "minst 50 av 100 med flagga ska vara långa ärenden" in blocks(page, Verdict)[0].text
    assert not blocks(page, Picture)


def test_a_release_for_research_says_so():
    marks = [verdict.mark for verdict in blocks(first_page(release=release(research_only=True)), Verdict)]
    assert "✗\u00a0Bara för analys." in marks


def test_places_are_planned_from_cases_a_year_and_the_share_flagged():
    (table,) = (table for table in blocks(first_page(), Table) if table.id == "sv-places-table")
    # 3,000 cases in three years, a quarter flagged
    assert table.rows[0] == ("Norr", "1\u00a0000", "250", "62", "48")
    assert table.rows[-1] == ("Hela kommunen", "2\u00a0000", "500", "62", "48")


def places(**changed):
    (table,) = (table for table in blocks(first_page(**changed), Table) if table.id == "sv-places-table")
    return table.rows


def test_flags_are_counted_so_that_the_areas_add_up_to_the_municipality():
    rows = places(predictions=predictions(Norr=781, Söder=748))
    # 780 and 750 in three years, rounded to fives: 260 and 250. The shares, a quarter each, would give 250 and 250.
    assert [row[2] for row in rows] == ["260", "250", "510"]
    assert [row[2] for row in places(predictions=predictions(Norr=770, Söder=740))] == ["256", "247", "503"]


def test_an_area_whose_flags_are_too_few_to_count_is_not_the_rest_of_the_municipality():
    flagged = predictions(Norr=781, Söder=3)
    assert [row[2] for row in places(predictions=flagged)] == ["250", "250", "500"]  # of the shares that are shown
    assert collect(run(predictions=flagged), profile="public").flags_by_area == {}
    rows = too_few(measures(), scope="area", group="Söder")
    one_hidden = run(release=with_evidence(measures=rows), predictions=predictions(Norr=781))
    assert collect(one_hidden, profile="public").flags_by_area == {}


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        ("more", "2023 blev det fler långa ärenden än väntat."),
        ("fewer", "2023 blev det färre långa ärenden än väntat."),
        ("otherwise", "2023 vägde svaren på ”Hur bor du?” annorlunda än i poängen."),
    ],
)
def test_a_year_that_drifted_is_told_in_words_with_whoever_explained_it(direction, said):
    for signed_by, status, then in (
        ("", "failed", "Ingen har förklarat det."),
        ("Anna Ek", "open", "Förklarat av Anna Ek: Känt."),
    ):
        gate = failed_gate("G5", year_drift=year_drift(direction, signed_by=signed_by))
        verdict = blocks(first_page(release=release(gates=gates(gate))), Verdict)[0]
        assert verdict.status == status and f"{said} {then}" in verdict.text


def test_the_page_says_whether_the_youngest_year_was_tested_by_itself():
    for judged, said in ((True, "är också prövat för sig"), (False, "har för få ärenden för att prövas för sig")):
        gate = failed_gate("G5", year_drift=year_drift(judged=judged))
        page = first_page(release=release(gates=gates(gate)))
        assert any(f"Det yngsta av åren, 2023, {said}" in text for text in texts(page))
        assert not blocks(page, Verdict)


def test_an_area_with_too_few_cases_gets_no_number():
    rows = too_few(measures(), scope="area", group="Söder")
    page = first_page(release=with_evidence(measures=rows))
    (table,) = (table for table in blocks(page, Table) if table.id == "sv-places-table")
    assert table.rows[1][2:] == ("för få", "för få", "för få")


@pytest.mark.parametrize(("oe", "cases", "word"), [(1.10, 110, "fler"), (0.90, 90, "färre")])
def test_an_average_hides_no_area_whose_level_is_off(oe, cases, word):
    page = first_page(release=with_evidence(measures=measures(area_Norr_oe=oe)))
    said = f"I Norr blev {cases} ärenden långa där poängen sade 100. Räkna med {word} platser där."
    assert said in texts(page)
    assert not any("I Söder" in text for text in texts(page))


def test_a_level_within_its_uncertainty_raises_no_alarm():
    assert not any("där poängen sade 100" in text for text in texts(first_page()))


def test_changes_since_the_last_release_are_counted():
    before = landmark()
    before["items"] = [
        before["items"][0]
        | {"levels": [level | {"points": level["points"] // 2} for level in before["items"][0]["levels"]]}
    ]
    page = first_page(previous=release(landmarks=[before]))
    (table,) = (table for table in blocks(page, Table) if table.id == "sv-changes-table")
    assert dict((row[0], row[1:]) for row in table.rows)["Antal frågor för nya ärenden"] == ("1", "2")
    shown = texts(page)
    assert "Nya frågor: Tidigare månader." in shown
    assert "För 1 svar har poängen ändrats, som mest med 6." in shown


def test_without_a_previous_release_nothing_is_compared():
    assert any("Ingen tidigare utgåva är vald" in text for text in texts(first_page()))


def test_an_outcome_that_lets_people_leave_early_and_stay_long_gets_no_division_in_three():
    assert not blocks(first_page(summary=summary(outcome="national_year")), Picture)
