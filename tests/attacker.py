"""An attacker on two equations of one town, from which somebody left between them, maybe with others.

He knows the penalised information, the method, and how common every answer is; and either the exact coefficients of
both, more than was ever published; or what two releases of format 3 say: whole points and the offset in its steps; or
what two summaries say: log-odds in steps. One person's part in the change is x(y − p); that of m others has the
covariance of m scores. The likeliest answers and outcome are looked for item by item from several starts, with rounding
in the likelihood.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from sampled import items_of

from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import OFFSETS
from riskmodel.model.equation import contrasts, fitted_design
from riskmodel.model.fit import Learnt, learn
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import matrix
from riskmodel.model.record import ItemCoding
from riskmodel.model.sample import Sample
from riskmodel.model.summarise import PENALTY, logodds_step, summarise
from riskmodel.release.json_record import read_record
from riskmodel.release.town_summary import Summary, logodds_by_answer

SEED, ITEMS_N, ANSWERS_N = 20261129, 11, 3
SHARES = np.array([0.5, 0.3, 0.2])  # of the answers to each question
STARTS, ROUNDS = 4, 6
FIRST_MONTH, MONTHS_N = 24240, 36
ROUNDED = 1 / 6  # the variance of the difference of two numbers rounded to whole ones
SHRINKAGE_MOVES = 0.003  # times itself, when one person leaves


@dataclass(frozen=True)
class Town:
    """Everybody who could be in a cohort: answers, outcomes; the first n are."""

    positions: np.ndarray
    outcome: np.ndarray

    def sample(self, rows: np.ndarray) -> Sample:
        """The cohort of the people at `rows`."""
        n = len(rows)
        at, month = np.arange(n), FIRST_MONTH + rows % MONTHS_N
        return Sample(self.positions[rows], self.outcome[rows], np.ones(n), at, month, at, np.ones(n, dtype=int))

    def in_window(self, rows: np.ndarray) -> np.ndarray:
        """Of which people at `rows` the offset keeps the event rate: those of the last two years."""
        return rows % MONTHS_N >= MONTHS_N - 24


def town_of(n: int, random: np.random.Generator) -> Town:
    """`n` people whose answers move the log-odds by −.6, 0 or .6 each."""
    positions = random.choice(ANSWERS_N, p=SHARES, size=(n, ITEMS_N))
    logodds = -0.6 + 0.6 * (positions - 1).sum(axis=1) / np.sqrt(2)
    return Town(positions, (random.random(n) < probability(logodds)).astype(float))


@dataclass(frozen=True, eq=False)
class Look:
    """A cohort, and what the town's procedure learns from it."""

    sample: Sample
    learnt: Learnt


