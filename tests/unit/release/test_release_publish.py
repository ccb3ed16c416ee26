import json
import platform
from dataclasses import replace
from datetime import date, timedelta

import pytest
import release_example
from opened import opened

from riskmodel.ground.choices import Waiver
from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json, read_json, sha256_of_bytes, write_bytes
from riskmodel.ground.settings import LATEST
from riskmodel.ground.text import Text
from riskmodel.publish import publish as publish_module
from riskmodel.publish.approve import draft
from riskmodel.publish.books import read_books
from riskmodel.publish.confirm import open_year
from riskmodel.publish.origin import processor, settings_sha256
from riskmodel.publish.protocol import freeze_protocol
from riskmodel.publish.publish import publish
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.ledger import read_ledger
from riskmodel.release.published import as_approved, with_parts_of
from riskmodel.release.standing import Fault
from riskmodel.release.verify import release_in_force, release_to_compare, verify_release

pytestmark = pytest.mark.slow

TODAY, SETTINGS = release_example.TODAY, release_example.settings()


def put_out(workspace, settings=SETTINGS, today=TODAY, **how):
    return publish(workspace, settings, name="Ada Alm", today=today, **how).release_id


def sign(workspace, *names):
    for name in names:
        release_example.give_approval(workspace, name)


def remade(workspace, settings=SETTINGS, **changes):
    """Another candidate of the same year, with `changes` at its top level."""
    candidate = {**release_example.candidate(), **changes}
    candidate["provenance"] = {**candidate["provenance"], "settings_sha256": settings_sha256(settings)}
    write_bytes(workspace.candidate / "release.json", canonical_json(candidate))


def folders(workspace):
    return sorted(path.name for path in workspace.releases.iterdir() if path.is_dir())


def test_published_under_the_years_next_number_with_a_ledger_line(approved):
    assert put_out(approved) == "2026.1"
    line = read_ledger(approved.releases)[-1]
    assert [line[key] for key in ("event", "release", "by")] == ["published", "2026.1", "Ada Alm"]
    assert line["date"] == "2026-03-02"
    release = verify_release(approved.releases, "2026.1", today=TODAY)
    assert release.published.supersedes is None
    assert [approval.name for approval in release.published.approvals] == ["Ada Alm", "Bo Berg"]
    assert (approved.releases / "2026.1" / "report.html").read_bytes() == release_example.PAGE


def test_publishing_again_changes_nothing(approved):
    put_out(approved)
    before = {path: path.read_bytes() for path in approved.releases.rglob("*") if path.is_file()}
    assert put_out(approved, today=TODAY + timedelta(days=3)) == "2026.1"
    assert {path: path.read_bytes() for path in approved.releases.rglob("*") if path.is_file()} == before


def test_without_protocol_confirmation_or_report_nothing_can_be_approved(tmp_path):
    workspace = release_example.proposed(tmp_path)
    with pytest.raises(GateError, match="G1: no protocol"):
        sign(workspace, "Ada")
    protocol_id = freeze_protocol(workspace, SETTINGS, release_example.INSTRUMENT, name="Ada", today=TODAY)
    with pytest.raises(GateError, match=f"G1: not confirmed under protocol {protocol_id}"):
        sign(workspace, "Ada")
    workspace = release_example.confirmed(tmp_path / "other")
    (workspace.report / "report.html").unlink()
    with pytest.raises(GateError, match="no report"):
        sign(workspace, "Ada")


@pytest.mark.parametrize("names", [(), ("Ada Alm",), ("Ada Alm", "ada  ALM "), ("Ådel", "A\u030adel")])
def test_two_different_people_are_needed(tmp_path, names):
    workspace = release_example.confirmed(tmp_path)
    sign(workspace, *names)
    with pytest.raises(GateError, match="1 gate.s. forbid it.\n  G11"):
        put_out(workspace)
    assert folders(workspace) == []


