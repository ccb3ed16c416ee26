"""The same columns without penalty in statsmodels, with errors by cluster: what an analyst may read as an effect."""

import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning, SpecificationWarning

from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.records import Instrument
from riskmodel.model.drop_one import independent_columns, reference_columns
from riskmodel.model.matrix import matrix
from riskmodel.model.record import INTERCEPT, FittedModel
from riskmodel.model.sample import sample_of

LARGEST_LOGODDS = 10.0  # an unpenalised coefficient beyond it has run away: its answer separates the outcomes
LEAST_DEVIANCE = 0.01  # a case; below it every outcome is foretold, and no coefficient means anything


def infer(
    cases: pd.DataFrame, answers: pd.DataFrame, model: FittedModel, instrument: Instrument, *, landmark: int = 0
) -> pd.DataFrame:
    """Unpenalised coefficient, cluster-robust standard error and 95 % interval of every column of `model`.

    Returns column, published (the penalised coefficient), coefficient, se, low, high (log-odds) and status:
    "ok" · "reference" (what the item's other levels are compared with) · "not_estimable" (determined by other columns,
    or separating the outcomes; no numbers then).
    """
    sample = sample_of(cases, answers, instrument, landmark=landmark)
    x = matrix(sample.positions, model.design)
    names = (INTERCEPT, *model.design.columns)
    references = reference_columns(model.design, instrument)
    used = independent_columns(x, [place for place, name in enumerate(names) if name not in references])
    coefficient, error = _unpenalised(x[:, used], sample.outcome, sample.weight, sample.cluster)
    by_column = pd.DataFrame(
        {
            "column": names,
            "published": [model.equation.intercept, *model.equation.coefficients],
            "coefficient": np.nan,
            "se": np.nan,
            "status": ["reference" if name in references else "not_estimable" for name in names],
        }
    )
    settled = np.array(used)[np.abs(coefficient) < LARGEST_LOGODDS]
    by_column.loc[used, "coefficient"], by_column.loc[used, "se"] = coefficient, error
    by_column.loc[settled, "status"] = "ok"
    by_column.loc[by_column["status"] != "ok", ["coefficient", "se"]] = np.nan
    by_column["low"] = by_column["coefficient"] - Z_95 * by_column["se"]
    by_column["high"] = by_column["coefficient"] + Z_95 * by_column["se"]
    return by_column


def _unpenalised(
    x: np.ndarray, outcome: np.ndarray, weight: np.ndarray, cluster: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    model = sm.GLM(outcome, x, family=sm.families.Binomial(), freq_weights=weight)
    with warnings.catch_warnings():
        for kind in (ConvergenceWarning, PerfectSeparationWarning, RuntimeWarning):
            warnings.simplefilter("ignore", kind)  # a coefficient that runs away is reported by its status
        warnings.simplefilter("ignore", SpecificationWarning)  # weights and clusters together: a test has the formula
        fit = model.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": cluster})
        deviance = fit.deviance
    if deviance < LEAST_DEVIANCE * weight.sum():
        return np.full(x.shape[1], np.inf), np.full(x.shape[1], np.inf)
    return np.asarray(fit.params), np.asarray(fit.bse)
