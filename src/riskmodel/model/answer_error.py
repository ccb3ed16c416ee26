"""How sure the equation is, in numbers short enough to leave: one error an answer, and one of the mean person."""

from dataclasses import dataclass

import numpy as np

from riskmodel.ground.statistics import stepped
from riskmodel.model.record import AnswerErrors, Design
from riskmodel.model.spline import weighted_quantile

UNUSUAL_QUANTILE = 0.995  # beyond it an answer pattern counts as never seen
DIGITS = 2  # of the limit beyond which a pattern is unusual


@dataclass(frozen=True, eq=False)
class _Block:
    """One item's columns: the row of every answer, and how the mean person would answer."""

    rows: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray

    def errors(self) -> tuple[float, ...]:
        """The standard error of every answer's log-odds against the mean person's, no answer last."""
        away = self.rows - self.mean
        variance = np.clip(((away @ self.covariance) * away).sum(axis=1), 0, None)
        return tuple(stepped(error) for error in np.sqrt(variance).tolist())


def answer_errors(design: Design, covariance: np.ndarray, positions: np.ndarray, weight: np.ndarray) -> AnswerErrors:
    """The errors of an equation by answer, each the nearest of a short ladder, and beyond what a case is unusual.

    covariance: (p+1, p+1), squared log-odds. positions: (n, items), of those fitted, with their weight (n,). An
    answer's error is about the mean person; with the mean person's own its variance adds, what items share left out.
    """
    blocks, first = [], 1
    for coding, column in zip(design.codings, positions.T, strict=True):
        own = slice(first, first + len(coding.columns))
        given = np.bincount(column, weight, minlength=len(coding.rows))
        blocks.append(_Block(coding.rows, given @ coding.rows / given.sum(), covariance[own, own]))
        first = own.stop
    mean = np.concatenate([[1.0], *(block.mean for block in blocks)])
    mean_person = stepped(float(np.sqrt(mean @ covariance @ mean)))
    by_item = tuple(block.errors() for block in blocks)
    variance = np.full(len(positions), mean_person**2)
    for errors, column in zip(by_item, positions.T, strict=True):
        variance += np.square(errors)[column]
    largest_usual = float(weighted_quantile(variance, weight, at=(UNUSUAL_QUANTILE,))[0])
    return AnswerErrors(mean_person, by_item, rounded_up(largest_usual))


def rounded_up(value: float) -> float:
    """A positive `value` to two significant digits, never below it."""
    if value <= 0:
        return 0.0
    power = int(np.floor(np.log10(value))) + 1 - DIGITS
    return float(f"{int(np.ceil(value / 10.0**power * (1 - 1e-12)))}e{power}")