@pytest.mark.parametrize("lack", ["name", "role", "decision"])
def test_an_approval_says_who_in_which_role_and_where_it_was_decided(approved, lack):
    stated = {"name": "Cy", "role": "lawyer", "decision": "SN 1"} | {lack: " "}
    with pytest.raises(GateError, match="A name is needed|needs a role"):
        draft(read_books(approved).subject, **stated, today=TODAY)


def test_an_approval_is_of_this_candidate_and_this_report_only(approved):
    assert len(read_books(approved).standing_approvals) == 2
    write_bytes(approved.report / "report.html", release_example.PAGE.replace(b"Text", b"Another text"))
    with pytest.raises(GateError, match="G11"):
        put_out(approved)
    sign(approved, "Ada Alm", "Bo Berg")
    remade(approved, research_only=True)
    assert read_books(approved).standing_approvals == []


def test_a_forged_approval_does_not_count(tmp_path):
    workspace = release_example.confirmed(tmp_path)
    sign(workspace, "Ada Alm")
    path = next(workspace.approvals.iterdir())
    copy = {**json.loads(path.read_bytes()), "name": "ada alm"}
    write_bytes(workspace.approvals / "copy.json", canonical_json(copy))
    with pytest.raises(GateError, match="G11"):
        put_out(workspace)
    for wrong in ({"name": "  Cy  "}, {"role": ""}, {"decision": ""}, {"note": "deep"}):
        write_bytes(workspace.approvals / "copy.json", canonical_json({**copy, "name": "Cy", **wrong}))
        with pytest.raises(GateError, match="not given by `riskmodel approve`"):
            put_out(workspace)
    write_bytes(workspace.approvals / "copy.json", b"{}")
    with pytest.raises(BundleError, match="approval"):
        put_out(workspace)


def test_every_gate_that_forbids_is_named_with_its_remedy(approved):
    made = release_example.candidate()["gates"]
    remade(approved, gates=[{**gate, "blocks": gate["blocks"] or gate["id"] in ("G5", "G8")} for gate in made])
    sign(approved, "Ada", "Bo")
    with pytest.raises(GateError, match=r"(?s)2 gate.s. forbid it.*G5 Risks.*G8 The group audit.*waivers") as caught:
        put_out(approved)
    assert caught.value.exit_code == 13
    assert folders(approved) == []


def test_changed_settings_forbid_publication(approved):
    other = replace(SETTINGS, policy=replace(SETTINGS.policy, ppv_floor=0.51))
    with pytest.raises(GateError, match="settings have changed"):
        put_out(approved, other)


def test_a_second_look_forbids_publication_without_a_waiver_and_is_printed_with_one(approved):
    protocol_id = read_books(approved).protocol_id
    open_year(approved, protocol_id, SETTINGS, release_example.INSTRUMENT, name="Eve", today=TODAY)
    with pytest.raises(GateError, match="G1 Choices were locked"):
        put_out(approved)
    waiver = {"gate": "G1", "name": "Bo Berg", "reason": "power cut", "until": "2026-12-31", "column": ""}
    remade(approved, waivers=[*release_example.candidate()["waivers"], waiver])
    sign(approved, "Ada", "Bo")
    put_out(approved)
    publication = verify_release(approved.releases, "2026.1", today=TODAY).raw["publication"]
    assert publication["confirmation"]["openings_n"] == 2
    assert publication["valid_until"] == "2026-12-31"  # no release outlives its waiver
    assert "power cut" in (approved.releases / "2026.1" / "card.md").read_text(encoding="utf-8")


def test_a_waiver_that_has_ended_waives_nothing(approved):
    protocol_id = read_books(approved).protocol_id
    open_year(approved, protocol_id, SETTINGS, release_example.INSTRUMENT, name="Eve", today=TODAY)
    ended = {"gate": "G1", "name": "Bo", "reason": "r", "until": "2026-03-01", "column": ""}
    remade(approved, waivers=[*release_example.candidate()["waivers"], ended])
    sign(approved, "Ada", "Bo")
    with pytest.raises(GateError, match="G1"):
        put_out(approved)


def test_waivers_of_the_settings_do_not_change_what_was_confirmed(approved):
    waived = replace(SETTINGS, release=replace(SETTINGS.release, waivers=(Waiver("G1", "Bo", "r", "2027-01-01"),)))
    assert put_out(approved, waived) == "2026.1"


