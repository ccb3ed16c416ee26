"""How a made town departs from the example's truth, which is additive and never changes."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from riskmodel.ground.errors import SettingsError
from riskmodel.simulate.people import Adults, Households, best_risk, household_risk, of_households
from riskmodel.simulate.town import ADULT_SHARE, AREAS, HUNDREDTH, REFUSALS, Crossed, Question, Town

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

TURNED_AREA = "Åsidan"
RULE_AGE = 50  # where `age_rule` begins
SUPPORTED_FROM = 0.45  # risk from which a household may get the support that works …
SUPPORTED_SHARE, SUPPORTED_YEARS = 0.5, 2  # … and how many do, in the last years
LATE_MONTHS = 9  # the register's youngest, of which `late_share` is missing
ANSWERS_STREAM, YEARS_STREAM, SUPPORT_STREAM = 21, 22, 23  # of the seed, one a kind of trouble
UNLINKED_STREAM, RENAMED_STREAM, LATE_STREAM = 24, 25, 26


@dataclass(frozen=True)
class Trouble:
    """Departures of a made town, none by default; log-odds unless said otherwise.

    Of the truth: level, of everybody · other_answers, SD of each answer's effect about what the instrument implies ·
    between_years, SD of each intake year's own level · walk, SD of the level's step from year to year · last_year, of
    the last years' level · turned, 1: the strongest item works the other way in them · years, how many they are ·
    turned_area, 1: it does so in every year in one area · crossed, how far two items' answers together belie their sum
    · age_rule, from age 50 on · no_signal, 1: no answer matters · support, by how much it helps half of those at high
    risk in the last two years. Of the files, as shares: renamed, people with a new id in the middle of the last year ·
    late, rows missing in the last nine months · unlinked, events without intake answers.
    """

    level: float = 0.0
    other_answers: float = 0.0
    between_years: float = 0.0
    walk: float = 0.0
    last_year: float = 0.0
    turned: float = 0.0
    turned_area: float = 0.0
    crossed: float = 0.0
    age_rule: float = 0.0
    no_signal: float = 0.0
    years: float = 1.0
    support: float = 0.0
    renamed: float = 0.0
    late: float = 0.0
    unlinked: float = 0.0


NO_TROUBLE = Trouble()


def read_trouble(pairs: list[str]) -> Trouble:
    """`Trouble` from "name=value" texts; a `SettingsError` for what is none of its names, or no number."""
    known = [one.name for one in fields(Trouble)]
    try:
        found = {name: float(value) for name, _, value in (pair.partition("=") for pair in pairs)}
    except ValueError:
        found = {"": 0.0}
    if not set(found) <= set(known) or not np.isfinite(list(found.values())).all():
        raise SettingsError(REFUSALS["no_such_trouble"].filled(names=", ".join(known)))
    return checked(Trouble(**found))


def checked(trouble: Trouble) -> Trouble:
    """`trouble` itself; a `SettingsError` for a share outside 0-1."""
    if not all(0 <= share <= 1 for share in (trouble.renamed, trouble.late, trouble.unlinked)):
        raise SettingsError(REFUSALS["no_share"])
    return trouble


def troubled(town: Town, trouble: Trouble, *, seed: int) -> Town:
    """`town` with the answers' effects that `trouble` gives it."""
    rng = np.random.default_rng([seed, ANSWERS_STREAM])
    questions = tuple(_changed(question, trouble, rng) for question in town.questions)
    level = round(trouble.level * HUNDREDTH)
    return replace(
        town, questions=questions, intercept=town.intercept + level, crossed=_crossed(questions, trouble.crossed)
    )


def _changed(question: Question, trouble: Trouble, rng: np.random.Generator) -> Question:
    if not question.scored:
        return question
    effect = question.effect + np.rint(rng.normal(0, trouble.other_answers * HUNDREDTH, len(question.effect)))
    if question.item.derive == "age" and question.item.minimum is not None:
        effect = effect + (np.arange(len(effect)) + question.item.minimum >= RULE_AGE) * trouble.age_rule * HUNDREDTH
    return replace(question, effect=np.rint(effect * (1 - trouble.no_signal)).astype(np.int64))


