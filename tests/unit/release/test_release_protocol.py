import json
from dataclasses import replace

import pytest
import release_example

from riskmodel.ground.choices import Waiver
from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json
from riskmodel.publish import exam
from riskmodel.publish import protocol as protocol_module
from riskmodel.publish.books import read_books
from riskmodel.publish.confirm import can_be_judged, new_years, open_year, openings, record_confirmation
from riskmodel.publish.origin import settings_sha256
from riskmodel.publish.protocol import freeze_protocol, looks_at
from riskmodel.release.ledger import read_ledger

pytestmark = pytest.mark.slow

TODAY = release_example.TODAY
SETTINGS, INSTRUMENT = release_example.settings(), release_example.INSTRUMENT
MEASURED = {
    "oe": {"estimate": 1.00049, "low": 0.9, "high": 1.1},
    "recalibration_slope": {"estimate": 1.0, "low": 0.9, "high": 1.1},
    "ici": {"estimate": 0.02, "low": 0.01, "high": 0.03},
    "auc": {"estimate": 0.7, "low": 0.66, "high": 0.74},
}


@pytest.fixture
def workspace(tmp_path):
    return release_example.proposed(tmp_path)


def freeze(workspace, settings=SETTINGS, **how):
    return freeze_protocol(workspace, settings, INSTRUMENT, **{"name": "Ada", "today": TODAY} | how)


def opened(workspace, protocol_id, settings=SETTINGS):
    return open_year(workspace, protocol_id, settings, INSTRUMENT, name="Ada", today=TODAY)


def record(workspace, protocol_id, opening, measured=MEASURED):
    return record_confirmation(workspace, protocol_id, {0: measured}, opening=opening, name="Ada", today=TODAY)


def events(workspace):
    return [event["event"] for event in read_ledger(workspace.releases)]


def test_the_protocol_holds_what_decides_the_evaluation(workspace):
    protocol_id = freeze(workspace)
    protocol = read_books(workspace).protocol(protocol_id)
    assert protocol["confirm_year"] == 2023
    assert protocol["policy"]["ppv_floor"] == SETTINGS.policy.ppv_floor
    assert protocol["settings_sha256"] == settings_sha256(SETTINGS)
    measures = [row["measure"] for row in protocol["criteria"]]
    assert measures == ["oe", "recalibration_slope", "recalibration_slope", "ici", "auc"]
    assert read_books(workspace).protocol_id is not None


def test_without_a_year_to_confirm_there_is_no_protocol(workspace):
    candidate = json.loads((workspace.candidate / "release.json").read_text(encoding="utf-8"))
    candidate["provenance"]["data_window"]["latest_complete_year"] = None
    (workspace.candidate / "release.json").write_bytes(canonical_json(candidate))
    with pytest.raises(GateError, match="no whole year to confirm"):
        freeze(workspace)
    assert events(workspace) == []


def test_freezing_the_same_again_changes_nothing(workspace):
    first = freeze(workspace)
    before = (workspace.releases / "LEDGER").read_bytes()
    assert freeze(workspace, name="Bo", today=TODAY.replace(month=5)) == first
    assert (workspace.releases / "LEDGER").read_bytes() == before


def test_settings_that_change_no_number_change_no_protocol():
    moved = replace(
        SETTINGS,
        delivery=replace(SETTINGS.delivery, path="elsewhere", instrument="elsewhere.toml"),
        run=replace(SETTINGS.run, workers=7),
        release=replace(SETTINGS.release, waivers=(Waiver("G1", "Bo", "power cut", "2027-01-01"),)),
    )
    assert settings_sha256(moved) == settings_sha256(SETTINGS)
    other = replace(SETTINGS, policy=replace(SETTINGS.policy, ppv_floor=0.51))
    assert settings_sha256(other) != settings_sha256(SETTINGS)


