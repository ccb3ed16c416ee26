"""Every case predicted without its own cluster, by one Newton step from the fit to all of them.

Without cluster g the penalised score at the whole fit is −u_g and the information H − H_g, so the step is
−(H − H_g)⁻¹u_g. Along the cluster's own rows X that is −(I − AW)⁻¹A·r, with A = XH⁻¹X', W their curvature and r their
weighted residuals (Woodbury): one small system a cluster, its leverage included. (Pregibon 1981.)
"""

import numpy as np

from riskmodel.model.logistic import Optimum
from riskmodel.model.sample import Sample


def left_out_logodds(x: np.ndarray, sample: Sample, fit: Optimum, offset: np.ndarray) -> np.ndarray:
    """The log-odds of every case without its cluster, shape (n,). x: (n, p+1), of the columns that `fit` has."""
    half = x @ np.linalg.inv(np.linalg.cholesky(fit.information)).T  # half · half' = XH⁻¹X'
    residual = sample.weight * (sample.outcome - fit.prob)
    curvature = sample.weight * fit.prob * (1 - fit.prob)
    starts = np.flatnonzero(np.append(True, sample.cluster[1:] != sample.cluster[:-1]))
    sizes = np.diff(np.append(starts, len(x)))
    leverage = np.einsum("ij,ij->i", half, half)
    moved = leverage * residual / (1 - leverage * curvature)  # of those alone in their cluster
    for size in np.unique(sizes[sizes > 1]):
        rows = starts[sizes == size][:, None] + np.arange(size)
        moved[rows] = _moved(half[rows], residual[rows], curvature[rows])
    return x @ fit.coefficients + offset - moved


def _moved(half: np.ndarray, residual: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """How far each cluster pulls the log-odds of its own rows, (clusters, rows). half: (clusters, rows, p+1)."""
    leverage = half @ half.transpose(0, 2, 1)
    pull = leverage @ residual[:, :, None]
    return np.linalg.solve(np.eye(half.shape[1]) - leverage * curvature[:, None, :], pull)[:, :, 0]
