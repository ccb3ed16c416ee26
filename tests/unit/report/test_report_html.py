"""The page as a whole: what a browser, a screen reader and a printer need, and what must never be in it."""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

import pytest
import reported
from markupsafe import Markup
from reported import build_report

from riskmodel.ground.words import Words
from riskmodel.report import document, figures
from riskmodel.report.document import TEXTS

pytestmark = pytest.mark.slow

VOID = {"meta", "br", "path", "use", "rect"}


class Page(HTMLParser):
    """Start tags in order, each with its attributes and the tags around it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def named(self, *names):
        return [(tag, attributes) for tag, attributes, _ in self.tags if tag in names]


@cache
def html():
    return build_report(reported.run())


@cache
def page():
    return Page(html())


def without_drawings(text):
    return re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)


def test_the_same_run_gives_the_same_bytes(drawings):
    one = build_report(reported.run(), languages=("sv",))
    drawings.clear()
    assert build_report(reported.run(), languages=("sv",)) == one


def test_every_tag_is_closed_and_no_id_stands_twice():
    assert page().open == []
    ids = [attributes["id"] for _, attributes, _ in page().tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_link_leads_to_something_on_the_page():
    ids = {attributes.get("id") for _, attributes, _ in page().tags}
    links = [attributes["href"] for _, attributes in page().named("a") if "download" not in attributes]
    assert links and all(link.removeprefix("#") in ids for link in links)


def test_every_table_can_be_had_as_csv_and_holds_no_formula():
    files = [attributes for _, attributes in page().named("a") if "download" in attributes]
    assert len(files) == html().count("<table") == len({one["download"] for one in files})
    table = document.Table("a", "", tuple(map(document.Column, ("Å;r", "n"))), (("=1+1", "−0,5"), ("2", "+0,5")))
    scheme, content = table.csv.split(",", maxsplit=1)
    assert scheme == "data:text/csv;charset=utf-8"
    assert unquote_to_bytes(content).decode("utf-8-sig") == '"Å;r";n\r\n\'=1+1;−0,5\r\n2;+0,5\r\n'


def test_the_page_needs_nothing_but_itself():
    assert not page().named("script", "link", "img", "iframe")
    assert not re.search(r"\son\w+=|url\((?!#)|@import|https?://(?!www\.w3\.org/)", html())
    policies = [attributes for _, attributes in page().named("meta") if "http-equiv" in attributes]
    assert policies[0]["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_each_language_has_one_main_heading_and_no_level_is_skipped():
    assert [attributes["lang"] for _, attributes in page().named("html")] == ["sv"]
    editions = re.findall(r'<article class="edition" id="(\w+)" lang="(\w+)">(.*?)</article>', html(), flags=re.DOTALL)
    assert [(name, code) for name, code, _ in editions] == [("sv", "sv"), ("en", "en")]
    for _, _, edition in editions:
        levels = [int(level) for level in re.findall(r"<h([1-6])", edition)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_landmarks_skip_links_and_a_title_are_there():
    assert len(page().named("main")) == 1
    assert all("aria-label" in attributes or "aria-labelledby" in attributes for _, attributes in page().named("nav"))
    assert [attributes["href"] for _, attributes in page().named("a")][:2] == ["#sv-content", "#en-content"]
    assert "<title>Bedömningsstödet i Påhittad</title>" in html()


def test_every_table_has_a_caption_and_headings_with_scope():
    for table in re.findall(r"<table.*?</table>", html(), flags=re.DOTALL):
        columns_n = len(re.findall(r'<th scope="col"', table))
        assert "<caption" in table and columns_n
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], flags=re.DOTALL):
            assert row.strip().startswith('<th scope="row"')
            assert len(re.findall(r"<t[hd]", row)) == columns_n


def test_every_drawing_has_words_and_a_table():
    for figure in re.findall(r"<figure>.*?</figure>", html(), flags=re.DOTALL):
        named = re.search(r'role="img" aria-labelledby="([^"]+)"', figure)[1]
        assert len(re.search(rf'<figcaption id="{named}">([^<]*)<', figure)[1]) > 20
        assert "<table" in figure.split("<details>")[1]


def test_every_table_that_counts_people_bears_the_profile():
    for table in re.findall(r"<div class=\"table\">.*?</div>\n", html(), flags=re.DOTALL):
        assert table.count('data-profile="public"') == table.count("<table data-profile")
    rule = "Antal under 8 visas inte"  # once, in the foot of the page
    assert html().count(rule) == 1 and rule in html().split("<footer")[1]


def test_a_verdict_is_said_in_words_not_by_colour_alone():
    marks = re.findall(r'class="mark">([^<]*)<', html())
    assert marks and all(re.match(r"[✓✗○]\s\w+", mark) for mark in marks)


def test_texts_from_elsewhere_are_escaped():
    assert "Egen &lt;b&gt;bostad&lt;/b&gt;" in html()
    assert "<b>" not in html()


def test_the_municipalitys_own_words_keep_their_language():
    english = html().split('id="en"')[1]
    assert '<q lang="sv">Därför att.</q>' in english
    assert '<q lang="sv">Frågan ställdes inte.</q>' in english


def test_commands_are_set_as_code():
    assert "<code>riskmodel approve</code>" in html()
    assert "`" not in without_drawings(html())


def test_no_small_count_and_no_exact_one_leaves():
    shown = without_drawings(html())
    # 3 blanks in b.csv and 3 dead with a known outcome are hidden
    assert '<th scope="row">Avliden</th><td class=number>visas inte</td>' in shown
    assert '<th scope="row">b.csv</th><td>Boende</td><td>Tomt svar</td><td class=number>visas inte</td>' in shown


def test_counts_are_rounded_in_the_public_version(monkeypatch):
    monkeypatch.setattr(figures, "_canvas", lambda paint, **_: Markup(""))
    flow = reported.flow(modelled=781, unlinked=62)
    public, internal = (
        build_report(reported.run(flow=flow), languages=("sv",), profile=name) for name in ("public", "internal")
    )
    assert not re.search(r">(781|62)<", public.split('id="sv-material"')[1].split('id="sv-accuracy"')[0])
    assert re.search(r">781<", internal)


def test_points_and_risks_are_those_of_the_release():
    shown = without_drawings(html())
    assert '<th scope="row">Saknar bostad</th><td class=number>12</td>' in shown
    assert '<th scope="row">0–2 månader</th><td class=number>0</td>' in shown
    assert '<th scope="row">3 månader</th><td class=number>4</td>' in shown
    assert '<th scope="row">På hem</th><td class=number>följer en regel, inga poäng</td>' in shown
    # 1/(1+exp(1.2 − 12·0.0693)) = .409
    assert '<th scope="row" class=number>12</th><td class=number>41</td><td>gränsfall</td>' in shown
    assert '<th scope="row" class=number>14</th><td class=number>44</td><td>mer stöd kan behövas</td>' in shown
    assert '<th scope="row" class=number>10</th><td class=number>38</td><td>inget som tyder på det</td>' in shown


def test_one_language_alone_needs_no_switch():
    english = build_report(reported.run(), languages=("en",))
    assert '<html lang="en">' in english
    assert 'class="languages"' not in english
    assert "Beslutet på två sidor" not in english


def labelled():
    blank = {"month_meaning": None, "unlinked": None, "followup": [], "exits": [], "outcome": "labelled"}
    few = reported.assessment()
    few = replace(few, curves=few.curves.iloc[:0], summary={"n": 150, "events_n": 60})
    return {
        "summary": reported.summary(**blank),
        "assessment": few,
        "reconciliation": reported.run().reconciliation.assign(over_ten_not_in_survey_n=0),
        "quality": reported.run().quality.iloc[:0],
    }


def unusual():
    """A run in which whatever can be missing is, and what can go wrong has."""
    limit = reported.landmark()["thresholds"] | {"flag": None, "threshold_prob": None, "band": None, "expected": None}
    limit |= {"unmet": ["ppv_floor"], "not_known": ["left_early_cap"]}
    rows = reported.too_few(reported.measures(area_Norr_oe=1.1), scope="overall", group="")
    alarm = {"alarm": "single_item_auc", "item": "housing", "signed_by": "Anna Ek", "reason": "Känt i förväg."}
    items = [reported.ITEMS[0] | {"spread": 0}, *reported.ITEMS[1:]]
    whole = reported.release(
        research_only=True,
        landmarks=[reported.landmark() | {"items": items, "thresholds": limit, "rejected_alternative": None}],
        gates=reported.gates(
            reported.failed_gate("G3", alarms=[alarm]),
            reported.failed_gate("G5", criteria=[], year_drift=reported.year_drift(judged=False)),
        ),
    )
    whole["evidence"] |= {"kind": "out_of_fold", "is_weak": True, "measures": rows, "fairness": [], "comparisons": []}
    nothing = dict.fromkeys(("optimism", "held_out", "choices", "proxies", "drop_in", "forms"), [])
    whole["evidence"]["robustness"] = reported.robustness(**nothing)
    few = reported.profiled()
    few.counts.loc[few.counts["place"] == "2023", "n"] = [5, 5, 0]
    return reported.run(release=whole, drop_one=reported.run().drop_one.iloc[:0], survey=few, **labelled())


def test_a_run_in_which_much_is_missing_still_has_a_report():
    shown = build_report(unusual(), languages=("sv",))
    assert Page(shown).open == []
    assert "Anna Ek" in shown


def few_cases():
    """Runs with too few cases: one that stands alone, one that rests on a borrowed table."""
    missing = {"cases_n": 300, "more_years_n": 2, "columns_n": 4, "borrowed_n": 310}
    size = {"columns_n": 20, "required_n": 900, "available_n": 600, "r2_from": "assumed", "missing": missing}
    lender = {"code": "9902", "name": "Grannby"}
    borrowed = {
        "kind": "release", "release": "2025.2", "municipalities": [lender], "sha256": "a" * 64, "permission": "Avtal 1",
        "penalty": 30.0, "freedom": 6.4, "moved": [{"item": "housing", "points": 3}],
    }  # fmt: skip
    return [
        reported.run(
            release=reported.release(
                landmarks=[reported.landmark() | more],
                gates=reported.gates(reported.failed_gate("G4", **size, **learnt)),
            )
        )
        for more, learnt in (({}, {}), ({"borrowed": borrowed}, {"freedom": 7.4}))
    ]


def test_too_few_cases_are_told_with_what_each_way_lacks():
    alone, borrowing = (build_report(run, languages=("sv",)) for run in few_cases())
    assert "Det fattas 300 hushåll" in alone and "Då räcker 310 hushåll" in alone
    assert "motsvarar 7,4 skattade tal" in borrowing and "utgåva 2025.2 från Grannby (9902)" in borrowing
    assert "Då räcker" not in borrowing


def test_the_audit_says_what_it_can_see_and_puts_no_tick_on_few():
    few = {"difference": None, "low": None, "high": None, "power_3": None, "power_4": None, "status": "few"}
    gaps = [reported.gap("sex", "woman", "missed", **few), reported.gap("sex", "man", "missed")]
    whole = reported.release()
    whole["evidence"] |= {"fairness": gaps}
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", build_report(reported.run(release=whole), languages=("sv",))))
    assert "rätt får någon underkänd i 2 körningar av 100" in said
    assert "det blir 37, upptäcks det i 40 körningar av 100, och där det blir 39 i 70" in said
    assert "liten skillnad, av få" in said and "godkänd" in said


class Heard(Words):
    """Texts that remember which of them were said."""

    def __init__(self, texts):
        super().__init__(texts)
        self.said = set()

    def __getitem__(self, key):
        self.said.add(key)
        return super().__getitem__(key)


BY_CODE = (
    "exit_",
    "alarm_",
    "ground_",
    "demand_",
    "factor_use_",
    "measure_",
    "predictor_",
    "verdict_",
    "unlinked_unlinked_",
)
BY_CODE += ("rule_", "action_", "month_", "part_", "coefficient_", "status_", "profile_", "fair_", "raw_", "changes_")
BY_CODE += ("decision_", "not_known_", "not_met_", "worse_")  # see test_report_decision
BY_CODE += ("unseen_", "r2_from_", "choice_", "value_", "held_out_", "tested_")


def troubled():
    """A run with everything a report can have to warn of."""
    gaps = [reported.gap("sex", "woman", "missed", verdict="fail"), reported.gap("housing", "own", "log_oe")]
    stability = {"in_band_share": 0.4, "max_borderline_share": 0.3, "change_share": 0.05}
    criterion = {"measure": "oe", "part": "estimate", "estimate": 1.0, "verdict": "met"}
    limits = ({"at_least": None, "at_most": 1.2}, {"at_least": 0.8, "at_most": None}, {"at_least": 0.8, "at_most": 1.2})
    later = {"3": {"status": "failed", "criteria": [criterion | limits[0] | {"verdict": "not_met"}]}}
    later["3"]["year_drift"] = reported.year_drift("more")
    size = {"required_n": 900, "available_n": 5000, "columns_n": 10, "research_only": False}
    failed = (
        reported.failed_gate("G4", **size),
        reported.failed_gate(
            "G5",
            criteria=[criterion | limit for limit in limits],
            later=later,
            year_drift=reported.year_drift("more", "fewer", "too_far_apart", "otherwise"),
        ),
        reported.failed_gate("G7", **stability),
        reported.failed_gate("G8", failing=gaps, not_shown=[]),
    )
    waiver = {"gate": "G8", "name": "A", "reason": "B", "until": "2027-01-01", "column": "sex"}
    landmark = reported.landmark()
    whole = reported.release(
        gates=[gate | {"waivers": [waiver]} for gate in reported.gates(*failed)],
        landmarks=[
            landmark | {"rejected_alternative": landmark["rejected_alternative"] | {"unmet": []}},
            reported.later_landmark(3),
            reported.later_landmark(5, flag=None, threshold_prob=None, band=None, expected=None),
        ],
        publication={"id": "2026.1", "valid_from": "2026-03-01", "valid_until": "2027-08-31"},
    )
    rows = reported.too_few(reported.measures(area_Norr_oe=1.1, area_Söder_oe=0.9), scope="housing", group="none")
    unknown = {"scope": "area", "group": "Norr", "measure": "ppv", "predictor": "points", "status": "not_available"}
    rows.append(dict.fromkeys(rows[0]) | unknown)
    pair = {"column": "sex × housing", "group": "woman × own", "measure": "missed", "tolerance": 0.08}
    whole["evidence"] |= {"measures": rows, "fairness": gaps, "years": [2021, 2023]}
    whole["evidence"] |= {"pairs": [pair | {"difference": 0.12, "low": 0.02, "high": 0.22}]}
    seen = [
        {"kind": kind, "first": "housing", "second": second, "at": 50, "z": 6.2, "auc_gain": 0.031}
        for kind, second in (("pair", "sex"), ("pair", "earlier"), ("place", "Norr"), ("step", ""))
    ]
    whole["evidence"] |= {"new_year": reported.new_year(), "unseen": seen}
    held = reported.robustness()["held_out"]
    alone = {**held[0], "estimate": None, "status": "one_group"}
    whole["evidence"]["robustness"] = reported.robustness(held_out=[alone, {**held[0], "column": "year"}])
    nameless = replace(reported.INSTRUMENT, items=tuple(replace(item, name=None) for item in reported.INSTRUMENT.items))
    said = reported.summary()
    said["outcomes"][0] |= {"unknown_n": 100}
    return reported.run(release=whole, previous=reported.release(), instrument=nameless, summary=said)


def two_designs():
    """Runs of the case-control design: a question that can't be used, and none but nobody to test the points on."""
    usable = {"stability": reported.two_forms()["stability"][:1], "blanks": reported.two_forms()["blanks"][:1]}
    unmeasured = reported.two_forms(**usable, inflow_check={"measurable": False})
    whole = reported.release()
    whole["provenance"]["data_window"]["latest_complete_year"] = None
    return [
        reported.run(release=whole, summary=reported.summary(**forms))
        for forms in (reported.two_forms(), unmeasured, reported.two_forms() | {"exam_year": 2025})
    ]


