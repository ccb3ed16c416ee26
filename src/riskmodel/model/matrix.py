"""From answers to the matrix: every answer that can be given has a row of column values, learnt once, then frozen."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.errors import SettingsError
from riskmodel.instrument.records import NO_ANSWER, Item
from riskmodel.model.answers import allowed_answers, answer_positions
from riskmodel.model.levels import Tally, code_levels, tally, with_no_answer
from riskmodel.model.record import Design, ItemCoding, Merge
from riskmodel.model.sample import Sample
from riskmodel.model.spline import KNOT_QUANTILES, choose_knots, spline_basis
from riskmodel.settings import ModelSettings


def learn_design(sample: Sample, items: Sequence[Item], settings: ModelSettings) -> tuple[Design, tuple[Merge, ...]]:
    """The coding of every item, with levels merged, knots and scales as `sample` has them, and what was merged."""
    if settings.knots not in KNOT_QUANTILES:
        raise SettingsError(f"params.toml: model: knots is {settings.knots}. Allowed: 3 to 7.")
    codings: list[ItemCoding] = []
    merged: list[Merge] = []
    for column, item in zip(sample.positions.T, items, strict=True):
        counts = tally(column, sample.outcome, sample.weight, answers_n=allowed_answers(item).n)
        code = code_number if item.kind == "number" else code_levels
        coding, merges = code(item, counts, settings)
        codings.append(coding)
        merged.extend(merges)
    return Design(tuple(codings)), tuple(merged)


def code_number(item: Item, counts: Tally, settings: ModelSettings) -> tuple[ItemCoding, tuple[Merge, ...]]:
    """The coding of a number: its spline less the mean and over the SD of those who answered, and no answer.

    A row of zeros is thus the item's mean; it stands for no answer when too few gave none for a column of their own.
    """
    minimum = item.minimum or 0
    values = minimum + np.arange(allowed_answers(item).n, dtype=float)
    weight, blank_reason = counts.weight[:-1], counts.too_few(-1, settings)
    seen = weight > 0
    knots: tuple[float, ...] = ()
    rows = np.empty((len(values), 0))
    if seen.sum() > 1:
        knots = choose_knots(values[seen], weight[seen], knots_n=settings.knots)
        rows = _standardised(spline_basis(values, knots), weight)
    columns = [item.id + "'" * place for place in range(rows.shape[1])]
    informative = bool(counts.people[:-1].any())
    rows, names = with_no_answer(rows, columns, item.id, blank=not blank_reason and informative)
    merges = (Merge(item.id, NO_ANSWER, "mean", blank_reason),) if blank_reason and counts.people[-1] else ()
    return ItemCoding(item.id, item.kind, (), (), minimum, knots, names, rows), merges


def _standardised(basis: np.ndarray, weight: np.ndarray) -> np.ndarray:
    mean = weight @ basis / weight.sum()
    return (basis - mean) / np.sqrt(weight @ (basis - mean) ** 2 / weight.sum())


def matrix(positions: np.ndarray, design: Design) -> np.ndarray:
    """The matrix with the intercept's ones first, shape (n, p + 1), from `answer_positions`."""
    blocks = [coding.rows[column] for coding, column in zip(design.codings, positions.T, strict=True)]
    return np.hstack([np.ones((len(positions), 1)), *blocks])


def design_matrix(answers: pd.DataFrame, design: Design) -> np.ndarray:
    """The matrix without intercept, float64 (n, p): one row of `answers` a row."""
    return matrix(answer_positions(answers, (coding.allowed for coding in design.codings)), design)[:, 1:]
