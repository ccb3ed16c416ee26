"""From what was written in a case to what the release knows. Standard library only.

A message names the item and what is allowed, never what was given.
"""

import re
from collections.abc import Mapping
from typing import Any

from riskmodel.errors import SurveyDataError
from riskmodel.instrument.spelling import spelling
from riskmodel.release.content.arithmetic import UNANSWERED, is_unanswered

UNKNOWN = "?"  # not a code: codes are identifiers
# ASCII digits; three decimals may be thousands ("12,000"), and more are nobody's way of writing an answer
NUMBER = re.compile("[-+\u2212]?[0-9]{1,9}(?:[.,][0-9]{1,2})?")


def resolve_answers(
    release: Mapping[str, Any], landmark: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, str | int | None]:
    """A code, a whole number or None (no answer) for every item of `landmark`; items left out have no answer."""
    known = [item["id"] for item in landmark["items"]]
    unknown_n = len(set(answers) - set(known))
    if unknown_n:
        raise SurveyDataError(
            f"Answers: {unknown_n} item(s) that the release does not ask for. "
            f"It asks for: {', '.join(known)}. Leave the others out."
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


def plain_number(given: Any) -> int | float | None:
    """The number in `given` (34, 34.0, " 34 ", "34,5"), or None when there is none that everybody reads alike."""
    if isinstance(given, str):
        bare = given.strip()
        return float(bare.replace(",", ".").replace("\u2212", "-")) if NUMBER.fullmatch(bare) else None
    return given if isinstance(given, int | float) and not isinstance(given, bool) else None


def read_answer(item: Mapping[str, Any], given: Any, *, no_answer: frozenset[str]) -> str | int | None:
    """What `given` says to `item`: a code, a whole number, None for no answer, or `UNKNOWN`."""
    if is_unanswered(given) or (isinstance(given, str) and spelling(given) in no_answer):
        return None
    if item["kind"] == "number":
        number = plain_number(given)
        return UNKNOWN if number is None or number != number // 1 else int(number)
    return codes_by_spelling(item).get(spelling(given), UNKNOWN) if isinstance(given, str) else UNKNOWN


def allowed_answers(item: Mapping[str, Any]) -> str:
    """What may be answered to `item`, to stand in a message."""
    if item["kind"] == "number":
        return f"whole numbers from {item['numbers']['minimum']} to {item['numbers']['maximum']}, or no answer"
    return ", ".join(level["code"] for level in item["levels"]) + ", or no answer"


def _resolved(item: Mapping[str, Any], given: Any, *, no_answer: frozenset[str]) -> str | int | None:
    answer = read_answer(item, given, no_answer=no_answer)
    if answer == UNKNOWN:
        raise SurveyDataError(f"{item['id']}: not an answer to it. Allowed: {allowed_answers(item)}.")
    return answer
