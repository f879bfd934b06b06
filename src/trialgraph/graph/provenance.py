"""Where each value came from: sources, rows, cells, readings, rules. All verbatim text stands here only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.columns import columns
from trialgraph.extract.files.reference_list import ReferenceEntry
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.table_of_grid import notes_of
from trialgraph.graph.mappings import line_iri
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.place import GridAddress, Scheme
from trialgraph.model.reading import Reading, Rule
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Report, TrialReport
from trialgraph.model.table import Cell, Row, Table, Unread
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.literals import boolean, date, decimal, integer, text, typed
from trialgraph.rdf.vocabulary import DCTERMS, OA, RDF, RDFS, SKOS, TG, licence, rfc

__all__ = [
    "SELECTORS",
    "cells_of",
    "read_from",
    "reference_entry",
    "rows",
    "rules",
    "sources",
    "table_columns",
    "table_texts",
    "unread_lines",
]

Triples = Iterator[Triple]

#: How each kind of file addresses a cell: the selector of the Web Annotation model, and what its value conforms to.
SELECTORS: Final[Mapping[Scheme, tuple[NamedNode, NamedNode | None]]] = {
    "csv": (OA.FragmentSelector, rfc(7111)),
    "line": (OA.FragmentSelector, rfc(5147)),
    "xpath": (OA.XPathSelector, None),
    "sheet": (TG.SpreadsheetCellSelector, None),
    "table": (TG.DocumentTableCellSelector, None),
    "pointer": (OA.FragmentSelector, rfc(6901)),
}


# A heading stands at each of its cells.
_IN_CELLS: Final = frozenset({"heading", "blank"})


def _typed(node: NamedNode, kind: NamedNode, label: str) -> Triples:
    yield Triple(node, RDF.type, kind)
    yield Triple(node, RDFS.label, text(label))


def sources(read: Iterable[Source]) -> Triples:
    """Each source with its checksum, length in characters and what ``source.toml`` says of it."""
    for source in read:
        node = iris.source(source.slug)
        yield from _typed(node, TG.Source, str(source.meta.get("title") or source.slug))
        yield Triple(node, TG.sha256, text(source.sha256))
        yield Triple(node, TG.fileKind, text(source.kind))
        if source.text:
            yield Triple(node, TG.characterCount, integer(len(source.text)))
        yield from _described(node, source.meta)


def _described(node: NamedNode, meta: Mapping[str, Any]) -> Triples:
    if meta.get("title"):
        yield Triple(node, DCTERMS.title, text(str(meta["title"])))
    if meta.get("doi"):
        yield Triple(node, DCTERMS.identifier, text(f"doi:{meta['doi']}"))
        yield Triple(node, DCTERMS.source, iris.doi(str(meta["doi"])))
        yield Triple(node, RDFS.seeAlso, iris.resolvable("doi", str(meta["doi"])))
    if meta.get("licence"):
        yield Triple(node, DCTERMS.license, _licence(meta))
    if meta.get("table") is not None:
        yield Triple(node, TG.tableNumber, text(str(meta["table"])))
    for key, name in (("issued", DCTERMS.issued), ("retrieved", DCTERMS.date)):
        if meta.get(key):
            yield Triple(node, name, date(str(meta[key])))
    for key, name in (("published_in", DCTERMS.bibliographicCitation), ("rights", DCTERMS.rights)):
        if meta.get(key):
            yield Triple(node, name, text(str(meta[key])))


def _licence(meta: Mapping[str, Any]) -> NamedNode:
    return NamedNode(str(meta["licence_iri"])) if meta.get("licence_iri") else licence(str(meta["licence"]))


def rows(nodes: Nodes) -> Triples:
    """The row of a report with its cells, or the texts of its record, and every reading made from them."""
    if isinstance(nodes.report, Report):
        yield from _row(nodes, nodes.report.row)
    elif isinstance(nodes.report, RecordReport):
        record = record_iris.record(nodes.report.source, nodes.report.locator)
        for cell in nodes.report.prose:
            yield Triple(record, TG.hasCell, nodes.cell(cell))
            yield from _cell(nodes.cell(cell), cell, nodes.report.source)
    for reading, made in nodes.readings.items():
        yield from _reading(nodes, reading, made)


def _row(nodes: Nodes, row: Row) -> Triples:
    node = iris.row(row.source, row.number)
    yield Triple(node, RDF.type, TG.Row)
    yield Triple(node, TG.rowNumber, integer(row.number))
    yield Triple(node, TG.lineNumber, integer(row.line))
    yield Triple(node, TG.fromSource, iris.source(row.source))
    # Three digits: more would tell the machine's arithmetic apart, not the cuts.
    yield Triple(node, TG.segmentationConfidence, decimal(Decimal(f"{row.confidence:.3f}")))
    if row.runner_up:
        yield Triple(node, TG.runnerUp, text(" | ".join(cell.text or "" for cell in row.runner_up)))
    for cell in row.cells:
        yield Triple(node, TG.hasCell, nodes.cell(cell))
        yield from _cell(nodes.cell(cell), cell, row.source)


def _cell(node: NamedNode, cell: Cell, source: str) -> Triples:
    yield Triple(node, RDF.type, TG.Cell)
    yield Triple(node, TG.inColumn, _column_of(cell, source))
    yield from (Triple(node, TG.footnoteMark, text(mark)) for mark in cell.marks)
    yield Triple(node, OA.hasSource, iris.source(source))
    position = iris.selector(node, "position")
    if cell.address is None:
        yield Triple(node, OA.hasSelector, position)
    else:
        address = iris.selector(node, "address")
        yield Triple(node, OA.hasSelector, address)
        yield from _address(address, cell.address)
        yield Triple(address, OA.refinedBy, position)
    yield Triple(position, RDF.type, OA.TextPositionSelector)
    yield Triple(position, OA.start, integer(cell.start))
    yield Triple(position, OA.end, integer(cell.end))
    if cell.text is None:
        yield Triple(node, TG.isEmpty, boolean(True))
    else:
        yield Triple(node, TG.cellText, text(cell.text))


def _column_of(cell: Cell, source: str) -> NamedNode:
    return iris.column(source, cell.column, cell.field or "", "" if cell.column else cell.header)


def table_columns(reports: Iterable[Nodes]) -> Triples:
    """The columns of the cells of all rows: what is the same for each of their cells is stated once."""
    held = ((cell, nodes.report.source) for nodes in reports for cell in cells_of(nodes.report))
    cells = {_column_of(cell, source): (cell, source) for cell, source in held}
    for node, (cell, source) in cells.items():
        yield from _typed(node, TG.Column, f"Column {cell.field or cell.header} of {source}")
        yield Triple(node, TG.fromSource, iris.source(source))
        yield Triple(node, TG.header, text(cell.header))
        yield Triple(node, TG.columnNumber, integer(cell.column))
        if cell.field:
            yield Triple(node, TG.field, text(cell.field))


def cells_of(report: TrialReport) -> Sequence[Cell]:
    """The cells of a report's row, or the texts of its record that something was read from."""
    if isinstance(report, Report):
        return report.row.cells
    return report.prose if isinstance(report, RecordReport) else ()


