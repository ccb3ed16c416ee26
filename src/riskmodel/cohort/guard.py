"""What the designs refuse: settings that let the future in, and deliveries they can't follow, link or stand on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.cohort import REFUSALS, two_forms
from riskmodel.cohort.followup import followed_months_n
from riskmodel.cohort.population import UNLINKED, unlinked_share
from riskmodel.ground.alarm import is_copied
from riskmodel.ground.errors import SettingsError, SurveyDataError
from riskmodel.ground.settings import CohortSettings, DeliverySettings, Settings
from riskmodel.ground.text import Text, listed
from riskmodel.ground.words import MONTHS_A_YEAR, month_text, percent
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument

LATEST_LINK_MONTH = 1  # answers given later know who was still there
LONGEST_FOLLOW_UP_N = 60  # months that fit the whole number they are kept in


def check_design(settings: Settings) -> None:
    """Refuse settings of the cohort that can't be, or that would leak; every problem is named."""
    cohort = settings.cohort
    problems = (
        *_landmark_problems(cohort),
        (REFUSALS["clean_months"], cohort.clean_months < 1),
        (REFUSALS["reporting_lag"], cohort.reporting_lag_months < 0),
        (REFUSALS["k_and_w"], not 1 <= cohort.k <= cohort.w <= LONGEST_FOLLOW_UP_N),
        (REFUSALS["ages"], cohort.min_age > cohort.max_age),
        (REFUSALS["late_link"], cohort.link_last_month > LATEST_LINK_MONTH),
        (REFUSALS["earlier_months"], cohort.earlier_last_month >= 0),
        (REFUSALS["earlier_order"], cohort.earlier_first_month > cohort.earlier_last_month),
    )
    _refuse(problems, "design_wrong", settings)


def _refuse(problems: Sequence[tuple[Text, bool]], text: str, settings: Settings) -> None:
    """Raise a `SettingsError` that names every problem there is."""
    found = [problem for problem, wrong in problems if wrong]
    if found:
        raise SettingsError(REFUSALS[text].filled(file=settings.source, problems=listed(found, "; ")))


def _landmark_problems(cohort: CohortSettings) -> tuple[tuple[Text, bool], ...]:
    """What makes the landmark one at which nobody can be scored."""
    landmark = cohort.landmark
    shortest = int(followed_months_n(cohort.outcome, np.arange(MONTHS_A_YEAR), cohort).min())
    return (
        (REFUSALS["before_intake"].filled(month=landmark), landmark < 0),
        (REFUSALS["too_late"].filled(month=landmark, outcome=cohort.outcome, months=shortest), landmark >= shortest),
    )


def check_labelled(settings: Settings) -> None:
    """Refuse a later landmark for cases whose months nobody knows."""
    if settings.cohort.landmark != 0:
        raise SettingsError(REFUSALS["labelled_later"].filled(file=settings.source))


def check_at_risk(cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, settings: Settings) -> None:
    """Refuse a landmark at which nobody can be scored, or months so far that the instrument does not allow."""
    landmark, fitted = settings.cohort.landmark, cases["fitted"].to_numpy(dtype=bool)
    asked = cases[cases["complete"] & cases["linked"]]
    if len(asked) and (asked["age_outside"] | asked["route"]).all():
        left = {name: asked[name].sum() for name in ("age_outside", "route")}
        ages = {"min": settings.cohort.min_age, "max": settings.cohort.max_age}
        raise SurveyDataError(REFUSALS["nobody_modelled"].filled(all=len(asked), **left, **ages))
    if landmark > 0 and not fitted.any():
        raise SurveyDataError(REFUSALS["nobody_left"].filled(month=landmark, all=len(cases)))
    for item in instrument.predictors(landmark):
        if item.derive == RECEIPTS_SO_FAR:
            outside_n = int((~answers.loc[fitted, item.id].between(item.minimum, item.maximum)).sum())
            if outside_n:
                counts = {"n": outside_n, "all": fitted.sum(), "month": landmark, "outcome": settings.cohort.outcome}
                ends = {"item": item.id, "minimum": item.minimum, "maximum": item.maximum}
                raise SettingsError(REFUSALS["months_outside"].filled(**counts, **ends))


def check_followed(cases: pd.DataFrame, *, last_register_month: int, settings: Settings) -> None:
    """Refuse a register that follows no new case to the end."""
    if cases["complete"].any():
        return
    cohort = settings.cohort
    needed = {"clean": cohort.clean_months, "outcome": cohort.outcome, "lag": cohort.reporting_lag_months}
    last = month_text(last_register_month)
    raise SurveyDataError(REFUSALS["nobody_followed"].filled(last=last, all=len(cases), **needed))


