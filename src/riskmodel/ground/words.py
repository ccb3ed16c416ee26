"""What is said in Swedish and English, and how each writes numbers and months. Standard library only."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.text import REFUSALS, Text
from riskmodel.ground.toml_record import read_toml, record

MINUS, NO_BREAK, DASH = "\u2212", "\u00a0", "\u2013"
MONTHS_A_YEAR = 12


def month_text(month: int) -> str:
    """A month (year·12 + month−1) as people write it: 2025-03."""
    return f"{month // MONTHS_A_YEAR}-{month % MONTHS_A_YEAR + 1:02d}"


class Words(dict[str, Text]):
    """The texts of one room, by key, in the order they are written in."""

    def say(self, key: str, language: str, /, **parts: object) -> str:
        """The text `key` in `language`, with `parts` in the places that bear their names."""
        return self[key].said(language).format(**parts)

    def speaking(self, language: str) -> Callable[..., str]:
        """`say` in one language."""
        return lambda key, /, **parts: self.say(key, language, **parts)

    def both(self, key: str, /, **parts: object) -> dict[str, str]:
        """The text `key` in both languages, as it stands in a release."""
        return asdict(self[key].filled(**parts))


def read_words(*paths: Path) -> Words:
    """The texts of the TOML files at `paths`, whose every entry is `key = { sv = "…", en = "…" }`.

    A `SettingsError` for anything else, an empty text or a key that stands in two files.
    """
    found = Words()
    for path in paths:
        tables, _ = read_toml(path, absent=REFUSALS["absent_texts"])
        for key, table in tables.items():
            text = record(Text, table, where=f"{path.name}: {key}")
            if not text.sv.strip() or not text.en.strip():
                raise SettingsError(REFUSALS["says_nothing"].filled(file=path.name, key=key))
            if key in found:
                raise SettingsError(REFUSALS["key_twice"].filled(file=path.name, key=key))
            found[key] = text
    return found


@dataclass(frozen=True)
class Writing:
    """How a language writes: decimal mark, the marks between thousands and after per cent, "and", months' names."""

    decimal_mark: str
    thousands_mark: str
    percent_mark: str
    and_word: str
    months: tuple[str, ...]

    def decimal(self, value: float | None, *, digits: int = 2, signed: bool = False) -> str:
        """`value` with `digits` decimals, as a page sets it: halves away from zero, a true minus, a dash for None."""
        if value is None:
            return DASH
        rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        return sign + self._marked(f"{abs(rounded):,.{digits}f}")

    def plain(self, value: float, *, digits: int) -> str:
        """`value` with `digits` decimals, as plain text has it: thousands not parted, a hyphen for a minus.

        The files of a release are compared byte by byte, so this never changes.
        """
        return self._marked(f"{value:.{digits}f}")

    def percent(self, share: float, *, digits: int = 0) -> str:
        """`share` in per cent, with `digits` decimals."""
        return self._marked(f"{share:.{digits}%}"[:-1]) + self.percent_mark

    def whole(self, n: int) -> str:
        """A whole number, its thousands parted."""
        return self._marked(f"{n:,}")

    def written(self, value: float) -> str:
        """`value` as somebody would write it by hand: no decimals it does not need, ten digits at most."""
        return self._marked(f"{value:.10g}")

    def month(self, month: int) -> str:
        """A month (year·12 + month−1) in words."""
        year, place = divmod(month, MONTHS_A_YEAR)
        return f"{self.months[place]} {year}"

    def listed(self, words: Sequence[str]) -> str:
        """Words with commas, and "and" before the last."""
        return f"{', '.join(words[:-1])} {self.and_word} {words[-1]}" if len(words) > 1 else "".join(words)

    def _marked(self, number: str) -> str:
        return number.translate(str.maketrans(",.", self.thousands_mark + self.decimal_mark))


WRITING = {
    "sv": Writing(
        decimal_mark=",",
        thousands_mark=NO_BREAK,
        percent_mark=f"{NO_BREAK}%",
        and_word="och",
        months=(
            *("januari", "februari", "mars", "april", "maj", "juni"),
            *("juli", "augusti", "september", "oktober", "november", "december"),
        ),
    ),
    "en": Writing(
        decimal_mark=".",
        thousands_mark=",",
        percent_mark="%",
        and_word="and",
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    ),
}
LANGUAGES = tuple(WRITING)


def written(value: float, *, digits: int) -> Text:
    """`value` with `digits` decimals, as each language writes it in plain text."""
    return Text(*(writing.plain(value, digits=digits) for writing in WRITING.values()))


def grouped(n: int) -> Text:
    """A whole number, its thousands parted as each language does."""
    return Text(*(writing.whole(n) for writing in WRITING.values()))


def percent(share: float, *, digits: int = 0) -> Text:
    """`share` in per cent, as each language writes it."""
    return Text(*(writing.percent(share, digits=digits) for writing in WRITING.values()))
