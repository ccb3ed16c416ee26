"""The same cases through every door of ours: how many were asked, and how many got anything else than the kit says.

Usage: PYTHONPATH=tests python benchmarks/doors.py [CASES]. Makes the kit of a release with every kind of question, of
three tables, with CASES (10,000) cases a table, and asks each door all that it takes: `advise`, `score` on DuckDB, its
expression on PostgreSQL, MLflow's model, score.sql on both engines, PMML4S on Java, fhirpath.js on node and the form in
Chromium. A run stands in docs/doors.md.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chromium import opened_browser
from fhir_door import by_fhir
from form_door import by_form, shown
from kit_doors import (
    advised,
    by_advice,
    by_expression,
    by_model,
    by_pmml,
    by_sql,
    by_table,
    engine,
    fits,
    is_read,
    is_text,
    refused_rows,
    said,
    unread,
)
from kit_release import kit_release

from riskmodel.exports.kit import TABLE_FIELDS, code_cases, kit_cases

CASES_N, AT_A_TIME = 10_000, 1000
Line = dict[str, Any]
Asked = tuple[dict[str, Any], dict[str, Any], str]  # what a door gave and what it must, by case; and which it is


def of_text(lines: list[Line], folder: Path, run: Callable[..., Any]) -> Iterator[Asked]:
    """The doors that read what is typed."""
    release = kit_release()
    yield by_advice(release, lines), {line["case"]: advised(line) for line in lines}, "advise"
    yield by_model(release, lines), {line["case"]: said(line) for line in lines}, "MLflow"
    texts = [line for line in lines if is_text(release, line)]
    read = {line["case"]: said(line) for line in texts if is_read(line)}
    yield by_table(release, texts, folder), read, "score, DuckDB"
    odd, counted = unread(texts)
    found = refused_rows(release, odd, folder)
    refused = {line["case"]: {item: found[item] for item in line["refusal"]["items"]} for line in odd}
    wanted = {line["case"]: {item: counted[item] for item in line["refusal"]["items"]} for line in odd}
    yield refused, wanted, "score, DuckDB"
    yield by_expression(release, texts, run), read, "score, PostgreSQL"


def of_codes(lines: list[Line], folder: Path, run: Callable[..., Any]) -> Iterator[Asked]:
    """The doors that take codes."""
    release, questions = kit_release(), kit_release().landmark(lines[0]["month"]).questions
    kept = [line for line in lines if fits(questions, line)]
    wanted = {line["case"]: {name: line[name] for name in TABLE_FIELDS} for line in kept}
    with engine("duckdb", folder) as own:
        yield by_sql(release, lines, own), wanted, "score.sql, DuckDB"
    yield by_sql(release, lines, run), wanted, "score.sql, PostgreSQL"
    coded = {line["case"]: {name: line[name] for name in TABLE_FIELDS} for line in code_cases(lines)}
    yield by_pmml(release, lines), coded, "PMML, PMML4S"
    for start in range(0, len(lines), AT_A_TIME):
        some = code_cases(lines[start : start + AT_A_TIME])
        yield by_fhir(release, some), {line["case"]: coded[line["case"]] for line in some}, "FHIR, fhirpath.js"


def in_browser(lines: list[Line], folder: Path) -> Iterator[Asked]:
    """The form, where a browser is."""
    some = code_cases(lines)
    with opened_browser() as browser:
        found = by_form(kit_release(), some, folder, browser=browser)
    yield found, {one["case"]: shown(one) for one in some}, "form"


def main(cases_n: int) -> None:
    cases = kit_cases(kit_release(), least=cases_n)
    counts: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as scratch, engine("postgresql", folder := Path(scratch)) as run:
        for month in (landmark.month for landmark in kit_release().landmarks):
            lines = [line for line in cases if line["month"] == month]
            doors = (of_text(lines, folder, run), of_codes(lines, folder, run), in_browser(lines, folder))
            for asked in doors:
                for found, wanted, door in asked:
                    others_n = sum(found.get(case) != one for case, one in wanted.items()) + len(found.keys() - wanted)
                    own = counts.setdefault(door, [0, 0])
                    own[0], own[1] = own[0] + len(wanted), own[1] + others_n
                    print(f"month {month}, {door}: {len(wanted)} cases, {others_n} otherwise", flush=True)
    refused_n = sum(line["points"] is None for line in cases)
    print(f"{len(cases)} cases, {refused_n} without points, {len(code_cases(cases))} with codes")
    for door, (asked_n, others_n) in counts.items():
        print(f"| {door} | {asked_n:,} | {others_n} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else CASES_N)
