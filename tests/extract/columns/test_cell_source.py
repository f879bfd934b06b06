"""Cell sources: cell type, tissue, donor and code, one product per printed source."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.cell_source import read_products
from trialgraph.terminology.lexicon import Concept

MSC, BM, UC, AD = (
    "mesenchymal stem cell",
    "bone marrow mesenchymal stem cell",
    "umbilical cord mesenchymal stem cell",
    "adipose-derived mesenchymal stem cell",
)
Told = tuple[str | None, str | None, str | None, str | None]


def told(text: str) -> list[Told]:
    products, _ = read_products(cell("cell source", text))
    return [(label(p.cell_type), label(p.tissue), p.donor, p.code) for p in products]


def label(concept: Concept | None) -> str | None:
    return concept.label if concept else None


@pytest.mark.parametrize(
    ("text", "products"),
    [
        # as the seed prints them
        ("BM-MSCs (autologous)", [(BM, "bone marrow", "autologous", None)]),
        ("UC-MSCs", [(UC, "umbilical cord", None, None)]),
        ("UC-MSCs, BM-MSCs", [(UC, "umbilical cord", None, None), (BM, "bone marrow", None, None)]),
        ("MSCs (allogeneic)", [(MSC, None, "allogeneic", None)]),
        ("UC-MSCs (allogeneic) (BX-U001)", [(UC, "umbilical cord", "allogeneic", "BX-U001")]),
        ("AD-MSCs (allogeneic) (Cx611)", [(AD, "adipose tissue", "allogeneic", "Cx611")]),
        (
            "Placenta derived MSCs (allogeneic)",
            [("placenta-derived mesenchymal stem cell", "placenta", "allogeneic", None)],
        ),
        # other spellings
        ("AD-MSC (allogenic)", [(AD, "adipose tissue", "allogeneic", None)]),
        ("Autologous BM-MSCs", [(BM, "bone marrow", "autologous", None)]),
        ("Allo-BM-MSC", [(BM, "bone marrow", "allogeneic", None)]),
        ("third-party BM-MSCs", [(BM, "bone marrow", "allogeneic", None)]),
        ("MSCs (allogeneic, Cx611)", [(MSC, None, "allogeneic", "Cx611")]),
        ("MSCs (bone marrow)", [(BM, "bone marrow", None, None)]),
        # a known cell, a hyphen and another; a pluripotent cell is what the second was made from
        (
            "Adipose-derived stem cell-keratinocyte suspension",
            [(AD, "adipose tissue", None, None), ("keratinocyte", None, None, None)],
        ),
        ("induced pluripotent stem cell-cardiomyocytes", [("cardiac muscle cell", None, None, None)]),
        ("iPSC-MSC", [(MSC, None, None, None)]),
        # letters of a code are no tissue
        ("MSC-KI-PL-204", [(MSC, None, None, None)]),
        ("MSC-PL", [("placenta-derived mesenchymal stem cell", "placenta", None, None)]),
        ("MSC from umbilical cord", [(UC, "umbilical cord", None, None)]),
        ("umbilical cord tissue-derived mesenchymal stem cells", [(UC, "umbilical cord", None, None)]),
        ("Decidua derived MSCs", [(MSC, "decidua", None, None)]),
        ("MSC-NP", [(None, None, None, None)]),
        ("UC-MSCs/BM-MSCs", [(UC, "umbilical cord", None, None), (BM, "bone marrow", None, None)]),
        ("BM-MSCs + UC-MSCs", [(BM, "bone marrow", None, None), (UC, "umbilical cord", None, None)]),
        ("BM-MSCs & UC-MSCs", [(BM, "bone marrow", None, None), (UC, "umbilical cord", None, None)]),
        (
            "Wharton ́s jelly MSCs",
            [("Wharton's jelly mesenchymal stem cell", "mesenchyme of umbilical cord", None, None)],
        ),
        ("Adipose derived, autologous mesenchymal stem cells", [(AD, "adipose tissue", "autologous", None)]),
        ("vBM-MSC", [(BM, "bone marrow", None, None)]),
        # samples and measures are no sources, and neither is where cells go
        ("Blood sample", [(None, None, None, None)]),
        ("blood and urine collection", [(None, None, None, None), (None, None, None, None)]),
        ("Blood pressure", [(None, None, None, None)]),
        ("Stem cells given into the endometrium", [(None, None, None, None)]),
        ("Sampling of mesenchymal stem cells", [(None, None, None, None)]),
        # like a cell, against a cell
        ("MSC-like cells", [(None, None, None, None)]),
        ("Anti-human T-lymphocyte immunoglobulin", [(None, None, None, None)]),
        # the donor of what is given beside the cells
        ("UC-MSCs in autologous serum", [(UC, "umbilical cord", None, None)]),
        ("Autologous serum", [(None, None, "autologous", None)]),
        # a donor of both kinds is no single donor; two sources may have one each
        ("autologous and allogeneic BM-MSCs", [(BM, "bone marrow", None, None)]),
        (
            "BM-MSCs (autologous) and UC-MSCs (allogeneic)",
            [(BM, "bone marrow", "autologous", None), (UC, "umbilical cord", "allogeneic", None)],
        ),
        (
            "autologous BM-MSCs, allogeneic UC-MSCs",
            [(BM, "bone marrow", "autologous", None), (UC, "umbilical cord", "allogeneic", None)],
        ),
        ("MSCs for auto-immune disease", [(MSC, None, None, None)]),
        ("homologous with MSCs", [(MSC, None, None, None)]),
        ("non-autologous BM-MSCs", [(BM, "bone marrow", None, None)]),
        # what stands in parentheses and is no code
        ("BM-MSC (passage 3)", [(BM, "bone marrow", None, None)]),
        ("UC-MSCs (P3)", [(UC, "umbilical cord", None, None)]),
        ("UC-MSCs (human)", [(UC, "umbilical cord", None, None)]),
        ("UC-MSCs (n = 20)", [(UC, "umbilical cord", None, None)]),
        # nobody's concept, and no cells at all
        ("XY-cells", [(None, None, None, None)]),
        ("MSC-derived exosomes", [(None, None, None, None)]),
        ("hMSC-Exos", [(None, None, None, None)]),
        ("MSCs expanded ex vivo", [(MSC, None, None, None)]),
        ("Trophic factors from UC-MSCs", [(None, None, None, None)]),
        ("MSC conditioned medium", [(None, None, None, None)]),
        ("medium dose UC-MSCs", [(UC, "umbilical cord", None, None)]),
        # not given, or what something else was made from
        ("No transplantation of UC-MSCs", [(None, None, None, None)]),
        ("Placebo of MSCs", [(None, None, None, None)]),
        ("kidney transplantation without MSC infusion", [(None, None, None, None)]),
        ("hepatocytes from mesenchymal stem cells", [("hepatocyte", None, None, None)]),
        ("non expanded AD-MSCs", [(AD, "adipose tissue", None, None)]),
        # where the cells go is not where they come from
        ("MSC knee implantation", [(MSC, None, None, None)]),
    ],
)
def test_products_are_read_as_a_curator_would(text: str, products: list[Told]) -> None:
    assert told(text) == products


def test_an_umbilical_cord_does_not_say_whose_it_was() -> None:
    (product,), _ = read_products(cell("cell source", "UC-MSCs"))
    assert product.donor is None


def test_both_donors_are_kept_as_readings_where_none_is_chosen() -> None:
    _, readings = read_products(cell("cell source", "autologous and allogeneic BM-MSCs"))
    assert [(r.name, r.value, r.verbatim) for r in readings] == [
        ("donor", "autologous", "autologous"),
        ("donor", "allogeneic", "allogeneic"),
    ]


def test_an_unknown_cell_keeps_its_words() -> None:
    (product,), _ = read_products(cell("cell source", "Olfactory XY-cells (autologous)"))
    assert (product.reading.verbatim, product.cell_type) == ("Olfactory XY-cells", None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("UC-MSCs", "cell-source.named"),
        ("Intravenous infusion of 10 million human MSCs", "cell-source.tissue-and-cell"),
        ("Conventional therapy plus high dose UC-MSCs", "cell-source.tissue-and-cell"),
        ("CAR7+ T cells", "cell-source.broader"),
        ("CD362 enriched UC-MSCs", "cell-source.broader"),
        ("clonal fetal MSCs", "cell-source.broader"),
    ],
)
def test_words_that_narrow_a_cell_make_it_the_broader_one(text: str, rule: str) -> None:
    products, _ = read_products(cell("cell source", text))
    assert [p.reading.rule for p in products] == [rule]
