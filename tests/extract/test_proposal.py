"""What a file seems to be: its columns with examples, and what it prints of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.base.settings import Settings
from trialgraph.extract.proposal import propose
from trialgraph.extract.sources import read_source

TABLE = "<table><caption>Table 1. Trials</caption><tr><th>Disease<th>Patients<tr><td>multiple sclerosis<td>12</table>"
JATS = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>
<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="doi">10.1000/abc.1</article-id>
<title-group><article-title>Cells in <italic>lupus</italic> &amp; more</article-title></title-group>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"/></permissions>
</article-meta></front><body><table-wrap><label>Table 1</label><caption><p>Trials</p></caption>
<table><tr><th>Disease</th><th>Patients</th></tr><tr><td>multiple sclerosis</td><td>12</td></tr></table>
</table-wrap></body></article>"""


def proposed(tmp_path: Path, text: str) -> tuple[str, str, str, str]:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    made = propose(read_source(path), Settings())
    assert [(c.header, c.fields, c.example) for c in made.columns] == [
        ("Disease", ("disease",), "multiple sclerosis"),
        ("Patients", ("patients",), "12"),
    ]
    return made.title, made.doi, made.licence, made.caption


def test_jats_says_what_it_is(tmp_path: Path) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert proposed(tmp_path, JATS) == ("Cells in lupus & more", "10.1000/abc.1", licence, "Trials")


def test_a_page_says_what_it_is(tmp_path: Path) -> None:
    head = (
        '<html><head><meta name="citation_title" content="Cells &amp; lupus">'
        '<meta name="citation_doi" content="10.1000/x;y"></head><body>'
    )
    assert proposed(tmp_path, head + TABLE)[:3] == ("Cells & lupus", "10.1000/x;y", "")


@pytest.mark.parametrize(
    ("words", "doi"),
    [
        ("doi: 10.1000/abc(2).", "10.1000/abc(2)"),
        ("(doi:10.1000/abc)", "10.1000/abc"),
        ("doi 10.1016/S0140-6736(18)30121-4, 2018", "10.1016/S0140-6736(18)30121-4"),
        ("https://doi.org/10.1000/182", "10.1000/182"),
        ("see 10.1000/182", ""),
        ("", ""),
    ],
)
def test_a_doi_in_words_is_one_that_is_called_so(tmp_path: Path, words: str, doi: str) -> None:
    assert proposed(tmp_path, f"<p>{words}</p>{TABLE}")[1] == doi


def test_a_column_that_nobody_knows_is_kept_and_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Disease,Patients,Zorblax\nmultiple sclerosis,12,foo bar\n")
    *_, unknown = propose(read_source(path), Settings()).columns
    assert (unknown.fields, unknown.sure, unknown.example) == ((), True, "foo bar")
