"""What a town of each size gets: alone, with a neighbour's table, and with the combination of nine partners' summaries.

Usage: PYTHONPATH=tests python benchmarks/what_a_town_gets.py [--sizes N ...] [--towns N]. Ten made towns a size, eight
years each, whose levels differ by SD .3 and whose answers' effects by SD .08 about what the instrument implies; the
neighbour is the published example, of 3,000 cases a year. Each town goes from its files to a candidate, with the
project's settings but 20 resamples of the procedure and month 0 alone. What was printed stands in docs/benchmarks.md.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import fmean

import numpy as np
import pandas as pd
from pipeline.years import Run, changed, yearly_run

from riskmodel.advice import advise
from riskmodel.advice.record import TOO_LITTLE
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.choices import PriorSettings
from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.files import canonical_json, sha256_of_file
from riskmodel.ground.settings import Knots, Settings, read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.combine import combine
from riskmodel.model.lender import with_prior
from riskmodel.model.sample import sample_of
from riskmodel.model.summarise import summarise
from riskmodel.release.json_record import read_record
from riskmodel.release.record import Release
from riskmodel.release.town_summary import Summary
from riskmodel.simulate import Trouble, simulate

PROJECT = Path(__file__).parents[1]
NEIGHBOUR = PROJECT / "models" / "releases" / "2026.1"
SIZES, TOWNS_N, FIRST, LAST = (80, 150, 300, 600, 1000, 3000), 10, 2018, 2025
LOOKED_AT = 500  # cases whose advice is looked at
LEVEL_SD, ANSWERS_SD = 0.3, 0.08
BY_RUN = ("G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9")
ALONE, WITH_NEIGHBOUR, WITH_PARTNERS = "alone", "neighbour", "partners"
KNOTS = (Knots("age", (22, 33, 45, 58)), Knots("earlier_months", (1, 6, 18)))


@dataclass(frozen=True, eq=False)
class Town:
    """A made town: what it delivered, asked under a code of its own."""

    delivery: Delivery
    instrument: Instrument


@dataclass(frozen=True)
class Got:
    """What became of one town. failed: its gates that did not pass; answered: of its cases, those who get an answer."""

    research_only: bool
    failed: tuple[str, ...]
    flags: bool
    auc: float
    oe: float
    covered: bool
    band: float
    answered: float
    seconds: float


def settings() -> Settings:
    """The project's, with a twentieth of the resamples of the procedure, and month 0 alone."""
    read = read_settings(PROJECT / "params.toml")
    return changed(
        read,
        assess={"optimism": 20},
        run={"workers": 1},
        cohort={"landmarks": (0,)},
        model={"knots_at": KNOTS},
    ).at(0)


def made(size: int, number: int, chosen: Settings, trouble: Trouble | None = None) -> Town:
    """Town `number` of this size, with `trouble`; else with a level and effects of its own."""
    example = read_instrument(PROJECT / "data" / "instruments" / "exempelstad.toml")
    asked = replace(example, municipality_code=f"{1000 + number}", municipality_name=f"Town {number}")
    level = float(np.random.default_rng([size, number]).normal(0, LEVEL_SD))
    trouble = trouble or Trouble(level=level, other_answers=ANSWERS_SD)
    with tempfile.TemporaryDirectory() as folder:
        simulate(
            Path(folder) / "town",
            asked,
            seed=1000 * size + number,
            cases_per_year=size,
            first_year=FIRST,
            last_year=LAST,
            trouble=trouble,
        )
        return Town(read_delivery(Path(folder) / "town", asked, chosen), asked)


def told(town: Town, chosen: Settings) -> Summary:
    """The town's summary."""
    cohort = build_cohort(town.delivery, town.instrument, chosen)
    sample, items = sample_of(*cohort.modelled, town.instrument, landmark=0), town.instrument.predictors(0)
    name = town.instrument.municipality_name
    found = summarise(sample, items, chosen, code=town.instrument.municipality_code, name=name)
    return read_record(Summary, found, where=name)


def borrowing(chosen: Settings, path: Path, sha256: str) -> Settings:
    return changed(chosen, model={"prior": PriorSettings(str(path), sha256=sha256)})


def got_release(town: Town, chosen: Settings) -> Release:
    """From the town's delivery to its candidate."""
    return run_of(town, chosen).release


