"""How well the points work: the level, telling cases apart, net benefit, year by year, and what simplicity costs."""

import pandas as pd

from riskmodel.disclosure import MEASURE_DECIMALS, RATE_DECIMALS, THRESHOLDED
from riskmodel.ground.words import DASH
from riskmodel.instrument.pairs import PAIR
from riskmodel.report import document as doc
from riskmodel.report import figures
from riskmodel.report.chapters.groups import results_by_group
from riskmodel.report.names import column_name
from riskmodel.report.shown import Evidence

LINES = ("points", "three_item", "last_release", "all", "none")  # ways drawn in the decision curve
COMPARED = ("points", "equation", "boosted", "three_item", "event_rate", "last_release", "no_history", "best")
MEASURES = (
    *("auc", "oe", "citl", "recalibration_intercept", "recalibration_slope"),
    *("ici", "ici_by_chance", "e50", "e90", "emax", "brier", "scaled_brier"),
    *THRESHOLDED,
)

TABLE_STEP = 0.05  # thresholds in the decision curve's table


def accuracy(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Calibration, discrimination, net benefit, years and comparators."""
    return language.chapter(
        "accuracy",
        *_level(evidence, language),
        *_apart(evidence, language),
        *pictures(evidence, language),
        *_benefit(evidence, language),
        *results_by_group(evidence, "year", language),
        *_price(evidence, language),
        lead=True,
    )


def _level(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, blocks = language.say, [language.heading("level")]
    oe, slope, ici = (evidence.measured(name) for name in ("oe", "recalibration_slope", "ici"))
    chance = evidence.measured("ici_by_chance")
    sentences = []
    if oe.status == "ok":
        span = language.hundred_range(oe.low, oe.high)
        sentences.append(say("level_oe", oe=language.hundred(oe.estimate), range=span))
    if ici.status == "ok":
        by_chance = chance.estimate if chance.status == "ok" else None
        also = "" if by_chance is None else say("level_chance", chance=language.hundred(by_chance, digits=1))
        sentences.append(f"{say('level_ici', ici=language.hundred(ici.estimate, digits=1))} {also}".strip())
    if slope.status == "ok":
        span = language.number_range(slope.low, slope.high)
        sentences.append(say("level_slope", slope=language.decimal(slope.estimate), range=span))
    return (*blocks, *map(doc.Paragraph, sentences))


def pictures(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """The calibration curve, and where the outcomes lie along the risk; whatever there are enough cases for."""
    curve, spread = not evidence.curve.empty, evidence.distribution["n"].notna().any()
    drawn = [(_calibration, curve), (_distribution, spread and evidence.measured("auc").status == "ok")]
    pictures = tuple(draw(evidence, language) for draw, enough in drawn if enough)
    missing = () if curve else (doc.Paragraph(language.say("curve_missing"), "note"),)
    return (*missing, *((doc.SideBySide(pictures),) if pictures else ()))


def _calibration(evidence: Evidence, language: doc.Language) -> doc.Picture:
    say, curve = language.say, evidence.curve
    gap = (curve["observed"] - curve["risk"]).abs().max()
    rows = tuple(
        (
            language.hundred(row["risk"]),
            language.hundred(row["observed"]),
            language.hundred_range(row["low"], row["high"]),
            language.count(row["n"]),
        )
        for row in curve.to_dict("records")
    )
    columns = language.numbers("curve_predicted", "curve_observed", "interval", "new_cases")
    name = f"{language.code}-calibration"
    drawn = figures.calibration(
        curve,
        name=name,
        across=say("curve_across"),
        up=say("curve_up"),
        ideal=say("curve_ideal"),
        threshold_prob=evidence.landmark.thresholds.threshold_prob,
        threshold=say("curve_threshold"),
    )
    return doc.Picture(
        name,
        drawn,
        say("curve_title", gap=language.hundred(gap)),
        doc.Table(f"{name}-table", say("curve_table"), columns, rows, profile=evidence.profile),
        say("curve_note"),
    )


def _apart(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, auc = language.say, evidence.measured("auc")
    heading = language.heading("apart")
    if auc.status != "ok":
        return heading, doc.Paragraph(say(auc.status))
    gloss = say("apart_auc", auc=language.hundred(auc.estimate), range=language.hundred_range(auc.low, auc.high))
    return heading, doc.Paragraph(gloss)


def _distribution(evidence: Evidence, language: doc.Language) -> doc.Picture:
    say = language.say
    by_bin = evidence.distribution.pivot(index="bin", columns="outcome", values="n")
    width = float(by_bin.index[1] - by_bin.index[0])
    shown = by_bin.notna().any(axis=1)
    by_bin = by_bin.loc[shown.idxmax() : shown[::-1].idxmax()]
    totals = by_bin.sum()
    shares = pd.DataFrame(
        {
            "from": by_bin.index,
            "to": by_bin.index + width,
            "events_share": (by_bin[1] / totals[1]).astype(float).to_numpy(),
            "non_events_share": (by_bin[0] / totals[0]).astype(float).to_numpy(),
        }
    )
    prob = evidence.landmark.thresholds.threshold_prob
    above = shares[shares["from"] >= (prob if prob is not None else 0.5) - 1e-9]
    rows = tuple(
        (
            f"{language.hundred(row['from'])}{DASH}{language.hundred(row['to'])}",
            language.count(by_bin.loc[row["from"], 1]),
            language.count(by_bin.loc[row["from"], 0]),
        )
        for row in shares.to_dict("records")
    )
    columns = (*language.words("risk_column"), *language.numbers("distribution_long", "distribution_other"))
    name = f"{language.code}-distribution"
    parts = {
        "at": language.hundred(above["from"].min()),
        "events_above": language.hundred(above["events_share"].sum()),
        "others_above": language.hundred(above["non_events_share"].sum()),
    }
    labels = {label: say(f"distribution_{label}") for label in ("across", "up", "long", "other")}
    return doc.Picture(
        name,
        figures.risk_distribution(shares, name=name, **labels, threshold_prob=prob, threshold=say("curve_threshold")),
        say("distribution_title", **parts),
        doc.Table(f"{name}-table", say("distribution_table"), columns, rows, profile=evidence.profile),
        say("distribution_note"),
    )


def _benefit(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, decision = language.say, evidence.decision
    heading = language.heading("benefit")
    if decision.empty:
        return heading, doc.Paragraph(say("too_few"))
    prob, by_way = _weighed(evidence), _by_way(decision)
    at = by_way.iloc[(by_way.index.to_series() - prob).abs().argsort().iloc[0]]
    in_words = {"points": language.hundred(at["points"], digits=1), "everyone": language.hundred(at["all"], digits=1)}
    return (
        heading,
        doc.Paragraph(say("benefit_text", threshold=language.hundred(prob))),
        doc.Paragraph(say("benefit_at", **in_words)),
    )


def _weighed(evidence: Evidence) -> float:
    """The risk at which a needless flag and a missed case weigh the same."""
    harm = evidence.release.policy.harm_ratio
    return harm / (1 + harm)


def _by_way(decision: pd.DataFrame) -> pd.DataFrame:
    return decision.pivot(index="threshold", columns="strategy", values="net_benefit")


def benefit_curve(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """The net benefit at every limit; nothing where there are too few cases for one."""
    say, decision = language.say, evidence.decision
    if decision.empty:
        return ()
    by_way = _by_way(decision)
    ways = [way for way in LINES if way in by_way]
    best = (by_way["points"] >= by_way[ways].max(axis=1)).sum()
    name = f"{language.code}-benefit-curve"
    drawn = figures.decision_curves(
        decision,
        name=name,
        across=say("benefit_across"),
        up=say("benefit_per_100"),
        labels={way: say(f"predictor_{way}") for way in ways},
        threshold_prob=_weighed(evidence),
        threshold=say("benefit_weighed"),
    )
    shown = by_way[(by_way.index * 100).to_series().round().mod(TABLE_STEP * 100).eq(0).to_numpy()]
    rows = tuple(
        (language.hundred(limit), *(language.hundred(value, digits=1) for value in values))
        for limit, *values in shown[ways].itertuples()
    )
    columns = language.numbers("benefit_limit", *(f"predictor_{way}" for way in ways))
    table = doc.Table(f"{name}-table", say("benefit_per_100"), columns, rows, profile=evidence.profile)
    title = say("benefit_title", best=best, n=len(by_way))
    return language.heading("curve"), doc.Picture(name, drawn, title, table, say("benefit_note"))


def _price(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say = language.say
    gaps = {row["comparator"]: row for row in evidence.told["comparisons"]}
    rows = []
    for predictor in COMPARED:
        auc, oe = (evidence.measured(name, predictor=predictor) for name in ("auc", "oe"))
        if auc.status == "not_available":
            continue
        gap = ""
        if predictor in gaps:
            row = gaps[predictor]
            span = language.share_range(row["low"], row["high"])
            gap = f"{language.hundred(row['gap'], digits=1, signed=True)} ({span})"
        auc_text = language.hundred(auc.estimate, digits=1) if auc.status == "ok" else say(auc.status)
        rows.append((say(f"predictor_{predictor}"), auc_text, gap, language.measured(oe)))
    columns = (*language.words("price_way"), *language.numbers("auc_column", "price_gap", "oe_column"))
    table = language.table("price-table", "price_caption", columns, rows, profile=evidence.release_profile)
    return language.heading("price"), doc.Paragraph(say("price_text")), *_unseen(evidence, language), table


def _unseen(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """What the points can't say, the surest first."""
    names = {item.id: column_name(evidence, item.id, language) for item in evidence.landmark.items}
    sentences = []
    for found in evidence.told.get("unseen", ()):
        parts = {name: names.get(found[name], found[name]) for name in ("first", "second")}
        gain = language.hundred(found["auc_gain"], digits=1, signed=True)
        told = language.say(f"unseen_{found['kind']}", at=found["at"], gain=gain, **parts)
        how = _declaring(found["first"], found["second"], evidence, language) if found["kind"] == PAIR else ""
        sentences.append(doc.Paragraph(f"{told} {how}".strip()))
    return tuple(sentences)


def _declaring(one: str, other: str, evidence: Evidence, language: doc.Language) -> str:
    """How a pair gets a table of its own; nothing where an item is in one already."""
    named = [item for item in evidence.landmark.items if item.id in (one, other)]
    if any(item.of for item in named):
        return ""
    if any(item.numbers for item in named):
        return language.say("unseen_number")
    return language.say("unseen_declare", one=one, other=other)


def every_measure(evidence: Evidence, language: doc.Language) -> doc.Folded:
    """Every measure of the points on everybody, with its interval."""
    say, rows = language.say, []
    for name in MEASURES:
        found = evidence.measured(name)
        if found.status == "not_available":
            continue
        digits = RATE_DECIMALS if name in THRESHOLDED else MEASURE_DECIMALS
        value = language.decimal(found.estimate, digits=digits) if found.status == "ok" else say(found.status)
        rows.append((say(f"measure_{name}"), value, language.number_range(found.low, found.high, digits=digits)))
    columns = (*language.words("measure_column"), *language.numbers("estimate_column", "interval"))
    table = language.table("measures", "measures_caption", columns, rows, profile=evidence.release_profile)
    return doc.Folded(say("measures_folded"), (table,))