def _address(node: NamedNode, address: GridAddress) -> Triples:
    """The selector of a cell of a grid, in the terms of its kind of file."""
    kind, standard = SELECTORS[address.scheme]
    yield Triple(node, RDF.type, kind)
    yield Triple(node, RDF.value, text(address.value))
    if standard is not None:
        yield Triple(node, DCTERMS.conformsTo, standard)


def _reading(nodes: Nodes, reading: Reading, node: NamedNode) -> Triples:
    yield Triple(node, RDF.type, TG.Reading)
    yield Triple(node, TG.readsField, text(reading.name))
    yield Triple(node, TG.fromCell, nodes.cell(reading.cell))
    yield Triple(node, TG.verbatim, text(reading.verbatim))
    yield Triple(node, TG.startOffset, integer(reading.start))
    yield Triple(node, TG.byRule, iris.rule(reading.rule))
    if reading.value is not None:
        yield Triple(node, TG.value, typed(reading.value))
    if reading.mention:
        yield Triple(node, TG.concept, term(reading.mention.concept))
        yield Triple(node, TG.byMapping, line_iri(reading.mention.mapping))


def read_from(nodes: Nodes) -> Triples:
    """For each node of a report the readings that it rests on, and the words it was read from.

    A report has a link to a reading where no part of it has one: the others lead to it by cell and row.
    """
    of_parts: set[Reading] = set()
    for column in columns():
        for node, reading in column.links(nodes):
            of_parts.add(reading)
            yield Triple(node, TG.readFrom, nodes.readings[reading])
        yield from column.wording(nodes)
    for reading in dict.fromkeys(nodes.own_readings()):
        if reading not in of_parts:
            yield Triple(nodes.iri, TG.readFrom, nodes.readings[reading])