def test_changed_settings_instrument_or_code_stop_the_protocol_and_the_opening(workspace, monkeypatch):
    protocol_id = freeze(workspace)
    other = replace(SETTINGS, policy=replace(SETTINGS.policy, ppv_floor=0.51))
    with pytest.raises(GateError, match="candidate: settings changed"):
        freeze(workspace, other)
    with pytest.raises(GateError, match="protocol: settings changed"):
        opened(workspace, protocol_id, other)
    with pytest.raises(GateError, match="instrument changed"):
        freeze_protocol(workspace, SETTINGS, replace(INSTRUMENT, sha256="2" * 64), name="Ada", today=TODAY)
    monkeypatch.setattr(protocol_module, "procedure_sha256", lambda: "3" * 64)
    with pytest.raises(GateError, match="procedure changed"):
        opened(workspace, protocol_id)
    assert events(workspace) == ["protocol_frozen"]


def test_a_look_is_in_the_ledger_before_anything_is_evaluated(workspace):
    protocol_id = freeze(workspace)
    assert opened(workspace, protocol_id) == 1
    assert events(workspace) == ["protocol_frozen", "year_opened"]
    assert read_books(workspace).confirmation(protocol_id) is None


def test_every_look_counts_even_under_another_protocol(workspace):
    first = freeze(workspace)
    opened(workspace, first)
    other = replace(SETTINGS, policy=replace(SETTINGS.policy, ppv_floor=0.51))
    candidate = release_example.candidate()
    remade = {**candidate, "provenance": {**candidate["provenance"], "settings_sha256": settings_sha256(other)}}
    (workspace.candidate / "release.json").write_bytes(canonical_json(remade))
    second = freeze(workspace, other)
    assert second != first
    assert opened(workspace, second, other) == 2
    assert len(openings(read_ledger(workspace.releases), codes=["9901"], year=2023)) == 2
    assert openings(read_ledger(workspace.releases), codes=["9901"], year=2024) == []
    assert openings(read_ledger(workspace.releases), codes=["9902"], year=2023) == []


def test_the_confirmation_holds_each_criterion_against_its_limit(workspace):
    protocol_id = freeze(workspace)
    confirmation = record(workspace, protocol_id, opened(workspace, protocol_id))
    assert confirmation["passed"]
    assert confirmation["measures"]["oe"]["estimate"] == 1.0  # three decimals leave
    assert read_books(workspace).confirmation(protocol_id)["criteria"] == confirmation["criteria"]
    assert events(workspace)[-1] == "year_confirmed"


def test_a_criterion_is_judged_before_rounding(workspace):
    protocol_id = freeze(workspace)
    over = {**MEASURED, "ici": {"estimate": SETTINGS.policy.max_ici + 0.0001, "low": None, "high": None}}
    found = record(workspace, protocol_id, opened(workspace, protocol_id), over)
    assert (found["passed"], found["verdict"]) == (False, "not_met")


def test_what_was_not_measured_is_not_judged_and_never_failed(workspace):
    protocol_id = freeze(workspace)
    found = record(workspace, protocol_id, opened(workspace, protocol_id), {})
    assert (found["passed"], found["verdict"]) == (True, "not_known")
    assert {row["verdict"] for row in found["criteria"]} == {"not_known"}


def planned_for(monkeypatch, years, *not_judged):
    """Freeze protocols for these years that wait, and for too few people to judge what is named."""
    plan = {"0": {"years": list(years), "not_judged": list(not_judged)}}
    monkeypatch.setattr(exam, "planned", lambda *_: plan)


def test_a_protocol_takes_in_no_criterion_that_too_few_people_can_tell_of(workspace, monkeypatch):
    planned_for(monkeypatch, (2022, 2023), "ici")
    protocol_id = freeze(workspace)
    off = {**MEASURED, "ici": {"estimate": 0.3, "low": None, "high": None}}
    found = record(workspace, protocol_id, opened(workspace, protocol_id), off)
    assert "ici" not in [row["measure"] for row in found["criteria"]]
    assert (found["verdict"], found["years"], found["new_years"]) == ("met", [2022, 2023], [2022, 2023])


