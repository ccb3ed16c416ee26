"""The release as an MLflow model, in a file that MLflow runs: it reads `release.json` alone; nothing is unpickled."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import mlflow.models
import pandas as pd
from mlflow.pyfunc import PythonModel

from riskmodel.publish.registry.served import check_purpose, served_release
from riskmodel.release.answers import Scored, resolve_answers, scored
from riskmodel.release.record import Release


class ReleaseModel(PythonModel):
    """Points, risk and `unusual` per row of answers.

    Whatever `verify` refuses is a `BundleError`, at load and at each answer.
    """

    def load_context(self, context: Any) -> None:
        """Refuse at once what may not be used today."""
        _release(context)

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """One row a case: points, risk (0-1) and unusual, each None where `riskmodel score` gives null.

        model_input: one column an item, answered as `riskmodel advise` takes it; what the release does not know is a
        `SurveyDataError`.
        params: month of the case at whose start it is scored; the code of the municipality that asks ("": not said);
        purpose: "evaluation", nothing else.
        """
        asked = {"month": 0, "municipality": "", "purpose": "", **(params or {})}
        release = _release(context, municipality=asked["municipality"] or None)
        check_purpose(asked["purpose"])
        landmark = release.landmark(asked["month"])
        answers = (resolve_answers(release, landmark, _named(row)) for row in model_input.to_dict("records"))
        rows = [scored(release, landmark, read) for read in answers]
        return pd.DataFrame(rows, columns=Scored._fields, index=model_input.index, dtype=object)  # JSON has no NaN


def _release(context: Any, *, municipality: str | None = None) -> Release:
    file = Path(context.artifacts["release"])
    return served_release(file, context.model_config or {}, today=date.today(), municipality=municipality)


def _named(row: Mapping[object, object]) -> dict[str, object]:
    return {str(item): None if answer is pd.NA else answer for item, answer in row.items()}


mlflow.models.set_model(ReleaseModel())
