"""The sound graph with defects of ``graph_mutations.txt``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, Store

from tests.graph.batches import lines_of
from tests.graph.sound_graph import DERIVED, META, derived_anew, sound
from tests.sample_table import sample_source
from trialgraph.graph.checks import check_quads
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["MUTATIONS", "broken", "violations"]

_HEAD: Final = f"BASE <{iris.base()}>\n" + "".join(
    f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items()
)
_TEXT: Final = Path(__file__).with_name("graph_mutations.txt").read_text(encoding="utf-8")
#: Name of a defect -> the SPARQL Update that makes it.
MUTATIONS: Final = dict(part.split("\n", 1) for part in _TEXT.split("\n## ")[1:])


def broken(names: Iterable[str]) -> frozenset[Quad]:
    """The sound graph with those defects and no other.

    What is derived is derived anew and the description left out, unless a defect is there: else each defect would
    be seen by its shadow, a shortcut that is missing or a graph with another number of triples.
    """
    store = Store()
    store.bulk_extend(sound())
    for name in names:
        store.update(_HEAD + MUTATIONS[name])
    graph = frozenset(store)
    assert graph != sound(), "the mutations change nothing"
    changed = {quad.graph_name for quad in graph ^ sound()}
    if META not in changed:
        graph = frozenset(quad for quad in graph if quad.graph_name != META)
    if not changed & DERIVED:
        graph = derived_anew(graph)
    return graph


def violations(names: Iterable[str]) -> list[str]:
    """The violations, as lines, that the checks find in the graph with those defects."""
    found = check_quads(broken(names), [sample_source()])
    return lines_of(found)
