"""What is said of a delivery, as lines for a terminal: the verdict last."""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from riskmodel.assess.subgroups import AGE_BAND, AREA
from riskmodel.disclosure import rule_text
from riskmodel.extracts.quarantine import NO_YEAR
from riskmodel.extracts.refusals import REASONS
from riskmodel.ground.words import DASH, WRITING, read_words
from riskmodel.instrument.pairs import item_of
from riskmodel.instrument.records import Instrument
from riskmodel.preview.record import AtLandmark, Preview, Row, Shortfall
from riskmodel.release.gates import NAMES
from riskmodel.report.document import TEXTS as REPORTED

TEXTS = read_words(Path(__file__).parent / "texts" / "preview.toml")
WIDTH = 80
LISTED = 30  # headings that are named; a file may hold thousands
LONGEST_NOTE = 4 * WIDTH  # of a note, which somebody may accept by its name
LONGEST = 40  # characters of a name that somebody else chose
GAP = 2
ACTIONS = ("quarantined", "blanked", "dropped", "noted")


@dataclass(frozen=True)
class Speech:
    """A language, and the instrument that names what is asked."""

    language: str
    instrument: Instrument

    @property
    def say(self) -> Callable[..., str]:
        """The texts of this room."""
        return TEXTS.speaking(self.language)

    def count(self, n: float | None) -> str:
        """A count, or the dash for one that is not shown."""
        return WRITING[self.language].decimal(n, digits=0)

    def at_least(self, counts: Iterable[int | None]) -> str:
        """The sum of what is shown, with a plus where something is not."""
        parts = list(counts)
        known = [n for n in parts if n is not None]
        return f"{self.count(sum(known))}{'+' if len(known) < len(parts) else ''}" if known else DASH

    def percent(self, share: float | None) -> str:
        """A share of a hundred."""
        return DASH if share is None else f"{100 * share:.0f} %"

    def level(self, value: float | None) -> str:
        """A share, a mean or rows a month."""
        return DASH if value is None else WRITING[self.language].written(round(value, 3))

    def measures(self, names: Iterable[str]) -> str:
        """Measures in words."""
        return ", ".join(self.say(f"measure_{name}") for name in names)


def lines_of(found: Preview, language: str, instrument: Instrument) -> Iterator[str]:
    """`found` in `language`, lines of at most `WIDTH` characters and the verdict as one; refusals in English."""
    speech = Speech(language, instrument)
    say = speech.say
    for key, rows in _chapters(found, speech):
        yield say(key)
        yield from (line for row in rows for line in _wrapped(row))
        yield ""
    if found.files:
        yield from _wrapped(say("rule", rule=rule_text(found.profile, language)), indent="")
        yield ""
    yield _verdict(found, speech)


def _chapters(found: Preview, speech: Speech) -> Iterator[tuple[str, list[str]]]:
    say = speech.say
    if found.files:
        yield "files", [_file(row, speech) for row in found.files]
        yield "headings", [*_headings(found.headings, speech)]
        yield "quality", [*_quality(found, speech)] or [say("nothing")]
    if found.set_aside:
        yield "set_aside", [*_set_aside(found.set_aside, speech)]
    if found.files:
        accepted = [say("accepted", n=found.accepted_n)] if found.accepted_n else []
        yield "changes", ([_change(row, speech) for row in found.changes] or [say("nothing")]) + accepted
    if found.unmet:
        yield "unmet", [_whole(one.said(speech.language)) for one in found.unmet]
    if found.survey:
        yield "survey", _table(found.survey, _survey_columns(found.survey, speech))
    if found.cases:
        yield "cases", _table(found.cases, _case_columns(speech))
    if found.landmarks:
        told = _table([vars(one) for one in found.landmarks], _landmark_columns(speech))
        yield "landmarks", [*told, *_hangs(found.landmarks, speech)]
        yield "exam", [*_exam(found.landmarks, speech)]
    if found.shortfalls:
        yield "gates", [*_gates(found.shortfalls, speech)]
    for key, why in (("held", found.held), ("refused", found.refused)):
        if why:
            yield key, [_whole(why.said(speech.language))]


