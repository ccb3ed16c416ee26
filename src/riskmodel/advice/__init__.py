"""Advice for one case at a time. Importing this loads the standard library only; tables are scored by `engine`."""

from riskmodel.advice.explain import advice_json, advice_text
from riskmodel.advice.record import Advice
from riskmodel.advice.score import Case, advise, read_case

__all__ = ["Advice", "Case", "advice_json", "advice_text", "advise", "read_case"]