def test_a_release_may_begin_later_but_not_earlier(approved):
    for day in (TODAY - timedelta(days=1), date(2027, 3, 2), date.max):
        with pytest.raises(GateError, match="begins on the day it is published, or at most 12 months later"):
            put_out(approved, valid_from=day)
    assert put_out(approved, valid_from=date(2027, 1, 31)) == "2027.1"
    with pytest.raises(BundleError, match="not valid before 2027-01-31"):
        verify_release(approved.releases, "2027.1", today=TODAY)
    last = verify_release(approved.releases, "2027.1", today=date(2027, 2, 1)).published.valid_until
    assert last == "2028-07-30"


def test_the_next_release_supersedes_and_withdrawing_brings_the_one_before_back(published):
    remade(published, population={"sv": "en annan", "en": "another"})
    sign(published, "Ada", "Bo")
    assert put_out(published) == "2026.2"
    assert verify_release(published.releases, "2026.2", today=TODAY).published.supersedes == "2026.1"
    assert "Against 2026.1" in (published.releases / "2026.2" / "CHANGES.md").read_text()
    assert release_in_force(published.releases, today=TODAY) == "2026.2"
    withdraw(published, "2026.2", reason="wrong population", name="Bo", today=TODAY, fault=Fault.OTHER)
    assert release_in_force(published.releases, today=TODAY) == "2026.1"
    assert verify_release(published.releases, "2026.1", today=TODAY)
    with pytest.raises(GateError, match="published as 2026.2 and withdrawn"):
        put_out(published)
    remade(published, population={"sv": "en tredje", "en": "a third"})
    sign(published, "Ada", "Bo")
    assert put_out(published) == "2026.3"  # a number is never used twice
    assert verify_release(published.releases, "2026.3", today=TODAY).published.supersedes == "2026.1"


def test_withdrawing_needs_a_reason_a_name_and_something_to_withdraw(published):
    for how in ({"reason": " "}, {"name": " "}, {"release_id": "2026.9"}):
        stated = {"release_id": "2026.1", "reason": "r", "name": "Bo"} | how
        with pytest.raises(BundleError if "release_id" in how else GateError):
            withdraw(published, **stated, today=TODAY)
    withdraw(published, "2026.1", reason="r", name="Bo", today=TODAY)
    with pytest.raises(GateError, match="withdrawn already"):
        withdraw(published, "2026.1", reason="r", name="Bo", today=TODAY)


def test_interrupted_before_the_ledger_line_it_is_finished_later_with_the_same_bytes(
    approved, killed_before_the_ledger_line
):
    with killed_before_the_ledger_line():
        put_out(approved)
    with pytest.raises(BundleError, match="no such publication"):
        verify_release(approved.releases, "2026.1", today=TODAY)
    left = (approved.releases / "2026.1" / "SHA256SUMS").read_bytes()
    assert put_out(approved, today=TODAY + timedelta(days=2)) == "2026.1"
    assert (approved.releases / "2026.1" / "SHA256SUMS").read_bytes() == left
    assert verify_release(approved.releases, "2026.1", today=TODAY + timedelta(days=2))


def test_what_another_interrupted_publication_left_is_not_overwritten(approved):
    left = approved.releases / "2026.1"
    left.mkdir()
    (left / "notes.txt").write_text("mine")
    with pytest.raises(GateError, match="holds something else"):
        put_out(approved)
    assert (left / "notes.txt").read_text() == "mine"


def test_stagings_left_by_kills_are_swept(approved):
    (approved.releases / ".publishing-left").mkdir()
    put_out(approved)
    assert folders(approved) == ["2026.1"]


def test_a_report_may_not_pose_as_a_file_of_the_release(approved):
    write_bytes(approved.report / "release.json", b"{}")
    sign(approved, "Ada", "Bo")
    with pytest.raises(GateError, match="a file of the release's own: release.json"):
        put_out(approved)


