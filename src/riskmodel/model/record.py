"""What a fit leaves behind: frozen records, from which every later number follows, and their files.

On disk they are canonical JSON, written whole, read back to the same records.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from math import isinf
from pathlib import Path
from typing import Any, cast, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from riskmodel.ground.errors import FitError
from riskmodel.ground.files import read_json, write_bytes, write_json
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model import REFUSALS

INTERCEPT = "intercept"
MODEL_FILE = "model.json"
EVIDENCE_FILE = "evidence.json"
COEFFICIENTS_FILE = "coefficients.csv"  # for the analyst; it never leaves this folder


@dataclass(frozen=True)
class Allowed:
    """The `n` answers an item allows: `codes` in declared order, or the whole numbers from `minimum`."""

    item: str
    codes: tuple[str, ...]
    minimum: int | None
    n: int


@dataclass(frozen=True, eq=False)
class ItemCoding:
    """How one item becomes columns: a row of values for every answer that can be given.

    codes: answers of a level, ordinal or flag item, in declared order; empty for a number, whose answers are the
    whole values from `minimum`. kept: for each code, the level it is coded as. columns: names, maybe none.
    rows: float64 (answers + 1, columns); the last row stands for no answer. knots: of a number's spline. asked: False
    where the procedure leaves the question out, which then has no columns.
    """

    item: str
    kind: str
    codes: tuple[str, ...]
    kept: tuple[str, ...]
    minimum: int | None
    knots: tuple[float, ...]
    columns: tuple[str, ...]
    rows: np.ndarray
    asked: bool = True

    @property
    def allowed(self) -> Allowed:
        """The answers that have a row."""
        return Allowed(self.item, self.codes, self.minimum, len(self.rows) - 1)

    @property
    def has_no_answer(self) -> bool:
        """Whether "no answer" has a column of its own; otherwise it stands at the item's mean."""
        return f"{self.item}={NO_ANSWER}" in self.columns


