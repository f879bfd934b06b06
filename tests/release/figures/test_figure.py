"""Figures: what is drawn is what the rows say, and nothing in them gets out of the picture."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import unquote

import altair
import pytest
from defusedxml.ElementTree import fromstring
from jsonschema import ValidationError  # type: ignore[import-untyped] # ships no types

from trialgraph.base.errors import WorkerFailed
from trialgraph.base.settings import DEFAULTS
from trialgraph.questions.saved_queries import load_queries
from trialgraph.release.figures.drawing import CHARTS, NARROW, WIDE, Size, draw, stacked
from trialgraph.release.figures.figure import FIGURES, Drawn, Figure, Row, draw_figures, request_of

HOSTILE = "</text><script>alert(1)</script> \"quoted\" & 'x' ]]> \u202e ünï"
MAP, DOSES, PHASES, OUTCOMES = FIGURES
ROWS: dict[str, list[Row]] = {
    "evidence-map": [
        {
            "disease": "d",
            "diseaseLabel": HOSTILE,
            "tissue": "",
            "tissueLabel": "not stated",
            "trials": "3",
            "patients": "40",
        },
        {
            "disease": "e",
            "diseaseLabel": "lupus",
            "tissue": "t",
            "tissueLabel": "cord",
            "trials": "1",
            "patients": "4",
        },
    ],
    "doses": [
        {
            "trialLabel": "A",
            "diseaseLabel": "lupus",
            "tissueLabel": "cord",
            "low": "1000000",
            "high": "2000000",
            "outOfLine": "false",
        },
        {
            "trialLabel": HOSTILE,
            "diseaseLabel": "lupus",
            "tissueLabel": "cord",
            "low": "90000000",
            "high": "90000000",
            "outOfLine": "true",
        },
    ],
    "phases": [
        {"phaseLabel": "Phase 1", "statusLabel": HOSTILE, "trials": "3"},
        {"phaseLabel": "Phase 2", "statusLabel": "published", "trials": "2"},
    ],
    "outcomes": [
        {"trialLabel": "A", "diseaseLabel": "lupus", "measureLabel": HOSTILE},
        {"trialLabel": "B", "diseaseLabel": "lupus", "measureLabel": "SLEDAI"},
    ],
}
LINKS = ["/trials?disease=MONDO%3A1&tissue=none", '/x"><script>alert(2)</script>']


def drawn_of(
    figure: Figure, rows: Sequence[Row], links: Sequence[str], seconds: float = DEFAULTS.drawing_seconds
) -> Drawn:
    return draw_figures([request_of(figure, rows, links)], seconds)[0]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.slug)
def test_a_picture_holds_its_marks_with_words_and_links(figure: Figure) -> None:
    drawn = drawn_of(figure, ROWS[figure.slug], LINKS)
    root = fromstring(drawn.svg)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in names
    assert names <= {
        "svg",
        "g",
        "path",
        "line",
        "rect",
        "text",
        "a",
        "defs",
        "clipPath",
        "linearGradient",
        "stop",
    }
    links = {value for e in root.iter() for name, value in e.attrib.items() if name.endswith("href")}
    assert {unquote(link) for link in links} == {unquote(link) for link in LINKS}
    words = [value for e in root.iter() for name, value in e.attrib.items() if name == "aria-label"]
    for row in ROWS[figure.slug]:
        assert figure.words(row) in words
    assert not re.search(r"\sstyle=|\son\w+=", drawn.svg), "the page's policy lets no style attribute through"
    assert drawn.png.startswith(b"\x89PNG\r\n")
    assert len(drawn.png) > 1000


def test_a_drawing_that_takes_too_long_is_told() -> None:
    with pytest.raises(WorkerFailed, match="could not be drawn"):
        drawn_of(MAP, ROWS["evidence-map"], LINKS, 0.01)


def test_each_figure_rests_on_a_question_that_has_its_columns() -> None:
    queries = load_queries()
    for figure in FIGURES:
        columns = queries[figure.question].expected.columns
        assert columns is not None
        assert set(ROWS[figure.slug][0]) <= set(columns)
        assert set(figure.facets.values()) <= set(columns)


def _dose(trial: str, low: str, high: str, disease: str = "lupus") -> Row:
    return {
        "trialLabel": trial, "diseaseLabel": disease, "tissueLabel": "cord", "low": low, "high": high,
        "outOfLine": "false",
    }  # fmt: skip


def test_every_dose_has_a_place_of_its_own_and_axes_are_powers_of_ten() -> None:
    rows = [
        *(_dose(f"T{n}", "1000000", "1000000") for n in range(5)),
        _dose("range", "750000", "1500000"),
        _dose("near", "1010000", "1010000"),
        _dose("far", "90000000", "90000000"),
        _dose("other", "1000000", "1000000", "sclerosis"),
    ]
    placed = stacked(rows)
    assert len(placed) == len(rows)
    assert len({(row["diseaseLabel"], row["level"], row["low"]) for row in placed}) == len(rows)
    one = sorted(row["level"] for row in placed if row["low"] in ("1000000", "750000", "1010000"))
    assert one == [0, 0, 1, 2, 3, 4, 5, 6], "the other disease begins anew"
    assert next(row["level"] for row in placed if row["trialLabel"] == "far") == 0, "far away there is room"
    drawn = drawn_of(DOSES, rows, [f"/trial/{n}" for n in range(len(rows))])
    words = set(re.findall(r"<text[^>]*>([^<]*)</text>", drawn.svg))
    assert {"10⁵", "10⁶", "10⁷", "10⁸"} <= words
    assert len(re.findall(r'xlink:href="/trial/', drawn.svg)) >= len(rows)


def test_a_bound_is_a_mark_at_the_end_that_it_has() -> None:
    rows = [_dose("one", "1000000", "1000000"), _dose("upper", "", "2000000"), _dose("lower", "5000000", "")]
    links = [f"/trial/{n}" for n in range(3)]
    drawn = drawn_of(DOSES, rows, links)
    assert all(f'xlink:href="{link}"' in drawn.svg for link in links)
    assert "upper, lupus, cord: up to 2 × 10⁶ cells per kilogram" in drawn.svg
    assert "lower, lupus, cord: at least 5 × 10⁶ cells per kilogram" in drawn.svg


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.slug)
def test_the_narrow_picture_fits_a_phone(figure: Figure) -> None:
    drawn = drawn_of(figure, ROWS[figure.slug], LINKS)
    width = float(fromstring(drawn.narrow).attrib["width"])
    assert width <= 358, "390 pixels less the margins of the page"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.slug)
def test_a_chart_is_vega_lite_by_its_schema(figure: Figure, size: Size) -> None:
    assert figure.slug in CHARTS
    asked = json.loads(request_of(figure, ROWS[figure.slug], LINKS))
    spec = draw(asked["chart"], asked["rows"], size)
    altair.Chart.from_dict(spec)  # it raises where the schema does not allow it
    spec["encodng"] = {}
    with pytest.raises(ValidationError):
        altair.Chart.from_dict(spec)
