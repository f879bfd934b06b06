"""Saved questions over HTTP."""

from __future__ import annotations

import json

import pytest

from tests.small_graph import Server

HTML = {"Accept": "text/html"}
PATH = "/queries/largest-trials"


def test_a_question_is_a_page_with_its_form_and_answer(server: Server) -> None:
    text = server.ask(PATH, headers=HTML).text
    assert "<h1>Which trials enrolled the most patients?</h1>" in text
    assert 'id="p-least" name="least" value="50"' in text
    assert ">trial 7, größer</option>" in text, "values come from the data"
    assert "10 rows" in text
    assert f'href="{PATH}.csv"' in text


def test_labels_are_the_words_of_links_and_headings_are_words(server: Server) -> None:
    text = server.ask(PATH, headers=HTML).text
    assert '<th scope="col">Trial</th><th scope="col" class="number">Patient count</th></tr>' in text
    assert ">trial 59, größer</a>" in text
    assert server.ask(f"{PATH}.csv").text.startswith("trial,trialLabel,patientCount\r\n")


def test_a_form_keeps_what_was_asked(server: Server) -> None:
    text = server.ask(PATH, least="57", trial="", headers=HTML).text
    assert 'value="57"' in text
    assert "3 rows" in text
    assert f'href="{PATH}.csv?least=57&amp;trial="' in text


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ],
)
def test_an_answer_as_data_by_suffix_or_accept(server: Server, suffix: str, media_type: str) -> None:
    by_suffix = server.ask(f"{PATH}.{suffix}", least="58")
    by_accept = server.ask(PATH, least="58", headers={"Accept": media_type})
    assert by_suffix.status == by_accept.status == 200
    assert by_suffix.type == by_accept.type == media_type
    assert by_suffix.body == by_accept.body
    assert b"NCT00000059" in by_suffix.body
    assert b"NCT00000057" not in by_suffix.body


def test_a_graph_question_has_graph_formats(server: Server) -> None:
    label = "trial 3, größer"
    turtle = server.ask("/queries/one-trial.ttl", label=label)
    assert (turtle.status, turtle.type) == (200, "text/turtle")
    assert "tg:enrolledTotal 3" in turtle.text
    assert server.ask("/queries/one-trial.csv", label=label).status == 404
    assert "3 rows" in server.ask("/queries/one-trial", label=label, headers=HTML).text
    assert "No results." in server.ask("/queries/one-trial", label="trial", headers=HTML).text


def test_a_value_that_does_not_fit_is_400_in_the_page_and_as_a_problem(server: Server) -> None:
    page = server.ask(PATH, least="many", headers=HTML)
    assert page.status == 400
    assert "parameter least: &#39;many&#39; is not valid; give a whole number like 12" in page.text
    assert 'value="many"' in page.text
    problem = server.ask(f"{PATH}.csv", least="many")
    assert (problem.status, problem.type) == (400, "application/problem+json")
    assert json.loads(problem.body)["detail"].startswith("parameter least: 'many' is not valid")


@pytest.mark.parametrize("query", ["nobody=1", "least=1&least=2", "_external=1", "_anchor=x&least=1"])
def test_parameters_that_do_not_belong_are_refused(server: Server, query: str) -> None:
    assert server.ask(f"{PATH}.csv?{query}").status == 400
    assert server.ask(f"{PATH}?{query}", headers=HTML).status == 400


def test_a_question_that_needs_a_value_shows_its_form_first(server: Server) -> None:
    page = server.ask("/queries/one-trial", headers=HTML)
    assert page.status == 200
    assert 'role="alert"' not in page.text
    assert "required" in page.text
    assert server.ask("/queries/one-trial.ttl").status == 400


def test_an_unknown_question_is_404_and_names_the_nearest(server: Server) -> None:
    reply = server.ask("/queries/largest-trails")
    assert reply.status == 404
    assert "did you mean largest-trials" in json.loads(reply.body)["detail"]


def test_hostile_values_are_only_ever_words(server: Server) -> None:
    for value in ('" } ; DROP ALL #', "\\u0022 }", "'''", "<script>", "trial 3\n#@ label"):
        reply = server.ask("/queries/one-trial.nt", label=value)
        assert (reply.status, reply.body) == (200, b"")
