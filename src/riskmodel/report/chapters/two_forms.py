"""The case-control design in words: where the answers come from, which questions can be used, what it is good for."""

from collections.abc import Mapping
from typing import Any

from riskmodel.cohort.calendar import month_text
from riskmodel.cohort.case_control.items import BLANK_TOLERANCE, BOTH_MIN_N, ENTERS, SHIFT_TOLERANCE
from riskmodel.cohort.case_control.summary import ENOUGH_N
from riskmodel.report.document import Block, Folded, Heading, Paragraph, Table, numbers, words
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language, column_name


def two_forms(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """Which design the release has when it is not the usual one, what that rests on, and what it can't be used for."""
    say, found = language.say, evidence.two_forms
    if found is None:
        return ()
    tau, months, text = found["tau"], [month_text(month) for month in found["months"]], [say("forms_text")]
    if tau:
        span = language.hundred_range(tau["low"], tau["high"])
        text.append(say("forms_tau", n=language.hundred(tau["estimate"]), range=span))
    if months:
        text.append(say("forms_months", months=language.listed(months)))
    judged = say("forms_measured" if found["measured"] else "forms_not_measured", n=ENOUGH_N)
    return (
        Heading(say("forms_heading"), f"{language.code}-forms"),
        Paragraph(" ".join(text)),
        Paragraph(f"{judged} {say('forms_no_year')}"),
        *_tested_items(found["items"], evidence, language),
    )


def _tested_items(
    items: list[Mapping[str, object]], evidence: Evidence, language: Language
) -> tuple[Paragraph, Table | Folded]:
    """Every question that is asked, those that could not be used first; folded away when there are none of these."""
    say = language.say
    refused_n = sum(row["verdict"] != ENTERS for row in items)
    limits = {"shift": language.hundred(SHIFT_TOLERANCE), "blank": language.hundred(BLANK_TOLERANCE)}
    heads = ("forms_both", "forms_shift", "forms_survey_blank", "forms_intake_blank")
    table = Table(
        f"{language.code}-forms-table",
        say("forms_caption"),
        (*words(say("forms_question"), say("forms_verdict")), *numbers(*map(say, heads))),
        tuple(_tested(row, evidence, language) for row in sorted(items, key=lambda row: row["verdict"] == ENTERS)),
        note=say("forms_note", people=BOTH_MIN_N, **limits),
        profile=evidence.profile,
    )
    if refused_n:
        return Paragraph(say("forms_items_some", n=refused_n)), table
    return Paragraph(say("forms_items_all")), Folded(say("forms_folded"), (table,))


def _tested(row: Mapping[str, Any], evidence: Evidence, language: Language) -> tuple[str, ...]:
    question, verdict = column_name(evidence, row["item"], language), language.say(f"tested_{row['verdict']}")
    if not row["tested"]:
        return question, verdict, "", "", "", ""
    shares = (row[name] for name in ("net_shift", "survey_share", "intake_share"))
    return (
        question,
        verdict,
        language.count(row["both_n"]),
        *(language.hundred_or_why(share, "not_shown") for share in shares),
    )
