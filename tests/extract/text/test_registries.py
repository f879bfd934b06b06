"""Registry numbers in the spellings that people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.extract.text.registries import find_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NCT01741857", ["NCT01741857"]),
        ("NCT 01741857", ["NCT01741857"]),
        ("nct01741857", ["NCT01741857"]),
        ("NCT: 01741857", ["NCT01741857"]),
        ("NCT-01741857", ["NCT01741857"]),
        ("ChiCTR-INR-17012462", ["ChiCTR-INR-17012462"]),
        ("CHICTR2000031735", ["ChiCTR2000031735"]),
        ("ChiCTR 2000031735", ["ChiCTR2000031735"]),
        ("ISRCTN 12345679", ["ISRCTN12345679"]),
        ("EudraCT: 2011-001724-34", ["2011-001724-34"]),
        ("EUCTR2011-001724-34-ES", ["2011-001724-34"]),
        ("2022-501234-12-00", ["2022-501234-12-00"]),
        ("CTRI 2020/06/025986", ["CTRI/2020/06/025986"]),
        ("JPRN-UMIN000012346", ["UMIN000012346"]),
        ("jRCTs031190229", ["jRCTs031190229"]),
        ("RPCEC 00000123", ["RPCEC00000123"]),
        ("PER-012-16", ["PER-012-16"]),
        ("NL-OMON12346", ["NL-OMON12346"]),
        ("NCT01741857/NCT02034188; ISRCTN12345679", ["NCT01741857", "NCT02034188", "ISRCTN12345679"]),
    ],
)
def test_numbers_in_their_registrys_own_spelling(text: str, found: list[str]) -> None:
    assert [number.number for number in find_numbers(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "NCT0174185",
        "NCT017418570",
        "NCT00000000",
        "NCT12345678",
        "2011-001724-34-0",
        "NCT01741857-1",
        "XNCT01741857",
        "NCT",
        "",
    ],
)
def test_parts_and_placeholders_are_none(text: str) -> None:
    assert list(find_numbers(text)) == []


@given(
    st.sampled_from(["NCT01741857", "ISRCTN12345679", "DRKS00012346"]),
    st.text("0123456789", min_size=1, max_size=3),
)
def test_a_number_with_digits_behind_it_is_another(number: str, more: str) -> None:
    assert list(find_numbers(number))
    assert not [found for found in find_numbers(f"{number}{more}") if found.number == number]
