"""How often a delivery is stopped for missing cases and for questions that changed places, in right towns and not.

Usage: python benchmarks/missing_cases.py [--towns N] [--sizes 90 600 3000] [--instrument exempelstad]. A row a size: of
N made towns (20) of eight years whose level walks by .10 log-odds a year, how many are stopped as they are; when every
row of those who left in the last half-year, or in its last quarter, is missing, or of half of these; when only those
are there who had assistance in the last two months; and when two questions on health stand in each other's places in
the intake answers of a year.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.extracts.swapped_questions import swapped_questions
from riskmodel.extracts.turnover import check_turnover
from riskmodel.extracts.year_notes import answers_of
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import read_settings
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.simulate import simulate
from riskmodel.simulate.trouble import Trouble

PROJECT = Path(__file__).parents[1]
SEED, TOWNS, SIZES, SWAPPED_YEAR = 6000, 20, (90, 600, 3000), 2024


def stopped(check: Callable[[], object]) -> bool:
    try:
        check()
    except SurveyDataError:
        return True
    return False


def last_months(register: pa.Table) -> tuple[np.ndarray, int]:
    """Of each row the last month of its person, and of all."""
    month = register["month"].to_numpy()
    person = register["person_id"].combine_chunks().indices.to_numpy()
    last = np.zeros(person.max() + 1, dtype=month.dtype)
    np.maximum.at(last, person, month)
    return last[person], int(month.max())


def without(register: pa.Table, months_n: int, share: float, seed: int) -> pa.Table:
    """The register without `share` of those who left in the `months_n` months before its last two."""
    last, end = last_months(register)
    person = register["person_id"].combine_chunks().indices.to_numpy()
    drawn = np.random.default_rng(seed).random(person.max() + 1)[person] < share
    return register.filter(pa.array(~((last < end - 1) & (last >= end - 1 - months_n) & drawn)))


def swapped(delivery: Delivery, instrument: Instrument) -> list[object]:
    """What is found when both questions on health changed places in a year; raises."""
    health = [item.id for item in instrument.items if item.id.endswith("_health") or item.id.startswith("health_")]
    answers = delivery.answers_by_intake.copy()
    of_year = answers["answered_month"] // MONTHS_A_YEAR == SWAPPED_YEAR
    answers.loc[of_year, health] = answers.loc[of_year, health[::-1]].to_numpy()
    frames = {"answers_by_intake": answers, "answers_by_survey": delivery.answers_by_survey}
    return list(swapped_questions(answers_of(frames), instrument, ()))


def found(size: int, seed: int, instrument: Instrument) -> dict[str, bool]:
    """What stops in one made town."""
    settings = read_settings(PROJECT / "params.toml")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "town"
        years = {"first_year": 2018, "last_year": 2025}
        simulate(folder, instrument, cases_per_year=size, **years, seed=seed, trouble=Trouble(walk=0.10))
        delivery = read_delivery(folder, instrument, settings)  # stops at a right town that is taken for another
    register = delivery.receipts
    last, end = last_months(register)
    registers = {
        "right": register,
        "half-year": without(register, 6, 1.0, seed),
        "quarter": without(register, 3, 1.0, seed),
        "half of the half-year": without(register, 6, 0.5, seed),
        "open alone": register.filter(pa.array(last >= end - 1)),
    }
    told = {name: stopped(lambda rows=rows: list(check_turnover(rows, ()))) for name, rows in registers.items()}
    return told | {"changed places": stopped(lambda: swapped(delivery, instrument))}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--towns", type=int, default=TOWNS)
    reader.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    reader.add_argument("--instrument", default="exempelstad")
    asked = reader.parse_args()
    instrument = read_instrument(PROJECT / "data" / "instruments" / f"{asked.instrument}.toml")
    for size in asked.sizes:
        towns = [found(size, SEED + town, instrument) for town in range(asked.towns)]
        counts = ", ".join(f"{name} {sum(one[name] for one in towns)}" for name in towns[0])
        print(f"{size} a year, of {asked.towns}: {counts}", flush=True)


if __name__ == "__main__":
    main()
