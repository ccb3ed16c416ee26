"""What the survey says about risk factors: how common every circumstance is among long cases and among new ones."""

from collections.abc import Iterator

import pandas as pd

from riskmodel.assess.survey_profile import EVERYBODY, INFLOW
from riskmodel.cohort.two_forms import SHIFT_TOLERANCE
from riskmodel.ground.words import DASH
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.report.document import (
    Block,
    Column,
    Folded,
    Heading,
    Language,
    Paragraph,
    Table,
    begins_large,
    is_missing,
    years_text,
)
from riskmodel.report.names import column_name
from riskmodel.report.shown import Evidence

AUDITED, SCORED, LEFT_OUT = "audit", "points", "left_out"  # what becomes of a question's answers


def circumstances(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """Each question's answer that is most common among long cases, and every answer below."""
    say, found = language.say, evidence.survey
    if found.shares.empty:
        return ()
    heading = Heading(say("factor_heading"), f"{language.code}-factors-heading")
    columns = (
        *language.words("factor_question", "factor_answer"),
        *language.numbers("factor_long", "factor_new", "factor_ratio"),
        *language.words("factor_who", "factor_use", "factor_mark"),
    )
    rows = tuple(row for item in _items(found.shares) for row in _strongest(item, evidence, language))
    note, profile = say("factor_note"), evidence.profile
    summary = language.table("factors", "factor_caption", columns, rows, note=note, profile=profile)
    tables = tuple(_every_answer(item, evidence, language) for item in _items(found.shares))
    return heading, Paragraph(say("factor_text")), summary, Folded(say("factor_folded"), tables)


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


def _strongest(item: str, evidence: Evidence, language: Language) -> Iterator[tuple[str, ...]]:
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
        _who(evidence, item, language),
        language.say(f"factor_use_{_use(evidence, item)}"),
        _mark(item, evidence, language),
    )


def _every_answer(item: str, evidence: Evidence, language: Language) -> Table:
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
    places = (Column(names.get(place, place)) for place in shares.columns)
    columns = (*language.words("factor_answer"), *places, *language.numbers("factor_ratio"))
    name, question = f"{language.code}-factor-{item}", begins_large(column_name(evidence, item, language))
    return Table(name, question, columns, rows, note=_mark(item, evidence, language), profile=evidence.profile)


def _answer(evidence: Evidence, item: str, answer: str, language: Language) -> str:
    if answer == NO_ANSWER:
        return language.say("no_answer")
    texts = {level.code: level.text for level in evidence.instrument.item(item).levels}
    return language.text(texts[answer]) if answer in texts else answer.replace("-", DASH)


def _ratio(row: pd.Series, language: Language) -> str:
    if is_missing(row["ratio"]):
        return ""
    return f"{language.decimal(row['ratio'])} ({language.number_range(row['low'], row['high'])})"


def _who(evidence: Evidence, item: str, language: Language) -> str:
    parts = {part.id: part.who for part in evidence.instrument.parts}
    part = evidence.instrument.item(item).part
    return language.text(parts[part]) if part in parts else ""


def _use(evidence: Evidence, item: str) -> str:
    """Whether the question gives points, could have, or serves the audit alone."""
    if evidence.instrument.item(item).use == "audit":
        return AUDITED
    scored = {question.id for one in evidence.landmark.items if one.spread for question in one.questions}
    return SCORED if item in scored else LEFT_OUT


def _mark(item: str, evidence: Evidence, language: Language) -> str:
    """What to know before comparing the two forms: another heading in some years, answers that moved."""
    row = evidence.survey.items.set_index("item").loc[item]
    years = [int(year) for year in str(row["other_heading"]).split()]
    marks = [language.say("factor_other_heading", years=years_text(years, language))] if years else []
    if not is_missing(row["net_shift"]) and row["net_shift"] > SHIFT_TOLERANCE:
        marks.append(language.say("factor_moved", share=language.hundred(row["net_shift"])))
    return " ".join(marks)
