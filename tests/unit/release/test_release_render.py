import copy
import csv
import io
import json

import pytest
from opened import opened

from riskmodel.ground.files import canonical_json
from riskmodel.publish.card import card, inert_text
from riskmodel.publish.card_tables import weighing
from riskmodel.publish.changes import changes
from riskmodel.publish.diff import difference_text
from riskmodel.publish.difference import difference
from riskmodel.publish.render import rendered_files, reproduce, thresholds_csv
from riskmodel.release.acts import Waiver
from riskmodel.release.published import papers_of

WAIVER = {"gate": "G8", "column": "sex", "name": "Bo Ek", "reason": "Följs\n  upp", "until": "2027-06-30"}


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def gate(gate_id, status="failed", waivers=()):
    name = {"sv": f"krav {gate_id}", "en": f"demand {gate_id}"}
    return {"id": gate_id, "name": name, "status": status, "blocks": False, "evidence": {}, "remedy": name,
            "waivers": list(waivers)}  # fmt: skip


def released(candidate, release_id="2026.1", *, gates=(), **more):
    """The candidate as if published: only what is rendered, not what makes it valid."""
    release = copy.deepcopy(candidate)
    release["publication"] = {
        "id": release_id,
        "date": "2026-03-02",
        "valid_from": "2026-03-02",
        "valid_until": "2027-06-30",
        "supersedes": None,
        "revises": None,
        "publisher": None,
        "protocol": {"id": "2023-abc"},
        "confirmation": {"year": 2023, "openings_n": 1, "measures": {}, "criteria": []},
        "approvals": [{"name": "Ada Alm", "role": "analyst", "decision": "SN 14", "date": "2026-03-01"}],
        "gates": list(gates),
        **more,
    }
    return release


def test_thresholds_csv_has_a_line_for_every_sum_and_the_answer_changes_at_flag_and_band(candidate):
    landmark = candidate["landmarks"][0]
    flag, band = landmark["thresholds"]["flag"], landmark["thresholds"]["band"]
    rows = {int(row["points"]): row for row in read_csv(thresholds_csv(opened(candidate)))}
    assert len(rows) == len(landmark["risk"]["values"])
    assert float(rows[flag]["risk"]) == landmark["thresholds"]["threshold_prob"]
    assert [rows[points]["answer"] for points in (band[0] - 1, band[0], band[1], band[1] + 1)] == [
        "no_indication", "borderline", "borderline", "more_support"
    ]  # fmt: skip
    landmark["thresholds"].update(band=None)
    rows = {int(row["points"]): row for row in read_csv(thresholds_csv(opened(candidate)))}
    assert (rows[flag - 1]["answer"], rows[flag]["answer"]) == ("no_indication", "more_support")
    landmark["thresholds"].update(flag=None, threshold_prob=None)
    assert {row["answer"] for row in read_csv(thresholds_csv(opened(candidate)))} == {"none"}


def test_the_card_says_in_both_languages_what_it_may_never_be_used_for(candidate):
    text = card(opened(candidate))
    assert "None" not in text
    assert "{" not in text
    for use in candidate["forbidden_uses"]:
        assert use["sv"] in text and use["en"] in text
    assert "Ingen har godkänt den ännu." in text and "REPRODUCE.md" not in text
    assert "Kandidat. Inte publicerad" in text and "Candidate. Not published" in text
    assert "| primary (en) |" in text and "egen regel, inga poäng" in text


def test_the_card_shows_what_was_hidden_as_not_shown(candidate):
    measured = candidate["landmarks"][0]["thresholds"]["expected"]["ppv"]
    measured.update(estimate=None, low=None, high=None)
    assert "| Blev långvariga, av de flaggade | visas inte |  |" in card(opened(candidate))


def test_the_card_says_of_a_later_table_only_what_can_be_true_of_it(candidate):
    first = candidate["landmarks"][0]
    later = {**first, "month": 5, "items": first["items"][:2]}
    text = card(opened({**candidate, "landmarks": [first, later]}))
    n = len(first["items"])
    assert f"Antal frågor: {n} för nya ärenden, 2 efter 5 månader." in text
    assert f"Questions: {n} for new cases, 2 after 5 months." in text
    sections = text.split("## ")
    at_first, at_fifth = (
        next(one for one in sections if one.startswith(f"Gräns för {when}"))
        for when in ("nya ärenden", "ärenden efter 5 månader")
    )
    assert "| Flaggade av alla nya ärenden |" in at_first and "Utan bistånd efter 100 dagar" in at_first
    assert "| Flaggade av alla som har bistånd efter 5 månader |" in at_fifth and "nya ärenden" not in at_fifth
    assert "Utan bistånd efter 100 dagar" not in at_fifth  # nobody can have, who is on assistance after five months


