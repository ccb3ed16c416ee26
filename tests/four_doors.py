"""The four ways to points and risk: one case's advice, a table's scores, score.sql and MLflow's model."""

from types import SimpleNamespace
from unittest.mock import patch

import duckdb
import pandas as pd
import release_example
from opened import opened

from riskmodel.advice import advise
from riskmodel.advice.engine import score_table
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.publish.render import rendered_files
from riskmodel.release.bundle import load_release_file

REASONS = ("route", "age", "out_of_range")


def by_advice(release, rows):
    read = opened(release)
    found = []
    for answers in rows:
        advice = advise(read, answers, today=release_example.TODAY)
        assert advice.score is not None or advice.abstention.reason in REASONS
        found.append((advice.score.points, advice.score.risk) if advice.score else (None, None))
    return found


def by_table(release, rows, folder, *, suffix=".parquet"):
    source, out = folder / f"answers{suffix}", folder / "scores.parquet"
    table = frame(rows).assign(case_id=[f"c{place}" for place in range(len(rows))])
    table.to_csv(source, index=False) if suffix == ".csv" else table.to_parquet(source)
    score_table(opened(release), source, out, purpose="evaluation")
    return pairs(pd.read_parquet(out))


def by_sql(release, rows):
    sql = rendered_files(opened(release))["score.sql"].decode()
    asked = [question for item in release["landmarks"][0]["items"] for question in item.get("of", [item])]
    declared = next(line for line in sql.splitlines() if line.startswith("-- Input:")).partition("case_id, ")[2]
    with duckdb.connect() as connection:
        connection.execute(f"create table answers (case_id integer, {declared.rstrip('.')})")
        values = [[place, *(answers.get(one["id"]) for one in asked)] for place, answers in enumerate(rows)]
        connection.executemany(f"insert into answers values ({', '.join('?' * (len(asked) + 1))})", values)
        return [(points, risk) for _, points, risk in connection.execute(sql).fetchall()]


def by_model(release, rows, folder):
    from riskmodel.publish.registry import pyfunc

    file = folder / "release.json"
    write_bytes(file, canonical_json(release))
    context = SimpleNamespace(artifacts={"release": str(file)}, model_config={})
    # whether it is published and in force is asked in test_release_served
    with patch.object(pyfunc, "served_release", lambda file, _, **asked: load_release_file(file)):
        return pairs(pyfunc.ReleaseModel().predict(context, frame(rows), {"purpose": "evaluation"}))


def frame(rows):
    return pd.DataFrame(rows, columns=list(rows[0]))


def pairs(scores):
    return [
        (None, None) if pd.isna(points) else (int(points), float(risk))
        for points, risk in zip(scores["points"], scores["risk"], strict=True)
    ]
