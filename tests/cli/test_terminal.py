"""Tables and highlighted characters go to stdout, messages to stderr."""

from __future__ import annotations

import pytest

from trialgraph.cli.terminal import print_message, progress, show_explained, show_table
from trialgraph.views.explain import Explained, ReadingProvenance

READING = ReadingProvenance(
    reads="n_treatment", value="39", concept="", source="made", row=9, line=25, field="patients", before="RA54 (",
    verbatim="392", after="/15)", offsets=(3025, 3028), rule="patients.footnote-mark", says="A mark.", mapping="",
)  # fmt: skip


def test_a_table_in_a_pipe_is_whole_and_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(["a", "long name"], [["1", "x" * 200], ["22", "two\nlines\tand  blanks"], ["", ""]])
    lines = capsys.readouterr().out.split("\n")
    assert lines == ["a   long name", "1   " + "x" * 200, "22  two lines and blanks", "", ""]


def test_brackets_are_text_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(["reference"], [["[121]"], ["[bold]x[/bold]"]])
    assert capsys.readouterr().out == "reference\n[121]\n[bold]x[/bold]\n"


def test_a_table_without_rows_has_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(["a", "b"], [])
    assert capsys.readouterr().out == "a  b\n"


def test_the_characters_are_marked_without_colours(capsys: pytest.CaptureFixture[str]) -> None:
    show_explained(Explained("https://example.org/x", "a [label]", (READING,)))
    text = capsys.readouterr().out
    assert text.startswith("a [label]  <https://example.org/x>\n")
    assert "  RA54 (⟦392⟧/15)\n" in text
    assert "n_treatment = 39\n" in text
    assert "made, row 9, line 25, column 'patients', characters 3025 to 3028\n" in text
    assert "rule patients.footnote-mark: A mark.\n" in text
    assert "mapping" not in text


def test_talk_goes_to_stderr_and_is_not_for_the_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    print_message("one")
    print_message("two", quiet=True)
    caught = capsys.readouterr()
    assert (caught.out, caught.err) == ("", "one\n")


def test_progress_is_silent_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=False) as said:
        said("working")
    caught = capsys.readouterr()
    assert (caught.out, caught.err) == ("", "")
