"""Records as N-Quads: each line is a quad of its own, and each value leads back to its place in the record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse, serialize

from tests.extract.registries.records import changed, number_of, read, studies, study, written
from tests.graph.records.round_trip import RoundTrip, resolve, same_value
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.formats.registry_file import raw_records
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import MAPPINGS
from trialgraph.graph.records.record_lines import mapping_lines, record_lines
from trialgraph.rdf.vocabulary import TG


def quads(lines: list[bytes]) -> list[Quad]:
    return list(parse(b"".join(lines), format=RdfFormat.N_QUADS))


def lines_of(tmp_path: Path, one: Any) -> list[bytes]:
    (report,), _ = read(written(tmp_path / "records.json", one))
    return list(record_lines(report))


@pytest.mark.parametrize("one", studies(), ids=number_of)
def test_each_quad_leads_back_to_its_place(tmp_path: Path, one: Any) -> None:
    trip = RoundTrip()
    (raw,) = raw_records(written(tmp_path / "records.json", one), DEFAULTS)
    resolve(raw, trip)
    assert trip.missed == []
    assert trip.resolved["values"] > 20


def test_a_value_that_does_not_stand_at_its_place_is_missed(tmp_path: Path) -> None:
    def other(one: Any) -> None:
        one["protocolSection"]["identificationModule"]["briefTitle"] = "another title"

    known = study("NCT00000410")
    (raw,) = raw_records(written(tmp_path / "records.json", known), DEFAULTS)
    report = resolve(raw, RoundTrip())
    lines = list(record_lines(report))
    (title,) = (q for q in quads(lines) if q.predicate == TG.studyTitle)
    assert same_value(raw, title, TG.Report)
    assert not same_value(replace(raw, value=changed(known, other)), title, TG.Report)


def test_each_line_is_a_quad_in_canonical_form(tmp_path: Path) -> None:
    def strange(one: Any) -> None:
        one["protocolSection"]["identificationModule"]["briefTitle"] = (
            'a "b"\\ \n\r\t\x07\u2028 \U0001f9ec <c>'
        )

    for one in (*studies(), changed(study("NCT00000410"), strange)):
        made = lines_of(tmp_path, one)
        assert len(made) == len(set(made))
        for line in made:
            (quad,) = quads([line])
            assert serialize([quad], format=RdfFormat.N_QUADS) == line


def test_a_record_has_some_hundred_quads(tmp_path: Path) -> None:
    counts = [len(lines_of(tmp_path, one)) for one in studies()]
    assert 60 < sum(counts) / len(counts) < 300


def test_dates_keep_their_precision(tmp_path: Path) -> None:
    def dated(one: Any) -> None:
        one["protocolSection"]["statusModule"] = {
            "startDateStruct": {"date": "2013"},
            "primaryCompletionDateStruct": {"date": "2014-02"},
            "completionDateStruct": {"date": "2014-03-01"},
        }

    found = quads(lines_of(tmp_path, changed(study("NCT00000410"), dated)))
    kinds = {
        quad.predicate.value.rpartition("/")[2]: quad.object.datatype.value.rpartition("#")[2]
        for quad in found
        if isinstance(quad.object, Literal)
    }
    assert (kinds["startDate"], kinds["primaryCompletionDate"], kinds["completionDate"]) == (
        "gYear",
        "gYearMonth",
        "date",
    )


@pytest.mark.parametrize("name", MAPPINGS)
def test_each_field_is_published_as_a_node(name: str) -> None:
    found = quads(list(mapping_lines(name)))
    assert len({quad.subject for quad in found}) == len(field_mapping(name).lines)
