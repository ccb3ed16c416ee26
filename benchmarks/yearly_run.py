"""The yearly run at the size of a city, beside a plain pandas + scikit-learn + MLflow script doing the same job.

Usage: make benchmark, which puts tests/ on the path for its clone of the project. 12,000 cases and 1.5 million receipt
rows; prints each figure, its limit and the ratio to the plain script in the same run. Seconds depend on the machine,
ratios hardly.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from measure import Measured, measure
from pipeline.clone import clone, run, set_param

from riskmodel.release.verify import release_in_force

PROJECT = Path(__file__).parents[1]
CASES_PER_YEAR, RECEIPT_ROWS = 1500, 1_500_000
SMALL_TOWN = 90  # cases a year
SCORED_ROWS = (5_000_000, 15_000_000)
MONTHS = [(year, month) for year in range(2014, 2026) for month in range(1, 13)]


def add_stock(delivery: Path) -> int:
    """Append people on assistance in every month until the register has `RECEIPT_ROWS`; they are never new cases."""
    path = delivery / "EB_register.csv"
    lines = path.read_bytes().count(b"\n") - 1
    header = path.read_bytes().split(b"\n", 1)[0].decode("cp1252").strip().split(";")
    people = max(0, (RECEIPT_ROWS - lines) // len(MONTHS))
    years, months = zip(*MONTHS, strict=True)
    person = np.repeat([f"s{number:010x}a" for number in range(people)], len(MONTHS))
    rows = pd.DataFrame({name: "" for name in header}, index=range(len(person)))
    rows["LopNr"], rows["HushållsID"] = person, person
    rows["År"], rows["Månad"] = np.tile(years, people), np.tile(months, people)
    rows["Belopp (kr)"], rows["Stadsområde"] = "9\u00a0874,00", "Centrum"
    with path.open("ab") as stream:
        rows.to_csv(stream, sep=";", header=False, index=False, encoding="cp1252")
    return lines + len(rows)


def prepared(folder: Path) -> tuple[Path, int]:
    project = clone(folder)
    set_param(project, delivery__path="data/raw/city")
    run(project, "riskmodel", "simulate", "data/raw/city", "--cases-per-year", str(CASES_PER_YEAR))
    return project, add_stock(project / "data/raw/city")


def small_town(folder: Path) -> Path:
    """A project of its own with the delivery of a town of 90 cases a year, month 0 alone."""
    project = clone(folder)
    set_param(project, delivery__path="data/raw/town", cohort__landmarks=[0])
    run(project, "riskmodel", "simulate", "data/raw/town", "--cases-per-year", str(SMALL_TOWN))
    return project


def answers_to_score(project: Path, rows_n: int) -> Path:
    """The cohort's answers over and over, as one parquet file of `rows_n` rows."""
    cases = pd.read_parquet(project / "data/processed/cohort/month_0/answers.parquet").reset_index(drop=True)
    path = project / f"answers-{rows_n}.parquet"
    writer = None
    for start in range(0, rows_n, len(cases)):
        ids = pd.Series(np.arange(start, min(start + len(cases), rows_n))).astype(str)
        table = pa.Table.from_pandas(cases[: len(ids)].assign(case_id="c" + ids), preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()
    return path


def release_for(project: Path) -> str:
    """The example municipality's release in force, put where the clone's commands look for it."""
    shutil.copytree(PROJECT / "models/releases", project / "models/releases", dirs_exist_ok=True)
    return release_in_force(project / "models/releases", today=date.today())


def row(what: str, found: Measured, plain: Measured | None, limit: str) -> str:
    ratio = f"{found.wall / plain.wall:6.2f}, of CPU {found.cpu / plain.cpu:6.2f}" if plain else "     –"
    return f"{what:34} {found.wall:8.2f} s {found.cpu:8.2f} s CPU {found.mib:7.0f} MiB   ratio {ratio}   limit {limit}"


def main() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as scratch:
        project, receipts_n = prepared(Path(scratch) / "city")
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(project / "src")}

        def timed(*command: str, project: Path = project) -> Measured:
            return measure(list(command), cwd=project, environment=environment)

        (project / "plain").mkdir()
        plain = timed("python", str(PROJECT / "benchmarks/plain_script.py"), "data/raw/city", "plain")
        set_param(project, cohort__landmarks=[0])  # what the plain script does
        year = timed("dvc", "repro")
        cases_n = len(pd.read_parquet(project / "data/processed/cohort/month_0/cases.parquet").query("linked"))
        print(f"{cases_n} cases with answers, {receipts_n} receipt rows")
        print(row("plain script", plain, None, "–"))
        print(row("dvc repro, month 0", year, plain, "120 s, 2048 MiB"))
        print(row("dvc repro, nothing to do", timed("dvc", "repro"), plain, "5 s"))
        set_param(project, cohort__landmarks=[0, 3, 5])
        print(row("dvc repro, months 0, 3, 5", timed("dvc", "repro"), plain, "–"))
        town = timed("dvc", "repro", project=small_town(Path(scratch) / "town"))
        print(row(f"dvc repro, {SMALL_TOWN} cases a year", town, plain, "ratio 1"))
        print(row("riskmodel --help", timed("riskmodel", "--help"), None, "0.3 s CPU"))
        release, case = release_for(project), str(PROJECT / "notebooks/one.json")
        print(row("riskmodel advise", timed("riskmodel", "advise", release, "--answers", case), None, "0.5 s"))
        scored = [score_rows(project, release, rows_n, timed) for rows_n in SCORED_ROWS]
        more = (SCORED_ROWS[1] - SCORED_ROWS[0]) / (scored[1].wall - scored[0].wall)
        print(f"{'score, rows a second':34} {more / 1e6:8.2f} million, start-up apart   limit 4 million")


def score_rows(project: Path, release: str, rows_n: int, timed: Callable[..., Measured]) -> Measured:
    """Score `rows_n` rows, and the same rows the plain way, and print both as one line."""
    source, out = str(answers_to_score(project, rows_n)), str(project / "scores.parquet")
    found = timed("riskmodel", "score", release, source, out, "--purpose", "evaluation")
    plain = timed("python", str(PROJECT / "benchmarks/plain_score.py"), source, str(project / "plain.parquet"))
    print(row(f"score {rows_n:,} rows", found, plain, f"memory flat (plain {plain.mib:.0f} MiB)"))
    return found


if __name__ == "__main__":
    main()
