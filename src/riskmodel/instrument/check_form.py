"""What must hold for what a form does beside adding points: contradictions and the applicant's own rating.

Each check raises a `SettingsError` with the remedy.
"""

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.words import LANGUAGES
from riskmodel.instrument import REFUSALS
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Condition, Contradiction, Instrument, Item

LONGEST_TEXT = 120  # of a contradiction, which stands on one line of an advice


def check_form(instrument: Instrument, *, where: str) -> None:
    """Raise a `SettingsError` at the first contradiction or own rating of `instrument` that can't be used."""
    asked = {item.id: item for item in instrument.items if item.use == "predictor"}
    if instrument.own_rating not in (None, *asked):
        raise SettingsError(REFUSALS["own_rating_elsewhere"].filled(where=where, allowed=", ".join(asked)))
    for number, contradiction in enumerate(instrument.contradictions, start=1):
        _check_contradiction(contradiction, asked, f"{where}: contradictions {number}")


def _check_contradiction(contradiction: Contradiction, asked: dict[str, Item], where: str) -> None:
    for said in map(contradiction.text.said, LANGUAGES):
        if not said.strip() or len(said) > LONGEST_TEXT or "\n" in said:
            raise SettingsError(REFUSALS["no_line_of_text"].filled(where=where, most=LONGEST_TEXT))
    items = [condition.item for condition in contradiction.when]
    if len(items) < 2 or len(set(items)) < len(items):
        raise SettingsError(REFUSALS["few_conditions"].filled(where=where))
    for condition in contradiction.when:
        if condition.item not in asked:
            allowed = ", ".join(asked)
            raise SettingsError(
                REFUSALS["condition_elsewhere"].filled(where=where, item=condition.item, allowed=allowed)
            )
        _check_condition(condition, asked[condition.item], f"{where}: {condition.item}")


def _check_condition(condition: Condition, item: Item, where: str) -> None:
    ends = [end for end in (condition.first, condition.last) if end is not None]
    if not item.is_number:
        if ends or not condition.answers or not set(condition.answers) < set(item.codes):
            raise SettingsError(REFUSALS["no_such_answers"].filled(where=where, codes=", ".join(item.codes)))
    elif condition.answers or not ends or not _is_reachable(condition, item):
        rises = REFUSALS["rises"] if item.derive == RECEIPTS_SO_FAR else ""
        ends_of_item = {"first": item.minimum, "last": item.maximum}
        raise SettingsError(REFUSALS["no_such_numbers"].filled(where=where, rises=rises, **ends_of_item))


def _is_reachable(condition: Condition, item: Item) -> bool:
    """Whether some of the item's numbers meet it, and not all; months in the case itself rise with the landmark."""
    lowest, highest = item.minimum or 0, item.maximum or 0
    if item.derive == RECEIPTS_SO_FAR:
        return condition.last is None or condition.last >= lowest
    meets = [condition.holds(number) for number in range(lowest, highest + 1)]
    return any(meets) and not all(meets)
