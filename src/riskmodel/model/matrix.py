"""From answers to the matrix: every answer that can be given has a row of column values, learnt once, then frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.errors import FitError, SettingsError
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED, Item
from riskmodel.model.levels import Tally, code_levels, tally, with_no_answer
from riskmodel.model.record import Design, ItemCoding, Merge
from riskmodel.model.spline import KNOT_QUANTILES, choose_knots, spline_basis
from riskmodel.settings import ModelSettings

BLANKS = (NO_ANSWER, NOT_ASKED, NOT_OBSERVED)


@dataclass(frozen=True, eq=False)
class Sample:
    """The fitted cases as arrays, sorted so that a cluster's cases stand together.

    positions: (n, items), the place of each answer among those its item allows, the last being no answer.
    outcome: 0.0 or 1.0, (n,). weight: > 0, (n,). cluster: (n,).
    """

    positions: np.ndarray
    outcome: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray

    def take(self, rows: np.ndarray) -> "Sample":
        """The cases at `rows`, a mask or increasing places."""
        return Sample(self.positions[rows], self.outcome[rows], self.weight[rows], self.cluster[rows])


def answers_n(item: Item) -> int:
    """How many different answers `item` allows."""
    if item.kind != "number":
        return len(item.levels)
    if item.minimum is None or item.maximum is None:
        raise SettingsError(f"instrument: item {item.id}: a number needs minimum and maximum. Add them.")
    return item.maximum - item.minimum + 1


def answer_positions(answers: pd.DataFrame, items: Sequence[Item] | Sequence[ItemCoding]) -> np.ndarray:
    """The place of every answer among those its item allows, shape (n, items); no answer comes last.

    Whole numbers outside a number's range count as its nearest end. A level nobody declared is a `FitError`.
    """
    names = [item.id if isinstance(item, Item) else item.item for item in items]
    missing = [name for name in names if name not in answers.columns]
    if missing:
        raise FitError(f"answers: item {', '.join(missing)} is missing. Build the cohort with the same instrument.")
    columns = [
        _number_positions(answers[name], item) if item.kind == "number" else _level_positions(answers[name], item)
        for name, item in zip(names, items, strict=True)
    ]
    return np.column_stack(columns) if columns else np.empty((len(answers), 0), dtype=np.int64)


def _level_positions(column: pd.Series, item: Item | ItemCoding) -> np.ndarray:
    places = pd.Index([*item.codes, *BLANKS]).get_indexer(pd.Index(column))
    unseen_n = int((places < 0).sum())
    if unseen_n:
        raise FitError(
            f"answers, {column.name}: {unseen_n} answers are no level of the item (allowed: "
            f"{', '.join(item.codes)}). Add the level to the instrument, or one of its aliases, and ingest again."
        )
    return np.minimum(places, len(item.codes))


def _number_positions(column: pd.Series, item: Item | ItemCoding) -> np.ndarray:
    size = answers_n(item) if isinstance(item, Item) else len(item.rows) - 1
    values = column.to_numpy(dtype=float, na_value=np.nan)
    blank = np.isnan(values)
    steps = np.floor(np.where(blank, 0.0, values) + 0.5) - float(item.minimum or 0)
    return np.where(blank, size, np.clip(steps, 0, size - 1)).astype(np.int64)


def learn_design(
    sample: Sample, items: Sequence[Item], settings: ModelSettings
) -> tuple[Design, tuple[Merge, ...]]:
    """The coding of every item, with levels merged, knots and scales as `sample` has them, and what was merged."""
    if settings.knots not in KNOT_QUANTILES:
        raise SettingsError(f"params.toml: model: knots is {settings.knots}. Allowed: 3 to 7.")
    codings: list[ItemCoding] = []
    merged: list[Merge] = []
    for column, item in zip(sample.positions.T, items, strict=True):
        counts = tally(column, sample.outcome, sample.weight, answers_n=answers_n(item))
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
    values = minimum + np.arange(answers_n(item), dtype=float)
    weight, blank_reason = counts.weight[:-1], counts.too_few(-1, settings)
    seen = weight > 0
    knots: tuple[float, ...] = ()
    rows = np.empty((len(values), 0))
    if seen.sum() > 1:
        knots = choose_knots(values[seen], weight[seen], knots_n=settings.knots)
        rows = _standardised(spline_basis(values, knots), weight)
    columns = [item.id + "'" * place for place in range(rows.shape[1])]
    informative = bool(columns) or counts.people[:-1].any()
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
    return matrix(answer_positions(answers, design.codings), design)[:, 1:]


def with_coding(design: Design, coding: ItemCoding) -> Design:
    """`design` with the coding of one item replaced."""
    return replace(design, codings=tuple(coding if old.item == coding.item else old for old in design.codings))
