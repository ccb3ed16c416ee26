"""The fairness audit: gaps that are zero for calibrated risks whatever the base rates, and the raw ones beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import percentiles, resampled_group_sums, resamples_of
from riskmodel.assess.subgroups import Group, Grouping, crossed, groups
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import FairnessSettings, Settings, Tolerance

PASS, FAIL, NOT_SHOWN, JUSTIFY = "pass", "fail", "not_shown", "justify"
REPORTED = "reported"  # instead of a verdict, for pairs of groups: printed, never gated
FAILING_SE, PASSING_SE = 2.5, 1.645  # standard errors a failing gap must exceed, a passing one must have to spare
GATED, GATED_WHEN_SCORED, RAW = ("missed", "needless", "log_oe"), ("log_oe",), ("fpr", "fnr", "ppv")
NUMBERS = ("difference", "low", "high", "se", "explained")
COLUMNS = ("column", "group", "measure", "n", "events_n", *NUMBERS, "tolerance", "verdict", "status")

Gaps = dict[str, np.ndarray]


def fairness(
    predictions: pd.DataFrame, settings: Settings, *, groupings: Sequence[Grouping], threshold_prob: float
) -> pd.DataFrame:
    """Each group against all others when everyone at or above `threshold_prob` is flagged (method.md 8).

    One row per column, group and measure: difference (group minus all others), low, high (95 %), se, tolerance,
    verdict, explained (the part that base rates explain; raw gaps only), n, events_n, status. Verdicts: pass, fail,
    not_shown (also of groups with too few to compare); raw gaps (fpr, fnr, ppv) are pass or justify, and have no row
    where there are too few, or nobody is behind one of the rates. Groups that nobody knows the members of are left
    out. A tolerance for what is not audited is a `SettingsError`.
    """
    check_tolerances(predictions, settings, groupings=groupings)
    return _gaps_of(_audited(predictions, groupings), predictions, settings, threshold_prob)


def fairness_of_pairs(
    predictions: pd.DataFrame, settings: Settings, *, groupings: Sequence[Grouping], threshold_prob: float
) -> pd.DataFrame:
    """The gated measures of everybody in two groups at once against all others, as `fairness` has them.

    Never gated: the verdict is "reported" in every row. Pairs with too few to compare have no row: there would be
    hundreds of them.
    """
    limit = settings.assess.group_min
    pairs = [pair for pair in crossed(predictions, groupings) if _compared(pair, predictions, limit)]
    rows = _gaps_of(pairs, predictions, settings, threshold_prob)
    return rows[rows["measure"].isin(GATED)].assign(verdict=REPORTED).reset_index(drop=True)


def check_tolerances(people: pd.DataFrame, settings: Settings, *, groupings: Sequence[Grouping]) -> None:
    """Refuse a tolerance for a column, group or measure that is not in the audit, or not between 0 and 1.

    people: outcome and the columns of `groupings`, as `audited_cases` or predictions have them.
    """
    found = _audited(people, groupings)
    seen: set[tuple[str, str, str]] = set()
    for number, tolerance in enumerate(settings.fairness.tolerances, start=1):
        where = f"{settings.source}: fairness: tolerances {number}"
        _check_named(tolerance, found, where)
        if not 0 < tolerance.tolerance < 1:
            raise SettingsError(
                f"{where}: the tolerance must lie between 0 and 1, on the measure's own scale. Of log_oe that is a "
                "logarithm: write 0.262 for a ratio of 1.3."
            )
        key = (tolerance.column, tolerance.group, tolerance.measure)
        if key in seen:
            raise SettingsError(f"{where}: stands there twice for the same column, group and measure. Keep one.")
        seen.add(key)


def verdict(difference: float, se: float, tolerance: float) -> str:
    """Whether a gap is shown to be small, shown to be large, or neither."""
    size = abs(difference)
    if size > tolerance and size > FAILING_SE * se:
        return FAIL
    if size <= tolerance and size + PASSING_SE * se < 2 * tolerance:
        return PASS
    return NOT_SHOWN


def gaps(own: np.ndarray, everyone: np.ndarray) -> Gaps:
    """Measures of a group minus those of all others, from `sums_by_row`, shape (..., 6); raw ones with "explained_"."""
    group, others = _rates(own), _rates(everyone - own)
    return {measure: group[measure] - others[measure] for measure in group}


def tolerance_of(measure: str, settings: FairnessSettings, *, column: str = "", group: str = "") -> float:
    """The tolerance of a gap on its own scale: the group's own, else its column's, else everybody's."""
    exceptions = {(one.column, one.group): one.tolerance for one in settings.tolerances if one.measure == measure}
    everybody = {
        "missed": settings.missed_tolerance,
        "needless": settings.needless_tolerance,
        "log_oe": float(np.log(settings.oe_tolerance)),
    }.get(measure, settings.raw_gap_limit)
    return exceptions.get((column, group), exceptions.get((column, ""), everybody))


def _audited(people: pd.DataFrame, groupings: Sequence[Grouping]) -> list[Group]:
    found = groups(people, [grouping for grouping in groupings if grouping.gated])
    return [group for group in found if group.is_known and group.n < len(people)]


