"""Areas, and the groups of the fairness audit: gates first, then raw differences, then every group's results.

And how well the answers guess what is kept out of the points.
"""

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from riskmodel.assess.fairness import OFF_BY
from riskmodel.assess.gaps import GATED, RAW
from riskmodel.assess.record import OUT_OF_FOLD
from riskmodel.release.criteria import BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS
from riskmodel.report import document as doc
from riskmodel.report import figures
from riskmodel.report.names import column_name, group_in_words, group_name, off_areas, pair_in_words
from riskmodel.report.shown import Evidence

COLUMNS = ("new_cases", "oe_column", "interval", "auc_column", "flagged_column", "ppv_column", "missed_column")
PANELS = ("oe", "ppv", "missed")  # what is drawn of every group, and the titles of the axes
TITLES = ("oe_axis", "ppv_column", "missed_column")
TOO_FEW, PASSED_BY_FEW = "too_few", "passed_by_few"
NOT_AUDITED = ("overall", "out_of_fold", "year", "area")
Gap = dict[Hashable, Any]


def results_by_group(evidence: Evidence, scope: str, language: doc.Language) -> tuple[doc.Block, ...]:
    """Heading, text and drawing for "year" or "area"."""
    say, key = language.say, {"year": "years", "area": "areas"}[scope]
    if len(evidence.groups(scope)) < 2:
        return ()
    kind = "_out_of_fold" if evidence.release.evidence.kind == OUT_OF_FOLD else ""
    text = say(f"years_text{kind}") if scope == "year" else off_areas(evidence, language) or say("areas_fine")
    panels = PANELS[:1] if scope == "year" else PANELS
    return language.heading(key), doc.Paragraph(text), results(evidence, scope, language, panels=panels)


def results(
    evidence: Evidence, scope: str, language: doc.Language, *, panels: Sequence[str] = PANELS
) -> doc.Picture | doc.Table:
    """The groups of one column as dots with their intervals, a panel a measure; a table where nothing can be drawn."""
    say, name, groups = language.say, f"{language.code}-{scope}", evidence.groups(scope)
    found = {panel: [_per_hundred(evidence, panel, scope=scope, group=group) for group in groups] for panel in panels}
    whole = {panel: _per_hundred(evidence, panel) for panel in panels}
    titles = dict(zip(panels, TITLES, strict=False))
    drawn = {panel: say(key) for panel, key in titles.items() if panel == "oe" or not math.isnan(whole[panel][0])}
    table = _table(evidence, scope, language)
    if all(math.isnan(estimate) for estimate, *_ in found["oe"]):
        return table
    rows = pd.DataFrame({"label": [group_name(evidence, scope, group, language) for group in groups]})
    for panel in drawn:
        rows[[f"{panel}_{end}" for end in ("estimate", "low", "high")]] = found[panel]
    aims = {panel: (whole[panel][0], say("overall")) for panel in drawn} | {"oe": (100.0, say("as_predicted"))}
    title = say("dots_title", column=column_name(evidence, scope, language), found=_found(rows, language))
    return doc.Picture(name, figures.dots(rows, name=name, panels=drawn, aims=aims), title, table)


def _found(rows: pd.DataFrame, language: doc.Language) -> str:
    """Which groups have an interval without the 100 predicted."""
    parts = {"dots_more": rows["oe_low"] > 100, "dots_fewer": rows["oe_high"] < 100}
    off = {key: language.listed(list(rows["label"][chosen])) for key, chosen in parts.items() if chosen.any()}
    return "; ".join(language.say(key, groups=names) for key, names in off.items()) or language.say("dots_fine")


def _per_hundred(evidence: Evidence, panel: str, **of: str) -> tuple[float, ...]:
    """Estimate, low and high of what a panel shows, per hundred; NaN where there is no number."""
    measure = evidence.measured("sensitivity", **of).rest if panel == "missed" else evidence.measured(panel, **of)
    ends = (measure.estimate, measure.low, measure.high)
    return tuple(float("nan") if measure.status != "ok" or end is None else end * 100 for end in ends)


