"""The coding of a declared pair: both items' own columns, and one for every combination that enough people gave.

So a rare combination gets what its two answers say one by one, and the ridge pulls every other one towards that: the
table departs from a sum only as far as the data tell.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from riskmodel.ground.settings import ModelSettings
from riskmodel.instrument.pairs import JOINT, Pair
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model.levels import Tally, code_levels
from riskmodel.model.record import ItemCoding, Merge

SUM = "sum"  # what a combination without a column of its own merges into


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