def run_of(town: Town, chosen: Settings) -> Run:
    cohort = build_cohort(town.delivery, town.instrument, chosen)
    here = with_prior(chosen, town.instrument, cohort.modelled[0])
    return yearly_run(town.delivery, town.instrument, here)


def got(town: Town, chosen: Settings) -> Got:
    """What the town gets, and how long it takes."""
    began = time.perf_counter()
    run = run_of(town, chosen)
    return read_off(
        run.release, answered_share(run.release, run.cohort, today=date(LAST + 1, 3, 1)), time.perf_counter() - began
    )


def answered_share(release: Release, cohort: Cohort, *, today: date) -> float:
    """Of the town's youngest cases, those who get an answer other than that too little is known."""
    asked = [item.id for item in release.landmark(0).items]
    answers = cohort.modelled[1][asked].tail(LOOKED_AT).to_dict("records")
    given = [{item: value for item, value in one.items() if pd.notna(value)} for one in answers]
    return fmean(advise(release, one, today=today).answer != TOO_LITTLE for one in given)


def read_off(release: Release, answered: float, seconds: float) -> Got:
    overall = (row for row in release.evidence.measures if (row.scope, row.predictor) == ("overall", "points"))
    rows = {row.measure: row for row in overall}
    oe, auc = rows.get("oe"), rows.get("auc")
    gates = [gate for gate in release.gates if gate.status != "passed" and gate.id in BY_RUN]
    limits = release.landmarks[0].thresholds
    g7 = next(gate for gate in release.gates if gate.id == "G7").evidence.raw
    return Got(
        research_only=release.research_only,
        failed=tuple(gate.id for gate in gates),
        flags=limits.flag is not None,
        auc=float(auc.estimate) if auc and auc.estimate else float("nan"),
        oe=float(oe.estimate) if oe and oe.estimate else float("nan"),
        covered=bool(oe and oe.low and oe.low <= 1 <= (oe.high or 0)),
        band=float(g7.get("in_band_share", float("nan"))),
        answered=answered,
        seconds=seconds,
    )


def main() -> None:
    """Print a row a size and way."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked.add_argument("--towns", type=int, default=TOWNS_N)
    args = asked.parse_args()
    chosen = settings()
    for size in args.sizes:
        towns = [made(size, number, chosen) for number in range(args.towns)]
        summaries = {number: told(town, chosen) for number, town in enumerate(towns)}
        for way in (ALONE, WITH_NEIGHBOUR, WITH_PARTNERS):
            found: list[Got] = []
            with tempfile.TemporaryDirectory() as folder:
                for number, town in enumerate(towns):
                    here = chosen
                    if way == WITH_NEIGHBOUR:
                        here = borrowing(chosen, NEIGHBOUR, sha256_of_file(NEIGHBOUR / "SHA256SUMS"))
                    if way == WITH_PARTNERS:
                        path = Path(folder) / f"{number}.json"
                        others = [one for other, one in summaries.items() if other != number]
                        path.write_bytes(canonical_json(combine(others)))
                        here = borrowing(chosen, path, sha256_of_file(path))
                    try:
                        found.append(got(town, here))
                    except RiskModelError as error:
                        print(size, way, number, type(error).__name__, error, flush=True)
            print(row(size, way, found), flush=True)


def row(size: int, way: str, found: list[Got]) -> str:
    if not found:
        return f"{size:5d} {way:10s} none"
    gates = sorted({gate for one in found for gate in one.failed})
    failed = " ".join(f"{gate}:{sum(gate in one.failed for one in found)}" for gate in gates)
    auc, oe = (np.nanmean([getattr(one, name) for one in found]) for name in ("auc", "oe"))
    covered, flags = (sum(getattr(one, name) for one in found) for name in ("covered", "flags"))
    shown = sum(np.isfinite(one.oe) for one in found)
    band, seconds = np.nanmean([one.band for one in found]), fmean(one.seconds for one in found)
    research, answered = sum(one.research_only for one in found), fmean(one.answered for one in found)
    return (
        f"{size:5d} {way:10s} n={len(found)} research {research} flags {flags} AUC {auc:.3f} O/E {oe:.2f} holds 1 in "
        f"{covered} of {shown} band {band:.2f} answered {answered:.2f} not passed {failed or 'none'}; {seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
