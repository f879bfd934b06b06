"""The JSON-LD context: what the keys of our JSON-LD mean. It is written into each file, so no reader fetches it.

Terms of our ontology have their own names (``trialPhase``, ``Report``), ``rdfs:label`` is ``label``, and all others are
CURIEs. ``ontology/context.jsonld`` is the same as a document, for whoever writes JSON-LD in our vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import NamedNode, RdfFormat, parse

from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.rdf.prefixes import compressed, prefixes
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, RDFS, TG, XSD

__all__ = ["CONTEXT_FILE", "Context", "context", "context_document"]

#: In the folder ``ontology``, and under ``/ontology/`` of a server.
CONTEXT_FILE: Final = "context.jsonld"
_GENERIC: Final = (
    ":/?#[]@"  # the general delimiters of RFC 3986: a namespace that ends in one is a prefix as it stands
)
#: Properties of others whose values are always IRIs; their values are written without the ``{"id": …}`` around them.
_LINKS: Final = """
    meshv:treeNumber void-ext:datatype void-ext:datatypePartition BFO:0000050 IAO:0100001
    dcterms:conformsTo dcterms:hasPart dcterms:hasVersion dcterms:isPartOf dcterms:isReplacedBy dcterms:license
    dcterms:publisher dcterms:source qudt:hasUnit oboInOwl:hasDbXref oboInOwl:inSubset
    rdf:first rdf:rest rdfs:domain rdfs:isDefinedBy rdfs:range rdfs:seeAlso rdfs:subClassOf rdfs:subPropertyOf
    owl:annotatedProperty owl:annotatedSource owl:disjointWith owl:inverseOf owl:onProperty owl:someValuesFrom
    owl:versionIRI skos:broadMatch skos:broader skos:closeMatch skos:exactMatch skos:inScheme skos:member
    skos:narrowMatch skos:related skos:relatedMatch skos:topConceptOf dcat:distribution dcat:downloadURL
    dcat:mediaType oa:hasSelector oa:hasSource oa:refinedBy prov:wasAttributedTo prov:wasDerivedFrom
    schema:domainIncludes schema:rangeIncludes schema:target sh:declare sh:prefixes
    sssom:mapping_justification sssom:object_id sssom:object_source sssom:predicate_id sssom:subject_id
    sssom:subject_source void:class void:classPartition void:dataDump void:linkPredicate void:objectsTarget
    void:property void:propertyPartition void:sparqlEndpoint void:subjectsTarget void:subset void:vocabulary
"""
#: Dates of others.
_DATES: Final = ("dcterms:date", "sssom:mapping_date")


@dataclass(frozen=True, slots=True)
class Context:
    """A context, and what a writer needs of it.

    :param document: the value of ``@context``
    :param keys: the key of a property by its IRI, where that is not its CURIE
    :param types: the name of a class by its IRI, where that is not its CURIE
    :param coerced: by key what its plain values are: ``@id`` or the IRI of a datatype
    """

    document: Mapping[str, Any]
    keys: Mapping[str, str]
    types: Mapping[str, str]
    coerced: Mapping[str, str]


def context() -> Context:
    """The context of this version of the ontology, for data under the base of this process."""
    return _context(iris.base())


@lru_cache(maxsize=4)
def _context(base: str) -> Context:
    del base  # a part of the key alone: prefixes() and compressed() know it
    kinds, ranges = _declared()
    keys = {RDFS.label.value: "label"}
    types: dict[str, str] = {}
    coerced: dict[str, str] = dict.fromkeys(_LINKS.split(), "@id") | dict.fromkeys(_DATES, XSD.date.value)
    terms: dict[str, Any] = {"label": "rdfs:label"}
    taken = {"id", "type", *prefixes(), *terms}
    for iri, kind in sorted(kinds.items()):
        name = iri.removeprefix(PREFIXES["tg"])
        if name in taken:
            continue  # it keeps its CURIE
        if kind == OWL.Class.value:
            types[iri], terms[name] = name, f"tg:{name}"
            continue
        keys[iri] = name
        of = "@id" if kind == OWL.ObjectProperty.value else ranges.get(iri, "")
        terms[name] = {"@id": f"tg:{name}", "@type": _short(of)} if of else f"tg:{name}"
        if of:
            coerced[name] = of
    for key in sorted({*_LINKS.split(), *_DATES}):
        terms[key] = {"@id": key, "@type": _short(coerced[key])}
    document = {"@version": 1.1, "id": "@id", "type": "@type"}
    document |= {name: _prefix(space) for name, space in sorted(prefixes().items())} | terms
    return Context(document, keys, types, coerced)


def context_document() -> bytes:
    """The context as a JSON-LD document of its own."""
    return (json.dumps({"@context": context().document}, indent=1) + "\n").encode("utf-8")


def _prefix(space: str) -> str | dict[str, Any]:
    return space if space[-1] in _GENERIC else {"@id": space, "@prefix": True}


def _short(coercion: str) -> str:
    return coercion if coercion.startswith("@") else compressed(coercion)


def _declared() -> tuple[dict[str, str], dict[str, str]]:
    """Of our classes and properties what they are, and the datatype of those with one that values may be coerced to."""
    kinds: dict[str, str] = {}
    ranges: dict[str, str] = {}
    wanted = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    known = {getattr(TG, name).value for name in TG.names()}
    for quad in parse(path=str(resource("ontology") / "trialgraph.ttl"), format=RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if not (isinstance(subject, NamedNode) and isinstance(value, NamedNode) and subject.value in known):
            continue
        if quad.predicate == RDF.type and value in wanted:
            kinds[subject.value] = value.value
        elif quad.predicate == RDFS.range and value.value.startswith(PREFIXES["xsd"]) and value != XSD.string:
            ranges[subject.value] = value.value
    return kinds, ranges
