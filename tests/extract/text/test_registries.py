"""Registry numbers in the spellings that people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.extract.text.registries import find_numbers, registry_number


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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[
            (text, "NCT01741857")
            for text in (
                "NCT01741857", "nct 01741857", "NCT-01741857", "nct01741857", "NCT: 01741857", "NCT 0174 1857",
                "NCT\u201301741857", "NCT\u200b01741857", "ＮＣＴ０１７４１８５７", "clinicaltrials:NCT01741857",
                "https://clinicaltrials.gov/study/NCT01741857", "https://clinicaltrials.gov/ct2/show/nct01741857/",
                "NCT number 01741857",
            )
        ],
        *[
            (text, "ChiCTR-INR-17012462")
            for text in ("ChiCTR-INR-17012462", "chictr inr 17012462", "ChiCTRINR17012462", "CHICTR-INR17012462")
        ],
        *[(text, "ChiCTR1800012345") for text in ("chictr-1800012345", "ChiCTR 1800012345", "ChiCTR1800012345")],
        *[
            (text, "2010-022766-48")
            for text in (
                "2010-022766-48", "2010 022766 48", "EudraCT 2010-022766-48", "EudraCT number: 2010-022766-48",
                "EUCTR2010-022766-48-DE", "2010–022766–48",
            )
        ],
        ("ctri 2017 05 008654", "CTRI/2017/05/008654"),
        ("ISRCTN 12345679", "ISRCTN12345679"),
        # no number, two of them, a part of a text, a look-alike letter
        *[
            (text, "")
            for text in (
                "", "lupus", "NCT99999999", "NCT01741857, NCT01741858", "see NCT01741857", "N\u0421T01741857",
                "x" * 5_000,
            )
        ],
    ],
)  # fmt: skip
def test_a_whole_text_is_a_number_in_any_spelling(text: str, number: str) -> None:
    assert registry_number(text) == number
