"""The answers of one case as they lie in a file. Standard library only."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from riskmodel.ground.errors import SurveyDataError
from riskmodel.release.bundle import named_once

KEYS = ("case", "municipality", "month", "answers")


@dataclass(frozen=True)
class Case:
    """One case's answers, item id to what was answered, and the code of the municipality that asks (None: not said).

    month: the case is scored at the start of this month of it, 0 being the first.
    """

    municipality: str | None
    answers: Mapping[str, object]
    month: int = 0


def read_case(path: Path) -> Case:
    """The case in the JSON file at `path`; anything but the keys `KEYS`, each once, is a `SurveyDataError`."""
    content, is_file, is_json = None, False, True
    with suppress(OSError, ValueError):  # a name that no file can have
        is_file = path.is_file()
    if not is_file:
        raise SurveyDataError(f"{path.name}: not found. Give the path of a JSON file with one case's answers.")
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=named_once)
    except (OSError, ValueError, RecursionError):
        is_json = False
    if not is_json:
        raise SurveyDataError(f"{path.name}: not readable as JSON in UTF-8, with each name once. Correct the file.")
    if not isinstance(content, dict) or not set(content) <= set(KEYS) or not isinstance(content.get("answers"), dict):
        raise SurveyDataError(
            f"{path.name}: an object is needed with answers, and perhaps municipality, month and case; nothing else."
        )
    municipality = content.get("municipality")
    if municipality is not None and not isinstance(municipality, str):
        raise SurveyDataError(f"{path.name}: municipality must be a code in quotes, as leading zeros count.")
    month = content.get("month", 0)
    if not isinstance(month, int) or isinstance(month, bool) or month < 0:
        raise SurveyDataError(
            f"{path.name}: month must be a whole number: 0 for a new case, or how many months of it have passed."
        )
    return Case(municipality, content["answers"], month)
