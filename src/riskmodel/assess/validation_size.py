"""How many cases an evaluation needs before its intervals are narrow enough to lean on (Riley et al. 2021)."""

from dataclasses import dataclass
from math import asinh, ceil, sqrt

import numpy as np

from riskmodel.ground.statistics import Z_95
from riskmodel.model.logistic import probability

OE_WIDTH, SLOPE_WIDTH, AUC_WIDTH = 0.4, 0.4, 0.1  # whole widths of the 95 % intervals: ±.2, ±.2 and ±.05
MOST_N = 10**9


@dataclass(frozen=True)
class ValidationSize:
    """Cases that each measure needs, and the independent ones there are (households that count as one)."""

    oe_n: int
    auc_n: int
    slope_n: int
    available_n: int

    @property
    def required_n(self) -> int:
        """The largest of the three needs."""
        return max(self.oe_n, self.auc_n, self.slope_n)

    @property
    def is_short(self) -> bool:
        """Whether the evaluation rests on fewer than it needs."""
        return self.available_n < self.required_n


def validation_size(
    logodds: np.ndarray, *, weight: np.ndarray, event_rate: float, auc: float, available_n: int
) -> ValidationSize:
    """What people whose risks are as spread as `logodds` (weights > 0, shape (n,)) need, at this event rate and AUC."""
    return ValidationSize(
        oe_n=cases_for_oe(event_rate, width=OE_WIDTH),
        auc_n=cases_for_auc(auc, event_rate, width=AUC_WIDTH),
        slope_n=cases_for_slope(logodds, weight=weight, width=SLOPE_WIDTH),
        available_n=available_n,
    )


def cases_for_oe(event_rate: float, *, width: float) -> int:
    """Cases for an interval of O/E `width` wide round 1: (1−φ)/(φ·SE²), SE of ln O/E = asinh(width/2)/1.96."""
    return ceil((1 - event_rate) / (event_rate * _squared_se(asinh(width / 2))))


def cases_for_slope(logodds: np.ndarray, *, weight: np.ndarray, width: float) -> int:
    """Cases for an interval of the slope `width` wide: I₀₀/(SE²·(I₀₀I₁₁ − I₀₁²)), I_jk = mean of lp^(j+k)·p(1−p)."""
    prob = probability(logodds)
    spread = weight / weight.sum() * prob * (1 - prob)
    information = [float(spread @ logodds**power) for power in range(3)]
    determinant = information[0] * information[2] - information[1] ** 2
    return ceil(information[0] / (_squared_se(width / 2) * determinant)) if determinant > 0 else MOST_N


def cases_for_auc(auc: float, event_rate: float, *, width: float) -> int:
    """The fewest cases whose AUC has an interval at most `width` wide (Newcombe 2006), found by halving."""
    wanted, fewest, most = sqrt(_squared_se(width / 2)), 2, MOST_N
    while fewest < most:
        middle = (fewest + most) // 2
        if _auc_se(auc, event_rate, middle) <= wanted:
            most = middle
        else:
            fewest = middle + 1
    return fewest


def _squared_se(half_width: float) -> float:
    return (half_width / Z_95) ** 2


def _auc_se(auc: float, event_rate: float, n: int) -> float:
    half = n / 2 - 1
    spread = 1 + half * (1 - auc) / (2 - auc) + half * auc / (1 + auc)
    return sqrt(auc * (1 - auc) * spread / (n**2 * event_rate * (1 - event_rate)))
