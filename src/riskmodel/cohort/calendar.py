"""Months as whole numbers, year · 12 + month of the year − 1, and back to what people write."""

from datetime import date

import numpy as np

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings

DECEMBER = 11


def month_text(month: int) -> str:
    """The month as people write it: 2025-03."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def reform_months(settings: Settings) -> np.ndarray:
    """The months in which the reforms of the settings begin, shape (reforms,)."""
    return np.array([_month_of(day, settings.source) for day in settings.release.reforms], dtype=np.int64)


def _month_of(day: str, source: str) -> int:
    begins = None
    try:
        begins = date.fromisoformat(day)
    except ValueError:
        pass
    if begins is None:
        raise SettingsError(f"{source}: release: reforms holds something that is no date. Write it as 2025-07-01.")
    return begins.year * 12 + begins.month - 1
