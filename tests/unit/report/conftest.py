"""Many tests read a report of the same year: a drawing is made once for the same numbers."""

import pickle

import pytest

from riskmodel.report import figures

DRAWINGS = (
    *("by_questions", "calibration", "decision_curves", "dots", "hundred_people", "points_to_risk"),
    "risk_distribution",
)
MADE = {}


@pytest.fixture(autouse=True)
def drawings(monkeypatch):
    """What has been drawn so far; cleared, everything is drawn anew."""
    for name in DRAWINGS:
        monkeypatch.setattr(figures, name, once(getattr(figures, name)))
    return MADE


def once(draw):
    def drawn(*given, **named):
        key = (
            draw,
            figures._drawn,
            figures._canvas,
            pickle.dumps((given, named)),
        )  # a test may put others in their place
        if key not in MADE:
            MADE[key] = draw(*given, **named)
        return MADE[key]

    return drawn
