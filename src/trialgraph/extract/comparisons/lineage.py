"""What is broader than a term, by the releases that state it: for "one is narrower than the other"."""

from __future__ import annotations

from functools import cache

from trialgraph.rdf.vocabulary import RDFS, compact, expand
from trialgraph.terminology.lexicon import Concept
from trialgraph.terminology.module import PART_OF
from trialgraph.terminology.names.ontology_index import ontology_index
from trialgraph.terminology.ontology import triples_of

__all__ = ["broader_terms", "is_broader"]

_UP = (RDFS.subClassOf, expand("skos:broader"), PART_OF)


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    """Term to the terms above it in the module, as CURIEs."""
    made: dict[str, tuple[str, ...]] = {}
    for triple in triples_of("module"):
        if triple.predicate in _UP:
            child, parent = (compact(getattr(node, "value", "")) for node in (triple.subject, triple.object))
            made[child] = (*made.get(child, ()), parent)
    return made


@cache
def broader_terms(curie: str) -> frozenset[str]:
    """All terms above a term (kinds and wholes), in the module and in the index of whole releases; not the term."""
    known, index = _parents(), ontology_index()
    found: set[str] = set()
    waiting = [curie]
    while waiting:
        one = waiting.pop()
        above = known.get(one)
        if above is None and index and (term := index.find(one)):
            above = term.parents
        fresh = set(above or ()) - found - {curie}
        found |= fresh
        waiting += fresh
    return frozenset(found)


def is_broader(wide: Concept, narrow: Concept) -> bool:
    """Whether the first concept is above the second; one without an exact term hangs below its broader term."""
    above = set(broader_terms(narrow.curie))
    if narrow.broader and narrow.broader != narrow.curie:
        above |= {narrow.broader, *broader_terms(narrow.broader)}
    return bool(above & {wide.curie, *wide.exact})
