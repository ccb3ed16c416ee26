"""When there is no advice, why, and which question to ask next (method.md 7). Standard library only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from riskmodel.advice.record import Abstention, Question
from riskmodel.advice.threshold import answer_at
from riskmodel.advice.uncertainty import leverage
from riskmodel.instrument.records import FROM_REGISTER, RECEIPTS_SO_FAR, Text
from riskmodel.release.consistency import points_range
from riskmodel.release.points import AGE, OUT_OF_RANGE, ROUTE, sum_of_points, why_not_scored

Answers = Mapping[str, str | int | None]

NOT_YET_VALID = "not_yet_valid"
EXPIRED = "expired"
OTHER_MUNICIPALITY = "other_municipality"
RESEARCH_ONLY = "research_only"
NO_THRESHOLD = "no_threshold"
UNANSWERED = "unanswered"
UNUSUAL = "unusual"
REASONS = (
    *(NOT_YET_VALID, EXPIRED, OTHER_MUNICIPALITY, RESEARCH_ONLY, NO_THRESHOLD),
    *(ROUTE, AGE, OUT_OF_RANGE, UNANSWERED, UNUSUAL),
)


def abstention(
    release: Mapping[str, Any],
    landmark: Mapping[str, Any],
    answers: Answers,
    *,
    today: date,
    municipality: str | None,
) -> Abstention | None:
    """The first reason to give no advice on these resolved answers; None when there is none."""
    return (
        _of_release(release, landmark, today=today, municipality=municipality)
        or _of_rule(release, landmark, answers)
        or _of_blanks(landmark, answers, max_unanswered_share=release["abstention"]["max_unanswered_share"])
        or _of_pattern(landmark, answers)
    )


def next_question(
    release: Mapping[str, Any], landmark: Mapping[str, Any], answers: Answers, *, only_decisive: bool
) -> Question | None:
    """The unanswered item with the largest spread × chance of another answer; of equals the part asked first.

    What the register knows is nobody's question. The chance counts every level or number as equally likely, the other
    items as they are. only_decisive: None unless
    one answer alone could change the advice.
    """
    points = sum_of_points(landmark, answers)
    order = [part["id"] for part in sorted(release["parts"], key=lambda part: part["month"])]

    def worth(item: Mapping[str, Any]) -> tuple[float, int, int]:
        chance = _chance_of_another_answer(item, points, landmark["thresholds"])
        return item["spread"] * chance, item["spread"], -order.index(item["part"])

    blank = [item for item in _unanswered(landmark, answers) if _derivation(item) not in FROM_REGISTER]
    best = max(blank, key=worth, default=None)
    if best is None or (only_decisive and worth(best)[0] == 0):
        return None
    who = next(part["who"] for part in release["parts"] if part["id"] == best["part"])
    return Question(best["id"], Text(**best["text"]), Text(**who))


def _of_release(
    release: Mapping[str, Any], landmark: Mapping[str, Any], *, today: date, municipality: str | None
) -> Abstention | None:
    publication = release.get("publication")
    if publication is not None and today < date.fromisoformat(publication["valid_from"]):
        return Abstention(NOT_YET_VALID)
    if publication is not None and today > date.fromisoformat(publication["valid_until"]):
        return Abstention(EXPIRED)
    if municipality is not None and municipality not in [entry["code"] for entry in release["municipalities"]]:
        return Abstention(OTHER_MUNICIPALITY)
    if release["research_only"]:
        return Abstention(RESEARCH_ONLY)
    return Abstention(NO_THRESHOLD) if landmark["thresholds"]["flag"] is None else None


def _of_rule(release: Mapping[str, Any], landmark: Mapping[str, Any], answers: Answers) -> Abstention | None:
    reasons = [(item, why_not_scored(release, item, answers[item["id"]])) for item in landmark["items"]]
    for reason in (ROUTE, AGE, OUT_OF_RANGE):
        items = [item for item, found in reasons if found == reason]
        if items:
            return Abstention(reason, _texts(items))
    return None


def _of_blanks(landmark: Mapping[str, Any], answers: Answers, *, max_unanswered_share: float) -> Abstention | None:
    blank = _unanswered(landmark, answers)
    # nobody was ever scored without them: they say that the case is one the table is for
    needed = [item for item in blank if _derivation(item) == RECEIPTS_SO_FAR]
    if needed:
        return Abstention(UNANSWERED, _texts(needed))
    blank_spread, spread = (sum(item["spread"] for item in items) for items in (blank, landmark["items"]))
    if blank_spread <= max_unanswered_share * spread:
        return None
    points = sum_of_points(landmark, answers)
    moves = [[end - item["no_answer"]["points"] for end in points_range(item, answered=True)] for item in blank]
    lowest, highest = (points + sum(move[end] for move in moves) for end in (0, 1))
    if answer_at(lowest, landmark["thresholds"]) == answer_at(highest, landmark["thresholds"]):
        return None
    return Abstention(UNANSWERED, _texts(blank))


def _of_pattern(landmark: Mapping[str, Any], answers: Answers) -> Abstention | None:
    return Abstention(UNUSUAL) if leverage(landmark, answers) > landmark["leverage_limit"] else None


def _chance_of_another_answer(item: Mapping[str, Any], points: int, thresholds: Mapping[str, Any]) -> float:
    if item["kind"] == "number":
        possible = item["numbers"]["points"]
    else:
        possible = [level["points"] for level in item["levels"] if not level["route"]]
    sums = [points - item["no_answer"]["points"] + own for own in possible]
    return sum(answer_at(one, thresholds) != answer_at(points, thresholds) for one in sums) / max(len(sums), 1)


def _unanswered(landmark: Mapping[str, Any], answers: Answers) -> list[Mapping[str, Any]]:
    return [item for item in landmark["items"] if answers[item["id"]] is None]


def _derivation(item: Mapping[str, Any]) -> str | None:
    """What a number is worked out from; None for what is answered as it is."""
    return item["numbers"]["derive"] if item["kind"] == "number" else None


def _texts(items: Sequence[Mapping[str, Any]]) -> tuple[Text, ...]:
    return tuple(Text(**item["text"]) for item in items)
