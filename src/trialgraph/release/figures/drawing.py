"""Chart rendering in a process of its own (``-m trialgraph.release.figures.drawing``): rows as SVG and PNG.

The renderer brings a JavaScript engine of 80 MB that the server need not hold. Charts are Vega-Lite, written as the
JSON that it is: a library that writes it takes as long to start as the renderer. The process reads a JSON list of
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
from typing import Any, Final, TypeAlias

import vl_convert

from trialgraph.base.readable import superscript
from trialgraph.rdf.vocabulary import NOWHERE, VEGA_LITE

__all__ = ["CHARTS", "NARROW", "WIDE", "draw", "main", "stacked"]

Rows = Sequence[Mapping[str, Any]]
#: A chart, or a part of one, as Vega-Lite has it in JSON.
Spec: TypeAlias = dict[str, Any]

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
        return f"{field}{'Short' if self.short else 'Label'}"


WIDE: Final = Size(260, 460, 64, 24, short=False)
#: It fits a window of 390 pixels.
NARROW: Final = Size(96, 200, 38, 9, short=True)


def nominal(field: str, **more: Any) -> Spec:
    """A channel of names."""
    return {"field": field, "type": "nominal", **more}


def quantity(field: str, **more: Any) -> Spec:
    """A channel of numbers."""
    return {"field": field, "type": "quantitative", **more}


def coloured(field: str, title: str, columns: int) -> Spec:
    """A colour for each name, with a legend above the plot."""
    legend = {"columns": columns, "orient": "top"}
    return nominal(field, title=title, scale={"range": COLOURS}, legend=legend)


def evidence_map(rows: Rows, size: Size) -> Spec:
    """Disease by tissue source: the area of a bubble is the patients, the number in it the trials."""
    places = {
        "x": nominal("tissueLabel", title="Tissue source", axis={"labelAngle": -35, "orient": "bottom"}),
        "y": nominal(size.name("disease"), title=None),
        "href": nominal("href"),
    }
    area = quantity(
        "patients",
        title="Patients",
        scale={"rangeMin": 0, "rangeMax": 2200 if size.step > 50 else 900, "zero": True},
        legend={"orient": "top", "symbolFillColor": COLOURS[4], "symbolStrokeWidth": 0},
    )
    bubbles = {
        "mark": {"type": "circle", "opacity": 1, "color": COLOURS[4]},
        "encoding": {**places, "size": area, "description": nominal("words")},
    }
    # The bubble says the same in words; without aria=False each number would be read with the address of its link.
    numbers = {
        "mark": {"type": "text", "color": "black", "fontWeight": "bold", "fontSize": 12, "aria": False},
        "encoding": {**places, "text": quantity("trials")},
    }
    return {
        "data": {"values": list(rows)},
        "layer": [bubbles, numbers],
        "width": {"step": size.step},
        "height": {"step": 46},
    }


def doses(rows: Rows, size: Size) -> Spec:
    """Cells per kilogram on a logarithmic scale: each dose level is a mark, of a range a line with two ends."""
    placed = stacked([_with_ends(row) for row in rows])
    ends = [float(row[name]) for row in placed for name in ("low", "high")]
    first, last = math.floor(math.log10(min(ends))), math.ceil(math.log10(max(ends)))
    powers = range(first, max(last, first + 1) + 1)
    base = {
        "y": nominal(size.name("disease"), title=None),
        "yOffset": {"field": "level", "type": "ordinal", "sort": "descending"},
        "color": coloured("tissueLabel", "Tissue source", 2 if size.short else 3),
        "href": nominal("href"),
        "description": nominal("words"),
    }
    low = quantity(
        "low",
        title="Cells per kilogram of body weight",
        scale={"type": "log", "domain": [10.0 ** powers[0], 10.0 ** powers[-1]]},
        axis={
            "values": [10.0**power for power in powers],
            "labelExpr": _powers(powers),
            "gridOpacity": 0.5,
        },
    )
    shapes = {"domain": list(SHAPES), "range": list(SHAPES.values())}
    mark = {"type": "point", "filled": True, "size": 80, "opacity": 1}
    # without a legend: the caption says what the shapes are
    marks = {**base, "shape": nominal("kind", scale=shapes, legend=None)}
    odd = {"type": "point", "filled": False, "size": 320, "strokeWidth": 2, "shape": "diamond"}
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {**base, "x": low, "x2": {"field": "high"}},
        },
        {"mark": mark, "encoding": {**marks, "x": low}},
        {
            "mark": mark,
            "encoding": {**marks, "x": quantity("high")},
            "transform": [{"filter": "datum.low < datum.high"}],
        },
        {
            "mark": odd,
            "encoding": {**base, "x": low, "color": {"value": "#B00020"}},
            "transform": [{"filter": "datum.flag == 'unusual'"}],
        },
    ]
    return {"data": {"values": placed}, "layer": layers, "width": size.plot, "height": {"step": 13}}


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


def phases(rows: Rows, size: Size) -> Spec:
    """Trials by phase, divided by the status of their results."""
    encoding = {
        "x": quantity("trials", title="Trials", axis={"tickMinStep": 1, "format": "d"}),
        "y": nominal("phaseLabel", title=None, sort=None),
        "color": coloured("statusLabel", "Results", 1 if size.short else 3),
        "href": nominal("href"),
        "description": nominal("words"),
    }
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "bar"},
        "encoding": encoding,
        "width": size.plot,
        "height": {"step": 28},
    }


def outcomes(rows: Rows, size: Size) -> Spec:
    """Trials against what they measure."""
    wide = size.cell > 12
    encoding = {
        "x": nominal("trialShort", title=None, sort=None, axis={"labelAngle": -60, "grid": True}),
        "y": nominal(size.name("measure"), title=None, sort=None, axis={"grid": True}),
        "color": coloured(size.name("disease"), "Disease", 2 if size.short else 3),
        "href": nominal("href"),
        "description": nominal("words"),
    }
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "square", "size": 150 if wide else 60, "opacity": 1},
        "encoding": encoding,
        "width": {"step": size.cell},
        "height": {"step": 18 if wide else 14},
    }


CHARTS: Final[Mapping[str, Callable[[Rows, Size], Spec]]] = {
    "evidence-map": evidence_map,
    "doses": doses,
    "phases": phases,
    "outcomes": outcomes,
}


def draw(chart: str, rows: Rows, size: Size) -> Spec:
    """The picture of a chart, as Vega-Lite."""
    # The renderer sorts nothing where a sort is None, so the order of the rows is that of the picture.
    hosted = [{**row, "href": NOWHERE + row["href"]} for row in rows]
    font = 12 if size is WIDE else 11
    texts = {"labelFontSize": font, "titleFontSize": font, "labelLimit": size.labels}
    return {
        "$schema": VEGA_LITE,
        **CHARTS[chart](hosted, size),
        "config": {
            "view": {"continuousWidth": 300, "continuousHeight": 300, "stroke": "#ccc"},
            "axis": texts,
            "legend": texts,
        },
        # A browser may set the labels wider than the renderer has measured them.
        "padding": {"left": size.labels // 8, "right": 12, "top": 5, "bottom": 5},
    }


def _hosted(spec: Spec) -> str:
    """The picture as SVG, its links to nowhere."""
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def _svg(hosted: str) -> str:
    """The picture as SVG, its links to this server."""
    return hosted.replace(f' xlink:href="{NOWHERE}/', ' xlink:href="/')


def main() -> None:
    """Draw the figures that are requested on stdin; whoever waits for another page goes first."""
    os.nice(10)
    json.dump([_drawn(one["chart"], one["rows"]) for one in json.load(sys.stdin)], sys.stdout)


def _drawn(chart: str, rows: Rows) -> dict[str, str]:
    """A figure in each of its forms."""
    wide = _hosted(draw(chart, rows, WIDE))
    # what vegalite_to_png does, without laying the chart out again
    png = vl_convert.svg_to_png(wide, scale=PNG_SCALE)
    narrow = _svg(_hosted(draw(chart, rows, NARROW)))
    return {"svg": _svg(wide), "narrow": narrow, "png": base64.b64encode(png).decode("ascii")}


if __name__ == "__main__":
    main()
