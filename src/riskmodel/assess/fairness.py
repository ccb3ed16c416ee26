"""The fairness audit: gaps that are zero for calibrated risks whatever the base rates, and the raw ones beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd

from riskmodel.assess import REFUSALS
from riskmodel.assess.gaps import GATED, GATED_WHEN_SCORED, RAW, Family, Gaps, gaps, rates, sums_by_row
from riskmodel.assess.intervals import percentiles, resampled_group_sums, resamples_of
from riskmodel.assess.subgroups import Group, Grouping, crossed, groups
from riskmodel.ground.choices import FairnessSettings, Tolerance
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.release.criteria import JUSTIFY, NOT_SHOWN, PASS

REPORTED = "reported"  # instead of a verdict, for pairs of groups and raw gaps of scored items: printed, never gated
FEWEST_JUDGED = 30  # events and non-events, in the group and outside; figures are shown from `group_min` of them
FEWEST_RESAMPLES = 1000  # the 95 % quantile over them decides
OFF_BY = {"power_3": 0.3, "power_4": 0.4}  # log-odds by which a group's risks may be wrong
NUMBERS = ("difference", "low", "high", "se", "explained", *OFF_BY)
COLUMNS = ("column", "group", "measure", "n", "events_n", *NUMBERS, "tolerance", "verdict", "status")

Named = tuple[str, str, str]  # column, group, measure


@dataclass(frozen=True, eq=False)
class Audit:
    """What came of the audit. gaps: one row per column, group and measure, see `fairness`.

    judged_n: gaps that were judged together; critical: the standard errors a failing one of them must exceed.
    fails_if_right: how often one of them fails when every risk is right. power: of the middle gap, by `OFF_BY`.
    """

    gaps: pd.DataFrame
    judged_n: int
    critical: float
    fails_if_right: float
    power: Mapping[str, float]

    @property
    def outlook(self) -> dict[str, float | None]:
        """Its numbers; None for one that too few gaps were judged to tell."""
        told = {"critical": self.critical, "fails_if_right": self.fails_if_right, **self.power}
        return {"judged_n": self.judged_n, **{name: one if np.isfinite(one) else None for name, one in told.items()}}


def fairness(
    predictions: pd.DataFrame, settings: Settings, *, groupings: Sequence[Grouping], threshold_prob: float
) -> Audit:
    """Each group against all others when everyone at or above `threshold_prob` is flagged (method.md 8).

    One row per column, group and measure: difference (group minus all others), low, high (95 %), se, tolerance,
    verdict, explained (the part that base rates explain; raw gaps only), power_3 and power_4 (how often the gap fails
    when the group's risks are wrong by .3 or .4 log-odds), n, events_n, status. Verdicts: pass, fail, beyond_doubt,
    not_shown (also of groups with too few to judge); raw gaps (fpr, fnr, ppv) are pass or justify, and have no row
    where there are too few, or nobody is behind one of the rates. Status: ok, few (judged, figures not shown) or
    too_few. Groups that nobody knows the members of are left out. A tolerance for what is not audited is a
    `SettingsError`.
    """
    check_tolerances(predictions, settings, groupings=groupings)
    repeats = max(settings.assess.bootstrap, FEWEST_RESAMPLES)
    settings = replace(settings, assess=replace(settings.assess, bootstrap=repeats))
    found = list(_measured(_audited(predictions, groupings), predictions, settings, threshold_prob))
    judged = [(one, measure) for one in found if one.is_judged for measure in one.measures if measure not in RAW]
    together = _family(judged)
    power = {off: together.power(np.array([one.expected[off][measure] for one, measure in judged])) for off in OFF_BY}
    decided: dict[Named, dict[str, object]] = {
        (one.column, one.group.name, measure): {"verdict": verdict} | {off: float(power[off][place]) for off in power}
        for place, ((one, measure), verdict) in enumerate(zip(judged, together.verdicts(), strict=True))
    }
    rows = [row for one in found for row in one.rows(decided)]
    return Audit(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        len(judged),
        together.critical,
        together.fails_if_right,
        {off: float(np.nanmedian(each)) if len(each) else float("nan") for off, each in power.items()},
    )


def _family(judged: Sequence[tuple["Measured", str]]) -> Family:
    each = [one.judged_by(measure) for one, measure in judged]
    estimates, tolerances, repeated = zip(*each, strict=True) if each else ((), (), np.empty((0, FEWEST_RESAMPLES)))
    return Family(np.array(estimates), np.array(tolerances), np.array(repeated))


def fairness_of_pairs(
    predictions: pd.DataFrame, settings: Settings, *, groupings: Sequence[Grouping], threshold_prob: float
) -> pd.DataFrame:
    """The gated measures of everybody in two groups at once against all others, as the gaps of `fairness`.

    Never gated: the verdict is "reported" in every row. Pairs with too few to show have no row: there would be
    hundreds of them.
    """
    limit = settings.assess.group_min
    pairs = [pair for pair in crossed(predictions, groupings) if _compared(pair, predictions, limit)]
    # a row at a time: what is held in memory stays small, however many pairs there are
    rows = [row for one in _measured(pairs, predictions, settings, threshold_prob) for row in one.rows({})]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table[table["measure"].isin(GATED)].assign(verdict=REPORTED).reset_index(drop=True)


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
            raise SettingsError(REFUSALS["no_tolerance"].filled(where=where))
        key = (tolerance.column, tolerance.group, tolerance.measure)
        if key in seen:
            raise SettingsError(REFUSALS["tolerance_twice"].filled(where=where))
        seen.add(key)


def too_few_to_judge(people: pd.DataFrame, groupings: Sequence[Grouping]) -> tuple[list[Group], list[Group]]:
    """The groups that are audited, and those among them with too few, in the group or outside, for any verdict.

    people: as in `check_tolerances`.
    """
    found = _audited(people, groupings)
    return found, [group for group in found if not _compared(group, people, FEWEST_JUDGED)]


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
            listed = ", ".join(one for one in known if one) or REFUSALS["none"]
            raise SettingsError(REFUSALS["not_audited"].filled(where=where, what=what, name=repr(name), known=listed))


def measures_of(grouping: Grouping) -> tuple[str, ...]:
    """The gaps that are looked at in the groups of a column, gated ones first."""
    return (*(GATED_WHEN_SCORED if grouping.scored else GATED), *RAW)


@dataclass(frozen=True, eq=False)
class Measured:
    """One group's gaps, in each resample too. expected: what they are when its risks are wrong, by `OFF_BY`.

    is_shown: enough people for figures. is_judged: … for a verdict.
    """

    group: Group
    settings: FairnessSettings
    estimates: Gaps
    repeated: Gaps
    expected: Mapping[str, Gaps]
    is_shown: bool
    is_judged: bool

    @property
    def column(self) -> str:
        """Of the grouping."""
        return self.group.grouping.column

    @property
    def measures(self) -> tuple[str, ...]:
        """Those that are looked at; raw ones where there are people enough, and somebody behind both rates."""
        # nobody flagged, say: there is no gap to justify. Which rows a handful of people has would tell of them
        raw = [measure for measure in RAW if self.is_shown and not np.isnan(self.estimates[measure])]
        return (*(measure for measure in measures_of(self.group.grouping) if measure not in RAW), *raw)

    def judged_by(self, measure: str) -> tuple[float, float, np.ndarray]:
        """Estimate, tolerance, and the estimate in each resample."""
        return float(self.estimates[measure]), self._tolerance(measure), self.repeated[measure]

    def rows(self, decided: Mapping[Named, Mapping[str, object]]) -> Iterator[dict[str, object]]:
        """One row a measure. decided: verdict and power of each gap that was judged."""
        group, status = self.group, "ok" if self.is_shown else "few" if self.is_judged else "too_few"
        for measure in self.measures:
            row: dict[str, object] = {"column": self.column, "group": group.name, "measure": measure}
            row |= {"n": group.n, "events_n": group.events_n, "tolerance": self._tolerance(measure), "status": status}
            judged = decided.get((self.column, group.name, measure), {"verdict": NOT_SHOWN})
            yield {**row, **self._numbers(measure), **(self._raw(measure) if measure in RAW else judged)}

    def _numbers(self, measure: str) -> dict[str, object]:
        if not (self.is_shown or self.is_judged):
            return dict.fromkeys(NUMBERS, np.nan)
        low, high = map(float, percentiles(self.repeated[measure]))
        se = float(np.std(self.repeated[measure], ddof=1))
        return {"difference": float(self.estimates[measure]), "low": low, "high": high, "se": se}

    def _raw(self, measure: str) -> dict[str, object]:
        is_large = abs(float(self.estimates[measure])) > self._tolerance(measure)
        # an answer that the score uses moves risks, and so flags, by its very points; why it may is the instrument's
        asked = REPORTED if self.group.grouping.scored else JUSTIFY
        return {"explained": float(self.estimates[f"explained_{measure}"]), "verdict": asked if is_large else PASS}

    def _tolerance(self, measure: str) -> float:
        return tolerance_of(measure, self.settings, column=self.column, group=self.group.name)


def _measured(
    found: Sequence[Group], predictions: pd.DataFrame, settings: Settings, threshold_prob: float
) -> Iterator[Measured]:
    outcome, prob, weight = (predictions[name].to_numpy(dtype=float) for name in ("outcome", "points_prob", "weight"))
    sums = sums_by_row(outcome, prob, weight, threshold_prob=threshold_prob)
    wrong = {
        off: sums_by_row(_shifted(prob, by), prob, weight, threshold_prob=threshold_prob) for off, by in OFF_BY.items()
    }
    resamples = resamples_of(predictions, settings)
    cluster = resamples.index(predictions["cluster_id"].to_numpy())
    everyone = np.ones(len(predictions), dtype=bool)
    total, [total_repeated] = sums.sum(axis=0), resampled_group_sums(sums, [everyone], cluster, resamples)
    for _, same in groupby(found, key=lambda group: group.grouping.column):
        own = list(same)
        repeated = resampled_group_sums(sums, [group.rows for group in own], cluster, resamples)
        for group, group_repeated in zip(own, repeated, strict=True):
            yield Measured(
                group,
                settings.fairness,
                gaps(sums[group.rows].sum(axis=0), total),
                gaps(group_repeated, total_repeated),
                {off: rates(shifted[group.rows].sum(axis=0)) for off, shifted in wrong.items()},
                is_shown=_compared(group, predictions, settings.assess.group_min),
                is_judged=_compared(group, predictions, FEWEST_JUDGED),
            )


def _shifted(prob: np.ndarray, logodds: float) -> np.ndarray:
    odds = prob / np.maximum(1 - prob, np.finfo(float).tiny) * np.exp(logodds)
    return odds / (1 + odds)


def _compared(group: Group, predictions: pd.DataFrame, at_least: int) -> bool:
    """Whether there are events and non-events enough in the group and outside it."""
    events_n = int(predictions["outcome"].sum()) - group.events_n
    others = replace(group, rows=~group.rows, n=len(predictions) - group.n, events_n=events_n)
    return group.enough(at_least) and others.enough(at_least)
