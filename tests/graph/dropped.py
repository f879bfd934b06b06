"""A triple dropped for each class and property of a graph that has every property of the seed's release.

What follows from the rest is derived anew. :data:`LAWFUL` says of what a release may lack why it may. The suite drops
them in batches (:mod:`tests.graph.batches`), ``make soak`` each alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final

from pyoxigraph import NamedNode, Quad

from tests.graph.batches import lines_of
from tests.graph.sound_graph import DERIVED, META, derived_anew, sound
from tests.sample_table import sample_source
from trialgraph.graph.checks import check_quads
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import OWL, RDF, compact

__all__ = ["LAWFUL", "NO_DATA", "Way", "dropped", "name_of", "names", "violations", "ways"]

Way = tuple[str, str]

# Written by hand or by others; what must be in them is in vocabulary.rq, and the description is made from the rest.
NO_DATA: Final = {iris.graph(name) for name in ("ontology", "module", "meta")}

#: What a sound graph may lack, and why.
LAWFUL: Final[dict[Way, str]] = {
    ("tg:CellProduct", "tg:tissueSource"): "a name of a cell need not say a tissue",
    ("tg:Curation", "dcterms:source"): "the number of a registry without addresses is evidence, too",
    ("tg:Condition", "tg:site"): "a disease need not sit anywhere",
    ("tg:Finding", "tg:atMonths"): "a finding may name no time",
    ("others", "oboInOwl:hasDbXref"): "another ontology need not have a cross-reference",
    ("others", "skos:exactMatch"): "another ontology need not match a third",
    ("skos:Concept", "dcterms:source"): "a definition may be ours",
    ("skos:Concept", "skos:broader"): "a concept need not have a wider one",
    ("tg:Row", "tg:runnerUp"): "a cut without a close rival has none",
    ("tg:Source", "dcterms:bibliographicCitation"): "source.toml may leave it out",
    ("tg:Source", "dcterms:date"): "source.toml may leave it out",
    ("tg:Source", "dcterms:issued"): "source.toml may leave it out",
    ("tg:Source", "dcterms:license"): "told as information: a bare file has none",
    ("tg:Source", "dcterms:rights"): "source.toml may leave it out",
    ("tg:Source", "dcterms:title"): "source.toml may leave it out",
    ("tg:Source", "tg:tableNumber"): "source.toml may leave it out",
    ("tg:TreatmentArm", "tg:asReported"): "a group may have no name",
    (
        "tg:TreatmentArm",
        "tg:receives",
    ): "the name of a group may tell it apart without saying what it receives",
}


@cache
def stated() -> frozenset[Quad]:
    """The sound graph without its description."""
    return frozenset(quad for quad in sound() if quad.graph_name != META)


@cache
def ways() -> dict[Way, Quad]:
    """For each class and property the first triple of the sample."""
    whole = sorted((quad for quad in stated() if quad.graph_name not in NO_DATA), key=str)
    kinds: dict[object, set[str]] = defaultdict(set)
    for quad in whole:
        # What a rule infers of a trial is no class that it was given, nor is the declaration as an individual.
        if (
            quad.predicate == RDF.type
            and isinstance(quad.object, NamedNode)
            and quad.object != OWL.NamedIndividual
        ):
            kinds[quad.subject] |= set() if quad.graph_name in DERIVED else {compact(quad.object.value)}
    found: dict[Way, Quad] = {}
    for quad in whole:
        kind = " ".join(sorted(kinds[quad.subject])) or "others"
        # A declaration is no class: both are dropped.
        declared = OWL.NamedIndividual if quad.object == OWL.NamedIndividual else quad.predicate
        found.setdefault((kind, compact(declared.value)), quad)
    return found


def name_of(way: Way) -> str:
    """Property and class, as the record of findings has them."""
    return f"{way[1]} of {way[0]}"


@cache
def _by_name() -> dict[str, Quad]:
    return {name_of(way): quad for way, quad in ways().items()}


def names() -> tuple[str, ...]:
    """The names of all ways."""
    return tuple(sorted(_by_name()))


def dropped(some: Iterable[str]) -> frozenset[Quad]:
    """The sample without those triples."""
    gone = {_by_name()[name] for name in some}
    left = stated() - gone
    return left if any(quad.graph_name in DERIVED for quad in gone) else derived_anew(left)


def violations(some: Iterable[str]) -> list[str]:
    """The violations, as lines, that the checks find where those triples are not there."""
    return lines_of(check_quads(dropped(some), [sample_source()]))
