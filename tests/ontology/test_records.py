"""The terms of registry fields are those that the mapping files make, and fit the ontology."""

from __future__ import annotations

import re

import pytest

from tools.records.declare import ontology, shapes
from trialgraph.base.package_data import resource
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import MAPPINGS, class_of, property_name
from trialgraph.rdf.vocabulary import TG, compact


@pytest.mark.parametrize(("file", "made"), [("records.ttl", ontology), ("shapes/record_fields.ttl", shapes)])
def test_the_files_are_what_the_mapping_files_make(file: str, made: object) -> None:
    """Else: python -m tools.records.declare."""
    assert callable(made)
    assert (resource("ontology") / file).read_text(encoding="utf-8") == made()


def test_each_field_and_each_kind_of_node_is_declared_once() -> None:
    text = (resource("ontology") / "records.ttl").read_text(encoding="utf-8")
    declared = re.findall(r"^tg:(\w+) a owl:", text, re.MULTILINE)
    assert len(declared) == len(set(declared))
    assert set(declared).isdisjoint(TG.names())
    known = {*declared, *TG.names()}
    for name in MAPPINGS:
        for line in field_mapping(name).lines.values():
            assert property_name(line.node, line.predicate) in known
            assert compact(class_of(line.node).value).removeprefix("tg:") in known


@pytest.mark.parametrize("name", MAPPINGS)
def test_class_and_property_name_one_line(name: str) -> None:
    lines = list(field_mapping(name).lines.values())
    named = {(class_of(line.node), property_name(line.node, line.predicate)) for line in lines}
    assert len(named) == len(lines)
