import pytest
import release_example

from riskmodel.assess.years import check_confirmable
from riskmodel.ground.errors import GateError, SurveyDataError
from riskmodel.publish import confirm as confirm_module
from riskmodel.publish import exam as exam_module
from riskmodel.publish.confirm import confirm
from riskmodel.publish.protocol import freeze_protocol
from riskmodel.release.ledger import read_ledger

SETTINGS, INSTRUMENT, TODAY = release_example.settings(), release_example.INSTRUMENT, release_example.TODAY


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    predictions = release_example.predictions().assign(level_error=0.03)
    monkeypatch.setattr(confirm_module, "check_confirmable", lambda *_: 2023)  # the made year is too short for it
    monkeypatch.setattr(exam_module, "confirm_predictions", lambda *_: predictions[predictions["intake_year"] == 2023])
    return release_example.proposed(tmp_path)


def look(workspace, cohort_sha256="c" * 64):
    return confirm(
        workspace,
        {0: release_example.year().cohort},
        INSTRUMENT,
        SETTINGS,
        cohort_sha256=cohort_sha256,
        name="Ada",
        today=TODAY,
    )


def freeze(workspace):
    return freeze_protocol(workspace, SETTINGS, INSTRUMENT, name="Ada", today=TODAY)


def test_without_a_protocol_nothing_is_opened(workspace):
    with pytest.raises(GateError, match="G1: no protocol"):
        look(workspace)
    assert read_ledger(workspace.releases) == []


def test_the_year_is_opened_evaluated_and_written_down(workspace):
    protocol_id = freeze(workspace)
    record = look(workspace)
    assert (record["protocol"], record["year"], record["opening"]) == (protocol_id, 2023, 1)
    assert [row["measure"] for row in record["criteria"]] == [
        *("oe", "recalibration_slope", "recalibration_slope", "ici", "auc")
    ]
    assert {"auc", "ppv", "flagged_share"} <= set(record["measures"])
    assert 0.7 < record["measures"]["auc"]["estimate"] < 0.85
    events = [event["event"] for event in read_ledger(workspace.releases)]
    assert events == ["protocol_frozen", "year_opened", "year_confirmed"]


def test_a_year_on_which_too_little_was_known_is_not_opened(workspace, monkeypatch):
    freeze(workspace)
    monkeypatch.setattr(confirm_module, "check_confirmable", check_confirmable)
    with pytest.raises(SurveyDataError, match="cohort, year 2023: fewer than 20 intake months"):
        look(workspace)
    assert [event["event"] for event in read_ledger(workspace.releases)] == ["protocol_frozen"]


def test_a_look_that_breaks_off_has_been_a_look(workspace, monkeypatch):
    freeze(workspace)

    def breaks(*_):
        raise MemoryError

    monkeypatch.setattr(exam_module, "confirm_predictions", breaks)
    with pytest.raises(MemoryError):
        look(workspace)
    assert [event["event"] for event in read_ledger(workspace.releases)][-1] == "year_opened"
    monkeypatch.undo()
    monkeypatch.setattr(confirm_module, "check_confirmable", lambda *_: 2023)
    predictions = release_example.predictions().assign(level_error=0.03)
    monkeypatch.setattr(exam_module, "confirm_predictions", lambda *_: predictions)
    assert look(workspace)["opening"] == 2


@pytest.mark.parametrize("change", ["cohort", "year"])
def test_other_cases_than_the_protocols_open_nothing(workspace, monkeypatch, change):
    freeze(workspace)
    if change == "year":
        monkeypatch.setattr(confirm_module, "check_confirmable", lambda *_: 2022)
    with pytest.raises(GateError, match="cases at hand are not those the protocol was frozen for"):
        look(workspace, cohort_sha256="0" * 64 if change == "cohort" else "c" * 64)
    assert [event["event"] for event in read_ledger(workspace.releases)] == ["protocol_frozen"]


def test_cases_damaged_since_the_protocol_are_not_looked_into(workspace, monkeypatch):
    freeze(workspace)
    monkeypatch.setattr(confirm_module, "check_confirmable", lambda *_: {}["latest_complete_year"])
    with pytest.raises(GateError, match="cases at hand are not those the protocol was frozen for"):
        look(workspace, cohort_sha256="0" * 64)
