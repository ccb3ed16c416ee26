"""From the register's file to new cases: both steps beside plain DuckDB SQL that does the same, in one run.

Usage: python benchmarks/receipts_to_starts.py. Makes registers of 1, 2, 4 and 8 million rows and measures each step in
a process of its own: read (file to cleaned receipts) and starts (receipts to every start with its months). Seconds of
processor time are steadier than seconds of the clock on a machine that others use.
"""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from measure import Measured, measure

PROJECT = Path(__file__).parents[1]
MILLIONS = (1, 2, 4, 8)
STEPS = ("read", "starts")
FIRST, LAST = 2014 * 12, 2025 * 12 + 11
HEAD = ["LopNr", "HushållsID", "År", "Månad", "Belopp (kr)", "Stadsområde", "Avslutsorsak"]


def text(values: np.ndarray, prefix: str, width: int) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(pa.array(values).cast(pa.string()), width, padding="0"), "")


def made_register(path: Path, rows_n: int, seed: int = 20260303) -> None:
    """A register of `rows_n` rows, out of order: about eleven months a spell, one or two adults a household."""
    rng = np.random.default_rng(seed)
    spells_n = rows_n // 8
    length = rng.geometric(1 / 11, spells_n)
    start = rng.integers(FIRST, LAST, spells_n)
    household = rng.integers(0, spells_n // 2, spells_n)
    adult = rng.integers(0, 2, spells_n)
    spell = np.repeat(np.arange(spells_n), length)
    month = np.repeat(start - np.cumsum(length) + length, length) + np.arange(len(spell))
    order = rng.permutation(np.flatnonzero(month <= LAST))[:rows_n]
    spell, month = spell[order], month[order]
    home, person = household[spell], household[spell] * 2 + adult[spell]
    kronor = rng.integers(3000, 15000, len(spell)) * np.where(rng.random(len(spell)) < 0.01, -1, 1)
    numbers = pa.array(kronor)
    kinds = pa.array(["", "arbete", "studier", "flyttat", "avliden"])
    exits = kinds.take(pa.array(rng.choice(5, len(spell), p=[0.97, 0.01, 0.01, 0.006, 0.004])))
    areas = pa.array(["A", "B", "C", "D", "E"]).take(pa.array(home % 5))
    columns = [
        text(person, "p", 11),
        text(home, "H", 8),
        pa.array(month // 12),
        pa.array(month % 12 + 1),
        pc.binary_join_element_wise(numbers.cast(pa.string()), "00", ","),
        areas,
        exits,
    ]
    table = pa.table(dict(zip(HEAD, columns, strict=True)))
    options = pa.csv.WriteOptions(delimiter=";", include_header=False, quoting_style="none")
    sink = pa.BufferOutputStream()
    with path.open("wb") as out:
        out.write((";".join(HEAD) + "\n").encode("cp1252"))
        for batch in table.to_batches(max_chunksize=1 << 18):
            sink = pa.BufferOutputStream()
            pa.csv.write_csv(batch, sink, options)
            out.write(sink.getvalue().to_pybytes().decode().encode("cp1252"))


PLAIN_READ = """
COPY (
  SELECT person AS person_id, home AS household_id, (year::INT * 12 + month::INT - 1)::INT AS month,
    (replace(amount, ',', '.')::DECIMAL(14, 2) * 100)::BIGINT AS amount_ore, area,
    CASE exit WHEN 'flyttat' THEN 'moved' WHEN 'avliden' THEN 'death' ELSE coalesce(exit, '') END AS exit
  FROM (SELECT DISTINCT * FROM read_csv('{source}', delim = ';', header = false, skip = 1, encoding = 'latin-1',
    all_varchar = true, names = ['person', 'home', 'year', 'month', 'amount', 'area', 'exit']))
  WHERE month::INT BETWEEN 1 AND 12
) TO '{receipts}'
"""
PLAIN_STARTS = """
CREATE TABLE rows AS SELECT * REPLACE (
  CASE household_id WHEN '' THEN 'person ' || person_id ELSE household_id END AS household_id) FROM '{receipts}';
CREATE TABLE registered AS SELECT person_id, household_id, month, sum(amount_ore)::BIGINT AS ore, max(area) AS area
  FROM rows GROUP BY ALL;
CREATE TABLE net AS SELECT household_id, month, sum(ore)::BIGINT AS net FROM registered GROUP BY ALL;
CREATE TABLE receipts AS SELECT person_id, month, max(area) AS area FROM registered JOIN net USING (household_id, month)
  GROUP BY ALL HAVING sum(net) > 0;
CREATE TABLE starts AS SELECT person_id, month, area, previous FROM (
  SELECT *, lag(month) OVER (PARTITION BY person_id ORDER BY month) AS previous FROM receipts)
  WHERE month - previous > 12 OR (previous IS NULL AND month - (SELECT min(month) FROM rows) >= 12);
CREATE TABLE around AS SELECT s.person_id, s.month,
    bit_or(CASE WHEN r.month >= s.month THEN 1::BIGINT << (r.month - s.month) ELSE 0 END) AS strip,
    count(*) FILTER (r.month - s.month BETWEEN -36 AND -13) AS earlier_n
  FROM starts s JOIN receipts r USING (person_id) WHERE r.month - s.month BETWEEN -36 AND 23 GROUP BY ALL;
CREATE TABLE on_assistance AS SELECT household_id, month + 1 AS month FROM registered
    SEMI JOIN receipts USING (person_id, month)
  UNION SELECT household_id, g.month FROM registered g SEMI JOIN (SELECT person_id, month + 1 AS month FROM receipts) b
    USING (person_id, month);
CREATE TABLE joined AS SELECT DISTINCT s.person_id, s.month FROM starts s JOIN registered g USING (person_id, month)
  SEMI JOIN on_assistance o ON o.household_id = g.household_id AND o.month = s.month;
CREATE TABLE exits AS SELECT person_id, month, min(CASE exit WHEN 'death' THEN '0' WHEN 'moved' THEN '1' ELSE '2' END
  || exit) AS exit FROM rows WHERE exit <> '' GROUP BY ALL;
CREATE TABLE absences AS SELECT e.person_id, e.month + 1 AS first_month,
    coalesce(min(r.month), 120000) - 1 AS last_month
  FROM exits e LEFT JOIN receipts r ON r.person_id = e.person_id AND r.month > e.month WHERE e.exit < '2'
  GROUP BY e.person_id, e.month HAVING coalesce(min(r.month), 120000) > e.month + 1;
"""
PLAIN_FRAMES = (
    "SELECT *, j.month IS NOT NULL AS joined FROM starts JOIN around USING (person_id, month) LEFT JOIN joined j "
    "USING (person_id, month) ORDER BY person_id, month",
    "FROM absences ORDER BY ALL",
    "FROM exits ORDER BY ALL",
    "SELECT DISTINCT person_id, household_id FROM registered ORDER BY ALL",
    "SELECT count(DISTINCT (person_id, month)) FROM registered",
    "SELECT count(*) FROM receipts",
)


def plain_read(folder: Path) -> None:
    duckdb.sql(PLAIN_READ.format(source=folder / "EB_register.csv", receipts=folder / "../plain.parquet"))


def plain_starts(folder: Path) -> None:
    connection = duckdb.connect()
    connection.execute(PLAIN_STARTS.format(receipts=folder / "../plain.parquet"))
    starts, *rest = [connection.execute(query).df() for query in PLAIN_FRAMES]
    found = [len(starts), int(starts["joined"].sum()), int(starts["strip"].sum()), *map(len, rest[:3])]
    (folder / "../plain.txt").write_text(str(found))


def ours_read(folder: Path) -> None:
    from riskmodel.extracts.delivery import write_delivery
    from riskmodel.extracts.read import read_delivery
    from riskmodel.ground.settings import read_settings
    from riskmodel.instrument.load import read_instrument

    instrument = read_instrument(PROJECT / "data/instruments/exempelstad.toml")
    asked = {name: source for name, source in instrument.sources.items() if name != "survey"}
    settings = read_settings(PROJECT / "params.toml")
    write_delivery(read_delivery(folder, replace(instrument, sources=asked), settings), folder / "../ours")


def ours_starts(folder: Path) -> None:
    from riskmodel.cohort.cases import read_history
    from riskmodel.extracts.delivery import load_delivery
    from riskmodel.ground.settings import read_settings

    settings = read_settings(PROJECT / "params.toml")
    history = read_history(load_delivery(folder / "../ours").receipts, settings.cohort)
    starts = history.starts
    found = [len(starts), int(starts["joined"].sum()), int(starts["strip"].sum())]
    found += [len(history.absences), len(history.exits), len(history.households)]
    (folder / "../ours.txt").write_text(str(found))


def made_delivery(folder: Path, rows_n: int) -> None:
    from riskmodel.instrument.load import read_instrument
    from riskmodel.simulate import simulate

    instrument = read_instrument(PROJECT / "data/instruments/exempelstad.toml")
    simulate(folder, instrument, cases_per_year=50, first_year=2018, last_year=2025, seed=1)
    made_register(folder / "EB_register.csv", rows_n)


def both(folder: Path, step: str) -> dict[str, Measured]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}

    def timed(who: str) -> Measured:
        command = [sys.executable, str(Path(__file__).resolve()), f"{who}_{step}", str(folder)]
        return measure(command, cwd=PROJECT, environment=environment)

    return {who: timed(who) for who in ("plain", "ours")}


def line(what: str, plain: Measured, ours: Measured) -> str:
    ratios = f"{ours.wall / plain.wall:5.2f} wall {ours.cpu / plain.cpu:5.2f} CPU"
    texts = [f"{found.wall:6.1f} s {found.cpu:6.1f} s CPU {found.mib:6.0f} MiB" for found in (plain, ours)]
    return f"{what:26} plain {texts[0]}   ours {texts[1]}   ratio {ratios}"


def together(found: list[Measured]) -> Measured:
    return Measured(sum(one.wall for one in found), sum(one.cpu for one in found), max(one.mib for one in found))


def more(large: Measured, small: Measured) -> Measured:
    return Measured(large.wall - small.wall, large.cpu - small.cpu, large.mib - small.mib)


def main() -> None:
    found: dict[str, list[dict[str, Measured]]] = {step: [] for step in STEPS}
    for millions in MILLIONS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "delivery"
            made_delivery(folder, millions * 1_000_000)
            for step in STEPS:
                found[step].append(both(folder, step))
                print(line(f"{step}, {millions} million rows", **found[step][-1]), flush=True)
            whole = {who: together([found[step][-1][who] for step in STEPS]) for who in ("plain", "ours")}
            print(line(f"both, {millions} million rows", **whole), flush=True)
            plain, ours = [(Path(scratch) / f"{who}.txt").read_text() for who in ("plain", "ours")]
            if plain != ours:
                raise RuntimeError(f"Not the same job: plain found {plain}, ours {ours}.")
    for step, measured in found.items():
        last, first = measured[-1], measured[0]
        print(line(f"{step}, start-up apart", *(more(last[who], first[who]) for who in ("plain", "ours"))))


if __name__ == "__main__":
    if sys.argv[1:]:
        globals()[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
