"""The report as a browser shows it: offline, by keyboard, on a narrow screen and on paper."""

import re
from pathlib import Path

import pytest
import reported
from axe_playwright_python.sync_playwright import Axe
from chromium import VIOLATIONS, needs_chromium, opened_browser
from reported import build_decision, build_report

pytestmark = needs_chromium
NARROW, TELEPHONE, WIDE = ({"width": width, "height": 900} for width in (320, 390, 1280))
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    later = reported.release(landmarks=[reported.landmark(), reported.later_landmark(3)])
    path.write_text(build_report(reported.run(release=later)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def decision_address(tmp_path_factory):
    path = tmp_path_factory.mktemp("decision") / "beslut.html"
    path.write_text(build_decision(with_much_to_say()), encoding="utf-8")
    return path.as_uri()


def with_much_to_say():
    """A run with three waivers, ten groups and pairs beyond the tolerances, and a release before it."""
    waivers = [
        {"gate": gate, "column": "", "name": "Anna Ek, chef", "reason": "Följs.", "until": "2027-01-01"}
        for gate in ("G1", "G8", "G10")
    ]
    gaps = [reported.gap("sex", "woman", "missed", difference=0.1 + n / 100, verdict="fail") for n in range(10)]
    pair = {"column": "sex × housing", "group": "woman × own", "measure": "missed", "tolerance": 0.08}
    whole = reported.release(waivers=waivers)
    whole["evidence"] |= {"fairness": gaps, "pairs": [pair | {"difference": 0.12, "low": 0.02, "high": 0.22}] * 3}
    whole["evidence"] |= {"new_year": reported.new_year()}
    before = reported.release(publication={"id": "2025.1", "valid_from": "2025-03-01", "valid_until": "2026-08-31"})
    return reported.run(release=whole, previous=before)


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def page(browser, address):
    """The report opened offline; what it asked for and complained of are kept as `requests` and `complaints`."""
    context = browser.new_context(offline=True, viewport=WIDE)
    context.set_default_timeout(0)  # a busy machine takes as long as it takes
    opened = context.new_page()
    opened.requests, opened.complaints = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.goto(address)
    yield opened
    context.close()


def is_shown(page, selector):
    return page.locator(selector).first.is_visible()


def test_it_opens_offline_and_asks_for_nothing_but_itself(page, address):
    assert page.requests == [address]
    assert page.complaints == []


def test_swedish_is_shown_first_and_english_at_a_click(page):
    assert (is_shown(page, "#sv h1"), is_shown(page, "#en h1")) == (True, False)
    page.click("a.to-en")
    assert (is_shown(page, "#sv h1"), is_shown(page, "#en h1")) == (False, True)
    page.click("#en .contents a >> nth=3")
    assert (is_shown(page, "#sv h1"), is_shown(page, "#en h1")) == (False, True)


def test_an_address_within_english_opens_english(page, address):
    page.goto("about:blank")
    page.goto(f"{address}#en-score")
    assert is_shown(page, "#en-score") and not is_shown(page, "#sv h1")


def test_exactly_one_main_heading_is_shown(page):
    for switch in ("a.to-sv", "a.to-en"):
        page.click(switch)
        assert sum(heading.is_visible() for heading in page.locator("h1").all()) == 1


@pytest.mark.parametrize("start", ["", "#en"])
def test_the_first_tab_is_a_skip_link_that_shows_and_works(page, address, start):
    page.goto("about:blank")
    page.goto(address + start)
    if start:
        page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
        page.focus(".skip[lang=en]")
    else:
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    language = start.removeprefix("#") or "sv"
    assert page.evaluate("document.activeElement.id") == f"{language}-content"


def test_everything_that_takes_focus_shows_it(page):
    page.keyboard.press("Tab")
    for _ in range(40):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("document.activeElement.tagName") in ("A", "SUMMARY", "DIV"):
            assert outline != "none"


def test_figures_open_their_table_by_keyboard(page):
    summary = page.locator("#sv figure summary").first
    table = page.locator("#sv figure table").first
    assert not table.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert table.is_visible()


@pytest.mark.parametrize("switch", ["a.to-sv", "a.to-en"])
def test_a_narrow_screen_scrolls_in_one_direction_only(page, switch):
    page.set_viewport_size(NARROW)
    page.click(switch)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_wide_tables_can_be_scrolled_by_keyboard(page):
    page.set_viewport_size(NARROW)
    page.evaluate(OPEN_ALL)
    wide = "[...document.querySelectorAll('#sv .scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"
    assert page.evaluate(f"{wide}.length") > 0
    reachable = "one => one.tabIndex === 0 && one.role === 'region' && one.hasAttribute('aria-labelledby')"
    assert page.evaluate(f"{wide}.every({reachable})")


def test_paper_leaves_out_what_is_folded_and_what_is_for_the_screen(page):
    page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    assert is_shown(page, "#sv section figure svg") and is_shown(page, "#sv section > .table")
    for left_out in ("nav.languages", "#sv nav.contents", "#sv details", "#sv .csv", "#sv section.screen"):
        assert page.locator(left_out).count() and not is_shown(page, left_out)


@pytest.mark.parametrize("start", ["", "#en"])
def test_one_language_is_printed_on_twelve_pages_at_most(page, address, start):
    page.goto("about:blank")
    page.goto(address + start)
    pages_n = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 2 < pages_n <= 12


def test_letters_in_drawings_are_large_and_apart_on_a_telephone(page):
    page.set_viewport_size(TELEPHONE)
    page.evaluate(OPEN_ALL)
    smallest, overlaps = page.evaluate(LETTERS)
    assert smallest >= 13
    assert overlaps == []


def test_a_table_is_had_as_csv_at_a_click(page):
    with page.expect_download() as download:
        page.locator("#sv-material ~ .table .csv a").first.click()
    assert download.value.suggested_filename == "sv-flow-table.csv"
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("Steg;Antal;")


def test_the_decision_is_two_pages_of_paper_and_its_words_can_be_read_on_a_telephone(page, decision_address):
    page.goto(decision_address)
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2
    page.set_viewport_size(TELEPHONE)
    heights = page.locator("#sv .hundred text").evaluate_all(DRAWN_HEIGHTS)
    assert len(heights) == 4 and min(heights) >= 13


def test_text_stands_out_from_its_ground(page):
    """Every colour of text against the ground behind it, at least 4.5 to 1 (WCAG 1.4.3)."""
    pairs = page.evaluate(GROUNDS)
    assert len(pairs) > 3
    for text, ground in pairs:
        assert contrast(text, ground) >= 4.5, (text, ground)


@pytest.mark.parametrize("size", [TELEPHONE, WIDE], ids=["390", "1280"])
@pytest.mark.parametrize("start", ["", "#en"])
@pytest.mark.parametrize("shown", ["address", "decision_address"])
def test_axe_finds_nothing_against_wcag(page, request, shown, start, size):
    page.set_viewport_size(size)
    page.goto("about:blank")
    page.goto(request.getfixturevalue(shown) + start)
    page.evaluate(OPEN_ALL)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, **VIOLATIONS}).response["violations"]
    assert [violation["id"] for violation in found] == []