def test_only_what_the_run_gives_is_published(approved):
    subject = read_books(approved).subject
    made = {"release.json": subject.hashes["candidate"], **subject.report}
    for name in made:
        with pytest.raises(GateError, match=rf"1 file.s. are not what the run gives .{name}."):
            put_out(approved, made={**made, name: "0" * 64})
    with pytest.raises(GateError, match="are not what the run gives .counts.json."):
        put_out(approved, made={**made, "counts.json": "0" * 64})
    assert folders(approved) == []
    assert put_out(approved, made=made) == "2026.1"


def test_another_kind_of_processor_is_no_edit(approved, monkeypatch):
    release = read_json(approved.candidate / "release.json")
    assert release["provenance"]["processor"] == processor()
    subject = read_books(approved).subject
    made = {"release.json": "0" * 64, **subject.report}
    with pytest.raises(GateError, match="are not what the run gives"):
        put_out(approved, made=made)
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(GateError, match="made on another kind of processor .*; this one is riscv64"):
        put_out(approved, made=made)
    assert folders(approved) == []
    assert put_out(approved, made={**made, "release.json": subject.hashes["candidate"]}) == "2026.1"


@pytest.mark.parametrize("name", ["Ada\u200b Alm", "\u0410da Alm", "Ada \x1b[2K", "Ada\u202eAlm"])
def test_a_name_that_only_looks_like_another_is_none(approved, name):
    with pytest.raises(GateError, match="in one alphabet, without characters that can't be seen"):
        draft(read_books(approved).subject, name=name, role="r", decision="d", today=TODAY)


@pytest.mark.parametrize(
    "name", ["山田 たろう", "ヤマダ 太郎", "Åsa Öhman-Lind", "Jose\u0301 Núñez", "ა ბ", "Ada Alm 2:a"]
)
def test_a_name_in_any_one_alphabet_is_a_name(approved, name):
    assert draft(read_books(approved).subject, name=name, role="r", decision="d", today=TODAY).name == name


@pytest.mark.parametrize("name", [".DS_Store", "bild å.png", "a b.csv"])
def test_a_report_with_a_file_that_no_reader_would_take_is_not_published(approved, name):
    write_bytes(approved.report / name, b"x")
    sign(approved, "Ada", "Bo")
    with pytest.raises(GateError, match="1 file.s. whose names a release can't have"):
        put_out(approved)
    assert folders(approved) == []


NO = Text("nej", "no")


@pytest.mark.parametrize("error", [BundleError(NO), RecursionError(), MemoryError(), KeyboardInterrupt()])
def test_what_a_reader_would_refuse_is_taken_back_before_the_ledger_line(approved, monkeypatch, error):
    def refuses(_):
        raise error

    monkeypatch.setattr(publish_module, "check_folder", refuses)
    with pytest.raises(type(error)):
        put_out(approved)
    assert folders(approved) == []
    assert [line["event"] for line in read_ledger(approved.releases)][-1] == "year_confirmed"


def test_a_folder_left_by_an_interrupted_publication_is_read_again_before_its_line(
    approved, monkeypatch, killed_before_the_ledger_line
):
    with killed_before_the_ledger_line():
        put_out(approved)
    read = []
    monkeypatch.setattr(publish_module, "check_folder", read.append)
    assert put_out(approved) == "2026.1"
    assert read == [approved.releases / "2026.1"]


def test_a_number_that_was_withdrawn_once_is_not_published_into_a_ledger_put_back(published):
    names = ("LEDGER", "LEDGER.head")
    remade(published, population={"sv": "en annan", "en": "another"})
    sign(published, "Ada", "Bo")
    before = {name: (published.releases / name).read_bytes() for name in names}
    assert put_out(published) == "2026.2"
    withdraw(published, "2026.2", reason="r", name="Bo", today=TODAY, fault=Fault.OTHER)
    for name, content in before.items():
        (published.releases / name).write_bytes(content)
    with pytest.raises(GateError, match="2026.2.withdrawn: a release of this number was withdrawn"):
        put_out(published)


