"""Advice for one case: answers in, the published arithmetic, one of four answers out. Standard library only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from riskmodel.advice.abstain import UNANSWERED, Answers, abstention, next_question
from riskmodel.advice.phrases import TEXTS
from riskmodel.advice.record import TOO_LITTLE, Advice, Contribution, Origin, Score, Waived
from riskmodel.advice.threshold import answer_at
from riskmodel.advice.uncertainty import leverage, risk_interval
from riskmodel.instrument.records import Text
from riskmodel.release.answers import resolve_answers, shown_numbers
from riskmodel.release.consistency import points_range
from riskmodel.release.points import landmark_of, points_of, risk_of
from riskmodel.release.shape import plain
from riskmodel.release.waivers import decided_gates, standing_waivers


def advise(
    release: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    today: date,
    own_assessment: str | None = None,
    municipality: str | None = None,
    month: int = 0,
) -> Advice:
    """What `release` says about one case at the start of `month` of it.

    answers: item id to a code, one of its texts or aliases, or a whole number; a missing one is no answer. An item or
    answer that the release does not know is a `SurveyDataError`. municipality: the code of the one that asks.
    Whether the release is genuine and in force is for `verify_release` to say first.
    """
    landmark = landmark_of(release, month)
    resolved = resolve_answers(release, landmark, answers)
    reason = abstention(release, landmark, resolved, today=today, municipality=municipality)
    score = _score(landmark, resolved) if reason is None else None
    asks = reason is None or reason.reason == UNANSWERED
    return Advice(
        own_assessment=_as_written(own_assessment or "") or None,
        answer=score and answer_at(score.points, landmark["thresholds"]) or TOO_LITTLE,
        score=score,
        abstention=reason,
        next_question=next_question(release, landmark, resolved, only_decisive=reason is None) if asks else None,
        origin=_origin(release),
        month=month,
    )


def _as_written(text: str) -> str:
    """`text` line by line, without what can't be seen: it is shown in a terminal and pasted into the case system."""
    return "\n".join(map(plain, text.split("\n"))).strip()


def _score(landmark: Mapping[str, Any], answers: Answers) -> Score:
    contributions = tuple(_contribution(item, answers) for item in landmark["items"])
    points = sum(entry.points for entry in contributions)
    low, high = risk_interval(landmark, points, variance=leverage(landmark, answers))
    return Score(points, risk_of(landmark, points), low, high, contributions)


def _contribution(item: Mapping[str, Any], answers: Answers) -> Contribution:
    answer = answers[item["id"]]
    return Contribution(
        item=item["id"],
        text=Text(**item["text"]),
        answer=_answer_text(item, answer),
        is_answered=answer is not None,
        points=points_of(item, answer),
        mean_points=item["mean_points"],
        lowest_points=points_range(item, answered=True)[0],
        is_changeable=item["changeable"],
    )


def _answer_text(item: Mapping[str, Any], answer: str | int | None) -> Text:
    if answer is None:
        return TEXTS["no_answer"]
    if item["kind"] == "number":
        unit, amount = item["numbers"]["unit"] or {"sv": "", "en": ""}, shown_numbers(item, int(answer))
        return Text(sv=f"{amount['sv']} {unit['sv']}".strip(), en=f"{amount['en']} {unit['en']}".strip())
    return next(Text(**level["text"]) for level in item["levels"] if level["code"] == answer)


def _origin(release: Mapping[str, Any]) -> Origin:
    publication = release.get("publication") or {"id": None, "valid_from": None, "valid_until": None}
    first, last = (day and date.fromisoformat(day) for day in (publication["valid_from"], publication["valid_until"]))
    return Origin(
        id=publication["id"],
        valid_from=first,
        valid_until=last,
        municipalities=tuple(entry["name"] for entry in release["municipalities"]),
        outcome=Text(**release["outcome"]["text"]),
        population=Text(**release["population"]),
        regime=Text(**release["regime"]),
        forbidden_uses=tuple(Text(**use) for use in release["forbidden_uses"]),
        waivers=_waived(release),
    )


def _waived(release: Mapping[str, Any]) -> tuple[Waived, ...]:
    demands = {gate["id"]: Text(sv=gate["name"]["sv"], en=gate["name"]["en"]) for gate in decided_gates(release)}
    return tuple(
        Waived(demand=demands.get(waiver["gate"], Text(sv=waiver["gate"], en=waiver["gate"])), **waiver)
        for waiver in standing_waivers(release)
    )
