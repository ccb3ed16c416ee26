import pytest
import release_example
import reported
from opened import opened
from reported import build_report

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import canonical_json
from riskmodel.ground.settings import read_settings
from riskmodel.ground.words import LANGUAGES
from riskmodel.publish import documents
from riskmodel.publish.documents import documentation_gate
from riskmodel.publish.publication import decided
from riskmodel.publish.render import rendered_files
from riskmodel.release.gates import QUESTIONS, concern

WAIVER = {"gate": "G10", "name": "Bo", "reason": "written in May", "until": "2027-06-30", "column": ""}
PUBLISHED = {
    "report.html": b'<html><main id="sv-answer">Text</main></html>',
    "card.md": "# Modellkort\n\n## Gräns, månad 0 · `x/`\n".encode(),
    "release.json": b'{"evidence": {"inner": 1}}',
    "broken.json": b"[",
}
COMPLETE = {name: {question: '["report.html"]' for question in asked} for name, asked in QUESTIONS.items()}


def _register(tmp_path, **changed):
    """A register in which everything is answered but what `changed` says of a list, by question; None: left out."""
    lines = []
    for name, answers in COMPLETE.items():
        written = {**answers, **changed.get(name, {})}
        lines += [
            f"[{name}]",
            *(f"{question} = {answer}" for question, answer in written.items() if answer is not None),
        ]
    path = tmp_path / "documents.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _gate(tmp_path, waivers=(), **changed):
    return documentation_gate(_register(tmp_path, **changed), waivers, root=tmp_path, published=PUBLISHED)


def test_the_questions_are_those_of_the_standards():
    rows = list(QUESTIONS["tripod_ai"])
    assert len(rows) == len(set(rows)) == 52
    assert (rows[0], rows[2], rows[-1]) == ("1", "3a", "27c")
    assert [row for row in rows if row.startswith("12")] == [f"12{letter}" for letter in "abcdefg"]
    assert [row for row in rows if row.startswith("18")] == [f"18{letter}" for letter in "abcdef"]
    assert {row.rstrip("abcdefg") for row in rows} == {str(item) for item in range(1, 28)}
    assert (list(QUESTIONS["annex_iv"]), list(QUESTIONS["article_13"])) == (list("123456789"), list("abcdef"))
    for asked in QUESTIONS.values():  # a message lists them: one line each, no list of its own
        for titles in ([title.said(language) for title in asked.values()] for language in LANGUAGES):
            assert len(set(titles)) == len(titles) and not any({*title} & set(";()") for title in titles)


def test_a_register_that_answers_everything_passes(tmp_path):
    gate = _gate(tmp_path, (WAIVER,), annex_iv={"8": '{ not_applicable = "not placed on the market" }'})
    assert (gate.status, gate.blocks, gate.waivers) == ("passed", False, ())
    assert gate.evidence["annex_iv"]["not_applicable"] == {"8": "not placed on the market"}
    assert len(gate.evidence["tripod_ai"]["answered"]) == gate.evidence["tripod_ai"]["asked_n"] == 52
    assert "marked" not in gate.evidence


@pytest.mark.parametrize(
    ("changed", "lacking", "in_swedish"),
    [
        ({"tripod_ai": {"18a": "[]"}}, "tripod_ai 18a (funding)", "tripod_ai 18a (finansiering)"),
        (
            {"tripod_ai": {"18a": None, "17": "[]"}},
            "tripod_ai 17 (ethical approval), 18a (funding)",
            "tripod_ai 17 (etikprövning), 18a (finansiering)",
        ),
        (
            {"annex_iv": {"9": '{ where = ["report.html"], lacks = "a plan" }'}},
            "annex_iv 9 (following it after publication: in part)",
            "annex_iv 9 (uppföljning efter publiceringen: delvis)",
        ),
        (
            {"article_13": {"a": '{ lacks = "everything" }'}},
            "article_13 a (who the provider is), a (who the provider is: in part)",
            "article_13 a (vem leverantören är), a (vem leverantören är: delvis)",
        ),
        (
            {"article_13": {"f": '["docs/nowhere.md"]'}, "tripod_ai": {"1": "[]"}},
            "tripod_ai 1 (title); article_13 f (logs: leads nowhere)",
            "tripod_ai 1 (titel); article_13 f (loggar: leder ingenstans)",
        ),
    ],
)
def test_what_is_not_answered_makes_it_a_draft(tmp_path, changed, lacking, in_swedish):
    gate = _gate(tmp_path, **changed)
    (read,) = decided([gate.as_dict()])
    assert (gate.status, gate.blocks, concern(read), concern(read, "sv")) == ("open", True, lacking, in_swedish)
    assert "; ".join(gate.evidence["lacking"]) == lacking  # as it stands in a release
    assert gate.evidence["marked"]["sv"].startswith("UTKAST") and gate.evidence["marked"]["en"].startswith("DRAFT")


