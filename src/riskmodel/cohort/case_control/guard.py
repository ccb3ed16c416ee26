"""What the case-control design refuses: settings it can't obey, and deliveries that can't carry it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.cohort.case_control.items import (
    BLANK_TOLERANCE,
    BLANKS_DIFFER,
    BOTH_MIN_N,
    LEAST_LISTED_SHARE,
    REGISTERED,
    SHIFT_TOLERANCE,
    SHIFTED,
    TOO_FEW,
    Roles,
    Verdict,
)
from riskmodel.cohort.record import month_text
from riskmodel.ground.errors import SettingsError, SurveyDataError
from riskmodel.ground.settings import Settings


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


def check_roles(found: Roles, outcome: np.ndarray, fitted: np.ndarray) -> None:
    """Refuse an inflow without events in a survey to fit, or whose linked cases have one outcome only."""
    events_n, left_n = int(found.months["events_n"].sum()), len(found.left_out_months)
    if not (fitted & (outcome == 1)).any():
        months = ", ".join(month_text(int(month)) for month in found.left_out_months["month"])
        left = f"; {left_n} intake months ({months}) have fewer than {LEAST_LISTED_SHARE:.0%}" if left_n else ""
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


def check_any_stable(verdicts: Sequence[Verdict]) -> None:
    """Refuse when no predictor that is asked on both forms means the same on both."""
    asked = [one for one in verdicts if one.use == "predictor" and one.verdict != REGISTERED]
    if any(one.enters for one in asked):
        return
    reasons = "; ".join(map(_reason, asked))
    raise SurveyDataError(
        f"survey: 0 of {len(asked)} predictors that are asked can be taken from it ({reasons}). An item enters when "
        f"it is declared stable, at least {BOTH_MIN_N} people have answered it on both forms, their answers moved by "
        f"at most {SHIFT_TOLERANCE:.0%} net, and blanks lie at most {100 * BLANK_TOLERANCE:.0f} points apart. "
        'Let the survey ask how it was at intake, or wait until there are events enough for design = "cohort".'
    )


def _reason(one: Verdict) -> str:
    """The verdict with the figures that it rests on."""
    shift, blanks = one.net_shift or 0, (one.survey_blank_share or 0, one.intake_blank_share or 0)
    figures = {
        TOO_FEW: f", {one.both_n} with both answers",
        SHIFTED: f", {one.both_n} with both answers, net shift {shift:.0%}",
        BLANKS_DIFFER: ", {:.0%} in the survey against {:.0%} at intake".format(*blanks),
    }
    return f"{one.item}: {one.verdict.replace('_', ' ')}{figures.get(one.verdict, '')}"