@pytest.mark.parametrize(
    ("harm_ratio", "said"),
    [
        (0.6667, "3 onödiga utredningar väger lika tungt som 2 missade långa ärenden"),
        (0.5, "2 onödiga utredningar väger lika tungt som 1 missat långt ärende"),
        (2.0, "1 onödig utredning väger lika tungt som 2 missade långa ärenden"),
        (0.67, "100 onödiga utredningar väger lika tungt som 67 missade långa ärenden"),
    ],
)
def test_the_weighing_is_said_in_whole_cases(harm_ratio, said):
    assert weighing(harm_ratio, "sv") == said


def test_the_card_of_a_release_without_flags_says_which_demands_clash(candidate):
    thresholds = candidate["landmarks"][0]["thresholds"]
    thresholds.update(flag=None, threshold_prob=None, band=None, expected=None, unmet=["harm_ratio", "ppv_floor"])
    candidate["landmarks"][0]["rejected_alternative"] = None
    assert "no flags. Demands that don't fit together: the weighing, how many flagged" in card(opened(candidate))


def test_the_waivers_of_a_release_are_those_its_gates_rest_on(candidate):
    candidate["waivers"] = [WAIVER, {**WAIVER, "gate": "G12", "column": ""}, {**WAIVER, "gate": "G13", "column": ""}]
    candidate["gates"] = [gate("G8", waivers=[WAIVER, WAIVER]), gate("G12", "open")]
    assert [waiver.gate for waiver in opened(candidate).standing_waivers] == ["G8", "G12", "G13"]
    release = released(candidate, gates=[gate("G12", waivers=[{**WAIVER, "gate": "G12", "column": ""}])])
    assert [waiver.gate for waiver in opened(release).standing_waivers] == ["G8", "G12"]
    assert opened(release).standing_waivers[0] == Waiver(**{**WAIVER, "reason": "Följs upp"})
    passed = released(candidate, gates=[gate("G8", "passed"), gate("G12", "passed")])
    assert opened(passed).standing_waivers == []


def test_every_file_prints_the_waivers(candidate):
    candidate["gates"] = [gate("G8", waivers=[WAIVER])]
    release = released(candidate)
    files = {name: content.decode() for name, content in rendered_files(opened(release)).items()}
    whole = "G8 sex until 2027-06-30, granted by Bo Ek: Följs upp"
    assert files["score.sql"].splitlines()[1] == f"-- Waiver of {whole}"
    assert f"- Waiver of {whole}\n" in files["CHANGES.md"]
    assert f'"waivers": [\n  "{whole}"\n ]' in files["form.json"]
    for name in ("questionnaire-0.json", "fields.json"):
        assert "Undantag: G8 sex until 2027-06-30." in files[name]
    said = {(row["release"], row["waivers"]) for row in read_csv(files["thresholds.csv"])}
    assert said == {("2026.1", "G8 sex until 2027-06-30")}
    until = "till och med 2027-06-30. Skäl: Följs upp\n"
    assert f"- G8 (sex): krav G8. Bo Ek har beviljat undantag {until}" in files["card.md"]
    assert "Bo Ek has granted a waiver up to and including 2027-06-30. Reason: Följs upp\n" in files["card.md"]
    assert "| G8 | krav G8 | inte godkänt, undantag | krav G8 |" in files["card.md"]
    text = difference_text(difference(opened(candidate), opened(release)), [], language="sv")
    assert "\nUndantag\n  nytt: G8 sex till och med 2027-06-30, beviljat av Bo Ek: Följs upp\n" in text


def test_without_waivers_the_files_say_so(candidate):
    release = released(candidate, gates=[gate("G8", "passed")])
    files = {name: content.decode() for name, content in rendered_files(opened(release), opened(release)).items()}
    assert {row["waivers"] for row in read_csv(files["thresholds.csv"])} == {""}
    assert {row["release"] for row in read_csv(thresholds_csv(opened(candidate)))} == {"candidate"}
    assert "Waiver" not in files["score.sql"]
    assert "## Undantag\n\nInga.\n" in files["card.md"] and "## Waivers\n\nNone.\n" in files["card.md"]
    assert "## Waivers\n\nNone, neither before nor now.\n" in files["CHANGES.md"]


