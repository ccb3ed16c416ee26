"""The whole procedure again with one of the analyst's choices changed at a time (Simson et al. 2024)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.repeated.internal_external import internal_external
from riskmodel.assess.repeated.left_out import NO_FORMS, protected_grounds, questions_and_worth
from riskmodel.assess.repeated.optimism import resample_procedure
from riskmodel.assess.repeated.repetition import Procedure, flags, whole_procedure
from riskmodel.assess.years import open_to_view
from riskmodel.cohort.build import build_cohort, labelled_rule
from riskmodel.cohort.cases import RegisterHistory, histories
from riskmodel.cohort.guard import check_case_control
from riskmodel.cohort.record import Cohort, load_record, write_record
from riskmodel.cohort.summary import CASE_CONTROL
from riskmodel.extracts.delivery import Delivery
from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import BLANKS, CENSORING, OUTCOMES, PENALTY_RULES, CohortSettings, Settings
from riskmodel.instrument.pairs import questions_in
from riskmodel.instrument.records import Instrument
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.points import risk_of_answers
from riskmodel.model.record import FittedModel

# table of the settings, key, and the values tried beside the year's own
CHOICES: tuple[tuple[str, str, tuple[object, ...]], ...] = (
    ("cohort", "clean_months", (3, 6, 12)),
    ("cohort", "outcome", OUTCOMES),
    ("cohort", "link_first_month", (-2, -1, 0)),
    ("cohort", "link_last_month", (0, 1)),
    ("cohort", "censoring", CENSORING),
    ("model", "knots", (3, 4, 5)),
    ("model", "penalty_rule", PENALTY_RULES),
    ("model", "blanks", BLANKS),
    ("model", "intercept_window_years", (0, 2, 5)),
)
LATER = ("outcome", "censoring", "penalty_rule", "blanks")  # the choices looked at again at a later landmark
OF_MONTHS = ("clean_months", "outcome", "link_first_month", "link_last_month")  # nothing to a cohort without months
COLUMNS = (
    "choice", "value", "is_default", "cases_n", "common_n", "unlinked_share", "event_rate", "auc", "default_oe",
    "flag_prob", "flagged_share", "changed_share", "gained_share", "lost_share", "status", "reason",
)  # fmt: skip
OK, NOT_POSSIBLE = "ok", "not_possible"
WITHOUT_MONTHS = "labelled cases have no months. Deliver a register and intake answers to try this choice."
NOBODY = "no case is open to view. Deliver more years."
SUMMARY = "robustness.json"

Progress = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class Universe:
    """What one set of choices leads to.

    people: the cases that accuracy may be measured on, index case_id, columns outcome (0/1), weight, prob (out of
    fold) and flagged. flag_prob: published risk at the threshold, NaN for a release without flags. unlinked_share: of
    the new cases, those without intake answers.
    """

    people: pd.DataFrame
    flag_prob: float
    unlinked_share: float


@dataclass(frozen=True, eq=False)
class Here:
    """The year's own choices and what they make of the delivery: where every other universe starts from.

    first_closed: the year that waits to be confirmed; under another outcome, too, its cases are not looked at.
    history: of the register's rows, which most choices share.
    """

    delivery: Delivery
    cohort: Cohort
    instrument: Instrument
    settings: Settings
    first_closed: int | None
    history: Callable[[CohortSettings], RegisterHistory] | None = None

    def changed(self, chosen: Settings) -> Universe | str:
        """The universe of the settings `chosen`, or the message that says why it can't be."""
        # what the year's own choices had to explain is no reason to leave another untried
        wide = replace(chosen, delivery=replace(chosen.delivery, max_unlinked_share=1.0, max_unlinked_explained=1.0))
        try:
            if chosen.cohort.design == CASE_CONTROL:
                check_case_control(chosen, labelled=False)
            same = chosen.cohort == self.settings.cohort
            cohort = self.cohort if same else self._built(wide)
            found = whole_procedure(*cohort.modelled, self.instrument, chosen)
            return self.universe(cohort, found, chosen)
        except RiskModelError as error:
            return str(error)

    def _built(self, settings: Settings) -> Cohort:
        return build_cohort(self.delivery, self.instrument, settings, history=self.history)

    def universe(self, cohort: Cohort, found: Procedure, settings: Settings) -> Universe:
        """What the procedure `found` on `cohort` means for those that accuracy may be measured on."""
        cases, answers = cohort.modelled
        shown = open_to_view(cohort, settings)
        if self.first_closed is not None:
            shown = shown & (cases["intake_year"] < self.first_closed).to_numpy()
        people = pd.DataFrame(
            {
                "outcome": cases["outcome"].to_numpy(dtype=float),
                "weight": cases["weight"].to_numpy(dtype=float),
                "prob": found.out_of_fold_prob,
                "flagged": flags(found.model, found.choice, answers),
            },
            index=answers.index,
        )
        threshold, unlinked = found.choice.threshold, cohort.summary["unlinked"]
        return Universe(
            people[shown],
            flag_prob=np.nan if threshold is None else threshold.prob,
            unlinked_share=np.nan if unlinked is None else unlinked["share"],
        )


