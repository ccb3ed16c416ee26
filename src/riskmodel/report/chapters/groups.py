"""Areas, and the groups of the fairness audit: gates first, then raw differences, then every group's results."""

from collections.abc import Hashable
from typing import Any

from riskmodel.report.chapters.results import results_by_group, results_table
from riskmodel.report.document import Block, Chapter, Folded, Heading, Paragraph, Table, numbers, words
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language, is_missing
from riskmodel.report.names import column_name, group_name

GATED, RAW = ("missed", "needless", "log_oe"), ("fpr", "fnr", "ppv")
Row = dict[Hashable, Any]
NOT_AUDITED = ("overall", "out_of_fold", "year", "area")


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


def _fairness(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say, audited = language.say, evidence.fairness
    gated = audited[audited["measure"].isin(GATED)].to_dict("records")
    if not gated:
        return ()
    verdicts = [row["verdict"] for row in gated]
    counted = {"passed": verdicts.count("pass"), "failed": verdicts.count("fail"), "open": verdicts.count("not_shown")}
    rows = tuple(
        (
            _whom(evidence, row, language),
            say(f"fair_{row['measure']}"),
            _per_hundred(row, "difference", language),
            _range(row, language),
            language.hundred(row["tolerance"], digits=0),
            _verdict(row, language),
        )
        for row in gated
    )
    heads = ("fair_difference", "interval", "fair_tolerance")
    table = Table(
        f"{language.code}-fair-table",
        say("fair_caption"),
        (*words(say("group"), say("fair_measure")), *numbers(*map(say, heads)), *words(say("fair_verdict"))),
        rows,
        note=say("fair_note"),
        profile=evidence.release_profile,
    )
    return (
        Heading(say("fair_heading"), f"{language.code}-fair"),
        Paragraph(say("fair_text")),
        Paragraph(say("fair_summary", **counted)),
        table,
        *_raw(evidence, language),
    )


def _raw(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say, audited = language.say, evidence.fairness
    raw = audited[audited["measure"].isin(RAW)].to_dict("records")
    if not raw:
        return ()
    rows = tuple(
        (
            _whom(evidence, row, language),
            say(f"raw_{row['measure']}"),
            _per_hundred(row, "difference", language),
            _range(row, language),
            language.hundred(row["explained"], signed=True),
        )
        for row in raw
    )
    heads = ("raw_seen", "interval", "raw_expected")
    columns = (*words(say("group"), say("fair_measure")), *numbers(*map(say, heads)))
    profile = evidence.release_profile
    table = Table(f"{language.code}-raw-table", say("raw_caption"), columns, rows, profile=profile)
    return (Folded(say("raw_heading"), (Paragraph(say("raw_text")), table)),)


def _by_group(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say = language.say
    scopes = [scope for scope in dict.fromkeys(evidence.measures["scope"]) if scope not in NOT_AUDITED]
    if not scopes:
        return ()
    tables = tuple(
        results_table(evidence, scope, say("by_group_caption", column=column_name(evidence, scope, language)), language)
        for scope in scopes
    )
    return Heading(say("by_group_heading"), f"{language.code}-by-group"), Paragraph(say("by_group_text")), *tables


def _whom(evidence: Evidence, row: Row, language: Language) -> str:
    column, group = str(row["column"]), str(row["group"])
    return f"{column_name(evidence, column, language)}: {group_name(evidence, column, group, language)}"


def _per_hundred(row: Row, key: str, language: Language) -> str:
    missing = is_missing(row[key])
    return language.say("too_few") if missing else language.hundred(row[key], digits=1, signed=True)


def _range(row: Row, language: Language) -> str:
    low, high = row["low"], row["high"]
    if is_missing(low) or is_missing(high):
        return ""
    return language.number_range(low * 100, high * 100, digits=1)


def _verdict(row: Row, language: Language) -> str:
    return language.say("verdict_too_few" if row["status"] == "too_few" else f"verdict_{row['verdict']}")
