import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import release_example

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, write_bytes
from riskmodel.publish.registry.served import check_purpose, served_release
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.bundle import load_release_file

TODAY = release_example.TODAY


@pytest.fixture(autouse=True)
def nothing_named(published, monkeypatch):
    monkeypatch.chdir(published.root)
    for variable in ("RISKMODEL_PROJECT", "RISKMODEL_SIGNERS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def logged(published, tmp_path):
    """The published release.json as a model's file, and what was noted when it was logged."""
    file = Path(shutil.copy(published.releases / "2026.1/release.json", tmp_path / "release.json"))
    return file, noted(file)


def noted(file):
    return {"release_sha256": sha256_of_bytes(file.read_bytes())}


def test_a_published_release_is_served_as_it_was_published(published, logged):
    file, config = logged
    release = served_release(file, config, today=TODAY, municipality="9901")
    assert canonical_json(release.raw) == file.read_bytes()


def test_the_day_and_the_municipality_are_those_of_verify(published, logged):
    file, config = logged
    last = date.fromisoformat(load_release_file(file).published.valid_until)
    assert served_release(file, config, today=last)
    for said, how in {
        "expired on": {"today": last + timedelta(days=1)},
        "not valid before": {"today": TODAY - timedelta(days=1)},
        "another municipality": {"today": TODAY, "municipality": "0180"},
    }.items():
        with pytest.raises(BundleError, match=said):
            served_release(file, config, **how)


def test_a_withdrawn_release_is_not_served(published, logged):
    withdraw(published, "2026.1", reason="test", name="Bo", today=TODAY)
    with pytest.raises(BundleError, match="2026.1: withdrawn"):
        served_release(*logged, today=TODAY)


def test_a_candidate_is_not_served(published):
    file = published.candidate / "release.json"
    with pytest.raises(BundleError, match="this is a candidate"):
        served_release(file, noted(file), today=TODAY)


def test_a_published_release_whose_files_were_changed_is_not_served(published, logged):
    (published.releases / "2026.1/card.md").write_text("# Another card\n", encoding="utf-8")
    with pytest.raises(BundleError, match="card.md: is not the file that was published"):
        served_release(*logged, today=TODAY)


def test_a_changed_file_is_refused_by_its_hash(published, logged):
    file, config = logged
    file.write_bytes(file.read_bytes().replace(b'"sum": ', b'"sum":  ', 1))
    with pytest.raises(BundleError, match="not the file that was logged"):
        served_release(file, config, today=TODAY)


def test_a_changed_release_that_was_logged_with_its_own_hash_is_not_the_published_one(published, logged):
    file, _ = logged
    changed = load_release_file(file).raw
    changed["landmarks"][0]["thresholds"]["band_method"]["en"] = "another"
    write_bytes(file, canonical_json(changed))
    with pytest.raises(BundleError, match="not the release that was published"):
        served_release(file, noted(file), today=TODAY)


def test_a_format_nobody_knows_is_refused(published, logged):
    file, _ = logged
    write_bytes(file, canonical_json({**load_release_file(file).raw, "format": 99}))
    with pytest.raises(BundleError, match="format that this version does not know"):
        served_release(file, noted(file), today=TODAY)


def test_without_the_ledger_nothing_is_served_until_it_is_pointed_out(published, logged, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BundleError, match=r"ledger of releases can't be reached.*set RISKMODEL_PROJECT"):
        served_release(*logged, today=TODAY)
    monkeypatch.setenv("RISKMODEL_PROJECT", str(published.root))
    assert served_release(*logged, today=TODAY)


def test_signatures_are_asked_for_where_the_settings_or_the_server_ask_for_them(published, logged, monkeypatch):
    nobody = published.root / "allowed_signers"
    nobody.write_text("# nobody\n", encoding="utf-8")
    settings = (release_example.ROOT / "params.toml").read_text(encoding="utf-8")
    write_bytes(published.params, settings.encode())
    assert served_release(*logged, today=TODAY)
    monkeypatch.setenv("RISKMODEL_SIGNERS", str(nobody))
    with pytest.raises(BundleError, match="sign"):
        served_release(*logged, today=TODAY)
    monkeypatch.delenv("RISKMODEL_SIGNERS")
    asked = settings.replace("require_signatures = false", "require_signatures = true")
    asked = asked.replace('allowed_signers = ""', 'allowed_signers = "allowed_signers"')
    assert asked.count("allowed_signers") > settings.count("allowed_signers")
    write_bytes(published.params, asked.encode())
    with pytest.raises(BundleError, match="sign"):
        served_release(*logged, today=TODAY)


def test_a_model_answers_those_alone_who_say_that_they_evaluate():
    check_purpose("evaluation")
    for purpose in ("", "casework-4711"):
        with pytest.raises(
            BundleError, match=r'evaluation alone.*"purpose": "evaluation".*riskmodel advise'
        ) as refused:
            check_purpose(purpose)
        assert "4711" not in str(refused.value)
