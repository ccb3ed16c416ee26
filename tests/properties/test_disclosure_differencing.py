"""Somebody lays every release beside the others and works out, in whole numbers, what was hidden or has changed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from published_counts import EVENTS, OTHERS, Reader, Shown, measures_of, shown_of

from riskmodel.disclosure import PROFILES, disclose_measures, read_whole

SHAPES = st.tuples(st.integers(1, 3), st.just(2), st.just(2))
FIRST = st.one_of(st.integers(0, 9), st.integers(0, 400))
CHANGES = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 60))


@st.composite
def two_releases(draw):
    """People counted twice: those who came in between were not in the first, or those who left not in the second."""
    shape = draw(SHAPES)
    fewer, more = draw(arrays(np.int64, shape, elements=FIRST)), draw(arrays(np.int64, shape, elements=CHANGES))
    return (fewer, fewer + more) if draw(st.booleans()) else (fewer + more, fewer)


def published(people: list[np.ndarray], *, profile: str, compared: bool = True) -> list[Shown]:
    """Each release as it is shown after those before it."""
    releases, before = [], []
    for one in people:
        disclosed = disclose_measures(measures_of(one), profile=profile, before=before if compared else ())
        releases.append(shown_of(disclosed, profile))
        before.append(read_whole(disclosed.to_dict("records"), PROFILES[profile]))
    return releases


def worked_out(people: list[np.ndarray], releases: list[Shown], *, limit: int) -> list[tuple]:
    """The changes by a handful, and the counts of a handful, that a reader can tell to within the limit."""
    smaller, larger = (0, 1) if people[0].sum() <= people[1].sum() else (1, 0)
    reader = Reader(releases, nested=[(smaller, larger)])
    true = [measures_of(one).set_index(["scope", "group"])[["events_n", "n"]] for one in people]
    found = []
    for cell in releases[0].counts:
        counts = [(int(one.loc[cell, "events_n"]), int(one.loc[cell, "n"] - one.loc[cell, "events_n"])) for one in true]
        for outcome in (EVENTS, OTHERS):
            small = [number for number in (0, 1) if counts[number][outcome] <= limit]
            targets = [{(number, cell, outcome): 1} for number in small]
            changed = abs(counts[1][outcome] - counts[0][outcome])
            if changed <= limit and sum(counts[0]) != sum(counts[1]):
                targets.append({(larger, cell, outcome): 1, (smaller, cell, outcome): -1})
            for target in targets:
                least, most = reader.span(target)
                if most - least <= limit:
                    found.append((cell, outcome, target, least, most))
    return found


@settings(max_examples=40, deadline=None)
@given(people=two_releases())
def test_two_exact_releases_tell_of_no_handful(people):
    limit = PROFILES["internal"].hidden_up_to
    assert not worked_out(people, published(people, profile="internal"), limit=limit)
