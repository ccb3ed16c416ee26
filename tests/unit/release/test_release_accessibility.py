import pytest
import reported

from riskmodel.publish.accessibility import RULES, accessibility_gate, read_page, violations
from riskmodel.publish.publication import decided
from riskmodel.release.gates import concern
from riskmodel.report.calibration_report import build_report, write_report

PAGE = """<!doctype html>
<html lang="sv">
<head><meta charset="utf-8"><title>Rapport</title></head>
<body>
<a href="#text">Till texten</a>
<main>
<h1>Rapport</h1>
<h2 id="text" tabindex="-1">Svaret</h2>
<p>Det är inte så att alla som flaggas får stöd, och det är för att platserna inte räcker till.</p>
<h3>Mer</h3>
<img src="a.png" alt="">
<div role="img" aria-label="En kurva"><svg><title>En kurva</title><path d="M0 0"/></svg></div>
<table aria-labelledby="t"><caption id="t">Tal</caption><tr><th scope="col">År</th></tr><tr><td>1</td></tr></table>
<label for="q">Sök</label><input id="q" type="text">
<section lang="en"><h1>Report</h1>
<p>It is not so that all of the flagged get support, and that is for lack of places.</p></section>
</main>
</body>
</html>
"""
BROKEN = [
    ("language", '<html lang="sv">', "<html>"),
    ("language", '<html lang="sv">', '<html lang="svenska språket">'),
    ("language", "<td>1</td>", '<td lang="">1</td>'),
    ("language_of_parts", '<section lang="en"><h1>Report</h1>', "<section>"),
    ("language_of_parts", "<p>Det är", '<p lang="en">Det är'),
    ("title", "<title>Rapport</title>", "<title> </title>"),
    ("title", "<title>Rapport</title>", ""),
    ("title", "<title>Rapport</title>", "<title>Rapport</title><title>Report</title>"),
    ("headings", "<h1>Rapport</h1>", ""),
    ("headings", "<h1>Rapport</h1>", "<h1>Rapport</h1><h1>En till</h1>"),
    ("headings", "<h1>Report</h1>", "<h1>Report</h1><h1>Another</h1>"),
    ("headings", "<h3>Mer</h3>", "<h4>Mer</h4>"),
    ("headings", "<h3>Mer</h3>", "<h3> </h3>"),
    ("landmarks", "<main>", "<div>"),
    ("landmarks", "<main>", "<main></main><main>"),
    ("skip_link", '<a href="#text">Till texten</a>', ""),
    ("skip_link", '<a href="#text">Till texten</a>', '<a href="https://example.org">Annat</a>'),
    ("text_alternatives", ' alt=""', ""),
    ("text_alternatives", 'role="img" aria-label="En kurva"', ""),
    ("text_alternatives", 'aria-label="En kurva"', 'aria-label=" "'),
    ("tables", '<caption id="t">Tal</caption>', '<tr id="t"></tr>'),
    ("tables", ' scope="col"', ""),
    ("tables", '<th scope="col">År</th>', "<td>År</td>"),
    ("names", "<h3>Mer</h3>", '<h3>Mer</h3><a href="#text"> </a>'),
    ("names", "<h3>Mer</h3>", '<h3>Mer</h3><a href="">Hit</a>'),
    ("names", "<h3>Mer</h3>", "<h3>Mer</h3><button><img alt='' src='b.png'></button>"),
    ("names", '<label for="q">Sök</label>', "<span>Sök</span>"),
    ("ids", '<label for="q">', '<label id="t" for="q">'),
    ("ids", 'aria-labelledby="t"', 'aria-labelledby="u"'),
    ("ids", "<h3>Mer</h3>", '<h3>Mer</h3><a href="#nowhere">Dit</a>'),
    ("focus_order", 'tabindex="-1"', 'tabindex="1"'),
    ("motion", '<meta charset="utf-8">', '<meta http-equiv="Refresh" content="5">'),
    ("motion", "<h3>Mer</h3>", "<h3>Mer</h3><video autoplay></video>"),
    ("motion", "<h3>Mer</h3>", "<h3>Mer</h3><marquee>Nytt</marquee>"),
    ("scripts", "</main>", "<script>go()</script></main>"),
    ("scripts", "<h3>Mer</h3>", '<h3 onclick="go()">Mer</h3>'),
]


def _gate(waivers=(), **pages):
    return accessibility_gate({f"{name}.html": page.encode() for name, page in pages.items()}, waivers)


def test_a_page_that_is_well_built_passes():
    gate = _gate(report=PAGE)
    assert (gate.status, gate.blocks, gate.evidence["files_n"]) == ("passed", False, 1)
    assert gate.evidence["checks"] == dict.fromkeys(RULES, 0)


@pytest.mark.parametrize(("rule", "found", "instead"), BROKEN)
def test_each_rule_is_broken_by_what_it_forbids_and_by_nothing_else(rule, found, instead):
    assert found in PAGE
    counts = violations(read_page(PAGE.replace(found, instead, 1)))
    assert [name for name, n in counts.items() if n] == [rule]


def test_what_is_hidden_from_readers_needs_no_words():
    hidden = PAGE.replace('role="img" aria-label="En kurva"', 'aria-hidden="true"')
    assert _gate(report=hidden).status == "passed"


def test_a_heading_may_quote_another_language():
    assert _gate(report=PAGE.replace("<h3>Mer</h3>", '<h3 lang="en">More</h3>')).status == "passed"


def test_every_page_is_judged_and_two_may_not_share_a_title():
    other = PAGE.replace("Rapport</title>", "Bilaga</title>")
    assert _gate(one=PAGE, two=other).evidence["files_n"] == 2
    assert _gate(one=PAGE, two=PAGE).evidence["checks"]["title"] == 1
    worse = _gate(one=PAGE, two=other.replace(' alt=""', ""))
    assert (worse.status, worse.blocks, concern(*decided([worse.as_dict()]))) == ("failed", True, "text_alternatives")


def test_no_page_is_no_pass():
    gate = accessibility_gate({"figures.csv": b"<html>"}, ())
    assert (gate.status, gate.blocks, gate.evidence["lacking"]) == ("failed", True, ["no page of HTML"])


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"<" * 5000, b"<div>" * 20000, b"</p></html>", b"<![foo bar >"]
)
def test_what_is_no_page_fails_without_a_fault(content):
    assert accessibility_gate({"report.html": content}, ()).status == "failed"


def test_a_waiver_lets_it_pass_and_stays_with_it():
    waiver = {"gate": "G13", "name": "Bo", "reason": "new template in May", "until": "2027-06-30", "column": ""}
    other = {**waiver, "gate": "G12"}
    gate = _gate(report=PAGE.replace("<main>", "<div>"), waivers=(waiver, other))
    assert (gate.status, gate.blocks, gate.waivers) == ("failed", False, (waiver,))
    assert _gate(report=PAGE, waivers=(waiver,)).waivers == ()
    assert _gate(report=PAGE.replace("<main>", "<div>"), waivers=(other,)).blocks


def test_the_report_that_is_published_passes(tmp_path):
    page = write_report(build_report(reported.run()), tmp_path)
    gate = accessibility_gate({page.name: page.read_bytes()}, ())
    assert gate.evidence["checks"] == dict.fromkeys(RULES, 0)
    assert gate.status == "passed"