class Attacker:
    """Knows the first equation to the last digit, the method and how common answers are."""

    def __init__(self, first: Look, settings: Settings) -> None:
        self.learnt, self.sample, self.settings = first.learnt, first.sample, settings
        self.fit, sample = self.learnt.fit, first.sample
        self.design = fitted_design(self.fit.design, contrasts(self.fit.design, sample.positions))
        scores = self.fit.x * (sample.outcome - self.fit.optimum.prob)[:, None]
        self.of_others = np.cov(scores.T)
        self.counts = np.array([np.bincount(column, minlength=ANSWERS_N + 1) for column in sample.positions.T])
        self.shares = np.log(self.counts + 1)
        self.seen: Callable[[np.ndarray, np.ndarray, int], np.ndarray]

    def reads_coefficients(self, later: Look, others_n: int) -> None:
        """Look at the exact coefficients of both equations."""
        moved = later.learnt.fit.optimum.coefficients - self.fit.optimum.coefficients
        score = -self.fit.optimum.information @ moved
        # without others, what the step leaves out to second order is the noise
        precision = np.linalg.inv(self.of_others * max(others_n, 0.01) + 1e-6 * np.eye(len(score)))

        def seen(x: np.ndarray, risk: np.ndarray, outcome: int) -> np.ndarray:
            away = score - x * (outcome - risk)[:, None]
            return -0.5 * ((away @ precision) * away).sum(axis=1)

        self.seen = seen

    def reads_points(self, later: Look, others_n: int) -> None:
        """Look at what two releases of format 3 say: every answer's whole points, and the offset."""
        before, now = (_table(learnt) for learnt in (self.learnt, later.learnt))
        moved, per_point, shrinkage = now - before, self.learnt.points.per_point, self.learnt.shrinkage
        lowest = before.argmin(axis=1)
        rows = [coding.rows[:-1] - coding.rows[low] for coding, low in zip(self._padded(), lowest, strict=True)]
        # another shrinkage moves the exact points too
        scale = np.outer(before, before) * SHRINKAGE_MOVES**2
        points_say = self._tables_say(moved, np.array(rows) * shrinkage / per_point, others_n, scale)
        # the offset moves with the points, and by the one who left the window
        drift = (self.counts[:, :ANSWERS_N] * moved).sum() / self.counts.sum(axis=1)[0] * per_point
        risk = self.fit.optimum.prob
        curved = (risk * (1 - risk)).sum() * 24 / MONTHS_N
        slid = later.learnt.points.offset - self.learnt.points.offset + drift
        spread = np.sqrt(others_n / curved + ROUNDED / OFFSETS**2)

        def seen(x: np.ndarray, risk: np.ndarray, outcome: int) -> np.ndarray:
            inside = -0.5 * ((slid + (outcome - risk) / curved) / spread) ** 2
            return points_say(x, risk, outcome) + np.logaddexp(
                np.log(2 / 3) + inside, np.log(1 / 3) - 0.5 * (slid / spread) ** 2
            )

        self.seen = seen

    def reads_summaries(self, later: Look, others_n: int) -> None:
        """Look at what two summaries say: every answer's log-odds about the mean, in steps."""
        step = logodds_step(len(self.sample.outcome))
        before, now = (_logodds(sample, self.settings) for sample in (self.sample, later.sample))
        shares = self.counts / self.counts.sum(axis=1, keepdims=True)
        rows = [coding.rows[:-1] - own @ coding.rows for coding, own in zip(self._padded(), shares, strict=True)]
        self.seen = self._tables_say((now - before) / step, np.array(rows) / step, others_n)

    def _tables_say(
        self, moved: np.ndarray, rows: np.ndarray, others_n: int, scale: np.ndarray | float = 0.0
    ) -> Callable[[np.ndarray, np.ndarray, int], np.ndarray]:
        """The log-likelihood that somebody's leaving `moved` whole numbers, which are `rows` of the coefficients.

        moved: shape (items, answers); rows: (items, answers, columns); scale: what else moves them, as a covariance.
        """
        towards = rows.reshape(-1, rows.shape[-1])
        towards = np.hstack([np.zeros((len(towards), 1)), towards]) @ np.linalg.inv(self.fit.optimum.information)
        # what the step leaves out to second order moves the exact numbers too
        moves = towards @ (self.of_others * max(others_n, 0.01)) @ towards.T + scale
        precision, told = np.linalg.inv(moves + ROUNDED * np.eye(len(towards))), moved.reshape(-1)
        is_rounding = np.diag(moves).max() < ROUNDED / 10

        def say(x: np.ndarray, risk: np.ndarray, outcome: int) -> np.ndarray:
            away = told + (x * (outcome - risk)[:, None]) @ towards.T
            return _rounded(away) if is_rounding else -0.5 * ((away @ precision) * away).sum(axis=1)

        return say

    def _padded(self) -> list[ItemCoding]:
        """The fitted codings, each with the columns of all."""
        codings, first, padded = self.design.codings, 0, []
        width = sum(len(coding.columns) for coding in codings)
        for coding in codings:
            rows = np.zeros((len(coding.rows), width))
            rows[:, first : first + len(coding.columns)] = coding.rows
            padded.append(replace(coding, rows=rows))
            first += len(coding.columns)
        return padded

    def guess(self, random: np.random.Generator) -> tuple[np.ndarray, int]:
        """The likeliest answers and outcome of the one who left."""
        starts = [random.choice(ANSWERS_N, p=SHARES, size=ITEMS_N) for _ in range(STARTS)]
        found = [self._climbed(start, outcome) for start in starts for outcome in (0, 1)]
        _, answers, outcome = max(found, key=lambda one: one[0])
        return answers, outcome

    def _climbed(self, answers: np.ndarray, outcome: int) -> tuple[float, np.ndarray, int]:
        best = self._likelihood(answers[None], outcome)[0]
        for _ in range(ROUNDS):
            before = best
            for item in range(ITEMS_N):
                tried = np.repeat(answers[None], ANSWERS_N, axis=0)
                tried[:, item] = range(ANSWERS_N)
                found = self._likelihood(tried, outcome)
                answers, best = tried[found.argmax()], float(found.max())
            if best == before:
                break
        return best, answers, outcome

    def _likelihood(self, tried: np.ndarray, outcome: int) -> np.ndarray:
        x = matrix(tried, self.design)
        risk = probability(x @ self.fit.optimum.coefficients)
        prior = sum(self.shares[item][tried[:, item]] for item in range(ITEMS_N))
        return self.seen(x, risk, outcome) + prior + np.log(risk if outcome else 1 - risk)


