"""The readable files of a release, all from `release.json` alone."""

import csv
import io
from collections.abc import Iterable, Sequence

from riskmodel.exports.files import exported_files
from riskmodel.publish.card import card
from riskmodel.publish.changes import changes
from riskmodel.publish.reproduce import reproduce
from riskmodel.publish.score_sql import score_files
from riskmodel.release.published import papers_of
from riskmodel.release.record import Release

OF_FILE = ("release", "waivers")  # the same on every line: a file away from its folder still says what it is
THRESHOLD_COLUMNS = ("landmark_month", "points", "risk", "answer", *OF_FILE)


def rendered_files(release: Release, before: Release | None = None) -> dict[str, bytes]:
    """Every rendered file of `release`, name to content; `before`: the release it supersedes."""
    files = {
        "thresholds.csv": thresholds_csv(release),
        "card.md": card(release),
        "CHANGES.md": changes(release, before),
        **score_files(release),
    }
    publication = release.publication
    papers = {} if publication is None else papers_of(publication)
    files |= {} if publication is None else {"REPRODUCE.md": reproduce(release)}
    return {**{name: text.encode() for name, text in files.items()}, **exported_files(release), **papers}


def thresholds_csv(release: Release) -> str:
    """One line a whole sum of points: its risk, and which of the answers it gives."""
    of_file = _of_file(release)
    rows = [
        [landmark.month, points, risk, landmark.thresholds.answer_at(points) or "none", *of_file]
        for landmark in release.landmarks
        for points, risk in landmark.risk.by_sum.items()
    ]
    return _csv(THRESHOLD_COLUMNS, rows)


def _of_file(release: Release) -> tuple[str, str]:
    return release.publication.id if release.publication else "candidate", release.waivers_in_short


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()
