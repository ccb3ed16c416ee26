"""Which of the published answers a sum of points gets. Standard library only."""

from riskmodel.advice.record import BORDERLINE, MORE_SUPPORT, NO_INDICATION
from riskmodel.release.record import Thresholds


def answer_at(points: int, thresholds: Thresholds) -> str | None:
    """The answer for a sum of whole points: inside the band borderline, else by the flag; None without a flag."""
    flag, band = thresholds.flag, thresholds.band
    if flag is None:
        return None
    if band is not None and band[0] <= points <= band[1]:
        return BORDERLINE
    return MORE_SUPPORT if points >= flag else NO_INDICATION
