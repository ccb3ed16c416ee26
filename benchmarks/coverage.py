"""How often the printed intervals hold the truth: 2,000 made test sets for fixed models.

Usage: python benchmarks/coverage.py [SETS] [RESAMPLES]. Every set is drawn from one listed population of households, so
the value in an endless population is known: the project's own function of everybody listed, each with every outcome at
its probability. An interval holds when the exact 99 % binomial interval of its coverage overlaps .93-.97.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.stats import beta

from riskmodel.assess.at_threshold import auc_gap, decision_curve, history_share, measures_at, net_benefit_gains
from riskmodel.assess.evaluation import DISTANCES, curve_measures, evaluate, evaluate_all, smoother
from riskmodel.assess.fairness import fairness
from riskmodel.assess.intervals import Measures, Tally, intervals_of, resampled, resamples_of, scores_of
from riskmodel.assess.subgroups import Grouping, everyone, groups
from riskmodel.ground.settings import Settings, read_settings

PROJECT = Path(__file__).parents[1]
SEED, HOUSEHOLDS_N, COUPLES = 20260901, 100_000, 0.25
SET_HOUSEHOLDS_N = 2400  # about 3,000 people
AREAS, AREA_SHARE, AREA_LOGODDS = ("large", "low", "high"), (0.62, 0.2, 0.18), (0.0, -0.7, 1.1)
THRESHOLD = 0.4  # the policy's; the other two leave few people on one side in one of the areas
THRESHOLDS = (0.12, THRESHOLD, 0.65)
AS_ABOVE = "model as above"
CURVE_AT = (0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8)
ENDS = ("estimate", "low", "high")
COLUMNS = ["measure", "group", *ENDS]
NOMINAL = (0.93, 0.97)  # what a coverage may be
PROCESSES = 2


@dataclass(frozen=True)
class Made:
    """Everybody listed, a row a person, in order of household; and the households' first rows."""

    people: pd.DataFrame
    first: np.ndarray
    size: np.ndarray


def population(*, perfect: bool = False) -> Made:
    """Singles and couples; the two of a couple have answers alike and one outcome, as in the example municipality.

    perfect: the risks are true, which takes couples with the same answers.
    """
    random = np.random.default_rng(SEED)
    size = 1 + (random.random(HOUSEHOLDS_N) < COUPLES)
    household = np.repeat(np.arange(HOUSEHOLDS_N), size)
    shared, own = random.normal(size=HOUSEHOLDS_N), random.normal(size=len(household))
    own = shared[household] if perfect else own
    area = random.choice(len(AREAS), HOUSEHOLDS_N, p=AREA_SHARE)
    answers = np.sqrt(0.5) * shared[household] + np.sqrt(0.5) * own
    known = -1.1 + 1.1 * answers + 0.8 * np.array(AREA_LOGODDS)[area][household]
    mean = np.bincount(household, known) / size
    prob = _risk(0.1 + 0.9 * mean + 0.2 * np.array(AREA_LOGODDS)[area] + 0.3 * random.normal(size=HOUSEHOLDS_N))
    points = np.round(known * 10 / np.log(2))
    first = np.searchsorted(household, np.arange(HOUSEHOLDS_N))
    points_prob = _risk(points * np.log(2) / 10)
    people = pd.DataFrame(
        {
            "cluster_id": household,
            "intake_year": 2022,
            "area": np.array(AREAS)[area][household],
            "weight": random.choice([1.0, 1.0, 1.1], len(household)),
            "points_prob": points_prob,
            "boosted_prob": np.round(_risk(known + 0.4 * random.normal(size=len(household))), 4),
            "event_prob": points_prob[first][household] if perfect else prob[household],
            "left_prob": np.where(known < 0, 0.4, 0.3),
        }
    )
    return Made(people, first, size)


def test_set(made: Made, number: int) -> pd.DataFrame:
    """Households drawn from the list with their outcomes; a household drawn twice is two households."""
    random = np.random.default_rng([SEED, number])
    drawn = random.integers(HOUSEHOLDS_N, size=SET_HOUSEHOLDS_N)
    size = made.size[drawn]
    household = np.repeat(np.arange(SET_HOUSEHOLDS_N), size)
    within = np.arange(len(household)) - np.repeat(np.cumsum(size) - size, size)
    people = made.people.iloc[made.first[drawn][household] + within]
    event = random.random(SET_HOUSEHOLDS_N)[household] < people["event_prob"].to_numpy()
    left = ~event & (random.random(SET_HOUSEHOLDS_N)[household] < people["left_prob"].to_numpy())
    return _with_outcome(people.assign(cluster_id=household), event, left)


def endless(made: Made) -> pd.DataFrame:
    """Everybody listed three times, once an outcome, weighted by its probability."""
    stays, leaves = made.people["event_prob"], made.people["left_prob"]
    parts = [(stays, True, False), ((1 - stays) * leaves, False, True), ((1 - stays) * (1 - leaves), False, False)]
    people = [
        _with_outcome(made.people.assign(weight=made.people["weight"] * share), event, left)
        for share, event, left in parts
    ]
    return pd.concat(people, ignore_index=True)


