"""The lines of a kit through the ways to points and risk that stand in Python, Ibis, SQL and MLflow.

Each door gives what it says to each line, or REFUSED where it takes no such case, by the case's name.
"""

import csv
import io
import os
import re
from collections import Counter
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from unittest.mock import patch

import duckdb
import ibis
import pandas as pd
import pytest
import release_example
from fhir_door import handed
from pmml_runtimes import by_pmml4s
from postgres_server import running_server, server_programs

from riskmodel.advice import advise, table
from riskmodel.advice.engine import score_table
from riskmodel.exports.coded import Coded
from riskmodel.exports.kit import TABLE_FIELDS, code_cases
from riskmodel.exports.pmml import pmml_files
from riskmodel.exports.score_sql import score_files
from riskmodel.ground.errors import SurveyDataError

UNKNOWN = ("unknown_item", "unknown_answer")  # the case is not read
REFUSED = "refused"
NOTHING = dict.fromkeys(TABLE_FIELDS)


def is_read(line):
    return not line["refusal"] or line["refusal"]["reason"] not in UNKNOWN


def said(line):
    """What a door must say to `line`: what stands in it, or no such case."""
    return {name: line[name] for name in TABLE_FIELDS} if is_read(line) else REFUSED


def by_advice(release, lines, today=release_example.TODAY):
    """Points, risk, answer and reason as `advise` says them; of what it can't read why, and the first item."""
    return {line["case"]: _advised(release, line, today) for line in lines}


def _advised(release, line, today):
    try:
        told = advise(release, line["answers"], today=today, month=line["month"])
    except SurveyDataError as error:
        first, _, _ = str(error).partition(": ")
        return UNKNOWN[0] if first == "Answers" else (UNKNOWN[1], first)
    total = told.score or told.unusual
    reason = told.abstention and (told.abstention.reason, told.abstention.ids)
    return total and total.points, told.score and told.score.risk, told.answer, reason


def advised(line):
    """What `advise` must say to `line`: points for advice and for an unusual case, a risk for advice alone."""
    refusal = line["refusal"]
    reason = refusal and refusal["reason"]
    if reason in UNKNOWN:
        return UNKNOWN[0] if reason == UNKNOWN[0] else (reason, line["refusal"]["items"][0])
    points = line["points"] if reason in (None, "unusual") else None
    return points, None if reason else line["risk"], line["answer"], refusal and (reason, tuple(refusal["items"]))


def by_table(release, lines, folder):
    """`score` on DuckDB, of the lines that it can read: in columns of text, as they are typed."""
    read = [line for line in lines if is_read(line)]
    frame = texts(release, read)
    source, out = folder / "typed.parquet", folder / "scores.parquet"
    frame.to_parquet(source)
    score_table(release, source, out, purpose="evaluation", month=lines[0]["month"])
    return {line["case"]: row for line, row in zip(read, rows_of(pd.read_parquet(out)), strict=True)}


def refused_rows(release, lines, folder):
    """How many rows `score` says it can't read, by item, when it is given `lines` that it refuses."""
    texts(release, lines).to_parquet(folder / "odd.parquet")
    with pytest.raises(SurveyDataError) as refused:
        score_table(
            release, folder / "odd.parquet", folder / "s.parquet", purpose="evaluation", month=lines[0]["month"]
        )
    return {item: int(rows_n) for item, rows_n in re.findall(r"(\w+): ([0-9]+) row", str(refused.value))}


def unread(lines):
    """The lines with an answer that nobody knows, and how often that happens to each item."""
    odd = [line for line in lines if line["refusal"] and line["refusal"]["reason"] == "unknown_answer"]
    return odd, Counter(item for line in odd for item in line["refusal"]["items"])


def is_text(release, line):
    """Whether a column of text holds what was typed: a level's true or 1 would be a text there."""
    levels = {one.id for one in release.landmark(line["month"]).questions if one.numbers is None}
    return all(isinstance(one, str | None) for name, one in line["answers"].items() if name in levels)


def by_expression(release, lines, run):
    """The expression behind `score`, as it is told to PostgreSQL; `run` as in `by_sql`."""
    read = [line for line in lines if is_read(line)]
    frame = texts(release, read)
    answers = ibis.duckdb.connect().create_table("answers", frame)
    with patch.object(table, "WITH_QUICK_LISTS", ()):
        expression = table.scores(release, release.landmark(lines[0]["month"]), answers)
    declared = ", ".join(f"{name} text" for name in frame.columns[1:])
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    sql = str(ibis.to_sql(expression, dialect="postgres")).replace('"memory"."main".', "")
    found = run(f"{sql};\n", declared, rows)
    return {case: dict(zip(TABLE_FIELDS, row, strict=True)) for case, *row in found}


