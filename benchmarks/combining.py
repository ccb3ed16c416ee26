"""Ten made towns' summaries combined, against one fit on all their people: distance from the true risk, and AUC.

Usage: python benchmarks/combining.py [--runs N] [--sizes N ...] [--correlated]. Each town has the same questions, its
own level (SD .3) and its own effects (SD .08 about what all share). The summaries are those that leave: whole cells,
two decimals, counts to five. Each town is judged by the combination of the others and by one fit on the same others'
people, each with the town's own intercept. With --correlated a person's answers share what makes them high or low.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import numpy as np
from scipy.stats import norm

from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import Item, Level, Text
from riskmodel.model.combine import combine
from riskmodel.model.equation import fit_equation
from riskmodel.model.logistic import probability, weighted_auc
from riskmodel.model.points import offset_for
from riskmodel.model.sample import Sample
from riskmodel.model.summarise import summarise
from riskmodel.release.json_record import read_record
from riskmodel.release.town_summary import Summary, logodds_by_answer

SEED, TOWNS_N, JUDGED_N = 20261129, 10, 4000
LEVEL, LEVEL_SD, EFFECT_SD, TOWN_SD = -1.0, 0.3, 0.4, 0.08
SHARED = 0.5  # correlation of the answers of one person, with --correlated
SHARES = (
    (0.5, 0.5), (0.6, 0.3, 0.1), (0.25, 0.25, 0.25, 0.25), (0.4, 0.3, 0.2, 0.1), (0.7, 0.3), (0.3, 0.3, 0.2, 0.2),
    (0.5, 0.2, 0.2, 0.1), (0.35, 0.35, 0.3), (0.8, 0.2), (0.4, 0.4, 0.2), (0.3, 0.3, 0.2, 0.2),
)  # fmt: skip
TEXT = Text("fråga", "question")
ITEMS = tuple(
    Item(
        f"q{place}",
        TEXT,
        "level",
        "predictor",
        levels=tuple(Level(code, TEXT) for code in "abcd"[: len(share)]),
        reference="a",
    )
    for place, share in enumerate(SHARES)
)
EFFECTS = [np.random.default_rng([SEED, place]).normal(0, EFFECT_SD, len(share)) for place, share in enumerate(SHARES)]
BOUNDS = [norm.ppf(np.cumsum(share)[:-1]) for share in SHARES]


def settings() -> Settings:
    return read_settings(Path(__file__).parents[1] / "params.toml")


def answers(n: int, rng: np.random.Generator, *, correlated: bool) -> np.ndarray:
    """Positions of the answers of `n` people, (n, items)."""
    common = rng.normal(size=(n, 1)) * np.sqrt(SHARED if correlated else 0.0)
    hidden = common + rng.normal(size=(n, len(SHARES))) * np.sqrt(1 - (SHARED if correlated else 0.0))
    return np.column_stack([np.searchsorted(bound, column) for bound, column in zip(BOUNDS, hidden.T, strict=True)])


class Town:
    """One town: its people, its truth, and people to judge on."""

    def __init__(self, n: int, rng: np.random.Generator, *, correlated: bool) -> None:
        self.effects = [effect + rng.normal(0, TOWN_SD, len(effect)) for effect in EFFECTS]
        self.level = LEVEL + rng.normal(0, LEVEL_SD)
        positions = answers(n, rng, correlated=correlated)
        outcome = (rng.random(n) < self.risk(positions)).astype(float)
        at = np.arange(n)
        self.sample = Sample(positions, outcome, np.ones(n), at, np.full(n, 24240), at, np.ones(n, dtype=int))
        self.judged = answers(JUDGED_N, rng, correlated=correlated)

    def risk(self, positions: np.ndarray) -> np.ndarray:
        logodds = sum(effect[column] for effect, column in zip(self.effects, positions.T, strict=True))
        return probability(self.level + logodds)

    def measured(self, by_answer: list[np.ndarray]) -> tuple[float, float]:
        """AUC and mean distance from the truth of a table with the town's own intercept, fitted on its own people."""
        score, judged = (
            sum(values[column] for values, column in zip(by_answer, positions.T, strict=True))
            for positions in (self.sample.positions, self.judged)
        )
        offset = offset_for(score, self.sample.outcome, self.sample.weight)
        truth = self.risk(self.judged)
        both = np.concatenate([truth, 1 - truth])  # each person as event and non-event, with the chance of either
        event = np.repeat([1.0, 0.0], len(truth))
        auc = weighted_auc(event, np.tile(judged, 2), both)
        return auc, float(np.abs(probability(offset + judged) - truth).mean())


