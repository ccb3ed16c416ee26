"""The last release on the cases it has not seen, which `assess.new_year` judges it by; and whom it alone would flag.

These may be cases of the year that waits to be confirmed. The last release was fixed before their outcomes existed, so
this evaluates it, and opens nothing of the candidate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypedDict

import numpy as np
import pandas as pd

from riskmodel.assess.comparators import three_item_prob
from riskmodel.assess.new_year.verdict import Found, Tried, find
from riskmodel.assess.policy import NOBODY
from riskmodel.cohort.record import DECEMBER, Cohort, reform_months
from riskmodel.disclosure.earlier import Evidence
from riskmodel.disclosure.tables import TOTAL, disclose_counts
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import MONTHS_A_YEAR, Text, read_words
from riskmodel.instrument.records import Instrument
from riskmodel.model.matrix import design_matrix
from riskmodel.model.record import Design
from riskmodel.release.item import UNANSWERED, Item
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Outcome, Release

GAINED, LOST, STILL, UNFLAGGED, UNKNOWN = "gained", "lost", "kept", "unflagged", "not_comparable"
CHANGES = (STILL, GAINED, LOST, UNFLAGGED, UNKNOWN)
KEPT = ("case_id", "cluster_id", "intake_month", "intake_year", "area", "outcome", "weight")
TEXTS = read_words(Path(__file__).parent / "texts" / "last_release.toml")


class Changes(TypedDict):
    """Flags against those of a release before, by area, as they may be shown."""

    release: str | None
    rows: list[dict[str, str | int | None]]


def flag_counts(was: pd.Series, now: pd.Series, area: pd.Series) -> pd.DataFrame:
    """How many in each area are kept, gained, lost, unflagged in both, or not comparable: area, and what happened.

    was, now: flags of the same cases by the release before and the present table, NA where an answer is unknown to it.
    """
    return pd.crosstab(area.to_numpy(), _changes(was, now).to_numpy()).rename_axis("area").reset_index()


def disclosed_changes(
    counts: pd.DataFrame, release: str | None, *, profile: str, before: Sequence[Evidence] = ()
) -> Changes:
    """The id of the release before, and the `flag_counts` against it as `profile` lets them be shown, by area.

    before: evidence handed out earlier, whose flags may have been held against the same release.
    """
    # what happened to nobody in the whole city stands as 0 and hides nothing else
    tables = [(_table(one["flags_against"]), one["profile"]) for one in before if _is_against(one, release)]
    by_area = counts.set_index("area")
    shown = disclose_counts(by_area, profile=profile, before=tables).reindex(columns=list(CHANGES), fill_value=0)
    rows = [
        {"area": str(area), **{str(name): None if pd.isna(count) else int(count) for name, count in row.items()}}
        for area, row in shown.iterrows()
    ]
    return {"release": release, "rows": rows}


def _is_against(evidence: Evidence, release: str | None) -> bool:
    return release is not None and evidence.get("flags_against", {}).get("release") == release


def _table(found: Evidence) -> pd.DataFrame:
    """The rows of earlier flags as the table they were shown in; who is in an area is told when all its cells are."""
    table = pd.DataFrame(found["rows"]).set_index("area")[list(CHANGES)].astype("Int64")
    return table.assign(**{TOTAL: table.sum(axis=1, skipna=False)})


def flags(landmark: Landmark, answers: pd.DataFrame) -> pd.Series:
    """Whether each row of `answers` is flagged (boolean); NA where the table does not know an answer."""
    flag = landmark.thresholds.flag
    return sums(landmark, answers) >= (NOBODY.points if flag is None else flag)


def sums(landmark: Landmark, answers: pd.DataFrame) -> pd.Series:
    """The published score of each row of `answers` (Int64); NA where the table does not know an answer."""
    found = pd.Series(0, index=answers.index, dtype="Int64")
    for item in landmark.items:
        found += points_of(item, answers)
    return found


def risks(landmark: Landmark, sums_of_points: pd.Series) -> pd.Series:
    """The risk published for each sum, 0-1; NaN for NA."""
    return sums_of_points.map(landmark.risk.by_sum).astype(float)


def points_of(item: Item, answers: pd.DataFrame) -> pd.Series:
    """The points of one item for every row; NA for an answer it does not know. A question not asked has no answer."""
    blank = item.no_answer.points
    given = _given(item, answers)
    known = {code: answer.points for code, answer in item.answers.items()}
    known |= {answer: blank for answer in UNANSWERED if answer is not None and item.numbers is None}
    return given.map(known).astype("Int64").mask(given.isna(), blank)


def _given(item: Item, answers: pd.DataFrame) -> pd.Series:
    """What each row answers to `item`, of a pair the code of both; nothing where it was not asked."""
    asked = answers.reindex(columns=[question.id for question in item.questions])
    if not item.of:
        return asked[item.id]
    told = asked.astype(object).where(asked.notna(), None)
    found = [item.given(dict(zip(told.columns, row, strict=True))) for row in told.itertuples(index=False)]
    return pd.Series(found, index=answers.index, dtype=object)


def _changes(before: pd.Series, now: pd.Series) -> pd.Series:
    was, is_now = before.fillna(False).astype(bool), now.fillna(False).astype(bool)
    changes = pd.Series(UNFLAGGED, index=before.index)
    changes = changes.mask(was & is_now, STILL).mask(~was & is_now, GAINED).mask(was & ~is_now, LOST)
    return changes.mask(before.isna() | now.isna(), UNKNOWN)


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
