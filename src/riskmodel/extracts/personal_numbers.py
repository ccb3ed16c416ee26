"""What a personal number is: ten or twelve digits that are a Swedish personal or coordination number. Standard library.

A number counts when its date exists (day + 60 in a coordination number) and its check digit is right (Luhn), however
its digits are written and grouped. One is enough. Of made-up ids of ten digits about 1 in 140 looks like one by chance:
such a column is refused too, since nobody can tell them apart. A letter right in front of each id helps: digits that a
letter a-z touches are an id, unless a dash sets off the last four. Moments, case numbers of a year and telephone
numbers are not taken for one where their form tells them apart.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from itertools import accumulate

from riskmodel.extracts.disguise import plain_text

LENGTHS = (10, 12)  # digits, without and with the century
# what may stand between two groups of digits
BETWEEN = r" {1,3}|-{2,3}| {0,2}[-+/._|*=~\\\u00b7] {0,2}|[,:;']| ?[][(){}<>#\"]{1,3} ?"
CHAIN = re.compile(rf"[0-9]+(?:(?:{BETWEEN})[0-9]+)*", flags=re.ASCII)
USUAL = re.compile(r"[-+ ]?")  # what the number's own form has before the last four
IN_A_DATE = re.compile(r"[-+/._ |*=~\\\u00b7]+")
BRACKETS = re.compile(r"[][(){}<>#\"]")
OWN_PLACES = {10: {2, 4, 6, 8, 9}, 12: {2, 4, 6, 8, 10, 11}}  # where year, month, day, last four and check digit end
OTHER_GROUPS = {(1, 3, 3, 3), (3, 3, 3, 3), (3, 3, 4), (4, 4, 2), (5, 5)}  # of thousands, of a card, of halves
HIGHEST_CODE, HIGHEST_BYTE = "3", 255
NO_GROUPS = {(6, 6), (4, 6)}  # two dates; a series and its number, as many ids are written and no personal number is
CALLED_ONE = re.compile(r"(?:pnr|persnr|personnr|personnummer|samordningsnummer)$", flags=re.IGNORECASE)
CASE_YEARS = range(2000, 2031)  # in front of a case number; the year and month of few people
NEW_YEARS = range(2010, 2031)  # moments and case numbers are of these
LONGEST_RUN = 240  # digits in one chain that are read as number after number


def is_personal_number(century: str | None, year: str, month: str, day: str, last: str) -> bool:
    """Whether the parts are a personal or coordination number: a date that exists, and the check digit it must have."""
    return is_birth_date(century, year, month, day) and luhn_sum(year + month + day + last) % 10 == 0


def is_birth_date(century: str | None, year: str, month: str, day: str) -> bool:
    """Whether there is such a day, 60 more in a coordination number, in the century or one of the last three."""
    day_of_month = int(day) - 60 if int(day) > 60 else int(day)
    if not 1 <= int(month) <= 12:
        return False
    years = [int(hundreds + year) for hundreds in ([century] if century else ["18", "19", "20"])]
    return any(1 <= day_of_month <= monthrange(each, int(month))[1] for each in years)


def luhn_sum(digits: str) -> int:
    """Sum of the digits, every second one from the first doubled and its own digits added (Luhn, ten digits)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled)


def holds_personal_number(text: str) -> bool:
    """Whether a personal or coordination number stands somewhere in `text`, of any length, however it is written."""
    plain = plain_text(text)
    return any(_chain_holds(plain, found) for found in CHAIN.finditer(plain))


def _parts(digits: str) -> tuple[str | None, str, str, str, str]:
    """Century (or None), year, month, day and the last four of ten or twelve digits."""
    return digits[:-10] or None, digits[-10:-8], digits[-8:-6], digits[-6:-4], digits[-4:]


def is_one(digits: str) -> bool:
    """Whether `digits` are a personal or coordination number, and no more."""
    return len(digits) in LENGTHS and digits[:-10] in ("", "18", "19", "20") and is_personal_number(*_parts(digits))


def is_dated(digits: str) -> bool:
    """Whether ten or twelve digits begin with a date on which somebody can be born."""
    return digits[:-10] in ("", "18", "19", "20") and is_birth_date(*_parts(digits)[:4])


def _chain_holds(text: str, found: re.Match[str]) -> bool:
    """Whether groups of digits that stand together hold a number: some of them, all, or one number after another."""
    chain = found.group()
    groups, between = re.findall("[0-9]+", chain), re.findall("[^0-9]+", chain)
    before, after = _word_before(text, found.start()), text[found.end() : found.end() + 1]
    for first, last in _windows(groups):
        if is_one("".join(groups[first:last])):
            touched = (bool(before) and first == 0, bool(_is_letter(after)) and last == len(groups))
            if _is_usual(groups, between, first, last, touched=touched, word=before):
                return True
    groups, between = _without_noughts(groups, between)
    digits = "".join(groups)
    if before or _is_letter(after):
        return False
    return is_one(digits) and _is_whole_form(groups, between) or _is_run(digits)


