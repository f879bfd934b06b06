"""Ambiguous abbreviations: the legend, the row, or no link and a conflict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.columns.cells import in_place, row
from tests.extract.segmentation.lines import HEADINGS
from trialgraph.extract.ambiguity import resolved
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.text.legend import read_legend
from trialgraph.model.report import Report
from trialgraph.model.table import NonCellText
from trialgraph.pipeline import read_all


def report(legend: dict[str, str] | None = None, **texts: str) -> Report:
    (made,) = find_conflicts([resolved(read_report(row(**texts)), legend or {})])
    return made


def linked(made: Report) -> list[str]:
    """All concepts of disease, cells, routes and outcomes."""
    found = [made.condition.disease if made.condition else None]
    found += [product.cell_type for product in made.products]
    found += [route for route, _ in made.intervention.routes]
    found += [item.concept for item in made.outcomes]
    return [concept.label for concept in found if concept]


@pytest.mark.parametrize(
    ("legend", "texts", "concepts"),
    [
        ({"AD": "atopic dermatitis"}, {"disease": "AD"}, ["atopic eczema"]),
        ({"AD": "Alzheimer's disease"}, {"disease": "AD"}, ["Alzheimer disease"]),
        ({"AD": "Alzheimer's disease"}, {"disease": "Severe AD"}, ["Alzheimer disease"]),
        ({"SS": "Sjögren's syndrome"}, {"disease": "SS"}, ["Sjogren syndrome"]),
        ({"AMSC": "adipose-derived mesenchymal stem cell"}, {"cell_source": "AMSCs"}, []),
        (
            {"AMSCs": "amnion mesenchymal stem cells"},
            {"cell_source": "AMSCs"},
            ["amnion mesenchymal stem cell"],
        ),
        ({"IA": "intra-arterial"}, {"administration": "IA injection"}, ["intra-arterial"]),
        (
            {"CDAI": "Clinical Disease Activity Index"},
            {"outcomes": "CDAI"},
            ["Clinical Disease Activity Index"],
        ),
        # a legend that says something else, or nothing of it
        ({"AD": "adipose tissue-derived"}, {"disease": "AD"}, []),
        ({"UC": "ulcerative colitis"}, {"disease": "AD"}, []),
    ],
)
def test_the_legend_decides_first(legend: dict[str, str], texts: dict[str, str], concepts: list[str]) -> None:
    made = report(legend, **texts)
    assert linked(made) == concepts
    told = [c.kind for c in made.conflicts if c.kind == "ambiguous-abbreviation"]
    assert told == ([] if concepts else ["ambiguous-abbreviation"])
    assert in_place(made.readings)


@pytest.mark.parametrize(
    ("disease", "outcomes", "concepts"),
    [
        ("RA", "CDAI", ["rheumatoid arthritis", "Clinical Disease Activity Index"]),
        ("RA", "ACR", ["rheumatoid arthritis", "ACR improvement criteria"]),
        ("SLE", "CDAI", ["systemic lupus erythematosus"]),
        ("MS", "NRS", ["multiple sclerosis"]),
        ("AD", "ADAS-Cog, MMSE", []),
    ],
)
def test_then_the_disease_that_an_instrument_was_made_for(
    disease: str, outcomes: str, concepts: list[str]
) -> None:
    assert linked(report(disease=disease, outcomes=outcomes)) == concepts


@pytest.mark.parametrize(
    "texts",
    [
        {"disease": "AD"},
        {"disease": "Severe AD"},
        {"disease": "DM"},
        {"cell_source": "AMSCs"},
        {"administration": "IA injection"},
        {"outcomes": "NRS"},
    ],
)
def test_else_nothing_is_linked_and_a_conflict_says_so(texts: dict[str, str]) -> None:
    made = report({}, **texts)
    assert linked(made) == []
    (conflict,) = (c for c in made.conflicts if c.kind == "ambiguous-abbreviation")
    assert conflict.preferred is None
    assert conflict.message.endswith("; not linked")


@pytest.mark.parametrize(
    ("text", "legend"),
    [
        ("AD, atopic dermatitis; UC: ulcerative colitis", {"AD": "atopic dermatitis", "UC": "ulcerative colitis"}),
        ("Abbreviations: AD = Alzheimer's disease, IV = intravenous.",
         {"AD": "Alzheimer's disease", "IV": "intravenous"}),
        ("Abbreviations: AD, Alzheimer disease; NRS, numeric rating scale",
         {"AD": "Alzheimer disease", "NRS": "numeric rating scale"}),
        ("AD – atopic dermatitis; SS – systemic sclerosis.", {"AD": "atopic dermatitis", "SS": "systemic sclerosis"}),
        # explained in two ways, or no abbreviation
        ("AD, atopic dermatitis; AD, Alzheimer disease", {}),
        ("The study, an open one; Data are means", {}),
    ],
)  # fmt: skip
def test_legends_as_they_are_printed(text: str, legend: dict[str, str]) -> None:
    assert read_legend(text, [NonCellText("footnote", 1, 0, len(text))]) == legend


def test_the_footnote_of_a_table_is_its_legend(tmp_path: Path) -> None:
    line = "Phase IUC-MSCsAD301 × 106 cells/kg, IV infusion12ImmunomodulationMMSESafe and effectiveNCT09000011[1]"
    path = tmp_path / "made.txt"
    lines = [
        *HEADINGS.values(),
        line,
        "AD: Alzheimer's disease; UC: umbilical cord; MSC: mesenchymal stem cell",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (read,) = read_all((path,))
    assert "Alzheimer disease" in linked(read.reports[0])
    assert not [c for c in read.reports[0].conflicts if c.kind == "ambiguous-abbreviation"]
