"""A revision of thresholds alone keeps the equation's hash and what was confirmed; anything more is refused."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
import release_example
from opened import opened

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.publish.books import read_books
from riskmodel.publish.compose import policy_sha256
from riskmodel.publish.confirm import open_year
from riskmodel.publish.origin import settings_sha256
from riskmodel.publish.protocol import freeze_protocol, looks_at
from riskmodel.publish.publish import publish
from riskmodel.publish.withdraw import Withdrawn, drill_stop, withdraw
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import Fault
from riskmodel.release.verify import release_in_force, verify_release

pytestmark = pytest.mark.slow

TODAY, SETTINGS, INSTRUMENT = release_example.TODAY, release_example.settings(), release_example.INSTRUMENT
FEWER_PLACES = replace(SETTINGS, policy=replace(SETTINGS.policy, capacity_share=0.2))


def propose(workspace, settings, change=lambda landmark: landmark["thresholds"].update(flag=54, band=[50, 57])):
    """What a run under `settings` would propose: the same tables, other thresholds."""
    candidate = json.loads(canonical_json(release_example.candidate()))
    change(candidate["landmarks"][0])
    candidate["equation_sha256"] = opened(candidate).identity.equation
    candidate["provenance"]["settings_sha256"] = settings_sha256(settings)
    candidate |= {"policy": asdict(settings.policy), "policy_sha256": policy_sha256(settings.policy)}
    write_bytes(workspace.candidate / "release.json", canonical_json(candidate))


def freeze(workspace, settings, revises="2026.1", today=TODAY):
    return freeze_protocol(workspace, settings, INSTRUMENT, name="Ada", today=today, revises=revises)


def put_out(workspace, settings):
    for name in ("Ada Alm", "Bo Berg"):
        release_example.give_approval(workspace, name)
    return publish(workspace, settings, name="Ada Alm", today=TODAY).release_id


@pytest.fixture
def revised(published):
    propose(published, FEWER_PLACES)
    freeze(published, FEWER_PLACES)
    assert put_out(published, FEWER_PLACES) == "2026.2"
    return published


def test_a_revision_keeps_the_equation_and_the_confirmation_and_opens_nothing(revised):
    first, second = (verify_release(revised.releases, name, today=TODAY).raw for name in ("2026.1", "2026.2"))
    assert first["equation_sha256"] == second["equation_sha256"]
    assert first["landmarks"][0]["thresholds"]["flag"] != 54
    assert second["landmarks"][0]["thresholds"]["flag"] == 54
    assert second["publication"]["revises"] == second["publication"]["supersedes"] == "2026.1"
    assert second["publication"]["confirmation"] == first["publication"]["confirmation"]
    lines = read_ledger(revised.releases)
    assert sum(line["event"] == "year_opened" for line in lines) == 1
    assert {line["equation_sha256"] for line in lines if line["event"] == "published"} == {first["equation_sha256"]}
    evidence = second["publication"]["gates"][0]["evidence"]
    assert (evidence["revises"], evidence["openings_n"], evidence["younger_protocols_n"]) == ("2026.1", 1, 0)
    assert evidence["revisions_n"] == 1
    assert evidence["changed"] == ["policy.capacity_share", "thresholds"]


def test_a_revision_can_be_revised_and_withdrawing_goes_back_step_by_step(revised):
    again = replace(SETTINGS, policy=replace(SETTINGS.policy, capacity_share=0.1))
    propose(revised, again, lambda landmark: landmark["thresholds"].update(flag=56, band=[55, 57]))
    freeze(revised, again, revises="2026.2")
    assert put_out(revised, again) == "2026.3"
    for release_id in ("2026.3", "2026.2", "2026.1"):
        assert release_in_force(revised.releases, today=TODAY) == release_id
        withdraw(revised, release_id, reason="r", name="Bo", today=TODAY, fault=Fault.OTHER)
    with pytest.raises(BundleError, match="No release may be used"):
        release_in_force(revised.releases, today=TODAY)


def test_points_that_are_withdrawn_go_with_every_revision_and_never_come_back(revised):
    withdraw(revised, "2026.1", reason="wrong points", name="Bo", today=TODAY)
    for release_id in ("2026.1", "2026.2"):
        with pytest.raises(BundleError, match=f"{release_id}: withdrawn"):
            verify_release(revised.releases, release_id, today=TODAY)
    propose(revised, SETTINGS, lambda landmark: None)
    candidate = json.loads((revised.candidate / "release.json").read_bytes())
    candidate["waivers"].reverse()  # another candidate by a comma: the same points
    write_bytes(revised.candidate / "release.json", canonical_json(candidate))
    with pytest.raises(GateError, match="the very points that were withdrawn"):
        put_out(revised, SETTINGS)


def test_a_revision_ends_when_the_release_it_revises_does_and_can_not_begin_after(published):
    last = date.fromisoformat(verify_release(published.releases, "2026.1", today=TODAY).published.valid_until)
    propose(published, FEWER_PLACES)
    with pytest.raises(GateError, match="not valid today"):
        freeze(published, FEWER_PLACES, today=last + timedelta(days=1))
    freeze(published, FEWER_PLACES, today=last)
    for name in ("Ada Alm", "Bo Berg"):
        release_example.give_approval(published, name, today=last)
    with pytest.raises(GateError, match="valid on no day"):
        publish(published, FEWER_PLACES, name="Ada", today=last, valid_from=last + timedelta(days=1))
    publish(published, FEWER_PLACES, name="Ada", today=last)
    publication = verify_release(published.releases, "2027.1", today=last).raw["publication"]
    assert publication["valid_until"] == last.isoformat()


def test_thresholds_typed_in_by_hand_are_no_revision(published):
    propose(published, SETTINGS)
    with pytest.raises(GateError, match="nothing is revised. Thresholds follow from the policy"):
        freeze(published, SETTINGS)


def test_the_release_that_is_revised_is_read_as_it_was_published(published):
    path = published.releases / "2026.1" / "release.json"
    path.write_bytes(path.read_bytes().replace(b'"max_ici": 0.1', b'"max_ici": 0.9'))
    propose(published, FEWER_PLACES)
    with pytest.raises(BundleError, match="not the file that was published"):
        freeze(published, FEWER_PLACES)


def test_a_revision_opens_no_year(published):
    propose(published, FEWER_PLACES)
    protocol_id = freeze(published, FEWER_PLACES)
    with pytest.raises(GateError, match="opens no year"):
        open_year(published, protocol_id, FEWER_PLACES, INSTRUMENT, name="Ada", today=TODAY)


def other_points(landmark):
    landmark["items"][0]["levels"][0]["points"] -= 1


def test_another_equation_is_no_revision(published):
    propose(published, FEWER_PLACES, other_points)
    with pytest.raises(GateError, match="can't be revised .* beside the thresholds 1 changed: equation"):
        freeze(published, FEWER_PLACES)


@pytest.mark.parametrize("settings", [
    replace(SETTINGS, policy=replace(SETTINGS.policy, max_ici=0.2)),
    replace(SETTINGS, policy=replace(SETTINGS.policy, max_unanswered_share=0.5)),
    replace(SETTINGS, fairness=replace(SETTINGS.fairness, missed_tolerance=0.5)),
    replace(SETTINGS, run=replace(SETTINGS.run, seed=1)),
])  # fmt: skip
def test_other_choices_than_the_thresholds_are_no_revision(published, settings):
    propose(published, settings)
    before = (published.releases / "LEDGER").read_bytes()
    with pytest.raises(GateError, match="beside the thresholds"):
        freeze(published, settings)
    assert (published.releases / "LEDGER").read_bytes() == before


def test_only_a_release_that_stands_can_be_revised(published):
    propose(published, FEWER_PLACES)
    with pytest.raises(BundleError, match="no such publication"):
        freeze(published, FEWER_PLACES, revises="2026.7")
    withdraw(published, "2026.1", reason="r", name="Bo", today=TODAY)
    with pytest.raises(GateError, match="withdrawn for more than its thresholds"):
        freeze(published, FEWER_PLACES)


def test_thresholds_that_were_withdrawn_can_be_put_right_by_a_revision(published):
    withdraw(published, "2026.1", reason="wrong limit", name="Bo", today=TODAY, fault=Fault.THRESHOLDS)
    propose(published, FEWER_PLACES)
    freeze(published, FEWER_PLACES)
    assert put_out(published, FEWER_PLACES) == "2026.2"
    assert release_in_force(published.releases, today=TODAY) == "2026.2"


def test_what_was_wrong_in_a_release_beside_its_thresholds_is_not_revised_back(published):
    withdraw(published, "2026.1", reason="wrong text", name="Bo", today=TODAY, fault=Fault.OTHER)
    propose(published, FEWER_PLACES)
    with pytest.raises(GateError, match="withdrawn for more than its thresholds"):
        freeze(published, FEWER_PLACES)


def test_thresholds_that_were_withdrawn_do_not_come_back_under_another_number(revised):
    withdraw(revised, "2026.2", reason="wrong limit", name="Bo", today=TODAY, fault=Fault.THRESHOLDS)
    candidate = json.loads((revised.candidate / "release.json").read_bytes())
    candidate["waivers"].reverse()  # another candidate by a comma: the same points and thresholds
    write_bytes(revised.candidate / "release.json", canonical_json(candidate))
    with pytest.raises(GateError, match="the very thresholds that were withdrawn"):
        put_out(revised, FEWER_PLACES)
    assert release_in_force(revised.releases, today=TODAY) == "2026.1"


def test_a_stop_can_be_widened_but_not_narrowed(revised):
    withdraw(revised, "2026.2", reason="text", name="Bo", today=TODAY, fault=Fault.OTHER)
    withdraw(revised, "2026.2", reason="flag", name="Bo", today=TODAY, fault=Fault.THRESHOLDS)
    assert release_in_force(revised.releases, today=TODAY) == "2026.1"
    gone = withdraw(revised, "2026.2", reason="points", name="Bo", today=TODAY)
    assert gone == Withdrawn(("2026.2", "2026.1"), is_whole=True)
    for fault in Fault:
        with pytest.raises(GateError, match="withdrawn already"):
            withdraw(revised, "2026.2", reason="again", name="Bo", today=TODAY, fault=fault)
    marks = {path.name: path.read_text() for path in revised.releases.glob("*.withdrawn")}
    assert marks == {
        "2026.1.withdrawn": "2026.1 was withdrawn on 2026-03-02: points\n",
        "2026.2.withdrawn": "2026.2 was withdrawn on 2026-03-02: text\n",
    }


def test_marks_that_a_broken_off_withdrawal_did_not_lay_are_laid_when_it_is_tried_again(revised):
    withdraw(revised, "2026.2", reason="points", name="Bo", today=TODAY)
    for mark in revised.releases.glob("*.withdrawn"):
        mark.unlink()
    with pytest.raises(GateError, match="withdrawn already"):
        withdraw(revised, "2026.2", reason="points", name="Bo", today=TODAY)
    assert sorted(path.name for path in revised.releases.glob("*.withdrawn")) == [
        "2026.1.withdrawn",
        "2026.2.withdrawn",
    ]


def test_a_later_year_is_nothing_to_a_revision(published):
    later = json.loads(canonical_json(release_example.candidate()))
    later["provenance"]["data_window"]["latest_complete_year"] = 2024
    write_bytes(published.candidate / "release.json", canonical_json(later))
    open_year(published, freeze(published, SETTINGS, revises=None), SETTINGS, INSTRUMENT, name="Ada", today=TODAY)
    propose(published, FEWER_PLACES)
    freeze(published, FEWER_PLACES)
    assert put_out(published, FEWER_PLACES) == "2026.2"


def test_the_stop_works_with_a_revision_in_force(revised):
    assert drill_stop(revised, name="Bo", today=TODAY)["release"] == "2026.2"


def test_thresholds_changed_by_hand_after_the_protocol_have_no_protocol(published):
    propose(published, SETTINGS)  # the settings are as they were frozen, the flag is not
    with pytest.raises(GateError, match=r"Since 2023-\w+ was frozen, 1 changed: thresholds"):
        release_example.give_approval(published, "Ada")


def test_a_younger_protocol_is_counted_with_what_it_changed_and_forbids_publication(published):
    other = replace(SETTINGS, policy=replace(SETTINGS.policy, max_ici=0.2))
    propose(published, other)
    protocol_id = freeze(published, other, revises=None)
    looks = looks_at(read_books(published), read_books(published).protocol(protocol_id))
    assert (looks.openings_n, looks.protocols_n, looks.younger_protocols_n) == (1, 2, 1)
    assert looks.changed == ("policy.max_ici", "thresholds")
    assert "policy.max_ici" in looks.sentences("en")[0]
    assert not looks.is_single
    with pytest.raises(GateError, match="not confirmed"):
        release_example.give_approval(published, "Ada")
