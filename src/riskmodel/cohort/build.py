"""A delivery to its cohort: from a register and intake answers, or from cases that somebody else has labelled."""

import pandas as pd

from riskmodel.cohort.cases import read_history
from riskmodel.cohort.design import described_cases
from riskmodel.cohort.flow import case_steps, flow_frame, register_steps
from riskmodel.cohort.guard import check_design, check_followed, check_linked
from riskmodel.cohort.labelled import labelled_cases, labelled_rule
from riskmodel.cohort.link import sorted_answers
from riskmodel.cohort.record import Cohort
from riskmodel.cohort.summary import labelled_summary, register_summary
from riskmodel.errors import SurveyDataError
from riskmodel.extracts.delivery import Delivery
from riskmodel.instrument.records import Instrument
from riskmodel.provenance import tidy
from riskmodel.settings import Settings


def build_cohort(delivery: Delivery, instrument: Instrument, settings: Settings) -> Cohort:
    """The cases of `delivery` with answers, outcomes and weights (method.md 1); landmark 0, cohort design.

    Survey answers are never looked at. A delivery without cases that can be followed and linked is a
    `SurveyDataError`; settings that would let the future in are a `SettingsError`.
    """
    check_design(settings)
    if delivery.labelled_cases is not None:
        return _from_labels(delivery.labelled_cases, instrument, settings)
    if delivery.receipts is None or delivery.receipts.empty:
        raise SurveyDataError("register: 0 rows. Deliver the register, or correct sources.register in the instrument.")
    if delivery.answers_by_intake is None or delivery.answers_by_intake.empty:
        raise SurveyDataError(
            "intake answers: 0 rows; without them there is nobody to learn from, the survey holds only those who "
            "stayed. Deliver the intake answers, or correct sources.intake in the instrument."
        )
    return _from_register(delivery, delivery.receipts, delivery.answers_by_intake, instrument, settings)


def _from_register(
    delivery: Delivery, receipts: pd.DataFrame, intake: pd.DataFrame, instrument: Instrument, settings: Settings
) -> Cohort:
    answers = sorted_answers(intake)
    history = read_history(receipts, settings.cohort)
    found = described_cases(history, answers, instrument, settings)
    check_followed(found.cases, last_register_month=history.last_month, settings=settings)
    check_linked(found.cases, instrument, settings.delivery)
    steps = register_steps(len(receipts), delivery.files, delivery.quality, history, found)
    steps += case_steps(found.cases, first_step="new_cases")
    flow = flow_frame(steps, first_month=found.first_month)
    summary = register_summary(found.cases, found.follow, history, instrument, settings.cohort)
    return Cohort(found.cases, found.answers, flow, tidy(summary))


def _from_labels(rows: pd.DataFrame, instrument: Instrument, settings: Settings) -> Cohort:
    cases, answers = labelled_cases(rows, instrument, settings)
    outcome = rows.set_index("case_id")["outcome"].reindex(cases["case_id"]).reset_index(drop=True)
    flow = flow_frame(case_steps(cases, first_step="labelled_cases"))
    summary = labelled_summary(cases, outcome, rule=labelled_rule(settings.cohort))
    return Cohort(cases, answers, flow, tidy(summary))