def test_the_card_says_who_signed_and_how_often_the_year_was_opened(candidate):
    looked = {**gate("G1", "passed"), "evidence": {"protocols_n": 3, "younger_protocols_n": 1, "changed": ["run.seed"]}}
    release = released(candidate, gates=[looked], publisher="registry@city")
    release["publication"]["approvals"][0]["signer"] = "ada@city"
    text = card(opened(release))
    assert "| Ada Alm | analyst | SN 14 | 2026-03-01 | Digitalt undertecknat av ada@city. |" in text
    assert "digitally signed by registry@city." in text
    assert "- Antal protokoll som har låsts för året: 3. Av dem låstes 1 sedan året hade öppnats.\n" in text
    assert "- Choices that differ between the protocols: run.seed.\n" in text
    assert f"`{opened(candidate).identity.equation}`" in text
    older = released({key: value for key, value in candidate.items() if key != "equation_sha256"})
    for key in ("revises", "publisher", "date"):
        del older["publication"][key]
    assert "Utan digital underskrift." in card(opened(older)) and "protokoll som har låsts" not in card(opened(older))


def test_a_revision_of_thresholds_alone_says_so_first(candidate):
    before = released(candidate)
    now = released(candidate, "2026.2", supersedes="2026.1", revises="2026.1")
    now["landmarks"][0]["thresholds"]["flag"] += 1
    now["policy"]["ppv_floor"] = 0.55
    swedish, english = (page.strip().splitlines() for page in changes(opened(now), opened(before)).split("\n---\n"))
    assert swedish[0] == "# Ändringar i 2026.2: en ändring av gränserna i 2026.1 och inget annat, med samma ekvation"
    assert english[0] == "# Changes in 2026.2: a revision of the thresholds of 2026.1 alone, with the same equation"
    assert any(line.startswith("- Equation: the same (") for line in english)
    assert "- Krav på hur många med flagga som ska bli långvariga: 0,500 → 0,550" in swedish
    assert "- Demand on how many flagged must stay long: 0.500 → 0.550" in english
    assert "Bara gränserna i utgåva 2026.1 är ändrade." in card(opened(now))
    assert "Ekvationen: som förut\n" in difference_text(difference(opened(before), opened(now)), [], language="sv")


def test_changes_name_every_point_that_moved(candidate):
    before = {**candidate, "landmarks": [dict(candidate["landmarks"][0])], "provenance": dict(candidate["provenance"])}
    items = [dict(item) for item in candidate["landmarks"][0]["items"]]
    items[0] = {**items[0], "levels": [{**level, "points": level["points"] + 3} for level in items[0]["levels"]]}
    now = {**candidate, "landmarks": [{**candidate["landmarks"][0], "items": items[:3]}]}
    now["provenance"] = {**candidate["provenance"], "delivery_hmac": "e" * 64}
    text = changes(opened(now), opened(before))
    was = candidate["landmarks"][0]["items"][0]["levels"][0]["points"]
    levels_n, ages_n = len(items[0]["levels"]), 64 - 18 + 1
    assert f"- schooling? – primary (sv): {was} → {was + 3}\n" in text
    assert f"- schooling? (en) – primary (en): {was} → {was + 3}\n" in text
    assert f"- Answers with other points: {levels_n} changed, {ages_n + 1} removed.\n" in text
    assert "housing" not in text
    assert "- delivery: changed\n" in text and "- instrument: the same\n" in text
    assert (
        f"- Equation: changed (`{opened(before).identity.equation[:12]}` → `{opened(now).identity.equation[:12]}`).\n"
        in text
    )


def test_numbers_that_moved_alike_share_a_line_in_changes(candidate):
    candidate["landmarks"][0]["items"][-1]["numbers"]["points"][:5] = [0, 1, 2, 2, 2]
    now = copy.deepcopy(candidate)
    now["landmarks"][0]["items"][-1]["numbers"]["points"][:5] = [0, 9, 9, 9, 9]
    assert "- age? – 19: 1 → 9\n- age? – 20–22: 2 → 9\n" in changes(opened(now), opened(candidate))


