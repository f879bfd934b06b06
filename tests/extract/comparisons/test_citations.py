"""What a row cites: DOIs, PubMed ids, first authors and years, in the spellings of tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.extract.comparisons.rows import report
from trialgraph.extract.comparisons.citations import citations_of
from trialgraph.model.table import Cell


@pytest.mark.parametrize(
    ("text", "author", "year"),
    [
        ("Wang et al., 2014", "wang", "2014"),
        ("Wang D et al (2014) [121]", "wang", "2014"),
        ("Vega-Ávila, et al. 2016", "vegaavila", "2016"),
        ("van der Berg et al 2019", "vanderberg", "2019"),
        ("O’Brien and Müller 2009", "obrien", "2009"),
        ("Lee, 2020", "lee", "2020"),
        ("Li et al. 2014, 2016", "li", ""),
        ("[121]", "", ""),
        ("121", "", ""),
        ("see text and 2014", "", ""),
    ],
)
def test_the_first_author_and_the_year(text: str, author: str, year: str) -> None:
    found = citations_of(report("a", 1, reference=text))
    assert (found.author, found.year) == (author, year)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("https://doi.org/10.1000/ABC.(1)2.", {"doi:10.1000/abc.(1)2"}),
        ("(doi: 10.1000/x-1; 10.1000/y)", {"doi:10.1000/x-1", "doi:10.1000/y"}),
        ("Wang et al. PMID: 24661633", {"pmid:24661633"}),
        ("Wang et al. 2014, 24661633", set()),
        ("2010.1 and 10.5/7", set()),
    ],
)
def test_publications(text: str, cited: set[str]) -> None:
    assert citations_of(report("a", 1, reference=text)).publications == cited


def test_a_column_of_pubmed_ids_holds_bare_numbers() -> None:
    made = report("a", 1, reference="[1]")
    cell = Cell("PMID", None, "column-2", 2, "24661633", 3, 11)
    with_ids = replace(made, row=replace(made.row, cells=(*made.row.cells, cell)))
    assert citations_of(with_ids).publications == {"pmid:24661633"}
