"""Figures: what is drawn is what the rows say, and nothing in them gets out of the picture."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from defusedxml.ElementTree import fromstring

from trialgraph.base.errors import WorkerFailed
from trialgraph.base.settings import DEFAULTS
from trialgraph.questions.saved_queries import load_queries
from trialgraph.views.figures import FIGURES, Figure, Row, draw_figure

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


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.slug)
def test_a_picture_holds_its_marks_with_words_and_links(figure: Figure) -> None:
    drawn = draw_figure(figure, ROWS[figure.slug], LINKS, DEFAULTS.drawing_seconds)
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
        draw_figure(MAP, ROWS["evidence-map"], LINKS, 0.01)


def test_each_figure_rests_on_a_question_that_has_its_columns() -> None:
    queries = load_queries()
    for figure in FIGURES:
        columns = queries[figure.question].expected.columns
        assert columns is not None
        assert set(ROWS[figure.slug][0]) <= set(columns)
        assert set(figure.facets.values()) <= set(columns)
