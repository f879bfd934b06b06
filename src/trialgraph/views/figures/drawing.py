"""Chart rendering in a separate process (``-m trialgraph.views.figures.drawing``): the rows of a figure as SVG and PNG.

A process of its own, as the drawing library brings a JavaScript engine of 80 MB that the server need not hold.
It reads JSON ``{"chart", "rows"}`` from stdin and writes ``{"svg", "png"}`` (base64) to stdout. It reaches no
network: the data stand in the chart, and the renderer may load from nowhere.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import altair as alt
import vl_convert

from trialgraph.rdf.vocabulary import NOWHERE

__all__ = ["CHARTS", "main"]

Rows = Sequence[Mapping[str, Any]]

# Okabe and Ito's colour-blind-safe palette (Color Universal Design, 2008); darkest first.
COLOURS: Final = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#6B6B6B", "#000000"]
STEP: Final = 46
PNG_SCALE: Final = 2.0
#: Longer labels are cut on the axis; the table beside the picture has them whole.
LABEL_PIXELS: Final = 260
#: A browser may set the labels wider than the renderer has measured them.
PADDING: Final = {"left": LABEL_PIXELS // 8, "right": 12, "top": 5, "bottom": 5}


def evidence_map(rows: Rows) -> Any:
    """Disease by tissue source: the area of a bubble is the patients, the number in it the trials."""
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        x=alt.X("tissueLabel:N", title="Tissue source", axis=alt.Axis(labelAngle=-35, orient="bottom")),
        y=alt.Y("diseaseLabel:N", title=None),
        href="href:N",
    )
    bubbles = base.mark_circle(opacity=1, color=COLOURS[4]).encode(
        size=alt.Size(
            "patients:Q",
            title="Patients",
            scale=alt.Scale(rangeMin=0, rangeMax=2200, zero=True),
            legend=alt.Legend(orient="top", symbolFillColor=COLOURS[4], symbolStrokeWidth=0),
        ),
        description="words:N",
    )
    # The bubble says the same in words; without aria=False each number would be read with the address of its link.
    numbers = base.mark_text(color="black", fontWeight="bold", fontSize=12, aria=False).encode(
        text="trials:Q"
    )
    return alt.layer(bubbles, numbers).properties(width=alt.Step(64), height=alt.Step(STEP))


def doses(rows: Rows) -> Any:
    """Cells per kilogram on a logarithmic scale; a range is a line, what is out of line a red diamond."""
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=alt.Y("diseaseLabel:N", title=None),
        yOffset=alt.YOffset("tissueLabel:N"),
        color=alt.Color("tissueLabel:N", title="Tissue source", scale=alt.Scale(range=COLOURS)),
        href="href:N",
        description="words:N",
    )
    low = alt.X(
        "low:Q",
        title="Cells per kilogram of body weight",
        scale=alt.Scale(type="log", nice=True),
        axis=alt.Axis(format="~e", gridOpacity=0.5),
    )
    lines = base.mark_rule(strokeWidth=2).encode(x=low, x2="high:Q")
    marks = base.mark_point(filled=True, size=90, opacity=0.9).encode(
        x=low,
        shape=alt.Shape(
            "flag:N",
            title="Beside the other reports",
            scale=alt.Scale(domain=["in line", "out of line"], range=["circle", "diamond"]),
        ),
    )
    odd = (
        base.transform_filter("datum.flag == 'out of line'")
        .mark_point(filled=False, size=320, strokeWidth=2, shape="diamond")
        .encode(x=low, color=alt.value("#B00020"))
    )
    return alt.layer(lines, marks, odd).properties(width=460, height=alt.Step(22))


def phases(rows: Rows) -> Any:
    """Trials by phase, divided by the status of their results."""
    return (
        alt.Chart(alt.InlineData(values=list(rows)))
        .mark_bar()
        .encode(
            x=alt.X("trials:Q", title="Trials", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("phaseLabel:N", title=None, sort=None),
            color=alt.Color("statusLabel:N", title="Results", scale=alt.Scale(range=COLOURS)),
            href="href:N",
            description="words:N",
        )
        .properties(width=460, height=alt.Step(28))
    )


def outcomes(rows: Rows) -> Any:
    """Trials against what they measure."""
    return (
        alt.Chart(alt.InlineData(values=list(rows)))
        .mark_square(size=150, opacity=1)
        .encode(
            x=alt.X("trialLabel:N", title=None, sort=None, axis=alt.Axis(labelAngle=-60, grid=True)),
            y=alt.Y("measureLabel:N", title=None, sort=None, axis=alt.Axis(grid=True)),
            color=alt.Color("diseaseLabel:N", title="Disease", scale=alt.Scale(range=COLOURS)),
            href="href:N",
            description="words:N",
        )
        .properties(width=alt.Step(24), height=alt.Step(18))
    )


CHARTS: Final[Mapping[str, Callable[[Rows], Any]]] = {
    "evidence-map": evidence_map,
    "doses": doses,
    "phases": phases,
    "outcomes": outcomes,
}


def draw(chart: str, rows: Rows) -> tuple[str, bytes]:
    """The picture as SVG and as PNG."""
    # The renderer sorts nothing where a sort is None, so the order of the rows is that of the picture.
    hosted = [{**row, "href": NOWHERE + row["href"]} for row in rows]
    made = CHARTS[chart](hosted).configure_axis(labelLimit=LABEL_PIXELS, labelFontSize=12, titleFontSize=12)
    spec = (
        made.configure_legend(labelFontSize=12, titleFontSize=12, labelLimit=LABEL_PIXELS)
        .configure_view(stroke="#ccc")
        .properties(padding=PADDING)
        .to_dict()
    )
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).replace(
        f' xlink:href="{NOWHERE}/', ' xlink:href="/'
    )
    return svg, vl_convert.vegalite_to_png(spec, scale=PNG_SCALE, allowed_base_urls=[])


def main() -> None:
    """Draw the figure that is requested on stdin."""
    request = json.load(sys.stdin)
    svg, png = draw(request["chart"], request["rows"])
    json.dump({"svg": svg, "png": base64.b64encode(png).decode("ascii")}, sys.stdout)


if __name__ == "__main__":
    main()
