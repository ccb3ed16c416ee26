"""From the register's rows to every start it can vouch for, each with its months before and after."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.cohort import months
from riskmodel.extracts.receipts import Receipts, distinct, numbered_receipts
from riskmodel.ground.settings import CohortSettings
from riskmodel.instrument.records import EXITS

KEY = ["person_id", "intake_month"]
CASE_ID_DIGITS = 12
NATIONAL_MONTHS = 24  # the calendar year of the intake and the next
DECIDES = ("clean_months", "w", "earlier_first_month", "earlier_last_month")  # the settings that a history rests on


@dataclass(frozen=True)
class RegisterHistory:
    """What the register says of everybody's months, sorted, so that the order of its rows never matters.

    starts: one row per first receipt after the clean months: person_id, case_id, intake_month, previous_month (Int32),
    area, strip (bit t: receipt in month t), earlier_n (receipts in the look-back), joined. absences: person_id,
    first_month, last_month, both unobserved. exits: person_id, month, exit. households: each pair person_id,
    household_id once. first_month, last_month: what the register covers. by_month: month, rows_n in the register,
    persons_n with receipt, between_n with receipt the month before and after, and holes_n of these without one then.
    """

    starts: pd.DataFrame
    absences: pd.DataFrame
    exits: pd.DataFrame
    households: pd.DataFrame
    first_month: int
    last_month: int
    person_months_n: int
    receipts_n: int
    by_month: pd.DataFrame


def read_history(receipts: Receipts, settings: CohortSettings) -> RegisterHistory:
    """The history in `receipts` (one row per row kept of the register)."""
    columns, texts = numbered_receipts(receipts)
    exits = _exits(columns, texts)
    around = max(longest_follow_up_n(settings), -settings.earlier_first_month)
    rows = months.Rows(**{name: columns[name] for name in months.COLUMNS}, around=around)
    person_months = distinct(rows.at)
    received = np.delete(person_months, np.searchsorted(person_months, months.nothing(rows)))
    by_month = _by_month(rows, received)
    persons = texts["person_id"]
    homes_n = len(texts["household_id"])
    pairs = np.sort(pd.unique(rows.person_id.astype(np.int64) * homes_n + rows.household_id))
    return RegisterHistory(
        starts=_starts(rows, received, texts, settings),
        absences=_absences(rows, received, exits, persons),
        exits=exits.assign(person_id=_named(exits["person_id"], persons)),
        households=pd.DataFrame(
            {
                "person_id": _named(pairs // homes_n, persons),
                "household_id": _named(pairs % homes_n, texts["household_id"]),
            }
        ),
        first_month=rows.first,
        last_month=int(by_month["month"].max()),
        person_months_n=len(person_months),
        receipts_n=len(received),
        by_month=by_month,
    )


def histories(receipts: Receipts) -> Callable[[CohortSettings], RegisterHistory]:
    """`read_history` of `receipts`, which are worked through once for all settings that give the same."""
    made: dict[tuple[int, ...], RegisterHistory] = {}

    def history(settings: CohortSettings) -> RegisterHistory:
        key = tuple(getattr(settings, name) for name in DECIDES)
        if key not in made:
            made[key] = read_history(receipts, settings)
        return made[key]

    return history


def longest_follow_up_n(settings: CohortSettings) -> int:
    """Months of follow-up that any of the outcomes looks at."""
    return max(NATIONAL_MONTHS, settings.w)


def received_by_month(strips: pd.Series, *, months_n: int) -> np.ndarray:
    """The months of each strip one by one, shape (n, months_n), bool."""
    return (strips.to_numpy(dtype=np.int64)[:, None] >> np.arange(months_n)) & 1 == 1


def is_absent(starts: pd.DataFrame, absences: pd.DataFrame, *, first_offset: int, last_offset: int) -> np.ndarray:
    """Whether any month from `first_offset` to `last_offset` after each start is unobserved, shape (n,), bool."""
    pairs = starts[KEY].assign(row=np.arange(len(starts))).merge(absences, on="person_id")
    begins, ends = pairs["intake_month"] + first_offset, pairs["intake_month"] + last_offset
    touched = pairs.loc[(pairs["first_month"] <= ends) & (pairs["last_month"] >= begins), "row"]
    return np.isin(np.arange(len(starts)), touched)


def _exits(columns: Mapping[str, np.ndarray], texts: Mapping[str, pa.Array]) -> pd.DataFrame:
    """One row per person and month with an exit reason: death before moving, and both before any other.

    Columns person_id (a number), month, exit; sorted.
    """
    reasons = texts["exit"].to_pylist()
    order = sorted(range(len(reasons)), key=lambda place: (_rank(reasons[place]), reasons[place]))
    has_exit = columns["exit"] != (reasons.index("") if "" in reasons else -1)
    found = pd.DataFrame({name: columns[name][has_exit] for name in ("person_id", "month", "exit")})
    ranked = found.assign(exit=np.argsort(order)[found["exit"]])
    first = ranked.groupby(["person_id", "month"], as_index=False)["exit"].min()
    return first.assign(exit=_named(np.array(order, dtype=np.int64)[first["exit"]], texts["exit"]))


def _rank(reason: str) -> int:
    return EXITS.index(reason) if reason in EXITS else len(EXITS)


def _by_month(rows: months.Rows, received: np.ndarray) -> pd.DataFrame:
    rows_n = np.bincount(rows.month - rows.first)
    persons_n = np.bincount(received % rows.span, minlength=len(rows_n))
    has_rows = np.flatnonzero(rows_n)
    month = (has_rows + rows.first).astype(np.int32)
    apart = np.diff(received)  # of two persons they lie further apart than here
    holes = received[:-1][apart == 2] + 1
    between = np.concatenate([holes, received[1:-1][(apart[:-1] == 1) & (apart[1:] == 1)]])
    counts = {"rows_n": rows_n, "persons_n": persons_n}
    for name, keys in (("holes_n", holes), ("between_n", between)):
        counts[name] = np.bincount(keys % rows.span, minlength=len(rows_n))
    return pd.DataFrame({"month": month, **{name: n[has_rows] for name, n in counts.items()}})


def _starts(
    rows: months.Rows, received: np.ndarray, texts: Mapping[str, pa.Array], settings: CohortSettings
) -> pd.DataFrame:
    places, gap = months.starts(rows, received, clean_months=settings.clean_months)
    keys = received[places]
    month = rows.month_of(keys)
    registered = rows.of_people(keys)
    area = pd.Series(rows.area[registered]).groupby(rows.at[registered]).max()
    earlier_n = months.counted(
        received, keys, first_offset=settings.earlier_first_month, last_offset=settings.earlier_last_month
    )
    person = _named(keys // rows.span, texts["person_id"])
    return pd.DataFrame(
        {
            "person_id": person,
            "case_id": [_case_id(*case) for case in zip(person, month.tolist(), strict=True)],
            "previous_month": pd.Series(month - gap).mask(gap == 0).astype("Int32"),
            "area": _named(area, texts["area"]),
            "intake_month": month,
            "strip": months.strips(received, places, months_n=longest_follow_up_n(settings)),
            "earlier_n": earlier_n,
            "joined": months.joined(rows, received, keys),
        }
    )


def _case_id(person: str, month: int) -> str:
    return f"c{hashlib.sha256(f'{person} {month}'.encode()).hexdigest()[:CASE_ID_DIGITS]}"


def _absences(rows: months.Rows, received: np.ndarray, exits: pd.DataFrame, persons: pa.Array) -> pd.DataFrame:
    """One row per time a person is unobserved: the months after a death or a move until the next receipt.

    A receipt in the month after the exit says that nobody left.
    """
    left = exits[exits["exit"].isin(EXITS)]
    month = left["month"].to_numpy()
    last = months.next_months(rows, received, rows.key(left["person_id"].to_numpy(), month)) - 1
    absences = pd.DataFrame(
        {"person_id": _named(left["person_id"], persons), "first_month": month + 1, "last_month": last}
    )
    return absences[last > month].reset_index(drop=True)


def _named(numbers: np.ndarray | pd.Series, texts: pa.Array) -> pd.Series:
    """The texts of `numbers`."""
    return texts.take(pa.array(np.asarray(numbers))).to_pandas()
