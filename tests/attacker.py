"""An attacker on two equations of one town, from which somebody left between them, maybe with others.

Given more than is published: exact coefficients of both, the penalised information, the method, and how common every
answer is. One person's part in the change is x(y − p); that of m others has the covariance of m scores. The likeliest
answers and outcome are looked for item by item from several starts.
"""

from dataclasses import dataclass

import numpy as np
from sampled import items_of

from riskmodel.ground.settings import Settings
from riskmodel.model.equation import Fit, contrasts, fit_equation, fitted_design
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import matrix
from riskmodel.model.sample import Sample

SEED, ITEMS_N, ANSWERS_N = 20261129, 11, 3
SHARES = np.array([0.5, 0.3, 0.2])  # of the answers to each question
STARTS, ROUNDS = 4, 6


@dataclass(frozen=True)
class Town:
    """Everybody who could be in a cohort: answers, outcomes; the first n are."""

    positions: np.ndarray
    outcome: np.ndarray

    def sample(self, rows: np.ndarray) -> Sample:
        """The cohort of the people at `rows`."""
        n = len(rows)
        at = np.arange(n)
        return Sample(
            self.positions[rows], self.outcome[rows], np.ones(n), at, 24240 + at % 36, at, np.ones(n, dtype=int)
        )


def town_of(n: int, random: np.random.Generator) -> Town:
    """`n` people whose answers move the log-odds by −.6, 0 or .6 each."""
    positions = random.choice(ANSWERS_N, p=SHARES, size=(n, ITEMS_N))
    logodds = -0.6 + 0.6 * (positions - 1).sum(axis=1) / np.sqrt(2)
    return Town(positions, (random.random(n) < probability(logodds)).astype(float))


class Attacker:
    """Knows the first equation to the last digit, the method and how common answers are."""

    def __init__(self, fit: Fit, sample: Sample) -> None:
        self.fit, self.design = fit, fitted_design(fit.design, contrasts(fit.design, sample.positions))
        scores = fit.x * (sample.outcome - fit.optimum.prob)[:, None]
        self.of_others = np.cov(scores.T)
        self.shares = np.log([np.bincount(column, minlength=ANSWERS_N + 1) + 1 for column in sample.positions.T])

    def guess(self, later: Fit, others_n: int, random: np.random.Generator) -> tuple[np.ndarray, int]:
        """The likeliest answers and outcome of the one who left."""
        moved = later.optimum.coefficients - self.fit.optimum.coefficients
        score = -self.fit.optimum.information @ moved
        # without others, what the step leaves out to second order is the noise
        noise = self.of_others * max(others_n, 0.01) + 1e-6 * np.eye(len(score))
        precision = np.linalg.inv(noise)
        starts = [random.choice(ANSWERS_N, p=SHARES, size=ITEMS_N) for _ in range(STARTS)]
        found = [self._climbed(start, outcome, score, precision) for start in starts for outcome in (0, 1)]
        _, answers, outcome = max(found, key=lambda one: one[0])
        return answers, outcome

    def _climbed(
        self, answers: np.ndarray, outcome: int, score: np.ndarray, precision: np.ndarray
    ) -> tuple[float, np.ndarray, int]:
        best = self._likelihood(answers[None], outcome, score, precision)[0]
        for _ in range(ROUNDS):
            before = best
            for item in range(ITEMS_N):
                tried = np.repeat(answers[None], ANSWERS_N, axis=0)
                tried[:, item] = range(ANSWERS_N)
                found = self._likelihood(tried, outcome, score, precision)
                answers, best = tried[found.argmax()], float(found.max())
            if best == before:
                break
        return best, answers, outcome

    def _likelihood(self, tried: np.ndarray, outcome: int, score: np.ndarray, precision: np.ndarray) -> np.ndarray:
        x = matrix(tried, self.design)
        risk = probability(x @ self.fit.optimum.coefficients)
        away = score - x * (outcome - risk)[:, None]
        prior = sum(self.shares[item][tried[:, item]] for item in range(ITEMS_N))
        known = np.log(risk if outcome else 1 - risk)
        return -0.5 * ((away @ precision) * away).sum(axis=1) + prior + known


def attacked(n: int, others_n: int, people_n: int, settings: Settings) -> dict[str, np.ndarray]:
    """For each of `people_n` people, half of them long: what the attacker had right, of them and of somebody else."""
    random = np.random.default_rng([SEED, n, others_n])
    town, items = town_of(n + others_n, random), items_of(ITEMS_N)
    first = town.sample(np.arange(n))
    fit = fit_equation(first, items, settings.model)
    attacker, commonest = Attacker(fit, first), int(SHARES.argmax())
    rows: dict[str, list[float]] = {name: [] for name in ("answers", "rare", "outcome")}
    for person in range(people_n):
        target = random.choice(np.flatnonzero(town.outcome[:n] == person % 2))
        leave = random.choice(np.delete(np.arange(n), target), size=others_n - others_n // 2, replace=False)
        stay = np.setdiff1d(np.arange(n), [target, *leave])
        come = n + random.choice(others_n, size=others_n // 2, replace=False) if others_n > 1 else []
        later = fit_equation(town.sample(np.r_[stay, come].astype(int)), items, settings.model)
        answers, outcome = attacker.guess(later, others_n, random)
        other = random.choice(np.flatnonzero(town.outcome[:n] == random.integers(2)))
        hit = [(answers == town.positions[one]) for one in (target, other)]
        rare = [town.positions[one] != commonest for one in (target, other)]
        rows["answers"].append(hit[0].mean() - hit[1].mean())
        rows["rare"].append(
            (hit[0] & rare[0]).sum() / max(rare[0].sum(), 1) - (hit[1] & rare[1]).sum() / max(rare[1].sum(), 1)
        )
        rows["outcome"].append((outcome == town.outcome[target]) - float(outcome == town.outcome[other]))
    return {name: np.array(values) for name, values in rows.items()}
