"""Laws of the three base rates: where they must agree, and by how much the one leans on the quick leavers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.cohort.censoring import Ends, base_rates, incidence

LAST = 12
END = st.tuples(st.integers(1, LAST), st.sampled_from(["event", "non_event", "censored"]), st.integers(0, 9))
ENDS = st.lists(END, min_size=1, max_size=40)

few = settings(max_examples=30)


def cases_of(ends):
    month, kind, cluster = (pd.Series(column) for column in zip(*ends, strict=True))
    decided = kind != "censored"
    return pd.DataFrame(
        {
            "decided_month": month.where(decided).astype("Int16"),
            "censored_month": month.mask(decided).astype("Int16"),
            "outcome": (kind == "event").astype("Int8").where(decided).astype("Int8"),
            "fitted": True,
            "complete": True,
            "intake_year": 2020,
            "area": "North",
            "cluster_id": cluster,
        }
    )


def decided_last(ends):
    """The same ends and two more that are decided after them all, so that nobody stays undecided."""
    return [*ends, (LAST + 1, "event", 0), (LAST + 1, "non_event", 1)]


@few
@given(ENDS)
def test_with_one_stratum_the_incidence_is_the_weighted_rate(ends):
    found = base_rates(cases_of(decided_last(ends)))
    assert found["undecided_share"] == pytest.approx(0)
    assert found["kaplan_meier_share"] == pytest.approx(found["ipcw_share"])


@few
@given(ENDS.filter(lambda ends: any(kind != "censored" for _, kind, _ in ends)))
def test_what_stays_undecided_is_all_that_parts_them(ends):
    found = base_rates(cases_of(ends))
    assert found["kaplan_meier_share"] == pytest.approx(found["ipcw_share"] * (1 - found["undecided_share"]))


@few
@given(ENDS)
def test_without_censoring_all_three_are_one(ends):
    observed = [(month, "event" if kind == "event" else "non_event", cluster) for month, kind, cluster in ends]
    found = base_rates(cases_of(observed))
    shares = [found[name] for name in ("known_share", "ipcw_share", "kaplan_meier_share")]
    assert shares == pytest.approx([np.mean([kind == "event" for _, kind, _ in observed])] * 3)


@few
@given(ENDS, st.randoms(use_true_random=False))
def test_neither_order_nor_what_clusters_are_called_matters(ends, random):
    shuffled = [(month, kind, 9 - cluster) for month, kind, cluster in random.sample(ends, len(ends))]
    assert base_rates(cases_of(ends)) == pytest.approx(base_rates(cases_of(shuffled)))


@few
@given(ENDS)
def test_the_error_is_what_each_cluster_would_move_the_incidence(ends):
    """Against numbers: every cluster weighted up a little, in copies of everybody."""
    ends = decided_last(ends)
    copies_n = 4_000
    month, kind, cluster = (np.array(column) for column in zip(*ends, strict=True))

    def share(times):
        rows = np.repeat(np.arange(len(ends)), times)
        alone = np.arange(len(rows))
        return incidence(Ends(month[rows], kind[rows] != "censored", kind[rows] == "event", alone)).share

    plain = share(np.full(len(ends), copies_n))
    moved = [copies_n * (share(copies_n + (cluster == one)) - plain) for one in set(cluster.tolist())]
    found = incidence(Ends(month, kind != "censored", kind == "event", cluster))
    assert found.se == pytest.approx(np.sqrt(np.sum(np.square(moved))), abs=1e-3)


@few
@given(ENDS, st.integers(2, 5))
def test_copies_in_their_own_cluster_change_nothing(ends, copies):
    one, more = base_rates(cases_of(ends)), base_rates(cases_of(ends * copies))
    for name in ("known_share", "kaplan_meier_share", "kaplan_meier_low", "kaplan_meier_high"):
        assert more[name] == pytest.approx(one[name])
