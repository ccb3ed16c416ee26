"""What the cohort design refuses: settings that let the future in, and deliveries that it can't follow or link."""

import numpy as np
import pandas as pd

from riskmodel.cohort.followup import followed_months_n
from riskmodel.cohort.population import UNLINKED, unlinked_share
from riskmodel.cohort.record import month_text
from riskmodel.ground.errors import SettingsError, SurveyDataError
from riskmodel.ground.settings import CohortSettings, DeliverySettings, Settings
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument

LATEST_LINK_MONTH = 1  # answers given later know who was still there
MONTHS_A_YEAR = 12
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
    if share > settings.max_unlinked_share and not instrument.sources["intake"].unlinked_explanation.strip():
        raise SurveyDataError(
            f"intake answers: {unlinked_n} new cases since {month_text(int(cases['intake_month'].min()))} have none, "
            f"{share:.0%} (allowed without explanation: {settings.max_unlinked_share:.0%}). "
            "Write why in the instrument, sources.intake: unlinked_explanation, or correct the delivery."
        )
