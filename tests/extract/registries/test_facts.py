"""Facts of records: each leads back to its place, nothing named is lost, nothing personal is read."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from tests.extract.registries.records import number_of, studies, study
from trialgraph.extract.registries.facts import record_facts
from trialgraph.extract.registries.mapping import LAYERS, field_mapping
from trialgraph.extract.registries.values import Unlisted, Unreadable, reader_of
from trialgraph.model.record import RecordFact

NAME = "clinicaltrials_gov"


def resolved(record: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        record = record[int(key)] if isinstance(record, list) else record[key]
    return record


def read_again(fact: RecordFact, record: Any) -> object:
    """The value at a fact's place, read by the reader of its line."""
    value = reader_of(fact.line.reader, field_mapping(NAME).enums)(resolved(record, fact.at))
    return value.value if isinstance(value, Unlisted) else value


@pytest.mark.parametrize("record", studies(), ids=number_of)
def test_every_fact_leads_back_to_its_place_and_value(record: Any) -> None:
    found = record_facts(NAME, record, LAYERS)
    assert found.facts
    assert all(read_again(fact, record) == fact.value for fact in found.facts)
    assert not found.problems
    assert all(fact.raw in (None, resolved(record, fact.at)) for fact in found.facts)


def leaves(value: Any, path: str = "") -> Any:
    """Every value of a record with the template of its place."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, f"{path}/{key}")
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below, f"{path}/{{n}}")
    else:
        yield path, value


@pytest.mark.parametrize("record", studies(), ids=number_of)
def test_every_value_of_a_record_is_a_fact_or_is_named_as_not_read(record: Any) -> None:
    mapping = field_mapping(NAME)
    found = record_facts(NAME, record, LAYERS)
    stated = Counter(fact.line.path for fact in found.facts)
    lines = {path for path, line in mapping.lines.items() if not line.distinct}
    for path, count in Counter(path for path, value in leaves(record) if value not in ("", None)).items():
        if path in lines:
            assert stated[path] == count, path
        elif path not in mapping.lines:
            covered = any(path == unread or path.startswith(f"{unread}/") for unread in mapping.unread)
            assert covered or any(path.startswith(unknown.partition("=")[0]) for unknown in found.unknown), (
                path
            )


def test_nothing_personal_is_read() -> None:
    record = study("NCT00000410")
    protocol = record["protocolSection"]
    protocol["contactsLocationsModule"] |= {
        "centralContacts": [{"name": "Somebody Known", "phone": "555", "email": "a@b.example"}],
        "overallOfficials": [{"name": "Somebody Known", "role": "PRINCIPAL_INVESTIGATOR"}],
    }
    protocol["contactsLocationsModule"]["locations"][0]["contacts"] = [{"name": "Somebody Known"}]
    protocol["sponsorCollaboratorsModule"]["responsibleParty"]["investigatorFullName"] = "Somebody Known"
    found = record_facts(NAME, record, LAYERS)
    assert not any("Somebody" in str(fact.value) for fact in found.facts)
    assert not found.unknown


def test_a_property_of_a_kind_of_node_has_one_line() -> None:
    for name in (NAME, "clinicaltrials_gov_versions", "ictrp"):
        lines = field_mapping(name).lines.values()
        assert max(Counter((line.node, line.predicate) for line in lines).values()) == 1
        assert all(line.path.startswith(field_mapping(name).nodes[line.node]) for line in lines)
        assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", line.predicate) for line in lines)


def test_the_core_has_the_primary_results_alone_and_the_layer_all() -> None:
    record = next(one for one in studies() if "resultsSection" in one)
    core, whole = record_facts(NAME, record), record_facts(NAME, record, ["results"])
    types = {
        str(f.value) for f in core.facts if (f.line.node, f.line.predicate) == ("reported-outcome", "type")
    }
    assert types == {"primary"}
    assert len(whole.facts) > len(core.facts)
    assert {(f.at, f.value) for f in core.facts} <= {(f.at, f.value) for f in whole.facts}


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        ("date", "2013", "2013"),
        ("date", "2013-02", "2013-02"),
        ("date", "2016-02-29", "2016-02-29"),
        ("count", 0, 0),
        ("count", 53, 53),
        ("mesh", "D000001168", "D001168"),
        ("mesh", "D001168", "D001168"),
        ("mesh", "D000069583", "D000069583"),
        ("mesh", "C000117479", "C117479"),
        ("registration", "nct00000410", "NCT00000410"),
        ("pmid", "12218520", "12218520"),
        ("duration", "18 Years", "18 Years"),
        ("words:Phase", "EARLY_PHASE1", "early 1"),
        ("words:Phase", "NA", "not applicable"),
        ("words:Status", "ACTIVE_NOT_RECRUITING", "active not recruiting"),
    ],
)
def test_a_value_is_read(reader: str, raw: object, value: object) -> None:
    assert str(reader_of(reader, field_mapping(NAME).enums)(raw)) == str(value)


@pytest.mark.parametrize(
    ("reader", "raw", "reason"),
    [
        ("date", "2013-02-30", "impossible date"),
        ("date", "2013-13", "impossible date"),
        ("date", "0000", "impossible date"),
        ("date", "tomorrow", "impossible date"),
        ("date", 2013, "value of another type"),
        ("count", -1, "impossible count"),
        ("count", 10**12, "impossible count"),
        ("count", "53", "value of another type"),
        ("count", True, "value of another type"),
        ("count", 1.5, "value of another type"),
        ("registration", "NCT1234567", "malformed registration number"),
        ("registration", "NCT00000000", "malformed registration number"),
        ("boolean", "Yes", "value of another type"),
        ("mesh", "X1", "malformed MeSH id"),
        ("pmid", "PMC123", "malformed PubMed id"),
        ("duration", "adult", "malformed age"),
        ("text", ["a"], "value of another type"),
    ],
)
def test_a_value_that_is_none_is_told(reader: str, raw: object, reason: str) -> None:
    found = reader_of(reader, field_mapping(NAME).enums)(raw)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
