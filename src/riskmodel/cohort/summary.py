"""What there is to say about a cohort beside its rows: outcomes, the unlinked, the censored, exits, the window."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.cohort.case_control import CaseControl, Rate
from riskmodel.cohort.cases import RegisterHistory
from riskmodel.cohort.censoring import base_rates, filled_outcome, weights
from riskmodel.cohort.followup import FIRST_YEAR_N, FollowUp, latest_complete_year
from riskmodel.cohort.guard import unlinked_explanation
from riskmodel.cohort.population import is_population, unlinked_share
from riskmodel.cohort.two_forms import ENOUGH_N, Verdict
from riskmodel.ground.settings import CENSORING, CohortSettings
from riskmodel.ground.words import LANGUAGES, read_words
from riskmodel.instrument.records import Instrument

LABELLED = "labelled"
CASE_CONTROL = "case_control"
TEXTS = read_words(Path(__file__).parent / "texts" / "summary.toml")


def register_summary(
    cases: pd.DataFrame, follow: FollowUp, history: RegisterHistory, instrument: Instrument, settings: CohortSettings
) -> dict[str, object]:
    """The summary of a cohort from a register; months are whole numbers, shares 0-1, None where not known."""
    fitted = cases["fitted"].to_numpy()
    return {
        "labelled": False,
        "landmark": settings.landmark,
        "outcome": follow.chosen.name,
        "outcome_text": asdict(follow.chosen.text),
        "outcomes": _definitions(cases, follow),
        "population": population_text(settings, *(["at_landmark"] if settings.landmark else [])),
        "month_meaning": instrument.sources["register"].month_meaning,
        "data_window": {
            "first_register_month": history.first_month,
            "last_register_month": history.last_month,
            **_window(cases),
        },
        "latest_complete_year": latest_complete_year(history, settings),
        "unlinked": _unlinked(cases, unlinked_explanation(instrument)),
        "censoring": _censoring(cases, cases[follow.chosen.name], rule=settings.censoring, rules=CENSORING),
        "base_rate": base_rates(cases),
        "followup": _months(follow, fitted),
        "exits": _exits(cases[fitted]),
        "crosses_reform_n": int((cases["fitted"] & cases["crosses_reform"]).sum()),
    }


def labelled_summary(cases: pd.DataFrame, outcome: pd.Series, *, rule: str) -> dict[str, object]:
    """The summary of a labelled cohort: the same keys, None or empty where only a register could tell.

    outcome: as labelled, before `rule` filled the unknown.
    """
    known_years = cases.loc[cases["weight"] > 0, "intake_year"]
    definition = {"name": LABELLED, "text": TEXTS.both("labelled"), "complete_n": len(cases), **_rate(outcome)}
    definition |= {"unknown_n": int(outcome.isna().sum())}
    return {
        "labelled": True,
        "landmark": 0,
        "outcome": LABELLED,
        "outcome_text": TEXTS.both("labelled"),
        "outcomes": [definition],
        "population": TEXTS.both("labelled_population"),
        "month_meaning": None,
        "data_window": {"first_register_month": None, "last_register_month": None, **_window(cases)},
        "latest_complete_year": int(known_years.max()) if len(known_years) else None,
        "unlinked": None,
        "censoring": _censoring(cases, outcome, rule=rule, rules=[name for name in CENSORING if name != "ipcw"]),
        "base_rate": base_rates(cases),
        "followup": [],
        "exits": [],
        "crosses_reform_n": 0,
    }


def case_control_summary(made: CaseControl, settings: CohortSettings) -> dict[str, object]:
    """The keys that the case-control design adds to the summary of its inflow, or says otherwise.

    inflow_check: how many of the inflow that is fitted it can be measured on. exam_year, latest_complete_year: the
    intake year that the fit does not use, and that waits to be confirmed; None where there are too few for one.
    """
    found, verdicts, tau = made.roles, made.verdicts, made.weighed.tau
    return {
        "design": CASE_CONTROL,
        "population": population_text(settings, "two_forms"),
        "answers_from": made.weighed.answers_from,
        "tau": asdict(tau),
        "sampled_share": made.weighed.sampled_share,
        "prior_correction": made.weighed.correction,
        "refused": [one.item for one in verdicts if not one.enters],
        "stability": [_stability(one) for one in verdicts],
        "blanks": [_blanks(one) for one in verdicts],
        "listing": {"events_n": int(found.events.sum()), "listed_n": int(found.listed.sum())},
        "left_out_months": found.left_out_months.drop(columns="left_out").to_dict("records"),
        "unlinked_events": asdict(found.unlinked),
        "inflow_check": {"n": tau.n, "events_n": tau.events_n, "measurable": _is_enough(tau)},
        "research_only": made.exam_year is None and not _is_enough(tau),
        "exam_year": made.exam_year,
        "latest_complete_year": made.exam_year,
    }


def population_text(settings: CohortSettings, *more: str) -> dict[str, str]:
    """Whom the risk is about, in both languages. more: keys of texts to be said after that."""
    parts = [TEXTS.both(key, **asdict(settings)) for key in ("population", *more)]
    return {language: " ".join(part[language] for part in parts) for language in LANGUAGES}


def _definitions(cases: pd.DataFrame, follow: FollowUp) -> list[dict[str, object]]:
    """The chosen definition of the outcome, then those that differ, each with its own follow-up.

    Of those the model is about; a definition that decides every case as one before it is that one.
    """
    population = is_population(cases).to_numpy()
    found: list[dict[str, object]] = []
    for name, one in {follow.chosen.name: follow.chosen, **follow.outcomes}.items():
        if any(cases[name].equals(cases[told["name"]]) for told in found):
            continue
        complete = population & follow.complete(one.followed_n)
        counts = {"complete_n": int(complete.sum()), **_rate(cases.loc[complete, name])}
        found.append({"name": name, "text": asdict(one.text), **counts})
    return found


def _window(cases: pd.DataFrame) -> dict[str, int]:
    months = cases.loc[cases["fitted"], "intake_month"]
    return {"first_intake_month": int(months.min()), "last_intake_month": int(months.max())} if len(months) else {}


def _unlinked(cases: pd.DataFrame, explanation: str) -> dict[str, object]:
    """The linked and the unlinked among those followed up; the unlinked by the same person's linked cases."""
    linked_months = cases[cases["linked"]].groupby("person_id")["intake_month"]
    unlinked = ~cases["linked"]
    is_before = unlinked & (cases["intake_month"] < cases["person_id"].map(linked_months.max()))
    is_after = unlinked & (cases["intake_month"] > cases["person_id"].map(linked_months.max()))
    groups = {
        "linked": cases["linked"],
        "unlinked": unlinked,
        "unlinked_before_a_linked_case": is_before,
        "unlinked_after_a_linked_case": is_after,
        "unlinked_person_never_linked": unlinked & ~is_before & ~is_after,
    }
    counted = cases["complete"] & ~cases["joined"]
    rates = [
        {"group": name, "n": int((counted & rows).sum()), **_rate(cases.loc[counted & rows, "outcome"])}
        for name, rows in groups.items()
    ]
    unlinked_n, share = unlinked_share(cases)
    return {"n": unlinked_n, "share": share, "explanation": explanation, "groups": rates}


