"""What the score leaves out: how well its answers guess it all the same, and what using it would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import net_benefit
from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import NOT_AVAILABLE, OK, TOO_FEW
from riskmodel.assess.intervals import Resamples, percentiles, resampled, resamples_of, tally
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.repeated.repetition import out_of_fold_prob
from riskmodel.assess.subgroups import Group, audited_cases, groupings, groups
from riskmodel.assess.years import open_to_view
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import with_pairs
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model.fit import learn
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.sample import Sample, grouped_folds, sample_of

PROXY_NUMBERS = ("auc", "low", "high")
DROP_IN_NUMBERS = ("auc", "auc_gain", "low", "high", "net_benefit_gain", "changed_share")
ALL = "all"
GROUNDS_STREAM = 504  # which of the seed's random streams draws the clusters
BINS_N = 1000  # scores are resampled as one of so many equal parts: it moves an AUC by 1e-6, and saves most of the time

Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class GroundsAudit:
    """proxies: a row a group that the score doesn't use. drop_in: a row an item added to the predictors."""

    proxies: pd.DataFrame
    drop_in: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Measured:
    """The cases that accuracy may be measured on, and the resamples of their clusters."""

    cases: pd.DataFrame
    answers: pd.DataFrame
    instrument: Instrument
    settings: Settings
    resamples: Resamples

    @property
    def items(self) -> tuple[Item, ...]:
        """What the score asks."""
        return self.items_of(self.instrument)

    def items_of(self, instrument: Instrument) -> tuple[Item, ...]:
        """What a score by `instrument` asks."""
        return with_pairs(instrument.predictors(self.settings.cohort.landmark), self.settings.model.pairs)

    def sample(self, instrument: Instrument) -> Sample:
        """The answers that `instrument` scores with."""
        landmark, pairs = self.settings.cohort.landmark, self.settings.model.pairs
        return sample_of(self.cases, self.answers, instrument, landmark=landmark, pairs=pairs)

    def auc(self, sample: Sample, score: np.ndarray) -> tuple[float, np.ndarray]:
        """AUC of a score of the cases of `sample`, and that of every resample, shape (b,)."""
        bounds = np.quantile(score, np.arange(1, BINS_N) / BINS_N)
        binned = np.searchsorted(bounds, score, side="right").astype(float)
        prepared = self.resamples.scores(sample.outcome, binned, weight=sample.weight, cluster_ids=sample.cluster)
        repeated = resampled(prepared, self.resamples, lambda tallied: {"auc": auc(tallied)})["auc"]
        return weighted_auc(sample.outcome, score, sample.weight), repeated


def protected_grounds(cohort: Cohort, instrument: Instrument, settings: Settings) -> GroundsAudit:
    """How well the predictors guess each audited group, and what adding each audited item to them would change.

    Out of fold, on the cases that accuracy may be measured on; low and high by clusters (95 %). proxies: column,
    group, auc, low, high, n, status, for each group of the gated columns that the score doesn't use. drop_in: added
    (an item, or "all"), auc, auc_gain, low, high (of the gain, paired), net_benefit_gain at the policy's trade-off,
    changed_share (of the flags there), n, events_n, status. Status: ok · too_few (in or outside the group, or of an
    outcome) · not_available (the data carry no such fit).
    """
    shown = open_to_view(cohort, settings)
    cases, answers = (rows[shown] for rows in cohort.modelled)
    resamples = resamples_of(cases, settings, stream=GROUNDS_STREAM)
    measured = Measured(cases, answers, instrument, settings, resamples)
    return GroundsAudit(_proxies(measured), _drop_in(measured))


def _proxies(measured: Measured) -> pd.DataFrame:
    landmark = measured.settings.cohort.landmark
    unused = [one for one in groupings(measured.instrument, landmark=landmark) if one.gated and not one.scored]
    people = audited_cases(measured.cases, measured.answers, measured.instrument, landmark=landmark)
    found = [group for group in groups(people, unused) if group.is_known and group.n < len(people)]
    columns = ["column", "group", *PROXY_NUMBERS, "n", "status"]
    return pd.DataFrame([_proxy(group, measured) for group in found], columns=columns).astype(
        dict.fromkeys(PROXY_NUMBERS, float)
    )


