"""How answers become columns: levels that are kept or merge, declared steps of a number, declared pairs of items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np

from riskmodel.ground.settings import ModelSettings
from riskmodel.instrument.pairs import JOINT, Pair
from riskmodel.instrument.records import NO_ANSWER, Item
from riskmodel.model.record import ItemCoding, Merge, Sign
from riskmodel.model.sample import Sample

SHARE_DECIMALS = 2  # of a step's mean: nobody moves it
SUM = "sum"  # what a combination without a column of its own merges into


@dataclass(frozen=True, eq=False)
class Tally:
    """People and events per answer of one item; the last entry is no answer. weight: their summed weight."""

    people: np.ndarray
    events: np.ndarray
    weight: np.ndarray

    def too_few(self, answer: int, limits: ModelSettings) -> str | None:
        """Of what there are too few for a column of its own; None when there are enough."""
        people, events = self.people[answer], self.events[answer]
        if people < limits.level_min_people:
            return "people"
        if events < limits.level_min_events:
            return "events"
        return "non_events" if people - events < limits.level_min_non_events else None


def tally(answers: np.ndarray, sample: Sample, *, answers_n: int) -> Tally:
    """Count `answers` (positions 0 … answers_n, the last one no answer), shape (n,), of the people in `sample`."""
    size = answers_n + 1
    return Tally(
        people=np.bincount(answers, sample.copies, minlength=size).astype(int),
        events=np.bincount(answers, sample.copies * sample.outcome, minlength=size).astype(int),
        weight=np.bincount(answers, sample.weight, minlength=size),
    )


def merge_levels(item: Item, counts: Tally, limits: ModelSettings) -> tuple[tuple[str, ...], tuple[Merge, ...]]:
    """For each code the level it is coded as, and the list of merges, rarest first.

    A level goes where the instrument says; without that an ordinal one to its neighbour on the side of the reference,
    another to the reference. A rare reference goes to its fuller neighbour, or to the fullest other level.
    """
    codes = item.codes
    people, events = counts.people[:-1].copy(), counts.events[:-1].copy()
    kept = list(range(len(codes)))
    merges = []
    while len(set(kept)) > 1:
        now = Tally(people, events, people)
        rare = [level for level in sorted(set(kept)) if now.too_few(level, limits)]
        if not rare:
            break
        level = min(rare, key=lambda candidate: people[candidate])
        into = _merge_target(item, level, kept, people)
        if not item.levels[level].route:  # people with a route answer are not fitted, so it is empty by rule
            merges.append(Merge(item.id, codes[level], codes[into], str(now.too_few(level, limits))))
        people[into] += people[level]
        events[into] += events[level]
        kept = [into if current == level else current for current in kept]
    return tuple(codes[level] for level in kept), tuple(merges)


def _merge_target(item: Item, level: int, kept: list[int], people: np.ndarray) -> int:
    codes = item.codes
    declared = item.levels[level].merge_into
    if declared is not None and kept[codes.index(declared)] != level:
        return kept[codes.index(declared)]
    reference = kept[codes.index(item.reference)] if item.reference else level
    others = sorted(set(kept) - {level})
    if item.kind == "ordinal":
        neighbours = [other for other in others if other < level][-1:] + [other for other in others if other > level][
            :1
        ]
        towards = [other for other in neighbours if reference != level and (other < level) == (reference < level)]
        return max(towards or neighbours, key=lambda other: people[other])
    return reference if reference != level else max(others, key=lambda other: people[other])


def code_levels(item: Item, counts: Tally, limits: ModelSettings) -> tuple[ItemCoding, tuple[Merge, ...]]:
    """The coding of a level, ordinal or flag item.

    Level and flag: one column for every kept level. Ordinal: one step column for every kept level after the first,
    1 from that level on, less its rounded mean among those who answered; so a row of zeros is the item's mean in both.
    No answer: a column of its own; or that row of zeros, when too few gave none or the settings say "mean".
    """
    kept, merges = merge_levels(item, counts, limits)
    levels = [code for code in item.codes if code in kept]
    position = np.array([levels.index(code) for code in kept])
    blank, joined = code_blank(item, counts, limits)
    informative = len(levels) > 1 or not _all_rare(counts, limits)
    if item.kind == "ordinal":
        columns = [f"{item.id}>={code}" for code in levels[1:]]
        steps = (position[:, None] >= np.arange(1, len(levels))).astype(float)
        answered = counts.weight[:-1]
        rows = steps - np.round(answered @ steps / answered.sum(), SHARE_DECIMALS) if len(levels) > 1 else steps
    else:
        columns = [f"{item.id}={code}" for code in levels]
        rows = np.eye(len(levels))[position]
    return _finish(item, kept, columns, rows, blank=blank, informative=informative), (*merges, *joined)


def code_blank(item: Item, counts: Tally, limits: ModelSettings) -> tuple[bool, tuple[Merge, ...]]:
    """Whether no answer gets a column of its own; if not because too few gave none, that is listed as a merge."""
    if limits.blanks == "mean":
        return False, ()
    reason = counts.too_few(-1, limits)
    return not reason, (Merge(item.id, NO_ANSWER, "mean", reason),) if reason and counts.people[-1] else ()


def _all_rare(counts: Tally, limits: ModelSettings) -> bool:
    people, events = counts.people[:-1].sum(), counts.events[:-1].sum()
    return Tally(np.array([people]), np.array([events]), np.array([people])).too_few(0, limits) is not None


def _finish(
    item: Item, kept: tuple[str, ...], columns: list[str], rows: np.ndarray, *, blank: bool, informative: bool
) -> ItemCoding:
    categories = len(set(kept)) + blank
    if categories < 2 or not informative:
        columns, rows, blank = [], rows[:, :0], False
    rows, names = with_no_answer(rows, columns, item.id, blank=blank)
    return ItemCoding(item.id, item.kind, item.codes, kept, None, (), names, rows)


def with_no_answer(
    rows: np.ndarray, columns: list[str], item: str, *, blank: bool
) -> tuple[np.ndarray, tuple[str, ...]]:
    """`rows` with a last row for no answer: zeros, and 1 in a column of its own when `blank`."""
    rows = np.vstack([rows, np.zeros((1, rows.shape[1]))])
    if not blank:
        return rows, tuple(columns)
    own = np.zeros((len(rows), 1))
    own[-1] = 1.0
    return np.hstack([rows, own]), (*columns, f"{item}={NO_ANSWER}")


def prior_steps(coding: ItemCoding, prior: np.ndarray) -> np.ndarray:
    """How far a prior's log-odds, (answers + 1,), rise at each column of an ordinal item that is a step; else zero."""
    levels = [code for code in coding.codes if code in coding.kept]
    mean = {level: prior[:-1][[kept == level for kept in coding.kept]].mean() for level in levels}
    rise = {f"{coding.item}>={one}": mean[one] - mean[before] for before, one in pairwise(levels)}
    return np.array([rise.get(column, 0.0) for column in coding.columns])


