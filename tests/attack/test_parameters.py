"""A value of a saved question is a term or an error; it never becomes a part of the query."""

from __future__ import annotations

import random
from typing import Final, Literal

import pytest
from pyoxigraph import QuerySolutions, Store
from rdflib import Literal as RdflibLiteral
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from trialgraph.base.errors import UsageError
from trialgraph.query.guard.tokenizer import tokens
from trialgraph.questions.saved_queries import Expected, Parameter, SavedQuery, load_queries

TYPED: Final[tuple[Literal["integer", "decimal", "date"], ...]] = ("integer", "decimal", "date")
#: The types that no question of this release takes, so that they are attacked all the same.
OTHERS: Final = SavedQuery(
    "every-type",
    "attack",
    1,
    "T",
    "",
    (),
    (
        *(Parameter(kind, kind, kind) for kind in TYPED),
        Parameter("enum", "enum", "enum", values={"12": "twelve", "a b": "two words"}),
    ),
    Expected(None, None),
    "SELECT * {\n#@ integer\n#@ decimal\n#@ date\n#@ enum\n?s ?p ?integer, ?decimal, ?date, ?enum }\n",
)
QUERIES: Final = (*load_queries().values(), OTHERS)
CASES: Final = [(saved, parameter) for saved in QUERIES for parameter in saved.parameters]
PIECES: Final = (
    *('"', "'", '"""', "'''", "\\", '\\"', "\\u0022", "\\U0000003E", "\\x", "{", "}", "} }", ">", "<", "<<"),
    *(
        "#",
        "#@ disease\n",
        "\n",
        "\r",
        "\t",
        "\0",
        " ",
        "?x",
        "$x",
        "_:b",
        "@en",
        "^^",
        ";",
        ".",
        ",",
        "%0A",
        "%3E",
    ),
    *(
        "UNION",
        "SERVICE <http://127.0.0.1/>",
        "DROP ALL",
        "INSERT DATA",
        "FILTER(",
        "*/",
        "--",
        "/**/",
        "||",
        "1=1",
    ),
    *(
        "MONDO:0005301",
        "NCT00000001",
        "http://example.org/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "12",
        "-3",
    ),
    *(
        "2020-01-01",
        "1e400",
        "NaN",
        "٣",
        "ＮＣＴ",
        "\u202e",
        "\u2028",
        "\ud800",
        "\ufeff",
        "é",
        "𝒳",
        "a" * 999,
    ),
    *(
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "{{7*7}}",
        "%s",
        "${x}",
        "MINUS",
        "VALUES (?x) {",
        "BIND(",
    ),
)
HOSTILE: Final = 500


def hostile(seed: str) -> list[str]:
    """Each piece alone, then pieces joined at random, always the same ones."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    joined = ["".join(chance.choices(PIECES, k=chance.randint(2, 5))) for _ in range(HOSTILE - len(PIECES))]
    return [*PIECES, *joined]


def with_gaps(saved: SavedQuery, parameter: Parameter, value: str) -> list[str]:
    """The tokens of the bound query, with a gap wherever the term stands that the value means."""
    others = {
        p.name: fitting(p) for p in saved.parameters if p.required and p.default is None and p != parameter
    }
    found = [token.text for token in tokens(saved.bind(others | {parameter.name: value}))]
    term = [token.text for token in tokens(str(parameter.term(value)))]
    gaps, at = [], 0
    while at < len(found):
        hit = found[at : at + len(term)] == term and found[at - 1] == "("
        gaps.append("the term" if hit else found[at])
        at += len(term) if hit else 1
    return gaps


def taken_or_refused(saved: SavedQuery, parameter: Parameter, value: str) -> list[str] | None:
    """The tokens with the value in its place; None where it is refused in one line."""
    try:
        return with_gaps(saved, parameter, value)
    except UsageError as error:
        said = error.line()
    assert said.startswith(f"parameter {parameter.name}: ")
    assert "\n" not in said
    return None


def fitting(parameter: Parameter) -> str:
    """A value that the parameter takes."""
    if parameter.values:
        return next(iter(parameter.values))
    known = {"iri": "MONDO:0005301", "integer": "1", "decimal": "1.5", "date": "2020-12-31", "string": "a"}
    return known[parameter.type]


@pytest.mark.parametrize(
    ("saved", "parameter"), CASES, ids=lambda item: getattr(item, "slug", getattr(item, "name", ""))
)
def test_500_hostile_values_change_nothing_but_the_term(saved: SavedQuery, parameter: Parameter) -> None:
    engine = Store()
    sound = with_gaps(saved, parameter, fitting(parameter))
    assert "the term" in sound
    taken = 0
    for value in hostile(f"{saved.slug} {parameter.name}"):
        found = taken_or_refused(saved, parameter, value)
        if found is None:
            continue
        taken += 1
        assert found == sound, value
        term = parameter.term(value)
        read = engine.query(f"SELECT ?x {{ VALUES (?x) {{ ({term}) }} }}")
        assert isinstance(read, QuerySolutions)
        assert [row["x"] for row in read] == [term]
    assert taken > 0 or parameter.values, "no value was taken: nothing was tested"


@pytest.mark.parametrize(
    "value", ['"} UNION { ?s ?p ?o } #', "} #", "a\nb", "'''", "{ SERVICE <http://127.0.0.1/> {} }", "\\"]
)
def test_another_engine_reads_the_same_algebra(value: str) -> None:
    """The reader of rdflib; without tabs and escapes of quotes, which it changes inside literals."""
    saved, parameter = next((s, p) for s, p in CASES if p.type == "string")

    def algebra(text: str) -> str:
        read = translateQuery(parseQuery(saved.bind({parameter.name: text}))).algebra
        return str(read).replace(repr(RdflibLiteral(text)), "the value")

    assert algebra(value) == algebra("an ordinary word")
    assert "the value" in algebra(value)
