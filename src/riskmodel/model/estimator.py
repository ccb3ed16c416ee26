"""The procedure as scikit-learn knows one: `fit`, `predict_proba`, `get_feature_names_out`.

Where it is not what scikit-learn asks of every classifier, and why, is listed by the name of the check in
tests/unit/model/test_model_estimator.py.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d, validate_data

from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import fit_model
from riskmodel.model.points import risk_of_answers
from riskmodel.model.record import FittedModel

NO_OUTCOME = "no_validation"  # scikit-learn's word for it


class Estimator(ClassifierMixin, BaseEstimator):
    """Risk of a long case by the published table of points; `fit` is the whole procedure, from merging to intercept.

    instrument: what may be answered. settings: the year's choices, with the landmark at hand. X: a frame with a column
    an item, others being left alone, or numbers in the instrument's order. After `fit`: classes_, the second of which
    is the long case; feature_names_in_, the items; n_features_in_; model_, all that was fitted.
    """

    def __init__(self, instrument: Instrument, settings: Settings) -> None:
        self.instrument = instrument
        self.settings = settings

    def fit(
        self,
        X: object,
        y: object,
        sample_weight: object = None,
        *,
        cluster: object = None,
        intake_month: object = None,
    ) -> Self:
        """Learn the table from the answers `X`, a row a case, and the outcomes `y` of two classes, (n,).

        sample_weight: above 0, 1 when None. cluster: the same for people whose cases hang together, one each when None.
        intake_month: year·12 + month−1, the same for all when None; it decides whose level the intercept keeps. All
        (n,). A `ValueError` for what is no table or no outcome, a `FitError` when it can't carry a fit.
        """
        answers = self._answers(X, y)
        outcome = column_or_1d(y, warn=True)
        check_classification_targets(outcome)
        cases = pd.DataFrame(
            {
                "case_id": answers.index.to_numpy(),
                "outcome": outcome,
                "weight": _check_sample_weight(sample_weight, answers.to_numpy(), dtype=float),
                "cluster_id": np.arange(len(answers)) if cluster is None else np.asarray(cluster),
                "intake_month": 0 if intake_month is None else np.asarray(intake_month),
            }
        )
        used = (cases["weight"] != 0).to_numpy()  # scikit-learn's way of leaving a case out
        cases, answers = cases[used].reset_index(drop=True), answers[used]
        classes, cases["outcome"] = np.unique(cases["outcome"], return_inverse=True)
        if len(classes) != 2:
            raise ValueError(
                f"Only binary classification is supported; of {len(classes)} class(es) none can be learnt."
            )
        return self.holding(fit_model(cases, answers, self.instrument, self.settings), tuple(classes))

    def holding(self, model: FittedModel, classes: Sequence[object] = (0, 1)) -> Self:
        """The estimator fitted already: it holds `model`."""
        self.model_, self.classes_ = model, np.asarray(classes)
        self.feature_names_in_ = np.array(self._items, dtype=object)
        self.n_features_in_ = len(self._items)
        return self

    def predict_proba(self, X: object) -> np.ndarray:
        """The risk of a short and of a long case for every row of answers, 0-1, shape (n, 2).

        An answer that the instrument does not know is a `FitError`.
        """
        check_is_fitted(self)
        risk = risk_of_answers(self._answers(X), self.model_.points)
        return np.column_stack([1 - risk, risk])

    def predict(self, X: object) -> np.ndarray:
        """The likelier class, (n,). No flag: flags follow from a policy."""
        is_long = self.predict_proba(X)[:, 1] >= 0.5
        return self.classes_[is_long.astype(int)]

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """Names of the equation's columns, as coefficients.csv has them, without the intercept. Shape (p,)."""
        check_is_fitted(self)
        return np.array(self.model_.design.columns, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class, tags.input_tags.allow_nan = False, True
        return tags

    @property
    def _items(self) -> list[str]:
        return [item.id for item in self.instrument.predictors(self.settings.cohort.landmark)]

    def _answers(self, X: object, y: object = NO_OUTCOME) -> pd.DataFrame:
        """`X` as the procedure takes it: a column an item."""
        if isinstance(X, pd.DataFrame) and set(self._items) <= set(X.columns):
            return X[self._items]
        fits = y is not NO_OUTCOME
        found = validate_data(self, X, y, reset=fits, ensure_all_finite="allow-nan", dtype="numeric")
        values = found[0] if isinstance(found, tuple) else found
        if values.shape[1] != len(self._items):
            raise ValueError(
                f"X has {values.shape[1]} features, but {type(self).__name__} is expecting {len(self._items)} features"
                f" as input: {', '.join(self._items)}."
            )
        return pd.DataFrame(values, columns=self._items)
