"""Whose table a fit starts from: read from its folder, known to be that release, not withdrawn, and of other people."""

from pathlib import Path

import pandas as pd

from riskmodel.ground.choices import PriorSettings
from riskmodel.ground.errors import BundleError, RiskModelError, SettingsError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text
from riskmodel.instrument.records import Instrument
from riskmodel.model import REFUSALS
from riskmodel.model.prior import WHERE, TheirTable, of_release, of_summary, settled
from riskmodel.release.bundle import SUMS_FILE, check_folder, read_file
from riskmodel.release.record import Release
from riskmodel.release.signers import read_signers
from riskmodel.release.town_summary import read_summary
from riskmodel.release.verify import signed_by, withdrawn_beside


def with_prior(settings: Settings, instrument: Instrument, cases: pd.DataFrame, *, root: Path = Path()) -> Settings:
    """`settings` with the table they borrow for `instrument`'s answers; as they are when they borrow none.

    cases: all that anything will be fitted on or judged by, with intake_month. root: where the paths begin.
    """
    prior = settings.model.prior
    if prior is None:
        return settings
    _check_apart(settings)
    theirs = _their_table(prior, settings.cohort.landmark, root)
    _check_outcome(theirs, settings)
    _check_others(theirs, instrument, cases)
    return settled(settings, theirs, instrument)


def _check_apart(settings: Settings) -> None:
    if settings.model.pairs:
        raise SettingsError(REFUSALS["lends_no_pairs"].filled(where=WHERE, n=len(settings.model.pairs)))


def _their_table(prior: PriorSettings, month: int, root: Path) -> TheirTable:
    path = root / prior.release
    if is_summary(prior):
        summary = read_summary(path, sha256=prior.sha256)
        if not prior.sha256:
            raise SettingsError(REFUSALS["file_unknown"].filled(where=WHERE))
        if summary.month != month:
            raise SettingsError(
                REFUSALS["other_month"].filled(where=WHERE, file=path.name, month=summary.month, asked=month)
            )
        return of_summary(summary, sha256=prior.sha256)
    release = lent(prior, root=root)
    if withdrawn_beside(path, release):
        raise BundleError(REFUSALS["in_the_prior"].filled(where=WHERE, told=told_withdrawn(release)))
    return of_release(release, month, sha256=_sums_sha256(path))


def is_summary(prior: PriorSettings) -> bool:
    """Whether `prior` names a file that towns write, not a release's folder."""
    return prior.release.endswith(".json")


def lent(prior: PriorSettings, *, root: Path = Path()) -> Release:
    """The release that `prior` names, when it is the one it says; it may be expired or withdrawn."""
    folder = root / prior.release
    if not (prior.sha256 or prior.signers):
        raise SettingsError(REFUSALS["release_unknown"].filled(where=WHERE, sums=SUMS_FILE))
    release = check_folder(folder)
    if prior.sha256 and prior.sha256 != _sums_sha256(folder):
        raise BundleError(REFUSALS["other_sums"].filled(where=WHERE, folder=folder.name, sums=SUMS_FILE))
    if prior.signers:
        signed_by(folder, release, read_signers(root / prior.signers))
    return release


def no_more(prior: PriorSettings | None, *, root: Path = Path()) -> RiskModelError | None:
    """Why the release that `prior` names can't be borrowed from any more; None while it can, and of a summary."""
    if prior is None or is_summary(prior):
        return None
    try:
        release = lent(prior, root=root)
        is_withdrawn = withdrawn_beside(root / prior.release, release)
    except (BundleError, SettingsError) as error:
        return error
    return BundleError(told_withdrawn(release)) if is_withdrawn else None


def told_withdrawn(release: Release) -> Text:
    """What to say of a borrowed release that was withdrawn."""
    return REFUSALS["withdrawn_there"].filled(release=release.published.id)


def _sums_sha256(folder: Path) -> str:
    return sha256_of_bytes(read_file(folder / SUMS_FILE))


def _check_outcome(theirs: TheirTable, settings: Settings) -> None:
    if theirs.outcome != settings.cohort.outcome:
        raise SettingsError(
            REFUSALS["other_outcome"].filled(where=WHERE, theirs=theirs.outcome, ours=settings.cohort.outcome)
        )


def _check_others(theirs: TheirTable, instrument: Instrument, cases: pd.DataFrame) -> None:
    """Refuse a table that was made of these people: it would know their outcomes."""
    if instrument.municipality_code not in theirs.seen:
        return
    first, last = theirs.seen[instrument.municipality_code]
    months = cases["intake_month"]
    inside = (months >= (first or 0)) & (months <= (months.max() if last is None else last))
    if inside.any():
        raise SettingsError(REFUSALS["our_own"].filled(where=WHERE, n=int(inside.sum()), cases=len(cases)))
