"""Whose table is borrowed: known to be that release, still standing, and made of other people."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from riskmodel.ground.choices import PriorSettings
from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.files import canonical_json, sha256_of_file
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.model.lender import lent, no_more, with_prior
from riskmodel.release.bundle import SUMS_FILE
from riskmodel.release.ledger import LEDGER

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "models/releases/2026.1"
SUMS = sha256_of_file(PUBLISHED / SUMS_FILE)
OURS = read_instrument(ROOT / "data/instruments/exempelstad.toml")
NEIGHBOUR = replace(OURS, municipality_code="9902")
WINDOW = (24216, 24300)  # intake months that 2026.1 saw


@pytest.fixture
def folder(tmp_path):
    """The release, alone in a folder."""
    return Path(shutil.copytree(PUBLISHED, tmp_path / "theirs" / "2026.1"))


def settings_with(folder, *, outcome=None, **prior):
    read = read_settings(ROOT / "params.toml").at(0)
    cohort = replace(read.cohort, outcome=outcome or read.cohort.outcome)
    written = PriorSettings(str(folder), **{"sha256": SUMS} | prior)
    return replace(read, cohort=cohort, model=replace(read.model, prior=written))


def cases(*months):
    return pd.DataFrame({"intake_month": months})


def test_the_table_is_read_for_a_neighbour(folder):
    table = with_prior(settings_with(folder), NEIGHBOUR, cases(*WINDOW)).model.prior.at_hand
    assert (table.release, table.municipalities) == ("2026.1", {"9900": "Exempelstad"})
    assert table.sha256 == SUMS
    assert table.r2 is None  # it does not say
    assert not table.unmatched


def test_paths_begin_at_the_root(folder):
    settings = settings_with("theirs/2026.1")
    assert with_prior(settings, NEIGHBOUR, cases(0), root=folder.parents[1]).model.prior.table


def test_without_a_prior_the_settings_are_what_they_were():
    settings = read_settings(ROOT / "params.toml")
    assert with_prior(settings, OURS, cases(*WINDOW)) is settings


def test_a_release_that_nothing_vouches_for_is_refused(folder):
    with pytest.raises(SettingsError, match="Give sha256"):
        lent(settings_with(folder, sha256="").model.prior)
    with pytest.raises(BundleError, match="sha256 is not that of 2026.1/SHA256SUMS"):
        lent(settings_with(folder, sha256="0" * 64).model.prior)


def test_a_release_that_was_changed_is_refused(folder):
    with (folder / "card.md").open("a") as stream:
        stream.write("\n")
    with pytest.raises(BundleError, match="is not the file that was published"):
        lent(settings_with(folder).model.prior)


def test_nobody_signed_it_whose_signature_counts(folder, tmp_path):
    signers = tmp_path / "signers"
    signers.write_text("", encoding="utf-8")
    with pytest.raises((BundleError, SettingsError)):
        lent(settings_with(folder, sha256="", signers=str(signers)).model.prior)


def test_a_withdrawn_release_is_refused_by_its_mark(folder):
    (folder.parent / "2026.1.withdrawn").write_text("", encoding="utf-8")
    with pytest.raises(BundleError, match="2026.1 was withdrawn by its publisher"):
        with_prior(settings_with(folder), NEIGHBOUR, cases(0))


def test_a_ledger_beside_it_is_asked(folder):
    for name in (LEDGER, f"{LEDGER}.head"):
        shutil.copy(PUBLISHED.parent / name, folder.parent / name)
    assert with_prior(settings_with(folder), NEIGHBOUR, cases(0)).model.prior.table
    (folder.parent / LEDGER).write_text("{}\n", encoding="utf-8")
    with pytest.raises(BundleError):
        with_prior(settings_with(folder), NEIGHBOUR, cases(0))


def test_a_table_of_these_people_is_refused_and_one_of_earlier_people_is_not(folder):
    with pytest.raises(SettingsError, match="saw the intake months of 2 of the 3 cases"):
        with_prior(settings_with(folder), OURS, cases(WINDOW[0], WINDOW[1], WINDOW[1] + 1))
    assert with_prior(settings_with(folder), OURS, cases(WINDOW[1] + 1)).model.prior.table


def test_another_outcome_is_refused(folder):
    with pytest.raises(SettingsError, match="their outcome is over_ten_of_twelve, ours is national_year"):
        with_prior(settings_with(folder, outcome="national_year"), NEIGHBOUR, cases(0))


@pytest.fixture
def summary(tmp_path):
    """A file that two towns' combination could be."""
    towns = [
        {"code": code, "name": f"Town {code}", "n": 500, "events_n": 140, "last_intake_month": 24240}
        for code in ("9902", "9903")
    ]
    item = {
        "id": "debts",
        "text": {"sv": "Skulder?", "en": "Debts?"},
        "kind": "flag",
        "values": None,
        "no_answer": None,
    }
    cells = [{"codes": [code], "logodds": value, "people": 300} for code, value in (("no", -0.2), ("yes", 0.2))]
    whole = {"kind": "combination", "format": 1, "month": 0, "outcome": "over_ten_of_twelve", "towns": towns}
    whole |= {"penalty": 0.0, "between": 0.1, "items": [item | {"cells": cells}]}
    (tmp_path / "partners.json").write_bytes(canonical_json(whole))
    return tmp_path / "partners.json"


def borrowing(path, **prior):
    return settings_with(path, **{"sha256": sha256_of_file(path)} | prior)


def test_a_combination_is_borrowed_by_its_hash_alone(summary):
    table = with_prior(borrowing(summary), OURS, cases(*WINDOW)).model.prior.at_hand
    assert (table.kind, table.municipalities) == ("combination", {"9902": "Town 9902", "9903": "Town 9903"})
    assert table.logodds["debts"][:2] == (-0.2, 0.2)
    with pytest.raises(SettingsError, match="Give its sha256"):
        with_prior(borrowing(summary, sha256=""), OURS, cases(*WINDOW))
    with pytest.raises(BundleError, match="not the file"):
        with_prior(borrowing(summary, sha256="0" * 64), OURS, cases(*WINDOW))


def test_a_town_whose_people_are_in_the_combination_can_not_borrow_it(summary):
    with pytest.raises(SettingsError, match="1 of the 2 cases"):
        with_prior(borrowing(summary), NEIGHBOUR, cases(24240, 24241))


def test_a_combination_of_another_month_is_refused(summary):
    with pytest.raises(SettingsError, match="is of month 0, not of 3"):
        with_prior(borrowing(summary).at(3), OURS, cases(*WINDOW))


def test_where_says_it_when_a_release_can_not_be_borrowed_from_any_more(folder):
    prior = settings_with(folder).model.prior
    assert no_more(None) is None and no_more(prior) is None
    (folder.parent / "2026.1.withdrawn").write_text("", encoding="utf-8")
    assert "2026.1 was withdrawn by its publisher" in str(no_more(prior))
    shutil.rmtree(folder)
    assert "can't be read" in str(no_more(prior))
