"""What one town's fit says of its answers, as it may leave: log-odds about its own optimum, and rounded counts."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

import numpy as np

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import ModelSettings, Settings
from riskmodel.instrument.records import Item
from riskmodel.model import REFUSALS
from riskmodel.model.equation import fit_equation
from riskmodel.model.record import ItemCoding
from riskmodel.model.sample import Sample
from riskmodel.release.town_summary import FEWEST_PEOPLE, LOGODDS_DECIMALS, PEOPLE_STEP, SUMMARY

PENALTY = 1.0  # of every summary: little, since whoever combines takes it out again
FEWEST_OF_AN_OUTCOME = 3  # an answer with fewer events or non-events has no log-odds to speak of
LOGODDS_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)  # in which log-odds are told: about as much as one person can move one
ONE_PERSON_MOVES = 100.0  # divided by the number of cases
Json = dict[str, object]


def summarise(sample: Sample, items: Sequence[Item], settings: Settings, *, code: str, name: str) -> Json:
    """The summary of the town `code`, from its own cases alone: what `release.summary` reads.

    Answers that fewer than 20 people gave are merged before the fit. A `SettingsError` where a number's knots are the
    town's own, as they have to be shared, and for declared pairs.
    """
    _check_apart(settings)
    _check_knots(items, settings)
    fit = fit_equation(sample, items, _alike(settings.model))
    told, step = [], logodds_step(len(sample.outcome))
    for item, coding, column in zip(items, fit.design.codings, sample.positions.T, strict=True):
        people = np.bincount(column, sample.copies, minlength=len(coding.rows)).astype(int)
        weights = np.bincount(column, sample.weight, minlength=len(coding.rows))
        logodds = coding.rows @ fit.coefficients[1:][fit.design.columns_of(item.id)]
        told.append(_item(item, coding, logodds - weights @ logodds / weights.sum(), people, step))
    town = {
        "code": code,
        "name": name,
        "n": rounded(len(sample.outcome)),
        "events_n": rounded(int(sample.outcome.sum())),
        "last_intake_month": int(sample.month.max()),
    }
    return {
        "kind": SUMMARY,
        "format": 1,
        "month": settings.cohort.landmark,
        "outcome": settings.cohort.outcome,
        "towns": [town],
        "penalty": fit.choice.penalty,
        "items": told,
        "between": None,
    }


def _alike(model: ModelSettings) -> ModelSettings:
    """The choices by which every town is summarised."""
    return replace(
        model,
        penalty_lowest=PENALTY,
        penalty_highest=PENALTY,
        penalty_steps=1,
        penalty_rule="approximate",
        level_min_people=max(model.level_min_people, FEWEST_PEOPLE),
        level_min_events=FEWEST_OF_AN_OUTCOME,
        level_min_non_events=FEWEST_OF_AN_OUTCOME,
    )


def _check_apart(settings: Settings) -> None:
    if settings.model.pairs:
        raise SettingsError(REFUSALS["sums_no_pairs"].filled(file=settings.source, n=len(settings.model.pairs)))


def _check_knots(items: Sequence[Item], settings: Settings) -> None:
    shared = {one.item for one in settings.model.knots_at}
    own = [item.id for item in items if item.is_number and item.id not in shared]
    if own:
        raise SettingsError(REFUSALS["knots_of_its_own"].filled(file=settings.source, items=", ".join(own)))


def _item(item: Item, coding: ItemCoding, exact: np.ndarray, people: np.ndarray, step: float) -> Json:
    logodds = [short(value, step) for value in exact]
    silence = {"logodds": logodds[-1], "people": rounded(people[-1])} if coding.has_no_answer else None
    shared: Json = {"id": item.id, "text": asdict(item.text), "kind": item.kind, "no_answer": silence}
    if not item.is_number:
        return {**shared, "cells": list(_cells(coding, logodds, people)), "values": None}
    values = {
        "minimum": coding.minimum,
        "scale": item.scale,
        "logodds": logodds[:-1],
        "knots": list(coding.knots),
        "steps": list(item.steps),
        "bands": bands_of(people[:-1], first=coding.minimum or 0),
    }
    return {**shared, "cells": [], "values": values}


def _cells(coding: ItemCoding, logodds: Sequence[float], people: np.ndarray) -> Iterator[Json]:
    """Answers coded alike stand together, first the one as which; where the item has no columns, all of them."""
    fullest = coding.codes[int(people[:-1].argmax())]
    kept = coding.kept if coding.columns else (fullest,) * len(coding.codes)
    for level in dict.fromkeys(kept):
        places = [place for place, into in enumerate(kept) if into == level]
        places.sort(key=lambda place: coding.codes[place] != level)
        yield {
            "codes": [coding.codes[place] for place in places],
            "logodds": logodds[places[0]],
            "people": rounded(int(people[places].sum())),
        }


def bands_of(people: np.ndarray, *, first: int) -> list[Json]:
    """Runs of whole values from `first`, each with at least 20 of the `people` (values,), rounded.

    Too few at the end join the run before.
    """
    ends: list[int] = []
    held = 0
    for place, n in enumerate(people):
        held += n
        if held >= FEWEST_PEOPLE:
            ends.append(place)
            held = 0
    ends = [*ends[:-1], len(people) - 1]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [
        {"first": first + start, "last": first + end, "people": rounded(people[start : end + 1].sum())}
        for start, end in zip(starts, ends, strict=True)
    ]


def rounded(people: float) -> int:
    """`people` to the nearest multiple of five."""
    return PEOPLE_STEP * int(np.floor(people / PEOPLE_STEP + 0.5))


def logodds_step(cases_n: int) -> float:
    """The step in which log-odds leave a town of `cases_n` cases."""
    return next((step for step in LOGODDS_STEPS if step >= ONE_PERSON_MOVES / cases_n), LOGODDS_STEPS[-1])


def short(logodds: float, step: float = LOGODDS_STEPS[0]) -> float:
    """Log-odds as they leave: the nearest multiple of `step`."""
    return round(round(float(logodds) / step) * step, LOGODDS_DECIMALS)
