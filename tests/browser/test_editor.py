"""The editor of the SPARQL page: as a person uses it, and the plain form where it cannot be."""

from __future__ import annotations

import os
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


def ask(page: Any, query: str) -> None:
    """Put a query into the editor that is shown, and run it by the keyboard."""
    page.evaluate(
        "text => document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.setValue(text)", query
    )
    page.locator(".tabPanel.active .CodeMirror").click()
    page.keyboard.press("Control+Enter")


def test_a_question_opens_in_a_tab_and_is_answered(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql")
    page.wait_for_selector("#open-question optgroup", state="attached")
    assert page.locator("#plain").is_hidden()
    page.select_option("#open-question", label="Which trials study a disease, including narrower diseases?")
    page.locator(".tabPanel.active .yasqe_queryButton").click()
    page.wait_for_selector(".tabPanel.active .yasr td")
    assert "5 results in" in page.locator(".tabPanel.active .yasr_response_chip").inner_text()
    link = page.locator(".tabPanel.active .yasr td a").first
    # the first click on a long value shows the whole of it, the second one follows the link
    link.evaluate("link => { link.target = '_self'; link.click(); link.click(); }")
    page.wait_for_url("**/trial/**")
    assert page.url.startswith(site.url), "our own IRIs lead to their pages here"


def test_words_are_completed_from_this_graph(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql")
    page.wait_for_selector(".CodeMirror")
    page.evaluate(
        """() => {
          const editor = document.querySelector('.tabPanel.active .CodeMirror').CodeMirror;
          editor.setValue('PREFIX tg: <https://w3id.org/trialgraph/ontology/>\\nSELECT * { ?trial tg:trialDis');
          editor.focus(); editor.setCursor(1, 30);
        }"""
    )
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hints li")
    hints = page.locator(".CodeMirror-hints li").all_inner_texts()
    assert any("trialDisease" in hint for hint in hints), hints


def test_numbers_can_be_seen_as_bars(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql")
    page.wait_for_selector(".CodeMirror")
    ask(page, 'SELECT * { VALUES (?nameLabel ?n) { ("<b>one</b>" 1) ("four" 4) ("none" UNDEF) } }')
    page.wait_for_selector(".tabPanel.active .yasr td")
    page.locator(".tabPanel.active .select_bars").click()
    page.wait_for_selector(".tabPanel.active .bars")
    rows = page.locator(".tabPanel.active .bars tr").all_inner_texts()
    assert [row.split() for row in rows] == [["<b>one</b>", "1"], ["four", "4"]]
    assert page.locator(".tabPanel.active .bars meter").nth(1).evaluate("bar => bar.value / bar.max") == 1
    ask(page, "ASK {}")
    page.wait_for_selector(".tabPanel.active .select_bars.disabled, .tabPanel.active .select_bars:disabled")


def test_what_is_wrong_is_told_with_its_place(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql")
    page.wait_for_selector(".CodeMirror")
    ask(page, "SELECT * { ?s foaf:name ?o }")
    page.wait_for_selector(".tabPanel.active .errorResult")
    assert "undeclared prefix foaf:" in page.locator(".tabPanel.active .errorResult").inner_text()


def test_cancel_stops_the_worker(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql")
    page.wait_for_selector(".CodeMirror")
    before = set(children(site.process.pid))
    ask(page, ENDLESS)
    page.wait_for_selector(".tabPanel.active .yasqe_queryButton.busy")
    page.wait_for_timeout(500)
    page.locator(".tabPanel.active .yasqe_queryButton").click()
    page.wait_for_selector(".tabPanel.active .yasqe_queryButton:not(.busy)")
    wait_until(lambda: not before <= set(children(site.process.pid)))


def test_a_hostile_value_is_shown_and_not_run(site: Server, open_page: Any) -> None:
    page, watched = open_page(site)
    page.goto("sparql")
    page.wait_for_selector(".CodeMirror")
    ask(page, f'SELECT * {{ VALUES (?a ?b) {{ ("{HOSTILE}" <javascript:alert(3)>) }} }}')
    page.wait_for_selector(".tabPanel.active .yasr td")
    page.wait_for_timeout(300)
    assert "onerror" in page.locator(".tabPanel.active .yasr td").nth(1).inner_text()
    page.locator(".select_response").last.click()
    page.wait_for_timeout(300)
    # The editor's table lets markup through to the page; the policy refuses to run it, and says so.
    watched.errors[:] = [said for said in watched.errors if "Executing inline event handler" not in said]


def test_a_link_to_a_query_opens_it(site: Server, open_page: Any) -> None:
    page, _ = open_page(site)
    page.goto("sparql#query=ASK%20%7B%20%3Fshared%20a%20%3Flink%20%7D")
    page.wait_for_selector(".CodeMirror")
    text = "document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()"
    assert "?shared a ?link" in page.evaluate(text)


def test_without_script_the_plain_form_does_the_job(site: Server, open_page: Any) -> None:
    page, _ = open_page(site, java_script_enabled=False)
    page.goto("sparql")
    assert page.locator("#editor").is_hidden()
    page.fill("#query", "SELECT (1 + 1 AS ?sum) {}")
    page.click("button[type=submit]")
    assert page.locator("td").inner_text() == "2"
