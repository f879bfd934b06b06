"""CONTRIBUTING's recipe "add a column", followed: one record, and the column is known everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT
from trialgraph.extract.column_type import CellShape, ColumnType
from trialgraph.extract.columns import column_of, registered
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, whole_cell
from trialgraph.extract.trials_table import flat, flat_columns
from trialgraph.http.server.app import create_app
from trialgraph.model.reading import RULES, Rule, read
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.pipeline import build, read_all
from trialgraph.query.pool import Pool
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import RDFS, XSD
from trialgraph.release.store import open_store

#: A table of another source, whose column of consent nobody knows.
TABLE = """\
Table 1 Trials
Disease
Patients
Consent
Ref.
SLE30 (15/15)Written[7]
Multiple sclerosis24Oral[8]
"""
CONSENT = Rule("consent.named", "A word for a consent.", "Written", "Written", "30")


def consent() -> ColumnType:
    """The record that the recipe asks for; its property is one that the ontology has."""

    def value(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
        words = cell.text or ""
        if m := re.search("written|oral", words, re.IGNORECASE):
            yield "consent", PlainValue(m[0], read(cell, "consent", m.span(), m[0], CONSENT))

    return plain_column(
        field="consent",
        order=900,
        headings="consent",
        display="Consent",
        shape=CellShape(
            -1.0, 40, whole_cell(lambda words: 8.0 if re.search("Written|Oral", words) else WRONG)
        ),
        read=value,
        properties=[
            PlainProperty("consent", "how participants consented", RDFS.comment, "consent", XSD.string)
        ],
        rules=(CONSENT,),
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("source") / "consent.txt"
    made.write_text(TABLE, encoding="utf-8")
    return made


def test_a_registered_column_is_segmented_read_stated_checked_and_displayed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert column_of("consent") is None
    monkeypatch.setitem(RULES, CONSENT.id, CONSENT)
    with registered(consent()):
        (one,) = read_all([source])
        cells = [row.cell("consent") for row in one.table.rows]
        assert [cell.text for cell in cells if cell] == ["Written", "Oral"]
        assert [flat(report, ["consent"])["consent"] for report in one.reports] == [
            "Written",
            "Oral",
        ]
        assert "consent" in [column.name for column in flat_columns(["all"])]
        release, findings = build([source], releases=tmp_path)
        assert not [finding for finding in findings if finding.severity == "violation"]
        store = open_store(release)
        assert len(list(store.quads_for_pattern(None, RDFS.comment, text("Written"), None))) == 2
        with Pool(release, size=1) as pool:
            client = create_app(release, pool).test_client()
            page = client.get("/trial/consent/1").get_data(as_text=True)
    assert "Consent" in page
    assert "Written" in page


def test_the_recipe_names_what_it_needs() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in (
        "plain_column",
        "PlainProperty",
        "src/trialgraph/extract/columns/",
        "ontology/trialgraph.ttl",
    ):
        assert name in recipe
