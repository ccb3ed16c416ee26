"""Cases as the model takes them: where each answer stands among those its item allows, outcomes, weights, clusters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from riskmodel.ground.errors import FitError, SettingsError
from riskmodel.ground.settings import DeclaredPair
from riskmodel.ground.text import Text
from riskmodel.instrument.pairs import JOINT, parts_of, questions_in, with_pairs
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED, Instrument, Item
from riskmodel.model import REFUSALS
from riskmodel.model.record import Allowed

BLANKS = (NO_ANSWER, NOT_ASKED, NOT_OBSERVED)  # three ways of having no answer, one row of the matrix
FOLDS_STREAM = 1  # which of the seed's random streams deals clusters to folds
NEEDED = ("case_id", "outcome", "weight", "cluster_id", "intake_month")


def allowed_answers(item: Item) -> Allowed:
    """The answers `item` allows."""
    if not item.is_number:
        return Allowed(item.id, item.codes, None, len(item.codes))
    if item.minimum is None or item.maximum is None:
        raise SettingsError(REFUSALS["no_range"].filled(item=item.id))
    return Allowed(item.id, (), item.minimum, item.maximum - item.minimum + 1)


def answer_positions(answers: pd.DataFrame, allowed: Iterable[Allowed]) -> np.ndarray:
    """The place of every answer among those its item allows, shape (n, items); no answer comes last.

    Whole numbers outside a number's range count as its nearest end. A level nobody declared is a `FitError`.
    """
    sets = list(allowed)
    missing = [item for item in questions_in(one.item for one in sets) if item not in answers.columns]
    if missing:
        raise FitError(REFUSALS["item_missing"].filled(items=", ".join(missing)))
    places = [(_level_places if one.minimum is None else _number_places)(_column(answers, one), one) for one in sets]
    return np.column_stack(places) if places else np.empty((len(answers), 0), dtype=np.int64)


def _column(answers: pd.DataFrame, allowed: Allowed) -> pd.Series:
    """What was answered to an item; to a pair, both codes with the mark between them."""
    first, *second = parts_of(allowed.item)
    if not second:
        return answers[first]
    one, other = (
        answers[question].astype(str).replace(dict.fromkeys(BLANKS, NO_ANSWER)) for question in (first, *second)
    )
    return (one + JOINT + other).mask((one == NO_ANSWER) & (other == NO_ANSWER), NO_ANSWER)


def _level_places(column: pd.Series, allowed: Allowed) -> np.ndarray:
    number, texts = pd.factorize(column)
    places = np.append(pd.Index([*allowed.codes, *BLANKS]).get_indexer(texts), -1)[number]
    unseen_n = int((places < 0).sum())
    if unseen_n:
        codes = ", ".join(allowed.codes)
        raise FitError(REFUSALS["no_such_level"].filled(item=allowed.item, n=unseen_n, codes=codes))
    return np.minimum(places, allowed.n)


def _number_places(column: pd.Series, allowed: Allowed) -> np.ndarray:
    values = column.to_numpy(dtype=float, na_value=np.nan)
    blank = np.isnan(values)
    steps = np.floor(np.where(blank, 0.0, values) + 0.5) - float(allowed.minimum or 0)
    return np.where(blank, allowed.n, np.clip(steps, 0, allowed.n - 1)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Sample:
    """Cases sorted so that those of a cluster stand together.

    positions: (n, items), the place of each answer among those its item allows, the last being no answer.
    outcome: 0.0 or 1.0. weight: > 0, of all copies together. cluster. month: of intake. order: the row each came
    from. copies: how many people stand in the row, more than one in a resample. All (n,).
    """

    positions: np.ndarray
    outcome: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray
    month: np.ndarray
    order: np.ndarray
    copies: np.ndarray

    def take(self, rows: np.ndarray) -> "Sample":
        """The cases at `rows`, a mask or increasing places."""
        return Sample(*(getattr(self, entry.name)[rows] for entry in fields(self)))

    def repeated(self, times: np.ndarray) -> "Sample":
        """Every case as often as the whole number `times` (n,) says: one row each with its weight times that."""
        kept = np.flatnonzero(times)
        weighted = replace(self, weight=self.weight * times, copies=self.copies * times)
        return weighted.take(kept)

    def in_given_order(self, values: np.ndarray) -> np.ndarray:
        """`values`, one a case of the whole sample, in the order of the rows it was made from."""
        given = np.empty_like(values)
        given[self.order] = values
        return given


def sample_of(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    instrument: Instrument,
    *,
    landmark: int,
    pairs: Sequence[DeclaredPair] = (),
) -> Sample:
    """`cases` and `answers` (same rows in the same order) as arrays; a `FitError` when they can't carry a fit.

    pairs: items that are one, as in `with_pairs`.
    """
    check_known_at(answers, instrument, landmark=landmark)
    check_cases(cases, answers)
    order = np.argsort(cases["cluster_id"].to_numpy(), kind="stable")
    positions = answer_positions(answers, map(allowed_answers, with_pairs(instrument.predictors(landmark), pairs)))
    return Sample(
        positions,
        cases["outcome"].to_numpy(dtype=float),
        cases["weight"].to_numpy(dtype=float),
        cases["cluster_id"].to_numpy(),
        cases["intake_month"].to_numpy(dtype=np.int64),
        np.arange(len(order)),
        np.ones(len(order), dtype=np.int64),
    ).take(order)


def check_known_at(answers: pd.DataFrame, instrument: Instrument, *, landmark: int) -> None:
    """Refuse answers that do not exist yet at the start of month `landmark` of the case."""
    known = {item.id for item in instrument.predictors(landmark)}
    late = [item.id for item in instrument.items if item.use == "predictor" and item.id not in known]
    found = [item for item in late if item in answers.columns]
    if found:
        raise FitError(REFUSALS["known_later"].filled(items=", ".join(found), month=landmark))


def check_cases(cases: pd.DataFrame, answers: pd.DataFrame) -> None:
    """Refuse cases without a known outcome or weight, and a set that holds one outcome only."""
    missing = [column for column in NEEDED if column not in cases.columns]
    if missing:
        raise FitError(REFUSALS["column_missing"].filled(columns=", ".join(missing)))
    if not np.array_equal(cases["case_id"].to_numpy(), answers.index.to_numpy()):
        raise FitError(REFUSALS["other_rows"].filled(cases=len(cases), answers=len(answers)))
    unusable_n = int((~cases["outcome"].isin([0, 1]) | ~(cases["weight"] > 0)).sum())
    if unusable_n:
        raise FitError(REFUSALS["unusable_cases"].filled(n=unusable_n))
    events_n = int(cases["outcome"].sum())
    check_both_outcomes(events_n, len(cases), where=REFUSALS["the_cases"])


def check_both_outcomes(events_n: int, cases_n: int, *, where: Text) -> None:
    """Refuse a set of cases in which everybody, or nobody, had the outcome."""
    if events_n in (0, cases_n):
        raise FitError(REFUSALS["one_outcome"].filled(where=where, events=events_n, others=cases_n - events_n))


def grouped_folds(cluster: np.ndarray, *, folds_n: int, seed: int) -> np.ndarray:
    """A fold 0 … folds_n−1 for every case; a cluster is never split. Shape (n,).

    Depends on the seed and on which clusters there are, not on the order or number of their cases.
    """
    clusters, member = np.unique(cluster, return_inverse=True)
    dealt = np.random.default_rng([seed, FOLDS_STREAM]).permutation(len(clusters))
    return (dealt % min(folds_n, len(clusters)))[member]


def intercept_window(month: np.ndarray, *, years_n: int) -> tuple[tuple[int, ...], np.ndarray]:
    """The latest `years_n` complete intake years, all when it is 0, and which of the intake `month`s (n,) lie in them.

    A year is complete when the cases reach the last month of the year that any year holds: December, or the one
    month that stands for the year in a cohort that somebody else has labelled.
    """
    year, last_month = month // 12, (month % 12).max()
    years = np.unique(year[year * 12 + last_month <= month.max()])[-years_n:]
    inside = (year >= years.min(initial=year.max() + 1)) & (year <= years.max(initial=0))
    return tuple(int(one) for one in years), inside
