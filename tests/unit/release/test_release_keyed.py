"""No unkeyed hash of data about people leaves: not in a candidate, a protocol, the ledger or what is published."""

import copy
import hashlib
import hmac
import json
from dataclasses import replace

import pytest
import release_example
from opened import opened
from release_example import INSTRUMENT, KEY, SUMS, TODAY

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.books import read_books
from riskmodel.publish.changes import origin_lines
from riskmodel.publish.confirm import open_year
from riskmodel.publish.difference import difference
from riskmodel.publish.origin import as_keyed, keyed_hashes, settings_sha256
from riskmodel.publish.protocol import freeze_protocol, looks_at
from riskmodel.release.bundle import check_folder
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.subject import differences, frozen_of
from riskmodel.release.verify import verify_release

SETTINGS = release_example.settings()
OTHER_KEY = b"8" * 64


def freeze(workspace, settings=SETTINGS):
    return freeze_protocol(workspace, settings, INSTRUMENT, name="Ada", today=TODAY)


def frozen(workspace):
    protocol_id = freeze(workspace)
    return read_books(workspace).protocol(protocol_id)


def propose(workspace, **provenance):
    candidate = copy.deepcopy(release_example.candidate())
    candidate["provenance"] |= provenance
    (workspace.candidate / "release.json").write_bytes(canonical_json(candidate))


def unkeyed(candidate):
    """Every hash that who knows all but one answer could try: of data about people, and of what only they decide."""
    return [*SUMS.values(), candidate.equation_sha256, candidate.identity.thresholds, candidate.identity.candidate]


def test_a_keyed_hash_is_an_hmac_that_says_what_it_is_of():
    by_hand = hmac.new(KEY, b"delivery\n" + SUMS["delivery"].encode(), hashlib.sha256).hexdigest()
    assert keyed_hashes(SUMS, KEY)["delivery_hmac"] == by_hand
    assert len(set(keyed_hashes(dict.fromkeys(SUMS, "0" * 64), KEY).values())) == 5  # no purpose stands for another
    assert not set(keyed_hashes(SUMS, KEY).values()) & set(keyed_hashes(SUMS, OTHER_KEY).values())


def test_what_is_frozen_before_publication_holds_no_hash_that_can_be_tried(tmp_path):
    workspace = release_example.confirmed(tmp_path)
    candidate = read_books(workspace).candidate
    for file in [*workspace.protocols.rglob("*.json"), workspace.releases / "LEDGER"]:
        text = file.read_text(encoding="utf-8")
        assert not [sha256 for sha256 in unkeyed(candidate) if sha256 in text], file.name
        assert candidate.provenance.seal not in text


def test_what_is_published_holds_no_unkeyed_hash_of_data_about_people(published):
    files = [path for path in (published.releases / "2026.1").iterdir() if path.is_file()]
    assert {"release.json", "card.md"} <= {path.name for path in files}
    for file in files:
        assert not [sha256 for sha256 in SUMS.values() if sha256 in file.read_text(encoding="utf-8")], file.name


def test_readers_without_the_key_still_hold_the_points_against_the_protocol(published):
    (published.local / "key").unlink()
    folder = published.releases / "2026.1"
    assert verify_release(published.releases, "2026.1", today=TODAY)
    release = check_folder(folder)
    fixed = release.published.protocol.raw
    assert differences(fixed, frozen_of(release)) == []
    other = replace(release, equation_sha256="0" * 64)
    assert differences(fixed, frozen_of(other)) == ["equation"]
    unsealed = replace(release, provenance=replace(release.provenance, seal="0" * 64))
    assert differences(fixed, frozen_of(unsealed)) == ["equation", "thresholds"]


def test_what_an_earlier_version_froze_is_compared_with_what_is_frozen_now(tmp_path):
    workspace = release_example.proposed(tmp_path)
    candidate = opened(release_example.candidate())
    now = frozen_of(candidate)
    then = {name: value for name, value in now.items() if name.endswith("_sha256")}
    then |= {f"{of}_sha256": sha256 for of, sha256 in SUMS.items()}
    then |= {"equation_sha256": candidate.equation_sha256, "thresholds_sha256": candidate.identity.thresholds}
    assert differences(as_keyed(then, workspace), now) == []
    for of in (*SUMS, "equation", "thresholds"):
        found = differences(as_keyed({**then, f"{of}_sha256": "0" * 64}, workspace), now)
        # what seals the points is of the very cases
        assert found == (["cohort", "equation", "thresholds"] if of == "cohort" else [of])
    first = {key: then[key] for key in ("delivery_sha256", "settings_sha256")}  # the first format fixed no more
    assert "delivery" not in differences(as_keyed(first, workspace), now)


def test_who_only_reads_makes_no_key(tmp_path):
    workspace = Workspace(tmp_path)
    old = as_keyed({"delivery_sha256": SUMS["delivery"], "cohort_sha256": SUMS["cohort"]}, workspace)
    assert differences(old, as_keyed({f"{of}_sha256": SUMS[of] for of in ("delivery", "cohort")}, workspace)) == []
    assert "key" in differences(old, frozen_of(opened(release_example.candidate())))
    assert not list(tmp_path.iterdir())


