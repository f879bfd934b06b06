"""The editor of the SPARQL page: as a person uses it, and the plain form where it cannot be."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import trialgraph
from tests.small_graph import Server, children, wait_until

BUNDLE = Path(trialgraph.__file__).parent / "http" / "pages" / "static" / "editor" / "yasgui.min.js"
# Answers after minutes, if it is let.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(autouse=True)
def built() -> None:
    if not BUNDLE.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("the editor is not built: make editor")
        pytest.skip("the editor is not built (make editor; needs node)" if shutil.which("npm") else "no node")


def start(site: Server, open_page: Any, **options: Any) -> tuple[Any, Any]:
    page, watched = open_page(site, **options)
    page.goto("sparql")
    page.wait_for_selector(".CodeMirror")
    return page, watched


def write(page: Any, query: str) -> None:
    page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", query)


def ask(page: Any, query: str) -> None:
    """Put a query into the editor, and run it by the keyboard."""
    write(page, query)
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+Enter")


def test_a_question_opens_in_the_editor_and_is_answered(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    assert page.locator("#plain").is_hidden()
    page.wait_for_selector("#filter:visible")
    page.fill("#filter", "narrower disease")
    assert page.locator("#questions li:visible").count() < 6
    page.click("text=Which trials study a disease, including narrower diseases?")
    page.wait_for_selector("#results td")
    assert "5 results in" in page.locator("#status").inner_text()
    link = page.locator("#results td a").first
    assert link.get_attribute("href").startswith("/trial/"), "our own IRIs lead to their pages here"
    link.click()
    page.wait_for_url("**/trial/**")
    page.go_back()
    page.wait_for_selector("#filter:visible")
    page.fill("#filter", "xyzzy")
    assert page.locator("#no-question").is_visible()


def test_terms_have_labels_short_names_and_values(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    disease = "<http://purl.obolibrary.org/obo/MONDO_0008383>"
    ask(page, f'SELECT ?d ?n ?yes ?t {{ VALUES (?d ?n ?yes ?t) {{ ({disease} 20000 true "a"@en) }} }}')
    page.wait_for_selector("#results td")
    cells = page.locator("#results td").all_inner_texts()
    assert cells == ["rheumatoid arthritis MONDO:0008383", "20,000", "yes", "a"]
    link = page.locator("#results td a")
    assert link.get_attribute("href") == "/term/MONDO:0008383"
    downloads = {a.inner_text(): a.get_attribute("href") for a in page.locator("#views a").all()}
    assert set(downloads) == {"Excel", "CSV", "TSV", "JSON", "XML"}
    with page.expect_download() as got:
        page.click("#views a:text-is('Excel')")
    assert got.value.suggested_filename == "answer.xlsx"


def test_words_are_completed_from_this_graph(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    page.evaluate(
        """() => {
          const editor = document.querySelector('.CodeMirror').CodeMirror;
          editor.setValue('PREFIX tg: <https://w3id.org/trialgraph/ontology/>\\nSELECT * { ?trial tg:trialDis');
          editor.focus(); editor.setCursor(1, 30);
        }"""
    )
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hints li")
    hints = page.locator(".CodeMirror-hints li").all_inner_texts()
    assert any("trialDisease" in hint for hint in hints), hints


def test_numbers_can_be_seen_as_bars_and_sorted(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    ask(
        page, 'SELECT ?nameLabel ?n { VALUES (?nameLabel ?n) { ("<b>one</b>" 1) ("four" 4) ("none" UNDEF) } }'
    )
    page.click("#views [data-view=Bars]")
    page.wait_for_selector(".bars")
    rows = page.locator(".bars tr").all_inner_texts()
    assert [row.split() for row in rows] == [["<b>one</b>", "1"], ["four", "4"]]
    assert page.locator(".bars meter").nth(1).evaluate("bar => bar.value / bar.max") == 1
    page.click("#views [data-view=Table]")
    page.click("#results th button:text-is('N')")
    page.click("#results th button:text-is('N')")
    page.wait_for_selector("#results th[aria-sort=descending]")
    assert page.locator("#results tbody tr").first.inner_text().split() == ["four", "4"]
    ask(page, "ASK {}")
    page.wait_for_selector("#results .big-n")
    assert page.locator("#results").inner_text() == "Yes"


def test_a_graph_is_drawn_with_links(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    tg = "https://w3id.org/trialgraph/ontology/"
    ask(page, f"CONSTRUCT {{ ?t <{tg}trialRoute> ?r }} WHERE {{ ?t <{tg}trialRoute> ?r }}")
    page.wait_for_selector("#results svg .node")
    nodes, edges = page.locator("svg.network .node").count(), page.locator("svg.network .edge").count()
    assert nodes > 10 <= edges
    assert "intravenous" in str(page.locator("svg.network").text_content())
    assert page.locator("svg.network a[href^='/trial/']").count() > 5
    page.click("#views [data-view=Table]")
    page.wait_for_selector("#results tbody tr")
    assert page.locator("#results tbody tr").count() == edges


def test_a_click_on_a_class_gives_a_query(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    page.locator("svg.core a", has_text=re.compile("^DoseLevel$")).click()
    page.wait_for_selector("#results td")
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "?doseLevel a tg:DoseLevel" in text


def test_what_is_wrong_is_told_with_its_place_and_marked(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    ask(page, "SELECT * {\n  ?s foaf:name ?o }")
    page.wait_for_selector("#status.error")
    assert page.locator("#status").inner_text().startswith("Line 2, column 6: Undeclared prefix foaf:.")
    assert "".join(page.locator(".query-error").all_inner_texts()) == "foaf:name"
    ask(page, "SELECT * { ?s ?p ?o } LIMIT 1")
    page.wait_for_selector("#results td")
    assert page.locator(".query-error").count() == 0


def test_cancel_stops_the_worker_and_says_so(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    before = set(children(site.process.pid))
    ask(page, ENDLESS)
    page.wait_for_selector("#run[aria-busy]")
    page.wait_for_timeout(500)
    page.click("#run")
    page.wait_for_selector("#run:not([aria-busy])")
    assert page.locator("#status").inner_text().startswith("Cancelled after")
    wait_until(lambda: not before <= set(children(site.process.pid)))


def test_of_an_answer_larger_than_a_page_the_first_rows_are_shown(site: Server, open_page: Any) -> None:
    """The rest is not read; what was cut in the middle of a row is no row."""
    page, _ = start(site, open_page)
    values = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(10))
    long = f"SELECT ?n ?x10 {{ ?n ?p ?o BIND('\"}}]{{\\\\[,' AS ?x0) {values} }}"
    ask(page, long)
    page.wait_for_selector("#run:not([aria-busy])")
    page.wait_for_selector("#results td")
    said = page.locator("#status").inner_text()
    assert re.match(
        r"The first [\d,]+ results in .* as the answer is larger than 4 MB; a download has all", said
    ), said
    assert "… (7,168 characters in all)" in page.locator("#results td").nth(1).inner_text()
    ask(page, "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c . ?d ?e ?f }")
    page.wait_for_function("() => document.querySelector('#status').textContent.includes('triples in')")
    assert page.locator("#status").inner_text().startswith("The first ")


def test_a_hostile_value_is_shown_and_not_run(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page)
    ask(page, f'SELECT * {{ VALUES (?a ?b) {{ ("{HOSTILE}" <javascript:alert(3)>) }} }}')
    page.wait_for_selector("#results td")
    assert page.locator("#results td").nth(0).inner_text() == HOSTILE
    assert page.locator("#results td a").count() == 0
    page.click("#views [data-view=Raw]")
    page.wait_for_selector("#results pre")
    page.wait_for_timeout(200)


def test_a_link_to_a_query_opens_it(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql#query=ASK%20%7B%20%3Fshared%20a%20%3Flink%20%7D")
    page.wait_for_selector(".CodeMirror")
    text = "document.querySelector('.CodeMirror').CodeMirror.getValue()"
    assert "?shared a ?link" in page.evaluate(text)
    write(page, "ASK { ?other a ?link }")
    page.click("#share")
    page.wait_for_function("location.hash.includes('other')")


def test_dark_mode_leaves_nothing_light(site: Server, open_page: Any) -> None:
    page, _ = start(site, open_page, color_scheme="dark")
    ask(page, "SELECT * { ?s ?p ?o } LIMIT 5")
    page.wait_for_selector("#results td")
    light = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter((element) => {
          const colour = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
          return (colour[3] ?? 1) > 0.5 && Math.min(...colour.slice(0, 3)) > 200;
        }).map((element) => element.className || element.tagName)"""
    )
    assert light == []


def test_without_script_the_plain_form_and_the_classes_do_the_job(site: Server, open_page: Any) -> None:
    page, _ = open_page(site, java_script_enabled=False)
    page.goto("sparql")
    assert page.locator("#editor").is_hidden()
    page.fill("#query", "SELECT (1 + 1 AS ?sum) {}")
    page.click("main button[type=submit]")
    assert page.locator("td").inner_text() == "2"
    page.goto("sparql")
    page.locator("svg.core a", has_text=re.compile("^Finding$")).click()
    assert page.locator("td").count() > 5
