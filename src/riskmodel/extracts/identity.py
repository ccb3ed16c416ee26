"""No personal number comes in: ten or twelve digits that are a Swedish personal or coordination number stop the run.

A number counts when its date exists (day + 60 in a coordination number) and its check digit is right (Luhn), and
no letter a-z, digit or decimal point touches it. One is enough. Of made-up ids of ten digits about 1 in 140 looks like
one by chance: such a column is refused too, since nobody can tell them apart. A letter in front of each id helps.
"""

import re
from calendar import monthrange
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.ground.errors import SurveyDataError

SHORTEST = 10  # characters of the shortest way to write one
SEPARATOR = r"[-+ \x{00a0}\x{2010}-\x{2015}\x{2212}]?"
# Arrow's regular expressions can't look behind, so this one only picks the texts worth a closer look
WORTH_A_LOOK = rf"(?:^|[^0-9A-Za-z])(?:18|19|20)?[0-9]{{2}}[01][0-9]{{3}}{SEPARATOR}[0-9]{{4}}(?:$|[^0-9A-Za-z])"
CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][.,])(18|19|20)?([0-9]{2})([01][0-9])([0-9]{2})"
    r"[-+ \u00a0\u2010-\u2015\u2212]?([0-9]{4})(?![0-9A-Za-z])"
)


def is_personal_number(century: str | None, year: str, month: str, day: str, last: str) -> bool:
    """Whether the parts are a personal or coordination number: a date that exists, and the check digit it must have."""
    day_of_month = int(day) - 60 if int(day) > 60 else int(day)
    if not 1 <= int(month) <= 12:
        return False
    years = [int(hundreds + year) for hundreds in ([century] if century else ["18", "19", "20"])]
    if not any(1 <= day_of_month <= monthrange(each, int(month))[1] for each in years):
        return False
    return luhn_sum(year + month + day + last) % 10 == 0


def luhn_sum(digits: str) -> int:
    """Sum of the digits, every second one from the first doubled and its own digits added (Luhn, ten digits)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled)


def personal_numbers_n(texts: Iterable[str]) -> int:
    """How many of `texts` hold a personal or coordination number somewhere."""
    return sum(any(is_personal_number(*found) for found in CANDIDATE.findall(text)) for text in texts)


def personal_numbers_in(distinct: pa.Array) -> int:
    """How many of the `distinct` texts (Arrow strings) hold one; fast on millions of texts."""
    long_enough = distinct.filter(pc.greater_equal(pc.utf8_length(distinct), SHORTEST))
    return personal_numbers_n(long_enough.filter(pc.match_substring_regex(long_enough, WORTH_A_LOOK)).to_pylist())


def check_no_personal_numbers(found_n: int, *, where: str) -> None:
    """Raise a `SurveyDataError` naming `where` when `found_n` is above 0; the numbers themselves are never shown."""
    if found_n:
        raise SurveyDataError(
            f"{where}: {found_n} different texts hold a Swedish personal or coordination number (allowed 0). Nothing "
            "was written. Deliver pseudonyms instead; if these are made-up ids of ten or twelve digits, put a letter "
            "in front of each."
        )
