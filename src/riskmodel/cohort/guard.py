"""What the designs refuse: settings that let the future in, and deliveries they can't follow, link or stand on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.cohort import two_forms
from riskmodel.cohort.followup import followed_months_n
from riskmodel.cohort.population import UNLINKED, unlinked_share
from riskmodel.cohort.record import month_text
from riskmodel.ground.alarm import is_copied
from riskmodel.ground.errors import SettingsError, SurveyDataError
from riskmodel.ground.settings import CohortSettings, DeliverySettings, Settings
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument

LATEST_LINK_MONTH = 1  # answers given later know who was still there
LONGEST_FOLLOW_UP_N = 60  # months that fit the whole number they are kept in


def check_design(settings: Settings) -> None:
    """Refuse settings of the cohort that can't be, or that would leak; every problem is named."""
    cohort = settings.cohort
    problems = (
        *_landmark_problems(cohort),
        ("clean_months must be at least 1", cohort.clean_months < 1),
        ("reporting_lag_months must be at least 0", cohort.reporting_lag_months < 0),
        ("k and w must obey 1 ≤ k ≤ w ≤ 60", not 1 <= cohort.k <= cohort.w <= LONGEST_FOLLOW_UP_N),
        ("min_age lies above max_age", cohort.min_age > cohort.max_age),
        ("link_last_month may be at most 1: later answers leak", cohort.link_last_month > LATEST_LINK_MONTH),
        ("earlier_last_month must lie before the intake month", cohort.earlier_last_month >= 0),
        ("earlier_first_month lies after earlier_last_month", cohort.earlier_first_month > cohort.earlier_last_month),
    )
    found = [text for text, wrong in problems if wrong]
    if found:
        raise SettingsError(f"{settings.source}: cohort: {'; '.join(found)}. Correct these keys.")


def _landmark_problems(cohort: CohortSettings) -> tuple[tuple[str, bool], ...]:
    """What makes the landmark one at which nobody can be scored."""
    landmark = cohort.landmark
    shortest = int(followed_months_n(cohort.outcome, np.arange(MONTHS_A_YEAR), cohort).min())
    return (
        (f"landmarks: month {landmark} lies before intake", landmark < 0),
        (f"landmarks: month {landmark} is too late, {cohort.outcome} looks at {shortest} months", landmark >= shortest),
    )


def check_labelled(settings: Settings) -> None:
    """Refuse a later landmark for cases whose months nobody knows."""
    if settings.cohort.landmark != 0:
        raise SettingsError(
            f"{settings.source}: cohort: landmarks: cases that are delivered with their outcome have no months after "
            "intake, so nobody knows who was still on assistance. Write landmarks = [0]."
        )


def check_at_risk(cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, settings: Settings) -> None:
    """Refuse a later landmark at which nobody can be scored, or months so far that the instrument does not allow."""
    landmark, fitted = settings.cohort.landmark, cases["fitted"].to_numpy(dtype=bool)
    if landmark > 0 and not fitted.any():
        raise SurveyDataError(
            f"register, month {landmark} of the cases: 0 of {len(cases)} are followed to the end, undecided and with "
            f"assistance the month before. Take {landmark} out of cohort.landmarks, or deliver more years."
        )
    for item in instrument.predictors(landmark):
        if item.derive == RECEIPTS_SO_FAR:
            outside_n = int((~answers.loc[fitted, item.id].between(item.minimum, item.maximum)).sum())
            if outside_n:
                raise SettingsError(
                    f"instrument: item {item.id}: {outside_n} of {fitted.sum()} cases at month {landmark} lie outside "
                    f"its minimum and maximum (then {item.minimum} to {item.maximum}). {settings.cohort.outcome} "
                    "leaves others undecided. Correct them."
                )


def check_followed(cases: pd.DataFrame, *, last_register_month: int, settings: Settings) -> None:
    """Refuse a register that follows no new case to the end."""
    if cases["complete"].any():
        return
    cohort = settings.cohort
    raise SurveyDataError(
        f"register, to {month_text(last_register_month)}: 0 of {len(cases)} new cases are followed to the end (needed: "
        f"{cohort.clean_months} months without assistance and intake answers from the case's month on, then the months "
        f"that {cohort.outcome} counts and {cohort.reporting_lag_months} more). "
        "Deliver a register that ends later, or begins earlier."
    )


def check_any_linked(rows: np.ndarray) -> None:
    """Refuse a delivery in which no case has answers; rows: as `linked_rows` gives them."""
    if not (rows != UNLINKED).any():
        raise SurveyDataError(
            f"intake answers: none belongs to any of {len(rows)} new cases in the register (needed: the same person "
            "ids, dated in the link window of the settings; the register must also cover the months without assistance "
            "before a case). Check the person and month columns of both files in the instrument."
        )


