"""Saved queries: their headers, their parameters, and that no value can be anything but a term."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from tests.small_graph import QUERIES
from trialgraph.base.errors import BrokenQuery, InputError, UsageError
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.guard import check
from trialgraph.query.pool import Pool
from trialgraph.query.results import ResultTable, read_table
from trialgraph.questions.saved_queries import (
    Expected,
    Parameter,
    SavedQuery,
    find_query,
    load_queries,
    read_queries,
)
from trialgraph.rdf.vocabulary import XSD

PARAMETERS = """\
#+ title: Which?
#+ parameters:
#+   - {name: iri, type: iri}
#+   - {name: text, type: string}
#+   - {name: whole, type: integer}
#+   - {name: exact, type: decimal}
#+   - {name: day, type: date}
#+   - {name: one, type: enum, values: {a: The first, b: The second}}
SELECT * {
  #@ iri
  #@ text
  #@ whole
  #@ exact
  #@ day
  #@ one
}
"""


def write(folder: Path, text: str, name: str = "topic/01-a-question.rq") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return folder


@pytest.fixture
def every(tmp_path: Path) -> SavedQuery:
    return load_queries(write(tmp_path, PARAMETERS))["a-question"]


def bound(query: str) -> list[object]:
    """What the one row of the query's answer holds."""
    return [term for row in Store().query(query) for term in row]  # type: ignore[union-attr]


def test_a_file_is_read_with_its_header(small_queries: Path) -> None:
    queries = load_queries(small_queries)
    assert list(queries) == ["largest-trials", "one-trial"]
    query = queries["largest-trials"]
    assert (query.topic, query.number, query.keywords) == ("trials", 1, ("size",))
    assert query.title == "Which trials enrolled the most patients?"
    assert (query.expected.rows, query.expected.columns) == (10, ("trial", "trialLabel", "patientCount"))
    assert query.sparql.startswith("PREFIX tg:")


@pytest.mark.parametrize("text", QUERIES.values())
def test_a_file_is_valid_sparql_alone(text: str) -> None:
    check(text, settings=DEFAULTS)
    Store().query(text)


@pytest.mark.parametrize(
    ("name", "value", "term"),
    [
        ("iri", "MONDO:0007915", NamedNode("http://purl.obolibrary.org/obo/MONDO_0007915")),
        ("iri", " https://example.org/a ", NamedNode("https://example.org/a")),
        ("text", 'a "b" \\ {c} #@ text\n', Literal('a "b" \\ {c} #@ text\n')),
        ("whole", "-12", Literal("-12", datatype=XSD.integer)),
        ("exact", "0.5", Literal("0.5", datatype=XSD.decimal)),
        ("day", "2024-02-29", Literal("2024-02-29", datatype=XSD.date)),
        ("one", "b", Literal("b")),
    ],
)
def test_a_value_becomes_a_term_of_its_type(every: SavedQuery, name: str, value: str, term: object) -> None:
    assert term in bound(every.bind({name: value}))


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("iri", "lupus", "give a CURIE like MONDO:0007915"),
        ("iri", "javascript:alert(1)", "give a CURIE"),
        ("iri", "file:///etc/hostname", "give a CURIE"),
        ("iri", "http://e/a> } ; DROP ALL #", "give a CURIE"),
        ("iri", "MONDO:1> ?x", "give a CURIE"),
        ("text", "a\0b", "printable"),
        ("text", "a\ud800b", "printable"),
        ("text", "x" * 1001, "at most 1000"),
        ("whole", "1.5", "a whole number like 12"),
        ("whole", "1) }", "a whole number"),
        ("whole", "١٢", "a whole number"),
        ("exact", "1e9", "a number like 0.5"),
        ("exact", "NaN", "a number"),
        ("day", "2023-02-29", "a date like 2020-12-31"),
        ("day", "today", "a date"),
        ("one", "c", "one of a, b"),
    ],
)
def test_a_value_that_does_not_fit_is_one_line_with_what_would(
    every: SavedQuery, name: str, value: str, fits: str
) -> None:
    with pytest.raises(UsageError) as caught:
        every.bind({name: value})
    assert caught.value.where == f"parameter {name}"
    assert fits in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=300)
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
    | st.sampled_from(
        [
            '"',
            "'",
            "\\",
            '\\"',
            "\\u0022",
            '"""',
            "}",
            "} ; DROP ALL #",
            "\n#@ text\n",
            "?x",
            "<http://e/>",
            "\t",
            "\r",
        ]
    )
)
def test_words_reach_the_engine_as_they_are_and_change_nothing_else(value: str) -> None:
    parameter = Parameter("text", "string", "Text")
    query = SavedQuery(
        "s", "t", 1, "T", "", (), (parameter,), Expected(None, None), "SELECT * {\n#@ text\n}\n"
    )
    try:
        text = query.bind({"text": value})
    except UsageError:
        assert not value.isprintable()
        return
    check(text, settings=DEFAULTS)
    assert bound(text) == ([Literal(value)] if value else [])


def test_patterns_behind_a_parameter_count_where_it_has_a_value() -> None:
    parameter = Parameter("text", "string", "Text")
    lines = "SELECT * {\n  #@ text ?x ?p ?text . # why \n  ?x ?p ?o\n}\n"
    query = SavedQuery("s", "t", 1, "T", "", (), (parameter,), Expected(None, None), lines)
    assert query.bind() == lines
    assert query.bind({"text": "a"}).splitlines()[1] == '  VALUES (?text) { ("a") } ?x ?p ?text . # why'
    for text in (query.bind(), query.bind({"text": "a"})):
        check(text, settings=DEFAULTS)


