"""A published table of points on many cases at once: sums, risks, and who is flagged by one release and not another."""

from collections.abc import Sequence
from typing import TypedDict

import pandas as pd

from riskmodel.assess.policy import NOBODY
from riskmodel.disclosure.earlier import Evidence
from riskmodel.disclosure.tables import TOTAL, disclose_counts
from riskmodel.release.item import UNANSWERED, Item
from riskmodel.release.landmark import Landmark

GAINED, LOST, STILL, UNFLAGGED, UNKNOWN = "gained", "lost", "kept", "unflagged", "not_comparable"
CHANGES = (STILL, GAINED, LOST, UNFLAGGED, UNKNOWN)


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
