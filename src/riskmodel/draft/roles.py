"""Which column says who, when, where and how much: by its name and by what stands in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.draft.contents import (
    FEWEST_IDS,
    FILLED,
    distinct_n,
    is_answered,
    is_ids,
    is_money,
    is_months,
    is_months_of_year,
    is_much_money,
    is_numbers,
    is_years,
    words_of,
)
from riskmodel.draft.groups import MOST_AREAS, NO_YEAR, Group
from riskmodel.draft.lexicon import COUNTED, EXITS, NO_ANSWER, PAID_IN, ROLES, says
from riskmodel.extracts.ids import id_of
from riskmodel.extracts.text_table import TextColumn

BY_BOTH, BY_CONTENT, BY_NAME = "both", "content", "name"
LEAST_MET = 0.3  # of a file's ids that stand in another too
MOST_EXITS = 30
LEAST_HOMES, MOST_HOMES, MOST_AT_HOME = 0.3, 1.5, 12  # for each person; persons with one home
MOST, ALMOST_ALL = 0.8, 0.99
Test = Callable[[TextColumn], bool]
Roles = Mapping[str, "Role"]


@dataclass(frozen=True)
class Role:
    """A column by its spelling, and what the guess rests on."""

    key: str
    why: str


def person_columns(groups: Sequence[Group]) -> dict[int, Role]:
    """Place of a group to the column that says who a row is about, where one does."""
    ids = {place: _ids(group) for place, group in enumerate(groups)}
    return {place: role for place in ids if (role := _person(groups[place], place, ids)) is not None}


def _ids(group: Group) -> dict[str, set[str]]:
    """The columns of ids, each with its ids; a column that is called a person's may have few."""
    columns = {
        key: (group.column(key), 2 if group.is_called(ROLES["person"], key) else FEWEST_IDS) for key in group.order
    }
    return {key: words_of(column) for key, (column, fewest) in columns.items() if is_ids(column, fewest=fewest)}


def _person(group: Group, place: int, ids: Mapping[int, Mapping[str, set[str]]]) -> Role | None:
    """The column whose ids meet another file's best, of those that are called so the one with most ids then."""
    own = ids[place]
    others = [words for other, columns in ids.items() if other != place for words in columns.values()]
    shares = {key: max((_met(words, other) for other in others), default=0.0) for key, words in own.items()}
    named = [key for key in own if group.is_called(ROLES["person"], key)]
    if named:
        return Role(max(named, key=lambda key: (shares[key] >= LEAST_MET, len(own[key]))), BY_BOTH)
    met = [key for key, share in shares.items() if share >= LEAST_MET]
    return Role(max(met, key=lambda key: (shares[key], len(own[key]))), BY_CONTENT) if met else None


def _met(words: set[str], other: set[str]) -> float:
    """The share of the fewer ids that both columns have."""
    return len(words & other) / max(1, min(len(words), len(other)))


class Picker:
    """Hands out the columns of a group, each once."""

    def __init__(self, group: Group, person: Role | None) -> None:
        self.group = group
        self.roles: dict[str, Role] = {"person": person} if person else {}

    @property
    def left(self) -> list[str]:
        """The columns that have no role yet."""
        used = {role.key for role in self.roles.values()}
        return [key for key in self.group.order if key not in used]

    def pick(self, role: str, fits: Test, *, else_: Test | None = None) -> bool:
        """Give `role` the column that is called so and fits, or the only one that fits `else_`."""
        named = [key for key in self._called(role) if fits(self.group.column(key))]
        if role == "month":  # what it is for, where that stands beside the day of payment
            named.sort(key=lambda key: self.group.is_called(PAID_IN, key))
        if named:
            self.roles[role] = Role(named[0], BY_BOTH)
        elif else_ is not None:
            fitting = [key for key in self.left if else_(self.group.column(key))]
            if len(fitting) == 1:
                self.roles[role] = Role(fitting[0], BY_CONTENT)
        return role in self.roles

    def pick_called(self, role: str) -> None:
        """Give `role`, where it has none yet, the column that is called so: a reader of it says what is wrong."""
        named = self._called(role)
        if role not in self.roles and named:
            self.roles[role] = Role(named[0], BY_NAME)

    def _called(self, role: str) -> list[str]:
        return [key for key in self.left if self.group.is_called(ROLES[role], key) and not says(COUNTED, key)]


