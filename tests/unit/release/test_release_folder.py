"""A release's folder answers an auditor alone: who, on what, by which law, since when, until when, whom to ask."""

import csv
import hashlib
import io
import json
import re
import subprocess
from dataclasses import replace

import pytest
import release_example
from release_example import TODAY
from typer.testing import CliRunner

from riskmodel.cli import app
from riskmodel.exports.kit import KIT_FILE, read_kit
from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.publish.books import read_books
from riskmodel.publish.card import ANSWERED
from riskmodel.publish.origin import commit_of
from riskmodel.publish.publish import check_beginning, papers_beside, publish
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.bundle import check_folder, sums_of
from riskmodel.release.ledger import read_ledger

SETTINGS = release_example.settings()
# question: what must stand in its answer, in Swedish and in English
ANSWERS = {
    "who": (
        r"Godkänd med 2 undantag.*\| Ada Alm \| analyst \| SN 2026/14 \| 2026-03-02 \|.*\| Bo Berg \| manager",
        r"Approved with waivers, 2 in all.*\| Ada Alm \|",
    ),
    "evidence": (
        r"Ärenden: 2\d{3}\. .*Bekräftelse på år 2023.*\| Utfall delat med förväntat",
        r"Confirmation on the year 2023",
    ),
    "data": (
        r"Nya ärenden som poängen bygger på \| januari 2021 \| december 2023 \|",
        r"\| January 2021 \| December 2023 \|",
    ),
    "law": (
        r"\| frågorna vid första mötet \| Påhittad grund\. \| handläggning, att göra poängen, uppföljning \|",
        r"\| A made ground\. \| casework, making the score, follow-up \|",
    ),
    "changed": (
        "# Ändringar i 2026.1\n\nDet här är den första utgåvan",
        "# Changes in 2026.1\n\nThis is the first release",
    ),
    "by_hand": (r"Lägg ihop dem.*`thresholds.csv`.*Summa: \d+ poäng", r"Add them up.*Sum: \d+ points"),
    "groups": (r"Jämförelser av en grupp med alla andra: \d+.*\| sex: woman \|", r"\| sex: woman \|"),
    "complaint": ("Klagomål: Exempelstads klagomålstjänst, klagomal@", "Complaints: Exempelstads klagomålstjänst"),
    "expiry": (r"får användas \| 2026-03-02 \| 2027-09-01 \|", r"may be used \| 2026-03-02 \| 2027-09-01 \|"),
    "withdrawn": ("Fråga om det har hänt: https://exempelstad.example/", "Ask whether that has happened: https://"),
    "use": ("efter handläggarens egen bedömning", "after the caseworker's own assessment"),
    "reproduce": (
        r"med riskmodel \d.*git checkout [0-9a-f]{40}\nuv sync --frozen\nuv run dvc repro\nsha256sum ",
        r"by riskmodel \d.*git checkout [0-9a-f]{40}\n",
    ),
}


def put_out(workspace, settings=SETTINGS):
    publish(workspace, settings, name="Ada Alm", today=TODAY)
    return workspace.releases / "2026.1"


def read(folder, name):
    return (folder / name).read_text(encoding="utf-8")