def rules(declared: Iterable[Rule]) -> Triples:
    """The reading rules in words, each with its example and counter-example."""
    for rule in declared:
        node = iris.rule(rule.id)
        yield from _typed(node, TG.Rule, rule.id)
        yield Triple(node, SKOS.definition, text(rule.says))
        yield Triple(node, TG.example, text(rule.example))
        yield Triple(node, TG.gives, text(rule.gives))
        yield Triple(node, TG.counterExample, text(rule.counter_example))


def table_texts(table: Table) -> Triples:
    """What stands beside the cells of a grid: caption, footnotes and the like; and which of them a cell refers to."""
    texts = [
        text for text in table.non_cell_text if text.address and text.text and text.kind not in _IN_CELLS
    ]
    nodes = {text: iris.table_text(table.source, n) for n, text in enumerate(texts, start=1)}
    for stands, node in nodes.items():
        yield from _typed(node, TG.TableText, f"{stands.kind} of the table of {table.source}".capitalize())
        yield Triple(node, TG.fromSource, iris.source(table.source))
        yield Triple(node, TG.textKind, text(stands.kind))
        yield Triple(node, TG.lineNumber, integer(stands.line))
        yield Triple(node, TG.tableText, text(stands.text or ""))
        yield from (Triple(node, TG.footnoteMark, text(mark)) for mark in stands.marks)
        if stands.address:
            address = iris.selector(node, "address")
            yield Triple(node, OA.hasSource, iris.source(table.source))
            yield Triple(node, OA.hasSelector, address)
            yield from _address(address, stands.address)
    for row in table.rows:
        for cell in row.cells:
            for note in notes_of(table, cell):
                yield Triple(iris.cell(row.source, row.number, cell.key), TG.hasNote, nodes[note])


def reference_entry(source: str, entry: ReferenceEntry) -> Triples:
    """An entry of the reference list of a source."""
    node = iris.reference(source, entry.number)
    yield Triple(node, RDF.type, TG.ReferenceEntry)
    yield Triple(node, RDFS.label, text(f"Reference {entry.number} of {source}"))
    yield Triple(node, TG.fromSource, iris.source(source))
    yield Triple(node, TG.entryNumber, integer(entry.number))
    if entry.citation:
        yield Triple(node, DCTERMS.bibliographicCitation, text(entry.citation))
    if entry.doi:
        yield Triple(node, DCTERMS.identifier, text(f"doi:{entry.doi}"))
        yield Triple(node, RDFS.seeAlso, iris.doi(entry.doi))
    if entry.pmid:
        yield Triple(node, DCTERMS.identifier, text(f"pubmed:{entry.pmid}"))
        yield Triple(node, RDFS.seeAlso, iris.resolvable("pubmed", entry.pmid))


def unread_lines(unread: Iterable[Unread]) -> Triples:
    """Lines that look like rows and could not be read: kept whole, and counted."""
    for line in unread:
        node = iris.unread(line.source, line.line)
        yield from _typed(node, TG.UnreadLine, f"Unread line {line.line} of {line.source}")
        yield Triple(node, TG.fromSource, iris.source(line.source))
        yield Triple(node, TG.rowNumber, integer(line.number))
        yield Triple(node, TG.lineNumber, integer(line.line))
        yield Triple(node, TG.lineText, text(line.text))
        yield Triple(node, TG.startOffset, integer(line.start))
        yield Triple(node, TG.endOffset, integer(line.end))
        yield Triple(node, RDFS.comment, text(line.why))
