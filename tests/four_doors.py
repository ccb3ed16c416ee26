"""The four ways to points, risk and `unusual`: one case's advice, a table's scores, score.sql and MLflow's model."""

from types import SimpleNamespace
from unittest.mock import patch

import duckdb
import pandas as pd
import pyarrow as pa
import release_example
from opened import opened

from riskmodel.advice import advise
from riskmodel.advice.engine import score_table
from riskmodel.exports.coded import Coded
from riskmodel.exports.score_sql import score_files
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.release.bundle import load_release_file

REASONS = ("route", "age", "out_of_range")
NONE = (None, None, None)  # points, risk, unusual


def by_advice(release, rows):
    read = opened(release)
    found = []
    for answers in rows:
        advice = advise(read, answers, today=release_example.TODAY)
        if advice.score is not None:
            found.append((advice.score.points, advice.score.risk, False))
        elif advice.unusual is not None:
            found.append((advice.unusual.points, None, True))
        else:
            assert advice.abstention.reason in REASONS
            found.append(NONE)
    return found


def by_table(release, rows, folder, *, suffix=".parquet"):
    source, out = folder / f"answers{suffix}", folder / "scores.parquet"
    table = frame(rows).assign(case_id=[f"c{place}" for place in range(len(rows))])
    table.to_csv(source, index=False) if suffix == ".csv" else table.to_parquet(source)
    score_table(opened(release), source, out, purpose="evaluation")
    return rows_of(pd.read_parquet(out))


def by_sql(release, rows):
    sql = score_files(Coded(opened(release)))["score.sql"].decode()
    asked = [question for item in release["landmarks"][0]["items"] for question in item.get("of", [item])]
    declared = next(line for line in sql.splitlines() if line.startswith("-- Input:")).partition("case_id, ")[2]
    with duckdb.connect() as connection:
        connection.execute(f"create table answers (case_id integer, {declared.rstrip('.')})")
        columns = {"case_id": range(len(rows)), **{one["id"]: [row.get(one["id"]) for row in rows] for one in asked}}
        given = pa.table({name: pa.array(values) for name, values in columns.items()})
        connection.register("given", given).execute("insert into answers select * from given")
        return [tuple(row) for _, *row in connection.execute(sql).fetchall()]


def by_model(release, rows, folder):
    from riskmodel.publish.registry import pyfunc

    file = folder / "release.json"
    write_bytes(file, canonical_json(release))
    context = SimpleNamespace(artifacts={"release": str(file)}, model_config={})
    # whether it is published and in force is asked in test_release_served
    with patch.object(pyfunc, "served_release", lambda file, _, **asked: load_release_file(file)):
        return rows_of(pyfunc.ReleaseModel().predict(context, frame(rows), {"purpose": "evaluation"}))


def frame(rows):
    return pd.DataFrame(rows, columns=list(rows[0]))


def rows_of(scores):
    kinds = {"points": int, "risk": float, "unusual": bool}
    columns = [[None if pd.isna(one) else kind(one) for one in scores[name]] for name, kind in kinds.items()]
    return list(zip(*columns, strict=True))