def roles_of(group: Group, person: Role | None) -> Roles:
    """Every role that a column of `group` may have; which source it is decides which of them count."""
    picker = Picker(group, person)
    pick_time(picker)
    is_home = _homes(group, person)
    picker.pick("amount", is_money)  # by its name, before a household is guessed by what stands in a column
    picker.pick("household", is_home, else_=lambda column: is_ids(column) and is_home(column))
    if "amount" not in picker.roles and not picker.pick("amount", is_money, else_=is_much_money):
        picker.pick_called("amount")
    if not picker.pick("exit", _may_be_exits, else_=lambda column: _may_be_exits(column) and _are_exits(column)):
        picker.pick("exit", _are_codes)  # nobody can guess what they mean, but that they are asked for
    picker.pick("state", lambda column: 1 < distinct_n(column) <= MOST_EXITS and not is_numbers(column))
    picker.pick("area", lambda column: 0 < distinct_n(column) <= MOST_AREAS)
    picker.pick("outcome", lambda column: distinct_n(column) in (2, 3))
    return picker.roles


def pick_time(picker: Picker) -> None:
    """Year and month, month alone, or the first and last day of a spell."""
    if picker.pick("start", is_months) and picker.pick("end", _maybe_months):
        picker.pick("month", is_months)  # where it is no register, what a row says of a period is not when it was said
        return
    picker.roles.pop("start", None)
    if picker.pick("year", is_years) and picker.pick("month", is_months_of_year, else_=is_months_of_year):
        return
    year = picker.roles.pop("year", None)
    if not picker.pick("month", is_months, else_=is_months) and year:
        picker.roles["year"] = year
    elif picker.group.years[0] == NO_YEAR:
        picker.pick_called("month")


def _may_be_exits(column: TextColumn) -> bool:
    return distinct_n(column) <= MOST_EXITS and not is_numbers(column)


def _are_codes(column: TextColumn) -> bool:
    """Whether it holds a few numbers, and most rows none, as where a spell goes on."""
    return 1 < distinct_n(column) <= MOST_EXITS and is_numbers(column) and is_answered(column).mean() < FILLED


def _are_exits(column: TextColumn) -> bool:
    """Whether every way to end that the instrument asks for is there."""
    return all(any(map(sign.search, words_of(column))) for sign in EXITS.values())


def is_area(column: TextColumn, other: TextColumn) -> bool:
    """Whether both hold the same few texts."""
    words, others = ({*words_of(one)} - NO_ANSWER for one in (column, other))
    alike = len(words & others) / max(1, len(words | others))
    return 1 < len(words) <= MOST_AREAS and not is_numbers(column) and alike > MOST


def _maybe_months(column: TextColumn) -> bool:
    """Days, where many may be open."""
    filled = [text for text in column.texts if text.strip()]
    return bool(filled) and is_months(_only(column))


def _only(column: TextColumn) -> TextColumn:
    is_filled = column.each(lambda text: bool(text.strip()), bool)
    return TextColumn(column.distinct, column.codes[is_filled], column.since_1904)


def _homes(group: Group, person: Role | None) -> Test:
    """A test for ids that persons share as they share a home; where nobody's home is known, a cell may say so."""
    called = id_of(NO_ANSWER)

    def is_home(column: TextColumn) -> bool:
        is_known = column.each(lambda text: bool(called(text)), bool)
        if person is None or is_known.mean() < FILLED or is_months(column):
            return False
        pairs = pd.DataFrame({"person": group.column(person.key).codes, "home": column.codes})[is_known]
        pairs = pairs.drop_duplicates()
        largest, homes = pairs.groupby("home").size(), pairs.groupby("person").size()
        is_shared = (largest <= MOST_AT_HOME).mean() > ALMOST_ALL and (homes <= 2).mean() > MOST
        return bool(is_shared) and LEAST_HOMES * len(homes) <= len(largest) <= MOST_HOMES * len(homes)

    return is_home


def rows_a_person(group: Group, roles: Roles, *, a_year: bool = False) -> float:
    """How many rows a person has, on average, of all files or of those of one year; 0 where nobody can tell."""
    if "person" not in roles:
        return 0.0
    codes = group.column(roles["person"].key).codes.astype(np.int64)
    return group.rows_n / max(1, len(np.unique(codes + len(codes) * group.year_of_row if a_year else codes)))


def kept(roles: Roles, allowed: Iterable[str]) -> dict[str, Role]:
    """The roles of `allowed`, in its order."""
    return {role: roles[role] for role in allowed if role in roles}
