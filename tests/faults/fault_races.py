"""People who act at the same moment: each in a process of their own, all let go at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fault_acts import Ready, put_out, take_back
from fault_process import together

from riskmodel.release import ledger

PATIENCE_SECONDS = 3600


def published_at_once(ready: Ready, racers_n: int) -> list[str]:
    """What each of `racers_n` publishers of the same candidate is told."""
    return _raced([partial(put_out, ready)] * racers_n)


def withdrawn_at_once(ready: Ready, racers_n: int) -> list[str]:
    """What each of `racers_n` people is told who withdraw the same release."""
    return _raced([partial(take_back, ready)] * racers_n)


def published_and_withdrawn(ready: Ready, racers_n: int) -> list[str]:
    """What each is told when half publish a release and half withdraw it."""
    half = racers_n // 2
    return _raced([partial(put_out, ready), partial(take_back, ready)] * half)


def _raced(calls: Sequence[Callable[[], Any]]) -> list[str]:
    """What came of `calls`, each of which waits for the ledger for as long as the others and the machine need."""
    ledger.WAIT_SECONDS = PATIENCE_SECONDS  # nobody else is in this process, see `fault_process.apart`
    return together(calls)
