"""Written months, dates and years to calendar months: many forms, and one in a column where a text could be two."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER, whole_numbers
from riskmodel.extracts.text_table import TextColumn
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.instrument.spelling import DASHES

NAMES = {
    name: month
    for month, names in enumerate(
        (
            "jan januari january", "feb februari february", "mar mars march", "apr april", "maj may", "jun juni june",
            "jul juli july", "aug augusti august", "sep sept september", "okt oct oktober october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
NAME = f"(?P<name>{'|'.join(sorted(NAMES, key=len, reverse=True))})\\.?"
TIME = (
    r"(?:[t ](?P<hour>\d{1,2})[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?)?"
    r"(?: ?(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?(?:\[[a-z/_]+\])?)?"
)
YEAR, MONTH, DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{YEAR}[-/ ]{MONTH}",
        rf"{YEAR}-?m{MONTH}",
        rf"{MONTH}[-/]{YEAR}",
        rf"{YEAR}(?P<sep>[-/. ]){MONTH}(?P=sep){DAY}{TIME}",
        rf"{YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}}){TIME}",
        rf"{DAY}\.{MONTH}\.{YEAR}{TIME}",
        rf"{NAME}[-/. ]*'?(?P<year>\d{{4}}|\d{{2}})",
        rf"{YEAR}[-/. ]*{NAME}",
        rf"{DAY}[-/. ]*{NAME}[-/. ]*{YEAR}{TIME}",
    )
)
SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
TWO_WAYS = re.compile(rf"(\d{{1,2}})(?P<sep>[-/])(\d{{1,2}})(?P=sep){YEAR}{TIME}")
SERIAL = re.compile(r"(\d{5}|2958465)(?:[.,]\d+)?")  # the long one is 9999-12-31
OF_1980, OF_1900, LAST_SERIAL, FOREVER = 29221, 1, 73050, "2958465"
SERIAL_0, DAYS_TO_1904 = date(1899, 12, 30), 1462
FOUR_DIGITS = re.compile(r"(\d{4})(?:[.,]0+)?")
OLD_YEARS = 80  # two digits from here on are of the last century, whose registers begin then
UTC = {"z", "utc", "gmt", "+00", "-00", "+00:00", "-00:00", "+0000", "-0000"}
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[t ](?P<hour>\d{2}:\d{2})(?::00(?:\.0+)?)?")
LOST = {"22:00", "23:00"}
DATE, LEFT = re.compile(rf"\d{{4}}-\d\d-(\d\d){TIME}"), re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.]\d{{4}}{TIME}")
FEWEST_TURNED = 10  # dates of each kind; by chance no day of so many lies on its side
LATE = 22  # o'clock in UTC: in Sweden it may be the next day
Pair = tuple[int, int]
NO_MONTH: Pair = (UNREADABLE, UNREADABLE)


@dataclass(frozen=True)
class Months:
    """Calendar year and month of the year (1-12 when possible) per row, `UNREADABLE` where the text is no month."""

    year: np.ndarray
    month_of_year: np.ndarray

    @property
    def month(self) -> np.ndarray:
        """year * 12 + month of the year - 1; only meaningful for readable rows."""
        return self.year * 12 + self.month_of_year - 1


def months(column: TextColumn, *, first_serial: int = OF_1980) -> Months:
    """Months in any form that `months_read` lists; a text that could be two is decided by the column, or unreadable.

    first_serial: smaller numbers are none of Excel's days.
    """
    texts = [_lower(text) for text in column.texts]
    found = {text: _clear(text) for text in texts}
    if _lost_their_zone(texts):
        found = dict.fromkeys(texts, NO_MONTH)
    found |= _six_digits(texts) | _two_ways(texts) | dict.fromkeys(_turned(texts), NO_MONTH)
    if all(pair == NO_MONTH for pair in found.values()):
        later = DAYS_TO_1904 if column.since_1904 else 0
        found |= {text: _of_serial(text, first_serial, later=later) for text in texts}
    both = np.array([found[text] for text in texts], dtype=np.int64).reshape(-1, 2)[column.codes]
    return Months(both[:, 0], both[:, 1])


def serials(column: TextColumn) -> np.ndarray:
    """Whether each row was read as one of Excel's day numbers, bool, shape (n,)."""
    is_serial = column.each(lambda text: SERIAL.fullmatch(text.strip()) is not None, bool)
    return is_serial & (months(column).year != UNREADABLE)


def years(column: TextColumn) -> np.ndarray:
    """Calendar years as int64, shape (n,), of years or dates; `UNREADABLE` for anything else."""
    whole = whole_numbers(column)
    return np.where(whole == UNREADABLE, months(column).year, whole)


def months_of_year(column: TextColumn) -> np.ndarray:
    """Numbers of months as int64, shape (n,), of numbers or names; `UNREADABLE` for anything else."""
    named = column.each(lambda text: NAMES.get(_lower(text).rstrip("."), UNREADABLE), np.int64)
    return np.where(named == UNREADABLE, whole_numbers(column), named)


