import json
from datetime import timedelta

import pytest
import release_example
from opened import opened

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, canonical_line, sha256_of_bytes
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.bundle import load_release_file, parse_json, sums_of
from riskmodel.release.consistency import check_examples
from riskmodel.release.ledger import HEAD, LEDGER, START, append_event, read_ledger
from riskmodel.release.standing import mark_of
from riskmodel.release.verify import release_in_force, verify_release

TODAY = release_example.TODAY


def verify(workspace, release_id="2026.1", today=TODAY, municipality="9901"):
    return verify_release(workspace.releases, release_id, today=today, municipality=municipality)


def refused(workspace, match, **how):
    with pytest.raises(BundleError, match=match) as caught:
        verify(workspace, **how)
    assert "\n" not in str(caught.value)


def test_a_published_release_verifies_and_is_the_one_in_force(published):
    assert verify(published).published.id == "2026.1"
    assert verify(published, municipality=None)
    assert release_in_force(published.releases, today=TODAY, municipality="9901") == "2026.1"


def test_it_is_valid_from_its_first_day_through_its_last(published):
    publication = verify(published).published
    assert (publication.valid_from, publication.valid_until) == ("2026-03-02", "2027-09-01")
    last = TODAY.replace(year=2027, month=9, day=1)
    assert verify(published, today=last)
    refused(published, "expired on 2027-09-01", today=last + timedelta(days=1))
    refused(published, "not valid before 2026-03-02", today=TODAY - timedelta(days=1))
    for outside in (last + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(BundleError, match="No release may be used today"):
            release_in_force(published.releases, today=outside)


def test_another_municipality_is_refused(published):
    refused(published, "another municipality", municipality="9902")
    with pytest.raises(BundleError, match="No release may be used"):
        release_in_force(published.releases, today=TODAY, municipality="9902")


def test_a_withdrawn_release_is_refused(published):
    withdraw(published, "2026.1", reason="found a leak", name="Bo Berg", today=TODAY)
    refused(published, "2026.1: withdrawn")
    with pytest.raises(BundleError, match="No release may be used"):
        release_in_force(published.releases, today=TODAY)


NOT_PUBLISHED = ["2026.2", "../2026.1", "2026.1/..", "", "2026.01", "latest", "2026.1\n", "2026.0"]


@pytest.mark.parametrize("release_id", NOT_PUBLISHED)
def test_what_was_not_published_is_refused(published, release_id):
    refused(published, "no such publication|not the id of a release", release_id=release_id)


def test_a_folder_without_a_ledger_line_is_no_release(published):
    for name in ("LEDGER", "LEDGER.head"):
        (published.releases / name).unlink()
    refused(published, "no such publication")


@pytest.mark.parametrize("name", ["release.json", "score.sql", "card.md", "SHA256SUMS", "report.html"])
def test_a_missing_or_changed_file_is_refused(published, name):
    path = published.releases / "2026.1" / name
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    refused(published, "2026.1")
    path.unlink()
    refused(published, "2026.1")
    path.write_bytes(content)
    assert verify(published)


def test_a_file_too_many_is_refused(published):
    (published.releases / "2026.1" / "extra.html").write_text("x")
    refused(published, "0 file.s. missing and 1 too many")


def test_a_folder_that_is_gone_is_refused(published):
    (published.releases / "2026.1").rename(published.releases / "2026.7")
    refused(published, "can't be read")


def _forged(workspace, change):
    """The release with `change` made to it and every hash set right, ledger line included: a forger with all means."""
    folder = workspace.releases / "2026.1"
    release = json.loads((folder / "release.json").read_bytes())
    change(release)
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "SHA256SUMS"}
    files["release.json"] = canonical_json(release)
    (folder / "release.json").write_bytes(files["release.json"])
    (folder / "SHA256SUMS").write_bytes(sums_of(files))
    ledger = workspace.releases / "LEDGER"
    events = [json.loads(line) for line in ledger.read_bytes().splitlines()]
    for path in (ledger, workspace.releases / "LEDGER.head"):
        path.unlink()
    for event in events:
        if event["event"] == "published":
            event["sums_sha256"] = sha256_of_bytes(sums_of(files))
        append_event(workspace.releases, event)


