import json

import pandas as pd
import release_example
from opened import opened

from riskmodel.ground.workspace import Workspace
from riskmodel.publish.evidence import small_cells_n
from riskmodel.publish.origin import code_sha256, procedure_sha256, sha256_of_delivery
from riskmodel.publish.propose import write_metrics


def test_metrics_and_curves_are_flat_disclosed_and_the_same_every_time(tmp_path, candidate):
    written = []
    for name in ("one", "two"):
        workspace = Workspace(tmp_path / name)
        write_metrics(opened(candidate), release_example.year().assessment, workspace)
        written.append([path.read_bytes() for path in sorted(workspace.candidates.rglob("*.*"))])
    assert written[0] == written[1]
    metrics = json.loads(workspace.metrics.read_bytes())
    measured = {"auc", "oe", "recalibration_slope", "ici", "ppv", "flag_points"}
    assert measured | {"gates_failed_n", "gates_unknown_n"} <= set(metrics)
    assert all(isinstance(value, int | float) for value in metrics.values())
    calibration = pd.read_csv(workspace.plots / "calibration.csv")
    assert (calibration["n"] % 5 == 0).all() and (calibration["events_n"] >= 8).all()
    assert set(calibration["predictor"]) == {"points"} and set(calibration["scope"]) == {"overall"}
    decision = pd.read_csv(workspace.plots / "decision.csv")
    assert list(decision.columns[:3]) == ["threshold", "strategy", "net_benefit"]
    assert set(decision["strategy"]) == {"points"}


def test_small_cells_are_found(candidate):
    evidence = candidate["evidence"]
    assert small_cells_n(evidence, profile="public") == 0
    evidence["measures"][0].update(n=505, events_n=500)
    assert small_cells_n(evidence, profile="public") == 1
    evidence["measures"][1].update(n=100, events_n=3)
    assert small_cells_n(evidence, profile="public") == 2


def test_the_hash_of_a_delivery_knows_names_and_contents_but_no_order():
    files = [("a.csv", "1" * 64), ("b.csv", "2" * 64)]
    assert sha256_of_delivery(files) == sha256_of_delivery(files[::-1])
    assert sha256_of_delivery(files) != sha256_of_delivery([("a.csv", "2" * 64), ("b.csv", "1" * 64)])


def test_the_procedure_is_part_of_the_code():
    assert procedure_sha256() != code_sha256()
