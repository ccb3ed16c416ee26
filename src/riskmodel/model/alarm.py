"""Signs of a leak: something known too well, or blanks that know the outcome. They stop a run until explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.inference import drop_one, prior_by_item
from riskmodel.model.logistic import newton, weighted_auc
from riskmodel.model.matrix import matrix
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import Sample

REMEDY = (
    'Take the item out (use = "never") or correct its known_from in the instrument. If it is no leak, let a named '
    "person say why, in params.toml:\n[[alarm.explained]]\nalarm = \"{alarm}\"\nitem = \"{item}\"\n"
    'signed_by = "Name, role"\nreason = "…"'
)  # fmt: skip
SURELY = 1.645  # standard errors by which an item has to add more than the limit
BEYOND_CHANCE = 3.0  # standard errors: in a town of 90 cases a year one of eleven items differs by .05 by chance alone


@dataclass(frozen=True)
class Alarm:
    """One sign of a leak: `found` lies above `limit` (AUC or share). item: "" when it concerns the whole model.

    signed_by, reason: from the settings, "" while nobody has explained it.
    """

    alarm: str
    item: str
    found: float
    limit: float
    signed_by: str = ""
    reason: str = ""


def leak_alarms(
    sample: Sample, model: FittedModel, instrument: Instrument, settings: Settings, *, previous_auc: float | None = None
) -> list[Alarm]:
    """Every sign of a leak among the fitted cases, with its explanation where the settings carry one.

    "auc": out-of-fold AUC · "auc_rise": on `previous_auc`, that of the last release · "single_item_auc": one item
    alone · "one_item_adds": apparent AUC surely lost without the item, at the model's penalty · "blank_difference":
    share of blanks among events against non-events, where it is more than three standard errors.
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
    found += [("blank_difference", item, gap, limits.blank_difference) for item, gap in _blank_gaps(sample, model)]
    explained = {(one.alarm, one.item): one for one in limits.explained}
    alarms = []
    for alarm, item, value, limit in found:
        if value > limit:
            known = explained.get((alarm, item))
            signature = (known.signed_by, known.reason) if known else ("", "")
            alarms.append(Alarm(alarm, item, float(value), limit, *signature))
    return alarms


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
        if gap > BEYOND_CHANCE * gap_error(float(sample.weight @ blank), events.sum(), others.sum()):
            yield coding.item, gap


def gap_error(blanks: float, events: float, others: float) -> float:
    """The standard error of a difference in shares between `events` and `others` where both leave as many blank."""
    share = blanks / (events + others)
    return float(np.sqrt(share * (1 - share) * (1 / events + 1 / others)))


def refuse_unexplained(alarms: Sequence[Alarm]) -> None:
    """Stop with a `FitError` that names every alarm nobody has explained, and how to explain one."""
    open_alarms = [alarm for alarm in alarms if not (alarm.signed_by.strip() and alarm.reason.strip())]
    if not open_alarms:
        return
    listed = "; ".join(
        f"{one.alarm}{f' of {one.item}' if one.item else ''} ({one.found:.3f}, limit {one.limit:.3f})"
        for one in open_alarms
    )
    first = open_alarms[0]
    raise FitError(
        f"leak alarm: {len(open_alarms)} not explained: {listed}. {REMEDY.format(alarm=first.alarm, item=first.item)}"
    )