def _table(evidence: Evidence, scope: str, language: doc.Language) -> doc.Table:
    """A row a group with counts, level, order and consequences."""
    shown = COLUMNS if evidence.flags else COLUMNS[:4]
    rows = tuple(_row(evidence, scope, group, language)[: len(shown) + 1] for group in evidence.groups(scope))
    column = column_name(evidence, scope, language)
    note = language.say("few_note", fewest=evidence.settings.assess.group_min)
    return doc.Table(
        f"{language.code}-{scope}-table",
        language.say("by_group_caption", column=doc.begins_small(column)),
        (doc.Column(column, numeric=False), *language.numbers(*shown)),
        rows,
        note=note if any(language.say("few") in row for row in rows) else "",
        profile=evidence.release_profile,
    )


def _row(evidence: Evidence, scope: str, group: str, language: doc.Language) -> tuple[str, ...]:
    oe, auc, flagged, ppv, sensitivity = (
        evidence.measured(name, scope=scope, group=group)
        for name in ("oe", "auc", "flagged_share", "ppv", "sensitivity")
    )
    return (
        group_name(evidence, scope, group, language),
        language.count(oe.n),
        language.measured(oe),
        language.hundred_range(oe.low, oe.high),
        *map(language.measured, (auc, flagged, ppv, sensitivity.rest)),
    )


