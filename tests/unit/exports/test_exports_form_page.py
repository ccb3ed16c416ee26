"""The form as a file: small, the same whenever it is made, and nothing in it but what its policy lets run."""

import json
import re
from base64 import b64encode
from hashlib import sha256

import form_example
import pytest
from opened import opened

from riskmodel.advice.abstain import OTHER_MUNICIPALITY, REASONS, ROUTE
from riskmodel.advice.explain import LARGE_WIDTH, REASONS_SHOWN, SMALL_WIDTH
from riskmodel.advice.explain import TEXTS as ADVICE
from riskmodel.advice.record import NOTICEABLE_POINTS
from riskmodel.advice.score import LONGEST_REFERENCE
from riskmodel.exports.form_page import FORM, PAGE, form_page, inert_json
from riskmodel.ground.statistics import Z_95
from riskmodel.release.landmark import RARITY_LIMIT


@pytest.fixture(scope="module")
def page():
    return form_page(opened(form_example.candidate())).decode()


def test_it_is_small_and_the_same_whenever_it_is_made(page):
    assert form_page(opened(form_example.candidate())).decode() == page
    assert len(page.encode()) <= 300_000


def test_one_script_and_one_style_may_run_and_nothing_else(page):
    (style,) = re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    policy = re.search('Content-Security-Policy" content="([^"]*)"', page)[1].split("; ")
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (script, style)]
    assert policy == [
        *("default-src 'none'", f"script-src {hashes[0]}", f"style-src {hashes[1]}", "base-uri 'none'"),
        *("form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"),
    ]
    assert not re.search("https?:|localStorage|sessionStorage|cookie|innerHTML|eval", script.replace(SVG, ""))


SVG = "http://www.w3.org/2000/svg"


def test_what_a_release_says_never_ends_the_data(page):
    assert inert_json("\u2028</script>&") == '"\\u2028\\u003c/script\\u003e\\u0026"'
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["release"]["municipality"] == "Exempelstad"


def test_the_page_says_what_there_is():
    said = {key for path in PAGE.glob("*.js") for key in re.findall(r'say\("(\w+)"', path.read_text(encoding="utf-8"))}
    assert said - {*ADVICE, *FORM} == set() != said
    assert not {*ADVICE} & {*FORM}  # the page has them by key in one table


def test_no_two_functions_of_the_page_have_one_name():
    code = "\n".join(path.read_text(encoding="utf-8") for path in PAGE.glob("*.js"))
    names = re.findall(r"^(?:function|const|class) (\w+)", code, flags=re.MULTILINE)
    assert len(names) == len(set(names)) > 80


def test_the_pages_own_constants_are_pythons():
    """They stand in the page's script, whose bytes are published; nothing hands them over."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in PAGE.glob("*.js"))
    written = re.findall(r"^const ([A-Z_0-9]+) = ([0-9.]+|\[\".*\"\]);$", code, re.MULTILINE)
    found = {name: json.loads(value) for name, value in written}
    of_release = [*REASONS[: REASONS.index(ROUTE)]]
    of_release.remove(OTHER_MUNICIPALITY)  # a file does not know who asks
    assert {name: found[name] for name in ("RARITY_LIMIT", "NOTICEABLE_POINTS", "OF_RELEASE")} == {
        "RARITY_LIMIT": RARITY_LIMIT, "NOTICEABLE_POINTS": NOTICEABLE_POINTS, "OF_RELEASE": of_release,
    }  # fmt: skip
    assert found["Z_95"] == pytest.approx(Z_95, abs=1e-12)
    assert [found[one] for one in ("REASONS_SHOWN", "SMALL_WIDTH", "LARGE_WIDTH")] == [
        REASONS_SHOWN, SMALL_WIDTH, LARGE_WIDTH,
    ]  # fmt: skip
    assert f"reference: {LONGEST_REFERENCE}" in code
