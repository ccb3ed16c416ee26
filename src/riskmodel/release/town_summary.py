"""What may leave a town for other towns to borrow from, without a release: a summary of it, or several combined.

Log-odds of every answer and how common each is; no matrix, no mean of anybody's row, no count that is not rounded.
Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.record_reader import AtLeast, Rule
from riskmodel.release import REFUSALS
from riskmodel.release.bundle import parse_json, read_file
from riskmodel.release.json_record import Positive, Raw, Words, raw, read_record

SUMMARY, COMBINATION = KINDS = ("summary", "combination")
PEOPLE_STEP, FEWEST_PEOPLE = 5, 20  # people are told to the nearest five, of answers that so many gave
LOGODDS_DECIMALS = 2
People = Annotated[int, Rule(REFUSALS["in_fives"], lambda n: n >= 0 and n % PEOPLE_STEP == 0)]
Logodds = Annotated[float, Rule(REFUSALS["two_decimals"], lambda value: abs(value * 100 - round(value * 100)) < 1e-6)]


@dataclass(frozen=True)
class Cell:
    """Answers that are told together: their codes, what each adds to the log-odds, and how many people gave one.

    Nearly all gave the first of them; of the others there are too few to tell.
    """

    codes: Annotated[tuple[str, ...], AtLeast(1)]
    logodds: Logodds
    people: People


@dataclass(frozen=True)
class Band:
    """Numbers from `first` to `last` that are counted together."""

    first: int
    last: int
    people: People


@dataclass(frozen=True)
class Values:
    """Of a number: the log-odds of every whole value from `minimum`, what they bend and jump at, and who gave them.

    knots, steps: shared by all towns, steps as whole values. scale: what a delivered number is multiplied by to get a
    whole value.
    """

    minimum: int
    scale: Positive
    logodds: Annotated[tuple[Logodds, ...], AtLeast(1)]
    knots: tuple[float, ...]
    steps: tuple[int, ...]
    bands: Annotated[tuple[Band, ...], AtLeast(1)]


@dataclass(frozen=True)
class Silence:
    """No answer, where enough gave none."""

    logodds: Logodds
    people: People


@dataclass(frozen=True)
class SummaryItem:
    """One question: `cells` of its answers, or the `values` of a number."""

    id: str
    text: Words
    kind: Literal["level", "ordinal", "flag", "number"]
    cells: tuple[Cell, ...]
    values: Values | None
    no_answer: Silence | None


@dataclass(frozen=True)
class From:
    """Whose people a summary is of; a combination is of several."""

    code: str
    name: str
    n: People
    events_n: People
    last_intake_month: int


@dataclass(frozen=True)
class Summary:
    """What a town, or several towns together, says of its answers.

    kind: "summary" of one town, or "combination". month: of the case at which the answers are given. outcome: which is
    predicted. penalty: of the town's own fit, about whose optimum the log-odds are; 0 for a combination. between: the
    standard deviation between towns, of a combination.
    """

    kind: Literal["summary", "combination"]
    format: Literal[1]
    month: int
    outcome: str
    towns: Annotated[tuple[From, ...], AtLeast(1)]
    penalty: Annotated[float, Rule(REFUSALS["not_negative"], lambda value: value >= 0)]
    items: Annotated[tuple[SummaryItem, ...], AtLeast(1)]
    between: float | None = None
    raw: Raw = raw()


def read_summary(path: Path, *, sha256: str = "") -> Summary:
    """The summary or combination in the file at `path`; a `BundleError` when it is none, or not that of `sha256`."""
    content = read_file(path)
    if sha256 and sha256_of_bytes(content) != sha256:
        raise BundleError(REFUSALS["other_summary"].filled(file=path.name))
    found: Summary = read_record(Summary, parse_json(content, where=path.name), where=path.name)
    for item in found.items:
        _check_item(item, where=f"{path.name}: {item.id}")
    return found


def _check_item(item: SummaryItem, *, where: str) -> None:
    """Refuse an item whose answers are not told once each."""
    codes = [code for cell in item.cells for code in cell.codes]
    wrong = (item.kind == "number") != (item.values is not None) or len(codes) != len(set(codes))
    if wrong or (item.values is None and not codes):
        raise BundleError(REFUSALS["answers_not_once"].filled(where=where))


def logodds_by_answer(item: SummaryItem) -> Mapping[str | int, float]:
    """What every answer of `item` adds to the log-odds, by code or whole value."""
    if item.values is None:
        return {code: cell.logodds for cell in item.cells for code in cell.codes}
    return dict(enumerate(item.values.logodds, start=item.values.minimum))


def mean_logodds(item: SummaryItem) -> float:
    """What an answer nobody knows adds on average, over those that were given and no answer."""
    told = [(cell.logodds, cell.people) for cell in item.cells]
    if item.values is not None:
        told += [(_of_band(item.values, band), band.people) for band in item.values.bands]
    told += [(item.no_answer.logodds, item.no_answer.people)] if item.no_answer else []
    people = sum(n for _, n in told)
    return sum(value * n for value, n in told) / people if people else 0.0


def _of_band(values: Values, band: Band) -> float:
    own = values.logodds[band.first - values.minimum : band.last - values.minimum + 1]
    return sum(own) / len(own) if own else 0.0
