"""The readable files of a release, all from `release.json` alone."""

import csv
import io
from collections.abc import Iterable, Sequence

from riskmodel.publish.card import card
from riskmodel.publish.changes import changes
from riskmodel.publish.score_sql import score_sql
from riskmodel.release.record import Release, Thresholds
from riskmodel.release.waivers import standing_waivers, waiver_line, waivers_in_short

OF_FILE = ("release", "waivers")  # the same on every line: a file away from its folder still says what it is
THRESHOLD_COLUMNS = ("landmark_month", "points", "risk", "answer", *OF_FILE)


def rendered_files(release: Release, before: Release | None = None) -> dict[str, bytes]:
    """Every rendered file of `release`, name to content; `before`: the release it supersedes."""
    files = {
        "thresholds.csv": thresholds_csv(release),
        "card.md": card(release),
        "CHANGES.md": changes(release, before),
        **_score_files(release),
    }
    return {name: text.encode() for name, text in files.items()}


def thresholds_csv(release: Release) -> str:
    """One line a whole sum of points: its risk, and which of the answers it gives."""
    rows = [
        [landmark.month, points, risk, answer_of(landmark.thresholds, points), *_of_file(release)]
        for landmark in release.landmarks
        for points, risk in landmark.risk.by_sum.items()
    ]
    return _csv(THRESHOLD_COLUMNS, rows)


def answer_of(thresholds: Thresholds, points: int) -> str:
    """The answer to a sum of points; "none" in a release without flags."""
    if thresholds.flag is None:
        return "none"
    if thresholds.band and thresholds.band[0] <= points <= thresholds.band[1]:
        return "borderline"
    return "more_support" if points >= thresholds.flag else "no_indication"


def release_title(release: Release) -> str:
    """The release's id and municipality on one line."""
    name = release.publication.id if release.publication else "candidate, not published"
    return f"riskmodel {name}: {', '.join(municipality.name for municipality in release.municipalities)}"


def _score_files(release: Release) -> dict[str, str]:
    """score.sql for the first table; a later landmark's carries its month in the name."""
    title, files = release_title(release), {}
    notes = [f"Waiver of {waiver_line(waiver)}" for waiver in standing_waivers(release)]
    for landmark in release.landmarks:
        name = "score.sql" if landmark.month == 0 else f"score_month_{landmark.month}.sql"
        files[name] = score_sql(release, landmark, title=f"{title}, month {landmark.month}", notes=notes)
    return files


def _of_file(release: Release) -> tuple[str, str]:
    return release.publication.id if release.publication else "candidate", waivers_in_short(release)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()
