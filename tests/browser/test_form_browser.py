"""The form as a caseworker meets it: by keyboard, offline, on a narrow screen and on paper; and that it counts right."""

import random
import shutil
from datetime import date

import form_example
import pytest
from opened import opened
from playwright.sync_api import sync_playwright

from riskmodel.advice import advice_text, advise
from riskmodel.advice.record import ANSWERS
from riskmodel.exports.form_checks import told
from riskmodel.exports.form_page import form_page
from riskmodel.ground.errors import SurveyDataError

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="a page is looked at in a real browser, and PyPI has none: install Debian's chromium, as .ci/run does",
)
FIRST, TODAY, LAST = "2026-11-21", "2027-03-01", "2028-05-20"
CASES_N = 300  # a table
CLOSING = ("Det här är ett råd, inte ett beslut.", "Poängen visar samband", "This is advice, not", "Points show")
TYPED = (
    *("", " 34 ", "34.0", "34,0", "12,000", "34,5", "1e3", "+5", "-1", "\u22122", "\u0663\u0664", "\uff11\uff12", "007"),
    *("Vet ej", "vet  ej ", "VET EJ", "V\u00adet ej", "99", "99,0", "099", "7,5", "7.5", "07,5", "123456789", "1234567890"),
    *("no_answer", "not_asked", "x", "0,5", "125", "145.0", "155", "304,9", "305", "305,1", "45", "-", "\u2013", "1 2"),
)


@pytest.fixture(scope="module")
def release():
    return opened({**form_example.candidate(), "publication": {"id": "2027.1", "valid_from": FIRST, "valid_until": LAST}})


@pytest.fixture(scope="module")
def address(release, tmp_path_factory):
    path = tmp_path_factory.mktemp("release") / "form.html"
    path.write_bytes(form_page(release))
    return path.as_uri()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=0)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, address):
    yield from opened_page(browser, address)


def opened_page(browser, address, day=TODAY):
    """The form opened offline on a day; what it asked for and complained of are kept as `requests`, `complaints`."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(0)  # a busy machine takes as long as it takes
    page = context.new_page()
    page.clock.set_fixed_time(f"{day}T12:00:00")
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address)
    yield page
    context.close()


# --- one arithmetic ---


def drawn(landmark, draw):
    """Answers as they are given in a form: codes chosen, numbers typed, some blank, some in no table."""
    blank, answers = draw.choice((0, 0.05, 0.3, 0.7)), {}
    for question in landmark.questions:
        if draw.random() < blank:
            answers[question.id] = draw.choice((None, "no_answer"))
        elif question.numbers is None:
            routes = [one for one in question.routes if draw.random() < 0.1]
            answers[question.id] = draw.choice([*question.answers, *question.answers, *routes])
        elif draw.random() < 0.03:
            answers[question.id] = draw.choice(TYPED)
        else:
            low, high = question.numbers.minimum, question.numbers.maximum
            amount = draw.uniform(low, high) / question.scale
            answers[question.id] = f"{amount:.2f}".replace(".", draw.choice(".,")) if question.scale != 1 else (
                str(draw.randint(low, high + 2 * (draw.random() < 0.05)))
            )
    return answers


def by_python(release, month, answers, language):
    """What the command says of a case, line by line; which questions it can't read."""
    try:
        advice = advise(release, answers, today=date.fromisoformat(TODAY), month=month)
    except SurveyDataError:
        return "unread"
    lines = advice_text(advice, language).splitlines()[3:]
    return [told(advice), [line for line in lines if line and not line.startswith(CLOSING)]]


def by_form(page, cases):
    found = page.evaluate(f"cases => cases.map(one => riskmodelForm.answer(...one, '{TODAY}', 'sv'))", cases)
    return ["unread" if one["unread"] else [one["told"], one["lines"]] for one in found]


def test_it_says_what_the_command_says_of_any_case(page, release):
    draw = random.Random(7)
    cases = [[month, drawn(release.landmark(month), draw)] for month in (0, 3, 5) for _ in range(CASES_N)]
    expected = [by_python(release, *case, "sv") for case in cases]
    found = by_form(page, cases)
    assert [one for one in zip(cases, expected, found, strict=True) if one[1] != one[2]][:1] == []
    told_of = [one[0] for one in expected if one != "unread"]
    assert {one["reason"] for one in told_of} == {None, "unanswered", "unusual", "route", "age", "out_of_range"}
    assert {one["answer"] for one in told_of} == {*ANSWERS} and any(one["deciding"] for one in told_of)
    assert "unread" in expected