def against_direction(item: Item, coding: ItemCoding, steps: np.ndarray, *, held: bool) -> list[Sign]:
    """The steps of an ordinal item that go against its declared direction. steps: log-odds, one a column."""
    wanted = {"raises": 1, "lowers": -1}.get(item.direction, 0)
    if item.kind != "ordinal" or not wanted:
        return []
    return [
        Sign(item.id, column.removeprefix(f"{item.id}>="), float(value), item.direction, held)
        for column, value in zip(coding.columns, steps, strict=True)
        if column.startswith(f"{item.id}>=") and value * wanted < 0
    ]


def without_steps(coding: ItemCoding, signs: list[Sign]) -> ItemCoding:
    """`coding` without the step columns named in `signs`: those steps are held at zero."""
    dropped = {f"{sign.item}>={sign.level}" for sign in signs}
    keep = [place for place, column in enumerate(coding.columns) if column not in dropped]
    columns = tuple(coding.columns[place] for place in keep)
    return replace(coding, columns=columns, rows=coding.rows[:, keep])


def kept_steps(item: Item, counts: Tally, limits: ModelSettings) -> tuple[tuple[int, ...], tuple[Merge, ...]]:
    """The steps of `item` with enough people, events and non-events on either side, and what was merged, rarest first.

    A stretch between two steps that holds too few joins its fuller neighbour, so that the step between them goes.
    """
    steps, merges = list(item.steps), []
    while steps:
        stretches = _stretches(steps, counts, minimum=item.minimum or 0)
        rare = [place for place in range(len(steps) + 1) if stretches.too_few(place, limits)]
        if not rare:
            break
        place = min(rare, key=lambda candidate: stretches.people[candidate])
        neighbours = [other for other in (place - 1, place + 1) if 0 <= other <= len(steps)]
        into = max(neighbours, key=lambda other: stretches.people[other])
        step = steps.pop(min(place, into))
        sides = (f">={step}", f"<{step}")
        merges.append(Merge(item.id, *(sides if into < place else sides[::-1]), str(stretches.too_few(place, limits))))
    return tuple(steps), tuple(merges)


