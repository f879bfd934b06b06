"""The page of a trial: its reports side by side, its arms and doses, and what leads on from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Store

from tests.html_page import Page, page
from trialgraph.http.pages.resources.trial.trial_context import DosePlace, doses_among
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.open import Release

TRIAL = "/trial/NCT01741857"
PROVENANCE = re.compile(r'<a class="v" href="([^"]+)"')


def test_reports_of_two_sources_stand_side_by_side(two_client: FlaskClient) -> None:
    text = page(two_client, TRIAL)
    assert "2 reports, side by side" in text
    rows = re.findall(r'<tr(?: class="(.*?)")?><th scope="row">(.*?)</th>\s*(.*?)</tr>', text, re.DOTALL)
    by_title = {title: (mark, re.findall(r'data-of="(Review \d)"', cells)) for mark, title, cells in rows}
    both = ["Review 1", "Review 2"]
    assert by_title["Patients"] == ("differs", both)
    assert by_title["Phase"] == by_title["Disease"] == by_title["Dose"] == ("", both)
    assert by_title["Findings"] == ("", both), "what no rule compares has no verdict"
    verdicts = {title: re.sub("<[^>]+>", "", cells.rpartition("<td")[2]) for _, title, cells in rows}
    assert "differs, major" in verdicts["Patients"]
    assert "agrees" in verdicts["Phase"]
    assert re.search(r"\d+ fields compared: \d+ agree, \d+ differs? \(\d+ major\)", text)
    assert "289" in text
    assert "211 + 78 = 289, not 244" in text
    assert "1\u00a0×\u00a010⁶ cells/kg" in text
    assert 'title="intravenous">IV</abbr>' in text
    assert '<span class="st absent">absent</span>' in text, "what a source leaves out is told"


def test_every_value_of_a_trial_leads_to_its_source(two_client: FlaskClient, two_store: Store) -> None:
    text = page(two_client, TRIAL)
    table = text[text.index('<table class="values side">') : text.index("</table>")]
    cells = re.findall(r'<li>(.*?)</li>|<td data-of="Review \d">(?!<ul>)(.*?)</td>', table, re.DOTALL)
    values = [li or td for li, td in cells if (li or td) and not (li or td).startswith('<span class="st')]
    assert len(values) > 40
    assert [value for value in values if not PROVENANCE.search(value)] == []
    reports = two_store.query(
        f"SELECT DISTINCT ?r {{ <https://w3id.org/trialgraph{TRIAL}> {TG.hasReport}/{TG.readFrom} ?r }}"
    )
    read = {row["r"].value.partition("trialgraph")[2] for row in reports}  # type: ignore[union-attr] # a SELECT
    shown = set(PROVENANCE.findall(table))
    # The basis of a dose stands beside it in the same cell; nothing else is left out.
    assert {path for path in read - shown if "/dose_basis/" not in path} == set()


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


@pytest.fixture(scope="module")
def sample_trial(release: Release) -> Iterator[str]:
    """The page of a trial in a release of one source."""
    with Pool(release, size=1) as pool:
        yield page(create_app(release, pool).test_client(), "/trial/NCT04170426")


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
    assert rows_of(text, "Patients in each arm") == [["treatment", "211", ""], ["control", "78", ""]]
    widths = [float(w) for w in re.findall(r'<rect class="dot" width="([\d.]+)"', text)[:2]]
    assert widths == [100, round(100 * 78 / 211, 1)]
    count, lowest, highest = re.findall(
        r"the (\d+) different doses on this basis, (\S+) to (\S+?)<", text.replace("\u00a0", "_")
    )[0]
    assert (int(count), lowest, highest) == (8, "7.5_×_10⁵", "9_×_10⁷")
    assert 'aria-label="1 × 10⁶ among the other doses in cells/kg"' in text


def test_a_conflict_shows_its_readings_and_makes_a_line_for_the_curation(two_client: FlaskClient) -> None:
    text = page(two_client, TRIAL)
    anchor = "conflict-wjsc-107202-table1-2-arms-do-not-add-up"
    assert f'<section id="{anchor}"' in text
    assert text.count(f'href="#{anchor}"') >= 4, "at the top and at each number concerned"
    section = text.split(f'id="{anchor}"')[1].split("</section>")[0]
    assert [re.sub("<[^>]+>", "", n) for n in re.findall(r'class="big-n">(.*?)</span>', section)] == [
        "244",
        "211",
        "78",
    ]
    assert "2\tarms-do-not-add-up\tvalue n_total=…\tWHO\t" in section
    assert section.count("<option") == 3

    sent = {
        "settle": "2/arms-do-not-add-up",
        "decision": "value n_total=…",
        "value": "289",
        "who": "A. Reviewer",
    }
    sent |= {"why": "the paper\tsays <b>289</b>", "evidence": "doi:10.1000/182"}
    text = two_client.get(TRIAL, query_string=sent, headers={"Accept": "text/html"}).text
    line = unescape(re.findall(r"<code>(2\tarms-do-not-add-up.*?)</code>", text)[0]).split("\t")
    assert line[:4] == ["2", "arms-do-not-add-up", "value n_total=289", "A. Reviewer"]
    assert line[5:] == ["the paper says <b>289</b>", "doi:10.1000/182"]
    assert "<b>289</b>" not in text

    sent |= {"value": "many"}
    text = two_client.get(TRIAL, query_string=sent, headers={"Accept": "text/html"}).text
    assert "“many” is no value of n_total: give a whole number" in text


def test_a_trial_of_one_source_has_its_printed_words_beside_the_values(sample_trial: str) -> None:
    values = sample_trial.split('<table class="values">')[1].split("</table>")[0]
    rows = {
        re.sub("<[^>]+>", "", title): (re.sub("<[^>]+>", "", read).strip(), re.sub("<[^>]+>", "", printed))
        for title, read, printed in re.findall(
            r"<tr><th[^>]*>(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>", values
        )
    }
    assert rows["Disease"] == ("rheumatoid arthritis, DMARD-resistant", "RA, DMARD-resistant")
    assert rows["Treated"] == ("39 printed 392", "392")
    assert rows["Dose"] == ("2 or 2.86\u00a0×\u00a010⁶ cells/kg", "2.0, 2.86")
    assert rows["Combined with"] == ("absent", "")
    assert rows["Follow-up"] == ("12 months", "12")
    assert "<h1>AD-MSC in RA, n\u00a0=\u00a054</h1>" in sample_trial
    assert "<title>NCT04170426: AD-MSC in RA, n = 54 – trialgraph</title>" in sample_trial
    assert "<summary>Abbreviations</summary>" in sample_trial


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