def test_an_unbound_parameter_restricts_nothing_and_a_default_stands_in(
    pool: Pool, small_queries: Path
) -> None:
    query = load_queries(small_queries)["largest-trials"]

    def rows(**values: str) -> int:
        with pool.run(query.bind(values)) as answer:
            table = read_table(answer)
        assert isinstance(table, ResultTable)
        return len(table.rows)

    assert rows() == query.expected.rows
    assert rows(least="") == 10, "an empty field of a form is no value"
    assert rows(least="58") == 2
    assert rows(least="0", trial="https://w3id.org/trialgraph/trial/NCT00000003") == 1


def test_a_needed_value_and_an_unknown_parameter_are_named(small_queries: Path) -> None:
    query = load_queries(small_queries)["one-trial"]
    with pytest.raises(UsageError, match="parameter label: a value is required"):
        query.bind()
    with pytest.raises(UsageError, match=r"no parameter 'lable'; did you mean label\? it takes label"):
        query.bind({"lable": "x"})


def test_an_unknown_slug_names_the_nearest(small_queries: Path) -> None:
    queries = load_queries(small_queries)
    assert find_query("one-trial", queries).number == 2
    with pytest.raises(UsageError, match="no saved query 'largest-trails'; did you mean largest-trials"):
        find_query("largest-trails", queries)
    with pytest.raises(UsageError, match="see the list"):
        find_query("zzzz", queries)


BROKEN = [
    ("SELECT * {}", "has no title"),
    ("#+ title: [a\nSELECT * {}", "not valid YAML"),
    ("#+ title: T\n#+ titel: T\nASK {}", "unknown key titel"),
    (
        "#+ title: T\n#+ provenance: {total: report}\nASK {}",
        "the provenance of total needs a column and a field",
    ),
    ("#+ title: T\n#+ provenance: total\nASK {}", "the provenance of total needs a column and a field"),
    ("#+ title: T\n#+ parameters: [{name: a}]\nASK {}", "the parameter a needs one line '#@ a'"),
    ("#+ title: T\nASK {\n#@ a\n}", "an entry under parameters"),
    ("#+ title: T\n#+ parameters: [{name: a, type: text}]\nASK {\n#@ a\n}", "unknown parameter type text"),
    ("#+ title: T\n#+ parameters: [{name: a, type: enum}]\nASK {\n#@ a\n}", "needs values"),
    ("#+ title: T\n#+ parameters: [{name: a b}]\nASK {\n#@ a\n}", "needs a name"),
    (
        "#+ title: T\n#+ parameters: [{name: a, type: integer, default: x}]\nASK {\n#@ a\n}",
        "'x' is not valid",
    ),
    ("#+ title: T\n#+ expected: {row: 1}\nASK {}", "unknown key row"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_a_broken_file_is_one_line_that_names_it(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        load_queries(write(tmp_path, text))
    assert says in str(caught.value)


def test_file_names_and_slugs_are_checked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"topic/question\.rq: a saved query is named like"):
        load_queries(write(tmp_path, "", "topic/question.rq"))
    twice = tmp_path / "twice"
    twice.mkdir()
    write(twice, "#+ title: T\nASK {}", "one/01-same.rq")
    write(twice, "#+ title: T\nASK {}", "two/01-same.rq")
    with pytest.raises(InputError, match=r"two/01-same\.rq: the slug same is taken"):
        load_queries(twice)


@pytest.mark.parametrize(
    ("header", "line", "says"),
    [
        ("#+ title: T\n#+ expected: 7", 2, "expected is a mapping"),
        ("#+ title: T\n#+ keywords: [a]\n#+ expected: {rows: many}", 3, "expected rows are a number"),
        ("#+ title: T\n#+ expected:\n#+   rows: 1\n#+   columns: trial", 4, "expected columns are a list"),
        ("#+ title: T\n#+ expected: {rows: 7", 2, "not valid YAML"),
    ],
)
def test_a_wrong_expectation_breaks_its_own_query_only(
    tmp_path: Path, header: str, line: int, says: str
) -> None:
    write(tmp_path, "#+ title: T\nASK {}", "topic/01-sound.rq")
    write(tmp_path, f"{header}\nASK {{}}", "topic/02-wrong.rq")
    queries = read_queries(tmp_path)
    assert list(queries) == ["sound"]
    with pytest.raises(BrokenQuery, match=says) as caught:
        find_query("wrong", queries)
    assert caught.value.where == f"topic/02-wrong.rq:{line}"
    assert str(tmp_path) not in str(caught.value)


def test_a_file_that_cannot_be_read_breaks_nothing_else_and_names_no_folder_of_this_machine(
    tmp_path: Path,
) -> None:
    write(tmp_path, "#+ title: T\nASK {}", "topic/01-sound.rq")
    (tmp_path / "topic" / "02-latin.rq").write_bytes(b"#+ title: \xe4\nASK {}")
    (tmp_path / "topic" / "03-away.rq").symlink_to(tmp_path / "nowhere")
    queries = read_queries(tmp_path)
    assert list(queries) == ["sound"]
    assert [error.where for error in queries.broken.values()] == ["topic/02-latin.rq", "topic/03-away.rq"]
