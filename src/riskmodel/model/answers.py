"""Where each answer stands among those its item allows: the one place where answers meet the model."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from riskmodel.ground.errors import FitError, SettingsError
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED, Item
from riskmodel.model.record import Allowed

BLANKS = (NO_ANSWER, NOT_ASKED, NOT_OBSERVED)  # three ways of having no answer, one row of the matrix


def allowed_answers(item: Item) -> Allowed:
    """The answers `item` allows."""
    if item.kind != "number":
        return Allowed(item.id, item.codes, None, len(item.codes))
    if item.minimum is None or item.maximum is None:
        raise SettingsError(f"instrument: item {item.id}: a number needs minimum and maximum. Add them.")
    return Allowed(item.id, (), item.minimum, item.maximum - item.minimum + 1)


def answer_positions(answers: pd.DataFrame, allowed: Iterable[Allowed]) -> np.ndarray:
    """The place of every answer among those its item allows, shape (n, items); no answer comes last.

    Whole numbers outside a number's range count as its nearest end. A level nobody declared is a `FitError`.
    """
    sets = list(allowed)
    missing = [one.item for one in sets if one.item not in answers.columns]
    if missing:
        raise FitError(f"answers: item {', '.join(missing)} is missing. Build the cohort with the same instrument.")
    places = [(_level_places if one.minimum is None else _number_places)(answers[one.item], one) for one in sets]
    return np.column_stack(places) if places else np.empty((len(answers), 0), dtype=np.int64)


def _level_places(column: pd.Series, allowed: Allowed) -> np.ndarray:
    places = pd.Index([*allowed.codes, *BLANKS]).get_indexer(pd.Index(column))
    unseen_n = int((places < 0).sum())
    if unseen_n:
        raise FitError(
            f"answers, {allowed.item}: {unseen_n} are no level of the item (allowed: {', '.join(allowed.codes)}). "
            "Add the level or an alias to the instrument and ingest again; an old release keeps its own levels."
        )
    return np.minimum(places, allowed.n)


def _number_places(column: pd.Series, allowed: Allowed) -> np.ndarray:
    values = column.to_numpy(dtype=float, na_value=np.nan)
    blank = np.isnan(values)
    steps = np.floor(np.where(blank, 0.0, values) + 0.5) - float(allowed.minimum or 0)
    return np.where(blank, allowed.n, np.clip(steps, 0, allowed.n - 1)).astype(np.int64)
