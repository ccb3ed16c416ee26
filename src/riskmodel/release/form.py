"""What must agree in what a release says to a form beside its points. Standard library only."""

from collections.abc import Iterator, Sequence

from riskmodel.ground.departures import DEPARTURE_ID, OTHER, Departure
from riskmodel.ground.text import Text
from riskmodel.instrument.records import Condition, Contradiction
from riskmodel.release.item import Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.refusals import PARTS


def wrong_in_form(
    landmarks: Sequence[Landmark],
    *,
    contradictions: Sequence[Contradiction],
    own_rating: str | None,
    departures: Sequence[Departure],
) -> Iterator[tuple[Text, Text]]:
    """What does not agree, and with what."""
    asked = {question.id for landmark in landmarks for question in landmark.questions}
    if own_rating not in (None, *asked):
        yield PARTS["own_rating"], PARTS["questions"]
    if not all(can_be_met(contradiction, landmarks) for contradiction in contradictions):
        yield PARTS["contradiction"], PARTS["questions_and_answers"]
    ids = [departure.id for departure in departures]
    if len(set(ids)) < len(ids) or not all(map(DEPARTURE_ID.fullmatch, ids)) or OTHER in ids[:-1]:
        yield PARTS["departure"], PARTS["others"]


def can_be_met(contradiction: Contradiction, landmarks: Sequence[Landmark]) -> bool:
    """Whether some case of one of `landmarks` can give all the answers, which are to different questions."""
    items = [condition.item for condition in contradiction.when]
    if len(items) < 2 or len(set(items)) < len(items):
        return False
    tables = [{question.id: question for question in landmark.questions} for landmark in landmarks]
    return any(
        all(one.item in table and _can_hold(one, table[one.item]) for one in contradiction.when) for table in tables
    )


def _can_hold(condition: Condition, question: Question) -> bool:
    known = {*question.answers, *question.routes}
    return known.issuperset(condition.answers) and any(map(condition.holds, known))
