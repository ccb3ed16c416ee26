"""People who act at the same moment: each in a process of their own, all let go at once."""

from functools import partial

from fault_acts import Ready, put_out, take_back
from fault_process import together


def published_at_once(ready: Ready, racers_n: int) -> list[str]:
    """What each of `racers_n` publishers of the same candidate is told."""
    return together([partial(put_out, ready)] * racers_n)


def withdrawn_at_once(ready: Ready, racers_n: int) -> list[str]:
    """What each of `racers_n` people is told who withdraw the same release."""
    return together([partial(take_back, ready)] * racers_n)


def published_and_withdrawn(ready: Ready, racers_n: int) -> list[str]:
    """What each is told when half publish a release and half withdraw it."""
    half = racers_n // 2
    return together([partial(put_out, ready), partial(take_back, ready)] * half)
