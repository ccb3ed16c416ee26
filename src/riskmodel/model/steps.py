"""Declared steps of a number: values from which a rule holds, each a column beside the spline."""

from collections.abc import Sequence

import numpy as np

from riskmodel.ground.settings import ModelSettings
from riskmodel.instrument.records import Item
from riskmodel.model.levels import SHARE_DECIMALS, Tally
from riskmodel.model.record import Merge


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
