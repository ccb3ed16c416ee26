"""What becomes of damaged deliveries: read right, told, stopped, another in silence, a traceback."""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from damaged_kinds import KINDS
from damaged_town import Town, file_name, instrument_text, read_facts, town, true_facts, write_town
from village import village_instrument, village_settings

from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import RiskModelError

RIGHT, TOLD, STOPPED, SILENT, TRACEBACK = "read right", "told", "stopped", "DIFFERS IN SILENCE", "TRACEBACK"
OUTCOMES = (RIGHT, TOLD, STOPPED, SILENT, TRACEBACK)
LEFT_OUT = ("quarantined", "dropped")
HARMLESS = {  # findings that say nothing of what differs
    "surrounding_blank", "blank", "no_answer_text", "respelled", "recovery", "zero_amount", "word_never_seen",
    "file_not_used", "blank_household",
}  # fmt: skip
LIMITS = ({}, {"max_quarantined_share": 0.05, "max_unknown_code_share": 0.02})  # wide ones, and the project's own


@dataclass(frozen=True)
class Outcome:
    """kind, source and format of the damage, its seed, what became of it, and why."""

    kind: str
    source: str
    format: str
    seed: int
    outcome: str
    why: str


def damaged_deliveries(n: int, seed: int) -> Iterator[Outcome]:
    """`n` damaged deliveries: kind by kind, each in a source and format by chance, and always the same."""
    for number in range(n):
        yield outcome_of([*KINDS][number % len(KINDS)], seed * 1_000_000 + number)


def outcome_of(name: str, seed: int) -> Outcome:
    chances, kind = random.Random(seed), KINDS[name]
    source = chances.choice(kind.sources)
    made = town(chances, letter=chances.random() < 0.5)
    made.formats[source] = chances.choice(kind.formats)
    limits = chances.choice(LIMITS)
    before = _read(made, limits)
    assert isinstance(before, Delivery) and true_facts(made) == read_facts(before), before
    damaged = made.copied()
    kind.damage(damaged, source, chances)
    found = _read(damaged, limits)
    if isinstance(found, Delivery):
        outcome, why = _compared(damaged, found, before, file_name(damaged, source), source)
        outcome = SILENT if kind.must_stop else outcome
    else:
        outcome, why = STOPPED if isinstance(found, RiskModelError) else TRACEBACK, f"{type(found).__name__}: {found}"
    return Outcome(name, source, made.formats[source], seed, outcome, why)


def _read(made: Town, limits: dict[str, float]) -> Delivery | Exception:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "delivery"
        folder.mkdir()
        write_town(made, folder)
        try:
            instrument = village_instrument(Path(name), instrument_text(made))
            return read_delivery(folder, instrument, village_settings(**limits))
        except Exception as error:
            return error


def _compared(made: Town, found: Delivery, before: Delivery, file: str, source: str) -> tuple[str, str]:
    true, read = true_facts(made), read_facts(found)
    differs = [fact for fact in true if true[fact] != read[fact]]
    if not differs:
        return RIGHT, ""
    news = _new(found.quality, before.quality)
    own = news[news["file"].isin([file, source]) & ~news["reason"].isin(HARMLESS)]
    left_out_n = int(own.loc[own["action"].isin(LEFT_OUT), "n"].sum())
    lost_n = max(
        0, sum(len(true[fact]) - len(read[fact]) for fact in ("intake", "survey")) + true["rows"] - read["rows"]
    )
    said = f"{', '.join(differs)}: " + ", ".join(f"{row.reason} {row.n}" for row in own.itertuples())
    return (TOLD if len(own) and lost_n <= left_out_n else SILENT), said


def _new(after: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Findings that were not there, or less often, before the damage."""
    key = ["file", "column", "reason"]
    joined = after.merge(before[[*key, "n"]], on=key, how="left", suffixes=("", "_before")).fillna({"n_before": 0})
    return joined[joined["n"] > joined["n_before"]]


def table(outcomes: list[Outcome]) -> str:
    """One line a kind, with how often each outcome was."""
    lines = [f"| kind | {' | '.join(OUTCOMES)} |", "|---" * (len(OUTCOMES) + 1) + "|"]
    for kind in [*KINDS, "all"]:
        counts = Counter(each.outcome for each in outcomes if kind in (each.kind, "all"))
        lines.append(f"| {kind} | {' | '.join(str(counts[outcome]) for outcome in OUTCOMES)} |")
    return "\n".join(lines)
