"""Areas, and the groups of the fairness audit: gates first, then raw differences, then every group's results."""

from collections.abc import Hashable, Sequence
from typing import Any

from riskmodel.report.chapters.results import results_by_group, results_table
from riskmodel.report.document import Block, Chapter, Folded, Heading, Paragraph, Table, numbers, words
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language, is_missing
from riskmodel.report.names import column_name, group_in_words

GATED, RAW = ("missed", "needless", "log_oe"), ("fpr", "fnr", "ppv")
NOT_AUDITED = ("overall", "out_of_fold", "year", "area")
Gap = dict[Hashable, Any]


def groups(evidence: Evidence, language: Language) -> Chapter:
    """Everything by area and by group."""
    return Chapter(
        f"{language.code}-groups",
        language.say("groups_title"),
        (
            Paragraph(language.say("groups_lead"), "lead"),
            *results_by_group(evidence, "area", language),
            *_fairness(evidence, language),
            *_by_group(evidence, language),
        ),
    )


def _gaps(evidence: Evidence, measures: Sequence[str]) -> list[Gap]:
    return evidence.fairness[evidence.fairness["measure"].isin(measures)].to_dict("records")


def _fairness(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say, gaps = language.say, _gaps(evidence, GATED)
    if not gaps:
        return ()
    verdicts = [gap["verdict"] for gap in gaps]
    counted = {"passed": verdicts.count("pass"), "failed": verdicts.count("fail"), "open": verdicts.count("not_shown")}
    failing = [gap for gap in gaps if gap["verdict"] != "pass"]
    return (
        Heading(say("fair_heading"), f"{language.code}-fair"),
        Paragraph(say("fair_text")),
        Paragraph(say("fair_summary", **counted)),
        *((_tests(evidence, failing, "fair_not_passed", language),) if failing else ()),
        Folded(say("fair_folded"), (_tests(evidence, gaps, "fair", language),)),
        *_raw(evidence, language),
    )


def _tests(evidence: Evidence, gaps: Sequence[Gap], key: str, language: Language) -> Table:
    say, heads = language.say, ("fair_difference", "interval", "fair_tolerance")
    rows = tuple(
        (
            _whom(evidence, gap, language),
            say(f"fair_{gap['measure']}"),
            _difference(gap, language),
            _range(gap, language),
            language.hundred(gap["tolerance"]),
            say("verdict_too_few" if gap["status"] == "too_few" else f"verdict_{gap['verdict']}"),
        )
        for gap in gaps
    )
    return Table(
        f"{language.code}-{key}-table",
        say(f"{key}_caption"),
        (*words(say("group"), say("fair_measure")), *numbers(*map(say, heads)), *words(say("fair_verdict"))),
        rows,
        note=say("fair_note"),
        profile=evidence.release_profile,
    )


def _raw(evidence: Evidence, language: Language) -> tuple[Block, ...]:
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
    table = Table(
        f"{language.code}-raw-table",
        say("raw_caption"),
        (*words(say("group"), say("fair_measure")), *numbers(*map(say, heads)), *words(say("fair_verdict"))),
        rows,
        profile=evidence.release_profile,
    )
    return (Folded(say("raw_heading"), (Paragraph(say("raw_text")), table)),)


def _by_group(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """Columns for the audit alone in sight; those that the points use too are folded."""
    say, scored = language.say, {item["id"] for item in evidence.landmark["items"]}
    tables = {
        scope: results_table(
            evidence, scope, say("by_group_caption", column=column_name(evidence, scope, language)), language
        )
        for scope in evidence.scopes
        if scope not in NOT_AUDITED
    }
    if not tables:
        return ()
    folded = tuple(table for scope, table in tables.items() if scope in scored)
    return (
        Heading(say("by_group_heading"), f"{language.code}-by-group"),
        Paragraph(say("by_group_text")),
        *(table for scope, table in tables.items() if scope not in scored),
        *((Folded(say("by_group_folded"), folded),) if folded else ()),
    )


def _whom(evidence: Evidence, gap: Gap, language: Language) -> str:
    return group_in_words(evidence, str(gap["column"]), str(gap["group"]), language)


def _difference(gap: Gap, language: Language, *, digits: int = 1) -> str:
    missing = is_missing(gap["difference"])
    return language.say("few") if missing else language.hundred(gap["difference"], digits=digits, signed=True)


def _range(gap: Gap, language: Language, *, digits: int = 1) -> str:
    if is_missing(gap["low"]) or is_missing(gap["high"]):
        return ""
    return language.number_range(gap["low"] * 100, gap["high"] * 100, digits=digits)
