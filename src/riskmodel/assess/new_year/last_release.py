"""The last release on the cases it has not seen: what `assess.new_year` judges it by.

These may be cases of the year that waits to be confirmed. The last release was fixed before their outcomes existed, so
this evaluates it, and opens nothing of the candidate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.assess.comparators import three_item_prob
from riskmodel.assess.new_year.flags import points_of, risks, sums
from riskmodel.assess.new_year.verdict import Found, Tried, find
from riskmodel.cohort.record import DECEMBER, Cohort, reform_months
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import MONTHS_A_YEAR, Text, read_words
from riskmodel.instrument.records import Instrument
from riskmodel.model.matrix import design_matrix
from riskmodel.model.record import Design
from riskmodel.release.record import Outcome, Release

KEPT = ("case_id", "cluster_id", "intake_month", "intake_year", "area", "outcome", "weight")
TEXTS = read_words(Path(__file__).parent / "texts" / "last_release.toml")


@dataclass(frozen=True, eq=False)
class LastRelease:
    """The last release at one landmark, on this year's cohort.

    obstacle: why it can't be tested, a key of `TEXTS`; then there are no new cases. notes: what to know of the
    comparison. new_cases: a row a modelled case that it has not seen and can score: KEPT, points, points_prob,
    three_item_prob, shown (boolean, NA: not known). item_points: a row likewise, a column an item. item_texts: by item.
    prob: its risk for every modelled case, index case_id, NaN where it has seen the case or can't score it.
    reforms: dates of those that begin after its data and before the last new case's follow-up ends.
    """

    release: str
    obstacle: str | None
    notes: tuple[Text, ...]
    new_cases: pd.DataFrame
    item_points: pd.DataFrame
    item_texts: Mapping[str, Text]
    prob: pd.Series
    reforms: tuple[str, ...]


def apply_last_release(release: Release, cohort: Cohort, instrument: Instrument, settings: Settings) -> LastRelease:
    """The published `release` on the modelled cases of `cohort` at the settings' landmark."""
    name, (cases, answers) = release.published.id, cohort.modelled
    prob = pd.Series(np.nan, index=pd.Index(cases["case_id"]), name="last_release_prob")
    obstacle = _obstacle(release, cohort, instrument, settings)
    if obstacle:
        return LastRelease(name, obstacle, (TEXTS[obstacle],), cases[:0], pd.DataFrame(), {}, prob, ())
    landmark = release.landmark(settings.cohort.landmark)
    new = _is_new(cases, _window(release))
    points = sums(landmark, answers)
    scored = new & points.notna().to_numpy()
    new_cases = cases.loc[scored, list(KEPT)].assign(
        outcome=cases.loc[scored, "outcome"].astype(int),
        points=points[scored].to_numpy(dtype=np.int64),
        points_prob=risks(landmark, points[scored]).to_numpy(),
        three_item_prob=_three_item_prob(cases, answers, instrument, seen=~new, new=scored, settings=settings),
        shown=_shown(cases[scored], release, labelled=bool(cohort.summary.get("labelled"))),
    )
    prob[scored] = new_cases["points_prob"].to_numpy()
    same_scale = round(np.log(2) / landmark.per_point) == settings.model.points_per_doubling
    return LastRelease(
        release=name,
        obstacle=None,
        notes=() if same_scale else (TEXTS["other_scale"],),
        new_cases=new_cases.reset_index(drop=True),
        item_points=pd.DataFrame(
            {item.id: points_of(item, answers[scored]).to_numpy(dtype=np.int64) for item in landmark.items}
        ),
        item_texts={item.id: item.text for item in landmark.items},
        prob=prob,
        reforms=_reforms(cases[new], release, settings),
    )


def try_last_release(last: LastRelease, answers: pd.DataFrame, design: Design, settings: Settings) -> Tried:
    """Measure the last release on its new cases. answers: of the cohort, index case_id. design: of the year's refit."""
    obstacle = TEXTS[last.obstacle] if last.obstacle else None
    tried = Tried(last.release, obstacle, last.notes, last.item_texts, last.reforms)
    if obstacle:
        return tried
    cases = last.new_cases
    x = design_matrix(answers.loc[cases["case_id"]], design)
    unshown = cases["shown"].eq(False).fillna(False).to_numpy(dtype=bool)
    everybody = _found(last, x, np.ones(len(cases), dtype=bool), settings)
    return replace(
        tried, everybody=everybody, unshown=everybody if unshown.all() else _found(last, x, unshown, settings)
    )


def _found(last: LastRelease, x: np.ndarray, rows: np.ndarray, settings: Settings) -> Found | None:
    if not rows.any():
        return None
    cases, item_points = (frame[rows].reset_index(drop=True) for frame in (last.new_cases, last.item_points))
    return find(cases, x[rows], item_points, settings)


def _obstacle(release: Release, cohort: Cohort, instrument: Instrument, settings: Settings) -> str | None:
    if instrument.municipality_code not in release.codes:
        return "municipality"
    if not release.outcome.is_same(Outcome(cohort.summary["outcome"], Text(**cohort.summary["outcome_text"]))):
        return "outcome"
    months = [landmark.month for landmark in release.landmarks]
    return None if settings.cohort.landmark in months else "landmark"


def _window(release: Release) -> Mapping[str, object]:
    """The months that its data cover."""
    window = release.provenance.data_window
    return {} if window is None else window.raw


def _is_new(cases: pd.DataFrame, window: Mapping[str, object]) -> np.ndarray:
    """Whether the case began after the release's youngest, or its outcome was not known then."""
    new = (cases["intake_month"] > window["last_intake_month"]).to_numpy()
    last = window["last_register_month"]
    return new if last is None else new | (cases["known_month"] > last).to_numpy()


def _shown(cases: pd.DataFrame, release: Release, *, labelled: bool) -> pd.Series:
    """False where even the last of its scores came before the release was in force; NA otherwise: it may have been."""
    starts = date.fromisoformat(release.published.valid_from)
    # a labelled cohort says the year of a case but not its month
    month = cases["intake_year"] * MONTHS_A_YEAR + DECEMBER if labelled else cases["intake_month"]
    latest = month + max(landmark.month for landmark in release.landmarks)
    before = latest < starts.year * MONTHS_A_YEAR + starts.month - 1
    return pd.Series(False, index=cases.index, dtype="boolean").where(before)


def _three_item_prob(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    instrument: Instrument,
    *,
    seen: np.ndarray,
    new: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """By the three-item rule as the release's own cases teach it; NaN when the delivery holds none of them."""
    if not (seen.any() and new.any()):
        return np.full(int(new.sum()), np.nan)
    learnt = (cases[seen], answers[seen])
    return three_item_prob(*learnt, answers[new], instrument, landmark=settings.cohort.landmark)


def _reforms(new_cases: pd.DataFrame, release: Release, settings: Settings) -> tuple[str, ...]:
    if new_cases.empty:
        return ()
    first = _window(release)["last_intake_month"]
    last = int(new_cases["known_month"].max()) - settings.cohort.reporting_lag_months
    begins = zip(settings.release.reforms, reform_months(settings), strict=True)
    return tuple(sorted(day for day, month in begins if first < month <= last))
