"""Made towns in which one thing is wrong, at 600 and 3,000 cases a year: is it caught, and is it named?

Usage: PYTHONPATH=tests python benchmarks/attacks.py [--sizes N ...] [--towns N] [--kinds KIND ...]. Each town goes from
its files to a candidate, with the project's settings but 20 resamples of the procedure and month 0 alone. Named: by the
alarm, gate or sentence that says what it is; "none": anything is said of a town in which all is right. What was printed
stands in docs/benchmarks.md.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from what_a_town_gets import got_release, made, settings

from riskmodel.ground.errors import RiskModelError
from riskmodel.release.record import Release
from riskmodel.simulate import Trouble

SIZES, TOWNS_N = (600, 3000), 50
SINCE = 3  # the third year from the last is the youngest that may be looked at before the exam


def g5(release: Release) -> Mapping[str, Any]:
    return next(gate for gate in release.gates if gate.id == "G5").evidence.raw


def signs(release: Release) -> set[tuple[str, str]]:
    """What the youngest year is said to have done: alarm and item."""
    drift = g5(release).get("year_drift") or {"signs": []}
    return {(sign["alarm"], sign["item"]) for sign in drift["signs"]}


def unmet(release: Release, gate_id: str) -> bool:
    return any(gate.id == gate_id and gate.status != "passed" for gate in release.gates)


def seen(release: Release, kind: str, second: str = "") -> bool:
    told = release.evidence.raw["unseen"]
    return any(found["kind"] == kind and second in ("", found["second"]) for found in told)


@dataclass(frozen=True)
class Attack:
    """A trouble, and how a release says that it is there."""

    trouble: Trouble
    named: Callable[[Release], bool]


ATTACKS = {
    "none": Attack(Trouble(), lambda release: bool(signs(release) or release.evidence.raw["unseen"])),
    "reversed": Attack(
        Trouble(turned=1.0, years=SINCE), lambda release: any(one[0] == "year_drift_item" for one in signs(release))
    ),
    "doubled": Attack(
        Trouble(last_year=0.693, years=SINCE), lambda release: ("year_drift_level", "") in signs(release)
    ),
    "area": Attack(Trouble(turned_area=1.0), lambda release: seen(release, "place", "Åsidan")),
    "no signal": Attack(Trouble(no_signal=1.0), lambda release: unmet(release, "G5") and unmet(release, "G6")),
    "interaction": Attack(Trouble(crossed=0.9), lambda release: seen(release, "pair")),
    "age rule": Attack(Trouble(age_rule=1.5), lambda release: seen(release, "step")),
}


def main() -> None:
    """Print a row a kind and size."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked.add_argument("--towns", type=int, default=TOWNS_N)
    asked.add_argument("--kinds", nargs="+", default=list(ATTACKS), choices=list(ATTACKS))
    args = asked.parse_args()
    chosen = settings()
    for size in args.sizes:
        for kind in args.kinds:
            attack, named_n, stopped = ATTACKS[kind], 0, []
            for number in range(args.towns):
                town = made(size, number, chosen, attack.trouble)
                try:
                    named_n += attack.named(got_release(town, chosen))
                except RiskModelError as error:
                    stopped.append(str(error).splitlines()[0][:90])
            print(
                f"{size:5d} {kind:12s} named {named_n} of {args.towns}, stopped {len(stopped)} {set(stopped)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
