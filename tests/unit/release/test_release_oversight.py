import pytest
import release_example

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.publish import withdraw as drill
from riskmodel.publish.publication import decided, oversight_gate
from riskmodel.publish.withdraw import drill_stop, withdraw
from riskmodel.release.gates import concern
from riskmodel.release.ledger import append_event, locked, read_ledger

TODAY = release_example.TODAY
STARTED = [{"event": "protocol_frozen", "date": "2026-03-02"}, {"event": "published", "date": "2026-03-03"}]
DRILLED = {"event": "stop_drilled", "date": "2026-04-01"}
WITHDRAWN = {"event": "withdrawn", "date": "2026-05-01"}
WAIVER = {"gate": "G12", "name": "Bo", "reason": "counted by hand", "until": "2027-06-30", "column": ""}


@pytest.mark.parametrize(
    ("events", "reliance", "status", "lacking"),
    [
        ([], None, "open", "the stop has not been tried; reliance on advice is not logged"),
        (STARTED, {"cases_n": 900}, "open", "the stop has not been tried"),
        ([*STARTED, DRILLED], None, "open", "reliance on advice is not logged"),
        ([*STARTED, DRILLED], {"cases_n": 900}, "passed", ""),
        ([*STARTED, WITHDRAWN], {"cases_n": 900}, "passed", ""),
    ],
)
def test_g12_wants_the_stop_tried_and_reliance_followed(events, reliance, status, lacking):
    gate = oversight_gate(events, (), reliance=reliance)
    assert (gate.status, gate.blocks, concern(*decided([gate.as_dict()]))) == (status, status != "passed", lacking)


def test_g12_counts_the_stops_and_names_the_last():
    evidence = oversight_gate([*STARTED, DRILLED, DRILLED, WITHDRAWN], ()).evidence
    assert (evidence["withdrawals_n"], evidence["stop_drills_n"], evidence["last_stop"]) == (1, 2, "2026-05-01")
    assert oversight_gate(STARTED, ()).evidence["last_stop"] is None


def test_a_waiver_lets_g12_stay_open():
    gate = oversight_gate(STARTED, (WAIVER, {**WAIVER, "gate": "G10"}))
    assert (gate.status, gate.blocks, gate.waivers) == ("open", False, (WAIVER,))


def _files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_drill_stops_a_copy_and_leaves_the_releases_alone(published):
    before = _files(published.root)
    event = drill_stop(published, name=" Ada  Alm ", today=TODAY)
    assert event == {"event": "stop_drilled", "release": "2026.1", "by": "Ada Alm", "date": TODAY.isoformat()}
    assert _files(published.root) == before


def test_a_drill_leaves_alone_what_another_writer_holds(published):
    (published.releases / "LEDGER.lock").unlink(missing_ok=True)
    (published.releases / "LEDGER.lock").symlink_to("locked by another")  # to copy it would fail
    (published.releases / ".publishing-1").mkdir()
    (published.releases / ".publishing-1/half").symlink_to("gone")
    assert drill_stop(published, name="Ada", today=TODAY)["release"] == "2026.1"


def test_a_drill_is_a_line_of_the_ledger_and_counts(published):
    with locked(published.releases):
        append_event(published.releases, drill_stop(published, name="Ada", today=TODAY))
    assert oversight_gate(read_ledger(published.releases), ()).evidence["stop_drills_n"] == 1


def test_a_drill_finds_a_stop_that_does_not_stop(published, monkeypatch):
    monkeypatch.setattr(drill, "withdraw", lambda *_, **__: None)
    with pytest.raises(GateError, match=r"2026\.1: withdrawn in a copy .* not refused"):
        drill_stop(published, name="Ada", today=TODAY)


def test_a_drill_finds_a_release_before_that_does_not_come_back(published, monkeypatch):
    answers = iter(["2025.1", None])  # what should take over, and what does
    monkeypatch.setattr(drill, "in_force", lambda *_, **__: next(answers))
    with pytest.raises(GateError, match="the one before does not come back"):
        drill_stop(published, name="Ada", today=TODAY)


def test_a_drill_needs_a_release_that_can_be_used(published):
    target = published.releases / "2026.1" / "card.md"
    target.write_bytes(target.read_bytes() + b" ")
    with pytest.raises(BundleError):
        drill_stop(published, name="Ada", today=TODAY)
    withdraw(published, "2026.1", reason="changed", name="Ada", today=TODAY)
    with pytest.raises(BundleError, match="No release may be used today"):
        drill_stop(published, name="Ada", today=TODAY)


def test_a_drill_needs_a_name(published):
    with pytest.raises(GateError):
        drill_stop(published, name=" ", today=TODAY)
