"""Whose table a fit starts from: read from its folder, known to be that release, not withdrawn, and of other people."""

from pathlib import Path

import pandas as pd

from riskmodel.ground.borrowing import PriorSettings
from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.prior import WHERE, settled
from riskmodel.release.bundle import SUMS_FILE, read_file
from riskmodel.release.record import Release
from riskmodel.release.signers import read_signers
from riskmodel.release.verify import check_folder, signed_by, withdrawn_beside


def with_prior(settings: Settings, instrument: Instrument, cases: pd.DataFrame, *, root: Path = Path()) -> Settings:
    """`settings` with the table they borrow for `instrument`'s answers; as they are when they borrow none.

    cases: all that anything will be fitted on or judged by, with intake_month. root: where the paths begin.
    """
    prior = settings.model.prior
    if prior is None:
        return settings
    release = lent(prior, root=root)
    if withdrawn_beside(root / prior.release, release):
        raise BundleError(f"{WHERE}: {told_withdrawn(release)}")
    _check_outcome(release, settings)
    _check_others(release, instrument, cases)
    return settled(settings, release, instrument, sha256=_sums_sha256(root / prior.release))


def lent(prior: PriorSettings, *, root: Path = Path()) -> Release:
    """The release that `prior` names, when it is the one it says; it may be expired or withdrawn."""
    folder = root / prior.release
    if not (prior.sha256 or prior.signers):
        raise SettingsError(
            f"{WHERE}: nothing says that this is their release. Give sha256, of its {SUMS_FILE}, as its publisher "
            "tells it, or signers, a file of those whose signatures count."
        )
    release = check_folder(folder)
    if prior.sha256 and prior.sha256 != _sums_sha256(folder):
        raise BundleError(
            f"{WHERE}: sha256 is not that of {folder.name}/{SUMS_FILE}. Fetch their release again, or ask."
        )
    if prior.signers:
        signed_by(folder, release, read_signers(root / prior.signers))
    return release


def told_withdrawn(release: Release) -> str:
    """What to say of a borrowed release that was withdrawn."""
    return f"{release.published.id} was withdrawn by its publisher. Ask them why; borrow from another, or fit alone."


def _sums_sha256(folder: Path) -> str:
    return sha256_of_bytes(read_file(folder / SUMS_FILE))


def _check_outcome(release: Release, settings: Settings) -> None:
    if release.outcome.name != settings.cohort.outcome:
        raise SettingsError(
            f"{WHERE}: their outcome is {release.outcome.name}, ours is {settings.cohort.outcome}. "
            "Borrow from a release with ours."
        )


def _check_others(release: Release, instrument: Instrument, cases: pd.DataFrame) -> None:
    """Refuse a table that was made of these people: it would know their outcomes."""
    if instrument.municipality_code not in release.codes:
        return
    window = release.provenance.data_window
    if window is None or window.first_intake_month is None or window.last_intake_month is None:
        inside = pd.Series(True, index=cases.index)  # not said whom it saw
    else:
        inside = cases["intake_month"].between(window.first_intake_month, window.last_intake_month)
    if inside.any():
        raise SettingsError(
            f"{WHERE}: {release.published.id} is of this municipality and saw the intake months of {int(inside.sum())} "
            f"of the {len(cases)} cases. Borrow from another municipality."
        )
