"""Laws of the case-control design: the listed stand for everybody, and weights speak of the inflow."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.cohort.case_control import event_rate, inflow_weights, listing_weights
from riskmodel.cohort.two_forms import net_shift
from riskmodel.instrument.records import Item, Level, Text

TEXT = Text("", "")
LEVELS = tuple(Level(code, TEXT) for code in "abcd")
CODES = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=40)
MONTHS = st.lists(st.tuples(st.integers(1, 4), st.integers(10, 12), st.booleans()), min_size=1, max_size=200)
PEOPLE = st.lists(st.tuples(st.booleans(), st.floats(0.5, 3), st.integers(0, 20)), min_size=2, max_size=60)


@given(MONTHS)
def test_the_listed_of_every_month_weigh_as_much_as_its_events(rows):
    month, months_on, listed = (np.array(column) for column in zip(*rows, strict=True))
    reached = np.isin(month, month[listed])  # months without anybody listed are left out before
    if reached.any():
        month, months_on, listed = month[reached], months_on[reached].astype(float), listed[reached]
        weight = listing_weights(month, months_on, listed)
        assert ((weight > 0) == listed).all()
        for one in np.unique(month):
            assert weight[month == one].sum() == pytest.approx((month == one).sum())


@given(PEOPLE, st.floats(0.05, 0.95))
def test_weights_bring_the_event_rate_to_that_of_the_inflow_and_their_scale_does_not_matter(rows, tau):
    outcome, weight, cluster = (np.array(column) for column in zip(*rows, strict=True))
    outcome = outcome.astype(float)
    if 0 < outcome.sum() < len(outcome):
        brought, correction = inflow_weights(outcome, weight, tau=tau)
        rate = event_rate(outcome, brought, cluster)
        assert rate.estimate == pytest.approx(tau) and rate.low <= rate.estimate * (1 + 1e-9) <= rate.high * (1 + 1e-8)
        assert inflow_weights(outcome, 3 * weight, tau=tau)[1] == pytest.approx(correction)
        # what has the inflow's rate already is left as it is
        assert inflow_weights(outcome, brought, tau=tau)[0] == pytest.approx(brought)


@given(CODES, st.sampled_from(["ordinal", "level"]))
def test_a_net_shift_is_a_share_the_same_both_ways_and_none_where_nothing_moved(pairs, kind):
    item = Item(id="x", text=TEXT, kind=kind, use="predictor", levels=LEVELS)
    before, after = (pd.Series(list(column)) for column in zip(*pairs, strict=True))
    found = net_shift(item, before, after)
    assert 0 <= found <= 1
    assert net_shift(item, after, before) == pytest.approx(found)
    assert net_shift(item, before, before) == 0
