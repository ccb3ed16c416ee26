"""A killed run leaves no worker behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow

RUN = """
import os, time
from joblib import Parallel, delayed, parallel_config
from riskmodel.ground.private import that_end_with_us
def work(_):
    print(os.getpid(), flush=True)
    time.sleep(60)
with parallel_config(backend="loky", inner_max_num_threads=1, **that_end_with_us()):
    Parallel(n_jobs=2)(delayed(work)(one) for one in range(2))
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="Windows does not say when a parent is gone")
def test_workers_end_with_the_process_that_started_them():
    with subprocess.Popen(
        [sys.executable, "-c", RUN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        workers = [int(run.stdout.readline()) for _ in range(2)]
        assert all(map(is_alive, workers))
        run.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while any(map(is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(is_alive, workers))
