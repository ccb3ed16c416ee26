"""Which questions the form needs: what it is worth with fewer of them, what each one costs to ask, and what the survey
says of the risk factors: how common every circumstance is among long cases and among new ones.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from riskmodel.assess.survey_profile import EVERYBODY, INFLOW
from riskmodel.cohort.two_forms import SHIFT_TOLERANCE
from riskmodel.ground.words import DASH
from riskmodel.instrument.pairs import item_of
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.report import document as doc
from riskmodel.report import figures
from riskmodel.report.chapters.scorecard import worth
from riskmodel.report.names import column_name
from riskmodel.report.shown import Evidence

DRAWN = ("auc", "net_benefit", "ici")
ENDS = ("estimate", "low", "high")
AUDITED, SCORED, LEFT_OUT = "audit", "points", "left_out"  # what becomes of a question's answers


def questions(evidence: Evidence, language: doc.Language) -> doc.Chapter:
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


def _asked(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """How many questions give points this year, and which are asked for their rule alone."""
    items = evidence.landmark.items
    counts = {"asked": _asked_n(evidence), "of": len(evidence.instrument.predictors())}
    asked = doc.Paragraph(language.say("short_asked", **counts))
    ruling = [item for item in items if item.routes or item.derive == "age"]
    silent = tuple(language.text(item.text) for item in ruling if not item.spread)
    return (asked, doc.Paragraph(language.say("short_silent")), doc.Bullets(silent)) if silent else (asked,)


def _asked_n(evidence: Evidence) -> int:
    """How many questions give points."""
    return sum(len(item.questions) for item in evidence.landmark.items if item.spread > 0)


def _forms(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    found = pd.DataFrame(evidence.robustness.get("forms", []))
    if found.empty:
        return (doc.Paragraph(language.say("short_none"), "note"),)
    return doc.Paragraph(language.say("short_text")), _picture(found, evidence, language)


def _picture(found: pd.DataFrame, evidence: Evidence, language: doc.Language) -> doc.Picture:
    say, name = language.say, f"{language.code}-forms"
    columns = ["questions", *(f"{measure}_{end}" for measure in ("auc", "net_benefit") for end in ENDS)]
    drawn = found[columns].assign(**{f"ici_{end}": found["ici"] for end in ENDS})
    hundred = drawn.drop(columns="questions").astype(float) * 100
    ups = {measure: say(f"short_up_{measure}") for measure in DRAWN}
    half = found.iloc[(found["questions"] - (found["questions"].max() + 1) // 2).abs().argmin()]
    parts = {"n": half["questions"], "of": found["questions"].max()}
    return doc.Picture(
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
        doc.Table(
            f"{name}-table",
            say("short_table"),
            (
                *language.numbers("short_questions"),
                *language.words("short_left_out", "asked_by"),
                *language.numbers("short_auc", "short_loss", "short_net_benefit", "short_ici"),
                *language.words("short_same"),
            ),
            tuple(_row(row, evidence, language) for row in found.to_dict("records")),
            note=say("short_note"),
            profile=evidence.release_profile,
        ),
    )


def _row(row: Mapping[Hashable, Any], evidence: Evidence, language: doc.Language) -> tuple[str, ...]:
    item = item_of(evidence.instrument, row["left_out"]) if row["left_out"] else None
    return (
        language.decimal(row["questions"], digits=0),
        language.text(item.short) if item else "",
        _who(item.part, evidence, language) if item else "",
        _with_range(row, "auc", language),
        _with_range(row, "auc_loss", language),
        _with_range(row, "net_benefit", language),
        language.hundred(row["ici"], digits=1),
        language.say("short_of", same=row["same_forms"], forms=row["forms"]),
    )


def _with_range(row: Mapping[Hashable, Any], measure: str, language: doc.Language) -> str:
    ends = language.share_range(row[f"{measure}_low"], row[f"{measure}_high"])
    return f"{language.hundred(row[f'{measure}_estimate'], digits=1)} ({ends})"


def _chosen_again(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
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
    columns = (*language.words("question_column", "short_this_form"), *language.numbers("short_chosen"))
    table = language.table("chosen", "short_chosen_caption", columns, rows, profile=evidence.release_profile)
    return doc.Paragraph(say("short_chosen_text", n=evidence.robustness["resamples_n"])), table


def circumstances(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """Each question's answer that is most common among long cases, and every answer below."""
    say, found = language.say, evidence.survey
    if found.shares.empty:
        return ()
    heading = doc.Heading(say("factor_heading"), f"{language.code}-factors-heading")
    columns = (
        *language.words("question_column", "answer_column"),
        *language.numbers("factor_long", "factor_new", "factor_ratio"),
        *language.words("asked_by", "factor_use", "factor_mark"),
    )
    rows = tuple(row for item in _items(found.shares) for row in _strongest(item, evidence, language))
    note, profile = say("factor_note"), evidence.profile
    summary = language.table("factors", "factor_caption", columns, rows, note=note, profile=profile)
    tables = tuple(_every_answer(item, evidence, language) for item in _items(found.shares))
    return heading, doc.Paragraph(say("factor_text")), summary, doc.Folded(say("factor_folded"), tables)


