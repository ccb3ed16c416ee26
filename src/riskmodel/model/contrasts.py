"""A smaller matrix with the same optimum: full one-hot blocks in an orthonormal basis while the equation is fitted.

Where everybody has exactly one 1 among an item's columns, the free intercept makes the penalised coefficients of the
item sum to zero. Orthonormal contrasts span just that, with one column less and the same sum of squares.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from riskmodel.model.record import Design


def contrasts(design: Design, positions: np.ndarray) -> tuple[np.ndarray, ...]:
    """For each item its basis, shape (columns of the design, columns fitted). positions: (n, items), of the fitted."""
    return tuple(
        helmert(len(coding.columns)) if _one_each(coding.rows, column) else np.eye(len(coding.columns))
        for coding, column in zip(design.codings, positions.T, strict=True)
    )


def _one_each(rows: np.ndarray, column: np.ndarray) -> bool:
    given = rows[np.bincount(column, minlength=len(rows)) > 0]
    return bool(((given == 0) | (given == 1)).all() and (given.sum(axis=1) == 1).all())


def helmert(columns_n: int) -> np.ndarray:
    """Orthonormal columns that each sum to zero, shape (columns_n, columns_n − 1)."""
    basis = np.triu(np.ones((columns_n, columns_n)))[:, :-1]
    basis[np.arange(1, columns_n), np.arange(columns_n - 1)] = -np.arange(1.0, columns_n)
    return basis / np.sqrt((basis**2).sum(axis=0))


def fitted_design(design: Design, bases: Sequence[np.ndarray]) -> Design:
    """`design` in the bases' columns; their names stand for none of its own."""
    pairs = zip(design.codings, bases, strict=True)
    return Design(
        tuple(
            replace(coding, rows=coding.rows @ basis, columns=coding.columns[: basis.shape[1]])
            for coding, basis in pairs
        )
    )


def expanded(coefficients: np.ndarray, bases: Sequence[np.ndarray]) -> np.ndarray:
    """Coefficients of the design's own columns from those fitted, the intercept first in both."""
    ends = 1 + np.cumsum([basis.shape[1] for basis in bases], dtype=int)
    blocks = np.split(coefficients, [1, *ends])[1 : len(bases) + 1]
    return np.concatenate([coefficients[:1], *(basis @ own for basis, own in zip(bases, blocks, strict=True))])
