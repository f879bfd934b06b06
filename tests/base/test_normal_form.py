"""The normal form: same value, same text; and the way back to the characters of the source."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.base.normal_form import normal_form


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1\u00a0×\u2009106", "1 × 106"),
        ("a\tb\u3000c", "a b c"),
        ("1−2", "1-2"),
        ("1‒2", "1-2"),
        ("1·5", "1.5"),
        ("2·10⁶", "2·10⁶"),
        ("2·10^6", "2·10^6"),
        ("1 · 5", "1 · 5"),
        ("１２", "12"),
        ("٣", "3"),
        ("ﬁstula", "fistula"),
        ("Phase Ⅱ", "Phase II"),
        ("o\u0308", "ö"),
        ("in\u00adfusion", "infusion"),
        ("\u200bIV", "IV"),
        ("10⁶", "10⁶"),
        ("µg", "µg"),
        ("62\u03012", "622"),
        ("4٫2", "4.2"),
        ("improved \r\nat 6 months", "improved at 6 months"),
        ("safe\nand effective", "safe and effective"),
        ("anti-\ninflammatory", "anti-inflammatory"),
        ("MPC\n-300", "MPC-300"),
        ("1-\n2", "1- 2"),
    ],
)
def test_typography_does_not_matter(text: str, plain: str) -> None:
    assert normal_form(text).text == plain


def test_all_white_space_of_unicode_is_a_blank() -> None:
    spaces = [chr(code) for code in range(0x3100) if chr(code).isspace() and not 0x1C <= code <= 0x1F]
    assert {normal_form(f"a{space}b").text for space in spaces} == {"a b"}


def test_every_dash_of_unicode_is_a_dash() -> None:
    dashes = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "Pd"]
    assert {normal_form(f"a{dash}b").text for dash in dashes} <= {"a-b", "a–b"}


@given(st.text(max_size=40))
def test_spans_lead_back_in_order_and_cover_the_text(text: str) -> None:
    normal = normal_form(text)
    assert len(normal.offsets) == len(normal.text) + 1
    assert list(normal.offsets) == sorted(normal.offsets)
    assert normal.offsets[-1] == len(text)
    assert normal.span(0, len(normal.text))[1] == len(text)


@given(st.text(max_size=40))
def test_the_normal_form_is_its_own(text: str) -> None:
    once = normal_form(text).text
    assert normal_form(once).text == once
