"""Saved queries that the guard refuses are left out with file and line; answers are compared with their headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.base.settings import DEFAULTS
from trialgraph.query.pool import Pool
from trialgraph.query.sound_queries import differences, sound_queries
from trialgraph.questions.saved_queries import load_queries


def write(folder: Path, slug: str, expected: str, query: str) -> None:
    path = folder / "topic" / f"01-{slug}.rq"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#+ title: T\n#+ expected: {expected}\n\n{query}\n")


def test_a_query_that_is_refused_is_left_out_with_its_place_in_the_file(tmp_path: Path) -> None:
    write(tmp_path, "sound", "{rows: 1}", "ASK {}")
    write(tmp_path, "undeclared", "{rows: 1}", "SELECT * {\n  ?s x:y ?o }")
    write(tmp_path, "changes", "{rows: 1}", "DELETE WHERE { ?s ?p ?o }")
    write(tmp_path, "malformed", "7", "ASK {}")
    found = sound_queries(DEFAULTS, tmp_path)
    assert list(found) == ["sound"]
    assert {slug: error.where for slug, error in found.broken.items()} == {
        "undeclared": "topic/01-undeclared.rq:5:6",
        "changes": "topic/01-changes.rq:4:1",
        "malformed": "topic/01-malformed.rq:2",
    }


def test_a_graph_that_a_release_lacks_breaks_a_query_where_the_release_is_known(tmp_path: Path) -> None:
    write(tmp_path, "one-graph", "{rows: 1}", "ASK FROM <http://example.org/graph> {}")
    assert list(sound_queries(DEFAULTS, tmp_path)) == ["one-graph"]
    assert list(sound_queries(DEFAULTS, tmp_path, {"http://example.org/graph"})) == ["one-graph"]
    assert list(sound_queries(DEFAULTS, tmp_path, {"http://example.org/other"}).broken) == ["one-graph"]


LABELS = "SELECT ?label { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label }"


@pytest.mark.parametrize(
    ("expected", "query", "says"),
    [
        ("{rows: 60, columns: [label]}", f"{LABELS} LIMIT 60", []),
        ("{columns: [label]}", f"{LABELS} LIMIT 3", []),
        ("{rows: 7, columns: [label]}", f"{LABELS} LIMIT 3", ["3 rows, 7 are expected"]),
        ("{rows: 3, columns: [trial]}", f"{LABELS} LIMIT 3", ["the columns are label"]),
        ("{rows: 1}", "ASK {}", []),
        ("{rows: 1}", "SELECT * { ?s ?p ", ["syntax error"]),
        (
            "{rows: 2, columns: [subject, predicate, object]}",
            "CONSTRUCT { <http://a/b> <http://a/c> 1, 2 } WHERE {}",
            [],
        ),
    ],
)
def test_an_answer_is_compared_with_what_its_header_expects(
    pool: Pool, tmp_path: Path, expected: str, query: str, says: list[str]
) -> None:
    write(tmp_path, "question", expected, query)
    found = [error.line() for error in differences(load_queries(tmp_path)["question"], pool)]
    assert len(found) == len(says)
    for line, words in zip(found, says, strict=True):
        assert words in line
        assert line.startswith(
            "topic/01-question.rq:4:17: syntax" if "syntax" in line else "topic/01-question.rq:2: "
        )