def _stretches(steps: Sequence[int], counts: Tally, *, minimum: int) -> Tally:
    """`counts` of a number's values, summed from each step to the next; the first stretch begins at `minimum`."""
    answers_n = len(counts.people) - 1
    starts = np.clip([0, *(step - minimum for step in steps), answers_n], 0, answers_n)
    sums = [np.append(0, np.cumsum(of[:-1])) for of in (counts.people, counts.events, counts.weight)]
    return Tally(*(np.diff(total[starts]) for total in sums))


def step_rows(values: np.ndarray, steps: Sequence[int], weight: np.ndarray) -> np.ndarray:
    """A column a step: 1 from it on, less its rounded mean among those who answered. Shape (values, steps).

    values: every whole number that can be answered; weight: of the people at each.
    """
    reached = (values[:, None] >= np.asarray(steps, dtype=float)).astype(float)
    return reached - np.round(weight @ reached / weight.sum(), SHARE_DECIMALS) if len(steps) else reached


# Both items' own columns, and one for every combination that enough people gave. So a rare combination gets what its
# two answers say one by one, and the ridge pulls every other one towards that: the table departs from a sum only as far
# as the data tell.
def code_pair(pair: Pair, counts: Tally, limits: ModelSettings) -> tuple[ItemCoding, tuple[Merge, ...]]:
    """The coding of `pair`, and what was merged. counts: of the combinations, no answer to either last."""
    first, second = (len(item.codes) + 1 for item in pair.of)
    (one, merged), (other, also_merged) = (
        code_levels(item, _of_one(counts, (first, second), axis), limits) for axis, item in enumerate(pair.of)
    )
    kept = list(product(_kept(one), _kept(other)))
    names, columns, apart = [*one.columns, *other.columns], [], list[Merge]()
    for both in dict.fromkeys(one for one in kept if None not in one):
        given = np.array([combination == both for combination in kept])
        code, reason = JOINT.join(map(str, both)), _too_few(counts, given, limits)
        if not reason:
            names.append(f"{pair.id}={code}")
            columns.append(given.astype(float))
        elif counts.people[given].any():
            apart.append(Merge(pair.id, code, SUM, reason))
    rows = [np.repeat(one.rows, second, axis=0), np.tile(other.rows, (first, 1)), *(own[:, None] for own in columns)]
    coding = ItemCoding(pair.id, pair.kind, pair.codes, pair.codes, None, (), tuple(names), np.hstack(rows))
    return coding, (*merged, *also_merged, *apart)


def _of_one(counts: Tally, shape: tuple[int, int], axis: int) -> Tally:
    """The counts of one of the two items, no answer last."""
    return Tally(*(of.reshape(shape).sum(axis=1 - axis) for of in (counts.people, counts.events, counts.weight)))


def _kept(coding: ItemCoding) -> Iterator[str | None]:
    """For each answer, no answer last, as what it is coded; None where that is nothing."""
    yield from (level if coding.columns else None for level in coding.kept)
    yield NO_ANSWER if coding.has_no_answer else None


def _too_few(counts: Tally, given: np.ndarray, limits: ModelSettings) -> str | None:
    of_both = (of[given].sum(keepdims=True) for of in (counts.people, counts.events, counts.weight))
    return Tally(*of_both).too_few(0, limits)
