"""The readable files of a release, all from `release.json` alone."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from riskmodel.publish.card import card
from riskmodel.publish.changes import changes
from riskmodel.publish.score_sql import score_sql
from riskmodel.release.waivers import standing_waivers, waiver_line, waivers_in_short

OF_COLUMN = ("column", "published", "coefficient", "se", "low", "high", "status")
OF_FILE = ("release", "waivers")  # the same on every line: a file away from its folder still says what it is
COEFFICIENT_COLUMNS = ("landmark_month", *OF_COLUMN, *OF_FILE)
THRESHOLD_COLUMNS = ("landmark_month", "points", "risk", "answer", *OF_FILE)


def rendered_files(release: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Every rendered file of `release`, name to content; `before`: the release it supersedes."""
    files = {
        "coefficients.csv": coefficients_csv(release),
        "thresholds.csv": thresholds_csv(release),
        "card.md": card(release),
        "CHANGES.md": changes(release, before),
        **_score_files(release),
    }
    return {name: text.encode() for name, text in files.items()}


def coefficients_csv(release: Mapping[str, Any]) -> str:
    """One line a column of the equation: the published coefficient, and the unpenalised one with its 95 % interval."""
    rows = [
        [landmark["month"], *(row.get(column) for column in OF_COLUMN), *_of_file(release)]
        for landmark in release["landmarks"]
        for row in landmark["coefficients"]
    ]
    return _csv(COEFFICIENT_COLUMNS, rows)


def thresholds_csv(release: Mapping[str, Any]) -> str:
    """One line a whole sum of points: its risk, and which of the answers it gives."""
    rows = [
        [landmark["month"], points, risk, answer_of(landmark["thresholds"], points), *_of_file(release)]
        for landmark in release["landmarks"]
        for points, risk in enumerate(landmark["risk"]["values"], start=landmark["risk"]["first"])
    ]
    return _csv(THRESHOLD_COLUMNS, rows)


def answer_of(thresholds: Mapping[str, Any], points: int) -> str:
    """The answer to a sum of points; "none" in a release without flags."""
    if thresholds["flag"] is None:
        return "none"
    if thresholds["band"] and thresholds["band"][0] <= points <= thresholds["band"][1]:
        return "borderline"
    return "more_support" if points >= thresholds["flag"] else "no_indication"


def release_title(release: Mapping[str, Any]) -> str:
    """The release's id and municipality on one line."""
    name = release["publication"]["id"] if "publication" in release else "candidate, not published"
    return f"riskmodel {name}: {', '.join(entry['name'] for entry in release['municipalities'])}"


def _score_files(release: Mapping[str, Any]) -> dict[str, str]:
    """score.sql for the first table; a later landmark's carries its month in the name."""
    title, files = release_title(release), {}
    notes = [f"Waiver of {waiver_line(waiver)}" for waiver in standing_waivers(release)]
    for landmark in release["landmarks"]:
        name = "score.sql" if landmark["month"] == 0 else f"score_month_{landmark['month']}.sql"
        files[name] = score_sql(release, landmark, title=f"{title}, month {landmark['month']}", notes=notes)
    return files


def _of_file(release: Mapping[str, Any]) -> tuple[str, str]:
    return release["publication"]["id"] if "publication" in release else "candidate", waivers_in_short(release)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()
