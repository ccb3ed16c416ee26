"""From what was written in a case to what the release knows. Standard library only.

A message names the item and what is allowed, never what was given. A name that can't be an item's is not told either:
it may be anything, a personal number too.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from riskmodel.errors import SurveyDataError
from riskmodel.instrument.check_items import IDENTIFIER
from riskmodel.instrument.spelling import spelling
from riskmodel.release.content.arithmetic import UNANSWERED, is_unanswered

LONGEST_NAME = 40  # of an item that a message tells
UNKNOWN = "?"  # not a code: codes are identifiers
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")


def resolve_answers(
    release: Mapping[str, Any], landmark: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, str | int | None]:
    """A code, a whole number or None (no answer) for every item of `landmark`; items left out have no answer."""
    known = [item["id"] for item in landmark["items"]]
    unknown = _unknown(answers, known)
    if unknown:
        raise SurveyDataError(
            f"Answers: the release does not ask for: {unknown}. It asks for: {', '.join(known)}. Leave the others out."
        )
    no_answer = no_answer_spellings(release)
    return {item["id"]: _resolved(item, answers.get(item["id"]), no_answer=no_answer) for item in landmark["items"]}


def no_answer_spellings(release: Mapping[str, Any]) -> frozenset[str]:
    """Every spelling that means "no answer" to `release`."""
    return frozenset(spelling(text) for text in ("", *release["no_answer"], *filter(None, UNANSWERED)))


def codes_by_spelling(item: Mapping[str, Any]) -> dict[str, str]:
    """Spelling to code, for every level of a release's item."""
    return {
        spelling(written): level["code"]
        for level in item["levels"]
        for written in (level["code"], level["text"]["sv"], level["text"]["en"], *level["aliases"])
    }


def whole_number(written: Any) -> int | None:
    """The whole number in `written` (34, 34.0, " 34 "), or None when there is none."""
    if isinstance(written, str):
        return int(spelling(written)) if WHOLE_NUMBER.fullmatch(spelling(written)) else None
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    return int(written) if written == written // 1 else None


def read_answer(item: Mapping[str, Any], given: Any, *, no_answer: frozenset[str]) -> str | int | None:
    """What `given` says to `item`: a code, a whole number, None for no answer, or `UNKNOWN`."""
    if is_unanswered(given) or (isinstance(given, str) and spelling(given) in no_answer):
        return None
    if item["kind"] == "number":
        number = whole_number(given)
        return UNKNOWN if number is None else number
    return codes_by_spelling(item).get(spelling(given), UNKNOWN) if isinstance(given, str) else UNKNOWN


def allowed_answers(item: Mapping[str, Any]) -> str:
    """What may be answered to `item`, to stand in a message."""
    if item["kind"] == "number":
        return f"whole numbers from {item['numbers']['minimum']} to {item['numbers']['maximum']}, or no answer"
    return ", ".join(level["code"] for level in item["levels"]) + ", or no answer"


def _unknown(answers: Iterable[str], known: Iterable[str]) -> str:
    """The names in `answers` that are none of `known`, to stand in a message; empty without any."""
    unknown = [name for name in answers if name not in known]
    told = [name for name in unknown if len(name) <= LONGEST_NAME and IDENTIFIER.fullmatch(name)]
    others_n = len(unknown) - len(told)
    names = "name that is no item's" if others_n == 1 else "names that are no item's"
    return ", ".join([*told, *([f"{others_n} {names}"] if others_n else [])])


def _resolved(item: Mapping[str, Any], given: Any, *, no_answer: frozenset[str]) -> str | int | None:
    answer = read_answer(item, given, no_answer=no_answer)
    if answer == UNKNOWN:
        raise SurveyDataError(f"{item['id']}: not an answer to it. Allowed: {allowed_answers(item)}.")
    return answer
