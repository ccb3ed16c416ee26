"""What the equation would say of cases it had not seen, penalty chosen anew, without fitting it again."""

from dataclasses import dataclass

import numpy as np

from riskmodel.model.equation import Fit
from riskmodel.model.logistic import ridge, score_product
from riskmodel.model.record import PathPoint
from riskmodel.model.sample import Sample


@dataclass(frozen=True, eq=False)
class Around:
    """The log-likelihood of some cases around `coefficients` (p+1,), to second order, without penalty.

    score: its slope there, (p+1,). information: its curvature with the sign turned. product: score product by cluster.
    """

    coefficients: np.ndarray
    score: np.ndarray
    information: np.ndarray
    product: np.ndarray

    def peak(self, penalty: float) -> tuple[np.ndarray, float]:
        """The coefficients these cases alone would get at `penalty`, and the criterion there, up to a constant."""
        lam = ridge(len(self.score), penalty)
        slope = self.score - lam * self.coefficients
        solved = np.linalg.solve(self.information + np.diag(lam), np.column_stack([slope, self.product]))
        step = solved[:, 0]
        deviance = step @ self.information @ step - 2 * self.score @ step
        return self.coefficients + step, float(deviance + 2 * np.trace(solved[:, 1:]))


def out_of_fold_logodds(fit: Fit, sample: Sample, fold: np.ndarray) -> np.ndarray:
    """Log-odds of every case from the equation without its fold: one Newton step from the whole fit. Shape (n,).

    Each fold's step is taken at the penalty it prefers among the chosen one and its neighbours: their criterion is the
    whole sample's, changed by what the fold's cases add to it to second order. The design stays. fold: 0 … k−1, (n,).
    """
    whole, tried = _around(fit, sample), _neighbours(fit)
    shift = {one.penalty: one.criterion - whole.peak(one.penalty)[1] for one in tried}
    logodds = np.empty(len(fold))
    for left_out in range(int(fold.max()) + 1):
        held = np.flatnonzero(fold == left_out)
        others = _without(whole, fit, sample, held)
        peaks = {penalty: others.peak(penalty) for penalty in shift}
        best = min(peaks, key=lambda penalty: (peaks[penalty][1] + shift[penalty], -penalty))
        logodds[held] = fit.x[held] @ peaks[best][0]
    return logodds


def _neighbours(fit: Fit) -> tuple[PathPoint, ...]:
    place = [tried.penalty for tried in fit.choice.path].index(fit.choice.penalty)
    return fit.choice.path[max(place - 1, 0) : place + 2]


def _around(fit: Fit, sample: Sample) -> Around:
    found, lam = fit.optimum, ridge(fit.x.shape[1], fit.choice.penalty)
    product = score_product(fit.x, sample.outcome, sample.weight, found.prob, sample.cluster)
    return Around(found.coefficients, lam * found.coefficients, found.information - np.diag(lam), product)


def _without(whole: Around, fit: Fit, sample: Sample, held: np.ndarray) -> Around:
    x, prob, outcome, weight = fit.x[held], fit.optimum.prob[held], sample.outcome[held], sample.weight[held]
    scaled = x * np.sqrt(weight * prob * (1 - prob))[:, None]
    return Around(
        whole.coefficients,
        whole.score - x.T @ (weight * (outcome - prob)),
        whole.information - scaled.T @ scaled,
        whole.product - score_product(x, outcome, weight, prob, sample.cluster[held]),
    )
