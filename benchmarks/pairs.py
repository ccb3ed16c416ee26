"""What a declared pair gives, and whether a case's interval holds its risk then.

Usage: PYTHONPATH=tests python benchmarks/pairs.py [--sizes N ...] [--towns N]. Made towns of three questions and an
age, in which two of them belie their sum by 0, .3 or .9 log-odds, are fitted with and without the pair, and both are
measured on 20,000 other people: AUC, the share whose interval in an advice holds their true risk, and the mean error of
the risk. What was printed stands in docs/coverage.md.
"""

import argparse
from statistics import fmean

import numpy as np
import pandas as pd
from release_example import EFFECTS, INSTRUMENT, made_cases, settings

from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model.fit import fit_model
from riskmodel.model.logistic import probability, weighted_auc
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import answer_positions

SIZES, TOWNS_N, NEW_N = (800, 2400), 50, 20_000
CROSSED = (0.0, 0.3, 0.9)
PAIRS = {"apart": (), "pair": (("schooling", "support"),)}
Z_95, ROUNDING = 1.959963984540054, 1 / 12


def true_logodds(answers: pd.DataFrame, crossed: float) -> np.ndarray:
    """What `made_cases` drew the outcomes by."""
    logodds, together = -0.8 + 0.03 * (answers["age"].to_numpy() - 41), np.full(len(answers), crossed)
    for item, effects in EFFECTS.items():
        codes = [level.code for level in INSTRUMENT.item(item).levels if not level.route]
        place = pd.Index([*codes, NO_ANSWER]).get_indexer(pd.Index(answers[item]))
        logodds += np.append(np.array(effects)[: len(codes)], 0.0)[place]
        if item != "housing":
            together *= np.append(np.where(np.arange(len(codes)) < len(codes) / 2, -1, 1), 0)[place]
    return np.asarray(logodds + together)


def error_of(model: FittedModel, answers: pd.DataFrame) -> np.ndarray:
    """The standard error of each case's log-odds, as an advice reckons it."""
    positions = answer_positions(answers, [item.allowed for item in model.points.items])
    rounding = len(model.points.items) * ROUNDING * model.points.per_point**2
    variance = np.full(len(answers), model.errors.mean_person**2 + rounding)
    for errors, column in zip(model.errors.by_item, positions.T, strict=True):
        variance += np.square(errors)[column]
    return np.sqrt(variance)


def measured(n: int, crossed: float, seed: int) -> dict[str, tuple[float, float, float]]:
    """AUC, share held and mean error of the risk, without the pair and with it."""
    cases, answers = made_cases(n, crossed=crossed, seed=seed)
    new_cases, new_answers = made_cases(NEW_N, crossed=crossed, seed=seed + 10_000)
    truth, outcome = true_logodds(new_answers, crossed), new_cases["outcome"].to_numpy(dtype=float)
    found = {}
    for name, pairs in PAIRS.items():
        model = fit_model(cases, answers, INSTRUMENT, settings(*pairs))
        sums = sum_of_points(new_answers, model.points)
        away = np.abs(model.points.offset + sums * model.points.per_point - truth) / error_of(model, new_answers)
        gap = np.abs(points_prob(sums, model.points) - probability(truth)).mean()
        auc = weighted_auc(outcome, sums.astype(float), np.ones(len(outcome)))
        found[name] = auc, float((away <= Z_95).mean()), float(gap)
    return found


def main() -> None:
    """Print a row a size and crossing."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked.add_argument("--towns", type=int, default=TOWNS_N)
    args = asked.parse_args()
    print("| cases | belied by | AUC apart | AUC pair | held apart | held pair | mean error apart | pair |")
    print("|---" * 8 + "|")
    for n in args.sizes:
        for crossed in CROSSED:
            towns = [measured(n, crossed, seed) for seed in range(args.towns)]
            auc, held, gap = ([fmean(one[name][place] for one in towns) for name in PAIRS] for place in range(3))
            cells = [f"{value:.3f}" for value in (*auc, *held, *gap)]
            print(f"| {n:,} | {crossed} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
