"""The borderline band: the points around the threshold where another sample of people might have flagged otherwise.

The whole procedure, threshold and all, has been repeated on resamples of households (`assess.optimism`); a case changes
side in the models that put it on the other side of the threshold than the published points do.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.assess.threshold import Threshold
from riskmodel.ground.words import read_words
from riskmodel.model.points import sum_of_points
from riskmodel.model.record import FittedModel

UNSTABLE_ABOVE = 0.10  # share of models in which somebody changes side
UNSTABLE_OUTSIDE = 0.05  # share of people outside the band who may be unstable
TEXTS = read_words(Path(__file__).parent / "texts" / "band.toml")


@dataclass(frozen=True)
class Stability:
    """How firmly the threshold divides people. lowest, highest: whole points of the band; None when it is empty.

    in_band_share: of cases. change_share: mean share of models in which a case changes side, over all cases.
    """

    lowest: int | None
    highest: int | None
    in_band_share: float
    change_share: float


def method(models_n: int) -> dict[str, str]:
    """How a band came about, in words."""
    return TEXTS.both("method", models_n=models_n)


def stability(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    model: FittedModel,
    threshold: Threshold,
    flagged_models_share: np.ndarray,
) -> Stability:
    """The band around `threshold`, from the modelled `cases` and their `answers` (same rows, same order).

    flagged_models_share: of the resampled models those that flag a case, each by its own points and threshold; (n,).
    """
    sums, weight = sum_of_points(answers, model.points), cases["weight"].to_numpy(dtype=float)
    changed_share = np.where(sums >= threshold.points, 1 - flagged_models_share, flagged_models_share)
    first = int(min(sums.min(), threshold.points))
    size = int(max(sums.max(), threshold.points)) - first + 1
    people = np.bincount(sums - first, weight, minlength=size)
    unstable = np.bincount(sums - first, weight * (changed_share > UNSTABLE_ABOVE), minlength=size)
    lowest, end = narrowest_band(people, unstable, flag=threshold.points - first)
    return Stability(
        lowest=first + lowest if end > lowest else None,
        highest=first + end - 1 if end > lowest else None,
        in_band_share=float(people[lowest:end].sum() / people.sum()),
        change_share=float(weight @ changed_share / weight.sum()),
    )


def narrowest_band(people: np.ndarray, unstable: np.ndarray, *, flag: int) -> tuple[int, int]:
    """Start and end (one past the last) of the narrowest band that holds the border just below `flag`.

    people, unstable: weight at each sum, shape (k,). Outside the band at most `UNSTABLE_OUTSIDE` of the people are
    unstable. Of bands equally narrow the one that leaves the fewest unstable outside, then the most even one.
    """
    before = np.concatenate([[0.0], np.cumsum(people)]), np.concatenate([[0.0], np.cumsum(unstable)])
    for width in range(len(people) + 1):
        bands = [(start, start + width) for start in range(max(0, flag - width), min(flag, len(people) - width) + 1)]
        fitting = []
        for start, end in bands:
            outside, unsteady = (total[-1] - total[end] + total[start] for total in before)
            if unsteady <= UNSTABLE_OUTSIDE * outside:
                fitting.append((unsteady, abs(2 * flag - start - end), start, end))
        if fitting:
            return min(fitting)[2:]
    return 0, len(people)
