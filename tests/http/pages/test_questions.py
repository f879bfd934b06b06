"""Saved questions over HTTP."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from tests.small_graph import Server
from trialgraph.questions.saved_queries import Expected, SavedQuery

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
    assert '<th scope="col">Trial</th><th scope="col" class="num">Patient count</th>' in text
    assert "<bdi>trial 59, größer</bdi></a>" in text
    assert server.ask(f"{PATH}.csv").text.startswith("trial,trialLabel,patientCount\r\n")


def test_the_first_sentence_is_shown_and_the_rest_folded(server: Server) -> None:
    def saved(words: str) -> SavedQuery:
        return SavedQuery("s", "t", 1, "T?", words, (), (), Expected(None, None), "")

    two = saved("Rows per trial (Pieper et al. 2014). A range is one. So there.")
    assert two.summary == "Rows per trial (Pieper et al. 2014)."
    assert two.notes == "A range is one. So there."
    assert saved("").summary == saved("One.").notes == ""
    page = server.ask("/queries/", headers=HTML).text
    assert "Which trials enrolled the most patients?" in page


def test_the_list_of_questions_is_filtered_without_script(server: Server) -> None:
    found = server.ask("/queries/", q="most PATIENTS", headers=HTML).text
    assert "/queries/largest-trials" in found
    assert "/queries/one-trial" not in found
    assert "No question matches" in server.ask("/queries/", q="xyzzy", headers=HTML).text


def test_an_answer_is_a_workbook(server: Server) -> None:
    reply = server.ask(f"{PATH}.xlsx", least="58")
    assert reply.headers["Content-Disposition"] == "attachment; filename=largest-trials.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(reply.body))
    rows = list(book["Results"].iter_rows(values_only=True))
    assert rows[0] == ("trial", "trialLabel", "patientCount")
    assert {row[2] for row in rows[1:]} == {58, 59}
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["Question"] == "Which trials enrolled the most patients?"
    assert about["Address"].endswith(f"{PATH}?least=58")
    assert server.ask("/queries/one-trial.xlsx", label="trial 3, größer").status == 404


def test_cells_of_a_workbook_are_what_the_answer_says(server: Server) -> None:
    values = (
        '"=1+1"',
        '"Phase 1/2"',
        '"IFN-γ"',
        "12345678901234567890",
        "1.50",
        "true",
        "<http://e/x>",
        '"a\\u0001b"',
    )
    query = f"SELECT ?x {{ VALUES ?x {{ {' '.join(values)} }} }}"
    reply = server.ask(query=query, format="xlsx")
    assert reply.status == 200, reply.text
    assert reply.type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(reply.body))["Results"].iter_rows(min_row=2)]
    exact = ["=1+1", "Phase 1/2", "IFN-γ", "12345678901234567890", 1.5, True, "http://e/x", "a\ufffdb"]
    assert [cell.value for cell in cells] == exact
    assert cells[0].data_type == "s", "no formula"
    assert server.ask(query="ASK {}", format="xlsx").status == 400


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
    assert ">No results</h2>" in server.ask("/queries/one-trial", label="trial", headers=HTML).text


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
