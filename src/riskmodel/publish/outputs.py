"""What the stage `propose` leaves on disk: the candidate's folder, and the figures and curves that git follows."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from riskmodel.assess.record import Assessment, plot_tables
from riskmodel.disclosure import disclose_curves, disclose_statistics
from riskmodel.ground.files import canonical_json, write_bytes, write_json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.render import rendered_files
from riskmodel.release.bundle import RELEASE_FILE

MEASURES = ("auc", "oe", "recalibration_slope", "ici", "scaled_brier")


def write_candidate(
    candidate: Mapping[str, Any], workspace: Workspace, *, previous: Mapping[str, Any] | None = None
) -> None:
    """Write the candidate and everything rendered from it. previous: the release it is compared with."""
    files = {RELEASE_FILE: canonical_json(candidate), **rendered_files(candidate, previous)}
    for name, content in files.items():
        write_bytes(workspace.candidate / name, content)


def write_metrics(candidate: Mapping[str, Any], assessment: Assessment, workspace: Workspace) -> None:
    """Write the candidate's key figures and the two curves that `dvc` follows, all as they may be shown."""
    write_json(workspace.metrics, metrics(candidate))
    evidence = candidate["evidence"]
    shows_people = evidence["n"] is not None  # a curve's bins add up to everybody
    for name, rows in _curves(assessment, profile=evidence["profile"], shows_people=shows_people).items():
        write_bytes(workspace.plots / f"{name}.csv", rows.to_csv(index=False, lineterminator="\n").encode())


def metrics(candidate: Mapping[str, Any]) -> dict[str, Any]:
    """The key figures of a candidate, flat: measure to number."""
    measures = {
        row["measure"]: row["estimate"]
        for row in candidate["evidence"]["measures"]
        if (row["scope"], row["predictor"]) == ("overall", "points") and row["measure"] in MEASURES
    }
    thresholds = candidate["landmarks"][0]["thresholds"]
    expected = {measure: row["estimate"] for measure, row in (thresholds["expected"] or {}).items()}
    gates = {"gates_failed_n": sum(gate["status"] == "failed" and gate["blocks"] for gate in candidate["gates"])}
    return {**measures, "flag_points": thresholds["flag"], **expected, **gates}


def _curves(assessment: Assessment, *, profile: str, shows_people: bool) -> dict[str, pd.DataFrame]:
    tables, summary = plot_tables(assessment), assessment.summary
    calibration = disclose_curves(tables["calibration"], profile=profile)
    decision = tables["decision"][tables["decision"]["strategy"] == "points"]
    return {
        "calibration": calibration if shows_people else calibration.iloc[:0],
        "decision": disclose_statistics(decision, n=summary["n"], events_n=summary["events_n"]),
    }