def _table(learnt: Learnt) -> np.ndarray:
    """The points of every answer, shape (items, answers)."""
    return np.array([item.answered for item in learnt.points.items])


def _logodds(sample: Sample, settings: Settings) -> np.ndarray:
    """What the town's summary says of every answer, shape (items, answers)."""
    told = read_record(Summary, summarise(sample, items_of(ITEMS_N), settings, code="1", name="Town"), where="summary")
    return np.array([list(logodds_by_answer(item).values()) for item in told.items])


def _rounded(away: np.ndarray) -> np.ndarray:
    """The log-likelihood of whole points that moved `away` further than exact ones would: a triangle of width 1."""
    return np.log(np.clip(1 - np.abs(away), 1e-3, None)).sum(axis=1)


def _look(town: Town, rows: np.ndarray, settings: Settings) -> Look:
    sample = town.sample(rows)
    return Look(sample, learn(sample, items_of(ITEMS_N), settings))


def _as_summarised(settings: Settings) -> Settings:
    """The penalty of every summary."""
    fixed = replace(settings.model, penalty_lowest=PENALTY, penalty_highest=PENALTY, penalty_steps=1)
    return replace(settings, model=fixed)


SUMMARIES = "summaries"
READS = {
    "coefficients": Attacker.reads_coefficients,
    "points": Attacker.reads_points,
    SUMMARIES: Attacker.reads_summaries,
}


def attacked(
    n: int, others_n: int, people_n: int, settings: Settings, *, reads: str = "coefficients", come: bool = True
) -> dict[str, np.ndarray]:
    """For each of `people_n` people, half long and half in the window: what was read right, of them and of another.

    reads: what the attacker looks at. come: of the others, half are newcomers; otherwise all of them leave.
    """
    random = np.random.default_rng([SEED, n, others_n])
    town, everybody, commonest = town_of(n + others_n, random), np.arange(n), int(SHARES.argmax())
    settings = _as_summarised(settings) if reads == SUMMARIES else settings
    attacker = Attacker(_look(town, everybody, settings), settings)
    rows: dict[str, list[float]] = {name: [] for name in ("answers", "rare", "outcome")}
    come_n = others_n // 2 if come else 0
    for person in range(people_n):
        in_window = town.in_window(everybody) == (person // 2 % 2 == 0)
        target = random.choice(np.flatnonzero((town.outcome[:n] == person % 2) & in_window))
        leave = random.choice(np.delete(everybody, target), size=others_n - come_n, replace=False)
        stay = np.setdiff1d(everybody, [target, *leave])
        newcomers = n + random.choice(max(others_n, 1), size=come_n, replace=False)
        READS[reads](attacker, _look(town, np.r_[stay, newcomers].astype(int), settings), others_n)
        answers, outcome = attacker.guess(random)
        other = random.choice(np.flatnonzero(town.outcome[:n] == random.integers(2)))
        hit = [(answers == town.positions[one]) for one in (target, other)]
        rare = [town.positions[one] != commonest for one in (target, other)]
        rows["answers"].append(hit[0].mean() - hit[1].mean())
        rows["rare"].append(
            (hit[0] & rare[0]).sum() / max(rare[0].sum(), 1) - (hit[1] & rare[1]).sum() / max(rare[1].sum(), 1)
        )
        rows["outcome"].append((outcome == town.outcome[target]) - float(outcome == town.outcome[other]))
    return {name: np.array(values) for name, values in rows.items()}
