"""Made towns in which one thing is wrong, at 600 and 3,000 cases a year: is it caught, and is it named?

Usage: PYTHONPATH=tests python benchmarks/attacks.py [--sizes N ...] [--towns N] [--kinds KIND ...]. Each town goes from
its files, with the project's settings but month 0 alone, to what is measured on its predictions, with 100 resamples;
"no signal", which gates tell, to a candidate, with 20 resamples of the procedure. Named: by the alarm, gate or sentence
that says what it is; "none": anything is said of a town in which all is right. What was printed stands in
docs/benchmarks.md.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.years import changed
from what_a_town_gets import Town, got_release, made, settings

from riskmodel.assess.assessment import assess
from riskmodel.assess.rolling import gather_evidence
from riskmodel.cohort.build import build_cohort
from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.settings import Settings
from riskmodel.simulate import Trouble

SIZES, TOWNS_N = (600, 3000), 50
SINCE = 3  # the third year from the last is the youngest that may be looked at before the exam


def measured(town: Town, chosen: Settings) -> Mapping[str, Any]:
    """The summary of what is measured on the town's predictions."""
    cohort = build_cohort(town.delivery, town.instrument, chosen)
    found = gather_evidence(cohort, town.instrument, chosen)
    few = changed(chosen, assess={"bootstrap": 100})
    return assess(found.predictions, few, groupings=(), evidence=found.kind, out_of_fold=found.out_of_fold).summary


def drifts(town: Town, chosen: Settings) -> set[tuple[str, str]]:
    """What the youngest year is said to have done: alarm and item."""
    return _signs(measured(town, chosen))


def _signs(summary: Mapping[str, Any]) -> set[tuple[str, str]]:
    drift = summary["year_drift"] or {"signs": []}
    return {(sign["alarm"], sign["item"]) for sign in drift["signs"]}


def unseen(town: Town, chosen: Settings, kind: str, second: str = "") -> bool:
    told = measured(town, chosen)["unseen"]
    return any(found["kind"] == kind and second in ("", found["second"]) for found in told)


def says_anything(town: Town, chosen: Settings) -> bool:
    summary = measured(town, chosen)
    return bool(_signs(summary) or summary["unseen"])


def fails(town: Town, chosen: Settings, *gates: str) -> bool:
    """Whether none of `gates` passes."""
    found = got_release(town, chosen).gates
    return all(gate.status != "passed" for gate in found if gate.id in gates)


@dataclass(frozen=True)
class Attack:
    """A trouble, and whether a town's run says that it is there."""

    trouble: Trouble
    named: Callable[[Town, Settings], bool]


def _rule(size: float) -> Attack:
    return Attack(Trouble(age_rule=size), lambda town, chosen: unseen(town, chosen, "step"))


ATTACKS = {
    "none": Attack(Trouble(), says_anything),
    "reversed": Attack(
        Trouble(turned=1.0, years=SINCE),
        lambda town, chosen: any(alarm == "year_drift_item" for alarm, _ in drifts(town, chosen)),
    ),
    "doubled": Attack(
        Trouble(last_year=0.693, years=SINCE),
        lambda town, chosen: ("year_drift_level", "") in drifts(town, chosen),
    ),
    "area": Attack(Trouble(turned_area=1.0), lambda town, chosen: unseen(town, chosen, "place", "Åsidan")),
    "no signal": Attack(Trouble(no_signal=1.0), lambda town, chosen: fails(town, chosen, "G5", "G6")),
    "interaction": Attack(Trouble(crossed=0.9), lambda town, chosen: unseen(town, chosen, "pair")),
    "age rule": _rule(1.5),
    "age rule 2.5": _rule(2.5),
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
                    named_n += attack.named(town, chosen)
                except RiskModelError as error:
                    stopped.append(str(error).splitlines()[0][:90])
            print(
                f"{size:5d} {kind:12s} named {named_n} of {args.towns}, stopped {len(stopped)} {set(stopped)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
