"""The only door out for counts, rates and curves (docs/method.md)."""

from riskmodel.disclosure.measures import (
    MEASURE_MIN,
    THRESHOLDED,
    disclose_bins,
    disclose_curves,
    disclose_gaps,
    disclose_measures,
    disclose_statistics,
)
from riskmodel.disclosure.reader import Whole, read_people, read_whole
from riskmodel.disclosure.spans import PROFILES
from riskmodel.disclosure.tables import (
    MEASURE_DECIMALS,
    RATE_DECIMALS,
    TOTAL,
    disclose_count,
    disclose_counts,
    disclose_distribution,
    disclose_list,
    disclose_people,
    disclose_rate,
    rule_text,
)

__all__ = [
    "MEASURE_DECIMALS",
    "MEASURE_MIN",
    "PROFILES",
    "RATE_DECIMALS",
    "THRESHOLDED",
    "TOTAL",
    "Whole",
    "disclose_bins",
    "disclose_count",
    "disclose_counts",
    "disclose_curves",
    "disclose_distribution",
    "disclose_gaps",
    "disclose_list",
    "disclose_measures",
    "disclose_people",
    "disclose_rate",
    "disclose_statistics",
    "read_people",
    "read_whole",
    "rule_text",
]
