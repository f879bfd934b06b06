"""Chart rendering in a process of its own (``-m trialgraph.release.figures.drawing``): rows as SVG and PNG.

The drawing library brings a JavaScript engine of 80 MB that the server need not hold. The process reads a JSON list of
``{"chart", "rows"}`` from stdin and writes one of ``{"svg", "narrow", "png"}`` (base64) to stdout. It reaches no
network: the data stand in the chart, and the renderer may load from nowhere.
"""

from __future__ import annotations

import base64
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import altair as alt
import vl_convert

from trialgraph.base.readable import superscript
from trialgraph.rdf.vocabulary import NOWHERE

__all__ = ["CHARTS", "NARROW", "WIDE", "draw", "main", "stacked"]

Rows = Sequence[Mapping[str, Any]]

# Okabe and Ito's colour-blind-safe palette (Color Universal Design, 2008); darkest first.
COLOURS: Final = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#6B6B6B", "#000000"]
PNG_SCALE: Final = 2.0
#: The mark of a dose level, of one that is out of line, and of a bound.
SHAPES: Final = {
    "in line": "circle",
    "unusual": "diamond",
    "up to": "triangle-left",
    "at least": "triangle-right",
}
#: Two doses that are closer than this on the logarithmic axis are drawn one above the other.
DECADES_APART: Final = 0.09


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a picture has: it is drawn wide and narrow, so that no text is ever scaled down.

    :param labels: longest label in pixels; the table beside the picture has them whole
    :param plot: width of a plot that has no steps
    :param step: width of a column of bubbles, ``cell`` of a square
    :param short: short clinical names on the axes
    """

    labels: int
    plot: int
    step: int
    cell: int
    short: bool

    def name(self, field: str) -> str:
        """The column that a field is called by on an axis."""
        return f"{field}{'Short' if self.short else 'Label'}:N"


WIDE: Final = Size(260, 460, 64, 24, short=False)
#: It fits a window of 390 pixels.
NARROW: Final = Size(96, 200, 38, 9, short=True)


def evidence_map(rows: Rows, size: Size) -> Any:
    """Disease by tissue source: the area of a bubble is the patients, the number in it the trials."""
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        x=alt.X("tissueLabel:N", title="Tissue source", axis=alt.Axis(labelAngle=-35, orient="bottom")),
        y=alt.Y(size.name("disease"), title=None),
        href="href:N",
    )
    bubbles = base.mark_circle(opacity=1, color=COLOURS[4]).encode(
        size=alt.Size(
            "patients:Q",
            title="Patients",
            scale=alt.Scale(rangeMin=0, rangeMax=2200 if size.step > 50 else 900, zero=True),
            legend=alt.Legend(orient="top", symbolFillColor=COLOURS[4], symbolStrokeWidth=0),
        ),
        description="words:N",
    )
    # The bubble says the same in words; without aria=False each number would be read with the address of its link.
    numbers = base.mark_text(color="black", fontWeight="bold", fontSize=12, aria=False).encode(
        text="trials:Q"
    )
    return alt.layer(bubbles, numbers).properties(width=alt.Step(size.step), height=alt.Step(46))


def doses(rows: Rows, size: Size) -> Any:
    """Cells per kilogram on a logarithmic scale: each dose level is a mark, of a range a line with two ends."""
    placed = stacked([_with_ends(row) for row in rows])
    ends = [float(row[name]) for row in placed for name in ("low", "high")]
    first, last = math.floor(math.log10(min(ends))), math.ceil(math.log10(max(ends)))
    powers = range(first, max(last, first + 1) + 1)
    base = alt.Chart(alt.InlineData(values=placed)).encode(
        y=alt.Y(size.name("disease"), title=None),
        yOffset=alt.YOffset("level:O", sort="descending"),
        color=alt.Color(
            "tissueLabel:N",
            title="Tissue source",
            scale=alt.Scale(range=COLOURS),
            legend=alt.Legend(orient="top", columns=2 if size.short else 3),
        ),
        href="href:N",
        description="words:N",
    )
    low = alt.X(
        "low:Q",
        title="Cells per kilogram of body weight",
        scale=alt.Scale(type="log", domain=[10.0 ** powers[0], 10.0 ** powers[-1]]),
        axis=alt.Axis(values=[10.0**power for power in powers], labelExpr=_powers(powers), gridOpacity=0.5),
    )
    lines = base.mark_rule(strokeWidth=2).encode(x=low, x2="high:Q")
    marks = base.mark_point(filled=True, size=80, opacity=1).encode(
        shape=alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
            legend=None,  # the caption says what the shapes are
        ),
    )
    ranges = marks.transform_filter("datum.low < datum.high").encode(x=alt.X("high:Q"))
    odd = (
        base.transform_filter("datum.flag == 'unusual'")
        .mark_point(filled=False, size=320, strokeWidth=2, shape="diamond")
        .encode(x=low, color=alt.value("#B00020"))
    )
    step: Any = alt.Step(13)
    return alt.layer(lines, marks.encode(x=low), ranges, odd).properties(width=size.plot, height=step)


def _with_ends(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with both ends, a bound with the one that it has, and the kind of its mark."""
    bound = "" if row["low"] and row["high"] else "at least" if row["low"] else "up to"
    kind = bound or row["flag"]
    return {**row, "low": row["low"] or row["high"], "high": row["high"] or row["low"], "kind": kind}