def check_linked(cases: pd.DataFrame, instrument: Instrument, settings: DeliverySettings) -> None:
    """Refuse more cases without answers than allowed when nobody explained why."""
    unlinked_n, share = unlinked_share(cases)
    if share > settings.max_unlinked_share and not unlinked_explanation(instrument):
        copied = instrument.sources["intake"].unlinked_explanation.strip()
        told = "The sentence there is another municipality's, copied: write your own. " if copied else ""
        raise SurveyDataError(
            f"intake answers: {unlinked_n} new cases since {month_text(int(cases['intake_month'].min()))} have none, "
            f"{share:.0%} (allowed without explanation: {settings.max_unlinked_share:.0%}). "
            f"{told}Write why in the instrument, sources.intake: unlinked_explanation, or correct the delivery."
        )


def unlinked_explanation(instrument: Instrument) -> str:
    """Why cases lack answers, in the municipality's own words; "" for nothing, or for what was copied from another."""
    said = instrument.sources["intake"].unlinked_explanation
    return said if said.strip() and not is_copied(said, instrument.municipality_code) else ""


def check_case_control(settings: Settings, *, labelled: bool) -> None:
    """Refuse settings that the case-control design can't obey; every problem is named."""
    cohort = settings.cohort
    problems = (
        ("cohort: landmarks must be [0]: the survey says nothing of who was left later", {*cohort.landmarks} != {0}),
        ("cohort: landmark must be 0", cohort.landmark != 0),
        ('model: blanks must be "mean": blanks differ between the two forms', settings.model.blanks != "mean"),
        ("delivery: cases that come with their outcome have no survey", labelled),
    )
    found = [text for text, wrong in problems if wrong]
    if found:
        raise SettingsError(
            f'{settings.source}: design "case_control": {"; ".join(found)}. Correct these keys, or write '
            'design = "cohort".'
        )


def check_survey(survey: pd.DataFrame | None) -> pd.DataFrame:
    """The survey's answers, or a refusal when there are none."""
    if survey is None or survey.empty:
        raise SurveyDataError(
            "survey: 0 rows; the case-control design takes its events from it. Deliver the surveys of the intake years "
            'and the years after, describe them in the instrument (sources.survey), or write design = "cohort".'
        )
    return survey


def check_roles(found: two_forms.Roles, outcome: np.ndarray, fitted: np.ndarray) -> None:
    """Refuse an inflow without events in a survey to fit, or whose linked cases have one outcome only."""
    events_n, left_n = int(found.months["events_n"].sum()), len(found.left_out_months)
    if not (fitted & (outcome == 1)).any():
        months = ", ".join(month_text(int(month)) for month in found.left_out_months["month"])
        left = (
            f"; {left_n} intake months ({months}) have fewer than {two_forms.LEAST_LISTED_SHARE:.0%}" if left_n else ""
        )
        raise SurveyDataError(
            f"survey: 0 of {events_n} events among the new cases can be used: none of age and without a route stands "
            f"in the survey of the intake year or of the next{left}. Deliver the surveys of those years, or check the "
            "person columns."
        )
    linked_n, linked_events_n = int(found.inflow.sum()), int(outcome[found.inflow].sum())
    if linked_events_n in (0, linked_n):
        raise SurveyDataError(
            f"intake answers: {linked_events_n} of {linked_n} new cases that have them, and a known outcome, are "
            "events; both outcomes are needed to know the event rate. Wait until more of them can be followed."
        )


def check_any_stable(verdicts: Sequence[two_forms.Verdict]) -> None:
    """Refuse when no predictor that is asked on both forms means the same on both."""
    asked = [one for one in verdicts if one.use == "predictor" and one.verdict != two_forms.REGISTERED]
    if any(one.enters for one in asked):
        return
    reasons = "; ".join(map(_reason, asked))
    raise SurveyDataError(
        f"survey: 0 of {len(asked)} predictors that are asked can be taken from it ({reasons}). An item enters when "
        f"it is declared stable, at least {two_forms.BOTH_MIN_N} people have answered it on both forms, their answers "
        f"moved by at most {two_forms.SHIFT_TOLERANCE:.0%} net, and blanks lie at most "
        f"{100 * two_forms.BLANK_TOLERANCE:.0f} points apart. "
        'Let the survey ask how it was at intake, or wait until there are events enough for design = "cohort".'
    )


def _reason(one: two_forms.Verdict) -> str:
    """The verdict with the figures that it rests on."""
    shift, blanks = one.net_shift or 0, (one.survey_blank_share or 0, one.intake_blank_share or 0)
    figures = {
        two_forms.TOO_FEW: f", {one.both_n} with both answers",
        two_forms.SHIFTED: f", {one.both_n} with both answers, net shift {shift:.0%}",
        two_forms.BLANKS_DIFFER: ", {:.0%} in the survey against {:.0%} at intake".format(*blanks),
    }
    return f"{one.item}: {one.verdict.replace('_', ' ')}{figures.get(one.verdict, '')}"
