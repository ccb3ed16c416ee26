"""Where each case stands at the start of a later month: who can still be scored, and why the others are not.

Only the months before the landmark are read. (van Houwelingen 2007.)
"""

import numpy as np

from riskmodel.cohort.followup import FollowUp
from riskmodel.cohort.outcome import outcomes
from riskmodel.ground.settings import CohortSettings

AT_RISK = "at_risk"  # receipt in the month before, and the outcome undecided; at landmark 0 everybody
LONG_ALREADY = "long_already"  # enough months with receipt for the outcome
NOT_LONG = "not_long"  # too many months without for it
UNOBSERVED = "unobserved"  # died or moved before, with the outcome undecided
OFF_ASSISTANCE = "off_assistance"  # undecided, but no receipt in the month before
NOT_AT_RISK = (LONG_ALREADY, NOT_LONG, UNOBSERVED, OFF_ASSISTANCE)


def standing(follow: FollowUp, settings: CohortSettings) -> np.ndarray:
    """AT_RISK, or the first of NOT_AT_RISK that holds, for each case at the start of its landmark; shape (n,)."""
    landmark = settings.landmark
    if landmark == 0:
        return np.full(len(follow.intake_month), AT_RISK, dtype=object)
    seen_n = np.minimum(follow.observed_n, landmark)
    decided = outcomes(follow.received, seen_n, follow.intake_month, settings)[settings.outcome].value
    holds = [decided == 1, decided == 0, seen_n < landmark, ~follow.received[:, landmark - 1]]
    return np.select(holds, NOT_AT_RISK, AT_RISK).astype(object)


def receipts_so_far(follow: FollowUp, landmark: int) -> np.ndarray:
    """Months with receipt before the landmark, NaN unless all of them were observed; shape (n,)."""
    receipts_n = follow.received[:, :landmark].sum(axis=1).astype(float)
    return np.where(follow.observed_n >= landmark, receipts_n, np.nan)
