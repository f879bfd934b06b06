"""What stands behind the rows of the table: papers by the list of their source, records of registries."""

from __future__ import annotations

from trialgraph.release.lists.rows import GatheredTable, Paper, ReportRow, read_cells
from trialgraph.views.evidence.about import About, CitedSource
from trialgraph.views.evidence.gather import cited

REVIEW = CitedSource("s", "A review", "https://doi.org/10.1234/review", "", "2025-01-02")
ABOUT = About("0" * 64, "0.1.0", "2026-01-02", (REVIEW,), "https://example.org/")
TEXT = """source,row,registry,registration_id,reference,title
s,1,ClinicalTrials.gov,NCT1,7|8,A title
s,2,ClinicalTrials.gov,NCT1,9,Another title
other,1,,,7,
"""


PAPERS = {
    "7": Paper("Smith J. A trial. 2020.", "10.1234/trial", "https://doi.org/10.1234/trial"),
    "8": Paper("Jones K. A report.", "", "https://example.com/report"),
}


def table_of() -> GatheredTable:
    columns, cells = read_cells(TEXT)
    rows = [
        ReportRow(
            line,
            "",
            f"t{line[3]}",
            "name",
            ids=((line[3], f"https://example.org/{line[3]}"),) if line[3] == "NCT1" else (),
            papers=PAPERS if line[0] == "s" else {},
        )
        for line in cells
    ]
    return GatheredTable(columns, rows)


def test_a_paper_is_cited_as_the_list_of_its_source_has_it() -> None:
    table = table_of()
    found = {one.key: one for one in cited(table, table.rows, ABOUT, ["s", "other"])}
    assert list(found) == ["s", "s-ref-7", "s-ref-8", "NCT1", "s-ref-9", "other-ref-7"]
    assert (found["s-ref-7"].kind, found["s-ref-7"].doi) == ("article", "10.1234/trial")
    assert found["s-ref-7"].title == "Smith J. A trial. 2020."
    assert (found["s-ref-8"].kind, found["s-ref-8"].url) == ("other", "https://example.com/report")
    assert found["s-ref-9"].title == "Reference 9 of: A review", "nothing is known but its number"
    assert found["s-ref-9"].url == "https://doi.org/10.1234/review"
    assert found["NCT1"].title == "A title", "the record once, by the first report"
    assert found["other-ref-7"].url.endswith("/source/other")
