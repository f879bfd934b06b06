"""The saved questions on registries: on records of every kind they say what the rules for records say."""

from __future__ import annotations

import re
from typing import Final

import pytest
import rdflib
from pyoxigraph import Store

from tests.queries.answers import answer, golden, rdflib_answer
from tests.registries_release import registry_files
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.history.timing import is_overdue, registered
from trialgraph.extract.registries.source import registry_file_of, registry_input
from trialgraph.model.record import RecordReport
from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.rdf import iris
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

QUERIES: Final = {slug: query for slug, query in load_queries().items() if query.topic == "registries"}
EACH = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
#: As the question on the start says it.
ORDERS: Final = {
    "before": "before the start", "after": "after the start", "same day": "on the day of the start",
    "not decidable": "not decidable",
}  # fmt: skip


@pytest.fixture(scope="module")
def store(registries: Release) -> Store:
    return open_store(registries)


@pytest.fixture(scope="module")
def graph(registries: Release) -> rdflib.Graph:
    """What the sources state; the ontologies would take rdflib four times as long to read."""
    others = tuple(f" {iris.graph(name)} .\n" for name in ("mappings", "module", "ontology", "meta"))
    with registries.file("dataset.nq").open(encoding="utf-8") as quads:
        triples = "".join(
            re.sub(r" <[^<>]*> \.\n$", " .\n", line) for line in quads if not line.endswith(others)
        )
    return rdflib.Graph().parse(data=triples, format="nt")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RecordReport]:
    """The records of the release as the reader reads them, by their report."""
    made = {}
    for path in registry_files(tmp_path_factory.mktemp("records")):
        file = registry_file_of(path)
        assert file
        for one in registry_input(path, file, DEFAULTS).file.reports(DEFAULTS):
            assert isinstance(one, RecordReport)
            made[f"report/{one.source}/{one.locator}"] = one
    return made


def asked(store: Store, slug: str, **values: str) -> list[dict[str, str]]:
    columns, rows = answer(store, QUERIES[slug].bind(values))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_there_are_six() -> None:
    assert len(QUERIES) >= 6


@EACH
def test_a_question_on_registries_is_empty_without_records(query: SavedQuery, release: Release) -> None:
    assert answer(open_store(release), query.bind()) == (query.expected.columns, [])


@EACH
def test_a_question_on_registries_answers_as_the_golden_file(
    query: SavedQuery, store: Store, graph: rdflib.Graph
) -> None:
    found = answer(store, query.bind())
    assert found == golden(query.slug)
    assert found[1]
    assert len(set(found[1])) == len(found[1]), "a row that stands twice is a cross product"
    assert rdflib_answer(graph, query.bind()) == found


def test_the_order_of_registration_and_start_is_that_of_the_reader(
    store: Store, records: dict[str, RecordReport]
) -> None:
    told = {report: registered(one) for report, one in records.items()}
    expected = {report: ORDERS[order] for report, order in told.items() if order}
    assert {row["report"]: row["order"] for row in asked(store, "registration-and-start")} == expected
    assert {"before the start", "after the start", "not decidable"} <= set(expected.values())


def test_results_are_overdue_as_the_reader_says(store: Store, records: dict[str, RecordReport]) -> None:
    told = {report: is_overdue(one) for report, one in records.items()}
    expected = {report: verdict for report, verdict in told.items() if verdict in ("yes", "not decidable")}
    assert {row["report"]: row["overdue"] for row in asked(store, "results-overdue")} == expected
    assert set(expected.values()) == {"yes", "not decidable"}
    elsewhere = {
        row["report"] for row in asked(store, "results-overdue") if row["resultsElsewhere"] == "true"
    }
    assert elsewhere == {"report/earlier/NCT02034188"}  # a later state of the record names a paper


def test_each_link_of_a_record_is_told(store: Store, records: dict[str, RecordReport]) -> None:
    stated = {
        (report, link.other, link.kind, link.stated.at)
        for report, one in records.items()
        for link in one.links
    }
    rows = asked(store, "numbers-of-one-trial")
    assert {(row["report"], row["number"], row["kind"], row["statedAt"]) for row in rows} == stated
    own = {one.record.identifier for one in records.values()}
    assert {row["number"] for row in rows if row["hasOwnReport"] == "true"} == own & {
        n for _, n, _, _ in stated
    }


def test_each_stopped_trial_is_told(store: Store, records: dict[str, RecordReport]) -> None:
    stopped = ("terminated", "withdrawn", "suspended")
    expected = {
        (report, one.words("whyStopped"))
        for report, one in records.items()
        if one.words("recruitmentStatus") in stopped or one.words("whyStopped")
    }
    assert {(row["report"], row["whyStopped"]) for row in asked(store, "stopped-trials")} == expected
    assert any(not why for _, why in expected)


@pytest.mark.parametrize("about", ["NCT01663116", "https://w3id.org/trialgraph/trial/NCT01663116"])
def test_the_states_of_one_trial_stand_in_their_order(store: Store, about: str) -> None:
    rows = asked(store, "status-timeline", about=about)
    assert [(row["asOf"], row["status"]) for row in rows] == [
        ("2012-08-14", "recruiting"),
        ("2022-10-10", "completed"),
    ]


def test_a_size_is_beside_those_of_the_review_and_of_another_state(store: Store) -> None:
    rows = [row for row in asked(store, "planned-and-actual-size") if row["trialLabel"] == "NCT01663116"]
    assert [
        (row["asOf"], row["patientsType"], row["otherPatientsType"], row["difference"]) for row in rows
    ] == [
        ("2012-08-14", "estimated", "actual", "-7"),
        ("2012-08-14", "estimated", "", "-7"),
        ("2022-10-10", "actual", "", "0"),
    ]
