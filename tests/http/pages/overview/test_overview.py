"""The home page, the checks, about, help and tour: what they say holds, and their counts are those of their links."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from tests.html_page import Page, page
from trialgraph.rdf.vocabulary import TG

COUNT = re.compile(r'<a href="(/trials\?[^"]+)" aria-label="(\d+) trials?, ([\d,]+) patients?"')


def test_the_home_page_says_what_was_read_and_what_it_is_about(two_client: FlaskClient) -> None:
    text = page(two_client, "/")
    assert (
        "<title>Clinical trials of mesenchymal stem cells in autoimmune disease – trialgraph</title>" in text
    )
    assert 'content="26 trials with' in text
    assert "read from 2 sources. Every value links to the words it was read from." in text
    assert text.count("<h3><a href=") == 2, "a card for each source"
    assert "World Journal of Stem Cells 2025;17(7):107202" in text
    assert '<a href="https://doi.org/10.4252/wjsc.v17.i7.107202">' in text
    assert "23 November 2026" in text
    for path in (
        "/trials",
        "/checks",
        "/queries/",
        "/dataset",
        "/tour",
        "/help",
        "/about",
        "/about#source-code",
    ):
        assert f'href="{path}"' in text
    assert text.count('class="lines small"') == 1
    assert len(text.encode()) < 100_000


def test_counts_of_the_map_are_those_of_the_lists_that_they_lead_to(two_client: FlaskClient) -> None:
    found = COUNT.findall(page(two_client, "/"))
    assert len(found) >= 10
    for href, trials, patients in found:
        listed = json.loads(two_client.get(unescape(href).replace("/trials?", "/trials.json?")).text)
        # one row for each report: a trial counts once, with the largest total that a report of it gives
        by_trial: dict[str, int] = {}
        for one in listed:
            by_trial[one["iri"]] = max(by_trial.get(one["iri"], 0), one["n_total"] or 0)
        assert len(by_trial) == int(trials)
        assert sum(by_trial.values()) == int(patients.replace(",", ""))


def test_each_conflict_stands_on_the_page_of_checks_once_under_its_severity(
    two_client: FlaskClient, two_store: Store
) -> None:
    text = page(two_client, "/checks")
    conflicts = [q.subject.value for q in two_store.quads_for_pattern(None, TG.severity, None, None)]  # type: ignore[union-attr] # a node
    for iri in conflicts:
        assert text.count(f'href="{iri.partition("trialgraph")[2]}"') == 1
    wrong, unusual, unread = (
        text.split(f'<h2 id="{name}"')[1].split("</section>")[0] for name in ("wrong", "unusual", "unread")
    )
    assert "sum is 289" in wrong
    assert "printed 392" in wrong
    assert "90 × the median" in unusual
    assert "Nothing of this kind was found." in unread
    assert "value differs between" in text or "values differ between" in text


def test_the_first_page_counts_what_is_compared_and_leads_to_what_differs(
    two_client: FlaskClient,
) -> None:
    found = re.search(
        r"(\d+) trials compared: (\d+) fields agree, (\d+) differs? "
        r'\(<a href="([^"]+)">(\d+) between reviews</a>\)',
        page(two_client, "/"),
    )
    assert found
    trials, agree, differ, href, listed = found.groups()
    assert int(trials) > 10
    rows = json.loads(two_client.get(f"{unescape(href)}.json").text)["results"]["bindings"]
    assert len(rows) == int(differ) == int(listed) == 1
    by_field = json.loads(two_client.get("/queries/agreement-by-field.json").text)["results"]["bindings"]
    assert sum(int(row["agree"]["value"]) for row in by_field) == int(agree)


def test_each_number_of_differences_is_that_of_the_rows_that_it_leads_to(record_client: FlaskClient) -> None:
    text = page(record_client, "/")
    said = text.partition(" compared: ")[2].partition("Reports side by side")[0]
    for href, number in re.findall(r'<a href="(/queries/[^"]+)">(\d+) between', said):
        rows = json.loads(record_client.get(f"{unescape(href)}.json").text)["results"]["bindings"]
        assert len(rows) == int(number)


@pytest.mark.parametrize("path", ["/about", "/help", "/tour"])
def test_every_link_of_the_pages_for_newcomers_leads_somewhere(two_client: FlaskClient, path: str) -> None:
    links = {str(a["href"]).partition("#")[0] for a in Page(page(two_client, path)).all("a")}
    for href in sorted(link for link in links if link.startswith("/")):
        assert two_client.get(href, headers={"Accept": "text/html"}).status_code == 200, href