@pytest.mark.parametrize("how", [{"name": "  "}, {"today": TODAY - timedelta(days=1)}])
def test_a_name_or_a_clock_that_is_wrong_leaves_no_folder(approved, how):
    with pytest.raises(GateError, match="A name is needed|are dated after today"):
        publish(approved, SETTINGS, **{"name": "Ada", "today": TODAY} | how)
    assert folders(approved) == []


@pytest.mark.parametrize(("day", "error", "said"), [
    (TODAY - timedelta(days=1), BundleError, "its dates do not follow"),
    (TODAY + timedelta(days=1), GateError, "1 approval.s. are dated after today"),
])  # fmt: skip
def test_an_approval_dated_before_the_confirmation_or_after_the_publication_is_none(tmp_path, day, error, said):
    workspace = release_example.confirmed(tmp_path)
    release_example.give_approval(workspace, "Ada", today=day)
    release_example.give_approval(workspace, "Bo")
    with pytest.raises(error, match=said):
        put_out(workspace)
    assert folders(workspace) == []


def edited(change):
    """The candidate after `change` by hand, its equation's hash put right again."""
    candidate = json.loads(canonical_json(release_example.candidate()))
    change(candidate)
    return {**candidate, "equation_sha256": opened(candidate).identity.equation}


def item(candidate):
    return candidate["landmarks"][0]["items"][0]


UNDERSTOOD_OTHERWISE = {
    "an alias": lambda c: item(c)["levels"][0]["aliases"].append("ja"),
    "swapped texts": lambda c: item(c)["levels"][0].update(text=item(c)["levels"][1]["text"]),
    "what is no answer": lambda c: c["no_answer"].append("yes"),
    "when there is no advice": lambda c: c["abstention"].update(max_unanswered_share=1),
    "a route that is none": lambda c: c["landmarks"][0]["items"][1]["levels"][3].update(route=False),
}


@pytest.mark.parametrize("change", UNDERSTOOD_OTHERWISE.values(), ids=UNDERSTOOD_OTHERWISE.keys())
def test_a_candidate_that_would_understand_an_answer_otherwise_is_not_the_one_that_was_frozen(approved, change):
    write_bytes(approved.candidate / "release.json", canonical_json(edited(change)))
    with pytest.raises((GateError, BundleError), match="1 changed: equation|does not agree|stands for two"):
        sign(approved, "Ada")


FAILING = [{"column": "sex", "group": "woman", "measure": "missed", "verdict": "fail"}]
BY_TWO = {"column": "sex", "group": "woman", "measure": "missed", "second": "Y", "follow_up": "counted"}


def waive_by_hand(candidate, gate, *, status, passed, failing=(), later=None, **waiver):
    granted = {"gate": gate["id"], "name": "X", "reason": "x", "until": "2999-01-01", "column": "", **waiver}
    candidate["waivers"].append(granted)
    gate.update(status=status, passed=passed, blocks=False, waivers=[granted])
    gate["evidence"].update(failing=list(failing), not_shown=[], **({"later": later} if later else {}))


OTHER_RELEASES = {
    "no gates": (lambda c: c.update(gates=[]), "its gates do not let it through"),
    "a gate twice": (lambda c: c["gates"].append(c["gates"][1]), "its gates do not let it through"),
    "a failed gate that does not block": (
        lambda c: c["gates"][4].update(status="failed", passed=False, blocks=False),
        "its gates do not let it through",
    ),
    "a waiver that was not granted": (
        lambda c: c["gates"][7].update(
            status="failed",
            passed=False,
            waivers=[{"gate": "G8", "name": "X", "reason": "x", "until": "2999-01-01", "column": "sex"}],
        ),
        "its gates do not let it through",
    ),
    "a waiver of a demand that is not met": (
        lambda c: waive_by_hand(c, c["gates"][4], status="failed", passed=False),
        "its gates do not let it through",
    ),
    "a failed gap that one person waived": (
        lambda c: waive_by_hand(c, c["gates"][7], status="failed", passed=False, failing=FAILING),
        "its gates do not let it through",
    ),
    "a gap that failed at a later month, waived for another": (
        lambda c: waive_by_hand(
            c,
            c["gates"][7],
            status="failed",
            passed=False,
            later={"3": {"failing": FAILING}},
            **(BY_TWO | {"group": "man"}),
        ),
        "its gates do not let it through",
    ),
    "a gap large beyond doubt": (
        lambda c: waive_by_hand(
            c,
            c["gates"][7],
            status="failed",
            passed=False,
            failing=[{**FAILING[0], "verdict": "beyond_doubt"}],
            **BY_TWO,
        ),
        "its gates do not let it through",
    ),
    "a passed gate that lacks something": (
        lambda c: c["gates"][4]["evidence"].update(lacking=["one"]),
        "its gates do not let it through",
    ),
    "another municipality": (
        lambda c: c.update(municipalities=[{"code": "0180", "name": "Stockholm"}]),
        "what was frozen is not what stands in it",
    ),
    "another policy": (lambda c: c["policy"].update(ppv_floor=0), "what was frozen is not what stands in it"),
}


