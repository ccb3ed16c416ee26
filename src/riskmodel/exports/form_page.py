"""form.html: one file that asks, counts and advises without network or storage. Standard library only."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from riskmodel.exports.form_checks import form_checks
from riskmodel.exports.form_data import form_data
from riskmodel.ground.record_reader import Json
from riskmodel.release.record import Release

PAGE = Path(__file__).parent / "page"
PURE = (
    "reading",
    "arithmetic",
    "needs",
    "checks",
    "words",
    "personal",
)  # in the order in which they stand on one another
SHOWN = ("dom", "questions", "result", "paper", "form")
MARKUP = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}  # what HTML or an early JavaScript would read
WRAPPED = """
"use strict";
const riskmodelForm = (() => {{
{code}
const data = Object.freeze(prepared(JSON.parse(document.getElementById("data").textContent)));
start(data);
return Object.freeze({{answer: (month, given, today, language) => answeredCase(data, month, given, today, language)}});
}})();
"""


def form_page(release: Release) -> bytes:
    """The page of `release`; the same to the byte whenever it is made."""
    style = _read("form.css")
    script = WRAPPED.format(code="\n".join(_read(f"{name}.js") for name in (*PURE, *SHOWN)))
    parts = {
        "policy": _policy(script=script, style=style),
        "style": style,
        "script": script,
        "data": inert_json(form_data(release) | {"checks": form_checks(release)}),
    }
    return _filled(_read("form.html"), parts).encode()


def inert_json(value: Json) -> str:
    """`value` as JSON that no page reads as markup: no mark of HTML, no line end but in escapes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(MARKUP)


def _policy(*, script: str, style: str) -> str:
    """Nothing is fetched, sent or framed; this script and this style alone are run."""
    allowed = {"script-src": _hash(script), "style-src": _hash(style), "base-uri": "'none'", "form-action": "'none'"}
    trusted = "require-trusted-types-for 'script'; trusted-types 'none'"
    return "default-src 'none'; " + "; ".join(f"{of} {source}" for of, source in allowed.items()) + f"; {trusted}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _filled(page: str, parts: Mapping[str, str]) -> str:
    """`page` with each part in its place; what stands in a part is never looked at."""
    return re.sub(r"\{(\w+)\}", lambda place: parts[place[1]], page)


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")