def _crossed(questions: tuple[Question, ...], logodds: float) -> Crossed | None:
    """The two strongest items of few answers: each alone says as much as before, but together they say otherwise."""
    if not logodds:
        return None
    few = [place for place in by_strength(questions) if not questions[place].item.is_number]
    first, second = sorted(few[:2])
    signs = [np.where(np.arange(n) < n / 2, -1, 1) for n in (len(questions[place].effect) for place in (first, second))]
    return Crossed(first, second, np.rint(np.outer(*signs) * logodds * HUNDREDTH).astype(np.int64))


def by_strength(questions: tuple[Question, ...]) -> list[int]:
    """Places of the scored questions, that first whose answers move the log-odds of all adults most."""
    scored = [place for place, question in enumerate(questions) if question.scored]
    return sorted(scored, key=lambda place: -_variance(questions[place]))


def _variance(question: Question) -> float:
    share = np.tensordot(ADULT_SHARE, question.share, axes=2)
    return float(share @ question.effect**2 - (share @ question.effect) ** 2)


def turned(town: Town) -> Town:
    """`town` where the strongest item works the other way, as much in all as before."""
    place = by_strength(town.questions)[0]
    effect = town.questions[place].effect
    other = replace(town.questions[place], effect=effect.max() + effect.min() - effect)
    return replace(town, questions=(*town.questions[:place], other, *town.questions[place + 1 :]))


@dataclass(frozen=True, eq=False)
class Rules:
    """What each household lives under.

    place: which of `towns`. level: hundredths of log-odds that its year, or support, adds. Shape (households,).
    """

    towns: tuple[Town, ...]
    place: Ints
    level: Ints

    def household_risk(self, adults: Adults) -> Floats:
        """True risk of each household; shape (households,)."""
        risk = np.empty(len(self.place))
        for place, town in enumerate(self.towns):
            own = self.place == place
            risk[own] = household_risk(of_households(adults, own), town, level=self.level[own])
        return risk

    def best_risk(self, adults: Adults, *, observed: Bools) -> Floats:
        """The best risk of each adult given the answers `observed`, the year and the town; shape (adults,)."""
        best = np.empty(len(adults.household))
        for place, town in enumerate(self.towns):
            own = self.place == place
            members = own[adults.household]
            part = of_households(adults, own)
            best[members] = best_risk(part, town, observed=observed[members], level=self.level[own])
        return best


def rules_of(
    households: Households, adults: Adults, town: Town, trouble: Trouble, *, last_year: int, seed: int
) -> Rules:
    """The town as it is, and turned where `trouble` says so; support goes to those at high risk without it."""
    place = _is_turned(households, trouble, last_year=last_year).astype(np.int64)
    level = _level_of_years(households, trouble, last_year=last_year, seed=seed)
    without = Rules((town, turned(town))[: place.max() + 1], place, level)
    if not trouble.support:
        return without
    helped = _supported(households, without.household_risk(adults), trouble, last_year=last_year, seed=seed)
    return replace(without, level=level - round(trouble.support * HUNDREDTH) * helped)


def _is_turned(households: Households, trouble: Trouble, *, last_year: int) -> Bools:
    """Which households live under the `turned` town; shape (households,)."""
    late = (households.start // 12 > last_year - trouble.years) & (trouble.turned > 0)
    there = (households.area == AREAS.index(TURNED_AREA)) & (trouble.turned_area > 0)
    return late | there


def _level_of_years(households: Households, trouble: Trouble, *, last_year: int, seed: int) -> Ints:
    """What each household's intake year adds to its log-odds, in hundredths; shape (households,)."""
    year = households.start // 12
    first = int(year.min())
    rng, n = np.random.default_rng([seed, YEARS_STREAM]), int(year.max()) - first + 1
    own = rng.normal(0, trouble.between_years, n)
    walked = np.cumsum(rng.normal(0, trouble.walk, n))
    level = (
        own
        + walked
        - walked[max(0, n // 2 - 1)]
        + trouble.last_year * (first + np.arange(n) > last_year - trouble.years)
    )
    return np.rint(level * HUNDREDTH).astype(np.int64)[year - first]


def _supported(households: Households, risk: Floats, trouble: Trouble, *, last_year: int, seed: int) -> Bools:
    """Which households got the support that works; shape (households,). risk: without it."""
    chance = np.random.default_rng([seed, SUPPORT_STREAM]).random(len(risk))
    late = households.start // 12 > last_year - SUPPORTED_YEARS
    return late & (risk >= SUPPORTED_FROM) & (chance < SUPPORTED_SHARE) & (trouble.support > 0)
