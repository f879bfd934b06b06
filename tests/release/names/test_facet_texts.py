"""What tables and records word differently is one value of a facet."""

from __future__ import annotations

import pytest

from trialgraph.release.names.facet_texts import facet_texts


@pytest.mark.parametrize(
    ("facet", "texts", "gives"),
    [
        ("year", ["2013-01-15"], ["2013"]),
        ("year", ["2013"], ["2013"]),
        ("status", ["active not recruiting", "active, not recruiting"], ["active, not recruiting"]),
        ("status", ["no longer available"], ["no longer available"]),
        ("country", ["Korea, Republic of", "South Korea"], ["South Korea"]),
        ("country", ["Atlantis", ""], ["Atlantis"]),
        ("source", ["a", "a"], ["a"]),
        ("sponsor_class", ["other gov"], ["other gov"]),
    ],
)
def test_a_text_is_its_value(facet: str, texts: list[str], gives: list[str]) -> None:
    assert facet_texts(facet, texts) == gives