def test_years_of_which_nothing_can_be_judged_stay_unseen(workspace, monkeypatch):
    planned_for(monkeypatch, (2023,), "oe", "recalibration_slope", "ici", "auc")
    protocol_id = freeze(workspace)
    assert not can_be_judged(read_books(workspace).protocol(protocol_id), 0)
    opening = opened(workspace, protocol_id)
    assert read_ledger(workspace.releases)[-1]["years"] == []
    found = record_confirmation(workspace, protocol_id, {}, opening=opening, name="Ada", today=TODAY)
    assert (found["verdict"], found["passed"], found["years"], found["measures"]) == ("not_known", True, [], {})


def test_a_year_that_was_opened_for_an_earlier_release_is_not_new():
    looks = [
        {"event": "year_opened", "municipalities": ["9901"], "year": 2021, "opening": 1},  # of an early version
        {"event": "year_opened", "municipalities": ["9901"], "year": 2023, "years": [2022, 2023], "opening": 1},
        {"event": "year_opened", "municipalities": ["9902"], "year": 2024, "years": [2024], "opening": 1},
    ]
    now = {"codes": ["9901"], "years": [2021, 2022, 2023, 2024]}
    assert new_years(looks, **now, opening=1) == [2024]
    again = {**looks[1], "year": 2024, "years": [2024]}
    assert new_years([*looks, again], **now, opening=1) == [2024]  # the look itself
    assert new_years([*looks, again], **now, opening=2) == []


@pytest.mark.parametrize(
    ("measure", "estimate", "low", "high", "verdict"),
    [
        # the level: refused outside its limits and beyond chance alone
        ("oe", 1.30, 0.99, 1.70, "met"),
        ("oe", 1.30, 1.01, 1.70, "not_met"),
        ("oe", 1.20, 1.10, 1.31, "met"),
        ("oe", 0.70, 0.50, 0.99, "not_met"),
        # a slope: refused below its limit with an interval below 1, and above it beyond doubt
        ("recalibration_slope", 0.70, 0.41, 0.99, "not_met"),
        ("recalibration_slope", 0.70, 0.39, 1.01, "met"),
        ("recalibration_slope", 1.30, 1.05, 1.55, "met"),
        ("recalibration_slope", 1.60, 1.30, 1.90, "not_met"),
    ],
)
def test_a_measure_is_refused_beyond_its_limit_and_beyond_chance(workspace, measure, estimate, low, high, verdict):
    protocol_id = freeze(workspace)
    measured = {**MEASURED, measure: {"estimate": estimate, "low": low, "high": high}}
    assert record(workspace, protocol_id, opened(workspace, protocol_id), measured)["verdict"] == verdict


def test_the_first_record_stays_when_the_year_is_opened_again(workspace):
    protocol_id = freeze(workspace)
    record(workspace, protocol_id, opened(workspace, protocol_id))
    first = (workspace.protocols / protocol_id / "confirmation.json").read_bytes()
    record(workspace, protocol_id, opened(workspace, protocol_id), {})
    assert (workspace.protocols / protocol_id / "confirmation.json").read_bytes() == first
    assert (workspace.protocols / protocol_id / "confirmation-2.json").is_file()
    assert read_books(workspace).confirmation(protocol_id)["opening"] == 2


def test_nothing_is_recorded_that_was_not_opened(workspace):
    protocol_id = freeze(workspace)
    with pytest.raises(GateError, match="not opened under this protocol"):
        record(workspace, protocol_id, 1)
    with pytest.raises(GateError, match="knows no protocol"):
        opened(workspace, "2023-00000000")


@pytest.mark.parametrize("name", ["protocol.json", "confirmation.json"])
def test_a_changed_protocol_or_confirmation_is_noticed(workspace, name):
    protocol_id = freeze(workspace)
    record(workspace, protocol_id, opened(workspace, protocol_id))
    path = workspace.protocols / protocol_id / name
    path.write_bytes(path.read_bytes().replace(b"0.", b"1.", 1))
    with pytest.raises(BundleError, match="not what the ledger recorded"):
        read_books(workspace).protocol(protocol_id), read_books(workspace).confirmation(protocol_id)


def test_a_person_has_to_be_named(workspace):
    with pytest.raises(GateError, match="A name is needed"):
        freeze(workspace, name="  ")
    assert not workspace.protocols.exists() and events(workspace) == []


