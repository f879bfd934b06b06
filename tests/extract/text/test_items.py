"""Lists to items, for any field."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from trialgraph.extract.text.items import ground, split_items

WORDS = st.lists(
    st.sampled_from(["SLEDAI", "DAS28", "T", "B", "lymphocytes", "and", ",", ";", ".", "(", ")", "/", "&", "é", "𝛾"]),
    max_size=16,
)  # fmt: skip


@settings(deadline=None)
@given(words=WORDS, joint=st.sampled_from(["", " "]))
def test_items_stand_in_order_within_the_text_and_hold_more_than_separators(
    words: list[str], joint: str
) -> None:
    text = joint.join(words)
    items = split_items(text, "outcome")
    ends = [0]
    for item in items:
        assert ends[-1] <= item.start < item.end <= len(text)
        piece = text[item.start : item.end]
        assert piece == piece.strip(" ,;")
        assert any(c.isalnum() for c in piece)
        ends.append(item.end)


def test_parentheses_that_do_not_close_hold_the_rest_together() -> None:
    assert [i.words for i in split_items("A (b, c, D", "outcome")] == ["A (b, c, D"]
    assert [i.words for i in split_items("A) b, c", "outcome")] == ["A) b", "c"]


def test_an_item_of_a_coordination_has_all_its_words_and_only_its_characters() -> None:
    text = "Suppression of the proliferation of T and B lymphocytes"
    first, second = split_items(text, "mechanism")
    assert text[first.start : first.end] == "Suppression of the proliferation of T"
    assert first.words == "Suppression of the proliferation of T lymphocytes"
    assert second.words == "Suppression of the proliferation of B lymphocytes"
    assert first.phrase == second.phrase == text


def test_grounding_says_whether_a_general_noun_was_left_out() -> None:
    (plain,), (general,) = split_items("EDSS", "outcome"), split_items("change in EDSS", "outcome")
    assert [ground("outcome", item)[1] for item in (plain, general)] == [False, True]
    (unknown,) = split_items("fistula drainage volume", "outcome")
    assert ground("outcome", unknown) == (None, False)


def test_a_long_line_of_words_is_split_in_good_time() -> None:
    # Twenty thousand words of which none is known, and a thousand known ones without a comma.
    assert len(split_items("lorem " * 20_000, "outcome")) == 1
    assert split_items("DAS28 " * 1_000, "outcome")
    assert split_items("DAS28 and " * 2_000, "outcome")
