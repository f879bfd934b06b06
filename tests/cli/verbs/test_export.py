"""`trialgraph export`: each format parses, and one graph is that graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyoxigraph import RdfFormat, parse

from tests.cli.command import FORMATS, bad, good


@pytest.mark.parametrize("form", FORMATS)
def test_export_in_every_format_parses(form: str, built: Path, tmp_path: Path) -> None:
    good("export", "-f", form, "--release", built, "-o", tmp_path / "out")
    assert sum(1 for _ in parse(path=str(tmp_path / "out"), format=FORMATS[form])) > 10_000


def test_export_of_one_graph_is_that_graph(built: Path) -> None:
    whole = parse(good("export", "-f", "nquads", "--release", built).encode(), RdfFormat.N_QUADS)
    quality = {str(q.triple) for q in whole if str(q.graph_name).endswith("/graph/quality>")}
    one = good("export", "-f", "ntriples", "--graph", "quality", "--release", built).encode()
    assert {str(q.triple) for q in parse(one, RdfFormat.N_TRIPLES)} == quality != set()


def test_the_table_as_a_workbook_and_what_it_cites(built: Path, tmp_path: Path) -> None:
    good("export", "-f", "xlsx", "--release", built, "-o", tmp_path / "trials.xlsx")
    book = load_workbook(tmp_path / "trials.xlsx")
    assert book.sheetnames == ["Trials", "Provenance and licence"]
    assert book["Trials"].max_row == 1 + 21
    assert "TY  - JOUR" in good("export", "-f", "ris", "--release", built)
    assert "a table has no graph" in bad("export", "-f", "ris", "--core", "--release", built)