def rows_under(page, heading):
    """The cells of the table under a heading, but for the table's own."""
    lines = [line for line in section(page, heading).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def section(page, heading):
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize(("place", "index"), [(0, "Var svaren står"), (1, "Where the answers stand")], ids=["sv", "en"])
def test_twelve_questions_are_answered_where_the_first_screen_says(published, place, index):
    folder = published.releases / "2026.1"
    card = read(folder, "card.md").split("\n---\n")[place]
    asked = rows_under(card, index)
    assert len(asked) == len(ANSWERED) == 12
    for question, (_, where) in zip(ANSWERED, asked, strict=True):
        file = where.strip("`")
        found = read(folder, file).split("\n---\n")[place] if (folder / file).exists() else section(card, where)
        assert re.search(ANSWERS[question][place], found, flags=re.DOTALL), question


def test_limits_stand_beside_what_was_confirmed_and_open_questions_are_counted(published):
    swedish, english = read(published.releases / "2026.1", "card.md").split("\n---\n")
    asked = "minst 0,8 och högst 1,25 | 0,984 | uppfyllt"
    assert f"| månad 0 | Utfall delat med förväntat (1 är bäst) | {asked} |" in swedish
    lower_end = "Discrimination (AUC; 0.5 is chance, 1 is best), low end of its interval"
    assert f"| month 0 | {lower_end} | at least 0.6 | 0.754 | met |" in english
    assert re.search(r"Säger poängen 30 av 100 .* där det blir 37, upptäcks det i 48 av 100", swedish)
    assert re.search(r"\| G10 \|.* Questions without a complete answer: 67 of 67\. \|", english)


def test_the_first_screen_is_one(published):
    first = read(published.releases / "2026.1", "card.md").split("\n## Modellen i korthet\n")[0]
    assert first.count("\n") <= 55
    assert [line for line in first.splitlines() if line.startswith("## ")] == [
        "## Beslut", "## Rättslig grund", "## Kontakt och klagomål", "## Från när till när", "## Var svaren står"
    ]  # fmt: skip


def test_the_made_answers_add_up_as_the_card_and_thresholds_csv_say(published):
    folder = published.releases / "2026.1"
    by_hand = section(read(folder, "card.md"), "Räkna för hand")
    points, risk = re.search(r"Summa: (\d+) poäng\. Risk: (0,\d+)\.", by_hand).groups()
    assert sum(int(row[-1]) for row in rows_under(read(folder, "card.md"), "Räkna för hand")) == int(points)
    listed = {row["points"]: row["risk"] for row in csv.DictReader(io.StringIO(read(folder, "thresholds.csv")))}
    assert f"{float(listed[points]):.3f}" == risk.replace(",", ".")


def test_every_paper_is_the_file_whose_hash_others_took(published):
    folder = published.releases / "2026.1"
    release, lines = json.loads(read(folder, "release.json")), read(folder, "ledger.jsonl").splitlines()
    frozen, confirmed = (
        next(one for one in map(json.loads, lines) if one["event"] == event)
        for event in ("protocol_frozen", "year_confirmed")
    )
    stated = {
        "protocol.json": frozen["protocol_sha256"],
        "confirmation.json": confirmed["confirmation_sha256"],
        "settings.json": release["provenance"]["settings_sha256"],
        "instrument.toml": release["provenance"]["instrument_sha256"],
    }
    assert {name: sha256_of_bytes((folder / name).read_bytes()) for name in stated} == stated
    assert [json.loads(line) for line in lines] == read_ledger(published.releases)[:-1]  # without its own
    last = hashlib.sha256(lines[-1].encode()).hexdigest()
    candidate = sha256_of_bytes((published.candidate / "release.json").read_bytes())
    page = read(folder, "REPRODUCE.md")
    assert all(f"`{sha256}`" in page for sha256 in [*stated.values(), last])
    assert f"Den sista raden ska visa `{candidate}`." in page
    proposal = {key: value for key, value in release.items() if key != "publication"}  # as the page says to
    written = json.dumps(proposal, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    assert sha256_of_bytes(written.encode()) == candidate
    ledger_line = read_ledger(published.releases)[-1]
    assert sha256_of_bytes((folder / "SHA256SUMS").read_bytes()) in ledger_line.values()


@pytest.mark.parametrize(
    "name",
    ["instrument.toml", "settings.json", "protocol.json", "confirmation.json", "ledger.jsonl", "REPRODUCE.md"],
)
def test_a_folder_with_a_paper_of_another_or_none_is_refused_whatever_its_sums_say(published, name):
    folder = published.releases / "2026.1"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("SHA256SUMS")}
    check_folder(folder)
    changed = {**files, name: files[name].replace(b"2026", b"2025", 1) if b"2026" in files[name] else b"{}\n"}
    without = {other: content for other, content in files.items() if other != name}
    for given in [without, *([] if name == "REPRODUCE.md" else [changed])]:
        (folder / name).unlink(missing_ok=True)
        for other, content in {**given, "SHA256SUMS": sums_of(given)}.items():
            (folder / other).write_bytes(content)
        with pytest.raises(BundleError, match=f"its papers are not those it rests on .{name}"):
            check_folder(folder)


def test_another_telephone_number_needs_no_new_exam_and_no_new_approval(approved):
    before = (approved.releases / "LEDGER").read_bytes()
    other = replace(SETTINGS, release=replace(SETTINGS.release, contact="Växeln, 031-000 00 00"))
    card = read(put_out(approved, other), "card.md")
    assert "- Frågor om utgåvan: Växeln, 031-000 00 00\n" in card
    assert (approved.releases / "LEDGER").read_bytes().startswith(before)


@pytest.mark.parametrize("key", ["contact", "complaint", "withdrawal"])
@pytest.mark.parametrize("said", ["", "  ", "a\u200bb"])
def test_a_release_that_nobody_could_ask_about_is_not_published(approved, key, said):
    nobody = replace(SETTINGS, release=replace(SETTINGS.release, **{key: said}))
    for act in (put_out, lambda workspace, settings: check_beginning(workspace, settings, today=TODAY)):
        with pytest.raises(GateError, match=f"1 of contact, complaint, withdrawal say nothing .* .{key}.. Nothing"):
            act(approved, nobody)
    assert not (approved.releases / "2026.1").exists()


def test_an_instrument_that_was_changed_since_is_not_published_as_what_was_asked(approved):
    (approved.root / SETTINGS.delivery.instrument).write_bytes(b"another")
    with pytest.raises(GateError, match="The instrument has changed since the candidate was made"):
        put_out(approved)


def test_a_personal_number_in_a_comment_of_the_instrument_is_not_published(approved):
    books, content = read_books(approved), b"format = 1  # asked of 19811218-9876\n"
    (approved.root / SETTINGS.delivery.instrument).write_bytes(content)
    books.candidate.provenance.raw["instrument_sha256"] = sha256_of_bytes(content)
    with pytest.raises(GateError, match="The instrument holds what looks like a personal number"):
        papers_beside(books, SETTINGS)


# --- the commit ---


def git(folder, *command):
    who = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@k.se")
    return subprocess.run((*who, *command), cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path):
    """A project below a repository's own folder, with one committed file."""
    project = tmp_path / "repository" / "project"
    project.mkdir(parents=True)
    (project / "params.toml").write_text("a = 1\n")
    (project / ".gitignore").write_text("ignored\n")
    git(project.parent, "init", "--quiet")
    git(project.parent, "add", "--all")
    git(project.parent, "commit", "--quiet", "--message=made")
    return project


def test_the_commit_is_that_of_a_checkout_in_which_nothing_is_changed(checkout):
    left = checkout / "models/releases/2026.1"
    left.mkdir(parents=True)
    for file in (left / "card.md", checkout / "ignored", checkout.parent / "beside the project"):
        file.write_text("x")
    assert commit_of(checkout, but=left) == git(checkout, "rev-parse", "HEAD")


@pytest.mark.parametrize("file", ["params.toml", "new å.py", "models/releases/2026.2/card.md"])
def test_a_file_that_git_has_otherwise_or_not_at_all_stops_publication(checkout, file):
    (checkout / file).parent.mkdir(parents=True, exist_ok=True)
    (checkout / file).write_text("b = 1\n")
    with pytest.raises(GateError, match=r"^1 file.s. are not as they were committed .*Commit them, or let .gitignore"):
        commit_of(checkout, but=checkout / "models/releases/2026.1")


def test_without_a_commit_nothing_is_published(approved, tmp_path, monkeypatch):
    git(tmp_path, "init", "--quiet", "empty")
    (approved.root / ".git/HEAD").unlink()
    for folder, why in ((tmp_path / "empty", "nothing was committed yet"), (approved.root, "not a git repository")):
        with pytest.raises(GateError, match=f"There is no commit in git .*{why}"):
            commit_of(folder, but=folder / "2026.1")
    with pytest.raises(GateError, match="There is no commit in git"):
        check_beginning(approved, SETTINGS, today=TODAY)
    with pytest.raises(GateError, match="There is no commit in git"):
        put_out(approved)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GateError, match="There is no commit in git .*git: No such file"):
        commit_of(approved.root, but=approved.releases / "2026.1")


