"""A made municipality with known risks, obeying an instrument: its raw delivery, and the truth beside it."""

from riskmodel.simulate.handover import simulate
from riskmodel.simulate.replies import AS_AT_INTAKE, DRIFTING, LATER_AND_WORSE, SurveyForm
from riskmodel.simulate.trouble import Trouble, read_trouble

__all__ = ["AS_AT_INTAKE", "DRIFTING", "LATER_AND_WORSE", "SurveyForm", "Trouble", "read_trouble", "simulate"]
