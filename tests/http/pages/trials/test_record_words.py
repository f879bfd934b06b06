"""Records in the table of trials: columns, facets, and the way from each value to its place in the record's JSON."""

from __future__ import annotations

import csv
import io
import json
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.html_page import page
from tests.record_pages import OTHER, SHARED
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.extract.registries.record_columns import RECORD_COLUMNS
from trialgraph.graph.records.field_terms import MAPPINGS
from trialgraph.http.pages.trials.record_words import COLUMN_FIELDS


def listed(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(f"/trials.json?{query}").text)
    return found


def test_each_column_of_records_has_its_fields_and_each_is_in_a_mapping_file() -> None:
    assert set(RECORD_COLUMNS) - set(COLUMN_FIELDS) == set()
    known = {(line.node, line.predicate) for name in MAPPINGS for line in field_mapping(name).lines.values()}
    assert {field for fields in COLUMN_FIELDS.values() for field in fields} - known == set()


@pytest.mark.parametrize("number", [SHARED, OTHER])
def test_every_value_leads_to_its_place(record_client: FlaskClient, number: str) -> None:
    (report,) = (one for one in listed(record_client, "source=later") if one["registration_id"] == number)
    pages: dict[str, str] = {}
    fell_back = []
    for column in RECORD_COLUMNS:
        if report[column] in (None, [], 0, ""):
            continue
        found = record_client.get(f"/trials/later/{number}/{column}")
        assert found.status_code == 303, column
        path, _, place = found.headers["Location"].partition("#")
        place = unquote(place)
        if path not in pages:
            pages[path] = page(record_client, path)
        assert f'id="{unescape(place)}"' in pages[path], (column, place)
        if place == "record":
            fell_back.append(column)
    # That no phase applies is said by the lack of one, or by the word that stands for none.
    assert set(fell_back) <= {"phase_status"}


@pytest.mark.parametrize(
    ("column", "place"),
    [
        ("n_total", "/protocolSection/designModule/enrollmentInfo/count"),
        ("countries", "/protocolSection/contactsLocationsModule/locations/{n}/country"),
        ("status", "/protocolSection/statusModule/overallStatus"),
        ("arms", "/protocolSection/armsInterventionsModule/armGroups"),
        ("results_status", "/protocolSection/referencesModule/references/5/type"),
    ],
)
def test_a_value_leads_to_the_exact_place(record_client: FlaskClient, column: str, place: str) -> None:
    found = record_client.get(f"/trials/later/{SHARED}/{column}")
    assert unquote(urlsplit(found.headers["Location"]).fragment) == place


def test_a_number_of_a_record_does_not_lead_to_another_of_its_field(record_client: FlaskClient) -> None:
    found = record_client.get(f"/trials/later/{OTHER}/n_total")
    assert found.headers["Location"].endswith("#/protocolSection/designModule/enrollmentInfo/count")


@pytest.mark.parametrize(
    ("query", "reports"),
    [
        ("country=Iran", 3),
        ("country=Iran, Islamic Republic of", 3),
        ("country=South Korea&sponsor_class=other gov", 3),
        ("country=Korea, Republic of&phase=phase 4", 3),
        ("status=active not recruiting", 3),
        ("status=active, not recruiting", 3),
        ("sponsor_class=industry", 1),
        ("sponsor_class=industry&sponsor_class=OTHER GOV", 4),
        ("year=2000", 3),
        ("sponsor_class=NIH", 0),
        ("country=Norway", 0),
        ("country=Iran&source=former", 1),
    ],
)
def test_facets_of_records_combine_with_the_others(
    record_client: FlaskClient, query: str, reports: int
) -> None:
    assert len(listed(record_client, query)) == reports
    columns = "columns=registration_id,countries,sponsor_class,status"
    text = record_client.get(f"/trials.csv?{query}&{columns}&cells=exact").text
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == reports
    assert all(list(line) == ["registration_id", "countries", "sponsor_class", "status"] for line in lines)
    shown = page(record_client, f"/trials?{query}&{columns}")
    said = f"<b>{reports} report{'' if reports == 1 else 's'}</b>"
    assert said in shown


def test_what_is_no_country_and_no_class_is_refused(record_client: FlaskClient) -> None:
    for query in ("country=Atlantis", "sponsor_class=royal", "country=Asia"):
        found = record_client.get(f"/trials?{query}", headers={"Accept": "text/html"})
        assert found.status_code == 400, query


def test_menus_offer_the_facets_and_the_set_of_columns(record_client: FlaskClient) -> None:
    text = page(record_client, "/trials")
    for name, value in (
        ("country", "Türkiye"),
        ("sponsor_class", "other gov"),
        ("status", "active, not recruiting"),
    ):
        assert f'name="{name}" value="{value}"' in text
    assert ">registry</a>" in text


def test_a_release_of_tables_has_no_set_of_columns_of_records(two_client: FlaskClient) -> None:
    assert ">registry</a>" not in page(two_client, "/trials")
