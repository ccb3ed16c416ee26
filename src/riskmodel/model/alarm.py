"""Signs of a leak: something known too well, or blanks that know the outcome. They stop a run until explained."""

from collections.abc import Iterator, Sequence

import numpy as np

from riskmodel.ground.alarm import Alarm, refuse_unexplained, with_explanations
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import SURELY, shares_error
from riskmodel.instrument.records import FROM_REGISTER, Instrument
from riskmodel.model import REFUSALS
from riskmodel.model.inference import drop_one, prior_by_item
from riskmodel.model.logistic import newton, weighted_auc
from riskmodel.model.matrix import matrix
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import Sample

LEAK_ALARM = REFUSALS["leak_alarm"]
BEYOND_CHANCE = 3.0  # standard errors: in a town of 90 cases a year one of eleven items differs by .05 by chance alone


def leak_alarms(
    sample: Sample, model: FittedModel, instrument: Instrument, settings: Settings, *, previous_auc: float | None = None
) -> list[Alarm]:
    """Every sign of a leak among the fitted cases, with its explanation where the settings carry one.

    "auc": out-of-fold AUC · "auc_rise": on `previous_auc`, that of the last release · "single_item_auc": one item
    alone · "one_item_adds": apparent AUC surely lost without the item, at the model's penalty · "blank_difference":
    share of blanks among events against non-events, where it is more than three standard errors · "blanks_auc": the
    number of a case's blanks alone, likewise.
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
        if auc - SURELY * error > limits.one_item_adds
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
        if gap > BEYOND_CHANCE * shares_error(share, events.sum(), share, others.sum()):
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
