"""Powers, footnote marks and citations: what is surely one of them, and what may be either."""

from __future__ import annotations

import pytest

from trialgraph.extract.grids.cell_text import Run, clean, leading_marks, text_of_runs


@pytest.mark.parametrize(
    ("before", "up", "notes", "text", "marks"),
    [
        ("1 × 10", "6", (), "1 × 10⁶", ()),
        ("10", "−9", (), "10⁻⁹", ()),
        ("2 × 10", "6", ("6",), "2 × 10⁶", ()),
        ("kg/m", "2", ("2",), "kg/m²", ()),
        ("12", "a", (), "12", ("a",)),
        ("12", "a,b", (), "12", ("a", "b")),
        ("12", "*†", (), "12", ("*†",)),
        ("Smith", "12", (), "Smith¹²", ()),
        ("2019", "12", (), "2019¹²", ()),
        ("Cells", "1", ("1",), "Cells", ("1",)),
        ("CD34", "+", (), "CD34⁺", ()),
        ("Ca", "2+", (), "Ca²⁺", ()),
        ("CD45", "high", (), "CD45high", ()),
        ("1", "st", (), "1st", ()),
        ("weight", "ab", ("a", "b"), "weight", ("a", "b")),
    ],
)
def test_a_superscript(
    before: str, up: str, notes: tuple[str, ...], text: str, marks: tuple[str, ...]
) -> None:
    made = text_of_runs([Run(before), Run(up, "super")], notes)
    assert (made.text, made.marks) == (text, marks)


def test_runs_that_word_cut_are_one() -> None:
    assert text_of_runs([Run("10"), Run("−", "super"), Run("9", "super")]).text == "10⁻⁹"


def test_links_say_what_they_lead_to() -> None:
    made = text_of_runs(
        [Run("9"), Run("1", "mark"), Run(" Ahn"), Run("7", "citation"), Run("; Lee"), Run("8", "reference")]
    )
    assert (made.text, made.marks) == ("9 Ahn⁷; Lee 8", ("1",))


@pytest.mark.parametrize(
    ("text", "notes", "want", "marks"),
    [("12*", ("*",), "12", ("*",)), ("12*", (), "12*", ()), ("12ᵃ", (), "12", ("a",)), ("Cells¹", ("1",), "Cells", ("1",)), ("10⁶", ("6",), "10⁶", ())],  # noqa: E501 - markup as it is written
)  # fmt: skip
def test_marks_that_are_characters(
    text: str, notes: tuple[str, ...], want: str, marks: tuple[str, ...]
) -> None:
    made = text_of_runs([Run(text)], notes)
    assert (made.text, made.marks) == (want, marks)


def test_white_space_and_line_breaks() -> None:
    assert clean(" a\xa0 b \n\n c\u200b\tx ") == "a b\nc x"


@pytest.mark.parametrize(
    ("text", "marks"), [("* p", ("*",)), ("ᵃ Planned", ("a",)), ("a) Planned", ("a",)), ("A trial", ())]
)
def test_marks_of_notes(text: str, marks: tuple[str, ...]) -> None:
    assert leading_marks(text) == marks