def test_a_look_at_the_delivery_that_an_earlier_version_recorded_still_counts(tmp_path):
    workspace = release_example.proposed(tmp_path)
    protocol = frozen(workspace)
    old = {name: value for name, value in protocol.items() if not name.endswith(("_hmac", "key_mark"))}
    old |= {"delivery_sha256": SUMS["delivery"], "confirm_year": 2022, "municipalities": [{"code": "9", "name": "x"}]}
    content = canonical_json(old)
    workspace.protocol_file("2022-00000000").parent.mkdir(parents=True)
    workspace.protocol_file("2022-00000000").write_bytes(content)
    sha256, day = hashlib.sha256(content).hexdigest(), TODAY.isoformat()
    lines = [
        {"event": "protocol_frozen", "protocol": "2022-00000000", "protocol_sha256": sha256, "date": day},
        {"event": "year_opened", "protocol": "2022-00000000", "municipalities": ["9"], "year": 2022, "opening": 1},
    ]
    with locked(workspace.releases):
        for line in lines:
            append_event(workspace.releases, {"date": day, **line})
    assert looks_at(read_books(workspace), protocol).openings_n == 1
    other = {**protocol, "delivery_hmac": "0" * 64}
    assert looks_at(read_books(workspace), other).openings_n == 0


@pytest.mark.parametrize("is_remade", [False, True], ids=["the old candidate", "a remade one"])
def test_a_lost_key_is_said_where_a_comparison_ends_at_it(tmp_path, monkeypatch, is_remade):
    from riskmodel.publish import confirm

    workspace = release_example.proposed(tmp_path)
    protocol_id = freeze(workspace)
    (workspace.local / "key").write_bytes(OTHER_KEY)
    if is_remade:
        propose(workspace, **keyed_hashes(SUMS, OTHER_KEY))
        with pytest.raises(GateError, match="was frozen, 1 changed: key. data/local/key is another"):
            _ = read_books(workspace).protocol_id
        with pytest.raises(GateError, match="can't be told any more. Restore data/local from your own copy"):
            open_year(workspace, protocol_id, SETTINGS, INSTRUMENT, name="Ada", today=TODAY)
    else:
        cohorts = {0: release_example.year().cohort}
        monkeypatch.setattr(confirm, "check_confirmable", lambda *_: 2023)
        with pytest.raises(GateError, match="data/local/key is another one than then.*No year was opened"):
            confirm.confirm(
                workspace, cohorts, INSTRUMENT, SETTINGS, cohort_sha256=SUMS["cohort"], name="Ada", today=TODAY
            )
    assert [event["event"] for event in read_ledger(workspace.releases)] == ["protocol_frozen"]


def test_looks_under_a_lost_key_count_for_this_year_and_later_ones_and_that_is_said(tmp_path):
    workspace = release_example.proposed(tmp_path)
    first = freeze(workspace)
    open_year(workspace, first, SETTINGS, INSTRUMENT, name="Ada", today=TODAY)
    (workspace.local / "key").write_bytes(OTHER_KEY)
    propose(workspace, **keyed_hashes({**SUMS, "delivery": "a" * 64}, OTHER_KEY))
    protocol = frozen(workspace)
    found = looks_at(read_books(workspace), protocol)
    assert (found.openings_n, found.other_key_n) == (1, 1)
    assert "key" in found.changed
    assert any("under another data/local/key: 1" in sentence for sentence in found.sentences("en"))
    hashes = {**keyed_hashes(SUMS, b"9" * 64), "municipalities": [{"code": "9", "name": "x"}]}
    elsewhere = {**read_books(workspace).protocol(first), **hashes}
    assert looks_at(read_books(workspace), elsewhere).openings_n == 1  # it may be of the same people
    assert looks_at(read_books(workspace), {**elsewhere, "confirm_year": 2030}).openings_n == 0


def test_a_revision_holds_the_delivery_against_the_revised_ones_under_the_key(published):
    fewer = replace(SETTINGS, policy=replace(SETTINGS.policy, capacity_share=0.2))
    asked = {"name": "Ada", "today": TODAY, "revises": "2026.1"}
    propose(published, settings_sha256=settings_sha256(fewer), **keyed_hashes({**SUMS, "delivery": "a" * 64}, KEY))
    with pytest.raises(GateError, match="beside the thresholds 1 changed: delivery"):
        freeze_protocol(published, fewer, INSTRUMENT, **asked)
    propose(published, settings_sha256=settings_sha256(fewer), **keyed_hashes(SUMS, OTHER_KEY))
    with pytest.raises(GateError, match="1 changed: key. data/local/key is another one than then"):
        freeze_protocol(published, fewer, INSTRUMENT, **asked)
    propose(published, settings_sha256=settings_sha256(fewer))
    assert freeze_protocol(published, fewer, INSTRUMENT, **asked)


def test_changes_say_where_a_hash_can_not_be_compared():
    one, other = (copy.deepcopy(release_example.candidate()) for _ in range(2))
    other["provenance"] |= keyed_hashes(SUMS, OTHER_KEY)
    lines = list(origin_lines(difference(opened(one), opened(other)), "en"))
    assert lines[:2] == [f"{of}: can't be compared (another key, or none)" for of in ("delivery", "cases")]
    assert lines[2] == "instrument: the same"
    assert "delivery: the same" in origin_lines(difference(opened(one), opened(one)), "en")


def test_a_seal_that_is_no_hash_is_refused(published):
    file = published.releases / "2026.1" / "release.json"
    release = json.loads(file.read_bytes())
    release["provenance"]["seal"] = "x"
    with pytest.raises(BundleError, match="provenance: seal"):
        opened(release)
