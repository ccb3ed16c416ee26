"""The score itself: points of every answer, risk of every sum, the limit and the one rejected."""

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from riskmodel.ground.words import DASH
from riskmodel.instrument.records import FROM_REGISTER
from riskmodel.publish.card_tables import weighing
from riskmodel.release.answers import shown_numbers
from riskmodel.release.evidence import Rejected
from riskmodel.release.item import Item, Level, Numbers
from riskmodel.release.landmark import Landmark, Thresholds
from riskmodel.report import document as doc
from riskmodel.report import figures
from riskmodel.report.chapters.answer import rules
from riskmodel.report.names import column_name
from riskmodel.report.shown import Evidence, at_landmark, gate_evidence


def score(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Everything needed to work out a risk by hand, and where the limit comes from."""
    return language.chapter(
        "score",
        doc.Folded(language.say("points_heading"), (points_tables(evidence, language, name=language.code),)),
        *_risk(evidence, language),
        *_limit(evidence, language),
        lead=True,
    )


def points_tables(evidence: Evidence, language: doc.Language, *, name: str) -> doc.SideBySide:
    """A table of points for every question. name: what the tables' own names begin with."""
    return doc.SideBySide(tuple(_item(item, language, name=name) for item in evidence.landmark.items))


def _item(item: Item, language: doc.Language, *, name: str) -> doc.Table:
    say = language.say
    answers = _levels(item.levels, language) if item.numbers is None else _spans(item, item.numbers, language)
    blank = "points_unknown" if item.derive in FROM_REGISTER else "points_no_answer"
    rows = (*answers, (say(blank), language.decimal(item.no_answer.points, digits=0)))
    notes = [say("points_changeable")] if item.changeable else []
    if item.grounds:
        grounds = language.listed([say(f"ground_{ground}") for ground in item.grounds])
        notes.append(say("points_justification", grounds=grounds))
    columns = (*language.words("answer_column"), *language.numbers("points_column"))
    note, name = " ".join(notes), f"{name}-item-{item.id}"
    return doc.Table(name, language.text(item.text), columns, rows, note=note, quote=item.justification)


def _levels(levels: Sequence[Level], language: doc.Language) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            language.text(level.text),
            language.say("points_route") if level.route else language.decimal(level.points, digits=0),
        )
        for level in levels
    )


def _spans(item: Item, table: Numbers, language: doc.Language) -> tuple[tuple[str, ...], ...]:
    """Whole numbers with the same points in one row: 18–23, 24, 25–31 …"""
    values = range(table.minimum, table.maximum + 1)
    rows = []
    for points, same in groupby(zip(values, table.points, strict=True), key=lambda pair: pair[1]):
        numbers_in_it = [value for value, _ in same]
        first, last = (shown_numbers(item, end).said(language.code) for end in (numbers_in_it[0], numbers_in_it[-1]))
        unit = f" {language.text(table.unit)}" if table.unit else ""
        span = first if first == last else language.say("from_to", first=first, last=last)
        rows.append((span + unit, language.decimal(points, digits=0)))
    return tuple(rows)


