"""The page of a trial: its reports side by side, its arms and doses, and what leads on from it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape

from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Store

from tests.html_page import Page, page
from trialgraph.http.pages.resources.trial_context import DosePlace, doses_among
from trialgraph.rdf.vocabulary import TG

TRIAL = "/trial/NCT01741857"
PROVENANCE = re.compile(r'<a class="provenance" href="([^"]+)"')


def test_reports_of_two_sources_stand_side_by_side(two_client: FlaskClient) -> None:
    text = page(two_client, TRIAL)
    assert "2 reports, side by side" in text
    rows = re.findall(r'<tr( class="differs")?><th scope="row">(.*?)</th>\s*(.*?)</tr>', text, re.DOTALL)
    by_title = {
        title.partition(" <strong>")[0]: (bool(differs), cells.count("<td>"))
        for differs, title, cells in rows
    }
    assert by_title["Patients"] == (True, 2)
    assert by_title["Findings"] == (True, 2)
    assert by_title["Phase"] == by_title["Disease"] == by_title["Dose"] == (False, 2)
    assert "289" in text
    assert "211 + 78 = 289, not 244" in text
    assert "10⁶ cells/kg" in text


def test_every_value_of_a_trial_leads_to_its_source(two_client: FlaskClient, two_store: Store) -> None:
    text = page(two_client, TRIAL)
    table = text[text.index('<table class="compare">') : text.index("</table>")]
    cells = re.findall(r"<li>(.*?)</li>|<td>(?!<ul>)(.*?)</td>", table, re.DOTALL)
    values = [li or td for li, td in cells if (li or td) and "nothing" not in (li or td)]
    assert len(values) > 40
    assert [value for value in values if not PROVENANCE.search(value)] == []
    reports = two_store.query(
        f"SELECT DISTINCT ?r {{ <https://w3id.org/trialgraph{TRIAL}> {TG.hasReport}/{TG.readFrom} ?r }}"
    )
    read = {row["r"].value.partition("trialgraph")[2] for row in reports}  # type: ignore[union-attr] # a SELECT
    shown = set(PROVENANCE.findall(table))
    # The registration is the trial's name itself; nothing else is left out.
    assert {path for path in read - shown if "/registration/" not in path} == set()


def test_hostile_words_of_a_source_stay_words(two_client: FlaskClient) -> None:
    for path in (TRIAL, "/source/other", "/report/other/2", "/reading/other/2/finding/3"):
        text = page(two_client, path)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; שלום \\u202e" in text
        assert "\u202e" not in text


def test_a_trial_is_told_to_search_engines(two_client: FlaskClient) -> None:
    text = page(two_client, TRIAL)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert len(found) == 1
    assert "<" not in found[0]
    said = json.loads(found[0])
    assert said["@type"] == "MedicalTrial"
    assert said["identifier"] == ["NCT01741857"]
    assert said["healthCondition"][0]["name"] == "systemic lupus erythematosus"
    assert said["subjectOf"] == [
        {"@type": "ScholarlyArticle", "@id": "https://doi.org/10.4252/wjsc.v17.i7.107202"}
    ]
    assert said["url"].endswith(TRIAL)


def test_links_out_and_data_are_one_click_away(two_client: FlaskClient) -> None:
    targets = {a.get("href") for a in Page(page(two_client, TRIAL)).all("a")}
    assert {
        "https://bioregistry.io/clinicaltrials:NCT01741857",
        "https://doi.org/10.4252/wjsc.v17.i7.107202",
        "http://purl.obolibrary.org/obo/MONDO_0007915",
        "http://purl.obolibrary.org/obo/CL_0002569",
        f"{TRIAL}.ttl",
        f"{TRIAL}.jsonld",
    } <= targets


def rows_of(text: str, caption: str) -> list[list[str]]:
    """The rows of a table's body, as words."""
    table = text.split(f"<caption>{caption}</caption>", 1)[1].split("</table>", 1)[0]
    body = table.split("<tbody>", 1)[1]
    return [
        [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def test_arms_and_doses_are_tables_that_need_no_style(two_client: FlaskClient, two_store: Store) -> None:
    found = two_store.quads_for_pattern(None, TG.hasReport, None, None)
    trials = {q.subject.value for q in found if isinstance(q.subject, NamedNode)}
    for trial in sorted(trials)[::4]:
        taken = Page(page(two_client, trial.partition("trialgraph")[2]))
        assert not any("style" in attributes for _, attributes in taken.tags)
        assert all(meter.get("aria-hidden") == "true" for meter in taken.all("meter")), (
            "its number is beside it"
        )
        ids = [attributes["id"] for _, attributes in taken.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
    text = page(two_client, TRIAL)
    assert rows_of(text, "Arms") == [["treatment", "211", ""], ["control", "78", ""]]
    assert '<meter max="211" value="78" aria-hidden="true">' in text
    ((dose, lower, higher),) = rows_of(text, "Dose levels in cells/kg")
    assert dose == "1 × 10⁶"
    count, lowest, highest = re.findall(
        r"state (\d+) different doses on this basis, from (.+?) to (.+?)\.<", text
    )[0]
    assert int(lower) + 1 + int(higher) == int(count)
    assert (lowest, highest) == ("7.5 × 10⁵", "9 × 10⁷")


def test_shared_values_count_the_other_trials_that_have_them(two_client: FlaskClient) -> None:
    text = page(two_client, TRIAL)
    links = re.findall(r'<a href="(/trials\?[^"]+)" aria-label="(\d+) other trials', text)
    assert len(links) >= 6
    for href, count in links:
        listed = json.loads(two_client.get(unescape(href).replace("/trials?", "/trials.json?")).text)
        assert len({report["iri"] for report in listed}) == int(count) + 1


def test_a_dose_is_placed_among_the_different_doses_of_all_reports() -> None:
    low, high = Decimal(10**6), Decimal(10**7)
    reported = [Decimal(10**n) for n in (5, 6, 7, 8)]
    found = doses_among([("one", low, low), ("range", low, high)], reported, "cells")
    assert found.levels == (DosePlace("one", 1, 2), DosePlace("range", 1, 1))
    assert (found.reported, found.lowest, found.highest) == (4, "1 × 10⁵", "1 × 10⁸")
    alone = doses_among([("none", Decimal(0), Decimal(0))], [], "cells")
    assert alone.levels == (DosePlace("none", 0, 0),)
    assert (alone.reported, alone.lowest, alone.highest) == (0, "", "")
