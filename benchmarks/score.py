"""A table scored by `score_table`, beside a plain DuckDB query that does the same sums by list lookup, in one run.

Usage: python benchmarks/score.py. Makes tables of a thousand, 5, 10 and 50 million rows of answers to the example's
newest release, and scores each both ways in processes of their own. The plain query refuses nothing, reads no spelling
and counts nothing, but writes the same rows in the same order, which is checked. The thousand rows are start-up:
what more rows take over them is the scoring itself.
"""

import os
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measure import Measured, measure

from riskmodel.release.bundle import load_release_file
from riskmodel.release.item import Item
from riskmodel.release.record import Release

PROJECT = Path(__file__).parents[1]
ROWS = (1_000, 5_000_000, 10_000_000, 50_000_000)
GROUP, BLANK_SHARE = 1_000_000, 0.05
WHO = ("plain", "ours")
THREADS, MEMORY_LIMIT = os.cpu_count() or 1, "384MB"  # the engine's own


def newest_release() -> Release:
    return load_release_file(sorted((PROJECT / "models/releases").glob("*/release.json"))[-1])


def made_answers(path: Path, rows_n: int, seed: int = 20261129) -> None:
    """`rows_n` rows of random answers, as a delivery's answers are stored: numbers as floats, codes as text."""
    rng, items = np.random.default_rng(seed), newest_release().landmark().items
    columns = [("case_id", pa.string())]
    columns += [(item.id, pa.string() if item.numbers is None else pa.float64()) for item in items]
    with pq.ParquetWriter(path, pa.schema(columns)) as writer:
        for start in range(0, rows_n, GROUP):
            ids = np.arange(start, min(start + GROUP, rows_n))
            answers = {item.id: drawn(item, len(ids), rng) for item in items}
            writer.write_table(pa.table({"case_id": pa.array([f"c{number}" for number in ids]), **answers}))


def drawn(item: Item, n: int, rng: np.random.Generator) -> pa.Array:
    codes = pa.array(list(item.answers))
    given = codes.take(pa.array(rng.integers(0, len(codes), n), mask=rng.random(n) < BLANK_SHARE))
    return given if item.numbers is None else given.cast(pa.float64())


def plain_points(item: Item) -> str:
    """SQL for the points of one item: a list, and the place in it that the answer names."""
    points = [answer.points for answer in item.answers.values()]
    if item.numbers is not None:
        place = f"{item.id}::INT - {item.numbers.minimum - 1}"
    else:
        place = f"list_position({list(item.answers)}, {item.id})"
    return f"coalesce({points}[{place}], {item.no_answer.points})"


def plain(source: Path, out: Path) -> None:
    landmark = newest_release().landmark()
    points = " + ".join(map(plain_points, landmark.items))
    risks = f"{[float(value) for value in landmark.risk.values]}::DOUBLE[]"
    risk = f"({risks})[points - {landmark.risk.first - 1}]"
    rows = f"SELECT case_id, ({points})::BIGINT AS points FROM '{source}'"
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS}) as connection:
        connection.execute(f"COPY (SELECT case_id, points, {risk} AS risk FROM ({rows})) TO '{out}' (FORMAT PARQUET)")


def ours(source: Path, out: Path) -> None:
    from riskmodel.advice.engine import score_table

    score_table(newest_release(), source, out, purpose="evaluation")


def same_rows(one: Path, other: Path) -> bool:
    """Whether both files hold the same rows in the same order, a group at a time."""
    both = (pq.ParquetFile(path).iter_batches(GROUP) for path in (one, other))
    return all(mine.equals(theirs) for mine, theirs in zip(*both, strict=True))


def compared(folder: Path, rows_n: int) -> dict[str, Measured]:
    source, out = folder / "answers.parquet", {who: folder / f"{who}.parquet" for who in WHO}
    made_answers(source, rows_n)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}

    def scored(who: str) -> Measured:
        command = [sys.executable, str(Path(__file__).resolve()), who, str(source), str(out[who])]
        return measure(command, cwd=PROJECT, environment=environment)

    found = {who: scored(who) for who in WHO}
    if not same_rows(out["plain"], out["ours"]):
        raise RuntimeError("Not the same job: the plain query and score_table wrote different rows.")
    return found


def line(what: str, plain: Measured, ours: Measured) -> str:
    ratios = f"{ours.wall / plain.wall:5.2f} wall {ours.cpu / plain.cpu:5.2f} CPU"
    texts = [f"{found.wall:6.1f} s {found.cpu:6.1f} s CPU {found.mib:6.0f} MiB" for found in (plain, ours)]
    return f"{what:32} plain {texts[0]}   ours {texts[1]}   ratio {ratios}"


def more(large: Measured, small: Measured) -> Measured:
    return Measured(large.wall - small.wall, large.cpu - small.cpu, large.mib - small.mib)


def main() -> None:
    start: dict[str, Measured] = {}
    for rows_n in ROWS:
        with tempfile.TemporaryDirectory() as scratch:
            found = compared(Path(scratch), rows_n)
        print(line(f"{rows_n:,} rows", **found), flush=True)
        if start:
            print(line("  start-up apart", **{who: more(found[who], start[who]) for who in WHO}), flush=True)
        start = start or found


if __name__ == "__main__":
    if sys.argv[1:]:
        {"plain": plain, "ours": ours}[sys.argv[1]](*map(Path, sys.argv[2:]))
    else:
        main()