def _file(row: Row, speech: Speech) -> str:
    return speech.say("file_rows", file=_both_ends(row["file"]), source=row["source"], rows=speech.count(row["rows_n"]))


def _headings(rows: Sequence[Row], speech: Speech) -> Iterator[str]:
    for row in rows:
        for key in ("used", "unused"):
            if row[key]:
                told = _listed(row[key], speech)
                yield speech.say(key, source=row["source"], n=len(row[key]), headings=told)


def _listed(names: Sequence[str], speech: Speech) -> str:
    listed = ", ".join(map(_plain, names[:LISTED]))
    return speech.say("and_more", listed=listed, n=len(names) - LISTED) if len(names) > LISTED else listed


def _quality(found: Preview, speech: Speech) -> Iterator[str]:
    """What was found, reason by reason, what sets rows aside first; the files of a source as one."""
    source = {row["file"]: row["source"] for row in found.files}
    by_reason: dict[tuple[str, str], dict[str, dict[str, list[int | None]]]] = {}
    for row in sorted(found.quality, key=lambda row: (ACTIONS.index(row["action"]), row["reason"])):
        of_source = by_reason.setdefault((row["action"], row["reason"]), {})
        columns = of_source.setdefault(source.get(row["file"], _plain(row["file"])), {})
        columns.setdefault(_plain(row["column"]), []).append(row["n"])
    for (action, reason), places in by_reason.items():
        said = REASONS[reason].said(speech.language)
        act = REPORTED.say(f"action_{action}", speech.language)
        told = "; ".join(_places(name, columns, speech) for name, columns in places.items())
        yield speech.say("finding", action=act, said=said, reason=reason, places=told)


def _places(source: str, columns: Mapping[str, Sequence[int | None]], speech: Speech) -> str:
    told = ", ".join(f"{name} {speech.at_least(counts)}".strip() for name, counts in columns.items())
    return speech.say("places", source=source, columns=told)


def _set_aside(rows: Sequence[Row], speech: Speech) -> Iterator[str]:
    for source, same in groupby(rows, key=lambda row: row["source"]):
        years = [f"{_year(row['year'], speech)} {speech.count(row['n'])}" for row in same]
        yield speech.say("places", source=source, columns=", ".join(years))


def _year(year: int, speech: Speech) -> str:
    return speech.say("without_year") if year == NO_YEAR else str(year)


def _change(row: Row, speech: Speech) -> str:
    """What somebody may accept by this name, what it was and is, and the words that were written."""
    levels = [speech.level(row[name]) for name in ("before", "now")]
    told = speech.say("change", before=levels[0], now=levels[1]) if levels != [DASH, DASH] else ""
    note = row["note" if speech.language == "en" else "note_sv"]
    return " ".join(filter(None, (_plain(note, LONGEST_NOTE), told, row["words"])))


Columns = Mapping[str, tuple[str, Callable[[Any], str]]]  # of a row: its heading, and how it is written


def _survey_columns(rows: Sequence[Row], speech: Speech) -> Columns:
    counted = ("over_ten_n", "at_most_ten_n", "over_ten_not_in_survey_n")
    return {"years": _words("years", speech), **_counts([name for name in counted if name in rows[0]], speech)}


def _case_columns(speech: Speech) -> Columns:
    shares: Columns = {name: (speech.say(name), speech.percent) for name in ("linked_share", "long_share")}
    return {"year": _words("year", speech), "n": (speech.say("cases_n"), speech.count), **shares}


def _landmark_columns(speech: Speech) -> Columns:
    counts = _counts(("events_n", "households_n", "at_least_n", "assumed_n"), speech)
    return {"month": _words("month", speech), "n": (speech.say("known_n"), speech.count), **counts}


def _words(name: str, speech: Speech) -> tuple[str, Callable[[Any], str]]:
    return speech.say(name), str


def _counts(names: Sequence[str], speech: Speech) -> Columns:
    return {name: (speech.say(name), speech.count) for name in names}


