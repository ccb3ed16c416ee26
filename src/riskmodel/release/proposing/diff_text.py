"""Two releases side by side as a person reads them: headings in English, questions and answers in either language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.content.waivers import waiver_line, waivers_moved
from riskmodel.release.rendering.changes import THRESHOLD_WORDS, flag_table, shown

NO_ANSWER_WORDS = {"sv": "inget svar", "en": "no answer"}
NO_COHORT = "No cohort is built here. Run `dvc repro` to count flags gained and lost."
SCALE_WORDS = {"offset": "log-odds at 0 points", "per_point": "log-odds a point"}

Row = Mapping[str, Any]
Wording = Mapping[tuple[str, Any], str]


def difference_text(
    found: Mapping[str, Any],
    flags: Sequence[Row],
    *,
    releases: Iterable[Mapping[str, Any]],
    language: str,
) -> str:
    """`diff.difference` and `diff.flags_between` as text. releases: both, for their wording; the later one's wins."""
    wording = _wording(releases, language)
    lines = [f"{found['before']} → {found['now']}", f"Equation: {'the same' if found['same_equation'] else 'changed'}"]
    if found["outcome"]:
        lines += ["", "Another outcome is predicted", *_pair(found["outcome"], language)]
    lines += ["", "Thresholds", *_named(found["thresholds"], THRESHOLD_WORDS)]
    lines += ["", "Points that moved", *(list(_points(found["points"], wording)) or ["  none"])]
    lines += [
        "",
        "Risk at a sum",
        *(f"  month {row['month']}  {row['sum']:>4}  {_arrow(row)}" for row in found["risks"]),
    ]
    lines += ["", "Scale", *_named(found["scale"], SCALE_WORDS)]
    lines += ["", "Policy", *([f"  {row['name']}: {_arrow(row)}" for row in found["policy"]] or ["  the same"])]
    lines += ["", "Flags, per area", *(list(_flags(flags)) or [f"  {NO_COHORT}"])]
    lines += ["", "Waivers", *(list(_waivers(found["waivers"])) or ["  none"])]
    origin = [f"  {words}: {'the same' if same else 'changed'}" for words, same in found["origin"].items()]
    return "\n".join([*lines, "", "Origin", *origin])


def _named(rows: Iterable[Row], words: Mapping[str, str]) -> Iterator[str]:
    for row in rows:
        yield f"  month {row['month']}  {words[row['name']]}: {_arrow(row)}"


def _points(rows: Iterable[Row], wording: Wording) -> Iterator[str]:
    """One line an answer; numbers in a row that moved alike share one."""
    for (month, item), moved in groupby(rows, key=lambda row: (row["month"], row["item"])):
        yield f"  month {month}  {item}: {wording[item, None]}"
        for answers, row in _runs(list(moved)):
            name = wording.get((item, answers[0]), str(answers[0]))
            yield f"    {name if len(answers) == 1 else f'{answers[0]}–{answers[-1]}'}: {_arrow(row)}"


def _runs(rows: Sequence[Row]) -> Iterator[tuple[list[Any], Row]]:
    def key(numbered: tuple[int, Row]) -> tuple[Any, ...]:
        place, row = numbered
        answer = row["answer"]
        # in a run of numbers, number less place is constant
        return (answer - place if isinstance(answer, int) else answer, row["before"], row["now"])

    for _, run in groupby(enumerate(rows), key=key):
        alike = [row for _, row in run]
        yield [row["answer"] for row in alike], alike[0]


def _waivers(both: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[str]:
    for what, waiver in waivers_moved(both["before"], both["now"]):
        yield f"  {what}: {waiver_line(waiver)}"


def _flags(months: Iterable[Row]) -> Iterator[str]:
    for one in months:
        yield f"  month {one['month']}"
        yield from (f"  {line}" for line in flag_table(one["rows"]))


def _pair(outcome: Row, language: str) -> list[str]:
    return [f"  {outcome['before'][language]}", f"  → {outcome['now'][language]}"]


def _arrow(row: Row) -> str:
    return f"{shown(row['before'])} → {shown(row['now'])}"


def _wording(releases: Iterable[Mapping[str, Any]], language: str) -> dict[tuple[str, Any], str]:
    """Questions by (item, None), answers by (item, code)."""
    found: dict[tuple[str, Any], str] = {}
    for item in (item for release in releases for landmark in release["landmarks"] for item in landmark["items"]):
        found[item["id"], None] = item["text"][language]
        found[item["id"], NO_ANSWER] = NO_ANSWER_WORDS[language]
        found |= {(item["id"], level["code"]): level["text"][language] for level in item.get("levels", ())}
    return found
