"""What each item and column is worth: the fit without an item, and the same columns without penalty, errors by cluster.

The unpenalised coefficients, from statsmodels, are what an analyst may read as an effect. What is known too well, or
blanks that know the outcome, are signs of a leak: they stop a run until explained.
"""

import warnings
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from riskmodel.ground.alarm import Alarm, refuse_unexplained, with_explanations
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import Z_95, shares_error
from riskmodel.instrument.records import FROM_REGISTER, Instrument
from riskmodel.model import REFUSALS
from riskmodel.model.logistic import deviance, free, newton, probability, weighted_auc
from riskmodel.model.matrix import matrix
from riskmodel.model.record import INTERCEPT, Design, FittedModel
from riskmodel.model.sample import Sample

DEPENDENT = 1e-8  # a column that the ones before it leave less than this share of is determined by them
LARGEST_LOGODDS = 10.0  # an unpenalised coefficient beyond it has run away: its answer separates the outcomes
LEAST_DEVIANCE = 0.01  # a case; below it every outcome is foretold, and no coefficient means anything
LEAK_ALARM = REFUSALS["leak_alarm"]
BEYOND_CHANCE = 3.0  # standard errors
OF_MANY = 4.0  # … of an item's blanks, which are many: in 1 of 40 right towns of 90 cases a year one lay beyond three


def independent_columns(x: np.ndarray, columns: Sequence[int]) -> list[int]:
    """Those of `columns` of x that the earlier ones do not determine: what can be estimated without a penalty."""
    scale = np.sqrt((x[:, columns] ** 2).sum(axis=0))
    scaled = x[:, columns] / np.where(scale > 0, scale, 1.0)
    left = scaled.T @ scaled
    kept = []
    for place, column in enumerate(columns):
        if left[place, place] > DEPENDENT:
            kept.append(column)
            left = left - np.outer(left[:, place], left[place]) / left[place, place]
    return kept


def reference_columns(design: Design, instrument: Instrument) -> set[str]:
    """The column of each level and flag item that the others are compared with when nothing is penalised."""
    return {
        f"{coding.item}={coding.kept[coding.codes.index(reference)]}"
        for coding in design.codings
        if coding.kind in ("level", "flag") and (reference := instrument.item(coding.item).reference)
    }


def net_benefit(outcome: np.ndarray, prob: np.ndarray, weight: np.ndarray, *, threshold_prob: float) -> float:
    """Net benefit of flagging everyone at or above `threshold_prob`, a person (Vickers & Elkin 2006). Shapes (n,)."""
    gain = outcome - (1 - outcome) * threshold_prob / (1 - threshold_prob)
    return float(weight @ ((prob >= threshold_prob) * gain) / weight.sum())


def drop_one(
    sample: Sample, model: FittedModel, instrument: Instrument, settings: Settings, *, penalty: float = 0.0
) -> pd.DataFrame:
    """What leaving out one item changes among the fitted cases, with `model`'s columns and this `penalty`.

    With a penalty a prior goes with the columns, and without the item goes what it says of it; without, the cases speak
    for themselves.

    Returns item, columns_n, deviance (rise), auc, with its standard error auc_error, and net_benefit (loss, at the
    policy's threshold); NaN where a fit without penalty does not settle. Apparent values: both fits saw the cases they
    are measured on.
    """
    x = matrix(sample.positions, model.design)
    threshold_prob = settings.policy.harm_ratio / (1 + settings.policy.harm_ratio)
    references = set() if penalty else reference_columns(model.design, instrument)
    fitted = np.append(model.equation.intercept, model.equation.coefficients)  # from where a penalised fit has not far
    known = prior_by_item(sample, model.design) if penalty else np.zeros((len(x), len(model.design.codings)))

    def logodds_without(dropped: Sequence[str], offset: np.ndarray) -> np.ndarray:
        names = (INTERCEPT, *model.design.columns)
        columns = [place for place, name in enumerate(names) if name not in references.union(dropped)]
        used = x[:, columns if penalty else independent_columns(x, columns)]
        return _logodds(used, sample, penalty, offset, start=fitted[columns] if penalty else None)

    total = known.sum(axis=1)
    full = logodds_without((), total)
    pairs = [pair for pair in zip(model.design.codings, known.T, strict=True) if pair[0].asked]
    asked = [coding for coding, _ in pairs]
    without = [logodds_without(coding.columns, total - own) for coding, own in pairs]
    worth = _worth(full, sample, threshold_prob)
    change = np.array([worth - _worth(logodds, sample, threshold_prob) for logodds in without]).reshape(-1, 3)
    return pd.DataFrame(
        {
            "item": [coding.item for coding in asked],
            "columns_n": [len(coding.columns) for coding in asked],
            "deviance": -change[:, 0],
            "auc": change[:, 1],
            "auc_error": [auc_gap_error(sample.outcome, full, logodds, sample.weight) for logodds in without],
            "net_benefit": change[:, 2],
        }
    )


