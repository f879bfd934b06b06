"""The reference part of a graph: what does not depend on single reports, and which each of them is checked with."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from trialgraph.graph.quads import mapping_quads, rule_quads
from trialgraph.model.report import Report
from trialgraph.rdf.serialise import canonical
from trialgraph.release.graphs import ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["reference_quads"]


def reference_quads(reports: Iterable[Report]) -> frozenset[Quad]:
    """Ontology, module, mappings and the rules of the columns that the reports have; blank nodes by RDFC-1.0.

    :raises InputError: a file of the installation is missing or does not parse
    """
    stated = ontology_quads() | mapping_quads(lexicon()) | rule_quads(reports)
    return frozenset(canonical(stated))
