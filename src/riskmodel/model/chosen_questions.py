"""Which questions are worth asking: one after the other is left out, always the one whose AUC is missed least.

Every form along the way is judged out of fold, by one Newton step from the fit with all questions: the penalised
log-likelihood is a quadratic around that fit, and its peak among the columns that are left is found without refitting.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.ground.choices import ALL, ELBOW
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import parts_of, questions_in
from riskmodel.instrument.records import Instrument
from riskmodel.model import REFUSALS
from riskmodel.model.equation import Fit, contrasts
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.sample import Sample

SAME = 9  # decimals of an AUC beyond which two forms are as good


@dataclass(frozen=True)
class Form:
    """A set of questions, in the instrument's order, and its AUC out of fold."""

    asked: tuple[str, ...]
    auc: float


@dataclass(frozen=True, eq=False)
class _Around:
    """The log-likelihood of some cases, a quadratic: information · b − slope is 0 at its peak.

    said: what each item's prior adds to the slope when it falls silent, (p+1, items).
    """

    information: np.ndarray
    slope: np.ndarray
    said: np.ndarray

    def peak(self, columns: np.ndarray, gone: np.ndarray) -> np.ndarray:
        """Coefficients (p+1,), 0 outside `columns`, where the items `gone` (a mask) have no prior.

        The penalty is part of the information.
        """
        slope, found = self.slope + self.said[:, gone].sum(axis=1), np.zeros(len(self.slope))
        found[columns] = np.linalg.solve(self.information[np.ix_(columns, columns)], slope[columns])
        return found


def shorter_forms(fit: Fit, sample: Sample, fold: np.ndarray, *, keep: Collection[str] = ()) -> list[Form]:
    """From the form with all items of `fit` to that with one, or those to `keep`, each one item shorter.

    fold: 0 … k−1, shape (n,). Of items missed equally little the later one goes. A pair goes and is kept as a whole.
    """
    items = [coding.item for coding in fit.design.codings]
    columns, prior, everybody = _columns(fit, sample), _prior(fit, sample), np.arange(len(fold))
    whole, folds = _everybody(fit, sample, prior), range(int(fold.max()) + 1)
    around = [_without(whole, fit, sample, prior, np.flatnonzero(fold == held)) for held in folds]

    def form(asked: Sequence[str]) -> Form:
        used = np.concatenate([[0], *(columns[item] for item in asked)]).astype(int)
        gone = np.array([item not in asked for item in items])
        peaks = np.column_stack([one.peak(used, gone) for one in around])
        logodds = prior[:, ~gone].sum(axis=1) + (fit.x @ peaks)[everybody, fold]
        return Form(tuple(asked), weighted_auc(sample.outcome, logodds, sample.weight))

    forms = [form(items)]
    kept = {item for item in items if not set(keep).isdisjoint(parts_of(item))}
    while len(asked := forms[-1].asked) > 1 and not set(asked) <= kept:
        free = [item for item in reversed(asked) if item not in kept]
        shorter = [form([item for item in asked if item != left_out]) for left_out in free]
        forms.append(max(shorter, key=lambda one: round(one.auc, SAME)))
    return forms


def _columns(fit: Fit, sample: Sample) -> dict[str, np.ndarray]:
    """Where each item's columns stand in the matrix of `fit`: nowhere when the prior alone speaks (λ = ∞)."""
    alone = fit.x.shape[1] == 1
    widths = [0 if alone else basis.shape[1] for basis in contrasts(fit.design, sample.positions)]
    ends = 1 + np.cumsum(widths, dtype=int)
    own = zip(fit.design.codings, ends, widths, strict=True)
    return {coding.item: np.arange(end - width, end) for coding, end, width in own}


def _prior(fit: Fit, sample: Sample) -> np.ndarray:
    """What the prior says of each item's answer of each case, shape (n, items); zeros without one."""
    found = np.zeros(sample.positions.shape)
    for place, by_answer in enumerate(fit.design.prior):
        found[:, place] = by_answer[sample.positions[:, place]]
    return found


def _everybody(fit: Fit, sample: Sample, prior: np.ndarray) -> _Around:
    """Around the fit to all cases, whose score is that of the penalty: slope = information · coefficients."""
    found = fit.optimum
    said = fit.x.T @ (_curvature(fit, sample)[:, None] * prior)
    return _Around(found.information, found.information @ found.coefficients, said)


def _without(whole: _Around, fit: Fit, sample: Sample, prior: np.ndarray, held: np.ndarray) -> _Around:
    x, residual = fit.x[held], sample.weight[held] * (sample.outcome - fit.optimum.prob)[held]
    weighted = x * _curvature(fit, sample)[held, None]
    lost = x.T @ weighted
    slope = whole.slope - lost @ fit.optimum.coefficients - x.T @ residual
    return _Around(whole.information - lost, slope, whole.said - weighted.T @ prior[held])


def _curvature(fit: Fit, sample: Sample) -> np.ndarray:
    return sample.weight * fit.optimum.prob * (1 - fit.optimum.prob)


def chosen_form(forms: Sequence[Form], sample: Sample, choose: str | int) -> Form:
    """Of `forms`, longest first: that with `choose` questions, or by the rule of that name.

    "elbow": the shortest whose AUC lies at most a standard error below the best (Breiman et al. 1984, 3.4.3).
    """
    if choose == ELBOW:
        best = max(form.auc for form in forms)
        least = best - auc_error(best, sample)
        return next(form for form in reversed(forms) if form.auc >= least)
    return forms[0] if choose == ALL else next(form for form in forms if len(questions_in(form.asked)) <= int(choose))


def auc_error(auc: float, sample: Sample) -> float:
    """The standard error of an AUC among the people of `sample` (Hanley & McNeil 1982)."""
    events, others = float(sample.copies @ sample.outcome), float(sample.copies @ (1 - sample.outcome))
    above_twice, below_twice = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (events - 1) * (above_twice - auc**2) + (others - 1) * (below_twice - auc**2)
    return float(np.sqrt(spread / (events * others)))


def check_kept(instrument: Instrument, settings: Settings) -> None:
    """Refuse items to keep that the instrument does not have, and more of them than are to be chosen."""
    keep, choose = set(settings.items.keep), settings.items.choose
    known, pairs = [item.id for item in instrument.items], [set(pair.items) for pair in settings.model.pairs]
    unknown = [item for item in settings.items.keep if item not in known]
    if unknown:
        raise SettingsError(REFUSALS["keep_elsewhere"].filled(items=", ".join(unknown)))
    kept = keep.union(*(pair for pair in pairs if pair & keep))
    fewest = max(len(kept), 2 if pairs else 1)
    if isinstance(choose, int) and fewest > choose:
        raise SettingsError(REFUSALS["keeps_more"].filled(choose=choose, kept=fewest))
