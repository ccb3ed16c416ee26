"""A release's points or towns' summaries as the prior of a fit: the log-odds that it gives every answer of ours.

An answer it does not have gets the item's mean points, since no points is the lowest risk and not a neutral one; an
item it does not ask gets none; a number beyond its ends gets its nearest end. What we don't ask is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np

from riskmodel.ground.choices import PriorItem, PriorSettings, PriorTable
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import PAIR
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model import REFUSALS
from riskmodel.model.logistic import optimum_at, ridge
from riskmodel.model.matrix import matrix, prior_logodds
from riskmodel.model.points import points_of_answers
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import Sample, allowed_answers
from riskmodel.release.item import Item as ReleaseItem
from riskmodel.release.record import EQUATION, EXPLAINED, OVERALL, TEMPORAL, Release
from riskmodel.release.town_summary import COMBINATION, Summary, SummaryItem, logodds_by_answer, mean_logodds

RELEASE = "release"
FREEDOM_DECIMALS = 1
WHERE = "params.toml: model: prior"


@dataclass(frozen=True)
class TheirItem:
    """One question of theirs: log-odds of each answer by code, or of each whole value from `minimum` (after `scale`).

    silence: of no answer. mean: of an answer that nobody knows.
    """

    by_code: Mapping[str, float]
    minimum: int | None
    scale: float
    by_value: tuple[float, ...]
    silence: float
    mean: float


@dataclass(frozen=True)
class TheirTable:
    """A table that may be borrowed. kind: "release", "summary" or "combination"; name: its id, empty without one.

    municipalities: code to name. seen: code to the first and last intake month of the people it was made of, None where
    it is not said. r2: corrected Cox–Snell R², None where it is not said.
    """

    kind: str
    name: str
    municipalities: Mapping[str, str]
    sha256: str
    outcome: str
    r2: float | None
    seen: Mapping[str, tuple[int | None, int | None]]
    items: Mapping[str, TheirItem]


def of_release(release: Release, month: int, *, sha256: str) -> TheirTable:
    """The table of `release` at landmark `month`. sha256: of its SHA256SUMS."""
    landmark, window = release.landmark(month), release.provenance.data_window
    pairs_n = sum(item.kind == PAIR for item in landmark.items)
    if pairs_n:
        raise SettingsError(REFUSALS["pairs_in_theirs"].filled(release=release.published.id, n=pairs_n))
    seen = (window.first_intake_month, window.last_intake_month) if window else (None, None)
    return TheirTable(
        kind=RELEASE,
        name=release.published.id,
        municipalities={one.code: one.name for one in release.municipalities},
        sha256=sha256,
        outcome=release.outcome.name,
        r2=earlier_accuracy(release, month)["previous_r2"],
        seen=dict.fromkeys(release.codes, seen),
        items={item.id: _of_points(item, landmark.per_point) for item in landmark.items},
    )


def _of_points(item: ReleaseItem, per_point: float) -> TheirItem:
    numbers = item.numbers
    return TheirItem(
        by_code={level.code: level.points * per_point for level in item.levels},
        minimum=numbers.minimum if numbers else None,
        scale=numbers.scale if numbers else 1.0,
        by_value=tuple(points * per_point for points in numbers.points) if numbers else (),
        silence=item.no_answer.points * per_point,
        mean=item.mean_points * per_point,
    )


def of_summary(summary: Summary, *, sha256: str) -> TheirTable:
    """The table of one town's summary, or of several combined. sha256: of its file."""
    return TheirTable(
        kind=summary.kind,
        name="" if summary.kind == COMBINATION else summary.towns[0].code,
        municipalities={town.code: town.name for town in summary.towns},
        sha256=sha256,
        outcome=summary.outcome,
        r2=None,
        seen={town.code: (None, town.last_intake_month) for town in summary.towns},
        items={item.id: _of_logodds(item) for item in summary.items},
    )


def _of_logodds(item: SummaryItem) -> TheirItem:
    mean, values = mean_logodds(item), item.values
    return TheirItem(
        by_code={} if values else {str(code): value for code, value in logodds_by_answer(item).items()},
        minimum=values.minimum if values else None,
        scale=values.scale if values else 1.0,
        by_value=values.logodds if values else (),
        silence=item.no_answer.logodds if item.no_answer else mean,
        mean=mean,
    )


class EarlierAccuracy(TypedDict, total=False):
    """How well the last release did, as `fit_published` takes it; nothing where there is none."""

    previous_auc: float | None
    previous_r2: float | None


def earlier_accuracy(release: Release, month: int) -> EarlierAccuracy:
    """`previous_auc` and `previous_r2` for `fit_published`; None where the release does not say.

    The equation's out-of-time AUC, and its optimism-corrected Cox–Snell R², at the landmark `month`.
    """
    tables = [landmark for landmark in release.landmarks if landmark.month == month]
    if not tables:
        return {"previous_auc": None, "previous_r2": None}
    evidence = tables[0].evidence or release.evidence
    measured = [
        row.estimate
        for row in evidence.measures
        if (row.scope, row.predictor, row.measure) == (OVERALL, EQUATION, "auc") and evidence.kind == TEMPORAL
    ]
    corrected = [
        row.corrected for row in evidence.robustness.optimism if (row.predictor, row.measure) == (EQUATION, EXPLAINED)
    ]
    return {"previous_auc": next(iter(measured), None), "previous_r2": next(iter(corrected), None)}


