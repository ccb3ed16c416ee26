"""Questions left out: protected grounds, and as many more as a form may do without.

Of a ground, how well the answers guess it all the same, and what using it would change. Of the others, what every
number of questions is worth: the procedure with all of them, without one, … with one, out of time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import net_benefit
from riskmodel.assess.calibration import auc
from riskmodel.assess.evaluation import NOT_AVAILABLE, OK, TOO_FEW, curve_measures, smoother
from riskmodel.assess.intervals import Measures, Resamples, Tally, percentiles, resampled, resamples_of, tally
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.repeated.repetition import out_of_fold_prob
from riskmodel.assess.rolling import Trial, trials_shown
from riskmodel.assess.subgroups import Group, audited_cases, groupings, groups
from riskmodel.assess.years import open_to_view
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import questions_in, with_pairs
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model.fit import learn, learn_forms
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.points import risk_of_answers
from riskmodel.model.sample import Sample, grouped_folds, sample_of

PROXY_NUMBERS = ("auc", "low", "high")
DROP_IN_NUMBERS = ("auc", "auc_gain", "low", "high", "net_benefit_gain", "changed_share")
ALL = "all"
GROUNDS_STREAM = 504  # which of the seed's random streams draws the clusters
BINS_N = 1000  # scores are resampled as one of so many equal parts: it moves an AUC by 1e-6, and saves most of the time

Row = dict[str, object]
MEASURES = ("auc", "net_benefit")
ENDS = ("estimate", "low", "high")
NUMBERS = tuple(f"{name}_{end}" for name in (*MEASURES, "auc_loss") for end in ENDS)
FORM_COLUMNS = ("questions", "columns", "left_out", "same_forms", "forms", *NUMBERS, "ici", "n", "events_n")
NO_FORMS = pd.DataFrame(columns=list(FORM_COLUMNS))  # where no form is asked for


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


@dataclass(frozen=True, eq=False)
class _Tried:
    """One trial with each number of questions, most first. prob: risks of its new cases, shape (forms, n)."""

    cases: pd.DataFrame
    asked: tuple[frozenset[str], ...]
    columns: tuple[int, ...]
    prob: np.ndarray


@dataclass(frozen=True, eq=False)
class _Worth:
    """AUC, net benefit at the policy's trade-off and ICI of some risks; the first two in every resample."""

    estimates: Measures
    repeated: Measures


def questions_and_worth(cohort: Cohort, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """A row a number of questions, all of them first: FORM_COLUMNS.

    Each trial chooses for itself. left_out: the item that most often was in the row before and is not in this one.
    same_forms: of the `forms` trials, how many ask what most of them do. columns: on average. auc_loss: against all
    questions, paired. Intervals by clusters (95 %), none of the ICI.
    """
    tried = [_try(trial, instrument, settings) for trial in trials_shown(cohort, settings)]
    people = pd.concat([one.cases for one in tried], ignore_index=True)
    resamples = resamples_of(people, settings)
    found = [_worth(people, risks, resamples, settings) for risks in np.hstack([one.prob for one in tried])]
    counts = {"n": len(people), "events_n": int(people["outcome"].sum())}
    rows = [{**_form(tried, place), **_numbers(found[0], one), **counts} for place, one in enumerate(found)]
    return pd.DataFrame(rows, columns=list(FORM_COLUMNS))


def _try(trial: Trial, instrument: Instrument, settings: Settings) -> _Tried:
    landmark, pairs = settings.cohort.landmark, settings.model.pairs
    sample = sample_of(trial.cases, trial.answers, instrument, landmark=landmark, pairs=pairs)
    learnt = list(learn_forms(sample, with_pairs(instrument.predictors(landmark), pairs), settings))
    return _Tried(
        trial.new_cases,
        tuple(frozenset(one.fit.design.asked) for one in learnt),
        tuple(len(one.fit.design.columns) for one in learnt),
        np.array([risk_of_answers(trial.new_answers, one.points) for one in learnt]),
    )


def _form(tried: Sequence[_Tried], place: int) -> dict[str, object]:
    before = max(place - 1, 0)
    gone = Counter(item for one in tried for item in sorted(one.asked[before] - one.asked[place]))
    return {
        "questions": len(questions_in(tried[0].asked[place])),
        "columns": float(np.mean([one.columns[place] for one in tried])),
        "left_out": gone.most_common(1)[0][0] if gone else "",
        "same_forms": Counter(one.asked[place] for one in tried).most_common(1)[0][1],
        "forms": len(tried),
    }


def _numbers(whole: _Worth, own: _Worth) -> dict[str, float]:
    """Estimates and ends of a form beside those of all questions, which share their resamples."""
    numbers = {name: (own.estimates[name], *percentiles(own.repeated[name])) for name in MEASURES}
    loss = whole.repeated["auc"] - own.repeated["auc"]
    numbers["auc_loss"] = (whole.estimates["auc"] - own.estimates["auc"], *percentiles(loss))
    named = {f"{name}_{end}": float(one) for name, ends in numbers.items() for end, one in zip(ENDS, ends, strict=True)}
    return {**named, "ici": float(own.estimates["ici"])}


def _worth(people: pd.DataFrame, prob: np.ndarray, resamples: Resamples, settings: Settings) -> _Worth:
    outcome, weight = (people[name].to_numpy(dtype=float) for name in ("outcome", "weight"))
    prepared = resamples.scores(outcome, prob, weight=weight, cluster_ids=people["cluster_id"].to_numpy())
    harm = np.array([threshold_of_harm(settings.policy.harm_ratio)])

    def measures(tallied: Tally) -> Measures:
        return {"auc": auc(tallied), "net_benefit": net_benefit(tallied, harm)[..., 0]}

    whole = prepared.tally()
    smooth = smoother(whole)
    ici = np.array(np.nan) if smooth is None else curve_measures(whole, smooth)["ici"]
    return _Worth({**measures(whole), "ici": ici}, resampled(prepared, resamples, measures))