def _proxy(group: Group, measured: Measured) -> Row:
    row: Row = {"column": group.grouping.column, "group": group.name, "n": group.n}
    if min(group.n, len(group.rows) - group.n) < measured.settings.assess.group_min:
        return row | {"status": TOO_FEW}
    sample = measured.sample(measured.instrument)
    sample = replace(sample, outcome=group.rows[sample.order].astype(float))
    try:
        learnt = learn(sample, measured.items, measured.settings)
    except FitError:
        return row | {"status": NOT_AVAILABLE}
    estimate, repeated = measured.auc(sample, _within_folds(learnt.left_out, sample, measured.settings))
    low, high = percentiles(repeated)
    return row | {"auc": estimate, "low": float(low), "high": float(high), "status": OK}


def _within_folds(logodds: np.ndarray, sample: Sample, settings: Settings) -> np.ndarray:
    """`logodds` less their fold's mean: people are compared with those the same fit guessed.

    A fold rich in the group leaves others poor in it and is guessed lower for that alone, which puts the AUC of answers
    that carry nothing below a half.
    """
    fold = grouped_folds(sample.cluster, folds_n=settings.assess.folds, seed=settings.run.seed)
    return logodds - (np.bincount(fold, logodds) / np.bincount(fold))[fold]


def _drop_in(measured: Measured) -> pd.DataFrame:
    landmark = measured.settings.cohort.landmark
    audits = [item.id for item in measured.instrument.audits if item.known_from <= landmark]
    sets = {item: (item,) for item in audits} | ({ALL: tuple(audits)} if len(audits) > 1 else {})
    outcome = measured.cases["outcome"].to_numpy(dtype=int)
    counts: Row = {"n": len(outcome), "events_n": int(outcome.sum())}
    few = min(outcome.sum(), len(outcome) - outcome.sum()) < measured.settings.assess.group_min
    without = None if few or not sets else _risk(measured, ())
    rows: list[Row] = []
    for name, added in sets.items():
        found = None if without is None else _risk(measured, added)
        if without is None or found is None:
            rows.append({"added": name, **counts, "status": TOO_FEW if few else NOT_AVAILABLE})
        else:
            rows.append({"added": name, **counts, **_change(measured, without, found), "status": OK})
    columns = ["added", *DROP_IN_NUMBERS, "n", "events_n", "status"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(DROP_IN_NUMBERS, float))


def _risk(measured: Measured, added: Sequence[str]) -> np.ndarray | None:
    """The risk of every case out of fold with the items `added`, in the sample's order; None where nothing fits."""
    items = tuple(replace(item, use="predictor") if item.id in added else item for item in measured.instrument.items)
    instrument = replace(measured.instrument, items=items)
    sample = measured.sample(instrument)
    try:
        learnt = learn(sample, measured.items_of(instrument), measured.settings)
    except FitError:
        return None
    return out_of_fold_prob(learnt, sample, measured.settings)


def _change(measured: Measured, without: np.ndarray, found: np.ndarray) -> Row:
    sample = measured.sample(measured.instrument)
    harm = threshold_of_harm(measured.settings.policy.harm_ratio)
    (new, new_repeated), (old, old_repeated) = (measured.auc(sample, prob) for prob in (found, without))
    low, high = percentiles(new_repeated - old_repeated)
    tallies = [tally(sample.outcome, prob, weight=sample.weight) for prob in (found, without)]
    benefit = [float(net_benefit(tallied, np.array([harm]))[0]) for tallied in tallies]
    changed = ((found >= harm) != (without >= harm)).astype(float)
    return {
        "auc": new,
        "auc_gain": new - old,
        "low": float(low),
        "high": float(high),
        "net_benefit_gain": benefit[0] - benefit[1],
        "changed_share": float(sample.weight @ changed / sample.weight.sum()),
    }
