"""What follows from the facts by the defined classes of the ontology, in the graph ``inferred``.

A rule is a CONSTRUCT in ``rules/``, one file each: ``msc_trial.rq`` finds the trials of ``tg:MSCTrial``. The ontology
says the same in OWL; a test has a reasoner infer exactly these types on the seeds. Rules scale, reasoners do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from pyoxigraph import Quad, QueryTriples, Store

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDFS, SKOS, TG, expand

__all__ = ["asked_by_rules", "inferred_quads", "rules"]

# Big, and no rule looks at them; of what is reviewed, not read, only at how terms hang together.
_NOT_ASKED: Final = ("provenance", "quality", "comparisons", "summary", "meta", "inferred")
_REVIEWED: Final = ("mappings", "module", "ontology")
_SCOPES: Final = frozenset(map(expand, ("tg:ofScope", "tg:decidesOn", "tg:isIncluded")))
_ASKED_THERE: Final = _SCOPES | {RDFS.subClassOf, SKOS.broader, TG.measuresConcept}


@cache
def rules() -> Mapping[str, str]:
    """Each rule by the name of its file, sorted; every one is a query that runs alone on a release."""
    found = [
        file for file in files("trialgraph").joinpath("graph", "rules").iterdir() if file.name.endswith(".rq")
    ]
    return {
        file.name.removesuffix(".rq"): file.read_text(encoding="utf-8")
        for file in sorted(found, key=lambda file: file.name)
    }


def inferred_quads(stated: Iterable[Quad]) -> set[Quad]:
    """What all rules make of a build, in the graph ``inferred``. No rule reads what another one makes.

    :param stated: facts, mappings, ontology and module
    """
    store = Store()
    store.bulk_extend(asked_by_rules(stated))
    graph = iris.graph("inferred")
    made: set[Quad] = set()
    for name, query in rules().items():
        answer = store.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, QueryTriples), f"{name}.rq is a CONSTRUCT"  # noqa: S101 - a bug, not an input
        made |= {Quad(triple.subject, triple.predicate, triple.object, graph) for triple in answer}
    return made


def asked_by_rules(stated: Iterable[Quad]) -> Iterator[Quad]:
    """The quads that some rule may look at."""
    left_out = {iris.graph(name) for name in _NOT_ASKED}
    reviewed = {iris.graph(name) for name in _REVIEWED}
    for quad in stated:
        graph = quad.graph_name
        if graph not in left_out and (graph not in reviewed or quad.predicate in _ASKED_THERE):
            yield quad
