"""RIS and BibTeX with hostile text, as maintained parsers read them."""

from __future__ import annotations

import rispy  # type: ignore[import-untyped]  # ships no types
from bibtexparser.entrypoint import parse_string

from trialgraph.views.evidence.citations import Reference, as_bibtex, as_ris, as_text

ODD = Reference(
    kind="article",
    key="a b/ü{}",
    title="100 % of {cells} & IFN-γ_1: $x^2$ ~ #1\\n\r\nER  - \nTY  - BOOK",
    authors=("The trialgraph authors",),
    year="2026",
    doi="10.1234/x_y",
    notes=("one", "two\nlines"),
)


def test_a_line_break_begins_no_other_entry() -> None:
    (entry,) = rispy.loads("".join(as_ris([ODD, ODD])))
    assert entry["type_of_reference"] == "JOUR"
    assert entry["title"] == "100 % of {cells} & IFN-γ_1: $x^2$ ~ #1\\n ER - TY - BOOK"
    assert entry["authors"] == ["The trialgraph authors"]
    assert entry["doi"] == "10.1234/x_y"
    assert entry["urls"] == ["https://doi.org/10.1234/x_y"]
    assert entry["notes"] == ["one", "two lines"]


def test_bibtex_is_read_with_its_special_characters() -> None:
    library = parse_string(as_bibtex([ODD]))
    assert library.failed_blocks == []
    (entry,) = library.entries
    assert (entry.entry_type, entry.key) == ("article", "a-b-")
    assert entry["author"] == "{The trialgraph authors}"
    assert entry["doi"] == "10.1234/x_y"
    assert entry["title"].startswith(r"{100 \% of \{cells\} \& IFN-γ\_1: \$x\textasciicircum{}2\$")
    assert "BOOK" in entry["title"]


def test_several_entries_are_told_apart() -> None:
    other = Reference(kind="record", key="NCT1", title="T", database="ClinicalTrials.gov", accession="NCT1")
    assert [entry["id"] for entry in rispy.loads("".join(as_ris([ODD, other])))] == [ODD.key, "NCT1"]
    assert len(parse_string(as_bibtex([ODD, other])).entries) == 2


def test_one_line_of_text() -> None:
    one = Reference(
        kind="dataset", key="k", title="T", authors=("A",), year="2026", url="https://example.org/dataset"
    )
    assert as_text(one) == "A (2026). T. https://example.org/dataset"
    assert as_text(ODD).endswith("https://doi.org/10.1234/x_y")