def prior_by_item(sample: Sample, design: Design) -> np.ndarray:
    """What the prior says of every case by each item's answer; zero without one. Shape (n, items)."""
    if not design.prior:
        return np.zeros(sample.positions.shape)
    return np.column_stack([own[column] for own, column in zip(design.prior, sample.positions.T, strict=True)])


def auc_gap_error(outcome: np.ndarray, one: np.ndarray, other: np.ndarray, weight: np.ndarray) -> float:
    """The standard error of the gap in AUC of two scores of the same people (DeLong et al. 1988). Shapes (n,)."""
    variance = 0.0
    for group, against in ((outcome == 1, outcome == 0), (outcome == 0, outcome == 1)):
        shares = [_placed(score[group], score[against], weight[against]) for score in (one, other)]
        gap, own = shares[0] - shares[1], weight[group] / weight[group].sum()
        variance += float(own**2 @ (gap - own @ gap) ** 2)
    return float(np.sqrt(variance))


def _placed(scores: np.ndarray, others: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Which weighted share of `others` lies below each of `scores`, ties counting half."""
    order = np.argsort(others, kind="stable")
    below = np.append(0.0, np.cumsum(weight[order])) / weight.sum()
    ends = [np.searchsorted(others[order], scores, side=side) for side in ("left", "right")]
    return np.asarray((below[ends[0]] + below[ends[1]]) / 2)


def _logodds(
    x: np.ndarray, sample: Sample, penalty: float, offset: np.ndarray, *, start: np.ndarray | None = None
) -> np.ndarray:
    try:
        fit = newton(x, sample.outcome, sample.weight, penalty, offset=offset, start=start)
    except FitError:
        return np.full(len(x), np.nan)
    return np.asarray(free(x, penalty) @ fit.coefficients + offset)


def _worth(logodds: np.ndarray, sample: Sample, threshold_prob: float) -> np.ndarray:
    if not np.isfinite(logodds).all():
        return np.full(3, np.nan)
    return np.array(
        [
            deviance(logodds, sample.outcome, sample.weight),
            weighted_auc(sample.outcome, logodds, sample.weight),
            net_benefit(sample.outcome, probability(logodds), sample.weight, threshold_prob=threshold_prob),
        ]
    )


def infer(sample: Sample, model: FittedModel, instrument: Instrument) -> pd.DataFrame:
    """Unpenalised coefficient, cluster-robust standard error and 95 % interval of every column of `model`.

    Returns column, published (the penalised coefficient), coefficient, se, low, high (log-odds) and status:
    "ok" · "reference" (what the item's other levels are compared with) · "not_estimable" (determined by other columns,
    or separating the outcomes; no numbers then).
    """
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
    # a second to import, and checking a delivery never needs it
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning, SpecificationWarning

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


def leak_alarms(
    sample: Sample, model: FittedModel, instrument: Instrument, settings: Settings, *, previous_auc: float | None = None
) -> list[Alarm]:
    """Every sign of a leak among the fitted cases, with its explanation where the settings carry one.

    "auc": out-of-fold AUC · "auc_rise": on `previous_auc`, that of the last release · "single_item_auc": one item
    alone · "one_item_adds": apparent AUC lost without the item, at the model's penalty, three standard errors above
    the limit · "blank_difference": share of blanks among events against non-events, where it is more than four
    standard errors · "blanks_auc": the number of a case's blanks alone, beyond three.
    """
    limits = settings.alarm
    without = drop_one(sample, model, instrument, settings, penalty=model.equation.penalty)
    highest = limits.auc if settings.cohort.landmark == 0 else limits.auc_later
    found = [("auc", "", model.out_of_fold_auc, highest)]
    if previous_auc is not None:
        found.append(("auc_rise", "", model.out_of_fold_auc - previous_auc, limits.auc_rise))
    found += [("single_item_auc", item, auc, limits.single_item_auc) for item, auc in _alone(sample, model)]
    found += [
        ("one_item_adds", item, auc, limits.one_item_adds)
        for item, auc, error in zip(without["item"], without["auc"], without["auc_error"], strict=True)
        if auc - BEYOND_CHANCE * error > limits.one_item_adds
    ]
    found += _blanks_alone(sample, model, instrument, limits.blanks_auc)
    found += [("blank_difference", item, gap, limits.blank_difference) for item, gap in _blank_gaps(sample, model)]
    beyond = [Alarm(alarm, item, float(value), limit) for alarm, item, value, limit in found if value > limit]
    return with_explanations(beyond, limits.explained)


def _alone(sample: Sample, model: FittedModel) -> Iterator[tuple[str, float]]:
    x = matrix(sample.positions, model.design)
    for coding, offset in zip(model.design.codings, prior_by_item(sample, model.design).T, strict=True):
        if coding.columns:
            columns = model.design.columns_of(coding.item)
            own = x[:, [0, *range(columns.start + 1, columns.stop + 1)]]
            fit = newton(own, sample.outcome, sample.weight, model.equation.penalty, offset=offset)
            yield coding.item, weighted_auc(sample.outcome, fit.prob, sample.weight)


def _blank_gaps(sample: Sample, model: FittedModel) -> Iterator[tuple[str, float]]:
    """Each item whose blanks differ between events and non-events by more than chance, and by how much."""
    events, others = sample.weight * sample.outcome, sample.weight * (1 - sample.outcome)
    for coding, column in zip(model.design.codings, sample.positions.T, strict=True):
        blank = (column == coding.allowed.n).astype(float)
        gap = abs(float(events @ blank / events.sum() - others @ blank / others.sum()))
        share = float(sample.weight @ blank / sample.weight.sum())
        if gap > OF_MANY * shares_error(share, events.sum(), share, others.sum()):
            yield coding.item, gap


def _blanks_alone(
    sample: Sample, model: FittedModel, instrument: Instrument, limit: float
) -> Iterator[tuple[str, str, float, float]]:
    """How well the number of blanks among what was asked tells events from non-events, where that is beyond chance."""
    pairs = zip(model.design.codings, sample.positions.T, strict=True)
    asked = [(one, column) for one, column in pairs if instrument.item(one.item).derive not in FROM_REGISTER]
    blanks = np.sum([column == one.allowed.n for one, column in asked], axis=0, dtype=float)
    found = weighted_auc(sample.outcome, blanks, sample.weight)
    events, others = sample.weight @ sample.outcome, sample.weight @ (1 - sample.outcome)
    error = np.sqrt((1 / events + 1 / others) / 12)
    if abs(found - 0.5) > BEYOND_CHANCE * error:
        yield "blanks_auc", "", max(found, 1 - found), limit


def refuse_leaks(alarms: Sequence[Alarm]) -> None:
    """Stop with a `FitError` that names every alarm nobody has explained, and how to explain one."""
    refuse_unexplained(alarms, kind=LEAK_ALARM, look=REFUSALS["look_for_leak"], family=FitError)
