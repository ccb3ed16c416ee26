"""Months so far follow from what happens in the town; nobody answers them, so the item leaves the town as it is."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from riskmodel.instrument.load import read_instrument
from riskmodel.simulate.town import build_town


def test_the_months_so_far_are_no_question_of_the_town():
    instrument = read_instrument(Path("data/instruments/exempelstad.toml"))
    others = tuple(item for item in instrument.items if item.derive != "receipts_so_far")
    assert len(others) == len(instrument.items) - 1
    town, same = build_town(instrument), build_town(replace(instrument, items=others))
    assert [question.item.id for question in town.questions] == [question.item.id for question in same.questions]
    assert town.intercept == same.intercept
    for one, other in zip(town.questions, same.questions, strict=True):
        np.testing.assert_array_equal(one.share, other.share)
        np.testing.assert_array_equal(one.effect, other.effect)