def settled(settings: Settings, theirs: TheirTable, instrument: Instrument) -> Settings:
    """`settings` with what `theirs` gives the instrument's answers at their landmark.

    A map that names what is not there is a `SettingsError`.
    """
    prior, month = settings.model.prior, settings.cohort.landmark
    if prior is None:
        return settings
    asked = [item.at(month) for item in instrument.items if item.use != "never" and item.known_from <= month]
    _check_map(prior, {item.id: item for item in asked}, theirs.items)
    logodds, unmatched = {}, {}
    for item in asked:
        other = theirs.items.get(named(prior, item).id)
        given, missing_n = (np.zeros(allowed_answers(item).n + 1), 0) if other is None else _given(item, other, prior)
        logodds[item.id] = tuple(given.tolist())
        if missing_n and item.use == "predictor":
            unmatched[item.id] = missing_n
    _check_whole(prior, unmatched)
    table = PriorTable(
        kind=theirs.kind,
        release=theirs.name,
        municipalities=theirs.municipalities,
        sha256=theirs.sha256,
        r2=theirs.r2,
        logodds=logodds,
        unmatched=unmatched,
    )
    return replace(settings, model=replace(settings.model, prior=replace(prior, table=table)))


def named(prior: PriorSettings, item: Item) -> PriorItem:
    """What the other table calls `item` and its answers."""
    written = prior.items.get(item.id, PriorItem())
    return replace(written, id=written.id or item.id)


def _given(item: Item, theirs: TheirItem, prior: PriorSettings) -> tuple[np.ndarray, int]:
    """Their log-odds of every answer of `item`, no answer last, and how many of these answers they don't have."""
    if (theirs.minimum is None) == item.is_number:
        raise SettingsError(REFUSALS["number_in_one"].filled(where=WHERE, item=item.id))
    if theirs.minimum is not None:
        return np.append(_by_value(item, theirs, theirs.minimum), theirs.silence), 0
    codes = named(prior, item).answers
    found = [theirs.by_code.get(codes.get(level.code, level.code)) for level in item.levels]
    missing_n = sum(value is None and not level.route for value, level in zip(found, item.levels, strict=True))
    given = [theirs.mean if value is None else value for value in found]
    return np.array([*given, theirs.silence]), missing_n


def _by_value(item: Item, theirs: TheirItem, minimum: int) -> np.ndarray:
    steps = (item.minimum or 0) + np.arange(allowed_answers(item).n)
    in_theirs = np.floor(steps / item.scale * theirs.scale + 0.5).astype(int)
    return np.array(theirs.by_value)[np.clip(in_theirs - minimum, 0, len(theirs.by_value) - 1)]


def _check_map(prior: PriorSettings, asked: Mapping[str, Item], theirs: Mapping[str, TheirItem]) -> None:
    unknown = sorted(set(prior.items) - set(asked))
    if unknown:
        named_here = {"items": ", ".join(unknown), "known": ", ".join(asked)}
        raise SettingsError(REFUSALS["not_asked_here"].filled(where=WHERE, **named_here))
    for item, written in prior.items.items():
        other = theirs.get(written.id or item)
        if other is None:
            raise SettingsError(REFUSALS["not_in_theirs"].filled(where=WHERE, item=item, known=", ".join(theirs)))
        ours, codes = asked[item].codes, list(other.by_code)
        known = {"item": item, "ours": ", ".join(ours), "theirs": ", ".join(codes)}
        for key, wrong in (
            ("answers_not_ours", set(written.answers) - set(ours)),
            ("answers_not_theirs", set(written.answers.values()) - set(codes)),
        ):
            if wrong:
                raise SettingsError(REFUSALS[key].filled(where=WHERE, wrong=", ".join(sorted(wrong)), **known))


def _check_whole(prior: PriorSettings, unmatched: dict[str, int]) -> None:
    if prior.only_intercept and unmatched:
        listed = ", ".join(f"{item} ({missing_n})" for item, missing_n in unmatched.items())
        raise SettingsError(REFUSALS["answers_lacking"].filled(where=WHERE, listed=listed))


def borrowed(model: FittedModel, sample: Sample, prior: PriorSettings) -> dict[str, object]:
    """Whose table `model` rests on and how far it lies from it, as `release.landmark.Borrowed` has it."""
    table, penalty = prior.at_hand, model.equation.penalty
    return {
        "kind": table.kind,
        "release": table.release,
        "municipalities": [{"code": code, "name": name} for code, name in table.municipalities.items()],
        "sha256": table.sha256,
        "permission": prior.permission,
        "penalty": penalty if np.isfinite(penalty) else None,
        "freedom": round(freedom(model, sample) - 1, FREEDOM_DECIMALS),
        "moved": moved(model),
    }


def freedom(model: FittedModel, sample: Sample) -> float:
    """Degrees of freedom of what was fitted, the intercept's one among them: tr[X'WX(X'WX + λI)⁻¹]."""
    equation, x = model.equation, matrix(sample.positions, model.design)
    coefficients = np.append(equation.intercept, equation.coefficients)
    offset = prior_logodds(sample.positions, model.design)
    information = optimum_at(coefficients, x, sample.weight, equation.penalty, offset).information
    lam = np.diag(ridge(len(information), equation.penalty))
    return float(np.trace(np.linalg.solve(information, information - lam)))


def moved(model: FittedModel) -> list[dict[str, object]]:
    """Each item whose points are not the prior's, and by how many an answer lies from them at most; furthest first."""
    found = []
    for points, logodds in zip(model.points.items, model.design.prior, strict=True):
        theirs = points_of_answers(logodds, per_point=model.points.per_point)
        found.append((int(np.abs(theirs - [*points.answered, points.no_answer]).max()), points.item))
    return [{"item": item, "points": most} for most, item in sorted(found, key=lambda one: -one[0]) if most]
