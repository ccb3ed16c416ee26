"""Laws of what the report prints: parts add up, and nothing hidden can be worked out from what stands beside it."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.disclosure import PROFILES
from riskmodel.report.chapters.consequences import whole_people
from riskmodel.report.disclosed import KEPT, LEFT_AFTER, LEFT_BEFORE, SUMS, disclosed_flow

PARTS = (*LEFT_BEFORE, *LEFT_AFTER, *KEPT)
counts = st.one_of(st.integers(0, 12), st.integers(0, 5000))


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=6))
def test_whole_people_add_up_and_none_is_off_by_one(parts):
    shares = [part / sum(parts) for part in parts]
    people = whole_people(shares)
    assert sum(people) == 100
    assert all(abs(whole - share * 100) < 1 for whole, share in zip(people, shares, strict=True))


@given(st.lists(counts, min_size=len(PARTS), max_size=len(PARTS)), st.sampled_from(sorted(PROFILES)))
def test_no_small_step_of_the_flow_is_shown_nor_a_sum_it_is_part_of(people, profile):
    n = dict(zip(PARTS, people, strict=True))
    steps = {**n, **{name: sum(n[part] for part in parts) for name, parts in SUMS.items()}}
    flow = pd.DataFrame({"step": list(steps), "n": list(steps.values())})
    flow["events_n"] = pd.array(
        [steps[step] // 3 if step in ("joined", "unlinked", "modelled") else None for step in steps], "Int64"
    )
    shown = disclosed_flow(flow, profile=profile).set_index("step")["n"]
    hidden = [part for part in PARTS if part in shown and pd.isna(shown[part])]
    assert all(part in hidden for part in PARTS if 0 < n[part] <= PROFILES[profile].hidden_up_to)
    for total, parts in SUMS.items():
        if total in shown and set(parts) & set(hidden):
            assert pd.isna(shown[total])
