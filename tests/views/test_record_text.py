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
from trialgraph.views.record_text import anchor_of, json_around, record_text

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
    lines = [line for line in record_text(fields) if not line.value.endswith((" entry", " entries"))]
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
    anchors = [anchor for line in lines for anchor in (line.anchor, line.begins) if anchor]
    assert len(anchors) == len(set(anchors))
    assert {one.place for one in fields} <= set(anchors)
    assert {anchor_of(one.place) for one in fields} <= set(anchors), "a list by its own place"


def test_a_list_or_object_is_one_block_at_its_place(fields: list[FieldProvenance]) -> None:
    lines, stack, blocks = list(record_text(fields)), list[int](), dict[str, str]()
    for at, line in enumerate(lines):
        if line.begins:
            stack.append(at)
        if line.ends:
            first = stack.pop()
            inside = [one for one in lines[first : at + 1] if not one.value.endswith((" entry", " entries"))]
            blocks[lines[first].begins] = "".join(one.before + one.value + one.after for one in inside)
    assert not stack
    place = "/protocolSection/armsInterventionsModule/armGroups/0"
    label = study(NUMBER)["protocolSection"]["armsInterventionsModule"]["armGroups"][0]["label"]
    assert json.loads(blocks[place].rstrip(","))["label"] == label


def value(place: str, text: str, reader: str = "text") -> FieldProvenance:
    return FieldProvenance("n", "tg:p", text, place, "r", "1", "f", "0", "", reader, "m")


def test_of_a_list_with_one_field_each_entry_is_an_object() -> None:
    held = [value("/sites/{n}/country", "Česko"), value("/sites/{n}/country", 'A "b" </script>')]
    lines = list(record_text([value("/sites", "190", "length"), *held]))
    assert [line.value for line in lines if line.value.endswith("entries")] == ["190 entries"]
    text = "".join(one.before + one.value + one.after for one in lines if not one.value.endswith("entries"))
    assert json.loads(text) == {"sites": [{"country": "Česko"}, {"country": 'A "b" </script>'}]}
    assert [(line.begins, line.ends) for line in lines if "country" in line.before] == [
        ("/sites/{n}/country", False),
        ("", True),
    ], "the values of a field are one block"
    (only,) = (line for line in record_text([value("/sites", "1", "length")]) if line.value)
    assert (only.before, only.value, only.after) == ('"sites": [', "1 entry", "]")


def test_json_around_a_pointer_is_json_with_the_value() -> None:
    before, behind = json_around("/protocolSection/outcomesModule/primaryOutcomes/2/timeFrame")
    text = "".join(before).replace("…,", "") + '"6 months"' + "".join(behind)
    assert json.loads(text) == {
        "protocolSection": {"outcomesModule": {"primaryOutcomes": [{"timeFrame": "6 months"}]}}
    }
    assert sum("…" in line for line in before) == 1, "what is left out is shown"
    before, behind = json_around("/protocolSection/conditionsModule/conditions/0")
    assert json.loads("".join(before) + '"SLE"' + "".join(behind))["protocolSection"] == {
        "conditionsModule": {"conditions": ["SLE"]}
    }


def test_the_values_of_a_part_are_marked(fields: list[FieldProvenance]) -> None:
    arm: NamedNode = record_iris.record_part(SLUG, NUMBER, "arm", 0)
    marked = [line.anchor or line.begins for line in record_text(fields, arm.value) if line.marked]
    marked = [place for place in marked if place]
    assert marked
    assert all(place.startswith("/protocolSection/armsInterventionsModule/armGroups/0/") for place in marked)
    assert not any(line.marked for line in record_text(fields))
