"""A city whose intake answers have just begun, through the whole chain: surveys, two followed years, published release.

Usage: PYTHONPATH=tests python benchmarks/survey_town.py [--cases-per-year N] [--seed N] [--neighbour]. Surveys of 2023
to 2025 that ask as at intake, intake answers from January 2023, the register to February 2026: 2023 judges the points,
2024 waits for the exam. Every question is declared stable. The project's settings but for 20 resamples of the procedure
and month 0 alone. Waivers as in small_town.py. Prints what protocol, exam and publication say.
"""

import argparse
import tempfile
from pathlib import Path

from pipeline.clone import clone, set_param, waive
from small_town import borrow, go_through

from riskmodel.instrument.load import read_instrument
from riskmodel.simulate import AS_AT_INTAKE, simulate

YEARS = {"first_year": 2022, "last_year": 2025, "first_intake_month": 2023 * 12}


def prepared(project: Path, cases_per_year: int, seed: int, *, neighbour: bool) -> None:
    """A project with the city's delivery, and settings of the design."""
    clone(project)
    path = project / "data" / "instruments" / "exempelstad.toml"
    text = path.read_text(encoding="utf-8").replace('code = "9900"', 'code = "9903"')
    text = text.replace('name = "Exempelstad"', 'name = "Nystad"').replace("stable = false", "stable = true")
    path.write_text(text, encoding="utf-8")
    made = {"seed": seed, "cases_per_year": cases_per_year, "survey_form": AS_AT_INTAKE, **YEARS}
    simulate(project / "data" / "raw" / "made", read_instrument(path), **made)
    set_param(project, delivery__path="data/raw/made", cohort__landmarks=[0], assess__optimism=20)
    set_param(project, cohort__design="case_control", model__blanks="mean")
    waive(project, "G10", "G12", "G5", "G8")
    if neighbour:
        borrow(project)


def main() -> None:
    """Print what each step says."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases-per-year", type=int, default=1500)
    asked.add_argument("--seed", type=int, default=4)
    asked.add_argument("--neighbour", action="store_true", help="start from the published example's table")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        prepared(project, args.cases_per_year, args.seed, neighbour=args.neighbour)
        go_through(project)


if __name__ == "__main__":
    main()
