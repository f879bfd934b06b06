"""The five minutes of a newcomer: from the home page to the source text, the code and the export, in a browser."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it has no types
from playwright.sync_api import Page
from pyoxigraph import RdfFormat, parse

from tests.small_graph import Server
from trialgraph.release.open import Release

OPEN = "Open the trials of lupus nephritis in the evidence table"
DARK = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}


def test_the_home_page_says_what_there_is(site: Server, open_page: Any, release: Release) -> None:
    page, _ = open_page(site)
    page.goto("")
    assert page.title() == "Clinical trials of mesenchymal stem cells in autoimmune disease – trialgraph"
    number = release.manifest["counts"]["trials"]
    assert page.locator(".lead").inner_text().startswith(f"{number} trials with ")
    assert page.locator(".card h3").count() == len(release.manifest["built_from"])
    assert page.locator(".tasks h2 a").count() == 4
    assert "2 cannot be right, 4 unusual. All rows were read." in page.locator(".tasks").inner_text()
    health = json.loads(site.ask("/health").body)
    assert page.locator("footer code").get_attribute("title") == health["release"]
    assert page.locator("#ask ~ ul a").count() == 6
    assert page.locator(".matrix td a").count() >= 14
    assert page.locator("#first ~ ul > li").count() == 6


def test_a_question_its_form_an_answer_and_the_ink_of_a_number(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("")
    page.get_by_role("link", name="How do the doses compare").click()
    page.get_by_label("Dose basis").select_option(label="cells per patient")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**basis=tgc**patient")
    page.get_by_role("link", name="2.5 × 10⁷", exact=True).first.click()
    page.wait_for_url("**/reading/**/dose/1")
    assert page.locator(".line mark").first.inner_text() == "2.5"
    assert "dose" in page.locator(".way li", has_text="Rule").inner_text()


def test_the_numbers_of_arms_lead_to_their_characters(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("queries/control-groups")
    row = page.locator("tr", has_text="NCT01741857")
    row.get_by_role("link", name="244", exact=True).click()
    page.wait_for_url("**/n_total/1")
    assert page.locator(".line mark").first.inner_text() == "244"


def test_copied_code_runs(site: Server, open_page: Any, tmp_path: Path) -> None:
    page, _ = open_page(site)
    page.goto("queries/trials-by-disease?disease=MONDO:0007915")
    page.locator("summary", has_text="Python, SPARQLWrapper").click()
    code = page.locator("pre[data-copy]:visible").inner_text()
    (tmp_path / "copied.py").write_text(code, encoding="utf-8")
    made = subprocess.run(
        [sys.executable, str(tmp_path / "copied.py")], capture_output=True, text=True, check=True
    )
    assert made.stdout.count("systemic lupus erythematosus") >= 4


def test_the_copy_button_copies(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("queries/trials-by-disease")
    page.locator("summary", has_text="curl").click()
    page.get_by_role("button", name="Copy", exact=True).locator("visible=true").click()
    page.get_by_text("copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -fsS ")


def test_the_turtle_export_opens(site: Server, open_page: Any, release: Release) -> None:
    page, _ = open_page(site)
    page.goto("dataset")
    with page.expect_download() as waited:
        page.get_by_role("link", name="trialgraph.ttl", exact=True).first.evaluate(
            "link => { link.download = ''; link.click(); }"
        )
    triples = sum(1 for _ in parse(path=waited.value.path(), format=RdfFormat.TURTLE))
    assert triples == release.manifest["counts"]["triples"]


def test_no_row_many_rows_and_no_answer(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql?query=SELECT * { ?s ?p ?o } LIMIT 1000&format=html")
    assert "The first 500 rows; a download has all" in page.locator("caption").inner_text()
    assert page.locator("tbody tr").count() == 500
    with page.expect_download() as waited:
        page.get_by_role("link", name="csv", exact=True).evaluate(
            "link => { link.download = ''; link.click(); }"
        )
    assert Path(waited.value.path()).read_bytes().count(b"\r\n") > 1000
    page.goto("sparql?query=SELECT * { ?s a <http://example.org/none> }&format=html")
    assert "No results." in page.locator("tbody").inner_text()
    said = page.goto("sparql?query=SELECT * { ?s foaf:name ?o }&format=html")
    assert said.status == 400
    assert "undeclared prefix foaf:; add PREFIX foaf:" in page.get_by_role("alert").inner_text()
    assert page.locator("textarea").input_value() == "SELECT * { ?s foaf:name ?o }", (
        "it can be corrected here"
    )
    said = page.goto("queries/trials-by-disease?disease=lupus")
    assert said.status == 400
    assert "'lupus' has several meanings" in page.get_by_role("alert").inner_text()
    assert "systemic lupus erythematosus (MONDO:0007915)" in page.get_by_role("alert").inner_text()
    said = page.goto("no/such/page")
    assert said.status == 404
    assert page.get_by_role("link", name="trialgraph", exact=True).is_visible()


def test_by_keyboard_alone(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q", "the content begins with the search"
    page.keyboard.type("lupus neph")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=lupus+neph")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel") == OPEN:
            break
    assert page.evaluate("document.activeElement.ariaLabel") == OPEN
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "one sees where one is"
    page.keyboard.press("Enter")
    page.wait_for_url("**/trials?disease=**")
    assert "lupus nephritis" in page.locator("tbody tr").first.inner_text()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "queries/",
        "queries/doses-side-by-side",
        "queries/where-a-value-came-from",
        "checks",
        "help",
        "trials",
        "trial/NCT01741857",
        "trial/wjsc-107202-table1/6",
        "reading/wjsc-107202-table1/9/n_treatment/2",
        "conflict/wjsc-107202-table1/9/arms-do-not-add-up",
        "figures/",
        "figures/evidence-map",
        "search?q=lupus",
        "sparql",
        "ontology/",
        "dataset",
        "source/wjsc-107202-table1",
        "no/such/page",
    ],
)
def test_each_page_fits_a_dark_narrow_screen_and_reads_well(site: Server, open_page: Any, path: str) -> None:
    _reads_well(open_page(site, **DARK)[0], path)


@pytest.mark.parametrize(
    "options", [DARK, {"viewport": {"width": 1280, "height": 900}}], ids=["narrow", "wide"]
)
@pytest.mark.parametrize(
    "path",
    [
        *(
            "trial/NCT02034188",
            "source/worksheet-allogeneic-msc",
            "report/worksheet-allogeneic-msc/4",
            "reviews",
        ),
        *("source/clinicaltrials-gov-records", "queries/status-timeline"),
        *("report/clinicaltrials-gov-records/NCT01663116", "trial/NCT01873625"),
    ],
)
def test_pages_on_several_sources_read_well(
    seeds_site: Server, open_page: Any, path: str, options: dict[str, Any]
) -> None:
    _reads_well(open_page(seeds_site, **options)[0], path)


def test_a_record_stands_beside_the_tables(seeds_site: Server, open_page: Any) -> None:
    page, _ = open_page(seeds_site)
    page.goto("")
    assert page.get_by_text("Records read", exact=True).count() == 1  # the other sources have rows
    page.goto("trial/NCT02034188")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Masking"))
    # The record, the worksheet that has a column of it, and those that have none.
    cells = row.locator("td").all_inner_texts()
    assert sorted(cell.strip() for cell in cells)[-2:] == ["open label", "open label"]


def test_a_value_of_a_record_leads_without_a_script_to_its_place_in_the_json(
    seeds_site: Server, open_page: Any
) -> None:
    page, _ = open_page(seeds_site, java_script_enabled=False)
    page.goto("trial/NCT01873625")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Patients"))
    row.locator("td[data-of='ClinicalTrials.gov'] a").click()
    page.wait_for_url("**/report/clinicaltrials-gov-records/NCT01873625#**")
    target = page.locator("pre.record :target")
    assert target.inner_text().strip() == '"count": 60,'
    box, region = target.bounding_box(), page.get_by_role("region", name="The record as JSON").bounding_box()
    assert box
    assert region
    assert region["y"] <= box["y"] <= region["y"] + region["height"], "it is scrolled to, in the region"


def test_on_a_narrow_screen_reports_stand_below_each_other(seeds_site: Server, open_page: Any) -> None:
    page, _ = open_page(seeds_site, viewport={"width": 390, "height": 844})
    page.goto("trial/NCT02034188")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Phase"))
    boxes = [cell.bounding_box() for cell in row.locator("td[data-of]").all()]
    assert len(boxes) >= 4
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(set(tops)), "one below the other"
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)


def _reads_well(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    # The editor is others' work. Of the ontology's page, one block like the next, the first ones are looked at.
    context = {
        "sparql": {"exclude": [["#editor"]]},
        "ontology/": {"include": [["header"], ["main > :nth-child(-n+20)"], ["footer"]]},
    }.get(path)
    found = Axe().run(page, context=context, options=options).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
