"""``references.tsv``: what is read of it, what is refused with one line, and where its entries lead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from tests.paths import ROOT
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.files.reference_list import REFERENCE_COLUMNS, ReferenceEntry, read_reference_list
from trialgraph.graph.checks import check_quads
from trialgraph.graph.quads import quads
from trialgraph.pipeline import read_all
from trialgraph.rdf.vocabulary import DCTERMS, RDFS, TG
from trialgraph.release.graphs import ontology_quads
from trialgraph.terminology.lexicon import lexicon

HEAD = "\t".join(REFERENCE_COLUMNS)


def _read(folder: Path, *lines: str) -> tuple[ReferenceEntry, ...]:
    (folder / "references.tsv").write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    return read_reference_list(folder, DEFAULTS)


def test_a_source_may_have_no_list(tmp_path: Path) -> None:
    assert read_reference_list(tmp_path, DEFAULTS) == ()


def test_entries_are_read_as_they_stand(tmp_path: Path) -> None:
    made = _read(
        tmp_path,
        "121\tLiang J, et al. J Rheumatol 2009.\t10.1000/182\t19345678",
        '7\tA "B" C.\t\t',
        "8\t\t\t1",
    )
    assert made == (
        ReferenceEntry(121, "Liang J, et al. J Rheumatol 2009.", "10.1000/182", "19345678"),
        ReferenceEntry(7, 'A "B" C.', "", ""),
        ReferenceEntry(8, "", "", "1"),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x\ta\t\t", "'x' is no number of a list"),
        ("0\ta\t\t", "'0' is no number of a list"),
        ("٣\ta\t\t", "is no number of a list"),
        ("12345\ta\t\t", "'12345' is no number of a list"),
        ("1\ta\tdoi:10.1000/182\t", "'doi:10.1000/182' is no DOI"),
        ("1\ta\t10.1\t", "'10.1' is no DOI"),
        ("1\ta\t\tPMID 7", "'PMID 7' is no PubMed id"),
        ("1\ta\t\t0", "'0' is no PubMed id"),
        ("1\t\t\t", "without citation, doi and pmid"),
        ("1\ta\u202eb\t\t", "not plain text"),
        ("1\t" + "a" * 1001 + "\t\t", "longer than 1000 characters"),
        ("1\ta\t\t\tmore", "more cells than"),
        ("", "'' is no number of a list"),
    ],
)
def test_a_line_that_is_no_entry_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    if not line:
        assert _read(tmp_path, "", "1\ta\t\t") == (ReferenceEntry(1, "a", "", ""),), "an empty line is none"
        return
    with pytest.raises(InputError, match=message) as caught:
        _read(tmp_path, "2\tb\t\t", line)
    assert str(caught.value.where).endswith("references.tsv:3")
    assert caught.value.hint


def test_a_number_stands_once_and_the_columns_are_fixed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the number 2 stands twice"):
        _read(tmp_path, "2\ta\t\t", "2\tb\t\t")
    (tmp_path / "references.tsv").write_text("number\tdoi\n", encoding="utf-8")
    with pytest.raises(InputError, match="the columns are not number, citation, doi, pmid"):
        read_reference_list(tmp_path, DEFAULTS)
    (tmp_path / "references.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_reference_list(tmp_path, DEFAULTS)


def test_the_cited_entries_are_in_the_graph_and_no_others(tmp_path: Path) -> None:
    seed = Path(shutil.copytree(ROOT / "seeds" / "wjsc-107202-table1", tmp_path / "wjsc-107202-table1"))
    _read(seed, "122\tA paper.\t10.1000/182\t12", "3\tCited by no row.\t\t")
    (read,) = read_all([seed])
    made = quads(read.reports, [read.source], lexicon(), [read.table])
    cites = [quad for quad in made if quad.predicate == TG.cites]
    (cited,) = {quad.object for quad in cites}
    assert [quad.subject.value.rpartition("/")[2] for quad in cites] == ["2"]  # type: ignore[union-attr] # a node
    said = {(quad.predicate, quad.object.value) for quad in made if quad.subject == cited}  # type: ignore[union-attr]
    assert (DCTERMS.bibliographicCitation, "A paper.") in said
    assert (RDFS.seeAlso, "https://doi.org/10.1000/182") in said
    assert (RDFS.seeAlso, "https://identifiers.org/pubmed:12") in said
    assert isinstance(cited, NamedNode)
    assert cited.value.endswith("/reference/wjsc-107202-table1/122")
    found = check_quads(made | ontology_quads(), [read.source])
    assert [f.line() for f in found if f.severity == "violation" and "eference" in f.line()] == []
