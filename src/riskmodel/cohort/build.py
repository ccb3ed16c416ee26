"""A delivery to its cohort: from a register and intake answers, or from cases that somebody else has labelled."""

from dataclasses import replace

import pandas as pd

from riskmodel.cohort.case_control.cases import case_control
from riskmodel.cohort.case_control.guard import check_case_control, check_survey
from riskmodel.cohort.case_control.summary import CASE_CONTROL, case_control_steps
from riskmodel.cohort.cases import RegisterHistory, read_history
from riskmodel.cohort.design import Described, described_cases
from riskmodel.cohort.flow import case_steps, flow_frame, register_steps
from riskmodel.cohort.guard import check_at_risk, check_design, check_followed, check_labelled, check_linked
from riskmodel.cohort.labelled import labelled_cases, labelled_rule
from riskmodel.cohort.population import sorted_answers
from riskmodel.cohort.record import Cohort
from riskmodel.cohort.summary import labelled_summary, register_summary
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.receipts import Receipts, receipts_n
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument


def build_cohort(delivery: Delivery, instrument: Instrument, settings: Settings) -> Cohort:
    """The cases of `delivery` with answers, outcomes and weights at the landmark of `settings` (method.md 1).

    Survey answers are looked at in the case-control design alone, and fill no hole there either. A delivery without
    cases that can be followed and linked is a `SurveyDataError`; settings that would let the future in are a
    `SettingsError`.
    """
    check_design(settings)
    if settings.cohort.design == CASE_CONTROL:
        check_case_control(settings, labelled=delivery.labelled_cases is not None)
    if delivery.labelled_cases is not None:
        return _from_labels(delivery.labelled_cases, instrument, settings)
    if delivery.receipts is None or receipts_n(delivery.receipts) == 0:
        raise SurveyDataError("register: 0 rows. Deliver the register, or correct sources.register in the instrument.")
    if delivery.answers_by_intake is None or delivery.answers_by_intake.empty:
        raise SurveyDataError(
            "intake answers: 0 rows; without them there is nobody to learn from, the survey holds only those who "
            "stayed. Deliver the intake answers, or correct sources.intake in the instrument."
        )
    by_design = _by_case_control if settings.cohort.design == CASE_CONTROL else _from_register
    return by_design(delivery, delivery.receipts, delivery.answers_by_intake, instrument, settings)


def build_inflow(delivery: Delivery, instrument: Instrument, settings: Settings) -> Cohort:
    """The linked new cases that a case-control design is judged by: `delivery` in the cohort design, same clusters."""
    return build_cohort(delivery, instrument, replace(settings, cohort=replace(settings.cohort, design="cohort")))


def _inflow(
    receipts: Receipts, intake: pd.DataFrame, instrument: Instrument, settings: Settings
) -> tuple[RegisterHistory, Described]:
    history = read_history(receipts, settings.cohort)
    found = described_cases(history, sorted_answers(intake), instrument, settings)
    check_followed(found.cases, last_register_month=history.last_month, settings=settings)
    check_linked(found.cases, instrument, settings.delivery)
    return history, found


def _by_case_control(
    delivery: Delivery, receipts: Receipts, intake: pd.DataFrame, instrument: Instrument, settings: Settings
) -> Cohort:
    survey = check_survey(delivery.answers_by_survey)
    history, found = _inflow(receipts, intake, instrument, settings)
    made = case_control(found.cases, found.answers, survey, instrument, settings.cohort, at_intake=intake.columns)
    steps = register_steps(receipts_n(receipts), delivery.files, delivery.quality, history, found)
    steps += case_control_steps(made.cases, found.cases, made.roles)
    flow = flow_frame(steps, first_month=found.first_month)
    summary = register_summary(found.cases, found.follow, history, instrument, settings.cohort) | made.summary
    return Cohort(made.cases, made.answers, flow, tidy(summary))


def _from_register(
    delivery: Delivery, receipts: Receipts, intake: pd.DataFrame, instrument: Instrument, settings: Settings
) -> Cohort:
    history, found = _inflow(receipts, intake, instrument, settings)
    check_at_risk(found.cases, found.answers, instrument, settings)
    steps = register_steps(receipts_n(receipts), delivery.files, delivery.quality, history, found)
    steps += case_steps(found.cases, first_step="new_cases", landmark=settings.cohort.landmark)
    flow = flow_frame(steps, first_month=found.first_month)
    summary = register_summary(found.cases, found.follow, history, instrument, settings.cohort)
    return Cohort(found.cases, found.answers, flow, tidy(summary))


def _from_labels(rows: pd.DataFrame, instrument: Instrument, settings: Settings) -> Cohort:
    check_labelled(settings)
    cases, answers = labelled_cases(rows, instrument, settings)
    outcome = rows.set_index("case_id")["outcome"].reindex(cases["case_id"]).reset_index(drop=True)
    flow = flow_frame(case_steps(cases, first_step="labelled_cases"))
    summary = labelled_summary(cases, outcome, rule=labelled_rule(settings.cohort))
    return Cohort(cases, answers, flow, tidy(summary))