def _with_outcome(people: pd.DataFrame, event: np.ndarray | bool, left: np.ndarray | bool) -> pd.DataFrame:
    people = people.assign(outcome=np.asarray(event).astype(int), left_within_100_days=np.asarray(left).astype(int))
    return people.reset_index(drop=True).assign(case_id=lambda rows: [f"c{row:07d}" for row in range(len(rows))])


def printed(predictions: pd.DataFrame, settings: Settings) -> pd.Series:
    """Every interval that is printed from these predictions: estimate, low and high by measure and group."""
    resamples, grouping = resamples_of(predictions, settings), Grouping("area")
    whom = [everyone(predictions), *groups(predictions, [grouping])]
    measures, curves = evaluate_all(
        predictions, whom, predictor="points", resamples=resamples, settings=settings.assess
    )
    gap = auc_gap(predictions, "boosted", "points", resamples=resamples)
    history = history_share(predictions.assign(no_history_prob=predictions["boosted_prob"]), resamples)
    found = [
        measures[~measures["measure"].isin([*DISTANCES, "ici_by_chance"])],
        pd.DataFrame([gap]).assign(measure="AUC, paired gap"),
        pd.DataFrame([history]).assign(measure="AUC, share of an item"),
        *_net_benefit(predictions, settings),
        _curve_points(curves),
    ]
    for threshold in THRESHOLDS:
        at, gaps = _at(predictions, settings, threshold)
        found += [rows.assign(measure=rows["measure"] + f" at {threshold:g}") for rows in (at, gaps)]
    rows = pd.concat([rows.reindex(columns=COLUMNS) for rows in found])
    return rows.fillna({"group": ""}).set_index(["measure", "group"])