def _check_named(tolerance: Tolerance, found: Sequence[Group], where: str) -> None:
    own = [group for group in found if group.grouping.column == tolerance.column]
    measures = sorted({measure for group in own for measure in measures_of(group.grouping)})
    named = (
        ("column", tolerance.column, sorted({group.grouping.column for group in found})),
        ("group", tolerance.group, ["", *(group.name for group in own)]),
        ("measure", tolerance.measure, measures),
    )
    for what, name, known in named:
        if name not in known:
            listed = ", ".join(one for one in known if one) or "none"
            raise SettingsError(f"{where}: {what} {name!r} is not in the audit. There: {listed}. Correct or remove it.")


def measures_of(grouping: Grouping) -> tuple[str, ...]:
    """The gaps that are looked at in the groups of a column, gated ones first."""
    return (*(GATED_WHEN_SCORED if grouping.scored else GATED), *RAW)


def sums_by_row(outcome: np.ndarray, prob: np.ndarray, weight: np.ndarray, *, threshold_prob: float) -> np.ndarray:
    """What every gap is a function of, summed over rows: weight by flag, by outcome and by risk. Shape (n, 6)."""
    flagged = (prob >= threshold_prob).astype(float)
    people = np.stack([flagged, 1 - flagged], axis=1) * weight[:, None]
    return np.concatenate([people, people * outcome[:, None], people * prob[:, None]], axis=1)


def _rates(sums: np.ndarray) -> Gaps:
    flagged, unflagged, events_flagged, events_unflagged, risk_flagged, risk_unflagged = np.moveaxis(sums, -1, 0)
    events, risk = events_flagged + events_unflagged, risk_flagged + risk_unflagged
    others, safety = flagged + unflagged - events, flagged + unflagged - risk
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "missed": (events_unflagged - risk_unflagged) / risk,
            "needless": (risk_flagged - events_flagged) / safety,
            "log_oe": np.log(events / risk),
            "fpr": (flagged - events_flagged) / others,
            "fnr": events_unflagged / events,
            "ppv": events_flagged / flagged,
            "explained_fpr": (flagged - risk_flagged) / safety,
            "explained_fnr": risk_unflagged / risk,
            "explained_ppv": risk_flagged / flagged,
        }


def _gaps_of(
    found: Sequence[Group], predictions: pd.DataFrame, settings: Settings, threshold_prob: float
) -> pd.DataFrame:
    outcome, prob, weight = (predictions[name].to_numpy(dtype=float) for name in ("outcome", "points_prob", "weight"))
    sums = sums_by_row(outcome, prob, weight, threshold_prob=threshold_prob)
    resamples = resamples_of(predictions, settings)
    cluster = resamples.index(predictions["cluster_id"].to_numpy())
    everyone = np.ones(len(predictions), dtype=bool)
    total, [total_repeated] = sums.sum(axis=0), resampled_group_sums(sums, [everyone], cluster, resamples)
    rows: list[dict[str, object]] = []
    # a column at a time keeps what is held in memory small, however many pairs there are
    for _, same in groupby(found, key=lambda group: group.grouping.column):
        own = list(same)
        repeated = resampled_group_sums(sums, [group.rows for group in own], cluster, resamples)
        for group, group_repeated in zip(own, repeated, strict=True):
            estimates = gaps(sums[group.rows].sum(axis=0), total)
            compared = _compared(group, predictions, settings.assess.group_min)
            rows += _rows(group, estimates, gaps(group_repeated, total_repeated), settings.fairness, compared=compared)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _compared(group: Group, predictions: pd.DataFrame, at_least: int) -> bool:
    """Whether there are events and non-events enough in the group and outside it."""
    events_n = int(predictions["outcome"].sum()) - group.events_n
    others = replace(group, rows=~group.rows, n=len(predictions) - group.n, events_n=events_n)
    return group.enough(at_least) and others.enough(at_least)


def _rows(
    group: Group, estimates: Gaps, repeated: Gaps, settings: FairnessSettings, *, compared: bool
) -> Iterator[dict[str, object]]:
    column = group.grouping.column
    for measure in measures_of(group.grouping):
        if measure in RAW and (not compared or np.isnan(estimates[measure])):
            # nobody flagged, say: there is no gap to justify. Which rows a handful of people has would tell of them
            continue
        tolerance = tolerance_of(measure, settings, column=column, group=group.name)
        row: dict[str, object] = {"column": column, "group": group.name, "measure": measure}
        row |= {"n": group.n, "events_n": group.events_n, "tolerance": tolerance}
        if compared:
            yield row | {"status": "ok", **_judged(measure, estimates, repeated, tolerance)}
        else:
            yield row | {"status": "too_few", "verdict": NOT_SHOWN, **dict.fromkeys(NUMBERS, np.nan)}


def _judged(measure: str, estimates: Gaps, repeated: Gaps, tolerance: float) -> dict[str, object]:
    difference, se = float(estimates[measure]), float(np.std(repeated[measure], ddof=1))
    low, high = map(float, percentiles(repeated[measure]))
    numbers = {"difference": difference, "low": low, "high": high, "se": se}
    if measure not in RAW:
        return {**numbers, "explained": np.nan, "verdict": verdict(difference, se, tolerance)}
    judged = JUSTIFY if abs(difference) > tolerance else PASS
    return {**numbers, "explained": float(estimates[f"explained_{measure}"]), "verdict": judged}
