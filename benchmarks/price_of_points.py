"""What it costs that nothing of the equation leaves but points and short errors: on the example's cases, and on fewer.

Usage: after `make run`, python benchmarks/price_of_points.py. Fits the cases of month 0 as they are published, and with
exact centres, scales, offset and covariance. Prints a row a number of cases: points that differ and by how much at
most, how far the ends of a person's interval lie from each other (points of a hundred: mean, largest), and for how many
of the people "unusual" is the same.
"""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from riskmodel.cohort.record import load_cohort
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.statistics import Z_95
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model import levels, matrix, points
from riskmodel.model.fit import fit_model
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import design_matrix
from riskmodel.model.points import sum_of_points
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import answer_positions
from riskmodel.model.spline import weighted_quantile

PROJECT, SEED, SIZES = Path(__file__).parents[1], 20261129, (464, 4649)
ROUNDING = 1 / 12  # of one item's points, square points


def main() -> None:
    """Print the table."""
    workspace, settings = Workspace(PROJECT), read_settings(PROJECT / "params.toml")
    instrument = read_instrument(PROJECT / settings.delivery.instrument)
    cases, answers = load_cohort(workspace.cohort(0)).modelled
    random = np.random.default_rng(SEED)
    print("cases  points: differ, of, by at most  interval's ends: mean, largest  unusual the same")
    for n in (*SIZES, len(cases)):
        rows = np.sort(random.choice(len(cases), size=n, replace=False))
        some = cases.iloc[rows].reset_index(drop=True), answers.iloc[rows]
        print(f"{n:6d}  {priced(*some, instrument, settings.at(0))}", flush=True)


def priced(cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, settings: Settings) -> str:
    """One row of the table."""
    with (
        patch.object(matrix, "short", lambda values: values),
        patch.object(levels, "SHARE_DECIMALS", 15),
        patch.object(points, "OFFSETS", 10**12),
    ):
        exact = fit_model(cases, answers, instrument, settings)
    made = fit_model(cases, answers, instrument, settings)
    moved = np.concatenate(
        [
            np.subtract((*one.answered, one.no_answer), (*other.answered, other.no_answer))
            for one, other in zip(made.points.items, exact.points.items, strict=True)
        ]
    )
    x = np.column_stack([np.ones(len(answers)), design_matrix(answers, exact.design)])
    leverage = ((x @ exact.equation.covariance) * x).sum(axis=1)
    weight = cases["weight"].to_numpy(dtype=float)
    was_unusual = leverage > weighted_quantile(leverage, weight, at=(0.995,))[0]
    places = answer_positions(answers, (item.allowed for item in made.points.items))
    variance = np.full(len(places), made.errors.mean_person**2)
    for errors, column in zip(made.errors.by_item, places.T, strict=True):
        variance += np.square(errors)[column]
    apart = 100 * np.abs(ends(made, answers, variance) - ends(exact, answers, leverage))
    same = (was_unusual == (variance > made.errors.unusual)).mean()
    points_moved = f"{(moved != 0).sum()} of {len(moved)} by {np.abs(moved).max()}"
    return f"{points_moved}   {apart.mean():.2f} {apart.max():.1f}   {same:.4f}"


def ends(model: FittedModel, answers: pd.DataFrame, variance: np.ndarray) -> np.ndarray:
    """Both ends of every person's interval of risk, shape (2, n)."""
    per_point = model.points.per_point
    middle = model.points.offset + sum_of_points(answers, model.points) * per_point
    reach = Z_95 * np.sqrt(variance + len(model.points.items) * ROUNDING * per_point**2)
    return probability(np.array([middle - reach, middle + reach]))


if __name__ == "__main__":
    main()
