"""What records state in fields is explained by record, place and reader."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from tests.graph.records import beside
from tests.graph.records.sound_records import SLUG, sound_records
from trialgraph.base.errors import UsageError
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.provenance_labels import provenance_label
from trialgraph.views.explain import explain

NUMBER = "NCT00000410"


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()
    made.bulk_extend(sound_records())
    # A release's default graph is the merge of the others.
    for quad in sound_records():
        made.add(type(quad)(quad.subject, quad.predicate, quad.object))
    return made


def test_a_value_of_the_study_leads_to_its_field(store: Store) -> None:
    found = explain(store, f"report/{SLUG}/{NUMBER}")
    (title,) = (one for one in found.fields if one.property == "tg:studyTitle")
    assert title.place == "/protocolSection/identificationModule/briefTitle"
    assert (title.record, title.registry, title.reader) == (NUMBER, "ClinicalTrials.gov", "text")
    assert "IdentificationModule.briefTitle" in title.meaning
    assert title.file.startswith("records.json:")
    assert len(title.sha256) == 64


def test_a_part_leads_to_its_entry(store: Store) -> None:
    part = record_iris.record_part(SLUG, NUMBER, "secondary-id", 0)
    found = explain(store, part.value)
    assert {one.node for one in found.fields} == {part.value}
    places = {one.property: one.place for one in found.fields}
    assert places["tg:recordedId"] == "/protocolSection/identificationModule/secondaryIdInfos/0/id"
    assert found.label == f"Secondary id 1 of record {NUMBER} in {SLUG}"


def test_a_trial_has_the_fields_of_its_records_and_the_readings_of_their_texts(store: Store) -> None:
    found = explain(store, NUMBER)
    assert len(found.fields) > 50
    registration = next(one for one in found.readings if one.reads == "registration")
    assert (registration.record, registration.row) == (NUMBER, 0)
    assert registration.address == "/protocolSection/identificationModule/nctId"


def test_no_more_are_shown_than_are_asked_for(store: Store) -> None:
    whole = explain(store, NUMBER)
    some = explain(store, NUMBER, 10)
    assert len(some.readings) + len(some.fields) == 10
    assert some.left_out == len(whole.readings) + len(whole.fields) - 10


def test_what_no_record_states_has_no_fields(store: Store) -> None:
    with pytest.raises(UsageError):
        explain(store, iris.source(SLUG).value)


def test_records_and_links_are_called_by_their_iris() -> None:
    assert provenance_label(record_iris.record(SLUG, NUMBER).value) == f"Record {NUMBER} in {SLUG}"
    assert (
        provenance_label(record_iris.trial_link(SLUG, NUMBER, 2).value)
        == f"Link 2 of record {NUMBER} in {SLUG}"
    )
    assert provenance_label(iris.row("one", 3).value) == "Row 3 of one"
    assert (
        provenance_label(iris.cell("one", NUMBER, "disease-1").value)
        == f"Disease-1 in record {NUMBER} of one"
    )


def test_a_comparison_leads_to_the_characters_of_the_row_and_to_the_fields_of_the_record() -> None:
    made = Store()
    for quad in beside.sound():
        made.add(type(quad)(quad.subject, quad.predicate, quad.object))
        made.add(quad)
    found = explain(made, f"comparison/review/1/third/{beside.NUMBER}/phase")
    assert [one.verbatim for one in found.readings] == ["Phase I/II"]
    assert [(one.property, one.value, one.as_of) for one in found.fields] == [
        ("tg:registeredPhase", "2", "2016-01-01"), ("tg:registeredPhase", "3", "2016-01-01"),
    ]  # fmt: skip
    found = explain(made, f"comparison/first/{beside.NUMBER}/third/{beside.NUMBER}/n_total")
    assert [(one.property, one.value, one.as_of) for one in found.fields] == [
        ("tg:enrolledTotal", "30", "2013-07-01"), ("tg:enrolmentType", "estimated", "2013-07-01"),
        ("tg:enrolledTotal", "244", "2016-01-01"), ("tg:enrolmentType", "actual", "2016-01-01"),
    ]  # fmt: skip