def test_what_was_approved_must_be_what_stands_there(published):
    _forged(published, lambda release: release["landmarks"][0]["thresholds"].update(band=None))
    refused(published, "what was approved is not what stands in it")


def test_an_unknown_format_is_refused(published):
    _forged(published, lambda release: release.update(format=4))
    refused(published, "a format that this version does not know; it knows 1 and 2 and 3")


def test_a_candidate_in_a_releases_place_is_refused(published):
    _forged(published, lambda release: release.pop("publication"))
    refused(published, "a candidate, not a release")


def test_examples_must_give_their_own_numbers(candidate):
    check_examples(opened(candidate))
    candidate["examples"][3]["sum"] += 1
    with pytest.raises(BundleError, match="example 4 does not give its own numbers"):
        check_examples(opened(candidate))
    candidate["examples"][3]["sum"] -= 1
    candidate["examples"][0]["risk"] += 1e-9
    with pytest.raises(BundleError, match="example 1"):
        check_examples(opened(candidate))


def test_the_hash_of_what_was_approved_does_not_depend_on_publication(published, candidate):
    release = load_release_file(published.releases / "2026.1" / "release.json")
    assert (
        opened(release).identity.candidate
        == opened(candidate).identity.candidate
        == sha256_of_bytes(canonical_json(candidate))
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_json_that_is_none_is_refused_in_a_sentence(content):
    with pytest.raises(BundleError, match="x.json: not readable as JSON"):
        parse_json(content, where="x.json")


@pytest.mark.parametrize("content", [b"null", b"[]", b"{}", b'{"format": 1}', b'{"format": true}', b'{"format": "1"}'])
def test_json_that_is_no_release_is_refused(tmp_path, content):
    (tmp_path / "release.json").write_bytes(content)
    with pytest.raises(BundleError):
        load_release_file(tmp_path / "release.json")


def test_a_release_notices_a_ledger_that_was_begun_anew(published):
    lines = [json.loads(line) for line in (published.releases / "LEDGER").read_bytes().splitlines()]
    assert [line["event"] for line in lines] == ["protocol_frozen", "year_opened", "year_confirmed", "published"]
    for name in ("LEDGER", "LEDGER.head"):
        (published.releases / name).unlink()
    for line in lines:
        if line["event"] != "year_opened":  # the look is made to have never been
            append_event(published.releases, line)
    refused(published, "LEDGER is not the one it was published in")


@pytest.mark.parametrize("change", [
    lambda publication: publication["protocol"]["policy"].update(ppv_floor=0.1),
    lambda publication: publication["confirmation"].update(passed=True, opening=7),
    lambda publication: publication["approvals"][0].update(digest="0" * 64),
    lambda publication: publication["report"].update({"report.html": "0" * 64}),
    lambda publication: publication["report"].update({"other.html": "0" * 64}),
])  # fmt: skip
def test_protocol_confirmation_and_report_are_part_of_what_was_approved(published, change):
    _forged(published, lambda release: change(release["publication"]))
    refused(published, "what was approved is not what stands in it")


@pytest.mark.parametrize("change", [
    lambda publication: publication["confirmation"].update(openings_n=2),
    lambda publication: publication["confirmation"].update(passed=False),
    lambda publication: publication["gates"].pop(),
])  # fmt: skip
def test_gates_that_contradict_the_confirmation_are_refused(published, change):
    _forged(published, lambda release: change(release["publication"]))
    refused(published, "its gates do not let it through")


def test_one_person_who_approves_twice_is_one_person(published):
    def twice(release):
        first, second, *_ = release["publication"]["approvals"]
        second.update(name=f" {first['name'].upper()} ")

    _forged(published, twice)
    refused(published, "1 people approved it, and 2 are needed")


def test_the_equations_hash_must_be_that_of_the_tables(published):
    _forged(published, lambda release: release.update(equation_sha256="0" * 64))
    refused(published, "the equation's hash does not agree with the tables of points")


@pytest.mark.parametrize("key", ["report", "ledger", "revises", "publisher", "date"])
def test_what_publishing_records_can_not_be_left_out(published, key):
    _forged(published, lambda release: release["publication"].pop(key))
    refused(published, f"publication: {key}: a value is needed")


def test_a_ledger_put_back_to_before_a_withdrawal_does_not_bring_the_release_back(published):
    names = ("LEDGER", "LEDGER.head")
    before = {name: (published.releases / name).read_bytes() for name in names}
    withdraw(published, "2026.1", reason="wrong\n points", name="Bo", today=TODAY)
    mark = published.releases / "2026.1.withdrawn"
    assert mark.read_text() == "2026.1 was withdrawn on 2026-03-02: wrong points\n"
    for name, content in before.items():
        (published.releases / name).write_bytes(content)
    refused(published, "2026.1: was withdrawn, and LEDGER does not say so")
    mark.unlink()
    assert verify(published)  # who removes every sign of it is noticed by the repository's history alone


@pytest.mark.parametrize("also", [(), ("thresholds_sha256",)], ids=["points", "thresholds"])
def test_what_was_withdrawn_is_refused_in_a_release_whose_line_does_not_name_it(published, also):
    ledger = published.releases / "LEDGER"
    lines = [json.loads(line) for line in ledger.read_bytes().splitlines()]
    hashes = {key: lines[-1].pop(key) for key in ("equation_sha256", "thresholds_sha256")}
    for path in (ledger, published.releases / "LEDGER.head"):
        path.unlink()
    for line in lines:
        append_event(published.releases, line)  # as early versions wrote them
    assert verify(published)
    other = {"event": "withdrawn", "release": "2025.1", "reason": "r", "date": "2026-03-02"}
    append_event(published.releases, other | {key: hashes[key] for key in ("equation_sha256", *also)})
    refused(published, "what it says was withdrawn under another number")


def test_a_mark_that_can_not_be_written_does_not_stand_in_the_way_of_the_stop(published, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("riskmodel.publish.withdraw.write_bytes", full)
    assert withdraw(published, "2026.1", reason="r", name="Bo", today=TODAY).releases == ("2026.1",)
    refused(published, "2026.1: withdrawn")


def rewritten(workspace, **said):
    """The ledger and its head as somebody would write them anew who wants the published line to say something else."""
    lines, before = [], START
    for event in read_ledger(workspace.releases):
        line = canonical_line({**event, "before": before, **(said if event["event"] == "published" else {})})
        lines.append(line)
        before = sha256_of_bytes(line)
    (workspace.releases / LEDGER).write_bytes(b"\n".join(lines) + b"\n")
    (workspace.releases / HEAD).write_bytes(canonical_line({"number": len(lines), "line": before}) + b"\n")


@pytest.mark.parametrize(
    ("said", "usable"),
    [
        ({"valid_until": "2026-03-02"}, TODAY + timedelta(days=9)),
        ({"valid_until": "2099-01-01"}, TODAY),
        ({"valid_from": "2027-01-01"}, TODAY),
        ({"municipalities": ["9902"]}, TODAY),
        ({"municipalities": ["9901", "9902"]}, TODAY),
        ({"candidate_sha256": "0" * 64}, TODAY),
        ({"equation_sha256": "0" * 64}, TODAY),
        ({"thresholds_sha256": "0" * 64}, TODAY),
    ],
)
def test_a_line_that_contradicts_the_release_it_published_is_refused(published, said, usable):
    rewritten(published)
    assert verify(published)
    rewritten(published, **said)
    refused(published, f"LEDGER says otherwise than the release itself .{[*said][0]}.", today=usable)
    passes_over = [*said][0] in ("valid_until", "valid_from", "municipalities") and said not in (
        {"valid_until": "2099-01-01"},
        {"municipalities": ["9901", "9902"]},
    )
    if passes_over:  # nor is it taken out of force by it
        with pytest.raises(BundleError, match="LEDGER says otherwise"):
            release_in_force(published.releases, today=usable, municipality="9901")


def test_a_mark_of_withdrawal_that_leads_nowhere_is_a_mark(published):
    mark_of(published.releases, "2026.1").symlink_to("nowhere")
    refused(published, "was withdrawn, and LEDGER does not say so")
