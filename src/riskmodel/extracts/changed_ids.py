"""Persons, or households, who from one month to the next are nearly all others: their ids were made anew."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from riskmodel.extracts.crowds import codes_of
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.receipts import distinct
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.ground.text import Text
from riskmodel.ground.words import month_text, percent

FEWEST = 20  # persons of a month, of whom fewer say nothing
MOST_CHANGED = 0.3  # of a month's persons who are gone, and who are new; .15 in made towns of 90 cases a year
MOST_MOVED = 0.5  # of those who stayed, into another household
APART = 2  # months: whose row is late, or missing here and there, is neither gone nor new


class _Months(NamedTuple):
    """Persons by month from the register's first, each of shape (months_n,): with a row; none of whose two months
    before, or after, has one; with a household then and the month before; and no household in both."""

    first: int
    persons_n: np.ndarray
    new_n: np.ndarray
    gone_n: np.ndarray
    homed_n: np.ndarray
    moved_n: np.ndarray


def changed_ids(register: pa.Table, accepted: Collection[str]) -> Iterator[Finding]:
    """Raise a `SurveyDataError` where the months say that persons or households have ids made anew.

    Everybody would be a new case in such a month, and nobody be followed across it. What a named person has `accepted`
    is told. register: person_id, household_id and month of each row.
    """
    if not register.num_rows:
        return
    found = _counted(register)
    for stop in (_persons(found), _households(found)):
        if stop:
            yield noted(stop, accepted)


def _persons(found: _Months) -> Stop | None:
    before, now = found.persons_n[:-1], found.persons_n[1:]
    is_told = np.minimum(before, now) >= FEWEST
    gone, new = (_shares(n, of) for n, of in ((found.gone_n[:-1], before), (found.new_n[1:], now)))
    at = np.flatnonzero(is_told & (np.minimum(gone, new) > MOST_CHANGED))
    if not len(at):
        return None
    told = {"gone": _percent_of(found.gone_n[at], before[at]), "new": _percent_of(found.new_n[at + 1], now[at])}
    others = np.delete(np.arange(len(before)), at)
    usual = _percent_of(found.gone_n[others], before[others])
    return _stop(found, at, "person", "persons_anew", told | {"usual": usual, "most": percent(MOST_CHANGED)})


def _households(found: _Months) -> Stop | None:
    homed, moved = found.homed_n[1:], found.moved_n[1:]
    at = np.flatnonzero((homed >= FEWEST) & (_shares(moved, homed) > MOST_MOVED))
    if not len(at):
        return None
    usual = _percent_of(np.delete(moved, at), np.delete(homed, at))
    told = {"moved": _percent_of(moved[at], homed[at]), "usual": usual, "most": percent(MOST_MOVED)}
    return _stop(found, at, "household", "households_anew", told)


def _stop(found: _Months, at: np.ndarray, role: str, text: str, told: Mapping[str, Text | str]) -> Stop:
    """at: places of the months before those in which the ids are others."""
    first, last = (month_text(found.first + place + 1) for place in (at[0], at[-1]))
    n = int((found.new_n if role == "person" else found.moved_n)[at + 1].sum())
    refusal = REFUSALS[text].filled(months=len(at), first=first, last=last, **told)
    return Stop("register", f"{role} {last}", "other_ids", n, refusal)


def _shares(n: np.ndarray, of: np.ndarray) -> np.ndarray:
    return n / np.maximum(of, 1)


def _percent_of(n: np.ndarray, of: np.ndarray) -> Text | str:
    return percent(n.sum() / of.sum()) if of.sum() else "–"


def _counted(register: pa.Table) -> _Months:
    month = register["month"].to_numpy().astype(np.int64)
    (person, _), (home, homes) = (codes_of(register, column) for column in ("person_id", "household_id"))
    first, months_n = int(month.min()), int(month.max() - month.min()) + 1
    span = months_n + APART  # so far apart, nobody's last month lies near another's first
    keys = distinct(person.astype(np.int64) * span + month - first)
    apart = np.diff(keys, prepend=-span, append=keys[-1] + span)
    has_home = home >= 0
    pairs = person[has_home].astype(np.int64) * (len(homes) + 1) + home[has_home]
    stays = distinct(pairs * span + month[has_home] - first)
    kept = stays[1:][np.diff(stays) == 1]
    homed = distinct(stays // span // (len(homes) + 1) * span + stays % span)
    both = homed[1:][np.diff(homed) == 1]
    at_home = distinct(kept // span // (len(homes) + 1) * span + kept % span)

    def by_month(of: np.ndarray) -> np.ndarray:
        return np.bincount(of % span, minlength=months_n)

    in_both = by_month(both)
    new, gone = keys[apart[:-1] > APART], keys[apart[1:] > APART]
    return _Months(first, by_month(keys), by_month(new), by_month(gone), in_both, in_both - by_month(at_home))
