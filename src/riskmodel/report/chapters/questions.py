"""Which questions the form needs: what it is worth with fewer of them, and what each one costs to ask."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from riskmodel.instrument.pairs import item_of
from riskmodel.report import figures
from riskmodel.report.chapters.circumstances import circumstances
from riskmodel.report.chapters.scorecard import worth
from riskmodel.report.document import Block, Bullets, Chapter, Language, Paragraph, Picture, Table
from riskmodel.report.names import column_name
from riskmodel.report.shown import Evidence

DRAWN = ("auc", "net_benefit", "ici")
ENDS = ("estimate", "low", "high")


def questions(evidence: Evidence, language: Language) -> Chapter:
    """What a shorter form would be worth, and what the survey says of what is asked."""
    return language.chapter(
        "questions",
        *_asked(evidence, language),
        *_forms(evidence, language),
        *_chosen_again(evidence, language),
        *worth(evidence, language),
        *circumstances(evidence, language),
        lead=True,
        printed=False,
    )


def _asked(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """How many questions give points this year, and which are asked for their rule alone."""
    items = evidence.landmark.items
    counts = {"asked": _asked_n(evidence), "of": len(evidence.instrument.predictors())}
    asked = Paragraph(language.say("short_asked", **counts))
    ruling = [item for item in items if item.routes or item.derive == "age"]
    silent = tuple(language.text(item.text) for item in ruling if not item.spread)
    return (asked, Paragraph(language.say("short_silent")), Bullets(silent)) if silent else (asked,)


def _asked_n(evidence: Evidence) -> int:
    """How many questions give points."""
    return sum(len(item.questions) for item in evidence.landmark.items if item.spread > 0)


def _forms(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    found = pd.DataFrame(evidence.robustness.get("forms", []))
    if found.empty:
        return (Paragraph(language.say("short_none"), "note"),)
    return Paragraph(language.say("short_text")), _picture(found, evidence, language)


def _picture(found: pd.DataFrame, evidence: Evidence, language: Language) -> Picture:
    say, name = language.say, f"{language.code}-forms"
    columns = ["questions", *(f"{measure}_{end}" for measure in ("auc", "net_benefit") for end in ENDS)]
    drawn = found[columns].assign(**{f"ici_{end}": found["ici"] for end in ENDS})
    hundred = drawn.drop(columns="questions").astype(float) * 100
    ups = {measure: say(f"short_up_{measure}") for measure in DRAWN}
    half = found.iloc[(found["questions"] - (found["questions"].max() + 1) // 2).abs().argmin()]
    parts = {"n": half["questions"], "of": found["questions"].max()}
    return Picture(
        name,
        figures.by_questions(
            hundred.assign(questions=found["questions"]),
            name=name,
            across=say("short_across"),
            ups=ups,
            asked=_asked_n(evidence),
            asked_text=say("short_this_year"),
        ),
        say("short_title", loss=language.hundred(half["auc_loss_estimate"], digits=1), **parts),
        Table(
            f"{name}-table",
            say("short_table"),
            (
                *language.numbers("short_questions"),
                *language.words("short_left_out", "short_who"),
                *language.numbers("short_auc", "short_loss", "short_net_benefit", "short_ici"),
                *language.words("short_same"),
            ),
            tuple(_row(row, evidence, language) for row in found.to_dict("records")),
            note=say("short_note"),
            profile=evidence.release_profile,
        ),
    )


def _row(row: Mapping[Hashable, Any], evidence: Evidence, language: Language) -> tuple[str, ...]:
    item = item_of(evidence.instrument, row["left_out"]) if row["left_out"] else None
    who = {part.id: language.text(part.who) for part in evidence.instrument.parts}
    return (
        language.decimal(row["questions"], digits=0),
        language.text(item.short) if item else "",
        who.get(item.part, "") if item else "",
        _with_range(row, "auc", language),
        _with_range(row, "auc_loss", language),
        _with_range(row, "net_benefit", language),
        language.hundred(row["ici"], digits=1),
        language.say("short_of", same=row["same_forms"], forms=row["forms"]),
    )


def _with_range(row: Mapping[Hashable, Any], measure: str, language: Language) -> str:
    ends = language.share_range(row[f"{measure}_low"], row[f"{measure}_high"])
    return f"{language.hundred(row[f'{measure}_estimate'], digits=1)} ({ends})"


def _chosen_again(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """How often each question was chosen when chance gave other cases; nothing where every question is asked."""
    say, shares = language.say, {row["item"]: row["share"] for row in evidence.robustness.get("asked", [])}
    if all(share == 1 for share in shares.values()):
        return ()
    scored = {item.id for item in evidence.landmark.items if item.spread}
    rows = tuple(
        (
            column_name(evidence, item, language),
            say("short_yes" if item in scored else "short_no"),
            language.hundred(share),
        )
        for item, share in sorted(shares.items(), key=lambda one: -one[1])
    )
    columns = (*language.words("short_question", "short_this_form"), *language.numbers("short_chosen"))
    table = language.table("chosen", "short_chosen_caption", columns, rows, profile=evidence.release_profile)
    return Paragraph(say("short_chosen_text", n=evidence.robustness["resamples_n"])), table
