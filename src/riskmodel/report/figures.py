"""The report's drawings, as SVG that is the same byte for byte for the same numbers.

Each is laid out for a telephone and shown at that width everywhere, so that its letters are never smaller than the
page's. Text stays text (the page's own letters are used), every series differs in shape or line as well as in colour,
and no drawing shows anything that its table does not say. Frames come from `Evidence`, after disclosure control.
"""

import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

INK = "#1d2a35"
GREY = "#5c6b77"
PALE = "#d5dce1"
BLUE = "#1b5583"
BLUE_PALE = "#c3d7e6"
OCHRE = "#9a5b00"
WIDTH_INCHES = 3.6  # 260 points; the page shows them as 350 pixels or more, a letter of ten as 13.5
STYLE: Mapping[Any, object] = {
    "svg.fonttype": "none",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
}
DASHES = ("solid", (0, (5, 2)), (0, (1, 1.4)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)))
LABEL_LETTERS = 17  # of a group's name before it goes on in a new line
SHADES = (BLUE, INK, OCHRE, GREY, GREY)


def hundred_people(parts: Sequence[tuple[str, int]], *, name: str) -> Markup:
    """A hundred people as a ten by ten field. parts: label and number of people, in order, together 100."""

    def paint(axes: Axes) -> None:
        marks = (("s", BLUE, BLUE), ("s", "white", GREY), ("o", OCHRE, OCHRE))
        first, last = 0, -9.7
        for (label, people), (shape, fill, edge) in zip(parts, marks, strict=True):
            places = range(first, first + people)
            across, down = [place % 10 for place in places], [-(place // 10) for place in places]
            size = 90 if shape == "s" else 60
            axes.scatter(across, down, s=size, marker=shape, facecolor=fill, edgecolor=edge, linewidth=1)
            if people:
                last -= 1.4
                axes.scatter([0], [last], s=size, marker=shape, facecolor=fill, edgecolor=edge, linewidth=1)
                axes.text(0.9, last, label, va="center_baseline")
            first += people
        axes.set(xlim=(-0.7, 16), ylim=(last - 0.7, 0.7), aspect="equal")
        axes.set_axis_off()

    return _drawn(paint, name=name, height=3.4)


def calibration(
    curve: pd.DataFrame, *, name: str, across: str, up: str, ideal: str, threshold_prob: float | None, threshold: str
) -> Markup:
    """Observed against predicted share per hundred, with its band; the diagonal is a model that is always right.

    curve: risk, observed, low, high (0-1), by rising risk.
    """

    def paint(axes: Axes) -> None:
        risk, observed = curve["risk"] * 100, curve["observed"] * 100
        axes.plot([0, 100], [0, 100], color=GREY, linewidth=1, linestyle=DASHES[1])
        axes.text(98, 80, ideal, ha="right", va="top", color=GREY)
        axes.fill_between(risk, curve["low"] * 100, curve["high"] * 100, color=BLUE_PALE, linewidth=0)
        axes.plot(risk, observed, color=BLUE, marker="o", markersize=4)
        _hundreds(axes, across, up)
        axes.set(xlim=(0, 100), aspect="equal")
        _mark_threshold(axes, threshold_prob, threshold)

    return _drawn(paint, name=name, height=3.7)


def decision_curves(
    decision: pd.DataFrame,
    *,
    name: str,
    across: str,
    up: str,
    labels: Mapping[str, str],
    threshold_prob: float,
    threshold: str,
) -> Markup:
    """Net benefit per hundred new cases over the range of thresholds, a line per way of choosing.

    decision: threshold, strategy, net_benefit. labels: strategy to its name, in the order of the key.
    """

    def paint(axes: Axes) -> None:
        for (strategy, label), dash, shade in zip(labels.items(), DASHES, SHADES, strict=False):
            line = decision[decision["strategy"] == strategy]
            axes.plot(line["threshold"] * 100, line["net_benefit"] * 100, label=label, linestyle=dash, color=shade)
        best = decision.loc[decision["strategy"].isin(list(labels)), "net_benefit"].max() * 100
        axes.set(ylim=(-0.15 * best, 1.1 * best), xlabel=across, ylabel=up)
        axes.margins(x=0)
        axes.grid(axis="y")
        axes.xaxis.set_major_locator(_by_tens())
        axes.yaxis.set_major_locator(_by_tens())
        _mark_threshold(axes, threshold_prob, threshold)
        axes.figure.legend(frameon=False, loc="outside lower left", handlelength=3.2)

    return _drawn(paint, name=name, height=4.2)


def risk_distribution(
    shares: pd.DataFrame,
    *,
    name: str,
    across: str,
    up: str,
    long: str,
    other: str,
    threshold_prob: float | None,
    threshold: str,
) -> Markup:
    """Where the two outcomes lie along the risk: those who stayed long upwards, the others downwards.

    shares: from, to (0-1), events_share, non_events_share (0-1, of each outcome).
    """

    def paint(axes: Axes) -> None:
        left, width = shares["from"] * 100, (shares["to"] - shares["from"]) * 100
        above, below = shares["events_share"] * 100, -shares["non_events_share"] * 100
        axes.bar(left, above, width, align="edge", color=BLUE, edgecolor="white", linewidth=0.8)
        axes.bar(left, below, width, align="edge", color="white", edgecolor=GREY, linewidth=0.8, hatch="////")
        axes.axhline(0, color=INK, linewidth=0.8)
        most = max(above.max(), -below.min())
        axes.text(100, most * 0.92, long, ha="right", color=BLUE)
        axes.text(100, -most * 0.92, other, ha="right", va="top", color=INK)
        axes.set(xlim=(0, 100), ylim=(-1.15 * most, 1.15 * most), xlabel=across, ylabel=up)
        _mark_threshold(axes, threshold_prob, threshold)
        axes.xaxis.set_major_locator(_by_tens())
        axes.yaxis.set_major_locator(_by_tens())
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")

    return _drawn(paint, name=name, height=3.2)


def dots(rows: pd.DataFrame, *, name: str, panels: Mapping[str, str], aims: Mapping[str, tuple[float, str]]) -> Markup:
    """One point with its interval a row, a panel a measure, above one another; nothing where there is no number.

    rows: label, and of each measure its estimate, low and high, per hundred; top row first. panels: measure to its
    axis title. aims: measure to where its dashed line stands, and what that is called.
    """
    wrapped = [wrap(label, LABEL_LETTERS) for label in rows["label"]]
    lines = np.array([len(label) for label in wrapped])
    places = -(np.cumsum(lines) - lines / 2)  # a row is as high as its label

    def paint(canvas: Canvas) -> None:
        stacked = canvas.subplots(len(panels), squeeze=False)[:, 0]
        for axes, (measure, across) in zip(stacked, panels.items(), strict=True):
            ends = rows[[f"{measure}_{end}" for end in ("estimate", "low", "high")]].to_numpy(dtype=float)
            for place, (estimate, low, high) in zip(places, ends, strict=True):
                axes.plot([low, high], [place, place], color=BLUE, linewidth=2.2, solid_capstyle="butt")
                axes.plot([estimate], [place], color=BLUE, marker="o", markersize=6)
            aim, aim_text = aims[measure]
            axes.axvline(aim, color=GREY, linewidth=1, linestyle=DASHES[1])
            axes.annotate(aim_text, (aim, 0), (0, 2), textcoords="offset points", ha="center", color=GREY)
            axes.set_yticks(places, ["\n".join(label) for label in wrapped])
            ticks = _whole_tens(np.append(ends, aim))
            axes.set(ylim=(-lines.sum(), 0), xlim=(ticks[0], ticks[-1]), xticks=ticks, xlabel=across)
            axes.tick_params(axis="y", length=0)
            axes.spines["left"].set_visible(False)
            axes.grid(axis="x")

    return _canvas(paint, name=name, height=len(panels) * (0.75 + 0.21 * lines.sum()))


def points_to_risk(table: pd.DataFrame, *, name: str, across: str, up: str, flag: int | None, flag_text: str) -> Markup:
    """Risk per hundred for every sum of points. table: points, risk (0-1), by rising points."""

    def paint(axes: Axes) -> None:
        axes.plot(table["points"], table["risk"] * 100, color=BLUE, drawstyle="steps-mid")
        _hundreds(axes, across, up)
        axes.set(xlim=(table["points"].min(), table["points"].max()))
        if flag is not None:
            axes.axvline(flag, color=INK, linewidth=0.8)
            axes.annotate(flag_text, (flag, 100), (0, 3), textcoords="offset points", ha="center")

    return _drawn(paint, name=name, height=3.4)


def by_questions(
    forms: pd.DataFrame, *, name: str, across: str, ups: Mapping[str, str], asked: int, asked_text: str
) -> Markup:
    """What forms of different lengths are worth: a panel a measure, above one another.

    forms: questions, and of each measure its estimate, low and high, per hundred. ups: measure to its panel's name.
    asked: questions of this year's form, marked.
    """

    def paint(canvas: Canvas) -> None:
        panels = canvas.subplots(len(ups), sharex=True, squeeze=False)[:, 0]
        for axes, (measure, up), marker in zip(panels, ups.items(), "os^", strict=False):
            estimate, low, high = (forms[f"{measure}_{end}"] for end in ("estimate", "low", "high"))
            axes.plot([forms["questions"]] * 2, [low, high], color=BLUE, linewidth=2.2, solid_capstyle="butt")
            axes.plot(forms["questions"], estimate, color=BLUE, marker=marker, markersize=5, linewidth=1)
            axes.axvline(asked, color=INK, linewidth=0.8)
            axes.set_title(up)
            axes.set_ylim(math.floor(low.min()), math.ceil(high.max()))
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.yaxis.set_major_locator(_by_tens())
            axes.grid(axis="y")
        bottom = panels[0].get_ylim()[0]
        panels[0].annotate(asked_text, (asked, bottom), (-4, 4), textcoords="offset points", ha="right")
        panels[-1].set_xlabel(across)

    return _canvas(paint, name=name, height=1.5 * len(ups) + 0.4)


def _hundreds(axes: Axes, across: str, up: str) -> None:
    axes.set(xlabel=across, ylabel=up, ylim=(0, 100), yticks=range(0, 101, 10))
    axes.xaxis.set_major_locator(_by_tens())
    axes.grid(axis="both")


def _whole_tens(values: np.ndarray) -> list[int]:
    """Ticks at every ten (twenty, fifty where many) around all `values` that are numbers, thirty apart at least."""
    low, high = math.floor(np.nanmin(values) / 10) * 10, math.ceil(np.nanmax(values) / 10) * 10
    step = 10 if high - low <= 80 else 20 if high - low <= 160 else 50
    return list(range(low, max(high, low + 30) + step, step))


def _by_tens() -> MaxNLocator:
    """Ticks at every ten; at every twenty, two or one where that were too many or too few."""
    return MaxNLocator(nbins=10, steps=[1, 2, 10], integer=True)


def _mark_threshold(axes: Axes, threshold_prob: float | None, text: str) -> None:
    if threshold_prob is None:
        return
    axes.axvline(threshold_prob * 100, color=INK, linewidth=0.8)
    top = axes.get_ylim()[1]
    axes.annotate(text, (threshold_prob * 100, top), (0, 3), textcoords="offset points", ha="center")


def _drawn(paint: Callable[[Axes], None], *, name: str, height: float) -> Markup:
    """The SVG that `paint` draws in one frame; see `_canvas`."""
    return _canvas(lambda canvas: paint(canvas.add_subplot()), name=name, height=height)


def _canvas(paint: Callable[[Canvas], None], *, name: str, height: float) -> Markup:
    """The SVG that `paint` draws; `name` keeps its ids apart from those of other drawings on the page."""
    with rc_context({**STYLE, "svg.hashsalt": name}):
        canvas = Canvas(figsize=(WIDTH_INCHES, height), layout="constrained")
        paint(canvas)
        stream = io.StringIO()
        # `savefig` would draw everything twice, the first time only to lay it out
        FigureCanvasSVG(canvas).print_svg(stream, metadata={"Date": None, "Creator": None})
    return Markup(_inline(stream.getvalue(), name))


def _inline(drawing: str, name: str) -> str:
    """The <svg> element alone, without a size or style of its own, so that the page's hold."""
    body = drawing[drawing.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r"url\(#", f"url(#{name}-", body)
    body = re.sub(r'xlink:href="#', f'xlink:href="#{name}-', body)
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", body, count=1, flags=re.DOTALL)
    return re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r'<svg \1 focusable="false">', body, count=1)
