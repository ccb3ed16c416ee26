"""Two made municipalities judge the case-control design: survey answers as at intake, and survey answers that drift.

Usage: python benchmarks/case_control.py [SEEDS]. Each town has surveyed everybody over ten months since 2023 and asks
at intake from January 2024. Register and answers are cut in February 2026, so the window is January 2024 to January
2025. What happened to the inflow of the twelve months after, which no fit has seen, is known from the uncut register.
Beside the two: a town where a quarter of new cases are asked, and the drifting one were the tests of items not made.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from joblib import Parallel, delayed

from riskmodel.assess.inflow_check import InflowCheck, inflow_check, inflow_predictions, predicted
from riskmodel.cohort import two_forms as case_control_items
from riskmodel.cohort.build import build_cohort, build_inflow
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.extracts.receipts import receipts_table
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import fit_model
from riskmodel.simulate import AS_AT_INTAKE, DRIFTING, simulate

PROJECT = Path(__file__).parents[1]
SIZE = {"cases_per_year": 1500, "first_year": 2023, "last_year": 2026, "first_intake_month": 2024 * 12}
LAST_MONTH = 2026 * 12 + 1  # February 2026
LAST_INTAKE = LAST_MONTH - 13
STABLE, QUARTER = "answers as at intake", "as at intake, a quarter asked"
DRIFT, UNTESTED = "drifting, blanks unequal", "drifting, tests of items off"
MADE = {STABLE: (AS_AT_INTAKE, 1.0), QUARTER: (AS_AT_INTAKE, 0.25), DRIFT: (DRIFTING, 1.0)}
TOWNS = (STABLE, QUARTER, DRIFT, UNTESTED)


@dataclass(frozen=True)
class Result:
    """One town: refused whole, items refused, and what the inflow says (None when refused whole)."""

    town: str
    refused: bool
    items_refused: int
    inside: InflowCheck | None = None
    after: InflowCheck | None = None


def settings() -> Settings:
    plain = read_settings(PROJECT / "params.toml")
    return replace(
        plain,
        cohort=replace(plain.cohort, design="case_control", landmarks=(0,)),
        model=replace(plain.model, blanks="mean"),
    )


def instrument() -> Instrument:
    """The example's, as a city would have it that believes every question to be stable."""
    example = read_instrument(PROJECT / "data" / "instruments" / "exempelstad.toml")
    return replace(example, items=tuple(replace(item, stable=True) for item in example.items))


def cut(whole: Delivery) -> Delivery:
    """What was there at the end of `LAST_MONTH`."""
    return replace(
        whole,
        receipts=receipts_table(whole.receipts).filter(pc.field("month") <= LAST_MONTH),
        answers_by_intake=whole.answers_by_intake[whole.answers_by_intake["answered_month"] <= LAST_MONTH],
        answers_by_survey=whole.answers_by_survey[whole.answers_by_survey["survey_year"] < LAST_MONTH // 12],
    )


@contextmanager
def tests_of_items(*, made: bool) -> Iterator[None]:
    """Unless `made`, items enter whatever their shift and blanks, to see whether the inflow alone would tell."""
    kept = case_control_items.SHIFT_TOLERANCE, case_control_items.BLANK_TOLERANCE
    if not made:
        case_control_items.SHIFT_TOLERANCE = case_control_items.BLANK_TOLERANCE = 1.0
    yield
    case_control_items.SHIFT_TOLERANCE, case_control_items.BLANK_TOLERANCE = kept


def judged(town: str, seed: int) -> list[Result]:
    """The town as it is, and a drifting one also without the tests of its items."""
    asked, chosen, (form, intake_share) = instrument(), settings(), MADE[town]
    with tempfile.TemporaryDirectory() as folder:
        simulate(Path(folder) / "town", asked, seed=seed, survey_form=form, intake_share=intake_share, **SIZE)
        whole = read_delivery(Path(folder) / "town", asked, chosen)
    results = [result_of(town, whole, asked, chosen)]
    if town == DRIFT:
        with tests_of_items(made=False):
            results.append(result_of(UNTESTED, whole, asked, chosen))
    return results


def result_of(town: str, whole: Delivery, asked: Instrument, chosen: Settings) -> Result:
    delivery = cut(whole)
    try:
        cohort = build_cohort(delivery, asked, chosen)
    except SurveyDataError:
        return Result(town, refused=True, items_refused=0)
    inside = inflow_check(inflow_predictions(cohort, build_inflow(delivery, asked, chosen), asked, chosen), chosen)
    model = fit_model(*cohort.modelled, entering_instrument(asked, cohort.summary["refused"]), chosen)
    cases, answers = build_inflow(whole, asked, chosen).modelled
    later = (cases["intake_month"] > LAST_INTAKE).to_numpy()
    after = inflow_check(predicted(model, cases[later], answers[later]), chosen)
    refused_n = sum(row["verdict"] in ("shifted", "blanks_differ") for row in cohort.summary["stability"])
    return Result(town, refused=False, items_refused=refused_n, inside=inside, after=after)


def covered(checks: list[InflowCheck], measure: str) -> str:
    found = [check.by_predictor["points"][measure] for check in checks]
    inside_n = sum(one.low <= 1 <= one.high for one in found)
    return f"{inside_n}/{len(found)} ({np.mean([one.estimate for one in found]):.3f})"


def line(town: str, results: list[Result]) -> dict[str, str]:
    own = [result for result in results if result.town == town]
    inside = [result.inside for result in own if result.inside]
    after = [result.after for result in own if result.after]
    fired_n = sum(r.refused or r.items_refused > 0 or not r.inside.agrees for r in own)
    row = {
        "town": town,
        "refused": f"{sum(r.refused for r in own)}/{len(own)}",
        "refused or check fires": f"{fired_n}/{len(own)}",
    }
    for name, checks in (("inflow", inside), ("after", after)):
        row |= {f"{name}: {measure}": covered(checks, measure) if checks else "" for measure in ("oe", "slope")}
    return row


def main(seeds_n: int) -> None:
    jobs = [(town, seed) for town in MADE for seed in range(1, seeds_n + 1)]
    found = Parallel(n_jobs=2)(delayed(judged)(*job) for job in jobs)
    results = [result for of_town in found for result in of_town]
    print("intervals that hold 1, of the seeds (mean estimate); points, 1,500 new cases a year")
    print(pd.DataFrame([line(town, results) for town in TOWNS]).to_string(index=False))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
