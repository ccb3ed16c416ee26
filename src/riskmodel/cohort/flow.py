"""From rows to cases, step by step, with what each step leaves out: the flow every report prints."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from riskmodel.cohort.cases import RegisterHistory
from riskmodel.cohort.design import Described
from riskmodel.cohort.population import NOT_AT_RISK
from riskmodel.cohort.two_forms import Roles
from riskmodel.ground.words import WRITING, read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "flow.toml")


class Step(NamedTuple):
    """One line: how many, and how many of those with a known outcome had it (None: not known)."""

    step: str
    n: int
    events_n: int | None = None


def flow_frame(steps: list[Step], *, first_month: int | None = None) -> pd.DataFrame:
    """One row per step: step, text_sv, text_en, n, events_n (Int64). first_month: where the population begins."""
    first = {code: "" if first_month is None else one.month(first_month) for code, one in WRITING.items()}
    texts = {code: [TEXTS.say(line.step, code, first=first[code]) for line in steps] for code in WRITING}
    return pd.DataFrame(
        {
            "step": pd.Series([line.step for line in steps], dtype="str"),
            "text_sv": pd.Series(texts["sv"], dtype="str"),
            "text_en": pd.Series(texts["en"], dtype="str"),
            "n": pd.Series([line.n for line in steps], dtype="int64"),
            "events_n": pd.Series([line.events_n for line in steps], dtype="Int64"),
        }
    )


def register_steps(
    rows_n: int, files: pd.DataFrame, quality: pd.DataFrame, history: RegisterHistory, described: Described
) -> list[Step]:
    """From the register's rows (`rows_n` of them used) to the starts that the intake answers can speak of."""
    of_register = files[files["source"] == "register"]
    repeated = quality["file"].isin(of_register["file"]) & (quality["reason"] == "repeated_row")
    return [
        Step("rows", int(of_register["rows_n"].sum())),
        Step("repeated_rows", int(quality.loc[repeated, "n"].sum())),
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
        # where no item is asked as a birth year nobody's age is looked at
        **({"age_unknown": left & cases["age"].isna()} if cases["age"].notna().any() else {}),
        "unknown": left & ~known,
        "modelled": known,
        "events": events,
    }
    return [*steps, *(_counted(cases, chosen, step) for step, chosen in rest.items())]


def case_control_steps(cases: pd.DataFrame, inflow: pd.DataFrame, found: Roles, *, waits: np.ndarray) -> list[Step]:
    """From all new cases to the design's rows; whoever is left out is counted once, in this order.

    cases: as they are fitted. inflow: the same rows before the design, with their outcomes. waits: those kept for the
    exam.
    """
    left = np.ones(len(cases), dtype=bool)
    outcome = inflow["outcome"].to_numpy(dtype=float, na_value=np.nan)
    steps = [_counted(inflow, left, "new_cases")]
    is_event = outcome == 1
    for step, outside in _reasons(cases, inflow, found, is_event, waits):
        steps.append(_counted(inflow, left & outside, step))
        left &= ~outside
    kept = {"fitted": left, "modelled": left, "events": left & is_event}
    return [*steps, *(_counted(inflow, rows, step) for step, rows in kept.items())]


def _reasons(
    cases: pd.DataFrame, inflow: pd.DataFrame, found: Roles, is_event: np.ndarray, waits: np.ndarray
) -> Iterable[tuple[str, np.ndarray]]:
    unlinked = ~inflow["linked"].to_numpy()
    yield "joined", inflow["joined"].to_numpy()
    yield "waits", waits
    yield "not_followed", ~inflow["complete"].to_numpy()
    yield "outcome_unknown", ~found.counted
    yield "unlike", unlinked & is_event & (not found.unlinked.used)
    yield "unlinked", unlinked & ~is_event
    yield "months_left_out", ~found.kept_month
    yield "age_outside", cases["age_outside"].to_numpy()
    yield "route", cases["route"].to_numpy()
    yield "not_listed", is_event & ~found.listed


def _counted(cases: pd.DataFrame, chosen: pd.Series | np.ndarray, step: str) -> Step:
    outcomes = cases.loc[chosen, "outcome"]
    nothing_known = len(outcomes) > 0 and bool(outcomes.isna().all())
    return Step(step, len(outcomes), None if nothing_known else int(outcomes.sum()))
