"""Records as N-Quads: each line is a quad of its own, and each value leads back to its place in the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from tests.extract.registries.records import changed, number_of, read, studies, study, written
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.record_lines import mapping_lines, place_of, record_lines
from trialgraph.rdf import iris

REGISTRY = "ClinicalTrials.gov"


def quads(lines: list[bytes]) -> list[Quad]:
    return list(parse(b"".join(lines), format=RdfFormat.N_QUADS))


def lines_of(tmp_path: Path, one: Any) -> list[bytes]:
    (report,), _ = read(written(tmp_path / "records.json", one))
    return list(record_lines(report))


def values_at(record: Any, pointer: str) -> list[Any]:
    """What stands at a pointer; ``{n}`` is every item of a list."""
    values = [record]
    for part in pointer.split("/")[1:]:
        below: list[Any] = []
        for value in values:
            if isinstance(value, list):
                below += value if part == "{n}" else [value[int(part)]]
            else:
                below.append(value[part])
        values = below
    return values


@pytest.mark.parametrize("one", studies(), ids=number_of)
def test_each_value_leads_back_to_its_place(tmp_path: Path, one: Any) -> None:
    found = quads(lines_of(tmp_path, one))
    stated = [q for q in found if isinstance(q.object, Literal) and "trial-link" not in str(q.subject)]
    lines = {(line.node, line.predicate) for line in field_mapping("clinicaltrials_gov").lines.values()}
    led = 0
    for quad in stated:
        assert isinstance(quad.subject, NamedNode)
        try:
            place = place_of(REGISTRY, quad.subject.value, quad.predicate.value)
        except KeyError:
            continue
        led += 1
        values = values_at(one, place)
        assert isinstance(quad.object, Literal)
        said = quad.object.value
        assert any(
            said in (str(value), str(len(value)) if isinstance(value, list) else "", str(value).lower())
            or said.casefold() == str(value).replace("_", " ").casefold()
            or (value == "NA" and said == "not applicable")
            or said.replace(" ", "") == str(value).replace("PHASE", "").replace("_", "").lower()
            or (
                isinstance(value, str)
                and value[:1] in "DC"
                and said == value[:1] + value[1:].lstrip("0").zfill(6)
            )
            for value in values
        ), (place, said, values[:3])
    assert led == len(stated) - 4  # number, file, checksum, line of the record itself
    assert len(lines) == len(field_mapping("clinicaltrials_gov").lines)


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


def test_the_trial_of_a_record_is_that_of_a_table(tmp_path: Path) -> None:
    found = quads(lines_of(tmp_path, study("NCT00000410")))
    about = [quad.object for quad in found if quad.predicate.value.endswith("/aboutTrial")]
    assert about == [iris.trial("NCT00000410")]


@pytest.mark.parametrize(("registry", "name"), [(REGISTRY, "clinicaltrials_gov"), ("ICTRP", "ictrp")])
def test_each_field_is_published_as_a_node(registry: str, name: str) -> None:
    found = quads(list(mapping_lines(registry)))
    assert len({quad.subject for quad in found}) == len(field_mapping(name).lines)
