"""Texts that are somewhat like cells, for tests that hold for any text."""

from __future__ import annotations

from hypothesis import strategies as st

# Importing the readers declares their rules.
import trialgraph.extract.conflicts
import trialgraph.extract.reports  # noqa: F401
from trialgraph.model.reading import RULES

# What tables of trials are made of; plain random text would seldom come near a rule.
PIECES = [
    *(part for r in RULES.values() for text in (r.example, r.counter_example) for part in text.split(" ")),
    "(", ")", "[", "]", "/", "-", "–", ",", ";", ".", "1", "106", "10⁶", "×", "kg", "IV", "N/A", "and", "or", "but",
    "2.5", "1,200", "Phase", "NCT", "±", "İ", "ß", "ﬁ", "\u0301", "\u200b", "\u00a0", "👩‍⚕️", "\t", "٣", "²",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.text(max_size=60),
)