def texts(release, lines):
    """The answers of `lines` in columns of text; what was left out or null is null."""
    names = [question.id for question in release.landmark(lines[0]["month"]).questions]
    columns = {name: [_text(line["answers"].get(name)) for line in lines] for name in names}
    return pd.DataFrame({"case_id": [line["case"] for line in lines], **columns}, dtype="string")


def _text(typed):
    return None if typed is None else typed if isinstance(typed, str) else repr(typed)


def by_model(release, lines):
    """MLflow's model: what can be read in one table, the others a case at a time."""
    from riskmodel.publish.registry import pyfunc

    context, found = SimpleNamespace(artifacts={"release": "release.json"}, model_config={}), {}
    # whether it is published and in force is asked in test_release_served
    with patch.object(pyfunc, "served_release", lambda *_, **__: release):
        read, others = ([line for line in lines if is_read(line) is kind] for kind in (True, False))
        for some in [read, *([line] for line in others)]:
            cases = pd.DataFrame([line["answers"] for line in some], dtype=object)
            asked = {"purpose": "evaluation", "month": lines[0]["month"]}
            try:
                rows = pyfunc.ReleaseModel().predict(context, cases, asked).to_dict("records")
            except SurveyDataError:
                rows = [REFUSED] * len(some)
            found |= {line["case"]: row for line, row in zip(some, rows, strict=True)}
    return found


def by_pmml(release, lines):
    """score-<month>.pmml, by software on Java: what no field holds has no number."""
    month, coded = lines[0]["month"], code_cases(lines)
    told = by_pmml4s(pmml_files(Coded(release))[f"score-{month}.pmml"], [handed(line) for line in coded])
    given = [NOTHING if one is None else {"points": one[0], "risk": one[2], "unusual": one[1]} for one in told]
    return {line["case"]: row for line, row in zip(coded, given, strict=True)}


def by_sql(release, lines, run):
    """score.sql, by `run`: a function of the statement, the declared columns and the rows."""
    month = lines[0]["month"]
    sql = score_files(Coded(release))["score.sql" if month == 0 else f"score_month_{month}.sql"].decode()
    questions = release.landmark(month).questions
    kept = [line for line in lines if fits(questions, line)]
    declared = next(one for one in sql.splitlines() if one.startswith("-- Input:")).partition("case_id, ")[2]
    rows = [[line["case"], *(_in_column(line["code"][one.id]) for one in questions)] for line in kept]
    return {case: dict(zip(TABLE_FIELDS, row, strict=True)) for case, *row in run(sql, declared.rstrip("."), rows)}


def fits(questions, line):
    """Whether a database takes the codes of `line` into its columns: numbers where one is asked, whole in integer."""
    if line["code"] is None:
        return False
    given = [(one, line["code"][one.id]) for one in questions if one.numbers is not None]
    return all(code is None or (_is_number(code) and (one.scale != 1 or code == code // 1)) for one, code in given)


def _in_column(code):
    return code if code is None or isinstance(code, str) or _is_number(code) else repr(code)


def _is_number(code):
    return isinstance(code, int | float) and not isinstance(code, bool)


@contextmanager
def engine(name, folder):
    """What runs score.sql on the engine `name`; a test is skipped where that is not installed."""
    if name == "duckdb":
        yield _on_duckdb
        return
    programs = server_programs() if os.name == "posix" else None
    if programs is None:
        pytest.skip("no PostgreSQL server here: install Debian's package postgresql")
    with running_server(programs) as server:
        yield partial(_on_postgres, server, folder)


def _on_duckdb(sql, declared, rows):
    with duckdb.connect() as connection:
        connection.execute(_table(declared, rows))
        return connection.execute(sql).fetchall()


def _on_postgres(server, folder, sql, declared, rows):
    table, statement = folder / "table.sql", folder / "score.sql"
    table.write_text(_table(declared, rows), encoding="utf-8")
    statement.write_text(sql, encoding="utf-8")
    _, *found = csv.reader(io.StringIO(server.psql(table, statement)))
    kinds = (str, int, float, {"t": True, "f": False}.get)
    return [[kind(one) if one else None for kind, one in zip(kinds, row, strict=True)] for row in found]


def _table(declared, rows):
    values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    return f"CREATE TEMPORARY TABLE answers(case_id text, {declared});\nINSERT INTO answers VALUES {values};\n"


def _literal(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def rows_of(scores):
    kinds = {"points": int, "risk": float, "unusual": bool}
    columns = [[None if pd.isna(one) else kind(one) for one in scores[name]] for name, kind in kinds.items()]
    return [dict(zip(kinds, row, strict=True)) for row in zip(*columns, strict=True)]
