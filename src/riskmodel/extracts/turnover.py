"""Who comes and goes from month to month: ids that were made anew, and months that nobody leaves."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.extracts.crowds import codes_of
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.receipts import distinct
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.ground.text import Text
from riskmodel.ground.words import MONTHS_A_YEAR, month_text, percent

FEWEST = 20  # persons of a month, of whom fewer say nothing
MOST_CHANGED = 0.3  # of a month's persons who are gone, and who are new; .15 in made towns of 90 cases a year
MOST_MOVED = 0.5  # of those who stayed, into another household
BUILT_UP_MONTHS = 24  # from a register's beginning, while it fills: before it began closed cases may be missing
LEAVING_MONTHS = (3, 6)  # on end
LEAST_LEAVING = 0.5  # of those who usually leave in as many; .43 the least in made towns of 90, .7 in those of 600
BEYOND_CHANCE = 5.0  # roots of the deviance; 4.1 at most in right towns of 90 with so few
MOST_OPEN = 0.7  # of those who came more than a year before the end, with a row in the last months; .11 in made towns
FEWEST_OPEN = 40
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
    long_ago_n: int  # persons who came more than a year before the last month, in the first month two years
    still_n: int  # of these, with a row in it or one of the `APART` before


def check_turnover(register: pa.Table, accepted: Collection[str]) -> Iterator[Finding]:
    """Raise a `SurveyDataError` where the months say that ids were made anew, or that closed cases are missing.

    Made anew, everybody would be a new case in such a month, and nobody be followed across it; with open cases alone
    the long ones stand for all. What a named person has `accepted` is told. register: person_id, household_id, month
    and amount_ore of each row. Who leaves is counted by rows with money alone: a calendar has the others, too.
    """
    found = _counted(register)
    is_paid = pc.greater(register["amount_ore"], 0)
    paid = found if pc.all(is_paid).as_py() else _counted(register.filter(is_paid))
    for stop in (_persons(found), _households(found), _open_alone(paid), _leaving(paid)):
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


def _leaving(found: _Months) -> Stop | None:
    """Months on end that hardly anybody leaves, as when cases that were closed then are missing."""
    # of the last months nobody knows who comes back
    persons, gone = found.persons_n[BUILT_UP_MONTHS:-APART], found.gone_n[BUILT_UP_MONTHS:-APART]
    usual = float(np.median(_shares(gone, persons))) if len(persons) else 0.0
    few = gone < LEAST_LEAVING * usual * persons
    within = sorted({at for n in LEAVING_MONTHS for at in _few_leave(persons * usual, gone, n) if few[at]})
    if not within:
        return None
    first, last = (month_text(found.first + BUILT_UP_MONTHS + place) for place in (within[0], within[-1]))
    n, left = int(persons[within].max()), _percent_of(gone[within], persons[within])
    told = {"months": len(within), "first": first, "last": last, "n": n, "gone": left}
    told |= {"usual": percent(usual), "least": percent(LEAST_LEAVING)}
    return Stop("register", last, "nobody_leaves", n, REFUSALS["months_nobody_leaves"].filled(**told))


def _few_leave(expected: np.ndarray, gone: np.ndarray, months_n: int) -> Iterator[int]:
    """The places of `months_n` months on end in which far fewer leave than expected."""
    if len(gone) < months_n:
        return
    wanted, left = (np.convolve(n, np.ones(months_n), "valid") for n in (expected, gone))
    with np.errstate(divide="ignore", invalid="ignore"):
        deviance = 2 * (wanted - left + np.where(left > 0, left * np.log(left / wanted), 0.0))
    for at in np.flatnonzero((left < LEAST_LEAVING * wanted) & (deviance > BEYOND_CHANCE**2)):
        yield from range(at, at + months_n)


def _open_alone(found: _Months) -> Stop | None:
    """Nearly everybody who ever came is still there, as when an extract holds open cases alone."""
    n, all_n = found.still_n, found.long_ago_n
    if all_n < FEWEST_OPEN or n <= MOST_OPEN * all_n:
        return None
    told = REFUSALS["open_cases_alone"].filled(n=n, all=all_n, most=percent(MOST_OPEN))
    return Stop("register", "person", "nobody_leaves", n, told)


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
    if not register.num_rows:
        nobody = np.zeros(0, dtype=np.int64)
        return _Months(0, nobody, nobody, nobody, nobody, nobody, 0, 0)
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
    is_first, is_last = np.diff(keys // span, prepend=-1) > 0, np.diff(keys // span, append=keys[-1] + span) > 0
    came = keys[is_first] % span
    # whom a register begins with are long cases for the most part: many of them are there a year later
    came_long_ago = came < months_n - 1 - np.where(came == 0, BUILT_UP_MONTHS, MONTHS_A_YEAR)
    still_n = int((came_long_ago & (keys[is_last] % span >= months_n - 1 - APART)).sum())
    coming = _Months(first, by_month(keys), by_month(new), by_month(gone), in_both, in_both - by_month(at_home), 0, 0)
    return coming._replace(long_ago_n=int(came_long_ago.sum()), still_n=still_n)
