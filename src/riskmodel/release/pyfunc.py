"""The release as an MLflow model, in a file that MLflow runs: it reads `release.json` alone; nothing is unpickled."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlflow.models
import pandas as pd
from mlflow.pyfunc import PythonModel

from riskmodel.release.arithmetic import landmark_of, risk_of, sum_of_points
from riskmodel.release.bundle import load_release_file
from riskmodel.release.verify import check_examples


class ReleaseModel(PythonModel):
    """Points and risk per row of answers; an answer the release does not know is a `BundleError`."""

    def load_context(self, context: Any) -> None:
        """Read the release that was logged with the model."""
        self.release = load_release_file(Path(context.artifacts["release"]))
        check_examples(self.release)

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """One row a case: points and risk (0-1). model_input: one column an item, codes or whole numbers."""
        landmark = landmark_of(self.release)
        sums = [sum_of_points(landmark, _named(row)) for row in model_input.to_dict("records")]
        risks = [risk_of(landmark, points) for points in sums]
        return pd.DataFrame({"points": sums, "risk": risks}, index=model_input.index)


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(item): None if answer is pd.NA else answer for item, answer in row.items()}


mlflow.models.set_model(ReleaseModel())
