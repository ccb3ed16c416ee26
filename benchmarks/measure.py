"""Seconds and memory of a command with everything it starts, as one figure each."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

INTERVAL_SECONDS = 0.05


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds, and the largest sum of resident memory over the process tree (MiB)."""

    wall: float
    cpu: float
    mib: float


def measure(command: list[str], *, cwd: Path, environment: dict[str, str]) -> Measured:
    """Run `command` and measure it; a command that fails is an error."""
    before, started, peak = _cpu_of_children(), time.perf_counter(), 0
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(INTERVAL_SECONDS)
        said = process.stderr.read() if process.stderr else ""
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said[-2000:]}")
    return Measured(time.perf_counter() - started, _cpu_of_children() - before, peak / 2**20)


def _cpu_of_children() -> float:
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


def _resident(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
    except psutil.NoSuchProcess:
        return total
    return total
