"""A wrong header is one line that names the file, its line, what is wrong and what to write."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # ships no types

from trialgraph.base.errors import InputError
from trialgraph.questions.query_header import SCHEMA, read_header

WRONG = [
    (
        "#+ title: T\n#+ titel: T\nASK {}",
        "a/01-b.rq:2: unknown key titel in the #+ header; "
        "use description, expected, keywords, parameters, provenance, title",
    ),
    ("ASK {}", "a/01-b.rq: the #+ header has no title; write #+ title: …"),
    ("#+ title: [x]\nASK {}", "a/01-b.rq:1: the #+ header has no title; write #+ title: …"),
    ("#+ title:\nASK {}", "a/01-b.rq:1: the #+ header has no title; write #+ title: …"),
    (
        "PREFIX : <urn:x>\n#+ title: T\n\n#+ keywords:\n#+   - a\n#+   - {b: c}\nASK {}",
        "a/01-b.rq:6: keywords are a list of words; write keywords: [dose, route]",
    ),
    (
        "#+ title: T\n#+ parameters:\n#+   - name: a\n#+   - name: b\n#+     type: text\nASK {}",
        "a/01-b.rq:5: unknown parameter type text; write iri, string, integer, decimal, date, enum",
    ),
    (
        "#+ title: T\n#+ parameters:\n#+   - {type: iri}\nASK {}",
        "a/01-b.rq:3: a parameter needs a name of letters and digits; write - {name: disease, type: iri}",
    ),
    (
        "#+ title: T\n#+ parameters:\n#+   - {name: cells}\nASK {}",
        "a/01-b.rq:3: a parameter cannot have this name, which the URLs of questions use themselves; "
        "write another name",
    ),
    (
        "#+ title: T\n#+ parameters:\n#+   - {name: a, type: enum, values: []}\nASK {}",
        "a/01-b.rq:3: an enum parameter needs values; write values: [a, b]",
    ),
    (
        "#+ title: T\n#+ parameters: [{name: a, required: maybe}]\nASK {}",
        "a/01-b.rq:2: required is true or false; write required: true",
    ),
    (
        "#+ title: T\n#+ expected: {rows: many, columns: 5}\nASK {}",
        "a/01-b.rq:2: expected rows are a number; write rows: 7",
    ),
    (
        "#+ title: T\n#+ expected: !!set {a}\nASK {}",
        "a/01-b.rq:2: expected is a mapping; write expected: {rows: 7}",
    ),
    ("#+ title: T\n#+ keywords: [a\nASK {}", "a/01-b.rq:2: the #+ header is not valid YAML: "),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_the_first_wrong_line_is_named(text: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        read_header(text, "a/01-b.rq")
    assert caught.value.line().startswith(line)
    assert "\n" not in caught.value.line()


def test_what_is_empty_is_left_out_and_dates_stay_text() -> None:
    text = "#+ title: T\n#+ description:\n#+ parameters:\n#+   - {name: a, type: date, default: 2020-02-30, label: }\n"
    assert read_header(text + "ASK {}", "x") == {
        "title": "T",
        "parameters": [{"name": "a", "type": "date", "default": "2020-02-30"}],
    }


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