def _windows(groups: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of one or two groups that have ten or twelve digits together: first, and the one after the last."""
    for first in range(len(groups)):
        for last in (first + 1, first + 2):
            if last <= len(groups) and sum(map(len, groups[first:last])) in LENGTHS:
                yield first, last


def _is_usual(
    groups: Sequence[str], between: Sequence[str], first: int, last: int, *, touched: tuple[bool, bool], word: str
) -> bool:
    """Whether the groups from `first` to `last` are written as such numbers are, or close by, whatever follows."""
    is_fraction = first > 0 and between[first - 1] in (".", ",") and len(groups[first - 1]) not in LENGTHS
    if is_fraction:
        return False
    if last - first == 1:
        return not any(touched) or not touched[1] and CALLED_ONE.search(word) is not None
    mark = between[first].strip()
    if len(groups[first + 1]) != 4 or USUAL.fullmatch(mark or " ") is None:
        return False
    return bool(mark) or not any(touched)


def _is_whole_form(groups: Sequence[str], between: Sequence[str]) -> bool:
    """Whether groups that are a number together are one, and no moment, case number, telephone number or fraction."""
    sizes = tuple(map(len, groups))
    ends = set(accumulate(sizes[:-1]))
    is_form = ends <= OWN_PLACES[sum(sizes)] or _is_other_form(groups, between)
    if not is_form or sizes in NO_GROUPS or _is_telephone(groups) or _is_year_first(groups):
        return False
    if len(groups) > 2 and not all(IN_A_DATE.fullmatch(mark) for mark in between):
        return False
    if any(BRACKETS.search(mark) for mark in between) and is_new("".join(groups)):  # a day, and in brackets an amount
        return False
    if len(groups) == 2 and between[0] in (".", ","):
        return sizes[1] == 1 or sizes[1] == 4 and not groups[1].endswith("00")  # no amount has four decimals
    return not _is_moment(groups, between)


def _is_other_form(groups: Sequence[str], between: Sequence[str]) -> bool:
    """Whether it is written as thousands, a card or a row of single digits, and is no IP address or list of codes."""
    if all(len(group) == 1 for group in groups):
        return max(groups) > HIGHEST_CODE
    is_spaced = all(mark.strip() in ("", ".") for mark in between)
    return is_spaced and tuple(map(len, groups)) in OTHER_GROUPS and int(max(groups, key=int)) > HIGHEST_BYTE


def _is_telephone(groups: Sequence[str]) -> bool:
    return groups[0].startswith("0") and len(groups[0]) in (3, 4)


def _is_year_first(groups: Sequence[str]) -> bool:
    """Whether it looks like a case number: a year of late, then other groups than month and day."""
    years = NEW_YEARS if sum(map(len, groups)) == max(LENGTHS) else CASE_YEARS
    return len(groups[0]) == 4 and int(groups[0]) in years and tuple(map(len, groups[1:3])) != (2, 2)


def _is_moment(groups: Sequence[str], between: Sequence[str]) -> bool:
    """Whether it looks like a day of late, set off from a time or an amount: 2021-03-01 12.30, 2021-03-01 4500."""
    is_time = [len(group) for group in groups[-2:]] == [2, 2] and int(groups[-2]) < 24 and int(groups[-1]) < 60
    is_set_off = is_time or between[-1].strip() in ("", "_", ":")
    return is_set_off and is_new("".join(groups))


def is_new(digits: str) -> bool:
    """Whether the date of ten or twelve digits is of late."""
    century, year = digits[:-10] or "20", digits[-10:-8]
    return int(century + year) in NEW_YEARS


def _is_run(digits: str) -> bool:
    """Whether the digits are two numbers or more, one right after the other."""
    if not 2 * min(LENGTHS) <= len(digits) <= LONGEST_RUN:
        return False
    starts = {0}  # places at which one would begin when all before are numbers
    for place in range(len(digits)):
        if place in starts:
            starts |= {place + length for length in LENGTHS if is_one(digits[place : place + length])}
    return len(digits) in starts


def _without_noughts(groups: list[str], between: list[str]) -> tuple[list[str], list[str]]:
    """The groups without decimals that are noughts, as a program writes a whole number."""
    has_them = bool(between) and between[-1] in (".", ",") and not groups[-1].strip("0")
    if has_them and sum(map(len, groups[:-1])) in LENGTHS:
        return groups[:-1], between[:-1]
    return groups, between


def _word_before(text: str, place: int) -> str:
    """The letters a-z that touch `place` from the left, at most twenty."""
    found = re.search("[A-Za-z]*$", text[max(0, place - 20) : place])
    return found.group() if found else ""


def _is_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
