"""Which items mean the same in the survey as at intake, and what part each case plays: who is listed, who counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.ground.statistics import Z_95, shares_error
from riskmodel.instrument.records import (
    FROM_REGISTER,
    NO_ANSWER,
    NOT_ASKED,
    NOT_OBSERVED,
    Instrument,
    Item,
)

LEAST_LISTED_SHARE = 0.2  # of a month's events; in months with fewer the listed can't stand for the others
UNLIKE_TOLERANCE = 0.05  # between the event rates of new cases with and without intake answers, sampling error apart
SHIFT_TOLERANCE = 0.05  # share of people, net, whose survey answer lies higher than at intake, or lower
BLANK_TOLERANCE = 0.05  # between the shares of blanks on the two forms
BOTH_MIN_N = 50  # people with both answers; among fewer a shift of a fifth may not be seen
AGE_ROUNDING = 1  # year: a birth year and the months around New Year
ENOUGH_N = 100  # events, and as many non-events, of the inflow before intercept and slope count as measured
ENTERS, REGISTERED = "enters", "register"
NOT_DECLARED, NOT_IN_SURVEY = "not_declared_stable", "not_in_survey"
TOO_FEW, SHIFTED, BLANKS_DIFFER = "too_few_with_both", "shifted", "blanks_differ"


@dataclass(frozen=True)
class Verdict:
    """What became of one item. verdict: ENTERS, REGISTERED (nobody is asked), or why it is refused.

    both_n: people with an answer on both forms. net_shift: share of them, 0-1. survey_blank_share,
    intake_blank_share: of events in the survey, of non-events at intake. None where nothing is tested.
    """

    item: str
    use: str
    verdict: str
    both_n: int | None = None
    net_shift: float | None = None
    survey_blank_share: float | None = None
    intake_blank_share: float | None = None

    @property
    def enters(self) -> bool:
        """Whether the item may be used at all."""
        return self.verdict in (ENTERS, REGISTERED)


@dataclass(frozen=True, eq=False)
class Forms:
    """Answers to compare, each pair of frames with one column per item.

    both: intake and survey answers of the same people, row by row. fitted: survey answers of the events and intake
    answers of the non-events that would be fitted.
    """

    both: tuple[pd.DataFrame, pd.DataFrame]
    fitted: tuple[pd.DataFrame, pd.DataFrame]


def verdicts(
    items: Iterable[Item], forms: Forms, *, surveyed: Iterable[str], at_intake: Iterable[str]
) -> list[Verdict]:
    """The verdict on each item. surveyed, at_intake: what the two forms' files hold."""
    on_survey, on_intake = set(surveyed), set(at_intake)
    found = []
    for item in items:
        if item.derive in FROM_REGISTER and item.id not in on_intake:
            found.append(Verdict(item.id, item.use, REGISTERED))
        elif not item.stable or item.id not in on_survey:
            found.append(Verdict(item.id, item.use, NOT_IN_SURVEY if item.stable else NOT_DECLARED))
        else:
            found.append(_tested(item, forms))
    return found


def _tested(item: Item, forms: Forms) -> Verdict:
    intake, survey = (answers[item.id] for answers in forms.both)
    answered = ~(is_blank(intake).to_numpy() | is_blank(survey).to_numpy())
    both_n = int(answered.sum())
    shift = net_shift(item, intake[answered], survey[answered]) if both_n else None
    survey_share, intake_share = (float(is_blank(answers[item.id]).mean()) for answers in forms.fitted)
    if both_n < BOTH_MIN_N or shift is None:
        found = TOO_FEW
    elif shift > SHIFT_TOLERANCE:
        found = SHIFTED
    else:
        found = BLANKS_DIFFER if abs(survey_share - intake_share) > BLANK_TOLERANCE else ENTERS
    return Verdict(item.id, item.use, found, both_n, shift, survey_share, intake_share)


def net_shift(item: Item, intake: pd.Series, survey: pd.Series) -> float:
    """How far the answers of the same people have moved together from intake to survey, as a share of them (0-1).

    Numbers and ordinal items: those higher less those lower. Others: half the sum of the changes of every level's
    share, which for two levels is the same.
    """
    if item.kind in ("number", "ordinal"):
        moved = _place(item, survey) - _place(item, intake)
        least = AGE_ROUNDING if item.derive == "age" else 0
        return float(abs(np.mean(moved > least) - np.mean(moved < -least)))
    changes = [np.mean(survey.to_numpy() == code) - np.mean(intake.to_numpy() == code) for code in item.codes]
    return float(np.abs(changes).sum() / 2)


