"""Model to quads: what is stated, where it came from, what is doubtful, what the words were linked to.

Pure: no file is read here but the packaged query ``summary.rq``. No blank nodes, no time stamps, no order:
the same reports give the same set of quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple, parse

from trialgraph.base.errors import InputError
from trialgraph.extract.columns import columns
from trialgraph.extract.history.contradictions import FIELD, SAID
from trialgraph.extract.registries.prose.rules import RULES_OF_PROSE
from trialgraph.extract.sources import Source
from trialgraph.graph.facts import facts, field_concepts
from trialgraph.graph.mappings import cross_references, index_lines, mappings
from trialgraph.graph.provenance import (
    cells_of,
    read_from,
    reference_entry,
    rows,
    rules,
    sources,
    table_columns,
    table_texts,
    unread_lines,
)
from trialgraph.graph.quality import quality
from trialgraph.graph.records.record_lines import mapping_lines, record_lines
from trialgraph.model.nodes import Nodes, contested
from trialgraph.model.reading import RULES, Rule
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport
from trialgraph.model.table import Table
from trialgraph.model.trial_names import trial_names
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import SKOS, TG
from trialgraph.terminology.lexicon import Lexicon
from trialgraph.terminology.xrefs import xrefs

__all__ = [
    "asked_by_shortcuts",
    "cited_quads",
    "fact_quads",
    "index_quads",
    "mapping_quads",
    "provenance_quads",
    "quads",
    "quality_quads",
    "record_quads",
    "rule_quads",
    "shard_quads",
    "summary_quads",
]

Nodeses = tuple[Nodes, ...]

# Written by hand or by others; and the provenance, which has nothing that is a shortcut.
_REFERENCE: Final = ("mappings", "module", "ontology", "provenance")


def quads(
    reports: Iterable[TrialReport],
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
    mapped = mapping_quads(lexicon)
    records = (n.report for n in nodes if isinstance(n.report, RecordReport))
    files = sorted({report.record.mapping for report in records})
    ruled = rule_quads((n.report for n in nodes), files) if declared is None else _provenance(rules(declared))
    return frozenset(shard_quads(nodes, read, tables, mapped) | mapped | ruled)


def shard_quads(
    reports: Nodeses,
    read: Iterable[Source],
    tables: Iterable[Table],
    mapped: Iterable[Quad],
    later: Iterable[Quad] = (),
) -> set[Quad]:
    """What is stated of some reports and their sources: facts, provenance, quality, what the index linked, summary.

    :param mapped: the concept files, of which the exact matches make shortcuts
    :param later: which reports have a later state, from which the shortcuts are made
    """
    read = tuple(read)
    stated = (
        fact_quads(reports)
        | record_quads(reports)
        | quality_quads(reports)
        | index_quads(reports)
        | cited_quads(reports, read)
    )
    return stated | summary_quads(chain(stated, mapped, later)) | provenance_quads(reports, read, tables, ())


def rule_quads(reports: Iterable[TrialReport], mappings: Iterable[str] = ()) -> set[Quad]:
    """The rules of all columns but those that no source has, in the graph ``provenance``.

    :param mappings: the mapping files of the records that are read: then all rules are there, and the files' fields
    """
    mappings = tuple(mappings)
    if mappings:
        fields = b"".join(chain.from_iterable(map(mapping_lines, mappings)))
        known = _provenance(rules([*RULES.values(), *RULES_OF_PROSE.values(), FIELD, SAID]))
        return known | set(parse(fields, format=RdfFormat.N_QUADS))
    present = {cell.field for report in reports for cell in cells_of(report)}
    absent = {rule.id for column in columns() if column.field not in present for rule in column.rules}
    return _provenance(rules(rule for rule in RULES.values() if rule.id not in absent))


def _provenance(triples: Iterable[Triple]) -> set[Quad]:
    return set(_in(iris.graph("provenance"), triples))


def nodes_of(reports: Iterable[TrialReport]) -> Nodeses:
    """Each report with the IRIs of its parts."""
    reports = tuple(reports)
    apart, names = contested(reports), trial_names(reports)
    return tuple(Nodes(report, apart, names[report.key]) for report in reports)


def fact_quads(reports: Nodeses) -> set[Quad]:
    """What the reports say, in one graph per source."""
    return {quad for nodes in reports for quad in _in(iris.graph(nodes.report.source), facts(nodes))}


def record_quads(reports: Nodeses) -> set[Quad]:
    """What records of registries state by their fields, in the graph of their source, and where they were read."""
    records = (nodes.report for nodes in reports if isinstance(nodes.report, RecordReport))
    lines = chain.from_iterable(map(record_lines, records))
    return set(parse(b"".join(lines), format=RdfFormat.N_QUADS))


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
        table_columns(reports),
        chain.from_iterable(chain(rows(nodes), read_from(nodes)) for nodes in reports),
        rules(declared),
        chain.from_iterable(unread_lines(table.unread) for table in tables),
        chain.from_iterable(map(table_texts, tables)),
    )
    return set(_in(iris.graph("provenance"), parts))


def mapping_quads(lexicon: Lexicon) -> set[Quad]:
    """The graph ``mappings``: concept files, fields as concepts, cross-references."""
    return set(
        _in(iris.graph("mappings"), chain(mappings(lexicon), field_concepts(), cross_references(xrefs())))
    )


def index_quads(reports: Nodeses) -> set[Quad]:
    """What the index over whole releases linked, in the graph ``mappings``."""
    used = chain.from_iterable(nodes.readings for nodes in reports)
    return set(_in(iris.graph("mappings"), index_lines(used)))


def summary_quads(stated: Iterable[Quad]) -> set[Quad]:
    """The one-hop shortcuts that ``summary.rq`` makes of facts and conflicts, in the graph ``summary``.

    :param stated: of the graph ``mappings`` only exact matches are looked at, ontology and module not at all
    """
    store = Store()
    store.bulk_extend(asked_by_shortcuts(stated))
    made = store.query(_summary(), use_default_graph_as_union=True)
    assert isinstance(made, QueryTriples), "summary.rq is a CONSTRUCT"  # noqa: S101 - a bug, not an input
    return set(_in(iris.graph("summary"), made))


def asked_by_shortcuts(stated: Iterable[Quad]) -> Iterator[Quad]:
    """The quads that ``summary.rq`` may look at."""
    mapped, left_out = iris.graph("mappings"), {iris.graph(name) for name in _REFERENCE}
    for quad in stated:
        graph = quad.graph_name
        if graph not in left_out or (graph == mapped and quad.predicate == SKOS.exactMatch):
            yield quad


@cache
def _summary() -> str:
    return files("trialgraph").joinpath("graph", "summary.rq").read_text(encoding="utf-8")


def _in(graph: NamedNode, triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph)
