"""A hundred new cases as marks: square when flagged, filled when long; each kind with its words beneath."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

BLUE, OCHRE, GREY, WHITE = "#1b5583", "#9a5b00", "#5c6b77", "#ffffff"
ACROSS, STEP, LINE, TEXT = 20, 18, 24, 15  # marks in a row; units between marks, between lines, of a letter's height
WIDTH = ACROSS * STEP


class Mark(NamedTuple):
    """How one kind of case is drawn."""

    flagged: bool
    fill: str
    edge: str


MARKS = (Mark(True, BLUE, BLUE), Mark(True, WHITE, BLUE), Mark(False, OCHRE, OCHRE), Mark(False, WHITE, GREY))


def hundred_cases(parts: Sequence[tuple[str, int]]) -> Markup:
    """The drawing. parts: words and number of cases: flagged and long, flagged and not, missed, neither."""
    kinds = [kind for kind, (_, cases) in zip(MARKS, parts, strict=True) for _ in range(cases)]
    field = [_mark(kind, place % ACROSS * STEP, place // ACROSS * STEP) for place, kind in enumerate(kinds)]
    below = -(-len(kinds) // ACROSS) * STEP + LINE // 4
    words = [
        _mark(kind, 0, below + line * LINE) + _words(f"{cases} {text}", below + line * LINE)
        for line, (kind, (text, cases)) in enumerate(zip(MARKS, parts, strict=True))
    ]
    height = below + len(words) * LINE
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" class="hundred">'
        f"{''.join([*field, *words])}</svg>"
    )


def _mark(kind: Mark, left: int, top: int) -> str:
    paint = f'fill="{kind.fill}" stroke="{kind.edge}" stroke-width="2"'
    if kind.flagged:
        return f'<rect x="{left + 2}" y="{top + 2}" width="13" height="13" {paint}/>'
    return f'<circle cx="{left + 8.5}" cy="{top + 8.5}" r="5.5" {paint}/>'


def _words(text: str, top: int) -> str:
    return f'<text x="{STEP + 6}" y="{top + 14}" font-size="{TEXT}" fill="#1d2a35">{escape(text)}</text>'
