"""From a value to the very characters it was read from, and back from the text to every value."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Store

from tests.html_page import Page, page
from tests.paths import ROOT
from tests.two_sources import OTHERWISE
from trialgraph.base.escaping import visible
from trialgraph.rdf.vocabulary import TG

SEED = ROOT / "seeds" / "wjsc-107202-table1" / "source.txt"
LINE = re.compile(r'<p class="line(?: whole)?" dir="auto">(.*?)</p>', re.DOTALL)
MARK = re.compile(r'<a href="([^"]+)" title="[^"]*"><mark>(.*?)</mark></a>', re.DOTALL)


def texts() -> dict[str, str]:
    """Slug to text of the two sources."""
    seed = SEED.read_text(encoding="utf-8")
    other = seed
    for old, new in OTHERWISE:
        other = other.replace(old, new, 1)
    return {"wjsc-107202-table1": seed, "other": other}


def words(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def rows(store: Store, query: str) -> list[Any]:
    return list(store.query(query))  # type: ignore[arg-type] # a SELECT


@pytest.fixture(scope="module")
def readings(two_store: Store) -> dict[str, tuple[int, int, str]]:
    """Path of each reading to its offsets and words, as the graph has them."""
    found = rows(
        two_store,
        f"SELECT ?r ?s (?s + STRLEN(?v) AS ?e) ?v {{ ?r {TG.startOffset} ?s ; {TG.verbatim} ?v ; a {TG.Reading} }}",
    )
    return {
        row["r"].value.partition("trialgraph")[2]: (int(row["s"].value), int(row["e"].value), row["v"].value)
        for row in found
    }


def test_a_reading_marks_the_very_characters(
    two_client: FlaskClient, readings: dict[str, tuple[int, int, str]]
) -> None:
    # One of each kind of each source, and those of the line that was made hostile.
    chosen = {(path.split("/")[2], path.split("/")[4]): path for path in sorted(readings)}
    paths = [*chosen.values(), *(path for path in readings if path.startswith("/reading/other/2/finding"))]
    assert len(paths) > 40
    for path in paths:
        start, end, verbatim = readings[path]
        text = texts()[path.split("/")[2]]
        assert text[start:end] == verbatim
        shown = page(two_client, path)
        (line,) = LINE.findall(shown)
        marked = MARK.findall(line)
        assert {href for href, _ in marked} == {path}
        assert "".join(words(mark) for _, mark in marked) == visible(verbatim)
        first, last = text.rfind("\n", 0, start) + 1, f"{text}\n".find("\n", end)
        assert words(line) == visible(text[first:last])
        assert words(line[: line.index("<mark>")]) == visible(text[first:start])
        assert f"{start} to {end} of the source" in shown


def test_a_reading_tells_its_rule_with_example_and_its_mapping(two_client: FlaskClient) -> None:
    shown = words(page(two_client, "/reading/other/2/disease/1"))
    assert "The whole cell is a name of the disease." in shown
    assert "“SPMS” gives “secondary progressive multiple sclerosis”" in shown
    assert "“SLE” skos:exactMatch systemic lupus erythematosus (tgc:systemic-lupus-erythematosus)" in shown
    then = "“systemic lupus erythematosus” skos:exactMatch systemic lupus erythematosus (MONDO:0007915)"
    assert f"{then}by manual mapping curation, release v" in shown
    assert "The mapping" not in words(page(two_client, "/reading/other/2/n_total/1"))


def test_the_text_of_a_source_leads_back_to_every_value(
    two_client: FlaskClient, readings: dict[str, tuple[int, int, str]]
) -> None:
    for slug, text in texts().items():
        shown = page(two_client, f"/source/{slug}")
        links = {str(a["href"]) for a in Page(shown).all("a")}
        mine = {path for path in readings if path.startswith(f"/reading/{slug}/")}
        assert mine <= links
        lines = [words(line) for line in LINE.findall(shown)]
        assert len(lines) == 21
        assert all(line in visible(text, keep="\n") for line in lines)
        # Each marked run lies within the words that its reading was made from.
        for href, mark in MARK.findall(shown):
            assert words(mark) in visible(readings[href][2])


def test_a_part_of_a_report_shows_the_ink_it_rests_on(two_client: FlaskClient, two_store: Store) -> None:
    for path in ("/arm/other/2/1", "/dose/other/2/1", "/conflict/wjsc-107202-table1/2/arms-do-not-add-up"):
        shown = page(two_client, path)
        assert "<h2>Source text</h2>" in shown
        node = f"<https://w3id.org/trialgraph{path}>"
        rests = rows(two_store, f"SELECT DISTINCT ?r {{ {node} {TG.readFrom}|{TG.hasCompetingReading} ?r }}")
        assert {f'href="{row["r"].value.partition("trialgraph")[2]}"' in shown for row in rests} == {True}


def test_a_source_is_shown_page_by_page(
    two_client: FlaskClient, change_settings: Callable[..., None]
) -> None:
    change_settings(source_rows=10)
    first, last = page(two_client, "/source/other"), page(two_client, "/source/other?page=3")
    assert len(LINE.findall(first)) == 10
    assert 'href="/source/other?page=2"' in first
    assert len(LINE.findall(last)) == 1
    assert 'id="row-21"' in last
    assert "No row was read from it on this page" in page(two_client, "/source/other?page=9")
    assert two_client.get("/source/other?page=x").status_code == 400


def test_letters_that_run_from_right_to_left_are_kept_apart(two_client: FlaskClient) -> None:
    shown = page(two_client, "/reading/other/2/finding/3")
    assert re.search(r'<bdi class="cell" title="Conclusion">[^§]*?שלום', shown)
    assert re.search(r"“<bdi>[^<]*שלום", shown)


def test_ink_is_bounded(
    two_client: FlaskClient, change_settings: Callable[..., None], two_store: Store
) -> None:
    change_settings(thing_links=5)
    shown = page(two_client, "/row/other/2")
    assert "5 values read from row 2" in shown
    assert two_store.contains_named_graph(NamedNode("https://w3id.org/trialgraph/graph/other"))


def test_the_page_of_a_reading_says_whether_it_is_in_use(two_client: FlaskClient) -> None:
    used = page(two_client, "/reading/wjsc-107202-table1/9/n_treatment/2")
    assert re.search(r"39</bdi></b> <span class=\"tag\">used</span>", used)
    other = page(two_client, "/reading/wjsc-107202-table1/9/n_treatment/1")
    assert re.search(r"392</bdi></b> <span class=\"soft small\">not in use</span>", other)
    assert "by the rule patients.footnote-mark" in words(other)
    assert "arms do not add up, open 392 + 15 = 407" in words(other)
    titles = [re.findall(r"<title>(.*?)</title>", text)[0] for text in (used, other)]
    assert titles == [f"Patients treated: {n} (NCT04170426) – trialgraph" for n in (39, 392)]
    others = used.split('id="others"')[1]
    assert 'href="/reading/wjsc-107202-table1/9/n_treatment/1"' in others
    assert "kept, not used" in others


def test_a_conflict_is_flagged_beside_the_values_it_is_about(two_client: FlaskClient) -> None:
    shown = page(two_client, "/trial/NCT04170426")
    lines = re.findall(r"<tr.*?</tr>", shown, re.DOTALL)
    treated = next(line for line in lines if '<th scope="row">Treated' in line)
    flagged = re.findall(r'<a class="st error" href="#([^"]+)" title="([^"]+)">printed 392</a>', treated)
    anchor = "conflict-{}-9-arms-do-not-add-up"
    assert [place for place, _ in flagged] == [anchor.format("other"), anchor.format("wjsc-107202-table1")]
    assert flagged[0][1].startswith("392 + 15 = 407, not 54")
    for place, _ in flagged:
        section = shown.split(f'<section id="{place}"')[1].split("</section>")[0]
        assert "/9/n_treatment/1" in section
        assert "/9/n_treatment/2" in section


def test_the_page_of_an_open_conflict_has_the_line_to_paste(two_client: FlaskClient) -> None:
    shown = page(two_client, "/conflict/wjsc-107202-table1/2/arms-do-not-add-up")
    (line,) = re.findall(r"<code>(2\tarms.*?)</code></pre>", shown, re.DOTALL)
    cells = unescape(line).split("\t")
    assert cells[:4] == ["2", "arms-do-not-add-up", "value n_total=…", "WHO"]
    assert cells[5:] == ["WHY", "EVIDENCE"]
    offered = re.findall(r'<option value="([^"]+)"', shown)
    assert offered == ["value n_total=…", "value n_treatment=…", "value n_control=…"]
