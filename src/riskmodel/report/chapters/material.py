"""The data: which rows became cases, what counts as long, who is missing, and what was wrong in the files."""

from collections.abc import Mapping

import pandas as pd

from riskmodel.cohort.two_forms import BLANK_TOLERANCE, BOTH_MIN_N, ENOUGH_N, ENTERS, SHIFT_TOLERANCE
from riskmodel.extracts.refusals import REASONS
from riskmodel.ground.words import month_text
from riskmodel.report import document as doc
from riskmodel.report.disclosed import Told
from riskmodel.report.names import column_name
from riskmodel.report.shown import Evidence

SURVEY = {"over_ten_n": "survey_over", "at_most_ten_n": "survey_fewer", "over_ten_not_in_survey_n": "survey_absent"}
EXIT_NAMES = {"": "exit_none", "death": "exit_death", "moved": "exit_moved"}


def two_forms(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
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
    return (
        language.heading("forms"),
        doc.Paragraph(" ".join(text)),
        doc.Paragraph(_judged(found, language)),
        *_tested_items(found["items"], evidence, language),
    )


def _judged(found: Told, language: doc.Language) -> str:
    """What the points have been held against, and what waits to be."""
    say, year = language.say, found["exam_year"]
    measured = say("forms_measured", n=ENOUGH_N) if found["measured"] else ""
    if year is not None:
        return f"{measured} {say('forms_exam', year=year, n=ENOUGH_N)}".strip()
    return f"{measured or say('forms_not_measured', n=ENOUGH_N)} {say('forms_no_year')}"


def _tested_items(
    items: list[Mapping[str, object]], evidence: Evidence, language: doc.Language
) -> tuple[doc.Paragraph, doc.Table | doc.Folded]:
    """Every question that is asked, those that could not be used first; folded away when there are none of these."""
    say = language.say
    refused_n = sum(row["verdict"] != ENTERS for row in items)
    limits = {"shift": language.hundred(SHIFT_TOLERANCE), "blank": language.hundred(BLANK_TOLERANCE)}
    heads = ("forms_both", "forms_shift", "forms_survey_blank", "forms_intake_blank")
    columns = (*language.words("question_column", "verdict_column"), *language.numbers(*heads))
    table = language.table(
        "forms-table",
        "forms_caption",
        columns,
        tuple(_tested(row, evidence, language) for row in sorted(items, key=lambda row: row["verdict"] == ENTERS)),
        note=say("forms_note", people=BOTH_MIN_N, **limits),
        profile=evidence.profile,
    )
    if refused_n:
        return doc.Paragraph(say("forms_items_some", n=refused_n)), table
    return doc.Paragraph(say("forms_items_all")), doc.Folded(say("forms_folded"), (table,))


def _tested(row: Told, evidence: Evidence, language: doc.Language) -> tuple[str, ...]:
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


def material(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Every table about the delivery and its cases."""
    return language.chapter(
        "material",
        *_flow(evidence, language),
        *two_forms(evidence, language),
        *_outcomes(evidence, language),
        *_unlinked(evidence, language),
        *_survey(evidence, language),
        lead=True,
    )


def _flow(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, meaning = language.say, evidence.summary["month_meaning"]
    rows = tuple(
        (
            row[f"text_{language.code}"],
            language.count(row["n"]),
            language.count(row["events_n"]) if row["has_events"] else "",
        )
        for row in evidence.flow.to_dict("records")
    )
    columns = (*language.words("flow_step"), *language.numbers("number_of", "flow_events"))
    table = language.table("flow-table", "flow_caption", columns, rows, note=say("flow_note"), profile=evidence.profile)
    month = (doc.Paragraph(say(f"month_{meaning}")),) if meaning else ()
    return language.heading("flow"), table, *month


def _outcomes(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, chosen = language.say, evidence.summary["outcome"]
    rows = []
    for row in evidence.outcomes:
        definition = language.text(row["text"])
        named = say("outcome_chosen", definition=definition) if row["name"] == chosen else definition
        share = language.hundred_or_why(row["share"], "not_shown")
        span = f" ({language.hundred_range(*row['span'])})" if row.get("span") else ""
        rows.append((named, language.count(row["known_n"]), share + span))
    columns = (*language.words("outcome_definition"), *language.numbers("outcome_known", "outcome_long_of_100"))
    table = language.table(
        "outcome-table", "outcome_caption", columns, rows, note=say("outcome_stock"), profile=evidence.profile
    )
    spans = (doc.Paragraph(say("outcome_span")),) if any(row.get("span") for row in evidence.outcomes) else ()
    heading = language.heading("outcome")
    several = (doc.Paragraph(say("outcome_text")),) if len(rows) > 1 else ()
    return heading, *several, table, *spans, *_censored(evidence, language), *_followup(evidence, language)


def _censored(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, censored = language.say, evidence.censored
    if censored["n"] is None:
        return ()
    rows = []
    for row in censored["rules"]:
        rule = say(f"rule_{row['rule']}")
        named = say("rule_chosen", rule=rule) if row["rule"] == censored["rule"] else rule
        rows.append((named, language.hundred(row["share"], digits=1)))
    curve = censored["kaplan_meier"]
    if curve["share"] is not None:
        span = language.share_range(curve["low"], curve["high"])
        rows.append((say("rule_kaplan_meier"), f"{language.hundred(curve['share'], digits=1)} ({span})"))
    columns = (*language.words("censored_way"), *language.numbers("outcome_long_of_100"))
    table = language.table("censored-table", "censored_caption", columns, rows, profile=evidence.profile)
    return doc.Paragraph(say("censored_text", n=language.count(censored["n"]))), doc.Folded(table.caption, (table,))


def _followup(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, code = language.say, language.code
    if not evidence.followup:
        return ()
    months = tuple(
        (str(row["month"] + 1), language.hundred_or_why(row["share"], "not_shown")) for row in evidence.followup
    )
    columns, profile = (*language.words("followup_month"), *language.numbers("followup_share")), evidence.profile
    blocks: list[doc.Block] = [language.table("followup", "followup_caption", columns, months, profile=profile)]
    exits = tuple(
        (
            say(EXIT_NAMES[row["exit"]]) if row["exit"] in EXIT_NAMES else doc.begins_large(row["exit"]),
            language.count(row["n"]),
            language.hundred_or_why(row["share"], "not_shown"),
        )
        for row in evidence.exits
    )
    if exits:
        columns = (*language.words("exits_reason"), *language.numbers("outcome_known", "outcome_long_of_100"))
        caption, note = say("exits_caption"), say("exits_note")
        blocks.append(doc.Table(f"{code}-exits", caption, columns, exits, note=note, profile=profile))
    return (doc.Folded(say("followup_folded"), tuple(blocks)),)


def _unlinked(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, unlinked = language.say, evidence.summary["unlinked"]
    if unlinked is None or unlinked["share"] is None:
        return ()
    rows = tuple(
        (say(f"unlinked_{row['group']}"), language.count(row["n"]), language.hundred_or_why(row["share"], "not_shown"))
        for row in evidence.unlinked
    )
    used = evidence.two_forms is not None and evidence.two_forms["unlinked_used"]
    columns = (*language.words("group"), *language.numbers("outcome_known", "outcome_long_of_100"))
    table = language.table(
        "unlinked-table",
        "unlinked_caption",
        columns,
        rows,
        note="" if used else say("unlinked_note"),
        profile=evidence.profile,
    )
    explained = doc.Paragraph(say("unlinked_explained"), quote=unlinked["explanation"])
    return (
        language.heading("unlinked"),
        doc.Paragraph(
            say("unlinked_text_used" if used else "unlinked_text", share=language.hundred(unlinked["share"]))
        ),
        *((explained,) if unlinked["explanation"] else ()),
        table,
    )


def _survey(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say = language.say
    if evidence.reconciliation.empty:
        return ()
    shown = [name for name in SURVEY if name in evidence.reconciliation]
    rows = tuple(
        (row["years"], *(language.count(row[name]) for name in shown))
        for row in evidence.reconciliation.to_dict("records")
    )
    columns = (*language.words("year"), *language.numbers(*(SURVEY[name] for name in shown)))
    table = language.table(
        "survey-table",
        "survey_caption",
        columns,
        rows,
        note=say("survey_note") if len(shown) < len(SURVEY) else "",
        profile=evidence.profile,
    )
    return language.heading("survey"), doc.Paragraph(say("survey_text")), doc.Folded(table.caption, (table,))


def quality(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """What was wrong in the files, by what became of it, and file by file."""
    say, heading = language.say, language.heading("quality")
    findings = evidence.quality
    if findings.empty:
        return heading, doc.Paragraph(say("quality_none"))
    rows = tuple(
        (language.text(REASONS[str(reason)]), say(f"action_{action}"), _at_least(same["n"], language))
        for (action, reason), same in findings.groupby(["action", "reason"], sort=True)
    )
    columns = (*language.words("quality_reason", "quality_action"), *language.numbers("quality_n"))
    detail = tuple(
        (
            row["file"],
            row["column"] or say("quality_whole_row"),
            language.text(REASONS[row["reason"]]),
            language.count(row["n"]),
        )
        for row in findings.to_dict("records")
    )
    heads = ("quality_file", "quality_column", "quality_reason")
    detail_columns = (*language.words(*heads), *language.numbers("quality_n"))
    profile = evidence.profile
    return (
        heading,
        doc.Paragraph(say("quality_text")),
        language.table("quality-table", "quality_caption", columns, rows, profile=profile),
        doc.Folded(
            say("quality_folded"),
            (language.table("quality-detail", "quality_detail_caption", detail_columns, detail, profile=profile),),
        ),
    )


def _at_least(counts: pd.Series, language: doc.Language) -> str:
    """The sum of what is shown; where something is hidden it is a least number."""
    summed = language.count(counts.sum() if counts.notna().any() else None)
    return language.say("at_least", n=summed) if counts.notna().any() and counts.isna().any() else summed
