"""The concept files as triples: local concepts with words and matches, and each line as a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.model.reading import Reading
from trialgraph.rdf import iris
from trialgraph.rdf.literals import date, text
from trialgraph.rdf.vocabulary import DCTERMS, OWL, RDF, RDFS, SKOS, SSSOM, TG, concept, expand
from trialgraph.terminology.lexicon import NO_TERM, REFERENCE, Concept, Definition, Lexicon, MappingLine
from trialgraph.terminology.xrefs import Xref

__all__ = ["cross_references", "index_lines", "line_iri", "mappings"]

Triples = Iterator[Triple]

# How a surface form is a synonym of the concept that it is mapped to: a narrower word has a broader match.
_SYNONYM: Final = {
    "skos:exactMatch": expand("oboInOwl:hasExactSynonym"),
    "skos:broadMatch": expand("oboInOwl:hasNarrowSynonym"),
    "skos:narrowMatch": expand("oboInOwl:hasBroadSynonym"),
    "skos:closeMatch": expand("oboInOwl:hasRelatedSynonym"),
    "skos:relatedMatch": expand("oboInOwl:hasRelatedSynonym"),
}


def mappings(lexicon: Lexicon) -> Triples:
    """All lines of all concept files and the local concepts that they speak of."""
    for stem, lines in lexicon.lines.items():
        yield from _scheme(stem)
        for line in lines:
            yield from _line(line)
    for local in lexicon.concepts.values():
        yield from _concept(local, lexicon)


def cross_references(lines: Iterable[Xref]) -> Triples:
    """The statements of releases about their own terms, as they are: where each is from stands in the file."""
    for line in lines:
        yield Triple(line.subject, line.predicate, line.object)


def index_lines(used: Iterable[Reading]) -> Triples:
    """The lines that no file has: names that readings were linked to a term by the index over whole releases."""
    lines = {reading.mention.mapping for reading in used if reading.mention}
    for line in sorted((line for line in lines if line.match_field), key=lambda line: line.subject):
        yield from _line(line)


def line_iri(line: MappingLine) -> NamedNode:
    """The IRI of a mapping line, from what it maps to what; never from its place in the file."""
    if line.literal:
        return iris.mapping(line.field, line.subject, line.object.partition(":")[2])
    return iris.mapping(line.field, line.subject.partition(":")[2], line.object)


def _scheme(stem: str) -> Triples:
    node = _scheme_iri(stem)
    yield Triple(node, RDF.type, SKOS.ConceptScheme)
    yield Triple(node, RDF.type, OWL.NamedIndividual)
    yield Triple(node, RDFS.label, text(f"Concepts of the field {stem.replace('_', ' ')}"))


def _scheme_iri(stem: str) -> NamedNode:
    return concept(f"{stem.replace('_', '-')}-concepts")


def _line(line: MappingLine) -> Triples:
    node = line_iri(line)
    # The index looks words of a source up in a release; a line of a file has its words from one.
    in_words = line.literal and not line.match_field
    yield Triple(node, RDF.type, TG.Mapping)
    yield Triple(node, RDFS.label, text(f"{line.subject_label} → {line.object_label or line.object}"))
    yield Triple(node, SSSOM.subject_label, text(line.subject_label))
    if not line.literal:
        yield Triple(node, SSSOM.subject_id, expand(line.subject))
    yield Triple(node, SSSOM.predicate_id, expand(line.predicate))
    yield Triple(node, SSSOM.object_id, expand(line.object))
    yield Triple(node, SSSOM.mapping_justification, expand(line.justification))
    for name, value in (
        (SSSOM.object_label, line.object_label),
        (SSSOM.subject_source_version if in_words else SSSOM.object_source_version, line.release),
        (SSSOM.author_label, line.author),
        (SSSOM.match_string, line.match_string),
        (RDFS.comment, line.comment),
    ):
        if value:
            yield Triple(node, name, text(value))
    if line.source:
        side = SSSOM.subject_source if in_words else SSSOM.object_source
        yield Triple(node, side, expand(line.source))
    if line.match_field:
        yield Triple(node, SSSOM.object_match_field, expand(line.match_field))
    if line.date:
        yield Triple(node, SSSOM.mapping_date, date(line.date))


def _concept(local: Concept, lexicon: Lexicon) -> Triples:
    node = expand(local.id)
    yield Triple(node, RDF.type, SKOS.Concept)
    yield Triple(node, RDF.type, OWL.NamedIndividual)
    yield Triple(node, RDFS.label, text(local.label))
    yield Triple(node, SKOS.prefLabel, text(local.label))
    yield Triple(node, SKOS.inScheme, _scheme_iri(local.field))
    for line in lexicon.lines[local.field]:
        if line.literal and line.object == local.id and line.subject != local.label:
            yield Triple(node, SKOS.altLabel, text(line.subject))
            yield Triple(node, _SYNONYM[line.predicate], text(line.subject))
    yield from _definition(node, lexicon.definitions.get(local.id))
    for line in local.external:
        if line.object != NO_TERM:
            yield Triple(node, expand(line.predicate), expand(line.object))
    yield from _placed(node, local)


def _placed(node: NamedNode, local: Concept) -> Triples:
    """The place in its reference ontology of a concept of ours that stands in the data beside that ontology's terms.

    An exact match that the ontology got later is a place too: then queries by either IRI find what has the concept.
    """
    prefix = REFERENCE.get(local.field)
    if prefix is None or local.curie != local.id:
        return
    yield Triple(node, RDF.type, OWL.Class)
    for line in local.external:
        if line.object.startswith(f"{prefix}:") and line.predicate in ("skos:broadMatch", "skos:exactMatch"):
            yield Triple(node, RDFS.subClassOf, expand(line.object))


def _definition(node: NamedNode, found: Definition | None) -> Triples:
    if found:
        yield Triple(node, SKOS.definition, text(found.text))
        if found.source:
            yield Triple(node, DCTERMS.source, expand(found.source))
        if found.broader:
            yield Triple(node, SKOS.broader, expand(found.broader))
