"""The constants and functions of small statistics that several rooms need. Standard library only."""

import math

Z_95 = 1.959963984540054  # standard errors on either side of a 95 % interval


def risk_at(logodds: float) -> float:
    """The risk (0-1) at `logodds`; of arrays, see `model.logistic.probability`."""
    return 1 / (1 + math.exp(-logodds)) if logodds >= 0 else math.exp(logodds) / (1 + math.exp(logodds))