@dataclass(frozen=True)
class Design:
    """How answers become the matrix: one coding an item, in the instrument's order.

    prior: for each item the log-odds that a borrowed table gives its answers, no answer last; empty without a table.
    """

    codings: tuple[ItemCoding, ...]
    prior: tuple[np.ndarray, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the matrix' columns, without the intercept."""
        return tuple(column for coding in self.codings for column in coding.columns)

    @property
    def asked(self) -> tuple[str, ...]:
        """The items of the table of points."""
        return tuple(coding.item for coding in self.codings if coding.asked)

    def columns_of(self, item: str) -> slice:
        """Where the columns of `item` stand in the matrix without intercept; KeyError when it is unknown."""
        first = 0
        for coding in self.codings:
            if coding.item == item:
                return slice(first, first + len(coding.columns))
            first += len(coding.columns)
        raise KeyError(item)

    def answer_logodds(self, coefficients: np.ndarray) -> tuple[np.ndarray, ...]:
        """For each item what its answers add to the log-odds, no answer last: the prior, and `coefficients` (p,)."""
        own = [coding.rows @ coefficients[self.columns_of(coding.item)] for coding in self.codings]
        return tuple(map(np.add, own, self.prior)) if self.prior else tuple(own)


@dataclass(frozen=True, eq=False)
class Equation:
    """The penalised logistic equation. coefficients (p,); covariance (p+1, p+1), row and column 0 the intercept.

    penalty: infinite where nothing but the intercept is fitted.
    """

    intercept: float
    coefficients: np.ndarray
    penalty: float
    covariance: np.ndarray
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ItemPoints:
    """Points of one item. by_code: every declared code and "no_answer"; by_value: whole values from `minimum`.

    A number has `by_value`, `minimum` and the entry "no_answer" of `by_code`. mean: of the intercept window's cases.
    """

    item: str
    by_code: Mapping[str, int]
    minimum: int | None
    by_value: tuple[int, ...]
    mean: float

    @property
    def allowed(self) -> Allowed:
        """The answers that have points."""
        codes = tuple(code for code in self.by_code if code != NO_ANSWER)
        return Allowed(self.item, codes, self.minimum, len(self.answered))

    @property
    def no_answer(self) -> int:
        """Points when there is no answer."""
        return self.by_code[NO_ANSWER]

    @property
    def answered(self) -> tuple[int, ...]:
        """Points of the answers that can be given, in declared order."""
        return self.by_value or tuple(points for code, points in self.by_code.items() if code != NO_ANSWER)

    @property
    def spread(self) -> int:
        """How much the answer can move the sum."""
        return max(self.answered) - min(self.answered)


@dataclass(frozen=True)
class Points:
    """The published arithmetic: risk = 1/(1+exp(−(offset + sum of points × per_point)))."""

    items: tuple[ItemPoints, ...]
    offset: float
    per_point: float

    def of(self, item: str) -> ItemPoints:
        """The points of `item`; KeyError when it has none."""
        for points in self.items:
            if points.item == item:
                return points
        raise KeyError(item)


@dataclass(frozen=True)
class Merge:
    """A level too rare for a column of its own. reason: "people", "events" or "non_events" are too few."""

    item: str
    level: str
    into: str
    reason: str


@dataclass(frozen=True)
class Sign:
    """An ordinal step whose coefficient goes against the declared direction; `held` at zero or only reported."""

    item: str
    level: str
    coefficient: float
    expected: str
    held: bool


@dataclass(frozen=True)
class PathPoint:
    """What one penalty would give: approximate leave-one-cluster-out deviance (`criterion`)."""

    penalty: float
    deviance: float
    criterion: float


@dataclass(frozen=True)
class AnswerErrors:
    """Standard errors (log-odds) of the mean person and, about them, of every answer by item, no answer last.

    unusual: the variance (squared log-odds) beyond which a pattern of answers counts as never seen.
    """

    mean_person: float
    by_item: tuple[tuple[float, ...], ...]
    unusual: float


@dataclass(frozen=True)
class FittedModel:
    """One run of the whole procedure on one set of cases.

    shrinkage: what the coefficients are multiplied by; above 1 it stretches them. event_rate: weighted, of all fitted.
    n: cases; clusters_n: households that count as one.
    out_of_fold_auc: of the equation, in grouped folds. window_years: intake years that tell the level; level_error: its
    standard error in log-odds.
    """

    design: Design
    equation: Equation
    points: Points
    shrinkage: float
    out_of_fold_auc: float
    event_rate: float
    n: int
    events_n: int
    clusters_n: int
    window_years: tuple[int, ...]
    level_error: float
    merged: tuple[Merge, ...]
    signs: tuple[Sign, ...]
    penalty_path: tuple[PathPoint, ...]
    errors: AnswerErrors


def model_as_dict(model: FittedModel) -> dict[str, object]:
    """`model` as plain dictionaries, lists, texts and numbers."""
    return {key: _plain(value) for key, value in asdict(model).items()}


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, float) and isinf(value):
        return str(value)  # JSON has no infinity
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def model_from_dict(plain: Mapping[str, object]) -> FittedModel:
    """The model that `model_as_dict` made `plain` from."""
    model: FittedModel = _made(FittedModel, plain)
    # canonical JSON sorts keys; a table of points stands in the order of its item's answers
    pairs = zip(model.points.items, model.design.codings, strict=True)
    items = tuple(
        replace(item, by_code={code: item.by_code[code] for code in (*coding.codes, NO_ANSWER)})
        for item, coding in pairs
    )
    return replace(model, points=replace(model.points, items=items))


def _made(hint: object, plain: Any) -> Any:
    """The value of type `hint`, a record or what a record here holds, that `_plain` made `plain` from."""
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return cast(type, hint)(**{name: _made(hints[name], value) for name, value in plain.items()})
    if get_origin(hint) is tuple:
        return tuple(_made(get_args(hint)[0], one) for one in plain)
    if hint is np.ndarray:
        return np.array(plain, dtype=float)
    return float(plain) if hint is float else plain


def write_model(model: FittedModel, evidence: Mapping[str, Any], folder: Path) -> None:
    """Write `model`, the `evidence` beside it and its coefficients as a table; the same records give the same bytes."""
    write_json(folder / MODEL_FILE, model_as_dict(model), private=True)
    write_json(folder / EVIDENCE_FILE, evidence, private=True)
    coefficients = pd.DataFrame(evidence["inference"]).to_csv(index=False, float_format="%.10g", lineterminator="\n")
    write_bytes(folder / COEFFICIENTS_FILE, coefficients.encode(), private=True)


def load_model(folder: Path) -> FittedModel:
    """The model in `folder`; numbers as written, to ten significant digits."""
    return model_from_dict(_read(folder / MODEL_FILE))


def load_evidence(folder: Path) -> dict[str, Any]:
    """What was written beside the model in `folder`."""
    return dict(_read(folder / EVIDENCE_FILE))


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        raise FitError(REFUSALS["file_missing"].filled(file=path.name))
    return read_json(path)
