"""What interrupted, raced, tampered and damaged releases come to, counted: `tests/faults` at any size.

`PYTHONPATH=tests:tests/faults python benchmarks/faults.py --kills 500 --mutants 10000`: some minutes on one core.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fault_acts import ACTS, PUBLISH, RELEASE, WITHDRAW, Ready, left_over
from fault_bytes import LEDGER_FILES, accepted_cuts, accepted_flips
from fault_disk import files_that_may_not_grow, full_disks, refusals_at_every_step
from fault_fuzz import fuzz
from fault_kills import Tally, kills_at_every_step, kills_at_random, kills_of_writers
from fault_process import apart
from fault_races import published_at_once, withdrawn_at_once
from fault_ready import made_ready

WRITERS_N = 4
FREE_PAGES = {PUBLISH: 24, WITHDRAW: 1}


@dataclass(frozen=True)
class Folders:
    """New empty folders, one after the other."""

    root: Path

    def another(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.root))


def interruptions(ready: Ready, folders: Folders, kills_n: int, seed: int) -> Iterator[Tally]:
    for act in ACTS:
        yield apart(kills_at_random, ready, act, folders.another(), kills_n, seed)
        yield apart(kills_at_every_step, ready, act, folders.another())
    yield apart(kills_of_writers, ready, folders.another(), WRITERS_N, kills_n, seed)
    for act in ACTS:
        yield apart(refusals_at_every_step, ready, act, folders.another())
    for act, pages in FREE_PAGES.items():
        yield apart(files_that_may_not_grow, ready, act, folders.another())
        on_full_disks = apart(full_disks, ready, act, folders.another(), range(pages))
        if on_full_disks is not None:
            yield on_full_disks


def print_interruptions(ready: Ready, folders: Folders, kills_n: int, seed: int) -> None:
    print("| act | interrupted | old state | new state | half done | ledger lines lost | not finished afterwards |")
    print("|---|---|---|---|---|---|---|")
    for tally in interruptions(ready, folders, kills_n, seed):
        counts = (tally.interrupted, tally.old, tally.new, tally.half, tally.lost, tally.unfinished)
        print(f"| {tally.kind} | {' | '.join(map(str, counts))} |", flush=True)


def print_tampering(ready: Ready, folders: Folders, flips_n: int, seed: int) -> None:
    published = ready.copied(folders.another() / "project", published=True)
    print("\n| changed | ways | accepted |\n|---|---|---|")
    for path in sorted((published.releases / RELEASE).iterdir()):
        print(f"| {path.name}, one byte | {_shown(accepted_flips(published, path, flips_n, seed))} |")
    for path in (published.releases / name for name in LEDGER_FILES):
        print(f"| {path.name}, one byte | {_shown(accepted_flips(published, path, path.stat().st_size, seed))} |")
        print(f"| {path.name}, cut | {_shown(accepted_cuts(published, path))} |", flush=True)


def print_races(ready: Ready, folders: Folders, racers_n: int) -> None:
    print("\n| race | did it | were told | folders left |\n|---|---|---|---|")
    for words, race, is_published, did in (
        ("publish", published_at_once, False, "is_new=True"),
        ("withdraw", withdrawn_at_once, True, "null"),
    ):
        copied = ready.copied(folders.another() / "project", published=is_published)
        told = apart(race, copied, racers_n)
        done_n = sum(did in one for one in told)
        print(f"| {racers_n} × {words} | {done_n} | {len(told) - done_n} | {len(left_over(copied))} |", flush=True)


def print_fuzz(ready: Ready, folders: Folders, mutants_n: int, seed: int) -> None:
    found = fuzz(ready.copied(folders.another() / "project", published=True), mutants_n, seed)
    print("\n| release.json | mutants | came to |\n|---|---|---|")
    for door, counts in found.doors.items():
        came_to = ", ".join(f"{words} {count}" for words, count in sorted(counts.items()))
        print(f"| {door} | {counts.total()} | {came_to} |")
    print(f"| tracebacks | {len(found.tracebacks)} | {'; '.join(sorted(set(found.tracebacks)))} |", flush=True)


def _shown(counts: tuple[int, int]) -> str:
    return " | ".join(map(str, counts))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    for name, usual in {"kills": 500, "flips": 200, "racers": 20, "mutants": 10_000, "seed": 20260303}.items():
        asked.add_argument(f"--{name}", type=int, default=usual)
    asked.add_argument("--folder", type=Path, help="on the disk to try; the system's own for temporary files if none")
    sizes, started = asked.parse_args(), time.perf_counter()
    with tempfile.TemporaryDirectory(dir=sizes.folder) as root:
        folders = Folders(Path(root))
        ready = made_ready(folders.another() / "project")
        print_interruptions(ready, folders, sizes.kills, sizes.seed)
        print_tampering(ready, folders, sizes.flips, sizes.seed)
        print_races(ready, folders, sizes.racers)
        print_fuzz(ready, folders, sizes.mutants, sizes.seed)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    print(f"\n{time.perf_counter() - started:.0f} s wall, {cpu:.0f} s CPU")


if __name__ == "__main__":
    main()