def _at(predictions: pd.DataFrame, settings: Settings, threshold: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    at = measures_at(predictions, settings, threshold_prob=threshold, groupings=[Grouping("area")])
    gaps = fairness(predictions, settings, groupings=[Grouping("area")], threshold_prob=threshold).gaps
    return at, gaps.assign(estimate=gaps["difference"], measure="gap in " + gaps["measure"])


def _net_benefit(predictions: pd.DataFrame, settings: Settings) -> Iterator[pd.DataFrame]:
    curve = decision_curve(predictions, settings, resamples=resamples_of(predictions, settings))
    curve = curve[np.isclose(curve["threshold"], THRESHOLD) & (curve["strategy"] == "points")]
    yield curve.assign(measure=f"net benefit at {THRESHOLD}", estimate=curve["net_benefit"])
    gains = net_benefit_gains(predictions, settings, threshold_prob=THRESHOLD)
    yield gains.assign(measure="net benefit over " + gains["strategy"], estimate=gains["gain"])


def _curve_points(curves: pd.DataFrame) -> pd.DataFrame:
    """The curves at fixed risks, between their points a straight line, as far as they are drawn."""
    rows = []
    for group, curve in curves.groupby("group"):
        for risk in CURVE_AT:
            drawn = (curve[name] for name in ("observed", "low", "high"))
            ends = [np.interp(risk, curve["risk"], values, left=np.nan, right=np.nan) for values in drawn]
            rows.append((f"curve at risk {risk:g}", group, *ends))
    return pd.DataFrame(rows, columns=COLUMNS)


def unprinted(predictions: pd.DataFrame, settings: Settings, *, model: str) -> pd.DataFrame:
    """Percentile intervals of the distances from the diagonal: why they are not printed."""
    resamples = resamples_of(predictions, settings)
    prepared = scores_of(predictions, "points", resamples)
    smooth = smoother(prepared.tally())

    def distances(tallied: Tally) -> Measures:
        found = curve_measures(tallied, smooth)
        return {name: found[name] for name in DISTANCES}

    found = intervals_of(distances(prepared.tally()), resampled(prepared, resamples, distances))
    rows = [(f"{name}, percentile", model, *(getattr(found[name], end) for end in ENDS)) for name in found]
    return pd.DataFrame(rows, columns=COLUMNS).set_index(["measure", "group"])


def seeded(settings: Settings, number: int) -> Settings:
    return replace(settings, run=replace(settings.run, seed=number))


def one_set(made: Made, settings: Settings, number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    predictions, settings = test_set(made, number), seeded(settings, number)
    return printed(predictions, settings), unprinted(predictions, settings, model=AS_ABOVE)


def one_perfect(made: Made, settings: Settings, number: int) -> tuple[pd.DataFrame, float, float, bool]:
    """Of a perfect model in one set: unprinted intervals, ICI, the one by chance, whether it lies in chance's range."""
    predictions, settings = test_set(made, number), seeded(settings, number)
    resamples, whole = resamples_of(predictions, settings), everyone(predictions)
    rows, _ = evaluate(predictions, whole, predictor="points", resamples=resamples, settings=settings.assess)
    ici, chance = (rows[rows["measure"] == name].iloc[0] for name in ("ici", "ici_by_chance"))
    held = bool(chance["low"] <= ici["estimate"] <= chance["high"])
    # true risks lie on the diagonal: every distance is 0
    distances = unprinted(predictions, settings, model="perfect model").assign(truth=0.0)
    return distances, ici["estimate"], chance["estimate"], held


def with_truth(found: Iterable[pd.DataFrame], truth: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of every set beside the estimate of the endless population."""
    return [rows.join(truth["estimate"].rename("truth"), on=["measure", "group"]) for rows in found]


def coverages(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Of each interval: in how many sets it was printed, held the truth, lay above and below it; and the bias."""
    rows = pd.concat(found).astype(float)
    rows = rows.dropna(subset=["low", "high", "truth"])
    rows["above"], rows["below"] = rows["low"] > rows["truth"], rows["high"] < rows["truth"]
    rows["held"], rows["error"] = ~(rows["above"] | rows["below"]), rows["estimate"] - rows["truth"]
    return rows.groupby(level=[0, 1], sort=False).agg(
        sets=("held", "size"),
        held=("held", "sum"),
        truth=("truth", "mean"),
        bias=("error", "mean"),
        above=("above", "mean"),
        below=("below", "mean"),
    )


def exact(held: int, sets: int, *, level: float = 0.99) -> tuple[float, float]:
    """The exact binomial interval (Clopper & Pearson 1934)."""
    tail = (1 - level) / 2
    low = 0.0 if held == 0 else float(beta.ppf(tail, held, sets - held + 1))
    return low, 1.0 if held == sets else float(beta.ppf(1 - tail, held + 1, sets - held))


def verdict(held: int, sets: int) -> str:
    low, high = exact(held, sets)
    return f"{held / sets:.3f} | {low:.3f}-{high:.3f} | {'holds' if holds(held, sets) else '**fails**'}"


def holds(held: int, sets: int) -> bool:
    low, high = exact(held, sets)
    return high >= NOMINAL[0] and low <= NOMINAL[1]


def print_wide(table: pd.DataFrame, sets: int) -> None:
    """Coverage a measure and group; how many sets had the interval, where not all of them; failures in bold."""
    cells = pd.Series([_cell(row, sets) for row in table.to_dict("records")], index=table.index).unstack(fill_value="")
    cells = cells.loc[table.index.get_level_values(0).unique(), ["", *AREAS]]
    print("| measure | all | " + " | ".join(AREAS) + " |\n" + "|---" * (2 + len(AREAS)) + "|")
    for measure, row in cells.iterrows():
        print(f"| {measure} | " + " | ".join(row) + " |")
    worst = sum(not holds(int(row["held"]), int(row["sets"])) for row in table.to_dict("records"))
    shares = table["held"] / table["sets"]
    print(f"\n{len(table)} intervals, coverage {shares.min():.3f} to {shares.max():.3f}; {worst} fail.\n")


def _cell(row: dict[str, float], sets: int) -> str:
    share, times = f"{row['held'] / row['sets']:.3f}", "" if row["sets"] == sets else f" ({row['sets']:.0f})"
    return (share if holds(int(row["held"]), int(row["sets"])) else f"**{share}**") + times


def print_table(table: pd.DataFrame) -> None:
    print("| measure | among | value | bias | too high, too low | sets | coverage | 99 % interval | |")
    print("|---" * 9 + "|")
    for (measure, group), row in table.iterrows():
        value, misses = f"{row['truth']:.4f} | {row['bias']:+.4f}", f"{row['above']:.3f}, {row['below']:.3f}"
        numbers = f"{value} | {misses} | {row['sets']:.0f}"
        print(f"| {measure} | {group or 'all'} | {numbers} | {verdict(int(row['held']), int(row['sets']))} |")


def _risk(logodds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logodds))


def main(sets: int = 2000, resamples: int = 400) -> None:
    settings = read_settings(PROJECT / "params.toml")
    settings, once = (
        replace(settings, assess=replace(settings.assess, bootstrap=repeats)) for repeats in (resamples, 2)
    )
    made, perfect = population(), population(perfect=True)
    everybody = endless(made)
    with Parallel(n_jobs=PROCESSES) as run:
        found = run(delayed(one_set)(made, settings, number) for number in range(sets))
        on_diagonal = run(delayed(one_perfect)(perfect, settings, number) for number in range(sets))
    shown, off = zip(*found, strict=True)
    distances, ici, expected, inside = zip(*on_diagonal, strict=True)
    print_wide(coverages(with_truth(shown, printed(everybody, once))), sets)
    print_table(coverages([*with_truth(off, unprinted(everybody, once, model=AS_ABOVE)), *distances]))
    print(f"\nICI of a perfect model: {np.mean(ici):.4f} in the mean, {np.mean(expected):.4f} expected by chance;")
    print(f"in its range by chance in | {verdict(sum(inside), sets)} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