def test_what_was_interrupted_keeps_its_commit_whatever_was_committed_since(approved, killed_before_the_ledger_line):
    with killed_before_the_ledger_line():
        put_out(approved)
    left = read(approved.releases / "2026.1", "SHA256SUMS")
    git(approved.root, "commit", "--quiet", "--allow-empty", "--message=more")
    folder = put_out(approved)
    assert read(folder, "SHA256SUMS") == left
    assert git(approved.root, "rev-parse", "HEAD~1") in read(folder, "REPRODUCE.md")


def test_nobody_of_the_cohort_is_in_the_folder(published):
    ids = set(release_example.year().cohort.cases["case_id"])
    for path in (published.releases / "2026.1").iterdir():
        assert not ids & set(re.findall(r"\w+", path.read_text(encoding="utf-8"))), path.name


def test_results_are_held_against_the_kit_of_a_published_release_whatever_became_of_it(published, monkeypatch):
    withdraw(published, "2026.1", reason="test", name="Bo", today=TODAY)  # the arithmetic can still be tried
    monkeypatch.chdir(published.root)
    cases = read_kit((published.releases / "2026.1" / KIT_FILE).read_bytes())
    fields = ("case", "points", "risk", "unusual", "answer", "refusal")
    results = "".join(f"{json.dumps({name: line[name] for name in fields})}\n" for line in cases)
    (published.root / "results.jsonl").write_text(results, encoding="utf-8")
    done = CliRunner().invoke(app, ["conform", "2026.1", "results.jsonl", "--language", "en"])
    assert (done.exit_code, done.stdout) == (0, f"All {len(cases)} cases agree.\n"), done
