"""How close the example municipality's run comes to what its made risks allow, against the limits set for it.

Usage: after `make run`, python benchmarks/example_municipality.py. Reads the run's own outputs; needs a delivery whose
truth is known.
"""

import sys
from pathlib import Path

from riskmodel.assess.record import load_assessment
from riskmodel.ground.workspace import Workspace
from riskmodel.model.record import load_evidence

PROJECT = Path(__file__).parents[1]
LARGEST_GAP, LEAST_GAIN = 0.006, 0.97
SLOPE_APART = 0.1  # from the made risks' own, on the same cases: chance moves both
LOSSES = {"auc": 0.003, "mean_risk": 0.01, "tail_risk": 0.05}
LEAST_SAME_FLAG = 0.97


def line(what: str, found: str, limit: str, holds: bool) -> bool:
    print(f"{'ok  ' if holds else 'MISS'} {what:44} {found:32} {limit}")
    return holds


def main() -> None:
    workspace = Workspace(PROJECT)
    summary = load_assessment(workspace.assessment()).summary
    gaps = summary["gap_to_best"]
    gap = gaps["equation"]
    slopes = {name: summary["overall"][name]["recalibration_slope"] for name in ("best", "equation", "points")}
    best = slopes.pop("best")["estimate"]
    loss, share = load_evidence(workspace.model())["points_loss"], gap["share_of_gain"]
    shown = f"{gap['estimate']:.4f} ({gap['low']:.4f} to {gap['high']:.4f})"
    for name in ("points", "boosted", "three_item"):
        found = gaps[name]
        text = f"{found['estimate']:.4f} ({found['low']:.4f} to {found['high']:.4f})"
        print(f"     {'AUC gap to the best risk, ' + name:44} {text}")
    held = [
        line("AUC gap to the best risk given the answers", shown, f"<= {LARGEST_GAP}", gap["estimate"] <= LARGEST_GAP),
        line("its interval never wholly above the best", shown, "upper end >= 0", gap["high"] >= 0),
        line("share of the best's gain over .5", f"{share:.4f}", f">= {LEAST_GAIN}", share >= LEAST_GAIN),
    ]
    for name, found in slopes.items():
        text = f"{found['estimate']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
        is_near = abs(found["estimate"] - best) <= SLOPE_APART
        held.append(line(f"slope, rolling years, {name}", text, f"{best:.3f} ± {SLOPE_APART}", is_near))
    for name, limit in LOSSES.items():
        held.append(line(f"points' loss: {name}", f"{loss[name]:.4f}", f"<= {limit}", loss[name] <= limit))
    same = loss["same_flag_share"]
    held.append(line("points' loss: same flag", f"{same:.4f}", f">= {LEAST_SAME_FLAG}", same >= LEAST_SAME_FLAG))
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
