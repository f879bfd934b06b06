"""A DOI in a text is the whole of it, without what stands around it."""

from __future__ import annotations

import pytest

from trialgraph.base.doi import DOI, DOI_IN_TEXT, trimmed_doi


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("see 10.1000/182.", "10.1000/182"),
        ("(doi: 10.1016/S0140-6736(18)30121-4).", "10.1016/S0140-6736(18)30121-4"),
        ("[10.1000/a[1]];", "10.1000/a[1]"),
        ("“10.1000/x:y”", "10.1000/x:y"),
    ],
)
def test_what_stands_around_it_is_no_part(text: str, doi: str) -> None:
    m = DOI_IN_TEXT.search(text)
    assert m
    assert trimmed_doi(m.group()) == doi
    assert DOI.fullmatch(doi)
