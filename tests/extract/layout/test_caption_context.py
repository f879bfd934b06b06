"""What captions and notes state for all rows, and what they do not."""

from __future__ import annotations

import pytest

from trialgraph.extract.layout.caption_context import stated_once
from trialgraph.model.table import NonCellText


def stated(kind: str, text: str) -> dict[str, str]:
    found = stated_once([NonCellText(kind, 1, 0, len(text), text)])
    return {one.field: text[one.start : one.end] for one in found}


@pytest.mark.parametrize(
    ("caption", "values"),
    [
        ("UC-MSC trials in COVID-19", {"cell source": "UC-MSC", "disease": "COVID-19"}),
        (
            "Table 1. Clinical trials of MSCs for knee osteoarthritis, all by intra-articular injection",
            {"cell source": "MSCs", "disease": "knee osteoarthritis", "administration": "intra-articular injection"},
        ),
        (
            "Phase II trials of intravenous MSCs in multiple sclerosis",
            {
                "phase": "Phase II", "administration": "intravenous", "cell source": "MSCs",
                "disease": "multiple sclerosis",
            },
        ),
        (
            "Completed clinical trials of adipose-derived MSCs for Crohn's disease in China",
            {
                "status": "Completed", "cell source": "adipose-derived MSCs", "disease": "Crohn's disease",
                "countries": "China",
            },
        ),
        ("Table 3. Ongoing trials of gene therapy for hemophilia A", {"status": "Ongoing", "disease": "hemophilia A"}),
        ("MSC-based therapy in severe COVID-19", {"cell source": "MSC", "disease": "severe COVID-19"}),
        ("RCTs of MSC in RA and OA", {"allocation": "RCTs", "cell source": "MSC"}),
        ("Trials of MSCs in osteoarthritis and cartilage defects", {"cell source": "MSCs"}),
        ("Trials of MSC versus chondrocytes for osteoarthritis", {"disease": "osteoarthritis"}),
        ("Studies in COVID-19 patients with diabetes", {}),
        ("Characteristics of included studies", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_caption(caption: str, values: dict[str, str]) -> None:
    assert stated("caption", caption) == values


@pytest.mark.parametrize(
    ("note", "values"),
    [
        ("All cells were given by intravenous infusion.", {"administration": "intravenous infusion"}),
        ("All patients received bone marrow MSCs unless stated otherwise.", {}),
        ("MSC: mesenchymal stem cell; RA: rheumatoid arthritis", {}),
        ("Cells were given by intravenous infusion.", {}),
    ],
)
def test_a_note_counts_where_it_speaks_of_all(note: str, values: dict[str, str]) -> None:
    assert stated("footnote", note) == values


def test_a_note_of_a_mark_is_of_its_cells() -> None:
    note = "All cells were given by intravenous infusion."
    assert stated_once([NonCellText("footnote", 1, 0, len(note), note, marks=("a",))]) == ()
