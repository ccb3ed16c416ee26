"""Two releases side by side as a person reads them, in either language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from riskmodel.ground.words import read_words
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.publish.changes import flag_table, shown
from riskmodel.publish.moved import ORIGIN_WORDS
from riskmodel.release.record import Release
from riskmodel.release.waivers import waivers_moved

TEXTS = read_words(Path(__file__).parent / "texts" / "diff.toml")

Row = Mapping[str, Any]
Wording = Mapping[tuple[str, Any], str]


def difference_text(
    found: Mapping[str, Any],
    flags: Sequence[Row],
    *,
    releases: Iterable[Release],
    language: str,
) -> str:
    """`diff.difference` and `diff.flags_between` as text. releases: both, for their wording; the later one's wins."""
    say, wording = TEXTS.speaking(language), _wording(releases, language)
    sections = {
        "outcome": _pair(found["outcome"], language) if found["outcome"] else [],
        "thresholds": _named(found["thresholds"], language),
        "points": list(_points(found["points"], wording, language)) or [f"  {say('none')}"],
        "risks": [f"  {_month(row, language)}  {row['sum']:>4}  {_arrow(row, language)}" for row in found["risks"]],
        "scale": _named(found["scale"], language),
        "policy": [f"  {row['name']}: {_arrow(row, language)}" for row in found["policy"]]
        or [f"  {say('no_demands')}"],
        "flags": list(_flags(flags, language)) or [f"  {say('no_cohort')}"],
        "waivers": list(_waivers(found["waivers"], language)) or [f"  {say('none')}"],
        "origin": _origin(found["origin"], language),
    }
    same = say("same" if found["same_equation"] else "changed")
    lines = [f"{found['before']} → {found['now']}", say("equation", same=same)]
    for name, said in sections.items():
        if said:
            lines += ["", say(name), *said]
    return "\n".join(lines)


def _named(rows: Iterable[Row], language: str) -> list[str]:
    say = TEXTS.speaking(language)
    return [f"  {_month(row, language)}  {say(row['name'])}: {_arrow(row, language)}" for row in rows]


def _origin(same: Mapping[str, bool], language: str) -> Iterator[str]:
    say = TEXTS.speaking(language)
    for key, name in ORIGIN_WORDS.items():
        yield f"  {say(key)}: {say('same' if same[name] else 'changed')}"


def _points(rows: Iterable[Row], wording: Wording, language: str) -> Iterator[str]:
    """One line an answer; numbers in a row that moved alike share one."""
    for (_, item), grouped in groupby(rows, key=lambda row: (row["month"], row["item"])):
        moved = list(grouped)
        yield f"  {_month(moved[0], language)}  {item}: {wording[item, None]}"
        for answers, row in _runs(moved):
            name = wording.get((item, answers[0]), str(answers[0]))
            yield f"    {name if len(answers) == 1 else f'{answers[0]}–{answers[-1]}'}: {_arrow(row, language)}"


def _runs(rows: Sequence[Row]) -> Iterator[tuple[list[object], Row]]:
    def key(numbered: tuple[int, Row]) -> tuple[object, ...]:
        place, row = numbered
        answer = row["answer"]
        # in a run of numbers, number less place is constant
        return (answer - place if isinstance(answer, int) else answer, row["before"], row["now"])

    for _, run in groupby(enumerate(rows), key=key):
        alike = [row for _, row in run]
        yield [row["answer"] for row in alike], alike[0]


def _waivers(both: Mapping[str, Sequence[Mapping[str, str]]], language: str) -> Iterator[str]:
    say = TEXTS.speaking(language)
    for became, waiver in waivers_moved(both["before"], both["now"]):
        what = " ".join(filter(None, (waiver["gate"], waiver["column"])))
        yield f"  {say(became)}: {say('waiver', what=what, **waiver)}"


def _flags(months: Iterable[Row], language: str) -> Iterator[str]:
    for one in months:
        yield f"  {_month(one, language)}"
        yield from (f"  {line}" for line in flag_table(one["rows"], language))


def _pair(outcome: Row, language: str) -> list[str]:
    return [f"  {outcome['before'][language]}", f"  → {outcome['now'][language]}"]


def _month(row: Row, language: str) -> str:
    return TEXTS.say("month", language, month=row["month"])


def _arrow(row: Row, language: str) -> str:
    return f"{shown(row['before'], language)} → {shown(row['now'], language)}"


def _wording(releases: Iterable[Release], language: str) -> dict[tuple[str, object], str]:
    """Questions by (item, None), answers by (item, code)."""
    found: dict[tuple[str, object], str] = {}
    for item in (item for release in releases for landmark in release.landmarks for item in landmark.items):
        found[item.id, None] = item.text.said(language)
        found[item.id, NO_ANSWER] = TEXTS.say("no_answer", language)
        found |= {(item.id, level.code): level.text.said(language) for level in item.levels}
    return found