def _risk(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, by_sum, flag = language.say, _risk_by_sum(evidence), evidence.landmark.thresholds.flag
    name = f"{language.code}-risk"
    flag_text = "" if flag is None else say("risk_flag", flag=flag)
    ends = {
        "first": by_sum["points"].iloc[0],
        "last": by_sum["points"].iloc[-1],
        "first_risk": language.hundred(by_sum["risk"].iloc[0]),
        "last_risk": language.hundred(by_sum["risk"].iloc[-1]),
        "flag": "" if flag is None else say("risk_flag_sentence", flag=flag),
    }
    return (
        language.heading("risk", "risk-heading"),
        doc.Paragraph(say("risk_text")),
        doc.Picture(
            name,
            figures.points_to_risk(
                by_sum, name=name, across=say("risk_across"), up=say("risk_up"), flag=flag, flag_text=flag_text
            ),
            say("risk_title", **ends),
            risk_table(evidence, say("risk_caption"), language, name=language.code),
        ),
    )


def risk_table(evidence: Evidence, caption: str, language: doc.Language, *, name: str) -> doc.Table:
    """The risk and the answer of every sum. name: what the table's own name begins with."""
    limits = evidence.landmark.thresholds
    shown_n = 2 if limits.flag is None else 3
    rows = tuple(
        (str(points), language.hundred(risk), _answer(points, limits, language))[:shown_n]
        for points, risk in evidence.landmark.risk.by_sum.items()
    )
    columns = (*language.numbers("points_column", "risk_column"), *language.words("risk_answer"))[:shown_n]
    return doc.Table(f"{name}-risk-table", caption, columns, rows)


def _risk_by_sum(evidence: Evidence) -> pd.DataFrame:
    table = evidence.landmark.risk
    return pd.DataFrame({"risk": table.values}).assign(points=lambda rows: table.first + rows.index)


def _answer(points: int, thresholds: Thresholds, language: doc.Language) -> str:
    answer = thresholds.answer_at(points)
    return language.say(f"answer_{answer}") if answer else ""


def _limit(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, policy = language.say, evidence.release.policy
    chosen, rejected = evidence.landmark.thresholds, evidence.landmark.rejected_alternative
    if chosen.flag is None:
        return ()
    demands = (weighing(policy.harm_ratio, language.code), *rules(evidence, language))
    facts = _consequences(chosen, language)
    others = _consequences(rejected, language) if rejected else {}
    rows = tuple((say(key), facts[key], *((others[key],) if others else ())) for key in facts)
    columns = (
        *language.words("limit_what"),
        *language.numbers("limit_chosen", *(("limit_rejected",) if others else ())),
    )
    note = ""
    if rejected:
        unmet = [say(f"demand_{demand}") for demand in rejected.unmet]
        why = say("limit_unmet", demands="; ".join(unmet)) if unmet else say("limit_other_policy")
        note = say("limit_note", weighing=weighing(rejected.harm_ratio, language.code), why=why)
    return (
        language.heading("limit"),
        doc.Paragraph(say("limit_text")),
        doc.Bullets(demands),
        language.table("limit-table", "limit_caption", columns, rows, note=note, profile=evidence.release_profile),
        *_firmness(evidence, language),
    )


def _firmness(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """How many cases would change side, and how many lie in the band."""
    found = gate_evidence(evidence, "G7")
    if "change_share" not in found:
        return ()
    shares = {"change": language.hundred(found["change_share"]), "share": language.hundred(found["in_band_share"])}
    return (doc.Paragraph(language.say("limit_firm", **shares)),)


def _consequences(limit: Thresholds | Rejected, language: doc.Language) -> dict[str, str]:
    band = limit.band if isinstance(limit, Thresholds) else None
    expected = limit.expected.by_measure if limit.expected else {}

    def shown(measure: str, *, rest: bool = False) -> str:
        value, status = expected[measure].estimate, str(expected[measure].raw["status"])
        return language.hundred_or_why(1 - value if rest and value is not None else value, status)

    return {
        "flag_from": str(limit.flag),
        "flag_risk": language.hundred(limit.threshold_prob),
        "limit_band": f"{band[0]}{DASH}{band[1]}" if band else DASH,
        "flagged_of_new": shown("flagged_share"),
        "ppv_column": shown("ppv"),
        "limit_left": shown("left_early_share"),
        "missed_of_long": shown("sensitivity", rest=True),
    }


def worth(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """What each question adds; one that adds nothing should not be asked."""
    say, lost = language.say, evidence.drop_one
    if lost.empty:
        return ()
    names = {item.id: column_name(evidence, item.id, language) for item in evidence.landmark.items}
    rows = tuple(
        (names[row["item"]], language.hundred(row["auc"], digits=1), language.hundred(row["net_benefit"], digits=1))
        for row in lost.sort_values("auc", ascending=False, kind="stable").to_dict("records")
        if row["item"] in names
    )
    columns = (*language.words("question_column"), *language.numbers("worth_auc", "worth_benefit"))
    table = language.table("worth", "worth_caption", columns, rows, note=say("worth_note"), profile=evidence.profile)
    return language.heading("worth", "worth-heading"), table


def later(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """A section for every landmark after the first."""
    tables = evidence.release.landmarks[1:]
    lead = language.say("later_lead" if tables else "later_none")
    sections = [block for table in tables for block in _section(evidence, table, language)]
    return language.chapter("later", doc.Paragraph(lead, "lead"), *sections)


def _section(evidence: Evidence, table: Landmark, language: doc.Language) -> tuple[doc.Block, ...]:
    here, say, month = at_landmark(evidence, table), language.say, table.month
    sentences = (*_results(here, language), _history(here, language), _flag(here, language))
    name, caption = f"{language.code}-later-{month}", say("later_risk_caption", month=month)
    return (
        doc.Heading(say("later_heading", month=month), name),
        *(doc.Paragraph(sentence) for sentence in sentences if sentence),
        doc.Folded(
            say("later_folded", month=month),
            (points_tables(here, language, name=name), risk_table(here, caption, language, name=name)),
        ),
    )


def _results(here: Evidence, language: doc.Language) -> tuple[str, ...]:
    auc, oe = here.measured("auc"), here.measured("oe")
    if auc.status != "ok":
        return (language.say(auc.status),)
    whom = ""
    if auc.n and auc.events_n is not None:
        whom = language.say("later_whom", n=language.count(auc.n), rate=language.hundred(auc.events_n / auc.n))
    return (
        whom,
        language.say("later_auc", auc=language.hundred(auc.estimate), range=language.hundred_range(auc.low, auc.high)),
        language.say("later_oe", oe=language.hundred(oe.estimate), range=language.hundred_range(oe.low, oe.high)),
    )


def _history(here: Evidence, language: doc.Language) -> str:
    found = here.told.get("history_share")
    return "" if not found else language.say("later_history", share=language.hundred(found["estimate"]))


def _flag(here: Evidence, language: doc.Language) -> str:
    limits = here.landmark.thresholds
    if limits.flag is None or limits.expected is None:
        return language.say("later_no_flag")
    return language.say(
        "later_flag",
        flag=limits.flag,
        risk=language.hundred(limits.threshold_prob),
        flagged=language.hundred_or_why(limits.expected.flagged_share.estimate),
        ppv=language.hundred_or_why(limits.expected.ppv.estimate),
    )