def small_towns():
    """Runs that rest on a borrowed table, unchanged or moved, with more gaps than the first page can name."""
    gaps = [reported.gap("housing", name, "missed") for name in ("own", "lodger", "none")]
    gaps += [reported.gap("area", f"place{place}", "missed") for place in range(4)]
    lender = {"code": "9902", "name": "Grannby"}
    borrowed = {
        "kind": "release",
        "release": "2025.2",
        "municipalities": [lender],
        "sha256": "a" * 64,
        "permission": "",
    }
    ways = ({"penalty": None, "freedom": 0, "moved": []}, {"penalty": 30.0, "freedom": 6.4, "moved": []})
    failed = reported.failed_gate("G8", failing=[], not_shown=gaps)
    return [
        reported.run(
            release=reported.release(
                landmarks=[reported.landmark() | {"borrowed": borrowed | way}], gates=reported.gates(failed)
            )
        )
        for way in ways
    ]


def test_the_first_page_says_whose_points_they_are_and_counts_what_nobody_can_tell():
    same, moved = (build_report(run, languages=("sv",)) for run in small_towns())
    assert "lånade från Grannby och oförändrade" in same and "har flyttats av kommunens egna" in moved
    assert "7 jämförelser mellan grupper" in same and "place3" not in same.split("</section>")[0]


def test_the_pair_that_is_named_comes_with_how_to_declare_it_unless_a_number_is_in_it():
    told = build_report(troubled(), languages=("sv",))
    declared = "<code>items = [&#34;housing&#34;, &#34;sex&#34;]</code> i <code>params.toml</code>."
    assert f"skriv <code>[[model.pairs]]</code> och {declared}" in told
    assert "Ett par med ett tal kan inte få en egen tabell." in told and told.count("[[model.pairs]]") == 1


def test_every_text_is_said_somewhere(monkeypatch):
    heard = Heard(TEXTS)
    monkeypatch.setattr(document, "TEXTS", heard)
    monkeypatch.setattr(figures, "_drawn", lambda paint, **_: Markup(""))
    build_report(reported.run(previous=reported.release()))
    explained = reported.failed_gate("G5", year_drift=reported.year_drift("more", signed_by="Anna Ek, analytiker"))
    drifted = reported.run(release=reported.release(gates=reported.gates(explained)))
    for run in (unusual(), troubled(), drifted, *two_designs(), *few_cases(), *small_towns()):
        build_report(run, languages=("sv",))
    silent = sorted(key for key in set(TEXTS) - heard.said if not key.startswith(BY_CODE))
    assert silent == []
