"""The yearly run at the size of a city, beside a plain pandas + scikit-learn + MLflow script doing the same job.

Usage: make benchmark. 12,000 cases and 1.5 million receipt rows; prints each figure, its limit and the ratio to the
plain script in the same run. Seconds depend on the machine, ratios hardly.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests"))
sys.path.insert(0, str(PROJECT / "benchmarks"))

from measure import Measured, measure  # noqa: E402 - the two folders above are scripts, not packages
from pipeline.clone import clone, run, set_param  # noqa: E402

CASES_PER_YEAR, RECEIPT_ROWS = 1500, 1_500_000
SCORED_ROWS = 4_000_000
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


def answers_to_score(project: Path) -> Path:
    cases = pd.read_parquet(project / "data/processed/cohort/answers.parquet").rename_axis("case_id").reset_index()
    copies = -(-SCORED_ROWS // len(cases))
    repeated = pd.concat([cases] * copies, ignore_index=True)[:SCORED_ROWS]
    repeated["case_id"] = "c" + pd.Series(np.arange(SCORED_ROWS)).astype(str)
    repeated.to_parquet(project / "answers.parquet", index=False)
    return project / "answers.parquet"


def release_for(project: Path) -> str:
    """The example municipality's published release, put where the clone's commands look for it."""
    shutil.copytree(PROJECT / "models/releases", project / "models/releases", dirs_exist_ok=True)
    return sorted(path.name for path in (project / "models/releases").iterdir() if path.is_dir())[-1]


def row(what: str, found: Measured, plain: Measured | None, limit: str) -> str:
    ratio = f"{found.wall / plain.wall:6.2f}" if plain else "     –"
    return f"{what:34} {found.wall:8.2f} s {found.cpu:8.2f} s CPU {found.mib:7.0f} MiB   ratio {ratio}   limit {limit}"


def main() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as scratch:
        project, receipts_n = prepared(Path(scratch) / "city")
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(project / "src")}

        def timed(*command: str) -> Measured:
            return measure(list(command), cwd=project, environment=environment)

        (project / "plain").mkdir()
        plain = timed("python", str(PROJECT / "benchmarks/plain_script.py"), "data/raw/city", "plain")
        year = timed("dvc", "repro")
        cases_n = len(pd.read_parquet(project / "data/processed/cohort/cases.parquet").query("linked"))
        print(f"{cases_n} cases with answers, {receipts_n} receipt rows")
        print(row("plain script", plain, None, "–"))
        print(row("dvc repro", year, plain, "120 s, 2048 MiB"))
        print(row("dvc repro, nothing to do", timed("dvc", "repro"), plain, "5 s"))
        print(row("riskmodel --help", timed("riskmodel", "--help"), None, "0.3 s CPU"))
        release, source = release_for(project), str(answers_to_score(project))
        case = str(PROJECT / "notebooks/one.json")
        print(row("riskmodel advise", timed("riskmodel", "advise", release, "--answers", case), None, "0.5 s"))
        options = ("--purpose", "evaluation")
        scored = timed("riskmodel", "score", release, source, str(project / "scores.parquet"), *options)
        plain_scored = timed(
            "python", str(PROJECT / "benchmarks/plain_score.py"), source, str(project / "plain.parquet")
        )
        print(row(f"score {SCORED_ROWS:,} rows", scored, plain_scored, "4 million rows a second"))
        print(f"{'':34} {SCORED_ROWS / scored.wall / 1e6:8.2f} million rows a second, start-up included")


if __name__ == "__main__":
    main()