def _table(rows: Sequence[Row], columns: Columns) -> list[str]:
    """Rows below their headings, numbers to the right."""
    cells = [[heading for heading, _ in columns.values()]]
    cells += [[written(row[name]) for name, (_, written) in columns.items()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [(" " * GAP).join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]


def _hangs(found: Sequence[AtLandmark], speech: Speech) -> Iterator[str]:
    """The months where it hangs on the model whether there are households enough."""
    open_at = [one.month for one in found if one.at_least_n <= (one.households_n or 0) < one.assumed_n]
    if open_at:
        yield speech.say("hangs", months=", ".join(map(str, open_at)))


def _exam(found: Sequence[AtLandmark], speech: Speech) -> Iterator[str]:
    """Which years wait and what can be judged of them; months of which the same is so as one."""
    by_text: dict[str, list[str]] = {}
    for one in found:
        by_text.setdefault(_exam_of(one, speech), []).append(str(one.month))
    yield from (speech.say("at_months", months=", ".join(months), told=told) for told, months in by_text.items())


def _exam_of(one: AtLandmark, speech: Speech) -> str:
    say = speech.say
    if not one.years:
        return say("exam_none")
    judged = speech.measures(one.judged) or DASH
    told = [say("exam_of", years=", ".join(map(str, one.years)), judged=judged)]
    told += [say("exam_not", measures=speech.measures(one.not_judged))] if one.not_judged else []
    return " ".join([*told, say("measured_on", years=", ".join(map(str, one.shown_years)))])


def _gates(found: Sequence[Shortfall], speech: Speech) -> Iterator[str]:
    """What each gate lacks; where months lack the same, once for them all."""
    by_text: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        end = "waived" if one.waived else "can_be_waived" if one.can_be_waived else ""
        by_text.setdefault((one.gate, _lack(one, speech), speech.say(end) if end else ""), []).append(str(one.month))
    for (gate, lack, end), months in by_text.items():
        name = NAMES[gate][speech.language]
        yield speech.say("gate", gate=gate, name=name, months=", ".join(months), lack=lack, waived=end)


def _lack(one: Shortfall, speech: Speech) -> str:
    numbers = {name: _number(name, value, speech) for name, value in one.numbers.items()}
    return " ".join(speech.say(one.lack, **numbers).split())


def _number(name: str, value: Any, speech: Speech) -> str:
    if name == "measures":
        return speech.measures(value)
    if name == "columns":
        return ", ".join(_few_of(column, counts, speech) for column, counts in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value) if name == "year" else speech.count(value)


def _few_of(column: str, counts: Sequence[int], speech: Speech) -> str:
    """A column of the audit, with how many of its groups have too few."""
    if column in (AREA, AGE_BAND):
        name = speech.say("area" if column == AREA else "age_band")
    else:
        name = item_of(speech.instrument, column).short.said(speech.language)
    return speech.say("groups_of", column=name, few=counts[0], all=counts[1])


def _verdict(found: Preview, speech: Speech) -> str:
    if found.is_usable:
        return speech.say("usable")
    gates = WRITING[speech.language].listed(list(dict.fromkeys(one.gate for one in found.against)))
    why = [speech.say("why_refused")] if found.refused else []
    why += [speech.say("why_held")] if found.held else []
    why += [speech.say("why_gates", gates=gates)] if gates else []
    return speech.say("not_usable", why=WRITING[speech.language].listed(why))


def _plain(name: str, longest: int = LONGEST) -> str:
    """A name that somebody else chose: one line, nothing that a terminal obeys, and no longer than it needs to be."""
    seen = "".join(letter if letter.isprintable() else "?" for letter in " ".join(name.split()))
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def _both_ends(name: str) -> str:
    """As `_plain`, of a file's name, whose end may say the year or the sheet."""
    seen = _whole(name)
    half = LONGEST // 2
    return seen if len(seen) <= LONGEST else f"{seen[:half]}…{seen[1 - half :]}"


def _whole(sentence: str) -> str:
    """As `_plain`, of any length."""
    return _plain(sentence, len(sentence))


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    # a table's rows are narrow as they are, and their blanks are kept
    if len(text) + len(indent) <= WIDTH:
        return [f"{indent}{text}"]
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)