def groups(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Everything by area and by group."""
    return language.chapter(
        "groups",
        *results_by_group(evidence, "area", language),
        *_fairness(evidence, language),
        *_pairs(evidence, language),
        *proxies(evidence, language),
        *_by_group(evidence, language),
        lead=True,
    )


def _gaps(evidence: Evidence, measures: Sequence[str]) -> list[Gap]:
    return [gap for gap in evidence.told["fairness"] if gap["measure"] in measures]


def _fairness(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, gaps = language.say, _gaps(evidence, GATED)
    if not gaps:
        return ()
    verdicts = [gap["verdict"] for gap in gaps]
    large = verdicts.count(FAIL) + verdicts.count(BEYOND_DOUBT)
    counted = {"passed": verdicts.count(PASS), "failed": large, "open": verdicts.count(NOT_SHOWN)}
    failing = [gap for gap in gaps if gap["verdict"] != PASS]
    return (
        language.heading("fair"),
        doc.Paragraph(say("fair_text")),
        doc.Paragraph(say("fair_summary", **counted)),
        *_outlook(evidence, language),
        *((_tests(evidence, failing, "fair_not_passed", language),) if failing else ()),
        doc.Folded(say("fair_folded"), (_tests(evidence, gaps, "fair", language),)),
        *_raw(evidence, language),
    )


def _outlook(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """How often the audit errs among so many: what it says of a right model, and finds of a wrong one."""
    found = evidence.told["audit"]
    if not found["judged_n"]:
        return ()
    shares = {name: language.hundred(found[name]) for name in ("fails_if_right", *OFF_BY)}
    return (doc.Paragraph(language.say("fair_outlook", n=found["judged_n"], **shares)),)


def _tests(evidence: Evidence, gaps: Sequence[Gap], key: str, language: doc.Language) -> doc.Table:
    say, heads = language.say, ("fair_difference", "interval", "fair_tolerance", *(f"fair_{off}" for off in OFF_BY))
    rows = tuple(
        (
            _whom(evidence, gap, language),
            say(f"fair_{gap['measure']}"),
            _difference(gap, language),
            _range(gap, language),
            language.hundred(gap["tolerance"]),
            *(say("few") if doc.is_missing(gap[off]) else language.hundred(gap[off]) for off in OFF_BY),
            say(f"verdict_{_verdict(gap)}"),
        )
        for gap in gaps
    )
    columns = (*language.words("group", "tested_column"), *language.numbers(*heads), *language.words("verdict_column"))
    return language.table(
        f"{key}-table", f"{key}_caption", columns, rows, note=say("fair_note"), profile=evidence.release_profile
    )


def _verdict(gap: Gap) -> str:
    """As it is told: no tick stands on fewer people than figures need."""
    if gap["status"] == "too_few":
        return TOO_FEW
    return PASSED_BY_FEW if gap["status"] == "few" and gap["verdict"] == PASS else str(gap["verdict"])


def _raw(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, gaps = language.say, _gaps(evidence, RAW)
    if not gaps:
        return ()
    rows = tuple(
        (
            _whom(evidence, gap, language),
            say(f"raw_{gap['measure']}"),
            _difference(gap, language, digits=0),
            _range(gap, language, digits=0),
            language.hundred(gap["explained"], signed=True),
            say("verdict_justify") if gap["verdict"] == "justify" else "",
        )
        for gap in gaps
    )
    heads = ("raw_seen", "interval", "raw_expected")
    columns = (*language.words("group", "tested_column"), *language.numbers(*heads), *language.words("verdict_column"))
    table = language.table("raw-table", "raw_caption", columns, rows, profile=evidence.release_profile)
    return (doc.Folded(say("raw_heading"), (doc.Paragraph(say("raw_text")), table)),)


def _pairs(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """Two groups at once: only those beyond the tolerance, which the gate does not look at."""
    say = language.say
    rows = tuple(
        (
            pair_in_words(evidence, gap, language),
            say(f"fair_{gap['measure']}"),
            _difference(gap, language),
            _range(gap, language),
            language.hundred(gap["tolerance"]),
        )
        for gap in evidence.told["pairs"]
    )
    if not rows:
        return (doc.Paragraph(say("pairs_none")),)
    heads = ("fair_difference", "interval", "fair_tolerance")
    columns = (*language.words("group", "tested_column"), *language.numbers(*heads))
    told = {"note": say("fair_note"), "profile": evidence.release_profile}
    table = language.table("pairs-table", "pairs_caption", columns, rows, **told)
    return (doc.Folded(say("pairs_folded"), (doc.Paragraph(say("pairs_text")), table)),)


def _by_group(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """Columns for the audit alone in sight; those that the points use too are folded."""
    scored = {question.id for question in evidence.landmark.questions}
    found = {scope: results(evidence, scope, language) for scope in evidence.scopes if scope not in NOT_AUDITED}
    if not found:
        return ()
    audited, folded = (
        tuple(one for scope, one in found.items() if (scope in scored) == is_scored) for is_scored in (False, True)
    )
    return (
        language.heading("by_group"),
        doc.Paragraph(language.say("by_group_text")),
        *((doc.SideBySide(audited),) if audited else ()),
        *((doc.Folded(language.say("by_group_folded"), (doc.SideBySide(folded),)),) if folded else ()),
    )


def _whom(evidence: Evidence, gap: Gap, language: doc.Language) -> str:
    return group_in_words(evidence, str(gap["column"]), str(gap["group"]), language)


def _difference(gap: Gap, language: doc.Language, *, digits: int = 1) -> str:
    missing = doc.is_missing(gap["difference"])
    return language.say("few") if missing else language.hundred(gap["difference"], digits=digits, signed=True)


def _range(gap: Gap, language: doc.Language, *, digits: int = 1) -> str:
    return language.share_range(gap["low"], gap["high"], digits=digits)


def proxies(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """How well the answers guess what is kept out of the points, and what using it would change."""
    say = language.say
    guesses = tuple(
        (
            group_in_words(evidence, str(row["column"]), str(row["group"]), language),
            language.hundred(row["auc"]),
            language.hundred_range(row["low"], row["high"]),
        )
        for row in evidence.robustness["proxies"]
        if row["status"] == "ok"
    )
    if not guesses:
        return ()
    heading = language.heading("proxies")
    columns = (*language.words("group"), *language.numbers("proxies_guess", "interval"))
    table = language.table("proxies-table", "proxies_caption", columns, guesses, profile=evidence.release_profile)
    return heading, doc.Paragraph(say("proxies_text")), doc.SideBySide((table, *_drop_in(evidence, language)))


def _drop_in(evidence: Evidence, language: doc.Language) -> tuple[doc.Table, ...]:
    say = language.say
    rows = tuple(
        (
            say("drop_in_all") if row["added"] == "all" else column_name(evidence, row["added"], language),
            language.hundred(row["auc_gain"], digits=1, signed=True),
            language.share_range(row["low"], row["high"]),
            language.hundred(row["changed_share"]),
        )
        for row in evidence.robustness["drop_in"]
        if row["status"] == "ok"
    )
    if not rows:
        return ()
    columns = (*language.words("drop_in_added"), *language.numbers("drop_in_gain", "interval", "choices_changed"))
    told = {"note": say("drop_in_text"), "profile": evidence.release_profile}
    return (language.table("drop-in-table", "drop_in_caption", columns, rows, **told),)
