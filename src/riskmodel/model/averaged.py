"""How sure a fit from a borrowed table is: over all penalties, each weighted by how well it predicts clusters left out.

λ says how much the two towns differ, and a few hundred cases hardly tell. At the chosen λ alone the errors are those of
a town that knew it, and intervals held the true risk of .53-.83 of people (docs/coverage.md).
"""

import numpy as np
from scipy.linalg import block_diag

from riskmodel.ground.settings import ModelSettings
from riskmodel.model.equation import Fit, contrasts, expanded, fitted_design
from riskmodel.model.left_out import left_out_logodds
from riskmodel.model.logistic import covariance, deviance, newton, score_product
from riskmodel.model.matrix import matrix
from riskmodel.model.penalty import PATH_TOLERANCE, finite_penalties
from riskmodel.model.sample import Sample


def averaged_covariance(fit: Fit, sample: Sample, settings: ModelSettings) -> np.ndarray:
    """The covariance of the design's own coefficients, intercept first, about those of `fit`. Shape (p+1, p+1).

    Σ over λ of w·[Σ_λ + (β_λ − β)(β_λ − β)'], w ∝ exp(−½ deviance left out)/√λ: every SD between towns, 1/√λ, is as
    likely beforehand (Gelman 2006). λ = ∞ is not among them: no two towns are exactly alike.
    """
    bases = contrasts(fit.design, sample.positions)
    x = matrix(sample.positions, fitted_design(fit.design, bases))
    expand, offset = block_diag(np.eye(1), *bases), np.broadcast_to(fit.offset, len(x))
    found, left_out, start = [], [], None
    penalties = finite_penalties(settings)[::-1]
    for penalty in penalties:
        optimum = newton(
            x, sample.outcome, sample.weight, penalty, offset=offset, start=start, tolerance=PATH_TOLERANCE
        )
        start = optimum.coefficients
        product = score_product(x, sample.outcome, sample.weight, optimum.prob, sample.cluster)
        own = expand @ covariance(optimum.information, product, penalty) @ expand.T
        away = expanded(optimum.coefficients, bases) - fit.coefficients
        found.append(own + np.outer(away, away))
        left_out.append(deviance(left_out_logodds(x, sample, optimum, offset), sample.outcome, sample.weight))
    weight = np.exp(-(np.array(left_out) - min(left_out)) / 2) / np.sqrt(penalties)
    return np.average(found, axis=0, weights=weight)