def _items(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(rows["item"]))


def _places(rows: pd.DataFrame) -> list[str]:
    """The survey's places in order, the new cases last."""
    found = sorted(set(rows["place"]) - {INFLOW})
    return [*found, INFLOW] if INFLOW in set(rows["place"]) else found


def _shares(item: str, evidence: Evidence) -> pd.DataFrame:
    """One item's shares: a row an answer in the instrument's order, a column a place."""
    rows = evidence.survey.shares[evidence.survey.shares["item"] == item]
    answers = list(dict.fromkeys(rows["answer"]))
    return rows.pivot(index="answer", columns="place", values="share").loc[answers, _places(rows)]


def _strongest(item: str, evidence: Evidence, language: doc.Language) -> Iterator[tuple[str, ...]]:
    ratios = evidence.survey.ratios
    known = ratios[(ratios["item"] == item) & ratios["ratio"].notna()]
    if known.empty:
        return
    most = known.sort_values("ratio", ascending=False, kind="stable").iloc[0]
    shares = _shares(item, evidence).loc[[most["answer"]]].iloc[0]
    latest = [place for place in shares.index if place != INFLOW][-1]
    yield (
        column_name(evidence, item, language),
        _answer(evidence, item, most["answer"], language),
        language.hundred_or_why(shares[latest], "not_shown"),
        language.hundred_or_why(shares.get(INFLOW), "not_shown"),
        _ratio(most, language),
        _who(evidence.instrument.item(item).part, evidence, language),
        language.say(f"factor_use_{_use(evidence, item)}"),
        _mark(item, evidence, language),
    )


def _every_answer(item: str, evidence: Evidence, language: doc.Language) -> doc.Table:
    say, shares = language.say, _shares(item, evidence)
    ratios = evidence.survey.ratios
    own = ratios[ratios["item"] == item].set_index("answer")
    rows = tuple(
        (
            _answer(evidence, item, answer, language),
            *(language.hundred_or_why(share, "not_shown") for share in of_answer),
            _ratio(own.loc[answer], language) if answer in own.index else "",
        )
        for answer, of_answer in zip(shares.index, shares.to_numpy(), strict=True)
    )
    names = {INFLOW: say("factor_new"), EVERYBODY: say("factor_all_years")}
    places = (doc.Column(names.get(place, place)) for place in shares.columns)
    columns = (*language.words("answer_column"), *places, *language.numbers("factor_ratio"))
    name, question = f"{language.code}-factor-{item}", doc.begins_large(column_name(evidence, item, language))
    return doc.Table(name, question, columns, rows, note=_mark(item, evidence, language), profile=evidence.profile)


def _answer(evidence: Evidence, item: str, answer: str, language: doc.Language) -> str:
    if answer == NO_ANSWER:
        return language.say("no_answer")
    texts = {level.code: level.text for level in evidence.instrument.item(item).levels}
    return language.text(texts[answer]) if answer in texts else answer.replace("-", DASH)


def _ratio(row: pd.Series, language: doc.Language) -> str:
    if doc.is_missing(row["ratio"]):
        return ""
    return f"{language.decimal(row['ratio'])} ({language.number_range(row['low'], row['high'])})"


def _who(part: str, evidence: Evidence, language: doc.Language) -> str:
    """Who asks the questions of a part of the form."""
    return next((language.text(one.who) for one in evidence.instrument.parts if one.id == part), "")


def _use(evidence: Evidence, item: str) -> str:
    """Whether the question gives points, could have, or serves the audit alone."""
    if evidence.instrument.item(item).use == "audit":
        return AUDITED
    scored = {question.id for one in evidence.landmark.items if one.spread for question in one.questions}
    return SCORED if item in scored else LEFT_OUT


def _mark(item: str, evidence: Evidence, language: doc.Language) -> str:
    """What to know before comparing the two forms: another heading in some years, answers that moved."""
    row = evidence.survey.items.set_index("item").loc[item]
    years = [int(year) for year in str(row["other_heading"]).split()]
    marks = [language.say("factor_other_heading", years=doc.years_text(years, language))] if years else []
    if not doc.is_missing(row["net_shift"]) and row["net_shift"] > SHIFT_TOLERANCE:
        marks.append(language.say("factor_moved", share=language.hundred(row["net_shift"])))
    return " ".join(marks)
