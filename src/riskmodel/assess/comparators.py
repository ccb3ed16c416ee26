"""What the score is held against: event rate, three questions on the fingers, trees nobody can read, history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc
from riskmodel.assess.intervals import tally
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument, Item
from riskmodel.model.sample import allowed_answers, answer_positions

RULE_ITEMS = 3
NUMBER_CLASSES = 4  # a number item is counted by the quarters of the training cases


def event_rate(cases: pd.DataFrame) -> float:
    """The weighted share of events among `cases`."""
    weight = cases["weight"].to_numpy(dtype=float)
    return float(weight @ cases["outcome"].to_numpy(dtype=float) / weight.sum())


def three_item_prob(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    new_answers: pd.DataFrame,
    instrument: Instrument,
    *,
    landmark: int,
) -> np.ndarray:
    """Risks of `new_answers` by the count of the rule's answers, 0–3: the event rate of `cases` with that count.

    The instrument's rule, or, when it declares none, one learnt from `cases`. One made person at the mean rate is added
    to each count, so that a count nobody had gets the mean.
    """
    rule = instrument.three_item_rule
    if rule:
        counts, new_counts = declared_count(answers, rule), declared_count(new_answers, rule)
    else:
        counts, new_counts = learnt_counts(cases, answers, new_answers, instrument.predictors(landmark))
    weight, mean = cases["weight"].to_numpy(dtype=float), event_rate(cases)
    events = np.bincount(counts, weight * cases["outcome"].to_numpy(dtype=float), minlength=RULE_ITEMS + 1)
    people = np.bincount(counts, weight, minlength=RULE_ITEMS + 1)
    return ((events + mean) / (people + 1))[new_counts]


def declared_count(answers: pd.DataFrame, rule: Mapping[str, Sequence[str]]) -> np.ndarray:
    """How many of the rule's items are answered with one of its codes, shape (n,)."""
    count = np.zeros(len(answers), dtype=int)
    for item, codes in rule.items():
        count += answers[item].isin(list(codes)).to_numpy(dtype=int)
    return count


def learnt_counts(
    cases: pd.DataFrame, answers: pd.DataFrame, new_answers: pd.DataFrame, items: Sequence[Item]
) -> tuple[np.ndarray, np.ndarray]:
    """Counts for both sets of answers, from the three items that alone separate `cases` best.

    An answer counts when its event rate in `cases` is above the mean.
    """
    outcome, weight = cases["outcome"].to_numpy(dtype=float), cases["weight"].to_numpy(dtype=float)
    found = []
    for item in items:
        classes, new_classes = _classes(answers, new_answers, item)
        rates = _rate_by_class(classes, outcome, weight, classes_n=int(max(classes.max(), new_classes.max())) + 1)
        alone = float(auc(tally(outcome, rates[classes], weight=weight)))
        above = rates > event_rate(cases) * (1 + 1e-9)
        found.append((-alone, item.id, above[classes].astype(int), above[new_classes].astype(int)))
    best = sorted(found, key=lambda one: one[:2])[:RULE_ITEMS]
    return sum(one[2] for one in best), sum(one[3] for one in best)


def without_history(instrument: Instrument) -> Instrument:
    """The instrument without the months with receipt so far in the case."""
    return replace(instrument, items=tuple(item for item in instrument.items if item.derive != RECEIPTS_SO_FAR))


def boosted_prob(
    cases: pd.DataFrame, answers: pd.DataFrame, new_answers: pd.DataFrame, items: Sequence[Item], *, seed: int
) -> np.ndarray:
    """Risks of `new_answers` by boosted trees on the same items: what an interpretable model costs.

    Fixed modest settings, no tuning. Answers enter as categories, numbers as numbers, blanks as their own category or
    as missing.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier  # a second to import, and only trees need it

    trees = HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=120,
        max_leaf_nodes=8,
        min_samples_leaf=30,
        l2_regularization=1.0,
        categorical_features=[not item.is_number for item in items],
        early_stopping=False,
        random_state=seed % 2**32,
    )
    outcome, weight = cases["outcome"].to_numpy(dtype=int), cases["weight"].to_numpy(dtype=float)
    trees.fit(_columns(answers, items), outcome, sample_weight=weight)
    return trees.predict_proba(_columns(new_answers, items))[:, 1]


def _columns(answers: pd.DataFrame, items: Sequence[Item]) -> np.ndarray:
    allowed = [allowed_answers(item) for item in items]
    positions = answer_positions(answers, allowed).astype(float)
    for place, item in enumerate(items):
        if item.is_number:
            positions[positions[:, place] == allowed[place].n, place] = np.nan
    return positions


def _classes(answers: pd.DataFrame, new_answers: pd.DataFrame, item: Item) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers for the answers of one item: its levels, or quarters of a number; blanks come last."""
    allowed = allowed_answers(item)
    places, new_places = (answer_positions(rows, [allowed])[:, 0] for rows in (answers, new_answers))
    answered = places[places < allowed.n]
    if not item.is_number or not len(answered):
        return places, new_places
    limits = np.quantile(answered, np.arange(1, NUMBER_CLASSES) / NUMBER_CLASSES)
    in_quarters = [np.searchsorted(limits, one, side="left") for one in (places, new_places)]
    blank = [one == allowed.n for one in (places, new_places)]
    quarters, new_quarters = (np.where(b, NUMBER_CLASSES, q) for b, q in zip(blank, in_quarters, strict=True))
    return quarters, new_quarters


def _rate_by_class(classes: np.ndarray, outcome: np.ndarray, weight: np.ndarray, *, classes_n: int) -> np.ndarray:
    people = np.bincount(classes, weight, minlength=classes_n)
    events = np.bincount(classes, weight * outcome, minlength=classes_n)
    mean = events.sum() / people.sum()
    return np.divide(events, people, out=np.full(classes_n, mean), where=people > 0)