@pytest.mark.parametrize(("change", "said"), OTHER_RELEASES.values(), ids=OTHER_RELEASES.keys())
def test_what_was_written_into_the_candidate_by_hand_is_not_published(approved, change, said):
    write_bytes(approved.candidate / "release.json", canonical_json(edited(change)))
    sign(approved, "Ada", "Bo")
    with pytest.raises(BundleError, match=said):
        put_out(approved)
    assert folders(approved) == []


def test_the_latest_is_what_was_published_last_whatever_its_days_and_not_withdrawn(approved):
    release_id = put_out(approved, valid_from=TODAY + timedelta(days=40))
    found = release_to_compare(approved.releases, LATEST, municipality="9901")
    assert found["release"] == release_id and set(found) == {"release", "sums_sha256"}
    withdraw(approved, release_id, reason="Wrong", name="Ada", today=TODAY)
    assert release_to_compare(approved.releases, LATEST, municipality="9901") is None


PRINTED = "<!-- printed again: sv-lead -->{}<!-- /printed again -->"


def decided_page(told, title="Beslut"):
    marked = PRINTED.format(told).encode()
    return release_example.PAGE.replace(b"<p>Text.</p>", marked).replace(
        b"Rapport</title>", f"{title}</title>".encode()
    )


def print_again(title="Rapport"):
    """A printer that makes another of the page outside of its marks when `title` is another."""

    def printed(release, approved):
        decision = decided_page(release.publication.id)
        report = with_parts_of(decided_page("", title), decision)
        return {"report.html": report, "beslut.html": decision, "beslut_godkant.html": approved["beslut.html"]}

    return printed


@pytest.fixture
def approved_pages(tmp_path):
    workspace = release_example.confirmed(tmp_path)
    for name, title in (("report.html", "Rapport"), ("beslut.html", "Beslut")):
        write_bytes(workspace.report / name, decided_page("förslag", title))
    sign(workspace, "Ada Alm", "Bo Berg")
    return workspace


def test_the_first_pages_are_printed_again_and_what_was_approved_can_be_made_of_them(approved_pages):
    put_out(approved_pages, printed=print_again())
    folder = approved_pages.releases / "2026.1"
    release = verify_release(approved_pages.releases, "2026.1", today=TODAY)
    assert b"2026.1" in (folder / "report.html").read_bytes() and b"2026.1" in (folder / "beslut.html").read_bytes()
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert as_approved(files, "report.html") == decided_page("förslag", "Rapport")
    assert as_approved(files, "beslut.html") == decided_page("förslag")
    sums = {name: sha256_of_bytes(as_approved(files, name)) for name in ("report.html", "beslut.html")}
    assert release.published.report == sums


def test_a_page_that_is_another_outside_of_what_is_printed_again_is_not_published(approved_pages):
    with pytest.raises(BundleError, match="what was approved is not what stands in it"):
        put_out(approved_pages, printed=print_again("Annat"))
    assert folders(approved_pages) == [] and read_ledger(approved_pages.releases)[-1]["event"] == "year_confirmed"
