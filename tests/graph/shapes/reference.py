"""What pySHACL, the reference, finds: the results with which those of the compiled shapes must agree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import Literal, Quad
from rdflib import RDF, SH

from trialgraph.graph.shapes.shape import Result
from trialgraph.rdf.formats import N_TRIPLES
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import XSD

__all__ = ["Found", "as_found", "found_by_pyshacl", "graph_of"]

#: Focus node, path where it is an IRI, value, severity and constraint component of a result.
Found = tuple[str, str, str, str, str]


def found_by_pyshacl(quads: Iterable[Quad], shapes: rdflib.Graph) -> set[Found]:
    """All validation results of the merge of some quads."""
    # oxrdflib's reader: rdflib's own takes time with the square of the longest line, an unread row of megabytes.
    data = rdflib.Graph().parse(data=serialised(quads, N_TRIPLES), format="ox-nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(report, rdflib.Graph)
    # Why a value is not as a shape asks is a detail of the finding about the value.
    results = set(report.objects(None, SH.result)) - set(report.objects(None, SH.detail))
    return {_found(report, result) for result in results}


def _found(report: rdflib.Graph, result: rdflib.term.Node) -> Found:
    path = report.value(result, SH.resultPath)
    value = report.value(result, SH.value)
    component = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
    return (
        str(report.value(result, SH.focusNode)),
        str(path) if isinstance(path, rdflib.URIRef) else "",
        "" if value is None else str(value),
        str(report.value(result, SH.resultSeverity)).rpartition("#")[2].lower(),
        component.removesuffix("ConstraintComponent"),
    )


def as_found(result: Result) -> Found:
    """A result of the compiled shapes, written as pySHACL has it."""
    value = result.value
    text = "" if value is None else str(getattr(value, "value", value))
    if isinstance(value, Literal) and value.datatype == XSD.double:
        text = str(float(text))  # as rdflib writes it
    return (
        str(getattr(result.focus, "value", result.focus)),
        result.path.value if result.path else "",
        text,
        result.severity,
        result.component[0].upper() + result.component[1:],
    )


@cache
def graph_of(paths: tuple[Path, ...], columns: str) -> rdflib.Graph:
    """Shapes files and the shapes of columns, in Turtle, for pySHACL."""
    shapes = rdflib.Graph()
    for path in paths:
        shapes.parse(path, format="turtle")
    return _with_own_targets(shapes.parse(data=columns, format="turtle"))


def _with_own_targets(shapes: rdflib.Graph) -> rdflib.Graph:
    """The shapes with the targets of a node shape on its property shapes, which says the same.

    pySHACL then validates a property of all targets in one step, not in one for each target: four times as fast.
    """
    kinds = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for shape, part in list(shapes.subject_objects(SH.property)):
        targets = [(kind, target) for kind in kinds for target in shapes.objects(shape, kind)]
        # One that another shape refers to is validated for that shape's nodes, too.
        if targets and not any(shapes.subjects(None, shape)):
            shapes.remove((shape, SH.property, part))
            shapes.add((part, RDF.type, SH.PropertyShape))
            for kind, target in targets:
                shapes.add((part, kind, target))
    return shapes