def test_a_waiver_lets_the_draft_pass_and_it_stays_a_draft(tmp_path):
    gate = _gate(tmp_path, (WAIVER, {**WAIVER, "gate": "G12"}), tripod_ai={"1": "[]"})
    assert (gate.status, gate.blocks, gate.waivers) == ("open", False, (WAIVER,))
    assert gate.evidence["marked"]["en"].startswith("DRAFT")


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("report.html#sv-answer", True),
        ("report.html#sv-none", False),
        ("card.md#gräns-månad-0--x", True),
        ("card.md#gräns", False),
        ("release.json#evidence", True),
        ("release.json#inner", False),
        ("broken.json#evidence", False),
        ("notes/plan.md#aim", True),
        ("notes/plan.md#means", False),
        ("notes", True),
        ("notes#aim", False),
        ("notes/none.md", False),
        ("../documents.toml", False),
        ("/etc/hosts", False),
        ("#sv-answer", False),
        ("https://example.org/plan#means", True),
        ("http://[2001:db8::1]/plan", True),
        ("https://", False),
        ("https:///plan", False),
        ("https://#means", False),
        ("https://ada@:443/plan", False),
        ("https://.", False),
        ("https://[plan", False),
        (".", False),
        ("./", False),
        ("notes" + "/x" * 3000, False),
        ("x" * 300, False),
        ("notes/wrong.html", True),
        ("notes/wrong.html#x", False),
    ],
)
def test_an_answer_is_looked_for_where_it_points(tmp_path, pointer, found):
    root = tmp_path / "project"
    (root / "notes").mkdir(parents=True)
    (root / "notes/plan.md").write_text("## Aim\n", encoding="utf-8")
    (root / "notes/wrong.html").write_text("<![foo bar >", encoding="utf-8")
    register = _register(tmp_path, annex_iv={"4": f'["report.html", "{pointer}"]'})
    gate = documentation_gate(register, (), root=root, published=PUBLISHED)
    assert gate.evidence["annex_iv"]["not_found"] == ({} if found else {"4": [pointer]})
    assert gate.status == ("passed" if found else "open")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tripod_ai": {"28": "[]"}}, "documents.toml: tripod_ai: unknown key 28. Known here: 1, 2, 3a"),
        ({"tripod_ai": {"3": "[]"}}, "unknown key 3"),
        ({"article_13": {"g": "[]"}}, "unknown key g. Known here: a, b, c, d, e, f"),
        ({"annex_iv": {"1": '"report.html"'}}, "annex_iv: 1: a table is needed"),
        ({"annex_iv": {"1": "[3]"}}, "annex_iv: 1: where 1: a text is needed"),
        ({"annex_iv": {"1": '[" "]'}}, "annex_iv: 1: says nothing, or two things at once"),
        ({"annex_iv": {"1": "{}"}}, "says nothing"),
        ({"annex_iv": {"1": '{ not_applicable = " " }'}}, "says nothing"),
        ({"annex_iv": {"1": '{ where = ["report.html"], not_applicable = "no" }'}}, "two things at once"),
        ({"annex_iv": {"1": '{ because = "no" }'}}, "unknown key because"),
        ({"annex_iv": {"1": "[]\n1 = []"}}, "Cannot overwrite a value"),
        ({"annex_iv": {"1": "["}}, "not valid TOML"),
    ],
)
def test_a_register_that_can_not_be_read_says_where_and_what_is_allowed(tmp_path, changed, said):
    with pytest.raises(SettingsError) as caught:
        _gate(tmp_path, **changed)
    assert str(caught.value).startswith("documents.toml") and said in str(caught.value)


def test_an_unknown_list_and_a_missing_file_are_named(tmp_path):
    (tmp_path / "documents.toml").write_text("[tripod]\n1 = []\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="unknown key tripod. Known here: tripod_ai, annex_iv, article_13"):
        documentation_gate(tmp_path / "documents.toml", (), root=tmp_path, published={})
    with pytest.raises(SettingsError, match=r"none\.toml: not found\. Correct release\.documents"):
        documentation_gate(tmp_path / "none.toml", (), root=tmp_path, published={})


def test_without_a_register_nothing_is_answered(tmp_path):
    gate = documentation_gate(None, (), root=tmp_path, published={})
    assert (gate.status, gate.blocks, gate.evidence["register_sha256"]) == ("open", True, None)
    assert [len(gate.evidence[name]["missing"]) for name in QUESTIONS] == [52, 9, 6]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The gate over the example municipality's register, a whole report and what is rendered from a release."""
    candidate = release_example.candidate()
    page = tmp_path_factory.mktemp("report") / "report.html"
    page.write_text(build_report(reported.run()), encoding="utf-8")
    files = {
        "release.json": canonical_json(candidate),
        **rendered_files(opened(candidate)),
        page.name: page.read_bytes(),
    }
    root = release_example.ROOT
    register = root / read_settings(root / "params.toml").release.documents
    return documentation_gate(register, (), root=root, published=files)


def test_every_answer_of_the_example_leads_somewhere(example):
    assert {name: example.evidence[name]["not_found"] for name in QUESTIONS} == dict.fromkeys(QUESTIONS, {})


def test_the_example_leaves_to_a_municipality_what_only_it_can_answer(example):
    missing = {name: example.evidence[name]["missing"] for name in QUESTIONS}
    assert {"17", "18a", "18b", "19"} <= set(missing["tripod_ai"])
    assert {"5", "8"} <= set(missing["annex_iv"])
    assert missing["article_13"] == [] and "a" in example.evidence["article_13"]["in_part"]
    assert (example.status, example.blocks) == ("open", True)


def test_a_page_that_answers_many_questions_is_read_once(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(documents, "_ids", lambda page: read.append(page) or {"a", "b"})
    page = {"once.html": b"<p id=a><p id=b>"}
    assert all(documents.is_there(f"once.html#{place}", root=tmp_path, published=page) for place in "abab")
    assert len(read) == 1