def by_answer(combination: Summary) -> list[np.ndarray]:
    found = {item.id: logodds_by_answer(item) for item in combination.items}
    return [np.array([found[item.id][code] for code in item.codes]) for item in ITEMS]


def joint(towns: list[Town], chosen: Settings) -> list[np.ndarray]:
    """One ridge on everybody; the towns' intercepts stand in an item of their own that is hardly shrunken."""
    parts = [town.sample for town in towns]
    together = Sample(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Sample.__dataclass_fields__)
    )
    n = np.concatenate([np.full(len(part.outcome), place) for place, part in enumerate(parts)])
    here = Item(
        "town",
        TEXT,
        "level",
        "predictor",
        levels=tuple(Level(f"t{i}", TEXT) for i in range(len(towns))),
        reference="t0",
    )
    at = np.arange(len(n))
    sample = replace(together, positions=np.column_stack([together.positions, n]), cluster=at, order=at)
    fit = fit_equation(sample, (*ITEMS, here), chosen.model)
    rows = [coding.rows @ fit.coefficients[1:][fit.design.columns_of(coding.item)] for coding in fit.design.codings]
    return [values[:-1] for values in rows[:-1]]


def run(n: int, seed: int, chosen: Settings, *, correlated: bool) -> dict[str, list[tuple[float, float]]]:
    rng = np.random.default_rng([SEED, n, seed])
    towns = [Town(n, rng, correlated=correlated) for _ in range(TOWNS_N)]
    summaries = [
        read_record(Summary, summarise(town.sample, ITEMS, chosen, code=str(place), name="x"), where="x")
        for place, town in enumerate(towns)
    ]
    found: dict[str, list[tuple[float, float]]] = {"combined": [], "joint": [], "own": []}
    for place, town in enumerate(towns):
        others = [one for other, one in enumerate(summaries) if other != place]
        combination = read_record(Summary, combine(others), where="x")
        found["combined"].append(town.measured(by_answer(combination)))
        found["joint"].append(town.measured(joint([one for one in towns if one is not town], chosen)))
        found["own"].append(town.measured(by_answer(summaries[place])))
        found.setdefault("between", []).append((combination.between or 0.0, 0.0))
    return found


def main() -> None:
    """Print a row a size."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--runs", type=int, default=20)
    asked.add_argument("--sizes", type=int, nargs="+", default=[200, 450])
    asked.add_argument("--correlated", action="store_true")
    args = asked.parse_args()
    chosen = settings()
    print("cases  AUC; mean distance from the truth: combined, one fit, the town alone; SD between towns;")
    print("       AUC combined less one fit: mean, the worst of the towns' means, the worst of all")
    for n in args.sizes:
        runs = [run(n, seed, chosen, correlated=args.correlated) for seed in range(args.runs)]
        told = []
        for name in ("combined", "joint", "own"):
            values = [value for one in runs for value in one[name]]
            told.append(f"{fmean(v[0] for v in values):.4f}; {fmean(v[1] for v in values):.4f}")
        between = fmean(v[0] for one in runs for v in one["between"])
        gaps = np.array([[a[0] - b[0] for a, b in zip(one["combined"], one["joint"], strict=True)] for one in runs])
        worst = f"{gaps.mean():+.4f}, {gaps.mean(axis=0).min():+.4f}, {gaps.min():+.4f}"
        print(f"{n:5d}  {'   '.join(told)}   {between:.3f}   {worst}", flush=True)


if __name__ == "__main__":
    main()