def test_changes_show_measures_gates_and_the_cases_before_and_now(candidate):
    before = released(candidate, gates=[gate("G1", "passed"), gate("G10", "open", waivers=[WAIVER])])
    now = released(candidate, "2026.2", gates=[gate("G1", "passed"), gate("G10", "passed")])
    now["evidence"]["measures"] = [
        {**row, "estimate": 0.5, "low": 0.25, "high": None} if row["measure"] == "auc" else row
        for row in now["evidence"]["measures"]
    ]
    now["provenance"]["data_window"]["last_intake_month"] += 12
    text = changes(opened(now), opened(before))
    assert "\n## Gates whose outcome changed\n\n- G10 demand G10: open → passed\n" in text
    assert "\n## Villkor med annat utfall\n\n- G10 krav G10: öppet → godkänt\n" in text
    assert "\n- ended: G8 sex until 2027-06-30, granted by Bo Ek: Följs upp\n" in text
    assert "| discrimination (AUC) | 0." in text and " | 0.500 |\n" in text
    assert "- New cases: January 2021 to December 2023 → January 2021 to December 2024.\n" in text
    assert "- The same as before: outcome, years of evaluation, validity.\n" in text
    waiting = {**candidate, "gates": [gate("G1", "open"), gate("G10", "failed")]}
    assert "G1 demand" not in changes(opened(waiting), opened(before)) and "G10 demand G10: open → failed" in changes(
        opened(waiting), opened(before)
    )


def test_without_a_release_before_there_is_nothing_to_compare_with(candidate):
    assert "This is the first release" in changes(opened(candidate), None)
    assert "No answer's points have changed." in changes(opened(candidate), opened(candidate))


def test_a_release_folder_is_rebuilt_to_the_byte_from_its_release_json(published, candidate):
    folder = published.releases / "2026.1"
    release = json.loads((folder / "release.json").read_bytes())
    made = rendered_files(opened(release))
    assert {name: (folder / name).read_bytes() for name in made} == made
    others = {path.name for path in folder.iterdir()} - set(made)
    beside = {"instrument.toml", "ledger.jsonl", *release["publication"]["report"]}
    assert others == {"release.json", "SHA256SUMS", *beside}
    later = released(candidate, "2026.2", supersedes="2026.1")
    later["landmarks"][0]["thresholds"]["flag"] += 1
    read = json.loads(canonical_json(later))
    assert rendered_files(opened(later), opened(release)) == rendered_files(
        opened(read), opened(json.loads(canonical_json(release)))
    )


HOSTILE = "<img src=x onerror=alert(1)> [text](javascript:x) \\[y](z) &lt;b>\n\n# Rubrik"


def hostile(candidate):
    """A candidate in which every text that an instrument or a person writes is `HOSTILE`."""
    candidate["municipalities"][0]["name"] = HOSTILE
    candidate["population"] = candidate["regime"] = {"sv": f"# {HOSTILE}", "en": f"```{HOSTILE}"}
    item = candidate["landmarks"][0]["items"][0]
    item["text"] = {"sv": HOSTILE, "en": HOSTILE}
    for level in item["levels"]:
        level["text"] = {"sv": HOSTILE, "en": HOSTILE}
    approval = {"name": HOSTILE, "role": HOSTILE, "decision": HOSTILE, "date": "2026-03-01"}
    waived = gate("G8", waivers=[WAIVER | {"reason": HOSTILE, "name": HOSTILE}])
    candidate["gates"][1]["evidence"]["sources"][0]["legal_basis"] = {"sv": HOSTILE, "en": HOSTILE}
    contact = dict.fromkeys(("contact", "complaint", "withdrawal"), HOSTILE)
    return released(candidate, approvals=[approval], gates=[waived], contact=contact)


def test_texts_of_others_are_inert_in_what_is_rendered(candidate):
    before = opened(released(copy.deepcopy(candidate)))
    own = card(before)
    release = opened(hostile(candidate))
    for text in (
        card(release),
        changes(release, None),
        changes(release, before),
        reproduce(release, papers_of(release.published)),
    ):
        assert "<img" not in text and "&lt;img" in text
        assert "[text]" not in text and "\\[text\\](javascript" in text and "\\\\\\[y\\]" in text
        assert "\n# Rubrik" not in text and "&amp;lt;b>" in text
        begun = {line for line in text.splitlines() if line.startswith(("# #", "```", "# Rubrik"))}
        assert begun <= {"```sh", "```"}  # its own
    headings = [line for line in card(release).splitlines() if line.startswith("#")]
    assert len(headings) == sum(line.startswith("#") for line in own.splitlines())


def test_ordinary_texts_are_rendered_as_they_are_written():
    for text in ("Vård & omsorg", "> 10 år", "18–24 (år), 5*", "A; B: c/d", "1. ja", "-", "Två  blanka\u00a0"):
        assert inert_text(text) is text
    assert inert_text("a\u2028# b\x85c\r\n\n## d") == "a # b c ## d"
