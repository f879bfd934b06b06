"""Formulas do not reach a spreadsheet, control characters no terminal, and other schemes no link."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trialgraph.base.escaping import safe_cells, visible, web_link

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
CELL = st.text(alphabet="=+-@＝\t\r\n \"',;0123456789.eé\u00a0x", max_size=12) | st.text(max_size=90)


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("http://a/","x")',
        "+49 30 1234",
        "-",
        "-5 mg",
        "@SUM(A1)",
        "\t=1",
        "\r\n=1",
        "  =1",
        "\u00a0=1",
        "＝1",
        "-1,5",
        '-5"',
        "+",
        " " * 200 + "=1",
    ],
)
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert read(b"".join(safe_cells([written([["a", cell, "b"]]).encode()])).decode()) == [
        ["a", "'" + cell, "b"]
    ]


@pytest.mark.parametrize(
    "cell", ["-5", "+5", "-0.25", "1e-7", "-1E+20", "NCT01741857", "a=b", "", "1-2", "'=1"]
)
def test_numbers_and_plain_words_stay(cell: str) -> None:
    text = written([["a", cell, "b"]]).encode()
    assert b"".join(safe_cells([text])) == text


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=4), st.integers(1, 40))
@example([['-5"', '"=', "-5"]], 1)
@example([["x" * 70, "-" * 70]], 7)
def test_no_cell_changes_but_by_an_apostrophe_and_none_stays_a_formula(
    rows: list[list[str]], size: int
) -> None:
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    before = read(written(rows))
    after = read(b"".join(safe_cells(pieces(written(rows).encode(), size))).decode())
    assert [len(row) for row in after] == [len(row) for row in before]
    for old, new in zip(chain(*before), chain(*after), strict=True):
        assert new in (old, "'" + old)
        if new == old and not NUMBER.fullmatch(old):
            assert not old.lstrip("\t\r\n \u00a0").startswith(tuple("=+-@＝＋－＠"))
            assert not old.startswith(("\t", "\r")) or not old.strip("\t\r\n \u00a0\x0b\x0c\u3000")
        if NUMBER.fullmatch(old) and len(old) < 60:
            assert new == old


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_terms_of_tsv_are_looked_at_within_their_quotes(size: int) -> None:
    text = b'?a\t?b\n"=1+1"\t-5\n"x, \\"=1\\""@en\t<http://a/=>\n"-"\t\n'
    assert b"".join(safe_cells(pieces(text, size), tabs=True)) == text.replace(
        b'"=1+1"', b'"\'=1+1"'
    ).replace(b'"-"', b'"\'-"')


def test_a_cell_without_end_is_not_held() -> None:
    tracemalloc.start()
    count = sum(
        len(part)
        for part in safe_cells(b'"=' + b"x" * 65_536 if n == 0 else b"x" * 65_536 for n in range(500))
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 500 * 65_536 + 3
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://a/\"onclick='x'", "//a/", "",
            "http://", "http://a b", "java\nscript:x", " http://a/", "http://a/\u0085", "urn:x:http://a/"]
)  # fmt: skip
def test_what_is_no_web_address_is_no_link(iri: str) -> None:
    assert web_link(iri) == ""


@pytest.mark.parametrize("iri", ["http://a/", "https://w3id.org/x?a=b&c=d#e", "HTTP://A/é"])
def test_a_web_address_is_a_link(iri: str) -> None:
    assert web_link(iri) == iri


@given(st.text())
def test_what_is_shown_holds_no_controls(text: str) -> None:
    shown = visible(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in shown)
    assert visible(shown) == shown


def test_controls_are_spelled_out() -> None:
    assert visible("a\x1b[31m\u202eb\tc\ud800", keep="\t") == "a\\x1b[31m\\u202eb\tc\\ud800"