def stacked(rows: Rows) -> list[dict[str, Any]]:
    """The rows with a level each, so that within a disease no mark hides another."""
    made: list[dict[str, Any]] = []
    ends: dict[tuple[str, int], float] = {}
    for row in sorted(rows, key=lambda r: (str(r["diseaseLabel"]), float(r["low"]), float(r["high"]))):
        low, high = math.log10(float(row["low"])), math.log10(float(row["high"]))
        level = 0
        while low - ends.get((str(row["diseaseLabel"]), level), -math.inf) < DECADES_APART:
            level += 1
        ends[str(row["diseaseLabel"]), level] = high
        made.append({**row, "level": level})
    return made


def _powers(powers: Iterable[int]) -> str:
    """The labels of an axis as an expression: ``10⁶`` for a million."""
    names = ",".join(f"'{power}':'10{superscript(power)}'" for power in powers)
    return f"{{{names}}}[toString(round(log(datum.value)/LN10))]"


def phases(rows: Rows, size: Size) -> Any:
    """Trials by phase, divided by the status of their results."""
    return (
        alt.Chart(alt.InlineData(values=list(rows)))
        .mark_bar()
        .encode(
            x=alt.X("trials:Q", title="Trials", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("phaseLabel:N", title=None, sort=None),
            color=alt.Color(
                "statusLabel:N",
                title="Results",
                scale=alt.Scale(range=COLOURS),
                legend=alt.Legend(orient="top", columns=1 if size.short else 3),
            ),
            href="href:N",
            description="words:N",
        )
        .properties(width=size.plot, height=alt.Step(28))
    )


def outcomes(rows: Rows, size: Size) -> Any:
    """Trials against what they measure."""
    return (
        alt.Chart(alt.InlineData(values=list(rows)))
        .mark_square(size=150 if size.cell > 12 else 60, opacity=1)
        .encode(
            x=alt.X("trialShort:N", title=None, sort=None, axis=alt.Axis(labelAngle=-60, grid=True)),
            y=alt.Y(size.name("measure"), title=None, sort=None, axis=alt.Axis(grid=True)),
            color=alt.Color(
                size.name("disease"),
                title="Disease",
                scale=alt.Scale(range=COLOURS),
                legend=alt.Legend(orient="top", columns=2 if size.short else 3),
            ),
            href="href:N",
            description="words:N",
        )
        .properties(width=alt.Step(size.cell), height=alt.Step(18 if size.cell > 12 else 14))
    )


CHARTS: Final[Mapping[str, Callable[[Rows, Size], Any]]] = {
    "evidence-map": evidence_map,
    "doses": doses,
    "phases": phases,
    "outcomes": outcomes,
}


def draw(chart: str, rows: Rows, size: Size) -> dict[str, Any]:
    """The picture of a chart, as Vega-Lite."""
    # The renderer sorts nothing where a sort is None, so the order of the rows is that of the picture.
    hosted = [{**row, "href": NOWHERE + row["href"]} for row in rows]
    font = 12 if size is WIDE else 11
    made = CHARTS[chart](hosted, size).configure_axis(
        labelLimit=size.labels, labelFontSize=font, titleFontSize=font
    )
    # A browser may set the labels wider than the renderer has measured them.
    padding = {"left": size.labels // 8, "right": 12, "top": 5, "bottom": 5}
    return cast(
        "dict[str, Any]",
        made.configure_legend(labelFontSize=font, titleFontSize=font, labelLimit=size.labels)
        .configure_view(stroke="#ccc")
        .properties(padding=padding)
        .to_dict(),
    )


def _svg(spec: dict[str, Any]) -> str:
    """The picture as SVG, its links to this server."""
    made = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return made.replace(f' xlink:href="{NOWHERE}/', ' xlink:href="/')


def main() -> None:
    """Draw the figures that are requested on stdin; whoever waits for another page goes first."""
    os.nice(10)
    json.dump([_drawn(one["chart"], one["rows"]) for one in json.load(sys.stdin)], sys.stdout)


def _drawn(chart: str, rows: Rows) -> dict[str, str]:
    """A figure in each of its forms."""
    wide = draw(chart, rows, WIDE)
    png = vl_convert.vegalite_to_png(wide, scale=PNG_SCALE, allowed_base_urls=[])
    narrow = _svg(draw(chart, rows, NARROW))
    return {"svg": _svg(wide), "narrow": narrow, "png": base64.b64encode(png).decode("ascii")}


if __name__ == "__main__":
    main()
