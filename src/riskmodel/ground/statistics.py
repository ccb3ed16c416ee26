"""The constants and functions of small statistics that several rooms need. Standard library only."""

import math
from functools import cache

Z_95 = 1.959963984540054  # standard errors on either side of a 95 % interval
SURELY = 1.645  # standard errors by which something lies beyond a limit on one side, but for once in twenty
OFFSETS = 50  # a unit of log-odds: the steps of a release's offset, as one person's part in a finer one could be told
STEPS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)  # ten to a power of ten, each 1.25 times the one before


def risk_at(logodds: float) -> float:
    """The risk (0-1) at `logodds`; of arrays, see `model.logistic.probability`."""
    return 1 / (1 + math.exp(-logodds)) if logodds >= 0 else math.exp(logodds) / (1 + math.exp(logodds))


def shares_error(share: float, n: float, other: float, other_n: float) -> float:
    """The standard error of the difference between `share` of `n` and `other` of `other_n`.

    Where both are asked to be one, that share of them together is given twice.
    """
    return math.sqrt(share * (1 - share) / n + other * (1 - other) / other_n)


def stepped(error: float) -> float:
    """The nearest of `STEPS` times a power of ten to an error of 0 or more: nobody's own number can be read from it."""
    if error == 0:
        return 0.0
    power = math.floor(math.log10(error))
    return min(
        (_step(step, place) for place in (power - 1, power, power + 1) for step in STEPS),
        key=lambda one: abs(one - error),
    )


def is_stepped(error: float) -> bool:
    """Whether `error` is 0, or one of `STEPS` times a power of ten."""
    return error >= 0 and stepped(error) == error


@cache
def _step(step: float, power: int) -> float:
    return float(f"{step}e{power}")
