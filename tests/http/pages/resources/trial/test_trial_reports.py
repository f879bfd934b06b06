"""The reports of a trial in columns: reviews first, records after, each value one click from its place."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.html_page import Page, page
from tests.record_pages import HOSTILE, OTHER, SHARED
from trialgraph.base.escaping import visible

TRIAL = f"/trial/{SHARED}"
COLUMNS = ["Review", "ClinicalTrials.gov, 1 May 2024", "ClinicalTrials.gov, 31 January 2020"]
LINK = re.compile(r'<a class="v" href="([^"]+)"')


@pytest.fixture(scope="module")
def text(record_client: FlaskClient) -> str:
    return page(record_client, TRIAL)


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def rows_of(text: str) -> dict[str, dict[str, str]]:
    """By the title of a row and the name of a report the markup of its cell."""
    body = text.split('<table class="values side">')[1].split("</table>")[0].split("<tbody>")[1]
    made = {}
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        title = words(re.findall(r"<th.*?</th>", row, re.DOTALL)[0])
        cells = re.findall(r'<td data-of="([^"]*)">(.*?)</td>', row, re.DOTALL)
        made[title] = {unescape(of): cell for of, cell in cells if of != "Compared"}
    return made


def test_reviews_stand_first_then_the_states_of_the_record_from_the_latest(text: str) -> None:
    head = text.split('<table class="values side">')[1].split("</thead>")[0]
    names = [words(one.partition("<br>")[0]) for one in re.findall(r'<th scope="col">(.*?)</th>', head)]
    assert names[:4] == ["Field", *COLUMNS]
    assert all(list(cells) == COLUMNS for cells in rows_of(text).values())


def test_the_heading_says_which_report_states_what_where_they_differ(text: str) -> None:
    line = words(text.split("</h1>")[1].split("</p>")[0])
    assert "phase 1/2 (Review)" in line
    assert "phase 4 (ClinicalTrials.gov, 1 May 2024)" in line, "the latest state of the record"
    assert "allogeneic ·" in line, "what one report alone states is in no doubt"
    assert "results published ·" in line, "nor is what all state"


def test_values_of_records_stand_in_the_rows_of_the_review(text: str) -> None:
    rows = rows_of(text)
    _, later, former = COLUMNS
    assert words(rows["Patients"][later]) == "260 estimated"
    assert words(rows["Patients"][former]) == "244 estimated"
    assert words(rows["Recruitment status"][later]) == "active, not recruiting"
    assert words(rows["Sites"][later]) == "190"
    assert words(rows["Sponsor"][later]) == "Étude <i>AG</i> other gov"
    assert words(rows["Title"][later]) == " ".join(visible(HOSTILE).split())
    assert words(rows["Countries"][later]).split() == [
        "Iran",
        "South",
        "Korea",
        "Türkiye",
        "United",
        "States",
    ]
    assert "Why stopped" not in rows, "what no report states has no row"


def test_every_value_of_a_record_leads_to_its_place_or_to_its_characters(
    record_client: FlaskClient, text: str
) -> None:
    pages: dict[str, str] = {}
    places, readings = 0, 0
    for title, cells in rows_of(text).items():
        for of in COLUMNS[1:]:
            for item in re.findall(r"<li>(.*?)</li>", cells[of], re.DOTALL) or [cells[of]]:
                if item.startswith('<span class="st'):
                    continue
                found = LINK.search(item)
                assert found, (title, item)
                path = unescape(found[1])
                place, address = unquote(urlsplit(path).fragment), path.partition("#")[0]
                if address not in pages:
                    pages[address] = page(record_client, address)
                if place:
                    places += 1
                    assert f'id="{place}"' in pages[address], (title, place)
                else:
                    readings += 1
                    assert address.startswith("/reading/")
                    assert "<mark>" in pages[address], (title, address)
    assert places > 40
    assert readings > 5


def test_a_size_leads_to_the_very_number(record_client: FlaskClient, text: str) -> None:
    found = LINK.search(rows_of(text)["Patients"][COLUMNS[2]])
    assert found
    path, _, place = unescape(found[1]).partition("#")
    assert place == "/protocolSection/designModule/enrollmentInfo/count"
    line = re.findall(rf'<span id="{place}"[^>]*>(.*?)</span>', page(record_client, path))
    assert [unescape(one).strip() for one in line] == ['"count": 244,']


def test_no_title_of_a_record_is_markup(record_client: FlaskClient, text: str) -> None:
    for path in (
        TRIAL,
        f"/report/later/{SHARED}",
        "/trials?columns=title,sponsor&source=later",
        "/source/later",
    ):
        shown = page(record_client, path)
        assert "<script>alert" not in shown
        assert "<i>AG" not in shown
        assert "\u202e" not in shown
    assert "&lt;script&gt;alert" in text


def test_a_record_alone_says_so_and_links_what_it_states(record_client: FlaskClient) -> None:
    text = page(record_client, f"/trial/{OTHER}")
    assert "What the registry states" in text
    values = text.split('<table class="values">')[1].split("</table>")[0]
    printed = [LINK.findall(row) for row in re.findall(r"<tr>.*?</tr>", values, re.DOTALL)]
    linked = [unescape(href) for row in printed for href in row]
    assert f"/report/later/{OTHER}#/protocolSection/designModule/enrollmentInfo/count" in linked


def test_a_reading_of_a_record_stands_in_the_json_that_leads_to_it(
    record_client: FlaskClient, text: str
) -> None:
    found = LINK.search(rows_of(text)["Follow-up"][COLUMNS[1]])
    assert found
    shown = page(record_client, unescape(found[1]))
    block = unescape(re.sub(r"<[^>]+>", "", shown.split('<pre class="record"')[1].split("</pre>")[0]))
    held = json.loads(re.sub(r"^\s*…,\n", "", block.partition(">")[2], flags=re.MULTILINE))
    assert list(held) == ["protocolSection"]
    assert "ClinicalTrials.gov record NCT01741857" in shown
    assert "state of 1 May 2024" in shown


def test_ids_of_a_record_are_unique(record_client: FlaskClient) -> None:
    taken = Page(page(record_client, f"/report/later/{SHARED}"))
    ids = [attributes["id"] for _, attributes in taken.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "/protocolSection/contactsLocationsModule/locations/189/facility" in ids
    assert "/protocolSection/contactsLocationsModule/locations/{n}/country" in ids
