"""`trialgraph query`: texts, files, stdin and saved queries, in each format; what is refused or stopped."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from pyoxigraph import parse

from tests.cli.command import (
    ASK,
    COUNT,
    FORMATS,
    GRAPH,
    altered,
    bad,
    good,
    one_line,
    run,
)
from tests.paths import ROOT

COMPILED = shutil.ignore_patterns("__pycache__", "static")


def test_a_query_as_text_from_a_file_and_from_stdin(built: Path, tmp_path: Path) -> None:
    asked = ("-f", "csv", "--release", built)
    answers = {
        good("query", "-e", COUNT, *asked),
        good("query", altered(tmp_path, COUNT, "count.rq"), *asked),
        good("query", "-", *asked, stdin=COUNT.encode()),
    }
    assert answers == {"n\r\n21\r\n"}


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("table", "n\n21\n"),
        ("csv", "n\r\n21\r\n"),
        ("tsv", "?n\n21\n"),
        ("json", "{"),
        ("xml", "<?xml"),
    ],
)
def test_every_format_of_a_table(form: str, begins: str, built: Path) -> None:
    assert good("query", "-e", COUNT, "-f", form, "--release", built).startswith(begins)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_a_graph(form: str, built: Path) -> None:
    text = good("query", "-e", GRAPH, "-f", form, "--release", built)
    assert len(list(parse(text.encode(), FORMATS[form]))) == 3


def test_a_question_of_yes_or_no(built: Path) -> None:
    assert good("query", "-e", ASK, "--release", built) == "yes\n"
    assert json.loads(good("query", "-e", ASK, "-f", "json", "--release", built))["boolean"] is True


def test_saved_queries_are_listed_shown_and_run_with_their_parameters(built: Path) -> None:
    listed = {line.split("  ")[0] for line in good("query", "--list").splitlines()[1:]}
    assert len(listed) >= 20
    assert "trials-by-disease" in listed
    shown = good("query", "trials-by-disease", "-p", "disease=MONDO:0005301", "--show")
    assert "MONDO_0005301" in shown
    rows = list(csv.reader(io.StringIO(
        good("query", "trials-by-disease", "-p", "disease=MONDO:0005301", "-f", "csv", "--release", built)
    )))  # fmt: skip
    assert len(rows) > 4
    assert good("query", "-", "-f", "csv", "--release", built, stdin=shown.encode()).splitlines()


@pytest.mark.parametrize(
    ("query", "form", "code", "says"),
    [
        ("SELECT", "csv", 2, "1:7: syntax error"),
        ("SELECT * { ?s ?p }", "csv", 2, "1:"),
        ("INSERT DATA { <a:a> <b:b> <c:c> }", "csv", 2, ""),
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "csv", 2, "SERVICE"),
        (GRAPH, "table", 2, "returns a graph, not a table"),
        (GRAPH, "csv", 2, ""),
        (COUNT, "turtle", 2, ""),
    ],
)
def test_a_query_that_is_not_run_is_one_line(
    query: str, form: str, code: int, says: str, built: Path
) -> None:
    assert says in bad("query", "-e", query, "-f", form, "--release", built, code=code)


def test_a_query_beyond_its_time_ends_with_three(built: Path) -> None:
    slow = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
    assert "was stopped after 0.5 seconds" in bad(
        "query", "-e", slow, "-f", "csv", "--timeout", "0.5", "--release", built, code=3
    )


def test_answers_are_compared_with_what_the_headers_expect(built: Path, tmp_path: Path) -> None:
    """In a package of its own, with one query that is right, one that is wrong and one that is malformed."""
    (tmp_path / "src").mkdir()
    shutil.copytree(ROOT / "src" / "trialgraph", tmp_path / "src" / "trialgraph", ignore=COMPILED)
    (tmp_path / "ontology").symlink_to(ROOT / "ontology")
    topic = tmp_path / "queries" / "trials"
    topic.mkdir(parents=True)
    shutil.copy(ROOT / "queries" / "trials" / "01-trials-by-disease.rq", topic)
    (topic / "02-wrong.rq").write_text(f"#+ title: T\n#+ expected: {{rows: 7, columns: [n]}}\n{COUNT}")
    (topic / "03-malformed.rq").write_text("#+ title: T\n#+ expected: 7\nASK {}")
    asked = ("query", "--check", "--release", built)

    def ends(*words: str) -> tuple[int, list[str]]:
        done = run(*asked, *words, PYTHONPATH=str(tmp_path / "src"))
        assert done.stdout == b""
        return done.returncode, done.stderr.decode().splitlines()

    assert ends("trials-by-disease") == (0, ["1 saved queries answered, 0 differences"])
    code, lines = ends()
    assert code == 1
    assert lines[1].startswith("trials/03-malformed.rq:2: expected is a mapping")
    assert lines[2].startswith("trials/02-wrong.rq:2: 1 rows, 7 are expected")
    assert ends("malformed")[0] == 2


def test_a_value_of_a_parameter_is_known_by_any_of_its_names(built: Path) -> None:
    def asked(value: str) -> str:
        return good("query", "find-trials", "-p", value, "-f", "csv", "--release", built)

    assert (
        len({asked(f"disease={one}") for one in ("MONDO:0007915", "mondo_0007915", "DOID:9074", "SLE")}) == 1
    )
    assert len({asked(f"phase={one}") for one in ("tgc:phase-2", "2", "II")}) == 1


def test_a_value_that_is_not_known_ends_with_2_and_names_some_that_are(built: Path) -> None:
    done = bad("query", "trials-by-disease", "-p", "disease=MONDO:9999999", "--release", built)
    assert "parameter disease: 'MONDO:9999999' is nothing that this release knows" in done
    assert "MONDO:00" in done


def test_a_known_term_without_trials_is_said_to_be_one(built: Path) -> None:
    done = run("query", "find-trials", "-p", "phase=IV", "-f", "csv", "--release", built)
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == ["trial,trialLabel,diseases"]
    assert "Phase 4 (tgc:phase-4) is known, but no trial of this release has it" in done.stderr.decode()


def test_a_table_that_is_too_large_for_a_terminal_ends_with_3(built: Path) -> None:
    done = run("query", "-e", "SELECT * { ?s ?p ?o }", "--release", built, TRIALGRAPH_TABLE_BYTES="5000")
    assert (done.returncode, done.stdout) == (3, b"")
    assert (
        one_line(done.stderr) == "trialgraph: the answer is larger than 5 kB; use -f csv, which has no limit"
    )
