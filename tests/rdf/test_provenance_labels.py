"""What rows, cells and readings are called, by their IRIs alone."""

import pytest
from pyoxigraph import NamedNode

from trialgraph.rdf import iris
from trialgraph.rdf.provenance_labels import provenance_label, reading_label

CELL = iris.cell("a", 2, "cell-source")


@pytest.mark.parametrize(
    ("node", "label"),
    [
        (iris.row("a table/Ω", 7), "Row 7 of a table/Ω"),
        (CELL, "Cell-source in row 2 of a"),
        (iris.selector(CELL, "position"), "Position of cell-source in row 2 of a"),
        (iris.selector(CELL, "address"), "Address of cell-source in row 2 of a"),
        (iris.reading("a", 2, "n_total", 1), "Reading of n_total in a row 2"),
        (iris.reading("a", 2, "n_total", 2), "Reading of n_total in a row 2, 2"),
        (iris.report("a", 2), ""),
        (iris.unread("a", 2), ""),
        (NamedNode("https://elsewhere.example/row/a/1"), ""),
    ],
)
def test_the_label(node: NamedNode, label: str) -> None:
    assert provenance_label(node.value) == label


def test_competing_readings_have_other_labels() -> None:
    iri = iris.reading("a", 2, "n_total", 1).value
    assert reading_label(iri, "patients.footnote-mark", "39") == (
        "Reading of n_total in a row 2 (footnote mark: 39)"
    )
    long = reading_label(iri, "patients.total", "x" * 99)
    assert long.endswith("x…)")
    assert len(long) < 120