def _censoring(cases: pd.DataFrame, outcome: pd.Series, *, rule: str, rules: Iterable[str]) -> dict[str, object]:
    """The event rate of the fitted under each way of treating the censored; outcome: as observed."""
    fitted = cases["fitted"]
    rates = []
    for name in rules:
        assumed = cases.assign(outcome=filled_outcome(outcome, cases["complete"], rule=name))[fitted]
        weight = weights(assumed, rule=name)
        events = weight[(assumed["outcome"] == 1).fillna(False)].sum()
        counts = {"known_n": int((weight > 0).sum()), "weight_sum": float(weight.sum())}
        rates.append({"rule": name, **counts, "share": float(events / weight.sum()) if weight.any() else None})
    return {"rule": rule, "rules": rates, "censored_n": int(cases.loc[fitted, "censored_month"].notna().sum())}


def _months(follow: FollowUp, fitted: np.ndarray) -> list[dict[str, int]]:
    """The fitted month by month: how many were observed, and how many of them had receipt."""
    observed = np.arange(FIRST_YEAR_N) < follow.observed_n[fitted, None]
    received = follow.received[fitted, :FIRST_YEAR_N] & observed
    counts = zip(observed.sum(axis=0), received.sum(axis=0), strict=True)
    return [{"month": month, "observed_n": int(n), "receipts_n": int(k)} for month, (n, k) in enumerate(counts)]


def _exits(fitted: pd.DataFrame) -> list[dict[str, object]]:
    """The fitted by the last exit reason of their follow-up; "" when none was registered."""
    groups = fitted.groupby("exit", sort=True)
    return [{"exit": str(name), "n": len(rows), **_rate(rows["outcome"])} for name, rows in groups]


def _rate(outcome: pd.Series) -> dict[str, object]:
    known = outcome.dropna()
    return {"known_n": len(known), "events_n": int(known.sum()), "share": float(known.mean()) if len(known) else None}


def _is_enough(tau: Rate) -> bool:
    return min(tau.events_n, tau.n - tau.events_n) >= ENOUGH_N


def _stability(one: Verdict) -> dict[str, object]:
    return {"item": one.item, "use": one.use, "both_n": one.both_n, "net_shift": one.net_shift, "verdict": one.verdict}


def _blanks(one: Verdict) -> dict[str, object]:
    shares = {"survey_share": one.survey_blank_share, "intake_share": one.intake_blank_share}
    return {"item": one.item, "use": one.use, **shares, "verdict": one.verdict}
