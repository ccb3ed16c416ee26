"""A made municipality with known risks, obeying an instrument: its raw delivery, and the truth beside it."""

from riskmodel.simulate.delivery import simulate

__all__ = ["simulate"]