def is_blank(answers: pd.Series) -> pd.Series:
    """Whether no answer stands there, for whatever reason."""
    return answers.isna() | answers.isin([NO_ANSWER, NOT_ASKED, NOT_OBSERVED])


def without_answers(answers: pd.DataFrame, refused: Iterable[Item]) -> pd.DataFrame:
    """`answers` in which nobody was asked the refused items: the model then has nothing to learn from them."""
    blank = {item.id: item.not_asked for item in refused}
    return answers.assign(**blank)


def entering_instrument(instrument: Instrument, refused: Iterable[str]) -> Instrument:
    """`instrument` with the refused items put to no use, and without a three-item rule that needs one of them."""
    left_out = set(refused)
    items = tuple(replace(item, use="never") if item.id in left_out else item for item in instrument.items)
    rule = {} if left_out & set(instrument.three_item_rule) else instrument.three_item_rule
    return replace(instrument, items=items, three_item_rule=rule)


def _place(item: Item, answers: pd.Series) -> np.ndarray:
    if not item.levels:
        return answers.to_numpy(dtype=float)
    return pd.Index(item.codes).get_indexer(pd.Index(answers)).astype(float)


@dataclass(frozen=True)
class Unlinked:
    """Event rates (0-1, None without cases) of new cases with and without intake answers, and whether these are used.

    They are unless the rates are shown to lie more than UNLIKE_TOLERANCE apart: then they are another kind of case.
    """

    linked_n: int
    linked_share: float | None
    unlinked_n: int
    unlinked_share: float | None
    used: bool


@dataclass(frozen=True, eq=False)
class Roles:
    """Masks of shape (n,) over the inflow's cases.

    counted: outcome known, no joiner: everybody in one of those that follow or left out in one of the steps. inflow:
    linked, of age, no route, in a month that is kept. events: all events that the listed among them stand for.
    listed: of these, in a survey. months: one row per intake month with events, as `listed_by_month`, and left_out.
    """

    counted: np.ndarray
    kept_month: np.ndarray
    inflow: np.ndarray
    events: np.ndarray
    listed: np.ndarray
    months: pd.DataFrame
    unlinked: Unlinked

    @property
    def left_out_months(self) -> pd.DataFrame:
        """The rows of `months` that are left out."""
        return self.months[self.months["left_out"]]


def roles(cases: pd.DataFrame, is_listed: np.ndarray) -> Roles:
    """The roles of `cases` (CASE_COLUMNS, of the whole inflow); is_listed: in a survey, shape (n,)."""
    known, joined, linked, fitted = (_mask(cases, name) for name in ("complete", "joined", "linked", "fitted"))
    outcome = cases["outcome"].to_numpy(dtype=float, na_value=np.nan)
    counted = known & (cases["weight"] > 0).to_numpy() & ~joined
    unlinked = _unlinked(outcome, cases["weight"].to_numpy(), counted & linked, counted & ~linked)
    events = counted & (outcome == 1) & (fitted | (~linked & unlinked.used))
    month = cases["intake_month"].to_numpy(dtype=np.int64)
    months = listed_by_month(month[events], is_listed[events])
    months = months.assign(left_out=months["share"] < LEAST_LISTED_SHARE)
    kept = ~np.isin(month, months.loc[months["left_out"], "month"])
    return Roles(
        counted=counted,
        kept_month=kept,
        inflow=counted & fitted & kept,
        events=events & kept,
        listed=events & kept & is_listed,
        months=months,
        unlinked=unlinked,
    )


def listed_by_month(intake_month: np.ndarray, is_listed: np.ndarray) -> pd.DataFrame:
    """One row per intake month of the events: month, events_n, listed_n, share."""
    events = pd.DataFrame({"month": intake_month, "listed": is_listed})
    table = events.groupby("month")["listed"].agg(events_n="size", listed_n="sum").reset_index()
    return table.assign(share=table["listed_n"] / table["events_n"])


def _unlinked(outcome: np.ndarray, weight: np.ndarray, linked: np.ndarray, unlinked: np.ndarray) -> Unlinked:
    if not (linked.any() and unlinked.any()):
        return Unlinked(int(linked.sum()), None, int(unlinked.sum()), None, used=False)
    shares = [float(weight[rows] @ outcome[rows] / weight[rows].sum()) for rows in (linked, unlinked)]
    error = shares_error(shares[0], int(linked.sum()), shares[1], int(unlinked.sum()))
    surely_apart = abs(shares[1] - shares[0]) - Z_95 * error
    used = surely_apart <= UNLIKE_TOLERANCE
    return Unlinked(int(linked.sum()), shares[0], int(unlinked.sum()), shares[1], used)


def _mask(cases: pd.DataFrame, name: str) -> np.ndarray:
    return cases[name].to_numpy(dtype=bool)
