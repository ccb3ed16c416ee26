"""From rows to cases, step by step, with what each step leaves out: the flow every report prints."""

from typing import NamedTuple

import pandas as pd

from riskmodel.cohort.calendar import month_text
from riskmodel.cohort.cases import RegisterHistory
from riskmodel.cohort.design import Described
from riskmodel.cohort.landmark import LONG_ALREADY, NOT_AT_RISK, NOT_LONG, OFF_ASSISTANCE, UNOBSERVED
from riskmodel.instrument.records import Text

TEXTS = {
    "rows": Text("Rader i registrets filer", "Rows in the register's files"),
    "repeated_rows": Text("Upprepade rader, borttagna", "Repeated rows, left out"),
    "used_rows": Text("Rader som går att använda, en per månad", "Rows that can be used, one a month"),
    "person_months": Text("Personer och månader i registret", "Persons and months in the register"),
    "receipts": Text("Månader med bistånd (nettobelopp över noll)", "Months with assistance (net amount above zero)"),
    "starts": Text("Första månader efter en tid utan bistånd", "First months after a time without assistance"),
    "absent": Text(
        "Tiden utan bistånd inte observerad (flyttat, kommit tillbaka), borttagna",
        "Time without assistance not observed (moved away, came back), left out",
    ),
    "before_answers": Text(
        "Började före {first}, det första ärendet med nybesökssvar, borttagna",
        "Began before {first}, the first case with intake answers, left out",
    ),
    "labelled_cases": Text("Ärenden i den märkta leveransen", "Cases in the labelled delivery"),
    "new_cases": Text("Nya ärenden", "New cases"),
    "joined": Text(
        "Flyttade in i ett hushåll som redan hade bistånd, borttagna",
        "Joined a household already on assistance, left out",
    ),
    "unlinked": Text("Utan nybesökssvar, borttagna", "Without intake answers, left out"),
    "age_outside": Text("Utanför åldersgränserna, borttagna", "Outside the age limits, left out"),
    "route": Text("Följer en regel i stället för poäng, borttagna", "Follow a rule instead of a score, left out"),
    "not_followed": Text("Uppföljningen inte avslutad, borttagna", "Follow-up not complete, left out"),
    LONG_ALREADY: Text(
        "Långvarigt bistånd redan före bedömningen, borttagna", "Long-term already before the score, left out"
    ),
    NOT_LONG: Text("Kan inte längre bli långvarigt bistånd, borttagna", "Can no longer become long-term, left out"),
    UNOBSERVED: Text("Döda eller flyttade före bedömningen, borttagna", "Died or moved before the score, left out"),
    OFF_ASSISTANCE: Text(
        "Utan bistånd månaden före bedömningen, borttagna", "Without assistance the month before the score, left out"
    ),
    "outcome_unknown": Text("Okänt utfall (avlidna, flyttade), borttagna", "Outcome unknown (died, moved), left out"),
    "unlike": Text(
        "Långvariga ärenden utan nybesökssvar av ett annat slag än de med svar, borttagna",
        "Long-term cases without intake answers, of another kind than those with them, left out",
    ),
    "months_left_out": Text(
        "Började i månader vars långvariga ärenden kartläggningen sällan når, borttagna",
        "Began in months whose long-term cases the survey seldom reaches, left out",
    ),
    "not_listed": Text(
        "Långvariga ärenden som inte finns i kartläggningen (de som finns får stå för dem)",
        "Long-term cases not in the survey (those in it stand for them)",
    ),
    "fitted": Text("Ärenden som modellen gäller", "Cases that the model is about"),
    "age_unknown": Text("– av dem med okänd ålder", "– of these with unknown age"),
    "unknown": Text(
        "– av dem med okänt utfall (avlidna, flyttade, ej märkta)",
        "– of these with unknown outcome (died, moved, not labelled)",
    ),
    "modelled": Text("Ärenden med känt utfall", "Cases whose outcome is known"),
    "events": Text("– av dem med långvarigt bistånd", "– of these with long-term assistance"),
}


class Step(NamedTuple):
    """One line: how many, and how many of those with a known outcome had it (None: not known)."""

    step: str
    n: int
    events_n: int | None = None


def flow_frame(steps: list[Step], *, first_month: int | None = None) -> pd.DataFrame:
    """One row per step: step, text_sv, text_en, n, events_n (Int64). first_month: where the population begins."""
    first = "" if first_month is None else month_text(first_month)
    texts = [TEXTS[line.step] for line in steps]
    return pd.DataFrame(
        {
            "step": pd.Series([line.step for line in steps], dtype="str"),
            "text_sv": pd.Series([text.sv.format(first=first) for text in texts], dtype="str"),
            "text_en": pd.Series([text.en.format(first=first) for text in texts], dtype="str"),
            "n": pd.Series([line.n for line in steps], dtype="int64"),
            "events_n": pd.Series([line.events_n for line in steps], dtype="Int64"),
        }
    )


def register_steps(
    rows_n: int, files: pd.DataFrame, quality: pd.DataFrame, history: RegisterHistory, described: Described
) -> list[Step]:
    """From the register's rows (`rows_n` of them used) to the starts that the intake answers can speak of."""
    of_register = files[files["source"] == "register"]
    dropped = quality["file"].isin(of_register["file"]) & (quality["action"] == "dropped")
    return [
        Step("rows", int(of_register["rows_n"].sum())),
        Step("repeated_rows", int(quality.loc[dropped, "n"].sum())),
        Step("used_rows", rows_n),
        Step("person_months", history.person_months_n),
        Step("receipts", history.receipts_n),
        Step("starts", len(history.starts)),
        Step("absent", described.absent_n),
        Step("before_answers", described.before_n),
    ]


def case_steps(cases: pd.DataFrame, *, first_step: str, landmark: int = 0) -> list[Step]:
    """From all cases to those the model is fitted on; whoever is left out is counted once, in this order.

    After month 0 also those who are not at risk any more at the landmark.
    """
    left = pd.Series(True, index=cases.index)
    steps = [_counted(cases, left, first_step)]
    for step, outside in (
        ("joined", cases["joined"]),
        ("unlinked", ~cases["linked"]),
        ("age_outside", cases["age_outside"]),
        ("route", cases["route"]),
        ("not_followed", ~cases["complete"]),
        *((reason, cases["standing"] == reason) for reason in NOT_AT_RISK if landmark > 0),
    ):
        steps.append(_counted(cases, left & outside, step))
        left &= ~outside
    known = left & (cases["weight"] > 0)
    events = known & (cases["outcome"] == 1).fillna(False)
    rest = {
        "fitted": left,
        "age_unknown": left & cases["age"].isna(),
        "unknown": left & ~known,
        "modelled": known,
        "events": events,
    }
    return [*steps, *(_counted(cases, chosen, step) for step, chosen in rest.items())]


def _counted(cases: pd.DataFrame, chosen: pd.Series, step: str) -> Step:
    outcomes = cases.loc[chosen, "outcome"]
    nothing_known = len(outcomes) > 0 and bool(outcomes.isna().all())
    return Step(step, len(outcomes), None if nothing_known else int(outcomes.sum()))
