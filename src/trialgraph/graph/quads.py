"""Model to quads: what is stated, where it came from, what is doubtful, what the words were linked to.

Pure: no file is read here but the packaged query ``summary.rq``. No blank nodes, no time stamps, no order:
the same reports give the same set of quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import chain

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from trialgraph.base.errors import InputError
from trialgraph.extract.columns import columns
from trialgraph.extract.sources import Source
from trialgraph.graph.facts import facts, field_concepts
from trialgraph.graph.mappings import cross_references, index_lines, mappings
from trialgraph.graph.provenance import (
    read_from,
    reference_entry,
    rows,
    rules,
    sources,
    table_texts,
    unread_lines,
)
from trialgraph.graph.quality import quality
from trialgraph.model.nodes import Nodes, contested
from trialgraph.model.reading import RULES, Rule
from trialgraph.model.report import Report
from trialgraph.model.table import Table
from trialgraph.model.trial_names import trial_names
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import SKOS, TG
from trialgraph.terminology.lexicon import Lexicon
from trialgraph.terminology.xrefs import xrefs

__all__ = [
    "cited_quads",
    "fact_quads",
    "mapping_quads",
    "provenance_quads",
    "quads",
    "quality_quads",
    "summary_quads",
]

Nodeses = tuple[Nodes, ...]


def quads(
    reports: Iterable[Report],
    read: Iterable[Source],
    lexicon: Lexicon,
    tables: Iterable[Table] = (),
    declared: Iterable[Rule] | None = None,
) -> frozenset[Quad]:
    """All data graphs of a build: facts, provenance, quality, mappings, summary.

    :param read: the sources that were read, those without a report too
    :param tables: theirs, with what could not be read and what stands beside the cells of a grid
    :param declared: the rules that readings name; by default those of the columns that the reports have
    :raises InputError: a source is named like one of the fixed graphs
    """
    read = tuple(read)
    for source in read:
        if source.slug in iris.GRAPHS:
            raise InputError(
                f"a source may not be called {source.slug}", where=str(source.path), hint="rename its folder"
            )
    nodes = nodes_of(reports)
    stated, mapped = fact_quads(nodes) | quality_quads(nodes), mapping_quads(lexicon, nodes)
    stated |= cited_quads(nodes, read)
    return frozenset(
        stated
        | mapped
        | summary_quads(stated | mapped)
        | provenance_quads(nodes, read, tables, _rules(nodes) if declared is None else declared)
    )


def _rules(reports: Nodeses) -> Iterator[Rule]:
    """All rules but those of columns that no source has."""
    present = {cell.field for nodes in reports for cell in nodes.report.row.cells}
    absent = {rule.id for column in columns() if column.field not in present for rule in column.rules}
    return (rule for rule in RULES.values() if rule.id not in absent)


def nodes_of(reports: Iterable[Report]) -> Nodeses:
    """Each report with the IRIs of its parts."""
    reports = tuple(reports)
    apart, names = contested(reports), trial_names(reports)
    return tuple(Nodes(report, apart, names[report.key]) for report in reports)


def fact_quads(reports: Nodeses) -> set[Quad]:
    """What the reports say, in one graph per source."""
    return {quad for nodes in reports for quad in _in(iris.graph(nodes.report.source), facts(nodes))}


def cited_quads(reports: Nodeses, read: Iterable[Source]) -> set[Quad]:
    """What each report cites, beside its other facts, and the cited entries in the graph ``provenance``.

    Entries that no report cites are left out: they say nothing of a trial.
    """
    lists = {source.slug: {entry.number: entry for entry in source.references} for source in read}
    made: set[Quad] = set()
    for nodes in reports:
        entries = lists.get(nodes.report.source, {})
        for number in nodes.report.references:
            if entry := entries.get(number):
                node = iris.reference(nodes.report.source, number)
                made.add(Quad(nodes.iri, TG.cites, node, iris.graph(nodes.report.source)))
                made |= {
                    Quad(t.subject, t.predicate, t.object, iris.graph("provenance"))
                    for t in reference_entry(nodes.report.source, entry)
                }
    return made


def quality_quads(reports: Nodeses) -> set[Quad]:
    """The conflicts, in the graph ``quality``."""
    return set(_in(iris.graph("quality"), chain.from_iterable(map(quality, reports))))


def provenance_quads(
    reports: Nodeses, read: Iterable[Source], tables: Iterable[Table], declared: Iterable[Rule]
) -> set[Quad]:
    """Sources, rows, cells, readings, rules, unread lines and texts of tables, in the graph ``provenance``."""
    tables = tuple(tables)
    parts = chain(
        sources(read),
        chain.from_iterable(chain(rows(nodes), read_from(nodes)) for nodes in reports),
        rules(declared),
        chain.from_iterable(unread_lines(table.unread) for table in tables),
        chain.from_iterable(map(table_texts, tables)),
    )
    return set(_in(iris.graph("provenance"), parts))


def mapping_quads(lexicon: Lexicon, reports: Nodeses = ()) -> set[Quad]:
    """The graph ``mappings``: concept files, what the index linked, fields as concepts, cross-references."""
    used = chain.from_iterable(nodes.readings for nodes in reports)
    parts = chain(mappings(lexicon), index_lines(used), field_concepts(), cross_references(xrefs()))
    return set(_in(iris.graph("mappings"), parts))


def summary_quads(stated: Iterable[Quad]) -> set[Quad]:
    """The one-hop shortcuts that ``summary.rq`` makes of facts and conflicts, in the graph ``summary``.

    :param stated: of the graph ``mappings`` only exact matches are looked at
    """
    mapped, store = iris.graph("mappings"), Store()
    store.extend(
        Quad(q.subject, q.predicate, q.object)
        for q in stated
        if q.graph_name != mapped or q.predicate == SKOS.exactMatch
    )
    made = store.query(_summary())
    assert isinstance(made, QueryTriples), "summary.rq is a CONSTRUCT"  # noqa: S101 - a bug, not an input
    return set(_in(iris.graph("summary"), made))


@cache
def _summary() -> str:
    return files("trialgraph").joinpath("graph", "summary.rq").read_text(encoding="utf-8")


def _in(graph: NamedNode, triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph)
