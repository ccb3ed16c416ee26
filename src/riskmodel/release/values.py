"""What a value in a release may be, and how strictly a release is read. Standard library only.

Every text is made of characters that can be seen, every number is small enough to reckon with: see `json_record`. Keys
that no record names may stand there; `raw` keeps them, with everything else as it was read. What is hashed or signed is
taken from there, never written again from a record, and two releases are the same when those are.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Annotated

from riskmodel.ground.record_reader import NOTHING_ELSE, RAW, Json, Rule
from riskmodel.instrument.records import Text

SINCE_2 = 2  # a format; releases are read as strictly as theirs
PUBLISHING = 1000  # above every format: all is read that publishing and rendering need
UNREAD = Text(sv="", en="")  # what a release was not asked for
SMALLEST = 1e-100  # by which anything may be divided


def _is_day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, flags=re.ASCII) and date.fromisoformat(value))
    except ValueError:
        return False


Day = Annotated[str, Rule("a date (YYYY-MM-DD)", _is_day)]
Digest = Annotated[str, Rule("a SHA-256", lambda value: bool(re.fullmatch(r"[0-9a-f]{64}", value)))]
Share = Annotated[float, Rule("a number from 0 to 1", lambda value: 0 <= value <= 1)]
Positive = Annotated[float, Rule("a number above 0", lambda value: value >= SMALLEST)]
Words = Annotated[Text, NOTHING_ELSE]
Raw = Annotated[Mapping[str, Json], RAW]


def raw() -> Mapping[str, Json]:
    """The field that keeps what a record was read from."""
    made: Mapping[str, Json] = field(default_factory=dict, compare=False, repr=False)
    return made
