"""A fitted model on disk: canonical JSON, written whole, read back to the same records."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.ground.errors import FitError
from riskmodel.ground.files import read_json, write_bytes, write_json
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model.record import (
    AnswerErrors,
    Design,
    Equation,
    FittedModel,
    ItemCoding,
    ItemPoints,
    Merge,
    PathPoint,
    Points,
    Sign,
)

MODEL_FILE = "model.json"
EVIDENCE_FILE = "evidence.json"
COEFFICIENTS_FILE = "coefficients.csv"  # for the analyst; it never leaves this folder


def model_as_dict(model: FittedModel) -> dict[str, object]:
    """`model` as plain dictionaries, lists, texts and numbers."""
    return {key: _plain(value) for key, value in asdict(model).items()}


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def model_from_dict(plain: Mapping[str, Any]) -> FittedModel:
    """The model that `model_as_dict` made `plain` from."""
    design = Design(tuple(_coding(one) for one in plain["design"]["codings"]))
    return FittedModel(
        design=design,
        equation=_equation(plain["equation"]),
        points=_points(plain["points"], design),
        shrinkage=float(plain["shrinkage"]),
        out_of_fold_auc=float(plain["out_of_fold_auc"]),
        event_rate=float(plain["event_rate"]),
        n=plain["n"],
        events_n=plain["events_n"],
        clusters_n=plain["clusters_n"],
        window_years=tuple(plain["window_years"]),
        merged=tuple(Merge(**one) for one in plain["merged"]),
        signs=tuple(Sign(**one) for one in plain["signs"]),
        penalty_path=tuple(PathPoint(**one) for one in plain["penalty_path"]),
        errors=_errors(plain["errors"]),
    )


def _coding(plain: Mapping[str, Any]) -> ItemCoding:
    lists = {name: tuple(plain[name]) for name in ("codes", "kept", "knots", "columns")}
    rows = np.array(plain["rows"], dtype=float).reshape(len(plain["rows"]), len(lists["columns"]))
    return ItemCoding(item=plain["item"], kind=plain["kind"], minimum=plain["minimum"], rows=rows, **lists)


def _equation(plain: Mapping[str, Any]) -> Equation:
    return Equation(
        intercept=float(plain["intercept"]),
        coefficients=np.array(plain["coefficients"], dtype=float),
        penalty=float(plain["penalty"]),
        covariance=np.array(plain["covariance"], dtype=float),
        columns=tuple(plain["columns"]),
    )


def _errors(plain: Mapping[str, Any]) -> AnswerErrors:
    by_item = tuple(tuple(map(float, errors)) for errors in plain["by_item"])
    return AnswerErrors(float(plain["mean_person"]), by_item, float(plain["unusual"]))


def _points(plain: Mapping[str, Any], design: Design) -> Points:
    pairs = zip(plain["items"], design.codings, strict=True)
    items = tuple(
        ItemPoints(
            item=one["item"],
            # canonical JSON sorts keys; a table of points stands in the order of its item's answers
            by_code={code: one["by_code"][code] for code in (*coding.codes, NO_ANSWER)},
            minimum=one["minimum"],
            by_value=tuple(one["by_value"]),
            mean=float(one["mean"]),
        )
        for one, coding in pairs
    )
    return Points(items, float(plain["offset"]), float(plain["per_point"]))


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


def _read(path: Path) -> Any:
    if not path.is_file():
        raise FitError(f"{path.name}: not found. Run `dvc repro fit` first.")
    return read_json(path)
