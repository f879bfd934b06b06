"""Folding is one character for one, whatever the text, and quick ways give what the slow one gives."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from trialgraph.terminology.folding import DASHES, GREEK, fold, normalise, singular

ODD = st.sampled_from(
    ["İ", "Σ", "ΑΣ", "ς", "ß", "ﬁ", "’s", " 's", "`", "–", "µ", "α", "_", "-", " ", "\u2028", "\x1c", "s"]
)
TEXT = st.lists(ODD | st.text(max_size=4), max_size=12).map("".join)
QUOTES = str.maketrans(dict.fromkeys("’‘`´ʼ′\u0301", "'"))


def slowly(text: str) -> str:
    each = (low if len(low := c.lower()) == 1 else c for c in text)
    return "".join(each).translate(DASHES).translate(QUOTES).translate(GREEK)


@given(TEXT)
def test_each_character_is_folded_by_itself(text: str) -> None:
    assert fold(text) == slowly(text)
    assert len(fold(text)) == len(text)


@given(TEXT)
def test_words_are_looked_up_by_their_normal_form(text: str) -> None:
    spaced = re.sub(r"[\s\-_]+", " ", re.sub(r"\s+(?='s\b)", "", slowly(text)))
    *before, last = spaced.strip(" .,;:").split(" ")
    assert normalise(text) == " ".join([*before, singular(last)])
