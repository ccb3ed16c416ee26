"""Advice for one case: answers in, the published arithmetic, one of four answers out. Standard library only."""

from collections.abc import Mapping
from datetime import date

from riskmodel.advice.abstain import OF_RELEASE, UNANSWERED, UNUSUAL, abstention
from riskmodel.advice.case import case_reference
from riskmodel.advice.explain import TEXTS
from riskmodel.advice.needs import areas, own_rating, so_far
from riskmodel.advice.record import TOO_LITTLE, Advice, Contribution, Origin, Question, Score, Total, Waived
from riskmodel.advice.unanswered import Answers, deciding, next_question
from riskmodel.advice.uncertainty import risk_interval, variance_at
from riskmodel.ground.statistics import risk_at
from riskmodel.instrument.records import Text
from riskmodel.release.answers import resolve_answers, shown_answer
from riskmodel.release.item import Item
from riskmodel.release.json_record import plain
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release


def advise(
    release: Release,
    answers: Mapping[str, object],
    *,
    today: date,
    own_assessment: str | None = None,
    municipality: str | None = None,
    month: int = 0,
    reference: str | None = None,
) -> Advice:
    """What `release` says about one case at the start of `month` of it.

    answers: item id to a code, one of its texts or aliases, or a whole number; a missing one is no answer. An item or
    answer that the release does not know is a `SurveyDataError`. municipality: the code of the one that asks.
    reference: the number of the case, in which no personal number may stand.
    Whether the release is genuine and in force is for `verify_release` to say first.
    """
    landmark = release.landmark(month)
    resolved = resolve_answers(release, landmark, answers)
    reason = abstention(release, landmark, resolved, today=today, municipality=municipality)
    why = None if reason is None else reason.reason
    total = _total(landmark, resolved) if why in (None, UNANSWERED, UNUSUAL) else None
    score = _score(landmark, resolved, total) if total is not None and why is None else None
    return Advice(
        own_assessment=_as_written(own_assessment or "") or None,
        answer=score and landmark.thresholds.answer_at(score.points) or TOO_LITTLE,
        score=score,
        unusual=total if why == UNUSUAL else None,
        abstention=reason,
        so_far=None if total is None else so_far(release, landmark, resolved),
        areas=() if total is None else areas(release, landmark, total.contributions),
        own_rating=None if total is None else own_rating(release, landmark, resolved),
        contradictions=() if why in OF_RELEASE else tuple(one for one in release.contradictions if one.holds(resolved)),
        deciding=deciding(release, landmark, resolved) if why is None else (),
        next_question=_next(release, landmark, resolved, why),
        origin=_origin(release),
        day=today,
        month=month,
        reference=case_reference(reference),
    )


def _next(release: Release, landmark: Landmark, answers: Answers, why: str | None) -> Question | None:
    """The question to ask next, where there is advice or too little for it. why: there is none."""
    if why not in (None, UNANSWERED):
        return None
    return next_question(release, landmark, answers, only_deciding=why is None)


def _as_written(text: str) -> str:
    """`text` line by line, without what can't be seen: it is shown in a terminal and pasted into the case system."""
    return "\n".join(map(plain, text.split("\n"))).strip()


def _score(landmark: Landmark, answers: Answers, total: Total) -> Score:
    low, high = risk_interval(landmark, total.points, variance=variance_at(landmark, answers))
    # without a limit there is no score: `abstention` says so
    at_limit = risk_at(landmark.offset + (total.flag or 0) * landmark.per_point)
    risk = landmark.risk_of(total.points)
    return Score(**vars(total), risk=risk, low=low, high=high, is_near=low <= at_limit <= high)


def _total(landmark: Landmark, answers: Answers) -> Total:
    return Total(
        points=landmark.sum_of_points(answers),
        flag=landmark.thresholds.flag,
        band=landmark.thresholds.band,
        contributions=tuple(_contribution(item, answers) for item in landmark.items),
    )


def _contribution(item: Item, answers: Answers) -> Contribution:
    answer = item.given(answers)
    return Contribution(
        item=item.id,
        text=item.text,
        answer=TEXTS["no_answer"] if answer is None else shown_answer(item, answer),
        is_answered=answer is not None,
        points=item.points_of(answer),
        mean_points=item.mean_points,
        lowest_points=_lowest(item, answers),
        is_changeable=item.changeable,
    )


def _lowest(item: Item, answers: Answers) -> int:
    """Fewest points that an answer gives; of a pair, when what can't change stays as it is."""
    if not item.of:
        return item.points_range(answered=True)[0]
    return min(item.points_with(answers, [one.id for one in item.of if one.changeable]))


def _origin(release: Release) -> Origin:
    publication = release.publication
    return Origin(
        id=publication.id if publication else None,
        valid_from=date.fromisoformat(publication.valid_from) if publication else None,
        valid_until=date.fromisoformat(publication.valid_until) if publication else None,
        municipalities=tuple(municipality.name for municipality in release.municipalities),
        ages=(release.abstention.min_age, release.abstention.max_age),
        outcome=release.outcome.text,
        population=release.population,
        regime=release.regime,
        forbidden_uses=release.forbidden_uses,
        waivers=_waived(release),
    )


def _waived(release: Release) -> tuple[Waived, ...]:
    demands = {gate.id: gate.name for gate in release.decided_gates}
    return tuple(
        Waived(
            gate=waiver.gate,
            demand=demands.get(waiver.gate, Text(sv=waiver.gate, en=waiver.gate)),
            column=waiver.of,
            name=waiver.told["name"],
            reason=waiver.told["reason"],
            until=waiver.until,
        )
        for waiver in release.standing_waivers
    )
