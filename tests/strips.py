"""Tiny registers drawn as text, one character a month: the notation of the cohort's tests.

    .  no row          X  receipt              D  receipt, and died     M  receipt, and moved away
    0  a row of 0      -  a recovery alone     E  receipt, and exit reason "work"
    =  a grant and as large a recovery: net 0

All strips of a register are equally long; month 0 is January 2018. A clerk's row of 0 stands in the first and the
last month, so that the register covers all of them. Answers are drawn the same way: `a` is a month of answers.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort
from riskmodel.extracts.delivery import Delivery
from riskmodel.ground.settings import CohortSettings, Settings, read_settings
from riskmodel.instrument.records import Instrument, Item, Level, Source, Text

JANUARY_2018 = 2018 * 12
GRANT = 900_000
AMOUNTS = {"X": [GRANT], "D": [GRANT], "M": [GRANT], "E": [GRANT], "0": [0], "-": [-1], "=": [GRANT, -GRANT]}
EXITS = {"D": "death", "M": "moved", "E": "work"}
TEXT = Text("", "")


def item(name: str, kind: str, **more) -> Item:
    return Item(id=name, text=TEXT, kind=kind, **{"use": "predictor", **more})


INSTRUMENT = Instrument(
    name="tiny",
    municipality_code="9900",
    municipality_name="Tiny",
    life_areas={},
    parts=(),
    items=(
        item("education", "ordinal", levels=(Level("primary", TEXT), Level("higher", TEXT))),
        item("situation", "level", levels=(Level("job_seeker", TEXT), Level("pension", TEXT, route=True))),
        item("age", "number", derive="age", minimum=18, maximum=64),
        item("earlier_months", "number", derive="earlier_months", minimum=0, maximum=10),
        item("receipts_so_far", "number", derive="receipts_so_far", known_from=3, minimum=0, maximum=3),
        item("interview", "flag", known_from=5, levels=(Level("no", TEXT), Level("yes", TEXT))),
        item("sex", "level", use="audit", levels=(Level("man", TEXT), Level("woman", TEXT))),
        item("plan", "flag", use="audit", known_from=3, levels=(Level("no", TEXT), Level("yes", TEXT))),
    ),
    sources={
        "register": Source("register.csv", {}),
        "intake": Source("intake.csv", {}, unlinked_explanation="Made for a test."),
    },
    no_answer=(),
)


def chosen(**cohort) -> Settings:
    """The settings of the tests, written out so that the year's choices don't change them."""
    settings = read_settings(Path(__file__).parents[1] / "params.toml")
    plain = CohortSettings(
        design="cohort",
        outcome="over_ten_of_twelve",
        k=6,
        w=8,
        clean_months=12,
        landmarks=(0,),
        link_first_month=-2,
        link_last_month=1,
        reporting_lag_months=2,
        min_age=18,
        max_age=64,
        earlier_first_month=-36,
        earlier_last_month=-13,
        censoring="ipcw",
        outcome_known_after_months=0,
    )
    delivered = replace(settings.delivery, max_unlinked_explained=1.0)  # most are made to show something else
    return replace(settings, delivery=delivered, cohort=replace(plain, **cohort))


def register_rows(strips: dict[str, str], households: dict[str, str] | None = None) -> pd.DataFrame:
    """The rows that `strips` (person to months) stand for; households: person to household, else one alone."""
    length = max(map(len, strips.values()))
    clerk = "0" + "." * (length - 2) + "0"
    rows = [
        (person, (households or {}).get(person, ""), JANUARY_2018 + month, amount, "North", EXITS.get(sign, ""))
        for person, strip in {**strips, "clerk": clerk}.items()
        for month, sign in enumerate(strip)
        if sign != "."
        for amount in AMOUNTS[sign]
    ]
    names = ["person_id", "household_id", "month", "amount_ore", "area", "exit"]
    return pd.DataFrame(rows, columns=names).astype({"month": "int32", "amount_ore": "int64"})


def intake_answers(asked: dict[str, str], **columns: dict[str, object]) -> pd.DataFrame:
    """One row per `a` in `asked` (person to months). columns: item to the answer of each person that differs."""
    plain = {
        "education": "primary",
        "situation": "job_seeker",
        "age": 40.0,
        "interview": "yes",
        "sex": "man",
        "plan": "no",
    }
    rows = [
        {
            "person_id": person,
            "answered_month": JANUARY_2018 + month,
            "area": "South",
            **{name: columns.get(name, {}).get(person, answer) for name, answer in plain.items()},
        }
        for person, strip in asked.items()
        for month, sign in enumerate(strip)
        if sign == "a"
    ]
    return pd.DataFrame(rows).astype({"answered_month": "int32"})


def asked_at_start(strips: dict[str, str]) -> dict[str, str]:
    """Answers in everybody's first month with receipt."""
    return {person: "." * strip.index(sign) + "a" for person, strip in strips.items() if (sign := _first(strip))}


def in_arrow(receipts: pd.DataFrame) -> pa.Table:
    """The register's rows as a delivery holds them."""
    return pa.Table.from_pandas(receipts, preserve_index=False)


def delivery(receipts: pd.DataFrame | None, answers: pd.DataFrame | None, **more: pd.DataFrame) -> Delivery:
    """A delivery of these frames; nothing else in it."""
    frames = {
        "answers_by_survey": None,
        "labelled_cases": None,
        "truth": None,
        "quality": pd.DataFrame(columns=["file", "column", "reason", "action", "n"]),
        "reconciliation": pd.DataFrame(),
        "files": pd.DataFrame(columns=["file", "source", "rows_n", "sha256"]),
    }
    rows = None if receipts is None else in_arrow(receipts)
    return Delivery(receipts=rows, answers_by_intake=answers, **{**frames, **more})


def cohort_of(
    strips: dict[str, str],
    asked: dict[str, str] | None = None,
    *,
    households: dict[str, str] | None = None,
    settings: Settings | None = None,
    **columns: dict[str, object],
) -> Cohort:
    """The cohort of a register of strips; everybody is asked in their first month with receipt unless drawn."""
    answers = intake_answers(asked_at_start(strips) if asked is None else asked, **columns)
    return build_cohort(delivery(register_rows(strips, households), answers), INSTRUMENT, settings or chosen())


def cases_of(cohort: Cohort) -> dict[tuple[str, int], dict]:
    """The cases by person and month of the strip, None for what is not known."""
    return {
        (row["person_id"], row["intake_month"] - JANUARY_2018): row for row in cohort.cases.to_dict(orient="records")
    }


def _first(strip: str) -> str:
    return next((sign for sign in strip if sign in "XDME"), "")
