"""What is off, and by how many standard errors, when people of a household share an outcome."""

import numpy as np

DETERMINED = 1e-9  # of a column's sum of squares: what rounding leaves of one that others determine


def cluster_scores(
    outcome: np.ndarray,
    prob: np.ndarray,
    columns: np.ndarray,
    free: np.ndarray,
    *,
    weight: np.ndarray,
    member: np.ndarray,
) -> np.ndarray:
    """Each cluster's share of the score at risks `prob`, along every direction of `columns` that `free` leaves open.

    free: the columns already fitted. Directions have information 1 and are uncorrelated, so that for independent cases
    the squared sum over clusters is Rao's statistic. Shape (clusters, df).
    """
    curvature = weight * prob * (1 - prob)
    residual = _without(columns, free, curvature)
    length = np.sqrt(curvature @ columns**2)
    residual = residual[:, length > 0] / length[length > 0]
    size, direction = np.linalg.eigh((residual * curvature[:, None]).T @ residual)
    new = size > DETERMINED
    scores = residual * (weight * (outcome - prob))[:, None]
    by_cluster = [np.bincount(member, column) for column in scores.T]
    return np.reshape(by_cluster, (scores.shape[1], int(member.max()) + 1)).T @ (direction[:, new] / np.sqrt(size[new]))


def _without(columns: np.ndarray, free: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """What is left of `columns` beyond `free`."""
    if not free.shape[1]:
        return columns
    weighted = free * curvature[:, None]
    # the log-odds of a release that gives everybody the same risk are one more intercept
    inverse = np.linalg.pinv(weighted.T @ free, rcond=DETERMINED, hermitian=True)
    return columns - free @ (inverse @ (weighted.T @ columns))


def cluster_z(scores: np.ndarray) -> float:
    """The sum of clusters' scores along one direction, shape (clusters, 1), in standard errors; 0 without a direction.

    The few sign patterns that can be drawn tell nothing of probabilities as small as those that items are held against.
    """
    size = float(np.sqrt((scores**2).sum()))
    return float(scores.sum()) / size if size > 0 else 0.0


def log_oe_error(outcome: np.ndarray, prob: np.ndarray, *, weight: np.ndarray, member: np.ndarray) -> float:
    """The standard error of ln(observed/expected events), to first order. Shape (n,) each; there must be events."""
    observed, expected = weight @ outcome, weight @ prob
    strayed = np.bincount(member, weight * (outcome - prob * observed / expected))
    return float(np.sqrt((strayed**2).sum()) / observed)


def slope_error(
    outcome: np.ndarray, prob: np.ndarray, lp: np.ndarray, *, weight: np.ndarray, member: np.ndarray
) -> float:
    """The standard error of the slope of the outcome on `lp`. prob: the risks of that regression. Shape (n,) each."""
    ones, curvature = np.ones((len(lp), 1)), weight * prob * (1 - prob)
    beyond = _without(lp[:, None], ones, curvature)[:, 0]
    strayed = np.bincount(member, weight * beyond * (outcome - prob))
    return float(np.sqrt((strayed**2).sum()) / (curvature @ beyond**2))
