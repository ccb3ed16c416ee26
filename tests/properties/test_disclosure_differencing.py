"""Somebody lays every release beside the others and works out, in whole numbers, what was hidden or has changed."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from published_counts import EVENTS, OTHERS, Reader, Shown, measures_of, nothing_of, shown_of, whole_of

from riskmodel.disclosure import PROFILES, disclose_measures
from riskmodel.disclosure.reader import pinned_n, unsafe_cells

FIRST = st.one_of(st.integers(0, 9), st.integers(0, 400))
CHANGES = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 60))


@st.composite
def counted_again(draw, most=3):
    """People by area, sex and outcome, counted two or three times: some have come each time, or some have left."""
    shape = (draw(st.integers(1, 3)), 2, 2)
    times = draw(st.integers(2, most))
    found = [draw(arrays(np.int64, shape, elements=FIRST))]
    for _ in range(times - 1):
        found.append(found[-1] + draw(arrays(np.int64, shape, elements=CHANGES)))
    return found if draw(st.booleans()) else found[::-1]


def published(people: list[np.ndarray], *, profile: str, compared: bool = True) -> list[Shown]:
    """Each release as it is shown after those before it; all of its counts hidden where G9 would object."""
    releases: list[Shown] = []
    for one in people:
        before = [whole_of(release) for release in releases] if compared else []
        shown = shown_of(disclose_measures(measures_of(one), profile=profile, before=before), profile)
        releases.append(nothing_of(shown) if compared and objections_n(shown, before) else shown)
    return releases


def objections_n(shown: Shown, before: list) -> int:
    """How many counts the gate takes exception to."""
    limit, now = PROFILES[shown.profile].hidden_up_to, whole_of(shown)
    return pinned_n(now, limit=limit) + sum(len(unsafe_cells(now, one, limit=limit)) for one in before)


def worked_out(people: list[np.ndarray], releases: list[Shown]) -> list[tuple]:
    """The counts of a handful that a reader can tell to within the limit, and the changes known to be of a handful."""
    rule = PROFILES[releases[0].profile]
    grows = people[0].sum() <= people[-1].sum()
    pairs = [pair if grows else pair[::-1] for pair in combinations(range(len(people)), 2)]
    reader = Reader(releases, nested=pairs)
    true = [
        measures_of(one).set_index(["scope", "group"]).assign(others_n=lambda m: m["n"] - m["events_n"])
        for one in people
    ]
    found = []
    for cell, outcome in product(releases[0].counts, (EVENTS, OTHERS)):
        counts = [int(one.loc[cell, ["events_n", "others_n"][outcome]]) for one in true]
        sizes = [int(one.loc[cell, "n"]) for one in true]
        for number, count in enumerate(counts):
            if count <= rule.hidden_up_to:
                least, most = reader.span({(number, cell, outcome): 1})
                if most - least < still_open(number, counts, releases, cell, rule.hidden_up_to):
                    found.append((cell, outcome, number, least, most))
        for fewer, more in pairs:
            if counts[more] - counts[fewer] <= rule.hidden_up_to and sizes[fewer] != sizes[more]:
                least, most = reader.span({(more, cell, outcome): 1, (fewer, cell, outcome): -1})
                is_told = most - least <= rule.hidden_up_to if rule.rounding == 1 else 1 <= least or most == 0
                if is_told and most <= rule.hidden_up_to:
                    found.append((cell, outcome, (fewer, more), least, most))
    return found


def still_open(number: int, counts: list[int], releases: list[Shown], cell: tuple, limit: int) -> int:
    """How wide a span must be: more than the limit, unless another release tells more by itself."""
    shown = [other for other, release in enumerate(releases) if release.counts[cell][1] is not None]
    above = [counts[other] - counts[number] for other in shown if counts[other] >= counts[number]]
    below = [counts[number] - counts[other] for other in shown if counts[other] <= counts[number]]
    away = PROFILES[releases[0].profile].rounding // 2
    return min(limit + 1, max(min(above, default=limit + 1), min(below, default=0)) + away)


@pytest.mark.parametrize("profile", sorted(PROFILES))
@settings(max_examples=25)
@given(people=counted_again())
def test_releases_laid_side_by_side_tell_of_no_handful(profile, people):
    assert not worked_out(people, published(people, profile=profile))


UNCOMPARED = {
    # three men more, 60 women more of either outcome
    "internal": [
        np.array([[[100, 200], [90, 180]], [[80, 160], [70, 140]]]),
        np.array([[[103, 260], [150, 240]], [[80, 160], [70, 140]]]),
    ],
    # 501 events, then 503: rounded by themselves and as the two sexes, they are told to be one to six more
    "public": [np.array([[[278, 97], [223, 64]]]), np.array([[[279, 100], [224, 66]]])],
}


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_the_reader_has_teeth_releases_that_were_not_compared_tell(profile):
    people = UNCOMPARED[profile]
    alone = published(people, profile=profile, compared=False)
    assert worked_out(people, alone)
    assert objections_n(alone[1], [whole_of(alone[0])]) > 0  # and the gate sees it, too
    assert not worked_out(people, published(people, profile=profile))
