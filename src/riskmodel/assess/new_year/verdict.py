"""What a new year says about the last release: keep it, adjust it, refit it or retire it, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import FLAG_ALL, FLAG_NONE, net_benefit_gains
from riskmodel.assess.evaluation import evaluate
from riskmodel.assess.intervals import resamples_of
from riskmodel.assess.new_year.closed_test import (
    INTERCEPT,
    INTERCEPT_AND_SLOPE,
    KEEP,
    REFIT,
    ClosedTest,
    closed_test,
    recalibrated_logodds,
)
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.subgroups import everyone
from riskmodel.ground.choices import PolicySettings
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import LANGUAGES, Text, read_words
from riskmodel.model.logistic import probability

TEXTS = read_words(Path(__file__).parent / "texts" / "verdict.toml")
NOTHING_NEW, TOO_LITTLE, EFFECT_OR_DRIFT, RETIRE = "nothing_new", "keep_too_little", "effect_or_drift", "retire"
NOT_TESTED = "not_tested"
CLOSED_TEST_STREAM = 551  # which of the seed's random streams turns the signs of clusters
WIDEST = {"oe": 0.4, "recalibration_slope": 0.4}  # of an interval, end to end: ±20 % and ±.2
MOST_SUPPORTED = 0.2  # of the flagged; with more, support may be what made the outcome better
SIMPLE_RULES = (FLAG_NONE, FLAG_ALL, "three_item")
WHY = {
    KEEP: "no_more_than_chance",
    INTERCEPT: "level_is_enough",
    INTERCEPT_AND_SLOPE: "spread_is_enough",
    REFIT: "answers_weigh_differently",
}

Numbers = Mapping[str, float | None]  # estimate, low, high; None or NaN where there is none


@dataclass(frozen=True)
class Found:
    """The last release on one set of new cases. Counts are exact: they leave through `disclosure` alone.

    measures: measure to estimate, low, high. gains: net benefit at the policy's threshold less that of each simple
    rule, likewise. lowers: whether what the closed test asks for would lower the mean risk of all, or of the flagged.
    With too few events or non-events there are only counts.
    """

    n: int
    events_n: int
    clusters_n: int
    measures: Mapping[str, Numbers] | None = None
    gains: Mapping[str, Numbers] | None = None
    closed: ClosedTest | None = None
    lowers: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether the interval of O/E or slope is too wide for any trust to follow from it."""
        measures = self.measures or {}
        # NaN, where there was no estimate, is not narrow either
        ends = {name: (_known(measures[name]["low"]), _known(measures[name]["high"])) for name in WIDEST}
        return not all(high - low <= WIDEST[name] for name, (low, high) in ends.items())


def _known(value: float | None) -> float:
    return float("nan") if value is None else value


@dataclass(frozen=True)
class Tried:
    """What the new cases say of the last release, before any verdict; counts are exact.

    release: its id. obstacle: why it can't be tested. notes: what to know of the comparison. item_texts: the question
    of each item. reforms: dates of those between its data and the new cases. everybody, unshown: all of them, and
    those whose caseworker was shown no flag; None without any.
    """

    release: str
    obstacle: Text | None
    notes: tuple[Text, ...]
    item_texts: Mapping[str, Text]
    reforms: tuple[str, ...]
    everybody: Found | None = None
    unshown: Found | None = None


@dataclass(frozen=True)
class NewYear:
    """The verdict on the last release. reasons: id to text. stamp: why it can't be compared, None when it can.

    everybody, unshown: all new cases, and those whose caseworker was shown no flag; None without any.
    """

    verdict: str
    text: Text
    reasons: Mapping[str, Text]
    stamp: Text | None
    everybody: Found | None
    unshown: Found | None


def find(predictions: pd.DataFrame, x: np.ndarray, item_points: pd.DataFrame, settings: Settings) -> Found:
    """Everything that is measured of the last release on `predictions`, one row a case.

    Columns needed: case_id, cluster_id, outcome, weight, points_prob (the last release's risk), three_item_prob.
    x: the refit's columns, a row a case, shape (n, p). item_points: by the last release, a column an item.
    """
    whole = everyone(predictions)
    counts = (whole.n, whole.events_n, int(predictions["cluster_id"].nunique()))
    if not whole.enough(settings.assess.group_min):
        return Found(*counts)
    order = np.argsort(predictions["case_id"].to_numpy(), kind="stable")
    predictions, x, item_points = predictions.iloc[order].reset_index(drop=True), x[order], item_points.iloc[order]
    threshold_prob = threshold_of_harm(settings.policy.harm_ratio)
    resamples = resamples_of(predictions, settings)
    rows, _ = evaluate(predictions, whole, predictor="points", resamples=resamples, settings=settings.assess)
    gains = net_benefit_gains(predictions, settings, threshold_prob=threshold_prob)
    closed = _closed(predictions, x, item_points, settings)
    return Found(
        *counts,
        measures=_by_name(rows, "measure", "estimate"),
        gains=_by_name(gains[gains["strategy"].isin(SIMPLE_RULES)], "strategy", "gain"),
        closed=closed,
        lowers=_lowers(predictions, closed.update, threshold_prob=threshold_prob),
    )