# of letters, in pixels: what the drawing's own units come to on the screen
DRAWN_HEIGHTS = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"

# the smallest letter of a drawing in pixels, and what stands on one another
LETTERS = """() => {
  let smallest = Infinity;
  const overlaps = [];
  for (const drawing of document.querySelectorAll('#sv .drawing svg')) {
    const texts = [...drawing.querySelectorAll('text')].filter(one => one.checkVisibility());
    const boxes = texts.map(one => one.getBoundingClientRect());
    texts.forEach((one, place) => {
      const drawn = one.getScreenCTM();
      smallest = Math.min(smallest, parseFloat(getComputedStyle(one).fontSize) * Math.hypot(drawn.a, drawn.b));
      for (let next = place + 1; next < texts.length; next++) {
        const across = Math.min(boxes[place].right, boxes[next].right) - Math.max(boxes[place].left, boxes[next].left);
        const down = Math.min(boxes[place].bottom, boxes[next].bottom) - Math.max(boxes[place].top, boxes[next].top);
        if (across > 1 && down > 4) overlaps.push([one.textContent.trim(), texts[next].textContent.trim()]);
      }
    });
  }
  return [smallest, overlaps];
}"""

GROUNDS = """() => {
  const ground = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const shown = [...document.querySelectorAll('#sv *')].filter(one => one.checkVisibility() && !one.closest('svg')
    && [...one.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()));
  const pairs = shown.map(one => [getComputedStyle(one).color, ground(one)].join('|'));
  return [...new Set(pairs)].map(pair => pair.split('|'));
}"""


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
