"""The page of a source that is a table of a file: the table as it is there, each cell with what was read from it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.html_page import page
from trialgraph.http.server.app import create_app
from trialgraph.pipeline import build
from trialgraph.query.pool import Pool

GRID = """<table><caption>UC-MSC trials in COVID-19</caption><tr><th>Trial<th>Phase/status<th>Patients
<tr><td>NCT01741857<td>Phase 1/2, completed<td>12<sup>a</sup><tr><td>NCT00395200<td>Phase 2<td>30
<tfoot><tr><td colspan=3><sup>a</sup> Two withdrew.</table>"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("grid")
    (home / "sheet.html").write_text(GRID)
    release, _ = build([home / "sheet.html"], releases=home / "releases")
    with Pool(release, size=1) as pool:
        return page(create_app(release, pool).test_client(), "/source/sheet")


def cells(row: str) -> list[str]:
    return [
        unescape(re.sub(r"<[^>]+>", "", cell)).strip()
        for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
    ]


def test_it_is_the_table_with_each_cell_once_and_what_the_caption_states_beside_it(shown: str) -> None:
    (table,) = re.findall(r'<table class="grid whole">(.*?)</table>', shown, re.S)
    assert [cells(row) for row in table.split("<tr")[1:]] == [
        ["row", "Trial", "Phase/status", "Patients", "beside the table"],
        ["1", "NCT01741857", "Phase 1/2, completed", "12a", "UC-MSCCOVID-19"],
        ["2", "NCT00395200", "Phase 2", "30", "UC-MSCCOVID-19"],
    ]


def test_both_fields_of_a_cell_are_marked_in_it(shown: str) -> None:
    (cell,) = re.findall(
        r'<bdi class="cell" title="/html/body/table/tr\[2\]/td\[2\]">(.*?)</bdi>', shown, re.S
    )
    assert re.findall(r"<mark>(.*?)</mark>", cell) == ["Phase 1/2", "completed"]


def test_a_mark_leads_to_its_note_and_the_caption_stands_above(shown: str) -> None:
    assert re.search(r'<sup><a href="/table-text/sheet/\d+" title="Two withdrew\.">a</a></sup>', shown)
    assert (
        shown.index("UC-MSC trials in COVID-19")
        < shown.index('<table class="grid whole">')
        < shown.index("Two withdrew.</bdi>")
    )
