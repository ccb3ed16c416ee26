"""The report's drawings, as SVG that is the same byte for byte for the same numbers.

Text stays text (the page's own letters are used), every series differs in shape or line as well as in colour, and no
drawing shows anything that its table does not say. Frames come from `Evidence`, after disclosure control.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

INK = "#1d2a35"
GREY = "#5c6b77"
PALE = "#d5dce1"
BLUE = "#1b5583"
BLUE_PALE = "#c3d7e6"
OCHRE = "#9a5b00"
WIDTH_INCHES = 5.0
STYLE: Mapping[Any, object] = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9,
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
SHADES = (BLUE, INK, OCHRE, GREY, GREY)


def hundred_people(parts: Sequence[tuple[str, int]], *, name: str) -> Markup:
    """A hundred people as a ten by ten field. parts: label and number of people, in order, together 100."""

    def paint(axes: Axes) -> None:
        marks = (("s", BLUE, BLUE), ("s", "white", GREY), ("o", OCHRE, OCHRE))
        first = 0
        for (label, people), (shape, fill, edge) in zip(parts, marks, strict=True):
            places = range(first, first + people)
            across, down = [place % 10 for place in places], [-(place // 10) for place in places]
            size = 75 if shape == "s" else 50
            axes.scatter(across, down, s=size, marker=shape, facecolor=fill, edgecolor=edge, linewidth=1)
            if people:
                middle = -(first + people / 2 - 5) / 10
                axes.scatter([11.3], [middle], s=size, marker=shape, facecolor=fill, edgecolor=edge, linewidth=1)
                axes.text(12.1, middle, label, va="center", fontsize=10)
            first += people
        axes.set(xlim=(-0.7, 24), ylim=(-9.7, 0.7), aspect="equal")
        axes.set_axis_off()

    return _drawn(paint, name=name, height=2.3)


def calibration(
    curve: pd.DataFrame, *, name: str, across: str, up: str, ideal: str, threshold_prob: float | None, threshold: str
) -> Markup:
    """Observed against predicted share per hundred, with its band; the diagonal is a model that is always right.

    curve: risk, observed, low, high (0-1), by rising risk.
    """

    def paint(axes: Axes) -> None:
        risk, observed = curve["risk"] * 100, curve["observed"] * 100
        axes.plot([0, 100], [0, 100], color=GREY, linewidth=1, linestyle=DASHES[1])
        axes.text(98, 88, ideal, ha="right", va="top", color=GREY, fontsize=8)
        axes.fill_between(risk, curve["low"] * 100, curve["high"] * 100, color=BLUE_PALE, linewidth=0)
        axes.plot(risk, observed, color=BLUE, marker="o", markersize=4)
        _hundreds(axes, across, up)
        axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
        _mark_threshold(axes, threshold_prob, threshold)

    return _drawn(paint, name=name, height=4.2, width=4.6)


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
        _mark_threshold(axes, threshold_prob, threshold)
        axes.legend(frameon=False, fontsize=8, loc="upper right", handlelength=3.2)

    return _drawn(paint, name=name, height=3.3)


def risk_distribution(
    shares: pd.DataFrame, *, name: str, across: str, long: str, other: str, threshold_prob: float | None, threshold: str
) -> Markup:
    """Where the two outcomes lie along the risk: those who stayed long upwards, the others downwards.

    shares: from, to (0-1), events_share, non_events_share (0-1, of each outcome).
    """

    def paint(axes: Axes) -> None:
        left, width = shares["from"] * 100, (shares["to"] - shares["from"]) * 100
        up, down = shares["events_share"] * 100, -shares["non_events_share"] * 100
        axes.bar(left, up, width, align="edge", color=BLUE, edgecolor="white", linewidth=0.8)
        axes.bar(left, down, width, align="edge", color="white", edgecolor=GREY, linewidth=0.8, hatch="////")
        axes.axhline(0, color=INK, linewidth=0.8)
        most = max(up.max(), -down.min())
        axes.text(100, most * 0.92, long, ha="right", color=BLUE)
        axes.text(100, -most * 0.92, other, ha="right", va="top", color=INK)
        axes.set(xlim=(0, 100), ylim=(-1.15 * most, 1.15 * most), xlabel=across)
        _mark_threshold(axes, threshold_prob, threshold)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")

    return _drawn(paint, name=name, height=3.2)


def intervals(rows: pd.DataFrame, *, name: str, across: str, aim: float, aim_text: str) -> Markup:
    """One point with its interval a row, against a line at `aim`. rows: label, estimate, low, high, top row first."""

    def paint(axes: Axes) -> None:
        for place, (estimate, low, high) in enumerate(rows[["estimate", "low", "high"]].to_numpy(dtype=float)):
            axes.plot([low, high], [-place, -place], color=BLUE, linewidth=2.2, solid_capstyle="butt")
            axes.plot([estimate], [-place], color=BLUE, marker="o", markersize=6)
        axes.axvline(aim, color=GREY, linewidth=1, linestyle=DASHES[1])
        axes.text(aim, 0.62, aim_text, ha="center", color=GREY, fontsize=8)
        axes.set(yticks=[-place for place in range(len(rows))], yticklabels=list(rows["label"]), xlabel=across)
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")

    return _drawn(paint, name=name, height=0.9 + 0.3 * len(rows))


def points_to_risk(table: pd.DataFrame, *, name: str, across: str, up: str, flag: int | None, flag_text: str) -> Markup:
    """Risk per hundred for every sum of points. table: points, risk (0-1), by rising points."""

    def paint(axes: Axes) -> None:
        axes.plot(table["points"], table["risk"] * 100, color=BLUE, drawstyle="steps-mid")
        _hundreds(axes, across, up)
        axes.set(ylim=(0, 100), xlim=(table["points"].min(), table["points"].max()))
        if flag is not None:
            axes.axvline(flag, color=INK, linewidth=0.8)
            axes.annotate(flag_text, (flag, 100), (0, 3), textcoords="offset points", ha="center", fontsize=8)

    return _drawn(paint, name=name, height=2.9)


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
            axes.set_title(up, loc="left", fontsize=9, color=INK)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.grid(axis="y")
        top = panels[0].get_ylim()[1]
        panels[0].annotate(asked_text, (asked, top), (3, -9), textcoords="offset points", fontsize=8)
        panels[-1].set_xlabel(across)

    return _canvas(paint, name=name, height=1.7 * len(ups) + 0.4)


def _hundreds(axes: Axes, across: str, up: str) -> None:
    axes.set(xlabel=across, ylabel=up)
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="both")


def _mark_threshold(axes: Axes, threshold_prob: float | None, text: str) -> None:
    if threshold_prob is None:
        return
    axes.axvline(threshold_prob * 100, color=INK, linewidth=0.8)
    top = axes.get_ylim()[1]
    axes.annotate(text, (threshold_prob * 100, top), (0, 3), textcoords="offset points", ha="center", fontsize=8)


def _drawn(paint: Callable[[Axes], None], *, name: str, height: float, width: float = WIDTH_INCHES) -> Markup:
    """The SVG that `paint` draws in one frame; see `_canvas`."""
    return _canvas(lambda canvas: paint(canvas.add_subplot()), name=name, height=height, width=width)


def _canvas(paint: Callable[[Canvas], None], *, name: str, height: float, width: float = WIDTH_INCHES) -> Markup:
    """The SVG that `paint` draws; `name` keeps its ids apart from those of other drawings on the page."""
    with rc_context({**STYLE, "svg.hashsalt": name}):
        canvas = Canvas(figsize=(width, height), layout="constrained")
        paint(canvas)
        stream = io.StringIO()
        canvas.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
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