def multiverse(delivery: Delivery, cohort: Cohort, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """One row per choice and value, COLUMNS; `cohort` is what `settings` make of `delivery`.

    unlinked_share: of new cases, those without intake answers, which no choice can bring in. event_rate, auc: weighted,
    of that universe's own cases. default_oe: events there over those that the settings' own procedure expects.
    flagged_share: of its own cases. changed_share = gained_share + lost_share: of the cases in both universes, those
    whose flag differs. value is text. A choice that can't be made has status "not_possible" and a reason. The year that
    waits to be confirmed is fitted like the others but not measured.
    """
    history = None if delivery.receipts is None else histories(delivery.receipts)
    here = Here(delivery, cohort, instrument, settings, _first_closed(cohort, settings), history)
    found = whole_procedure(*cohort.modelled, instrument, settings)
    own, expected = here.universe(cohort, found, settings), _expected(cohort, found)
    rows = []
    # one after the other: a process each would need a copy of the register each
    for choice, value, chosen in alternatives(settings, labelled=bool(cohort.summary["labelled"])):
        is_default = chosen == settings
        universe = chosen if isinstance(chosen, str) else own if is_default else here.changed(chosen)
        about = {"choice": choice, "value": str(value), "is_default": is_default}
        rows.append(about | _compared(universe, own, expected))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def alternatives(settings: Settings, *, labelled: bool) -> Iterator[tuple[str, object, Settings | str]]:
    """Every choice with every value, the year's own among them, and the settings it gives, or why there are none."""
    for table, key, values in CHOICES:
        if settings.cohort.landmark > 0 and key not in LATER:
            continue
        own = getattr(getattr(settings, table), key)
        if labelled and key == "censoring":
            own, values = labelled_rule(settings.cohort), tuple(value for value in values if value != "ipcw")
        for value in (*values, *(() if own in values else (own,))):
            if value == own:
                yield key, value, settings
            elif labelled and key in OF_MONTHS:
                yield key, value, WITHOUT_MONTHS
            else:
                yield key, value, replace(settings, **{table: replace(getattr(settings, table), **{key: value})})


def _first_closed(cohort: Cohort, settings: Settings) -> int | None:
    """The year that waits to be confirmed, None when no year does."""
    years = cohort.modelled[0]["intake_year"][~open_to_view(cohort, settings)]
    return int(years.min()) if len(years) else None


def _expected(cohort: Cohort, found: Procedure) -> pd.Series:
    """The risk of every fitted case, index case_id: out of fold, or by the points where the outcome is not known."""
    answers = cohort.answers[cohort.cases["fitted"].to_numpy()]
    by_points = pd.Series(risk_of_answers(answers, found.model.points), index=answers.index)
    out_of_fold = pd.Series(found.out_of_fold_prob, index=cohort.modelled[1].index)
    return out_of_fold.reindex(by_points.index).fillna(by_points)


def _compared(universe: Universe | str, own: Universe, expected: pd.Series) -> dict[str, object]:
    """The columns after `is_default`."""
    if isinstance(universe, str):
        return {"status": NOT_POSSIBLE, "reason": universe}
    people = universe.people
    if people.empty:
        return {"status": NOT_POSSIBLE, "reason": NOBODY}
    outcome, weight = people["outcome"].to_numpy(), people["weight"].to_numpy()
    common = people.index.intersection(own.people.index)
    now, before = people.loc[common, "flagged"], own.people.loc[common, "flagged"]
    foreseen = people.index.isin(expected.index)
    risk = expected.reindex(people.index[foreseen]).to_numpy()
    return {
        "cases_n": len(people),
        "common_n": len(common),
        "unlinked_share": universe.unlinked_share,
        "event_rate": float(weight @ outcome / weight.sum()),
        "auc": weighted_auc(outcome, people["prob"].to_numpy(), weight),
        "default_oe": _ratio(weight[foreseen] @ outcome[foreseen], weight[foreseen] @ risk),
        "flag_prob": universe.flag_prob,
        "flagged_share": float(people["flagged"].mean()),
        "changed_share": _share(now != before),
        "gained_share": _share(now & ~before),
        "lost_share": _share(~now & before),
        "status": OK,
        "reason": "",
    }


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _share(rows: pd.Series) -> float:
    return _ratio(rows.sum(), len(rows))


@dataclass(frozen=True, eq=False)
class Robustness:
    """What became of the procedure when it was repeated.

    indexes, people, models: see `optimism.Resampled`. held_out: see `internal_external`. proxies, drop_in: see
    `grounds`. choices: see `multiverse`. forms: see `questions_and_worth`, of the first landmark alone, where the
    form is filled in. summary: JSON-able.
    """

    indexes: pd.DataFrame
    people: pd.DataFrame
    models: pd.DataFrame
    held_out: pd.DataFrame
    proxies: pd.DataFrame
    drop_in: pd.DataFrame
    choices: pd.DataFrame
    forms: pd.DataFrame
    summary: dict[str, Any]


def robustness(
    delivery: Delivery,
    cohort: Cohort,
    model: FittedModel,
    instrument: Instrument,
    settings: Settings,
    *,
    progress: Progress | None = None,
) -> Robustness:
    """Repeat the procedure that made `model` from `cohort`, which `delivery` became.

    progress: told how many of the `settings.assess.optimism` resamples are done. The year that waits to be confirmed
    is fitted like the others and measured by none of this.
    """
    measured = open_to_view(cohort, settings)
    found = resample_procedure(*cohort.modelled, model, instrument, settings, measured=measured, progress=progress)
    landmark = settings.cohort.landmark
    is_first = landmark == settings.cohort.landmarks[0]
    # what the published table asks, not what would be chosen to guess a group
    asked = instrument.asking(questions_in(model.design.asked), landmark=landmark)
    grounds = protected_grounds(cohort, asked, settings.asking_all())
    return Robustness(
        indexes=found.indexes,
        people=found.people,
        models=found.models,
        held_out=internal_external(cohort, instrument, settings),
        proxies=grounds.proxies,
        drop_in=grounds.drop_in,
        choices=multiverse(delivery, cohort, instrument, settings),
        forms=questions_and_worth(cohort, instrument, settings) if is_first else NO_FORMS,
        summary=tidy(found.summary),
    )


def write_robustness(found: Robustness, folder: Path) -> None:
    """Write the frames as parquet and the summary as canonical JSON into `folder`."""
    write_record(found, folder, summary=SUMMARY)


def load_robustness(folder: Path) -> Robustness:
    """What `write_robustness` wrote to `folder`."""
    return load_record(Robustness, folder, summary=SUMMARY)
