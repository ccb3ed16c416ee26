"""The answers of one case as they lie in a file, and the number it goes by. Standard library only."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal
from unicodedata import normalize

from riskmodel.extracts.disguise import plain_text
from riskmodel.extracts.personal_numbers import holds_personal_number, is_birth_date
from riskmodel.ground.errors import SurveyDataError
from riskmodel.release import TEXTS
from riskmodel.release.bundle import named_once
from riskmodel.release.json_record import plain

KEYS = ("case", "municipality", "month", "answers")
LONGEST_REFERENCE = 40
WORD = re.compile(r"[^\W_]+")
OTHER_NOUGHTS = str.maketrans(dict.fromkeys("Oo\u039f\u03bf\u041e\u043e", "0"))  # letters that are read as one
# a day of birth of somebody of age, and four signs: also where the check digit is wrong, and reserve numbers
BORN = re.compile(r"(?P<century>19|20(?=[01]))?(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[^\W_]{4}")


@dataclass(frozen=True)
class Case:
    """One case's answers, item id to what was answered, and the code of the municipality that asks (None: not said).

    month: the case is scored at the start of this month of it, 0 being the first. reference: the number it goes by.
    """

    municipality: str | None
    answers: Mapping[str, object]
    month: int = 0
    reference: str | None = None


def read_case(path: Path) -> Case:
    """The case in the JSON file at `path`; anything but the keys `KEYS`, each once, is a `SurveyDataError`."""
    content, is_file, is_json = None, False, True
    with suppress(OSError, ValueError):  # a name that no file can have
        is_file = path.is_file()
    if not is_file:
        raise _refused("no_file", path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=named_once)
    except (OSError, ValueError, RecursionError):
        is_json = False
    if not is_json:
        raise _refused("no_json", path)
    if not isinstance(content, dict) or not set(content) <= set(KEYS) or not isinstance(content.get("answers"), dict):
        raise _refused("no_case", path)
    municipality = content.get("municipality")
    if municipality is not None and not isinstance(municipality, str):
        raise _refused("no_code", path)
    month = content.get("month", 0)
    if not isinstance(month, int) or isinstance(month, bool) or month < 0:
        raise _refused("no_month", path)
    return Case(municipality, content["answers"], month, case_reference(content.get("case")))


def _refused(why: Literal["no_file", "no_json", "no_case", "no_code", "no_month"], path: Path) -> SurveyDataError:
    return SurveyDataError(TEXTS[why].filled(file=path.name))


def case_reference(given: object) -> str | None:
    """The number `given` of a case, as it can be seen; None for none. What may be a person's is a `SurveyDataError`."""
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > LONGEST_REFERENCE or not _is_in_digits(given):
        raise SurveyDataError(TEXTS["no_reference"].filled(most=LONGEST_REFERENCE))
    reference = plain(given)
    if any(holds_personal_number(one) or _holds_birth(one) for one in (given, reference)):
        raise SurveyDataError(TEXTS["personal_number"])
    return reference


def _is_in_digits(text: str) -> bool:
    """Whether there is a digit, and every one is read alike by everybody."""
    return any(map(str.isdecimal, text)) and all(map(str.isascii, filter(str.isdecimal, normalize("NFKC", text))))


def _holds_birth(text: str) -> bool:
    """Whether words of it, one, two beside each other or all, or its digits, are a day of birth and four signs."""
    seen = plain_text(text).translate(OTHER_NOUGHTS)
    words, digits = WORD.findall(seen), re.sub("[^0-9]", "", seen)
    together = (*words, *map("".join, pairwise(words)), "".join(words), digits)
    return any(is_birth_date(*found.groups()) for one in together if (found := BORN.fullmatch(one)))