def birth_years(column: TextColumn) -> np.ndarray:
    """Years as float64, shape (n,), of years (1979, 1979.0) or dates; `UNREADABLE_NUMBER` for anything else."""
    written = [FOUR_DIGITS.fullmatch(text.strip()) for text in column.texts]
    if any(written):  # beside years, five digits are a mistake and no day number
        of_dates = np.array([_clear(_lower(text))[0] for text in column.texts], dtype=np.int64)
    else:
        each = replace(column, codes=np.arange(len(column.distinct)))
        of_dates = months(each, first_serial=OF_1900).year
    by_text = [float(match[1]) if match else float(of_dates[place]) for place, match in enumerate(written)]
    found = np.array(by_text, dtype=float)
    return np.where(found == float(UNREADABLE), UNREADABLE_NUMBER, found)[column.codes]


def _lower(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(DASHES)
    return " ".join(plain.split()).lower()


def _clear(text: str) -> Pair:
    """Year and month of a text that can be read in one way only."""
    for form in FORMS:
        match = form.fullmatch(text)
        if match:
            parts = match.groupdict()
            month = NAMES[parts["name"]] if "name" in parts else int(parts["month"])
            year = int(parts["year"])
            year += 0 if len(parts["year"]) > 2 else 1900 if year >= OLD_YEARS else 2000
            return _of_day(year, month, parts)
    return NO_MONTH


def _of_day(year: int, month: int, parts: dict[str, str | None]) -> Pair:
    """Year and month when the day exists in them, and lies in the same month in Sweden."""
    day = int(parts.get("day") or 1)
    last = monthrange(year, month)[1] if 1 <= month <= 12 and year else 31
    hour = int(parts.get("hour") or 0)
    is_next_month = day == last and hour >= LATE and parts.get("zone") in UTC
    return NO_MONTH if not 1 <= day <= last or hour > 23 or is_next_month else (year, month)


def _lost_their_zone(texts: Iterable[str]) -> bool:
    """Whether every moment is midnight in Sweden told in UTC, so that the first of a month lies in the one before."""
    moments = [match for text in texts if (match := MOMENT.fullmatch(text))]
    return bool(moments) and all(match["hour"] in LOST for match in moments)


def _turned(texts: Sequence[str]) -> list[str]:
    """Dates whose day and month a spreadsheet has turned, and the texts that it left as they were; [] of others.

    It takes 05/03/2021 for a date of its own country, and 31/03/2021 for none.
    """
    dates = [text for text in texts if (match := DATE.fullmatch(text)) and int(match[1]) <= MONTHS_A_YEAR]
    left = [
        text for text in texts if (match := LEFT.fullmatch(text)) and max(map(int, match.group(1, 2))) > MONTHS_A_YEAR
    ]
    are_all = len(dates) + len(left) == sum(text != "" for text in texts)
    return dates + left if are_all and min(len(dates), len(left)) >= FEWEST_TURNED else []


def _six_digits(texts: Iterable[str]) -> dict[str, Pair]:
    """202103 as year and month, unless the column holds days, 210331."""
    found = {text: match.groups() for text in texts if (match := SIX.fullmatch(text))}
    read = {text: (int(text[:4]), int(text[4:])) for text in found}
    are_days = all(_is_day(*map(int, parts)) for parts in found.values())
    are_months = all(1 <= month <= 12 for _, month in read.values())
    is_first = len(found) > 1 and all(last == "01" for *_, last in found.values())
    return dict.fromkeys(found, NO_MONTH) if are_days and (not are_months or is_first) else read


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year, month)[1]


def _two_ways(texts: Iterable[str]) -> dict[str, Pair]:
    """31/03/2021 and 03/31/2021, when the column tells which of the two it holds."""
    found = {text: match for text in texts if (match := TWO_WAYS.fullmatch(text))}
    first, second = ([int(match[place]) for match in found.values()] for place in (1, 3))
    day_first = max(first, default=0) > 12 or (set(first) == {1} and len(set(second)) > 1)
    month_first = max(second, default=0) > 12 or (set(second) == {1} and len(set(first)) > 1)
    if first != second and day_first == month_first:
        return dict.fromkeys(found, NO_MONTH)
    day, month = (1, 3) if day_first else (3, 1)
    return {
        text: _of_day(int(match["year"]), int(match[month]), match.groupdict() | {"day": match[day]})
        for text, match in found.items()
    }


def _of_serial(text: str, first: int, *, later: int) -> Pair:
    match = SERIAL.fullmatch(text)
    number = int(match[1]) + later if match else 0
    if not match or not (first <= number <= LAST_SERIAL or match[1] == FOREVER):
        return NO_MONTH
    day = SERIAL_0 + timedelta(days=min(number, int(FOREVER)))
    return day.year, day.month
