"""A record as JSON again: every value that was read, at its place, once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store

from tests.extract.registries.records import study
from tests.graph.records.sound_records import SLUG, sound_records
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.views.record_fields import FieldProvenance, record_fields
from trialgraph.views.record_text import record_text

NUMBER = "NCT02300909"


@pytest.fixture(scope="module")
def fields() -> list[FieldProvenance]:
    store = Store()
    store.bulk_extend(sound_records())

    def select(query: str) -> list[dict[str, Any]]:
        found = store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        return [{v.value: row[v.value] for v in found.variables} for row in found]

    return record_fields(select, iris.report(SLUG, NUMBER))


def test_the_text_is_json_with_every_value_at_its_place(fields: list[FieldProvenance]) -> None:
    lines = [line for line in record_text(fields) if not line.value.endswith(" entries")]
    made = json.loads("\n".join(line.before + line.value + line.after for line in lines))
    title = made["protocolSection"]["identificationModule"]["briefTitle"]
    assert title == study(NUMBER)["protocolSection"]["identificationModule"]["briefTitle"]
    arms = study(NUMBER)["protocolSection"]["armsInterventionsModule"]["armGroups"]
    assert [arm["label"] for arm in made["protocolSection"]["armsInterventionsModule"]["armGroups"]] == [
        arm["label"] for arm in arms
    ]


def test_each_value_has_a_line_and_each_place_one_anchor(fields: list[FieldProvenance]) -> None:
    lines = list(record_text(fields))
    assert sum(bool(line.value) for line in lines) == len(fields)
    anchors = [line.anchor for line in lines if line.anchor]
    assert len(anchors) == len(set(anchors))
    assert set(anchors) == {one.place for one in fields}


def test_the_values_of_a_part_are_marked(fields: list[FieldProvenance]) -> None:
    arm: NamedNode = record_iris.record_part(SLUG, NUMBER, "arm", 0)
    marked = [line.anchor for line in record_text(fields, arm.value) if line.marked and line.anchor]
    assert marked
    assert all(place.startswith("/protocolSection/armsInterventionsModule/armGroups/0/") for place in marked)
    assert not any(line.marked for line in record_text(fields))
