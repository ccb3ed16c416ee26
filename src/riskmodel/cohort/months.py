"""Rows of the register to months with receipt: sorted whole numbers, each a person (or household) and a month.

Months are whole numbers, money whole öre; persons, households and areas are numbers that sort like their texts. A *key*
is who · span + months since the register's first one. The span is wider than the register by as many months as anybody
looks around a start, so that a key some months further is of the same person, or of nobody.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodel.extracts.receipts import distinct

COLUMNS = ("person_id", "household_id", "month", "amount_ore", "area")
FOREVER_MONTH = 10_000 * 12  # the end of an absence that the register never ends
Sums = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Rows:
    """One element per row kept of the register, shape (n,); person_id, household_id and area are numbers.

    around: months that are looked at before and after a start, at least 2.
    """

    person_id: np.ndarray
    household_id: np.ndarray
    month: np.ndarray
    amount_ore: np.ndarray
    area: np.ndarray
    around: int

    @cached_property
    def first(self) -> int:
        """The register's first month, whatever its rows amount to."""
        return int(self.month.min())

    @cached_property
    def span(self) -> int:
        """How far the keys of two persons lie apart."""
        return int(self.month.max()) - self.first + 1 + self.around

    @cached_property
    def at(self) -> np.ndarray:
        """The key of each row's person and month."""
        return self.key(self.person_id, self.month)

    @cached_property
    def home_at(self) -> np.ndarray:
        """The key of each row's household and month."""
        return self.key(self.household_id, self.month)

    def key(self, who: np.ndarray, month: np.ndarray) -> np.ndarray:
        """The key of each of `who` in `month`."""
        return who.astype(np.int64) * self.span + (month - self.first)

    def month_of(self, key: np.ndarray) -> np.ndarray:
        """The month of each key, int32."""
        return (key % self.span + self.first).astype(np.int32)

    def of_people(self, keys: np.ndarray) -> np.ndarray:
        """The places of the rows whose person and month are among `keys`."""
        return self._places(self.person_id, self.at, keys)

    def of_homes(self, keys: np.ndarray) -> np.ndarray:
        """The places of the rows whose household and month are among `keys`."""
        return self._places(self.household_id, self.home_at, keys)

    def _places(self, who: np.ndarray, at: np.ndarray, keys: np.ndarray) -> np.ndarray:
        wanted = np.zeros(int(who.max()) + 1, dtype=bool)
        wanted[keys // self.span] = True  # most rows are nobody's who is asked for
        places = np.flatnonzero(wanted[who])
        return places[pd.Series(at[places]).isin(keys).to_numpy()]


def is_among(keys: np.ndarray, those: np.ndarray) -> np.ndarray:
    """Whether each of `keys` is one of `those`, which are sorted; bool, shape (n,)."""
    if not len(those):
        return np.zeros(len(keys), dtype=bool)
    return np.asarray(those[np.searchsorted(those, keys).clip(max=len(those) - 1)] == keys)


def nothing(rows: Rows) -> np.ndarray:
    """The keys of each person and month whose households together have no net above zero, sorted.

    Almost everybody has: only the households whose own net is not above zero, and who is registered there, are added.
    """
    net = _net(rows, rows.home_at[rows.amount_ore <= 0])
    concerned = rows.at[rows.of_homes(net[0][net[1] <= 0])]
    here = rows.of_people(concerned)
    homes = pd.DataFrame({"at": rows.at[here], "home_at": rows.home_at[here]}).drop_duplicates()
    keys, ore = _net(rows, homes["home_at"].to_numpy())
    of_person = _sums(homes["at"].to_numpy(), ore[np.searchsorted(keys, homes["home_at"])])
    return of_person[0][of_person[1] <= 0]


def _net(rows: Rows, home_keys: np.ndarray) -> Sums:
    here = rows.of_homes(home_keys)
    return _sums(rows.home_at[here], rows.amount_ore[here])


def _sums(keys: np.ndarray, values: np.ndarray) -> Sums:
    """The different keys, sorted, and the sum of each one's values."""
    found = pd.Series(values).groupby(keys).sum()
    return found.index.to_numpy(), found.to_numpy()


def starts(rows: Rows, received: np.ndarray, *, clean_months: int) -> tuple[np.ndarray, np.ndarray]:
    """The places in `received` (keys of months with receipt, sorted) of each first one after `clean_months` without,
    the register covering them all; and the months from the last receipt before, 0 where the register knows none.
    """
    since = received % rows.span
    gap = np.diff(received, prepend=-rows.span)
    is_first = gap > since + rows.around  # a person's own months lie closer than the one before them
    is_start = np.where(is_first, since >= clean_months, gap > clean_months)
    return np.flatnonzero(is_start), np.where(is_first, 0, gap)[is_start]


def strips(received: np.ndarray, places: np.ndarray, *, months_n: int) -> np.ndarray:
    """The months from 0 to `months_n` − 1, at most 62, after each of `places`: bit t is set by receipt in month t."""
    found = np.zeros(len(places), dtype=np.int64)
    for ahead in range(months_n):
        offset = received[(places + ahead).clip(max=len(received) - 1)] - received[places]
        found |= np.where(offset < months_n, np.int64(1) << offset.clip(max=months_n), 0)
    return found


def counted(received: np.ndarray, keys: np.ndarray, *, first_offset: int, last_offset: int) -> np.ndarray:
    """How many months with receipt there are from `first_offset` to `last_offset` after each of `keys`, int32."""
    begins = np.searchsorted(received, keys + first_offset)
    ends = np.searchsorted(received, keys + last_offset, side="right")
    return (ends - begins).clip(min=0).astype(np.int32)


def joined(rows: Rows, received: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Which starts (sorted `keys`) are in a household where another adult had receipt the month before; bool.

    The starter had none then, so whoever had is somebody else, whether they stay in the household or just left it.
    """
    entered = rows.of_people(keys)
    homes = rows.home_at[entered]
    here, before = rows.of_homes(homes), rows.of_homes(homes - 1)
    left = rows.home_at[here[is_among(rows.at[here] - 1, received)]]
    stayed = rows.home_at[before[is_among(rows.at[before], received)]] + 1
    is_joined = is_among(homes, distinct(np.concatenate([left, stayed])))
    return is_among(keys, distinct(rows.at[entered[is_joined]]))


def next_months(rows: Rows, received: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """The month of the next receipt after each of `keys`, `FOREVER_MONTH` where there is none; int32."""
    place = np.searchsorted(received, keys, side="right")
    after = np.append(received, -1)[place]
    return np.where(after // rows.span == keys // rows.span, rows.month_of(after), FOREVER_MONTH).astype(np.int32)