def test_without_a_candidate_there_is_nothing_to_freeze(tmp_path):
    workspace = release_example.proposed(tmp_path)
    (workspace.candidate / "release.json").unlink()
    with pytest.raises(GateError, match="no candidate"):
        freeze(workspace)


def remade_with(workspace, settings):
    candidate = release_example.candidate()
    remade = {**candidate, "provenance": {**candidate["provenance"], "settings_sha256": settings_sha256(settings)}}
    (workspace.candidate / "release.json").write_bytes(canonical_json(remade))


def test_a_limit_that_is_moved_after_a_failed_look_still_counts(workspace):
    off = {**MEASURED, "ici": {"estimate": 0.3, "low": None, "high": None}}
    first = freeze(workspace)
    failed = record(workspace, first, opened(workspace, first), off)
    assert not failed["passed"]
    assert looks_at(read_books(workspace), read_books(workspace).protocol(first), failed).unmet == ()  # its own limits
    looser = replace(SETTINGS, policy=replace(SETTINGS.policy, max_ici=0.9))
    remade_with(workspace, looser)
    second = freeze(workspace, looser)
    confirmation = record(workspace, second, opened(workspace, second, looser), off)
    assert confirmation["passed"]  # by the limit it was judged by …
    looks = looks_at(read_books(workspace), read_books(workspace).protocol(second), confirmation)
    assert (looks.openings_n, looks.failed_n, looks.younger_protocols_n) == (2, 1, 1)
    assert looks.unmet == ("ici",)  # … not by the one that was frozen before anybody looked
    assert "policy.max_ici" in looks.changed
    assert any("can't be waived" in sentence for sentence in looks.sentences("en"))


def test_a_look_at_the_same_people_under_another_code_is_a_look(workspace):
    first = freeze(workspace)
    opened(workspace, first)
    candidate = {**release_example.candidate(), "municipalities": [{"code": "9902", "name": "Annan"}]}
    (workspace.candidate / "release.json").write_bytes(canonical_json(candidate))
    other = freeze(workspace)
    assert other != first
    opened(workspace, other)
    for protocol_id in (first, other):
        looks = looks_at(read_books(workspace), read_books(workspace).protocol(protocol_id))
        assert (looks.openings_n, looks.younger_protocols_n) == (2, 1)


def test_who_has_looked_at_a_later_year_may_not_go_back_to_an_older(workspace):
    first = freeze(workspace)
    assert not record(workspace, first, opened(workspace, first), {**MEASURED, "auc": {"low": 0.4}})["passed"]
    lagging = replace(SETTINGS, cohort=replace(SETTINGS.cohort, reporting_lag_months=14))
    candidate = json.loads(canonical_json(release_example.candidate()))
    candidate["provenance"]["data_window"]["latest_complete_year"] = 2022
    candidate["provenance"] |= {"settings_sha256": settings_sha256(lagging), "cohort_hmac": "9" * 64}
    (workspace.candidate / "release.json").write_bytes(canonical_json(candidate))
    older = freeze(workspace, lagging)
    assert opened(workspace, older, lagging) == 2
    confirmation = record(workspace, older, 2)
    assert (confirmation["year"], confirmation["passed"]) == (2022, True)
    looks = looks_at(read_books(workspace), read_books(workspace).protocol(older), confirmation)
    assert (looks.openings_n, looks.failed_n, looks.protocols_n, looks.younger_protocols_n) == (2, 1, 2, 1)
    at_first = {**read_books(workspace).protocol(first)}
    assert looks_at(read_books(workspace), at_first).openings_n == 2  # it is the same delivery
    at_first["delivery_hmac"] = "0" * 64
    assert looks_at(read_books(workspace), at_first).openings_n == 1  # another year's is its own


def test_a_candidate_that_changed_after_the_protocol_is_not_opened(workspace):
    protocol_id = freeze(workspace)
    candidate = json.loads((workspace.candidate / "release.json").read_bytes())
    candidate["provenance"]["cohort_hmac"] = "0" * 64
    (workspace.candidate / "release.json").write_bytes(canonical_json(candidate))
    with pytest.raises(GateError, match="candidate is not the protocol's: 1 changed: cohort"):
        opened(workspace, protocol_id)
