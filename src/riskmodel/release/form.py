"""What must agree in what a release says to a form beside its points. Standard library only."""

from collections.abc import Iterator, Mapping, Sequence

from riskmodel.ground.departures import DEPARTURE_ID, OTHER, Departure
from riskmodel.instrument.records import Condition, Contradiction
from riskmodel.release.item import Question


def wrong_in_form(
    questions: Mapping[str, Sequence[Question]],
    *,
    contradictions: Sequence[Contradiction],
    own_rating: str | None,
    departures: Sequence[Departure],
) -> Iterator[tuple[str, str]]:
    """What does not agree, and with what. questions: by id, as each of the release's tables has it."""
    if own_rating not in (None, *questions):
        yield "the own rating", "the questions"
    for contradiction in contradictions:
        met = [_can_hold(condition, questions.get(condition.item, ())) for condition in contradiction.when]
        if len(met) < 2 or not all(met) or len({one.item for one in contradiction.when}) < len(met):
            yield "a contradiction", "the questions and their answers"
    ids = [departure.id for departure in departures]
    if len(set(ids)) < len(ids) or not all(map(DEPARTURE_ID.fullmatch, ids)) or OTHER in ids[:-1]:
        yield "a reason to depart", "the others"


def _can_hold(condition: Condition, questions: Sequence[Question]) -> bool:
    """Whether some answer to one of `questions`, the same one in several tables, meets `condition`."""
    known = [{*one.answers, *one.routes} for one in questions]
    are_codes = all(any(code in codes for codes in known) for code in condition.answers)
    return are_codes and any(condition.holds(answer) for codes in known for answer in codes)
