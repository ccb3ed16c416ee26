"""Settings that the cohort design refuses: those it can't carry out, and those that let the future in."""

from riskmodel.errors import SettingsError
from riskmodel.settings import Settings

LATEST_LINK_MONTH = 1  # answers given later know who was still there
LONGEST_FOLLOW_UP_N = 60  # months that fit the whole number they are kept in


def check_design(settings: Settings) -> None:
    """Refuse settings of the cohort that can't be, or that would leak; every problem is named."""
    cohort = settings.cohort
    problems = (
        ("landmark must be 0: cases are scored at intake", cohort.landmark != 0),
        ("clean_months must be at least 1", cohort.clean_months < 1),
        ("reporting_lag_months must be at least 0", cohort.reporting_lag_months < 0),
        ("k and w must obey 1 ≤ k ≤ w ≤ 60", not 1 <= cohort.k <= cohort.w <= LONGEST_FOLLOW_UP_N),
        ("min_age lies above max_age", cohort.min_age > cohort.max_age),
        ("link_last_month may be at most 1: later answers know the outcome", cohort.link_last_month > LATEST_LINK_MONTH),
        ("earlier_last_month must lie before the intake month", cohort.earlier_last_month >= 0),
        ("earlier_first_month lies after earlier_last_month", cohort.earlier_first_month > cohort.earlier_last_month),
    )
    found = [text for text, wrong in problems if wrong]
    if found:
        raise SettingsError(f"{settings.source}: cohort: {'; '.join(found)}. Correct these keys.")
