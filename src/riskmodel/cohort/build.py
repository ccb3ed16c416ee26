"""A delivery to its cohort: from a register and intake answers, or from cases that somebody else has labelled."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace

import numpy as np
import pandas as pd

from riskmodel.cohort import REFUSALS, guard
from riskmodel.cohort.case_control import case_control
from riskmodel.cohort.cases import RegisterHistory, histories
from riskmodel.cohort.design import Described, clusters_by_person, described_cases, finished_cases
from riskmodel.cohort.flow import case_control_steps, case_steps, flow_frame, register_steps
from riskmodel.cohort.flow_alarms import outcome_alarms, register_alarms, unknown_alarms
from riskmodel.cohort.followup import latest_complete_year
from riskmodel.cohort.population import AT_RISK, answers_by_case, known_items, sorted_answers
from riskmodel.cohort.record import DECEMBER, Cohort
from riskmodel.cohort.summary import CASE_CONTROL, case_control_summary, labelled_summary, register_summary
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.receipts import receipts_n
from riskmodel.ground.alarm import Alarm
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import OUTCOMES, CohortSettings, Settings
from riskmodel.instrument.records import Instrument

NOT_FOLLOWED = (
    *("receipt_months", "decided_month", "censored_month", "left_within_100_days", "receipts_so_far"),
    *OUTCOMES,
)


def build_cohorts(delivery: Delivery, instrument: Instrument, settings: Settings) -> dict[int, Cohort]:
    """The cohort at each of the landmarks of `settings`, in order, with the alarms of the flow in their summaries.

    The register is worked through once for them all.
    """
    history = None if delivery.receipts is None else histories(delivery.receipts)
    return {
        landmark: build_cohort(delivery, instrument, settings.at(landmark), watched=True, history=history)
        for landmark in settings.cohort.landmarks
    }


def build_cohort(
    delivery: Delivery,
    instrument: Instrument,
    settings: Settings,
    *,
    watched: bool = False,
    history: Callable[[CohortSettings], RegisterHistory] | None = None,
) -> Cohort:
    """The cases of `delivery` with answers, outcomes and weights at the landmark of `settings` (method.md 1).

    Survey answers are looked at in the case-control design alone, and fill no hole there either. A delivery without
    cases that can be followed and linked is a `SurveyDataError`; settings that would let the future in are a
    `SettingsError`. watched: whether the summary holds the alarms of the flow, too (`flow_alarms`). history: of the
    register's rows, where they are worked through for several cohorts (`histories`).
    """
    guard.check_design(settings)
    if settings.cohort.design == CASE_CONTROL:
        guard.check_case_control(settings, labelled=delivery.labelled_cases is not None)
    if delivery.labelled_cases is not None:
        return _from_labels(delivery.labelled_cases, instrument, settings, watched=watched)
    if delivery.receipts is None or _rows_n(delivery) == 0:
        raise SurveyDataError(REFUSALS["no_register"])
    if delivery.answers_by_intake is None or delivery.answers_by_intake.empty:
        raise SurveyDataError(REFUSALS["no_intake"])
    by_design = _by_case_control if settings.cohort.design == CASE_CONTROL else _from_register
    known = (history or histories(delivery.receipts))(settings.cohort)
    return by_design(delivery, delivery.answers_by_intake, known, instrument, settings, watched=watched)


def build_inflow(delivery: Delivery, instrument: Instrument, settings: Settings) -> Cohort:
    """The linked new cases that a case-control design is judged by: `delivery` in the cohort design, same clusters.

    They may be a sample of the new cases, however small: the events are the survey's.
    """
    cohort = replace(settings.cohort, design="cohort")
    delivered = replace(settings.delivery, max_unlinked_explained=1.0)
    return build_cohort(delivery, instrument, replace(settings, cohort=cohort, delivery=delivered))


def _rows_n(delivery: Delivery) -> int:
    return 0 if delivery.receipts is None else receipts_n(delivery.receipts)


def _inflow(history: RegisterHistory, intake: pd.DataFrame, instrument: Instrument, settings: Settings) -> Described:
    found = described_cases(history, sorted_answers(intake), instrument, settings)
    guard.check_followed(found.cases, last_register_month=history.last_month, settings=settings)
    guard.check_linked(found.cases, instrument, settings.delivery)
    return found


def _by_case_control(
    delivery: Delivery,
    intake: pd.DataFrame,
    history: RegisterHistory,
    instrument: Instrument,
    settings: Settings,
    *,
    watched: bool,
) -> Cohort:
    survey = guard.check_survey(delivery.answers_by_survey)
    found = _inflow(history, intake, instrument, settings)
    made = case_control(
        found.cases,
        found.answers,
        survey,
        instrument,
        settings.cohort,
        at_intake=intake.columns,
        latest_year=latest_complete_year(history, settings.cohort),
    )
    steps = register_steps(_rows_n(delivery), delivery.files, delivery.quality, history, found)
    steps += case_control_steps(made.cases, found.cases, made.roles, waits=made.waits)
    flow = flow_frame(steps, first_month=found.first_month)
    summary = register_summary(found.cases, found.follow, history, instrument, settings.cohort)
    summary |= case_control_summary(made, settings.cohort)
    summary |= _alarms(register_alarms(history, found.cases, settings)) if watched else {}
    return Cohort(made.cases, made.answers, flow, tidy(summary))


def _from_register(
    delivery: Delivery,
    intake: pd.DataFrame,
    history: RegisterHistory,
    instrument: Instrument,
    settings: Settings,
    *,
    watched: bool,
) -> Cohort:
    found = _inflow(history, intake, instrument, settings)
    guard.check_most_linked(found.cases, settings.delivery)
    guard.check_at_risk(found.cases, found.answers, instrument, settings)
    steps = register_steps(_rows_n(delivery), delivery.files, delivery.quality, history, found)
    steps += case_steps(found.cases, first_step="new_cases", landmark=settings.cohort.landmark)
    flow = flow_frame(steps, first_month=found.first_month)
    summary = register_summary(found.cases, found.follow, history, instrument, settings.cohort)
    if watched:
        alarms = [*register_alarms(history, found.cases, settings), *outcome_alarms(found.cases, settings)]
        summary |= _alarms(alarms)
    return Cohort(found.cases, found.answers, flow, tidy(summary))


def _from_labels(rows: pd.DataFrame, instrument: Instrument, settings: Settings, *, watched: bool) -> Cohort:
    guard.check_labelled(settings)
    cases, answers = labelled_cases(rows, instrument, settings)
    outcome = rows.set_index("case_id")["outcome"].reindex(cases["case_id"]).reset_index(drop=True)
    flow = flow_frame(case_steps(cases, first_step="labelled_cases"))
    summary = labelled_summary(cases, outcome, rule=labelled_rule(settings.cohort))
    if watched:
        alarms = [*unknown_alarms(outcome, cases["intake_year"], settings), *outcome_alarms(cases, settings)]
        summary |= _alarms(alarms)
    return Cohort(cases, answers, flow, tidy(summary))


def _alarms(alarms: Iterable[Alarm]) -> dict[str, object]:
    return {"alarms": [asdict(alarm) for alarm in alarms]}


def labelled_cases(
    labelled: pd.DataFrame, instrument: Instrument, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One case per row of `labelled` (case_id, person_id, household_id, intake_year, area, outcome, items): cases
    (CASE_COLUMNS, sorted by case_id) and answers (the same rows, index case_id).

    A cohort has no months: its cases count as begun in its December, so that with outcome_known_after_months = 0
    the cohort of year Y is known on 1 January Y + 1, and with 12 a year later.
    """
    rows = labelled.sort_values("case_id", ignore_index=True)
    _check_labels(rows)
    items = known_items(instrument, landmark=settings.cohort.landmark)
    unknown = np.full(len(rows), np.nan)
    answers = answers_by_case(items, rows, np.arange(len(rows)), case_id=rows["case_id"], registered={})
    intake_month = rows["intake_year"] * 12 + DECEMBER
    person = rows["person_id"].mask(rows["person_id"] == "", rows["case_id"])
    household = rows["household_id"].mask(rows["household_id"] == "", "person " + person)
    clusters = clusters_by_person(pd.DataFrame({"person_id": person, "household_id": household}))
    cases = pd.DataFrame(
        {
            "case_id": rows["case_id"],
            "person_id": person,
            "cluster_id": person.map(clusters),
            "intake_month": intake_month,
            "intake_year": rows["intake_year"],
            "area": rows["area"],
            "linked": True,
            "joined": False,
            "complete": True,
            "outcome": rows["outcome"].astype("Int8"),
            "exit": "",
            "known_month": intake_month + settings.cohort.outcome_known_after_months,
            "earlier_months": unknown,
            "standing": AT_RISK,
            "crosses_reform": False,
            **{name: pd.Series(pd.NA, index=rows.index, dtype="Int16") for name in NOT_FOLLOWED},
        }
    )
    return finished_cases(cases, answers, items, settings.cohort, rule=labelled_rule(settings.cohort)), answers


def labelled_rule(settings: CohortSettings) -> str:
    """The censoring rule: without months there are no weights to estimate, so the unknown are dropped instead."""
    return "drop" if settings.censoring == "ipcw" else settings.censoring


def _check_labels(rows: pd.DataFrame) -> None:
    if not rows["outcome"].notna().any():
        raise SurveyDataError(REFUSALS["no_outcome"].filled(all=len(rows)))
    doubled_n = int(rows["case_id"].duplicated().sum())
    if doubled_n:
        raise SurveyDataError(REFUSALS["case_twice"].filled(n=doubled_n))
