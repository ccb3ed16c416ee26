"""What may be borrowed, a release's points or towns' summaries, as one kind of table: log-odds of answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.pairs import PAIR
from riskmodel.model import REFUSALS
from riskmodel.release.item import Item as ReleaseItem
from riskmodel.release.record import EQUATION, EXPLAINED, OVERALL, TEMPORAL, Release
from riskmodel.release.summary import COMBINATION, Summary, SummaryItem, logodds_by_answer, mean_logodds

RELEASE = "release"


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


def earlier_accuracy(release: Release, month: int) -> dict[str, float | None]:
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
