"""A revision of thresholds alone keeps the equation's hash and what was confirmed; anything more is refused."""

import json
from dataclasses import replace

import pytest
import release_example

from riskmodel.errors import BundleError, GateError
from riskmodel.provenance import canonical_json, write_bytes
from riskmodel.release.confirmation import open_year
from riskmodel.release.equation import equation_sha256
from riskmodel.release.ledger import read_ledger
from riskmodel.release.looks import looks_at
from riskmodel.release.origin import settings_sha256
from riskmodel.release.protocol import freeze_protocol, load_protocol
from riskmodel.release.publish import publish, withdraw
from riskmodel.release.verify import release_in_force, verify_release

TODAY, SETTINGS, INSTRUMENT = release_example.TODAY, release_example.settings(), release_example.INSTRUMENT
FEWER_PLACES = replace(SETTINGS, policy=replace(SETTINGS.policy, capacity_share=0.2))


def propose(workspace, settings, change=lambda landmark: landmark["thresholds"].update(flag=54, band=[50, 57])):
    """What a run under `settings` would propose: the same tables, other thresholds."""
    candidate = json.loads(canonical_json(release_example.candidate()))
    change(candidate["landmarks"][0])
    candidate["equation_sha256"] = equation_sha256(candidate)
    candidate["provenance"]["settings_sha256"] = settings_sha256(settings)
    write_bytes(workspace.candidate / "release.json", canonical_json(candidate))


def freeze(workspace, settings, revises="2026.1"):
    return freeze_protocol(workspace, settings, INSTRUMENT, name="Ada", today=TODAY, revises=revises)


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
    first, second = (verify_release(revised.releases, name, today=TODAY) for name in ("2026.1", "2026.2"))
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
        withdraw(revised, release_id, reason="r", name="Bo", today=TODAY)
    with pytest.raises(BundleError, match="No release may be used"):
        release_in_force(revised.releases, today=TODAY)


def test_a_revision_opens_no_year(published):
    propose(published, FEWER_PLACES)
    protocol_id = freeze(published, FEWER_PLACES)
    with pytest.raises(GateError, match="opens no year"):
        open_year(published, protocol_id, FEWER_PLACES, INSTRUMENT, name="Ada", today=TODAY)


def other_points(landmark):
    landmark["items"][0]["levels"][0]["points"] -= 1


def test_another_equation_is_no_revision(published):
    propose(published, FEWER_PLACES, other_points)
    with pytest.raises(GateError, match=r"can't be revised by this candidate: 1 thing.s. .* \(equation\)"):
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
    with pytest.raises(GateError, match="withdrawn, so its thresholds can't be revised"):
        freeze(published, FEWER_PLACES)


def test_thresholds_changed_by_hand_after_the_protocol_have_no_protocol(published):
    propose(published, SETTINGS)  # the settings are as they were frozen, the flag is not
    with pytest.raises(GateError, match=r"Since 2023-\w+ was frozen, 1 changed: thresholds"):
        release_example.give_approval(published, "Ada")


def test_a_younger_protocol_is_counted_with_what_it_changed_and_forbids_publication(published):
    other = replace(SETTINGS, policy=replace(SETTINGS.policy, max_ici=0.2))
    propose(published, other)
    protocol_id = freeze(published, other, revises=None)
    looks = looks_at(published, read_ledger(published.releases), load_protocol(published, protocol_id))
    assert (looks.openings_n, looks.protocols_n, looks.younger_protocols_n) == (1, 2, 1)
    assert looks.changed == ("policy.max_ici", "thresholds")
    assert "policy.max_ici" in looks.sentences()[0]
    assert not looks.is_single
    with pytest.raises(GateError, match="not confirmed"):
        release_example.give_approval(published, "Ada")
