"""A folder of files to what can be said of it: ingest, cohort and fit in memory, by what the stages call."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pandas as pd

from riskmodel.assess.assessment import check_judgeable, hidden_leaks, refuse_hidden_leak
from riskmodel.assess.fairness import check_tolerances
from riskmodel.assess.rolling import trials_of
from riskmodel.assess.subgroups import audited_cases, groupings
from riskmodel.cohort.build import build_cohorts
from riskmodel.cohort.flow_alarms import alarms_of, refuse_broken_flow
from riskmodel.cohort.record import Cohort
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.alarm import Alarm, unmet
from riskmodel.ground.errors import FitError, GateError, SurveyDataError
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.model.lender import with_prior
from riskmodel.model.prior import earlier_accuracy
from riskmodel.model.published_fit import checked_fit
from riskmodel.model.sample import check_cases
from riskmodel.preview.counts import cases_by_year, delivery_counts
from riskmodel.preview.reach import Ground, at_landmark, shortfalls
from riskmodel.preview.record import Preview
from riskmodel.publish.apart import Present, check_beside, earlier_releases
from riskmodel.publish.books import read_books
from riskmodel.publish.exam import planned
from riskmodel.release.record import Release
from riskmodel.release.verify import published_release, release_to_compare

OF_THE_DELIVERY = (SurveyDataError, FitError)


@dataclass(frozen=True)
class Choices:
    """What a delivery is looked at with. workspace: of the project, for what was published and what is borrowed."""

    instrument: Instrument
    settings: Settings
    workspace: Workspace


def preview(folder: Path, choices: Choices) -> Preview:
    """What the delivery in `folder` can come to.

    What a stage would refuse for the delivery's sake stands in `refused`; what is wrong with settings or instrument is
    raised.
    """
    settings, profile = choices.settings, choices.settings.release.profile
    found = Preview(profile)
    try:
        delivery = read_delivery(folder, choices.instrument, settings)
        found = replace(found, **delivery_counts(delivery, settings.delivery.accepted, profile=profile))
        cohorts = build_cohorts(delivery, choices.instrument, settings)
        first, *_ = cohorts.values()
        found = replace(found, cases=cases_by_year(first, profile=profile), held=_held(cohorts, choices))
        alarms = alarms_of(cohorts.values())
        found = _with_unmet(found, alarms, settings, "cohort")
        refuse_broken_flow(alarms)
        return _with_landmarks(found, cohorts, choices)
    except OF_THE_DELIVERY as error:
        return replace(found, refused=error)


def _with_landmarks(found: Preview, cohorts: Mapping[int, Cohort], choices: Choices) -> Preview:
    """`found` with what there is at each landmark, and what stands in the way of each gate."""
    grounds = [*_grounds(cohorts, choices)]
    found = _with_unmet(found, chain.from_iterable(on.alarms for on in grounds), choices.settings, "fit", "assess")
    lacking = shortfalls(grounds, choices.instrument)
    return replace(found, landmarks=[at_landmark(on) for on in grounds], shortfalls=lacking)


def _with_unmet(found: Preview, alarms: Iterable[Alarm], settings: Settings, *stages: str) -> Preview:
    """`found` with the explanations that meet none of what `stages` look for."""
    return replace(found, unmet=[*found.unmet, *unmet(settings.alarm.explained, alarms, stages=stages)])


def _grounds(cohorts: Mapping[int, Cohort], choices: Choices) -> Iterator[Ground]:
    settings, previous = choices.settings, _previous(choices)
    # years and folds are copied many times over: without what was answered, of which nothing is asked there
    bare = {month: replace(cohort, answers=cohort.answers[[]]) for month, cohort in cohorts.items()}
    plans = planned(bare, settings)
    for month, cohort in cohorts.items():
        known = entering_instrument(choices.instrument, cohort.refused)
        modelled = cohort.modelled
        check_cases(*modelled)
        here = with_prior(settings.at(month), known, modelled[0], root=choices.workspace.root)
        earlier = earlier_accuracy(previous, month) if previous else {}
        auc, r2 = earlier.get("previous_auc"), earlier.get("previous_r2")
        fitted = checked_fit(*modelled, known, here, previous_auc=auc, previous_r2=r2)
        cases, answers, hidden = _judged(cohort, bare[month], known, here)
        audit = groupings(known, landmark=month)
        people = audited_cases(cases, answers, known, landmark=month)
        check_judgeable(people)
        check_tolerances(people, here, groupings=audit)
        alarms = [*fitted.alarms, *hidden]
        yield Ground(bare[month], people, audit, fitted.need, plans[str(month)], here, alarms)


def _judged(
    cohort: Cohort, bare: Cohort, instrument: Instrument, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, list[Alarm]]:
    """Cases that the year is judged on, answers, and explained alarms; a `FitError` where a trial has nothing to learn
    from, or a leak hides. bare: `cohort` without answers."""
    years, folds = trials_of(bare, settings)
    for trial in (*years, *folds):
        check_cases(trial.cases, trial.answers)
    shown = [
        replace(one, **{name: cohort.answers.loc[getattr(one, name).index] for name in ("answers", "new_answers")})
        for one in years or folds
    ]
    hidden = hidden_leaks(shown if years else (), () if years else shown, instrument, settings)
    refuse_hidden_leak(hidden)
    cases = pd.concat([one.new_cases for one in shown], ignore_index=True)
    return cases, pd.concat([one.new_answers for one in shown]), hidden


def _previous(choices: Choices) -> Release | None:
    """The release that the run would be compared with, as stage `previous` finds it."""
    releases, code = choices.workspace.releases, choices.instrument.municipality_code
    found = release_to_compare(releases, choices.settings.release.previous, municipality=code)
    return published_release(releases, str(found["release"])) if isinstance(found, dict) else None


def _held(cohorts: Mapping[int, Cohort], choices: Choices) -> GateError | None:
    """Why nothing that is made of the cohorts may leave beside earlier releases; None when it may."""
    books, codes = read_books(choices.workspace), [choices.instrument.municipality_code]
    if not earlier_releases(books.events, codes):
        return None
    try:
        check_beside(Present(choices.workspace, cohorts), books, codes)
    except GateError as error:
        return error
    return None
