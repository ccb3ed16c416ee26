"""Two questions whose answers are weighed together, as one item. Standard library only.

Its id is both ids, and each of its codes is both codes, with a mark between that neither can hold: `housing+debts`,
`own+yes`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import DeclaredPair
from riskmodel.ground.words import LANGUAGES, Text, read_words
from riskmodel.instrument import REFUSALS
from riskmodel.instrument.records import NO_ANSWER, Instrument, Item, Level

PAIR, JOINT = "pair", "+"
TEXTS = read_words(Path(__file__).parent / "texts" / "pairs.toml")
SILENT = Level(NO_ANSWER, TEXTS["no_answer"])


@dataclass(frozen=True)
class Pair(Item):
    """An item whose answers are the combinations of those to both questions `of`, no answer among them.

    No answer to either is the pair's own.
    """

    of: tuple[Item, ...] = ()


def joined(first: Item, second: Item) -> Pair:
    """Two items that have levels, as one."""
    both = (first, second)
    return Pair(
        id=JOINT.join(item.id for item in both),
        text=_said("questions", first.text, second.text),
        name=_said("names", first.short, second.short),
        kind=PAIR,
        use=second.use,
        life_area=second.life_area,
        part=second.part,
        known_from=max(item.known_from for item in both),
        changeable=any(item.changeable for item in both),
        levels=tuple(_levels(first, second)),
        grounds=tuple(dict.fromkeys(ground for item in both for ground in item.grounds)),
        justification=" ".join(item.justification for item in both if item.justification),
        of=both,
    )


def _levels(first: Item, second: Item) -> Iterator[Level]:
    for one in (*first.levels, SILENT):
        for other in (*second.levels, SILENT):
            if one is not SILENT or other is not SILENT:
                code, text = f"{one.code}{JOINT}{other.code}", _said("answers", one.text, other.text)
                yield Level(code, text, route=one.route or other.route)


def _said(key: str, first: Text, second: Text) -> Text:
    parts = [{"first": first.said(language), "second": second.said(language)} for language in LANGUAGES]
    return Text(*(TEXTS.say(key, language, **own) for language, own in zip(LANGUAGES, parts, strict=True)))


def parts_of(joint: str) -> list[str]:
    """Both ids or codes of a pair's; an id or code of its own is all there is."""
    return joint.split(JOINT)


def questions_in(items: Iterable[str]) -> tuple[str, ...]:
    """The ids of what is asked for `items`: of a pair both."""
    return tuple(question for item in items for question in parts_of(item))


def item_of(instrument: Instrument, item_id: str) -> Item:
    """The item of a table of points with this id, which may be a pair's; KeyError when there is none."""
    questions = [instrument.item(question) for question in parts_of(item_id)]
    return joined(*questions) if len(questions) > 1 else questions[0]


def with_pairs(items: Iterable[Item], pairs: Iterable[DeclaredPair]) -> tuple[Item, ...]:
    """`items` with both of each pair as one, where the second stood; a pair that is not whole here stays apart."""
    own = {item.id: item for item in items}
    whole = {pair.items: joined(*(own[item] for item in pair.items)) for pair in pairs if set(pair.items) <= set(own)}
    gone, instead = {first for first, _ in whole}, {second: pair for (_, second), pair in whole.items()}
    return tuple(instead.get(item.id, item) for item in own.values() if item.id not in gone)


def check_pairs(instrument: Instrument, pairs: Iterable[DeclaredPair]) -> None:
    """Refuse declared pairs that can't get a table."""
    asked = {item.id: item for item in instrument.items if item.use == "predictor"}
    with_levels = [item for item in asked if asked[item].levels]
    seen: list[str] = []
    for pair in pairs:
        where = f"params.toml: model: pairs: {', '.join(pair.items)}"
        if len(pair.items) != 2 or set(pair.items) & set(seen) or len(set(pair.items)) == 1:
            raise SettingsError(REFUSALS["no_pair"].filled(where=where))
        numbers = [item for item in pair.items if item in asked and item not in with_levels]
        if numbers:
            raise SettingsError(REFUSALS["pair_of_number"].filled(where=where, item=numbers[0]))
        if not set(pair.items) <= set(with_levels):
            allowed = ", ".join(with_levels) or REFUSALS["none"]
            raise SettingsError(REFUSALS["pair_elsewhere"].filled(where=where, allowed=allowed))
        seen += pair.items
