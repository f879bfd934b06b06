"""A triple dropped for each class and property of a graph that has every property of the seed's release.

What follows from the rest is derived anew. :data:`LAWFUL` says of what a release may lack why it may. The suite drops
a part of the triples, ``make soak`` all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final

from pyoxigraph import NamedNode, Quad

from tests.graph.sound_graph import DERIVED, META, derived_anew, sound
from tests.graph_samples import sample_source
from trialgraph.graph.checks import check_quads
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, compact

__all__ = ["LAWFUL", "NO_DATA", "Way", "unseen", "ways"]

Way = tuple[str, str]

# Written by hand or by others; what must be in them is in vocabulary.rq, and the description is made from the rest.
NO_DATA: Final = {iris.graph(name) for name in ("ontology", "module", "meta")}

#: What a sound graph may lack, and why.
LAWFUL: Final[dict[Way, str]] = {
    ("tg:CellProduct", "tg:tissueSource"): "a name of a cell need not say a tissue",
    ("tg:Curation", "dcterms:source"): "the number of a registry without addresses is evidence, too",
    ("tg:Condition", "tg:site"): "a disease need not sit anywhere",
    ("tg:Conflict", "tg:preferredReading"): "where nothing tells which is right, none is preferred",
    ("tg:Finding", "tg:ofMeasure"): "a finding may name no measure, or several with one reading",
    ("tg:Finding", "tg:atMonths"): "a finding may name no time",
    ("tg:Row", "tg:runnerUp"): "a cut without a close rival has none",
    ("tg:Source", "dcterms:bibliographicCitation"): "source.toml may leave it out",
    ("tg:Source", "dcterms:date"): "source.toml may leave it out",
    ("tg:Source", "dcterms:issued"): "source.toml may leave it out",
    ("tg:Source", "dcterms:license"): "told as information: a bare file has none",
    ("tg:Source", "dcterms:rights"): "source.toml may leave it out",
    ("tg:Source", "dcterms:title"): "source.toml may leave it out",
    ("tg:Source", "tg:tableNumber"): "source.toml may leave it out",
    ("tg:TreatmentArm", "tg:asReported"): "a group may have no name",
    ("tg:TreatmentArm", "tg:receives"): "a named group may lack the drug that is given beside the cells",
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
        # What a rule infers of a trial is no class that it was given.
        if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            kinds[quad.subject] |= set() if quad.graph_name in DERIVED else {compact(quad.object.value)}
    found: dict[Way, Quad] = {}
    for quad in whole:
        kind = " ".join(sorted(kinds[quad.subject])) or "others"
        found.setdefault((kind, compact(quad.predicate.value)), quad)
    return found


def _seen_without(dropped: Quad) -> bool:
    """Whether the checks see that it is not there."""
    left = stated() - {dropped}
    graph = left if dropped.graph_name in DERIVED else derived_anew(left)
    return any(finding.severity == "violation" for finding in check_quads(graph, [sample_source()]))


def unseen(some: Iterable[Way]) -> set[Way]:
    """Those of the ways whose triple the checks do not miss."""
    return {way for way in some if not _seen_without(ways()[way])}
