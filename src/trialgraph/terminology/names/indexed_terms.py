"""Terms beyond the packaged module as triples, from the releases of the index.

Of MONDO with synonyms and ancestors; of ChEBI, which the index has without them, the label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, expand
from trialgraph.terminology.module import ontology_of, recipe
from trialgraph.terminology.names.ontology_index import ontology_index

__all__ = ["indexed_terms"]

_SYNONYM: Final = expand("oboInOwl:hasSynonym")


def indexed_terms(curies: Iterable[str], present: Set[str]) -> Iterator[Triple]:
    """The terms and their ancestors, as the module has its own.

    :param present: terms that the module has, which are not given again
    """
    index = ontology_index()
    todo, seen = list(curies) if index else [], set(present)
    while todo and index:
        curie = todo.pop()
        if curie in seen or (term := index.find(curie)) is None:
            continue
        seen.add(curie)
        todo += term.parents
        node = expand(curie)
        yield Triple(node, RDF.type, OWL.Class)
        yield Triple(node, RDFS.label, Literal(term.label))
        yield from (Triple(node, _SYNONYM, Literal(text)) for text in term.synonyms)
        yield from (Triple(node, RDFS.subClassOf, expand(parent)) for parent in term.parents)
        if key := ontology_of(curie):
            yield Triple(node, RDFS.isDefinedBy, NamedNode(recipe()["ontology"][key]["iri"]))
