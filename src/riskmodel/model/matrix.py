"""From answers to the matrix: every answer that can be given has a row of column values, learnt once, then frozen."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import ModelSettings
from riskmodel.instrument.pairs import Pair
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model import REFUSALS
from riskmodel.model.levels import (
    Tally,
    code_blank,
    code_levels,
    code_pair,
    kept_steps,
    step_rows,
    tally,
    with_no_answer,
)
from riskmodel.model.record import Design, ItemCoding, Merge
from riskmodel.model.sample import Sample, allowed_answers, answer_positions
from riskmodel.model.spline import FEWEST_KNOTS, KNOT_QUANTILES, choose_knots, spline_basis


def learn_design(
    sample: Sample, items: Sequence[Item], settings: ModelSettings, *, asked: Collection[str] | None = None
) -> tuple[Design, tuple[Merge, ...]]:
    """The coding of every item, with levels merged, knots and scales as `sample` has them, and what was merged.

    asked: ids of the items that get columns, all when None.
    """
    if settings.knots not in KNOT_QUANTILES:
        raise SettingsError(REFUSALS["no_such_knots"].filled(knots=settings.knots))
    by_hand = {one.item: one.at for one in settings.knots_at}
    codings: list[ItemCoding] = []
    merged: list[Merge] = []
    for column, item in zip(sample.positions.T, items, strict=True):
        if asked is not None and item.id not in asked:
            codings.append(left_out(item))
            continue
        counts = tally(column, sample, answers_n=allowed_answers(item).n)
        if isinstance(item, Pair):
            coding, merges = code_pair(item, counts, settings)
        elif item.is_number:
            coding, merges = code_number(item, counts, settings, by_hand=by_hand.get(item.id))
        else:
            coding, merges = code_levels(item, counts, settings)
        codings.append(coding)
        merged.extend(merges)
    return Design(tuple(codings), _prior(codings, settings)), tuple(merged)


def _prior(codings: Sequence[ItemCoding], settings: ModelSettings) -> tuple[np.ndarray, ...]:
    """What the borrowed table gives the answers of each item: nothing where it is not asked."""
    if settings.prior is None:
        return ()
    table = settings.prior.at_hand.logodds
    return tuple(np.array(table[one.item]) if one.asked else np.zeros(len(one.rows)) for one in codings)


def left_out(item: Item) -> ItemCoding:
    """The coding of an item that is not asked: every answer has the same row, without columns."""
    allowed = allowed_answers(item)
    rows = np.empty((allowed.n + 1, 0))
    return ItemCoding(item.id, item.kind, allowed.codes, allowed.codes, allowed.minimum, (), (), rows, asked=False)


def code_number(
    item: Item, counts: Tally, settings: ModelSettings, *, by_hand: Sequence[float] | None = None
) -> tuple[ItemCoding, tuple[Merge, ...]]:
    """The coding of a number: its spline less the mean and over the SD of those who answered, its steps, no answer.

    Mean and SD are short numbers, so that nobody moves them. A row of zeros is the item's mean; it stands for no answer
    that has no column of its own. by_hand: knots that somebody has set, at Harrell's quantiles when None.
    """
    minimum = item.minimum or 0
    values = minimum + np.arange(allowed_answers(item).n, dtype=float)
    weight, (blank, merges) = counts.weight[:-1], code_blank(item, counts, settings)
    seen = weight > 0
    knots: tuple[float, ...] = ()
    rows = np.empty((len(values), 0))
    if seen.sum() > 1:
        found = by_hand or choose_knots(values[seen], weight[seen], knots_n=settings.knots)
        knots = tuple(map(float, found))
        rows = _standardised(spline_basis(values, knots), weight)
    columns = [item.id + "'" * place for place in range(rows.shape[1])]
    steps, too_small = kept_steps(item, counts, settings)
    rows = np.hstack([rows, step_rows(values, steps, weight)])
    columns += [f"{item.id}>={step}" for step in steps]
    informative = bool(counts.people[:-1].any())
    rows, names = with_no_answer(rows, columns, item.id, blank=blank and informative)
    return ItemCoding(item.id, item.kind, (), (), minimum, knots, names, rows), (*too_small, *merges)


def _standardised(basis: np.ndarray, weight: np.ndarray) -> np.ndarray:
    mean = weight @ basis / weight.sum()
    sd = np.sqrt(weight @ (basis - mean) ** 2 / weight.sum())
    scale = np.where(sd > 0, sd, 1.0)  # knots set by hand may lie where nobody is
    return (basis - short(mean)) / short(scale)


def short(values: np.ndarray) -> np.ndarray:
    """Each of `values` to two significant digits, shape kept."""
    return np.array([float(f"{value:.1e}") for value in values])


def check_knots(instrument: Instrument, settings: ModelSettings) -> None:
    """Refuse knots set by hand that no spline of the instrument's numbers can have."""
    numbers = {item.id: item for item in instrument.items if item.use == "predictor" and item.is_number}
    for one in settings.knots_at:
        item, at = numbers.get(one.item), one.at
        if item is None:
            allowed = ", ".join(numbers) or REFUSALS["none"]
            raise SettingsError(REFUSALS["knots_elsewhere"].filled(item=one.item, allowed=allowed))
        if len(at) < FEWEST_KNOTS or list(at) != sorted(set(at)):
            raise SettingsError(REFUSALS["few_knots"].filled(item=one.item, n=len(at), least=FEWEST_KNOTS))
        if item.minimum is None or item.maximum is None or not item.minimum <= at[0] <= at[-1] <= item.maximum:
            ends = {"first": item.minimum, "last": item.maximum}
            raise SettingsError(REFUSALS["knots_outside"].filled(item=one.item, **ends))


def matrix(positions: np.ndarray, design: Design) -> np.ndarray:
    """The matrix with the intercept's ones first, shape (n, p + 1), from `answer_positions`."""
    blocks = [coding.rows[column] for coding, column in zip(design.codings, positions.T, strict=True)]
    return np.hstack([np.ones((len(positions), 1)), *blocks])


def prior_logodds(positions: np.ndarray, design: Design) -> np.ndarray:
    """What the borrowed table says of every row of `positions`, zero without one. Shape (n,)."""
    return summed(design.prior, positions) if design.prior else np.zeros(len(positions))


def summed(by_answer: Sequence[np.ndarray], positions: np.ndarray) -> np.ndarray:
    """The sum over items of what each answer of a row gives. Shape (n,)."""
    total = np.zeros(len(positions))
    for values, column in zip(by_answer, positions.T, strict=True):
        total += values[column]
    return total


def design_matrix(answers: pd.DataFrame, design: Design) -> np.ndarray:
    """The matrix without intercept, float64 (n, p): one row of `answers` a row."""
    return matrix(answer_positions(answers, (coding.allowed for coding in design.codings)), design)[:, 1:]
