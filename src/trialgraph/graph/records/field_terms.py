"""What the fields of registry records are in the graph: the class of a node, the property of a field, the literal.

Properties of the study are stated of its report, under the name that the mapping file gives them; those of its parts,
and those whose name the ontology has in another sense, as ``tg:recorded…``: ``tg:recordedMasking`` is the word of the
record, ``tg:masking`` a concept. A class and a property name one line of a mapping file.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.model.record import FactValue, FieldLine, PartialDate
from trialgraph.rdf.literals import boolean, date, decimal, integer, text
from trialgraph.rdf.vocabulary import PREFIXES, TG, expand

__all__ = ["MAPPINGS", "above", "class_of", "line_of", "literal", "property_name", "property_of"]

#: The mapping files, by name.
MAPPINGS: Final = ("clinicaltrials_gov", "clinicaltrials_gov_versions", "ictrp")
#: Names that the ontology has for concepts, where a record has words.
_OTHER_SENSE: Final = frozenset({"allocation", "masking", "recruitmentStatus"})


@cache
def class_of(kind: str) -> NamedNode:
    """The class of a kind of node; a study is the report itself."""
    if kind == "study":
        return TG.Report
    return expand("tg:Record" + "".join(part.capitalize() for part in kind.split("-")))


def property_name(node: str, predicate: str) -> str:
    """The local name of the property of a kind of node."""
    if node == "study" and predicate not in _OTHER_SENSE:
        return predicate
    return f"recorded{predicate[0].upper()}{predicate[1:]}"


@cache
def property_of(line: FieldLine) -> NamedNode:
    """The property that states a field."""
    return expand(f"tg:{property_name(line.node, line.predicate)}")


def literal(value: FactValue) -> Literal:
    """The literal of a value."""
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, PartialDate):
        return date(value.text)
    return text(value) if isinstance(value, str) else decimal(value)


@cache
def above(name: str, kind: str) -> tuple[tuple[str, int], ...]:
    """The kinds of node that hold one of that kind, the nearest first, each with how many indices it has.

    :param name: of the mapping file
    """
    nodes = field_mapping(name).nodes
    held = [
        other
        for other, template in nodes.items()
        if template and other != kind and nodes[kind].startswith(f"{template}/")
    ]
    return tuple((other, nodes[other].count("{n}")) for other in sorted(held, key=lambda k: -len(nodes[k])))


def line_of(name: str, kind: NamedNode, stated_as: NamedNode) -> FieldLine | None:
    """The line of a mapping file by the class of a node and its property; None where the file has none.

    :param name: of the mapping file
    """
    return _lines(name).get((kind.value, stated_as.value.removeprefix(PREFIXES["tg"])))


@cache
def _lines(name: str) -> dict[tuple[str, str], FieldLine]:
    return {
        (class_of(line.node).value, property_name(line.node, line.predicate)): line
        for line in field_mapping(name).lines.values()
    }