def judge_last_release(
    tried: Tried, policy: PolicySettings, *, refit_passes: bool | None = None, supported_share: float | None = None
) -> NewYear:
    """The verdict on the last release. refit_passes, supported_share: see `new_year`."""
    if tried.obstacle:
        return NewYear(NOT_TESTED, tried.obstacle, {}, None, None, None)
    return new_year(
        tried.everybody,
        tried.unshown,
        policy,
        item_texts=tried.item_texts,
        refit_passes=refit_passes,
        supported_share=supported_share,
        reforms=tried.reforms,
    )


def new_year(
    everybody: Found | None,
    unshown: Found | None,
    policy: PolicySettings,
    *,
    item_texts: Mapping[str, Text],
    refit_passes: bool | None = None,
    supported_share: float | None = None,
    reforms: Sequence[str] = (),
) -> NewYear:
    """The verdict on what was found.

    item_texts: the question of each item, for those that weigh otherwise than they did. refit_passes: whether this
    year's candidate passes its gates, None when not known. supported_share: of the flagged, 0-1, None while no own
    assessments are logged. reforms: dates of those between the release's data and these.
    """
    verdict, reasons = _verdict(everybody, unshown, policy, refit_passes, supported_share)
    items = everybody.closed.items if everybody and everybody.closed else ()
    why = {one: _named(TEXTS[f"reason_{one}"], [item_texts[item] for item in items]) for one in reasons}
    stamp = TEXTS["not_comparable"].filled(days=", ".join(reforms)) if reforms else None
    return NewYear(verdict, TEXTS[f"verdict_{verdict}"], why, stamp, everybody, unshown)


def _named(reason: Text, questions: Sequence[Text]) -> Text:
    listed = (", ".join(f"“{question.said(language)}”" for question in questions) for language in LANGUAGES)
    return Text(*(reason.said(one).format(items=names) for one, names in zip(LANGUAGES, listed, strict=True)))


def _verdict(
    everybody: Found | None,
    unshown: Found | None,
    policy: PolicySettings,
    refit_passes: bool | None,
    supported_share: float | None,
) -> tuple[str, list[str]]:
    if everybody is None:
        return NOTHING_NEW, []
    if everybody.closed is None:
        return TOO_LITTLE, ["few_outcomes"]
    update = everybody.closed.update
    wide = ["wide_interval"] if everybody.is_wide else []
    against = _against(everybody, policy)
    if update == REFIT and refit_passes is False:
        return RETIRE, ["refit_fails", *against, *wide]
    if against and not wide:
        return RETIRE, against
    blurred = _blurred(everybody, unshown, supported_share) if everybody.lowers else []
    if blurred:
        return EFFECT_OR_DRIFT, [*blurred, *against, *wide]
    return (TOO_LITTLE if update == KEEP and wide else update), [WHY[update], *against, *wide]


def _against(found: Found, policy: PolicySettings) -> list[str]:
    """Why the release should go; from intervals that are too wide to keep it, it does not have to."""
    auc, gains = (found.measures or {})["auc"], found.gains or {}
    low = ["auc_low"] if not _known(auc["low"]) >= policy.min_auc_lower else []
    return low + (["no_benefit"] if not all(_known(gain["estimate"]) > 0 for gain in gains.values()) else [])


def _blurred(everybody: Found, unshown: Found | None, supported_share: float | None) -> list[str]:
    """Why effect and drift cannot be told apart; nothing when they can."""
    if unshown is not None and unshown.n == everybody.n:
        return []
    if unshown is None or unshown.closed is None:
        return ["few_unshown"] if supported_share is None or supported_share > MOST_SUPPORTED else []
    same = everybody.closed is not None and unshown.closed.update == everybody.closed.update
    return [] if same else ["differs_unshown"]


def _closed(predictions: pd.DataFrame, x: np.ndarray, item_points: pd.DataFrame, settings: Settings) -> ClosedTest:
    return closed_test(
        predictions["outcome"].to_numpy(dtype=float),
        _logodds(predictions),
        x,
        items={str(item): points.to_numpy(dtype=float) for item, points in item_points.items()},
        weight=predictions["weight"].to_numpy(dtype=float),
        cluster=predictions["cluster_id"].to_numpy(),
        repeats=settings.assess.bootstrap,
        rng=np.random.default_rng([settings.run.seed, CLOSED_TEST_STREAM]),
    )


def _lowers(predictions: pd.DataFrame, update: str, *, threshold_prob: float) -> bool:
    """A refit is judged by the level and spread it would bring."""
    outcome, weight, prob = (predictions[name].to_numpy(dtype=float) for name in ("outcome", "weight", "points_prob"))
    rescaled = INTERCEPT_AND_SLOPE if update == REFIT else update
    moved = weight * (probability(recalibrated_logodds(outcome, _logodds(predictions), weight, update=rescaled)) - prob)
    return update != KEEP and bool(moved.sum() < 0 or moved[prob >= threshold_prob].sum() < 0)


def _logodds(predictions: pd.DataFrame) -> np.ndarray:
    prob = predictions["points_prob"].to_numpy(dtype=float)
    return np.log(prob / (1 - prob))


def _by_name(rows: pd.DataFrame, name: str, estimate: str) -> dict[str, Numbers]:
    return {
        str(row[name]): {"estimate": float(row[estimate]), "low": float(row["low"]), "high": float(row["high"])}
        for row in rows.to_dict("records")
    }
