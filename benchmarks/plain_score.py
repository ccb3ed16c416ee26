"""A table scored the plain way: pandas reads it, maps every answer to its points, adds up and writes.

Usage: python benchmarks/plain_score.py ANSWERS.parquet OUT.parquet. Takes the example's published points.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

RELEASES = Path(__file__).parents[1] / "models/releases"


def main(source: str, out: str) -> None:
    latest = sorted(RELEASES.glob("*/release.json"))[-1]
    landmark = json.loads(latest.read_text(encoding="utf-8"))["landmarks"][0]
    answers = pd.read_parquet(source)
    points = np.zeros(len(answers), dtype=np.int64)
    for item in landmark["items"]:
        blank = item["no_answer"]["points"]
        if "numbers" in item:
            values = item["numbers"]["points"]
            table = {item["numbers"]["minimum"] + place: value for place, value in enumerate(values)}
        else:
            table = {level["code"]: level["points"] for level in item["levels"]}
        points += answers[item["id"]].map(table).fillna(blank).astype(np.int64).to_numpy()
    risk = np.array(landmark["risk"]["values"])[points - landmark["risk"]["first"]]
    pd.DataFrame({"case_id": answers["case_id"], "points": points, "risk": risk}).to_parquet(out, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
