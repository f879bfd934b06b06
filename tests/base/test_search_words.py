"""Words for searching: one spelling for what people write in many, and no number without its word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.base.search_words import SearchTerm, key_of, squeezed, terms_of, words_of


def tokens(text: str) -> set[str]:
    return {word.token for word in words_of(text)}


def fits(typed: str, text: str) -> bool:
    """Whether a text has every term of what was typed, as the index decides it."""
    terms, _ = terms_of(typed, 16)
    return bool(terms) and all(_has(term, tokens(text)) for term in terms)


def _has(term: SearchTerm, held: set[str]) -> bool:
    return any(
        all(
            any(h.startswith(token) if prefix else h in (token, f"{token}s") for h in held)
            for token, prefix in m.tokens
        )
        for m in term.matches
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("IFN-gamma", "IFN-γ"),
        ("ifn gamma", "IFN-γ"),
        ("IFNγ", "IFN gamma"),
        ("ifng", "IFN-γ"),
        ("TNF alpha", "TNF-α"),
        ("TNFa", "TNF-α"),
        ("tgf-β1", "TGF-beta1"),
        ("IL 6", "IL-6 levels"),
        ("IL6", "IL-6"),
        ("IL-6", "serum IL\u20116"),
        ("sjogren", "Sjögren’s syndrome"),
        ("uc msc", "UC-MSCs"),
        ("UC–MSC", "hUC UC-MSCs"),
        ("phase 1/2", "Phase 1/2a"),
        ("phase 2a", "Phase 1b/2a"),
        ("ACR 50", "ACR20/50/70 response"),
        ("das 28", "DAS28"),
        ("nct0417", "NCT04170426"),
        ("04170426", "NCT04170426"),
        ("diseases", "disease activity"),
        ("STRASSE", "Straße"),
        ("ref. 126", "reference 126, ref. 126"),
    ],
)
def test_spellings_of_one_thing_find_each_other(typed: str, text: str) -> None:
    assert fits(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("6", "IL-6"),
        ("106", "1 × 106 cells/kg"),
        ("IL 1", "IL-17"),
        ("IL-1", "IL-10"),
        ("MS", "MSCs"),
        ("RA", "rat"),
        ("IL 6", "IL-10, 6 months"),
        ("at 6", "at 6 months"),
    ],
)
def test_no_word_stands_for_another(typed: str, text: str) -> None:
    assert not fits(typed, text)


def test_a_number_without_a_word_is_told() -> None:
    assert terms_of("6", 16) == ((), ("6",))
    assert terms_of("1 × 10⁶", 16) == ((), ("1", "106"))
    assert terms_of("the of", 16) == ((), ())


def test_an_id_is_the_same_in_any_spelling() -> None:
    spellings = ("NCT04170426", "nct 0417 0426", "NCT-04170426", "NCT: 0417-0426", "ＮＣＴ０４１７０４２６")
    assert {squeezed(text) for text in spellings} == {"nct04170426"}
    assert squeezed("chictr-onc-16008770") == squeezed("ChiCTR‐ONC‐16008770")


def test_words_lead_back_to_their_characters() -> None:
    text = "Δ of IFN-γ, ﬁnally"
    places = {word.token: text[word.start : word.end] for word in words_of(text)}
    assert places["ifngamma"] == "IFN-γ"
    assert places["finally"] == "ﬁnally"
    assert key_of("  Lupus–NEPHRITIS ") == key_of("lupus nephritis".replace(" ", "-"))


@given(
    st.text(max_size=60) | st.text(alphabet="\"'*()-:^+{}[]/,. NEARORnct0123456789γα\0\ud800", max_size=60)
)
def test_tokens_are_letters_and_digits_whatever_is_typed(text: str) -> None:
    terms, alone = terms_of(text, 16)
    made = [token for term in terms for match in term.matches for token, _ in match.tokens]
    for token in (*made, *alone, *tokens(text)):
        assert token.replace("_", "").isalnum() or not token.isascii()
        assert not set(token) & set("\"'*()-:^ \0")
    for word in words_of(text):
        assert 0 <= word.start < word.end <= len(text)
    assert len(terms) <= 16
