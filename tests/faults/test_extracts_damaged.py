"""Damaged deliveries and files, a few of each; `benchmarks/damaged_deliveries.py` takes thousands."""

import pytest
from damaged import SILENT, TRACEBACK, damaged_deliveries
from damaged_bytes import READ, outcomes
from damaged_kinds import KINDS


def test_no_damage_goes_by_in_silence():
    found = [*damaged_deliveries(len(KINDS), seed=11)]
    assert {each.kind for each in found} == {*KINDS}
    assert [each for each in found if each.outcome in (SILENT, TRACEBACK)] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav", "parquet"])
def test_no_byte_ends_in_a_traceback(kind):
    became, tracebacks = outcomes(kind, 40, seed=5)
    assert not tracebacks
    assert became[READ] + became["of its kind"] >= 20