def check_any_linked(rows: np.ndarray) -> None:
    """Refuse a delivery in which no case has answers; rows: as `linked_rows` gives them."""
    if not (rows != UNLINKED).any():
        raise SurveyDataError(REFUSALS["nobody_linked"].filled(all=len(rows)))


def check_linked(cases: pd.DataFrame, instrument: Instrument, settings: DeliverySettings) -> None:
    """Refuse more cases without answers than allowed when nobody explained why."""
    _, share = unlinked_share(cases)
    if share > settings.max_unlinked_share and not unlinked_explanation(instrument):
        copied = instrument.sources["intake"].unlinked_explanation.strip()
        told = {"copied": REFUSALS["explanation_copied"] if copied else ""}
        raise _too_many(cases, "many_unlinked", settings.max_unlinked_share, **told)


def check_most_linked(cases: pd.DataFrame, settings: DeliverySettings) -> None:
    """Refuse more cases without answers than an explanation can cover: those left would stand for too many others."""
    if unlinked_share(cases)[1] > settings.max_unlinked_explained:
        raise _too_many(cases, "most_unlinked", settings.max_unlinked_explained)


def _too_many(cases: pd.DataFrame, text: str, most: float, **told: str | Text) -> SurveyDataError:
    unlinked_n, share = unlinked_share(cases)
    first = month_text(int(cases["intake_month"].min()))
    return SurveyDataError(
        REFUSALS[text].filled(first=first, n=unlinked_n, share=percent(share), most=percent(most), **told)
    )


def unlinked_explanation(instrument: Instrument) -> str:
    """Why cases lack answers, in the municipality's own words; "" for nothing, or for what was copied from another."""
    said = instrument.sources["intake"].unlinked_explanation
    return said if said.strip() and not is_copied(said, instrument.municipality_code) else ""


def check_case_control(settings: Settings, *, labelled: bool) -> None:
    """Refuse settings that the case-control design can't obey; every problem is named."""
    cohort = settings.cohort
    problems = (
        (REFUSALS["landmarks_of_intake"], {*cohort.landmarks} != {0}),
        (REFUSALS["landmark_of_intake"], cohort.landmark != 0),
        (REFUSALS["blanks_by_mean"], settings.model.blanks != "mean"),
        (REFUSALS["labelled_no_survey"], labelled),
    )
    _refuse(problems, "case_control_wrong", settings)


def check_survey(survey: pd.DataFrame | None) -> pd.DataFrame:
    """The survey's answers, or a refusal when there are none."""
    if survey is None or survey.empty:
        raise SurveyDataError(REFUSALS["no_survey"])
    return survey


def check_roles(found: two_forms.Roles, outcome: np.ndarray, fitted: np.ndarray) -> None:
    """Refuse an inflow without events in a survey to fit, or whose linked cases have one outcome only."""
    events_n, left_n = int(found.months["events_n"].sum()), len(found.left_out_months)
    if not (fitted & (outcome == 1)).any():
        months = ", ".join(month_text(int(month)) for month in found.left_out_months["month"])
        least = percent(two_forms.LEAST_LISTED_SHARE)
        left = REFUSALS["months_left_out"].filled(n=left_n, months=months, least=least) if left_n else ""
        raise SurveyDataError(REFUSALS["no_events_listed"].filled(n=events_n, left=left))
    linked_n, linked_events_n = int(found.inflow.sum()), int(outcome[found.inflow].sum())
    if linked_events_n in (0, linked_n):
        raise SurveyDataError(REFUSALS["one_outcome"].filled(n=linked_events_n, all=linked_n))


def check_any_stable(verdicts: Sequence[two_forms.Verdict]) -> None:
    """Refuse when no predictor that is asked on both forms means the same on both."""
    asked = [one for one in verdicts if one.use == "predictor" and one.verdict != two_forms.REGISTERED]
    if any(one.enters for one in asked):
        return
    limits = {
        "people": two_forms.BOTH_MIN_N,
        "shift": percent(two_forms.SHIFT_TOLERANCE),
        "blanks": f"{100 * two_forms.BLANK_TOLERANCE:.0f}",
    }
    told = {"all": len(asked), "reasons": listed(map(_reason, asked), "; ")}
    raise SurveyDataError(REFUSALS["none_stable"].filled(**told, **limits))


def _reason(one: two_forms.Verdict) -> Text:
    """The verdict with the figures that it rests on."""
    shares = {"shift": one.net_shift, "survey": one.survey_blank_share, "intake": one.intake_blank_share}
    figures = {name: percent(share or 0) for name, share in shares.items()}
    return REFUSALS[one.verdict].filled(item=one.item, n=one.both_n, **figures)
