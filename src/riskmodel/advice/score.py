"""Advice for one case: answers in, the published arithmetic, one of four answers out, and what is said beside it.

Standard library only.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Literal
from unicodedata import normalize

from riskmodel.advice import record
from riskmodel.advice.abstain import (
    OF_RELEASE,
    UNANSWERED,
    UNUSUAL,
    Answers,
    abstention,
    deciding,
    next_question,
    sums_to_come,
)
from riskmodel.extracts.disguise import plain_text
from riskmodel.extracts.personal_numbers import holds_personal_number, is_birth_date
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.statistics import risk_at
from riskmodel.instrument.records import Text
from riskmodel.release import TEXTS as CASE_TEXTS
from riskmodel.release.answers import resolve_answers, risk_interval, shown_answer, variance_at
from riskmodel.release.bundle import named_once
from riskmodel.release.item import Item
from riskmodel.release.json_record import plain
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

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
    return SurveyDataError(CASE_TEXTS[why].filled(file=path.name))


def case_reference(given: object) -> str | None:
    """The number `given` of a case, as it can be seen; None for none. What may be a person's is a `SurveyDataError`."""
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > LONGEST_REFERENCE or not _is_in_digits(given):
        raise SurveyDataError(CASE_TEXTS["no_reference"].filled(most=LONGEST_REFERENCE))
    reference = plain(given)
    if any(holds_personal_number(one) or _holds_birth(one) for one in (given, reference)):
        raise SurveyDataError(CASE_TEXTS["personal_number"])
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


def advise(
    release: Release,
    answers: Mapping[str, object],
    *,
    today: date,
    own_assessment: str | None = None,
    municipality: str | None = None,
    month: int = 0,
    reference: str | None = None,
) -> record.Advice:
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
    return record.Advice(
        own_assessment=_as_written(own_assessment or "") or None,
        answer=score and landmark.thresholds.answer_at(score.points) or record.TOO_LITTLE,
        score=score,
        unusual=total if why == UNUSUAL else None,
        abstention=reason,
        so_far=None if total is None else _so_far(release, landmark, resolved),
        areas=() if total is None else _areas(release, landmark, total.contributions),
        own_rating=None if total is None else _own_rating(release, landmark, resolved),
        contradictions=() if why in OF_RELEASE else tuple(one for one in release.contradictions if one.holds(resolved)),
        deciding=deciding(release, landmark, resolved) if why is None else (),
        next_question=_next(release, landmark, resolved, why),
        origin=_origin(release),
        day=today,
        month=month,
        reference=case_reference(reference),
    )


def _next(release: Release, landmark: Landmark, answers: Answers, why: str | None) -> record.Question | None:
    """The question to ask next, where there is advice or too little for it. why: there is none."""
    if why not in (None, UNANSWERED):
        return None
    return next_question(release, landmark, answers, only_deciding=why is None)


def _as_written(text: str) -> str:
    """`text` line by line, without what can't be seen: it is shown in a terminal and pasted into the case system."""
    return "\n".join(map(plain, text.split("\n"))).strip()


def _score(landmark: Landmark, answers: Answers, total: record.Total) -> record.Score:
    low, high = risk_interval(landmark, total.points, variance=variance_at(landmark, answers))
    # without a limit there is no score: `abstention` says so
    at_limit = risk_at(landmark.offset + (total.flag or 0) * landmark.per_point)
    risk = landmark.risk_of(total.points)
    return record.Score(**vars(total), risk=risk, low=low, high=high, is_near=low <= at_limit <= high)


def _total(landmark: Landmark, answers: Answers) -> record.Total:
    return record.Total(
        points=landmark.sum_of_points(answers),
        flag=landmark.thresholds.flag,
        band=landmark.thresholds.band,
        contributions=tuple(_contribution(item, answers) for item in landmark.items),
    )


def _contribution(item: Item, answers: Answers) -> record.Contribution:
    answer = item.given(answers)
    return record.Contribution(
        item=item.id,
        text=item.text,
        answer=shown_answer(item, answer),
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


def _origin(release: Release) -> record.Origin:
    publication = release.publication
    return record.Origin(
        id=release.id,
        valid_from=date.fromisoformat(publication.valid_from) if publication else None,
        valid_until=date.fromisoformat(publication.valid_until) if publication else None,
        municipalities=tuple(municipality.name for municipality in release.municipalities),
        ages=(release.abstention.min_age, release.abstention.max_age),
        outcome=release.outcome.text,
        population=release.population,
        regime=release.regime,
        forbidden_uses=release.forbidden_uses,
        waivers=waived(release),
    )


def waived(release: Release) -> tuple[record.Waived, ...]:
    """What `release` is used without meeting."""
    demands = {gate.id: gate.name for gate in release.decided_gates}
    return tuple(
        record.Waived(
            gate=waiver.gate,
            demand=demands.get(waiver.gate, Text(sv=waiver.gate, en=waiver.gate)),
            column=waiver.of,
            name=waiver.told["name"],
            reason=waiver.told["reason"],
            until=waiver.until,
        )
        for waiver in release.standing_waivers
    )


def _areas(
    release: Release, landmark: Landmark, contributions: Sequence[record.Contribution]
) -> tuple[record.Area, ...]:
    """Every life area that `landmark` asks about, in the order it does. contributions: one an item."""
    found: dict[str, list[record.Contribution]] = {}
    for item, contribution in zip(landmark.items, contributions, strict=True):
        found.setdefault(item.life_area, []).append(contribution)
    named = [area for area in found if area in release.life_areas]  # early formats may not name them all
    return tuple(_area(release, area, found[area]) for area in named)


def _area(release: Release, area: str, entries: Iterable[record.Contribution]) -> record.Area:
    """Whether some answer in it gives more points than the average case has there, some fewer, both or neither."""
    beside = [entry.above_mean for entry in entries if entry.is_answered]
    above = any(difference >= record.NOTICEABLE_POINTS for difference in beside)
    below = any(difference <= -record.NOTICEABLE_POINTS for difference in beside)
    text = release.life_areas[area]
    if not beside:
        return record.Area(area, text, "unanswered")
    if above and below:
        return record.Area(area, text, "both")
    return record.Area(area, text, "above" if above else "below" if below else "average")


def _own_rating(release: Release, landmark: Landmark, answers: Answers) -> record.OwnRating | None:
    """What the applicant answered to the question that is their own view; None without one or an answer to it."""
    for question in landmark.questions:
        answer = answers[question.id]
        if question.id == release.own_rating and answer is not None:
            return record.OwnRating(question.id, question.text, shown_answer(question, answer))
    return None


def _so_far(release: Release, landmark: Landmark, answers: Answers) -> record.SoFar:
    """The points of what is answered, and the range in which the sum will be when all is."""
    lowest, highest = sums_to_come(landmark, answers)
    parts = [
        record.PartSoFar(part.id, part.text, sum(answers[one.id] is not None for one in asked), len(asked))
        for part in release.parts
        if (asked := [one for one in landmark.questions if one.part == part.id])
    ]
    answered = [item for item in landmark.items if item.given(answers) is not None]
    points = sum(item.points_of(item.given(answers)) for item in answered)
    return record.SoFar(points, lowest, highest, landmark.thresholds.flag, tuple(parts))
