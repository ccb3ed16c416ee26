"""Approval without a terminal: a page with one number out, the signed page in; not where signatures are required."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
import release_example
from typer.testing import CliRunner

from riskmodel.cli import app, approving
from riskmodel.ground.errors import BundleError, GateError, SettingsError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, write_bytes
from riskmodel.publish.approve import check_number, letter
from riskmodel.publish.books import read_books
from riskmodel.publish.publish import publish
from riskmodel.release.verify import verify_release

SIGNED = b"%PDF-1.7 the page, signed by Bo"
EN = ("--language", "en")
WHO = ("--name", "Bo Berg", "--role", "enhetschef", "--decision", "Dnr 2026/14")


class Day(date):
    @classmethod
    def today(cls):
        return cls.fromordinal(release_example.TODAY.toordinal())


@pytest.fixture(scope="module")
def _confirmed(tmp_path_factory):
    workspace = release_example.confirmed(tmp_path_factory.mktemp("letter"))
    params = (release_example.ROOT / "params.toml").read_text(encoding="utf-8")
    workspace.params.write_text(params.replace('"data/documents.toml"', '""'), encoding="utf-8")
    write_bytes(workspace.root / "beslut.pdf", SIGNED)
    return workspace


@pytest.fixture
def workspace(_confirmed, tmp_path, monkeypatch):
    """A project folder in which a candidate waits for its approvals, and this process stands."""
    shutil.copytree(_confirmed.root, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setattr(approving, "date", Day)
    return replace(_confirmed, root=tmp_path / "project")


def approve(*options):
    return CliRunner().invoke(app, ["approve", *options])


def number(workspace):
    return check_number(read_books(workspace).subject)


def test_the_letter_says_in_swedish_what_is_approved_and_its_number_twice_the_same(workspace):
    said = approve("--letter", "beslut.html")
    page = (workspace.root / "beslut.html").read_text(encoding="utf-8")
    digest = read_books(workspace).subject.digest
    assert number(workspace).replace("-", "").lower() == digest[:20]
    assert said.exit_code == 0 and f"Kontrollnummer: {number(workspace)}\n" in said.output
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    for told in (
        *("Beslut om rådgivande poäng i Påhittad", f"Kontrollnummer: {number(workspace)}", "från 49 poäng"),
        *(
            "Av 100 nya ärenden flaggas ungefär 33. Av 100 som flaggas får ungefär 61 bistånd länge.",
            "högst 18 månader",
        ),
        *("år 2023 (titt nummer 1): villkoren är uppfyllda", "(G12), till och med 2029-12-31, beviljat av Bo Berg"),
        *("Att avslå ansökan om bistånd.", "Namn", "Roll", "Diarienummer", "Datum och underskrift"),
    ):
        assert told in text, told
    assert page.encode() == letter(read_books(workspace).subject, "sv")
    assert approve("--letter", "beslut.html").exit_code == 0  # over itself, over nothing else
    assert isinstance(approve("--letter", "params.toml").exception, SettingsError)
    assert not workspace.approvals.exists()


def test_the_registered_letter_is_an_approval_and_stands_in_what_is_published(workspace):
    approve("--name", "Ada Alm", "--role", "analytiker", "--decision", "Dnr 2026/14", "--yes")
    typed = number(workspace).lower().replace("-", " ")
    said = approve("--letter-signed", "beslut.pdf", "--check-number", typed, *WHO)
    assert said.output.endswith("Bo Berg godkänner den med ett undertecknat blad. Personer: 2 av 2\n")
    publish(workspace, release_example.settings(), name="Ada Alm", today=release_example.TODAY)
    release = verify_release(workspace.releases, "2026.1", today=release_example.TODAY)
    (by_letter,) = (one.letter for one in release.published.approvals if one.letter)
    assert (by_letter.file, by_letter.sha256) == ("beslut.pdf", sha256_of_bytes(SIGNED))
    card = (workspace.releases / "2026.1/card.md").read_text(encoding="utf-8")
    row = "| Bo Berg | enhetschef | Dnr 2026/14 | 2026-03-02 | På papper eller med e-underskrift: beslut.pdf, SHA-256 `"
    assert f"{row}{sha256_of_bytes(SIGNED)}`. |" in card


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000-0000", "short"])
def test_a_letter_of_another_candidate_is_refused(workspace, typed):
    refused = approve("--letter-signed", "beslut.pdf", "--check-number", typed, *WHO, *EN)
    assert isinstance(refused.exception, GateError) and f"has {number(workspace)}," in str(refused.exception)
    assert not workspace.approvals.exists()


def test_a_letter_of_the_candidate_as_it_was_is_refused(workspace):
    before = number(workspace)
    write_bytes(workspace.report / "report.html", release_example.PAGE.replace(b"Text", b"Another text"))
    refused = approve("--letter-signed", "beslut.pdf", "--check-number", before, *WHO)
    assert number(workspace) != before and isinstance(refused.exception, GateError)


def test_where_signatures_are_required_a_letter_is_written_but_is_no_approval(workspace):
    params = workspace.params.read_text(encoding="utf-8").replace('allowed_signers = ""', 'allowed_signers = "who"')
    workspace.params.write_text(params.replace("require_signatures = false", "require_signatures = true"))
    (workspace.root / "who").write_text("")
    written = approve("--letter", "beslut.html", "--language", "en")
    assert written.exit_code == 0 and "The letter is no approval here" in written.output
    assert "What the score may never be used for" in (workspace.root / "beslut.html").read_text(encoding="utf-8")
    refused = approve("--letter-signed", "beslut.pdf", "--check-number", number(workspace), *WHO, *EN)
    assert isinstance(refused.exception, GateError) and "so a letter is no approval here" in str(refused.exception)
    assert not workspace.approvals.exists()


@pytest.mark.parametrize("lack", [0, 2, 4])
def test_a_signed_letter_says_whose_it_is(workspace, lack):
    without = (*WHO[:lack], *WHO[lack + 2 :])
    refused = approve("--letter-signed", "beslut.pdf", "--check-number", number(workspace), *without, *EN)
    assert isinstance(refused.exception, GateError) and re.search("name is needed|needs a role", str(refused.exception))
    assert not workspace.approvals.exists()


def test_what_nobody_signed_what_is_not_there_and_a_second_way_to_approve_are_refused(workspace):
    approve("--letter", "beslut.html")
    (workspace.root / "empty.pdf").write_bytes(b"")
    (workspace.root / "beslut 19811218-9876.pdf").write_bytes(SIGNED)
    by = ("--check-number", number(workspace), *WHO)
    nobodys, somebodys = "nobody has signed it", "holds a personal number"
    for file, told in (("beslut.html", nobodys), ("empty.pdf", nobodys), ("beslut 19811218-9876.pdf", somebodys)):
        refused = approve("--letter-signed", file, *by, *EN).exception
        assert isinstance(refused, GateError) and told in str(refused) and "9876" not in str(refused)
    assert isinstance(approve("--letter-signed", "none.pdf", *by).exception, BundleError)
    twice = approve("--letter-signed", "beslut.pdf", *by, "--signer", "bo@kommun.se")
    assert isinstance(twice.exception, SettingsError)
    assert not workspace.approvals.exists()


def test_a_record_of_a_letter_that_says_more_or_less_is_none(workspace):
    approve("--letter-signed", "beslut.pdf", "--check-number", number(workspace), *WHO)
    (path,) = workspace.approvals.iterdir()
    given = json.loads(path.read_bytes())
    assert given["letter"] == {"file": "beslut.pdf", "sha256": sha256_of_bytes(SIGNED)}
    for wrong in ({"file": "beslut.pdf"}, {**given["letter"], "sha256": "0"}, "beslut.pdf", None):
        path.write_bytes(canonical_json({**given, "letter": wrong}))
        with pytest.raises(BundleError, match="letter"):
            read_books(workspace).approvals  # noqa: B018
