"""The column ``evidence`` of ``curation.tsv``, and the documents that it names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.curation import CURATION_COLUMNS, EVIDENCE, evidence_iri, read_curation
from trialgraph.extract.sources import read_source

HEAD = "\t".join((*CURATION_COLUMNS, EVIDENCE))


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIRST, tmp_path / "wjsc-107202-table1"))


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("doi:10.1000/sample.1", "https://doi.org/10.1000/sample.1"),
        ("NCT01741857", "https://bioregistry.io/clinicaltrials:NCT01741857"),
        ("ChiCTR-INR-17012462", "https://bioregistry.io/chictr:ChiCTR-INR-17012462"),
        ("DRKS00012345", None),
        ("https://clinicaltrials.gov/study/NCT01741857?tab=history", None),
        ("http://example.org", None),
    ],
)
def test_evidence_is_a_doi_a_registry_number_or_an_address(
    seed: Path, text: str, document: str | None
) -> None:
    line = f"2\tn_control\tvalue 33\tme\t2026-11-28\tso\t{text}"
    (seed / "curation.tsv").write_text(f"{HEAD}\n{line}\n")
    (made,) = read_curation(read_source(seed), DEFAULTS)
    assert (made.evidence, made.line) == (text, 2)
    found = evidence_iri(text)
    expected = text if text.startswith("http") else document
    assert (found.value if found else None) == expected


@pytest.mark.parametrize(
    "text",
    ["a book", "doi:10.1", "10.1000/x", "NCT00000000", "NCT01741857 and more", "ftp://example.org/x", "https://",
     "https://x y", "javascript:alert(1)", "https://example.org/<script>"],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(seed: Path, text: str) -> None:
    (seed / "curation.tsv").write_text(f"{HEAD}\n2\tn_control\tvalue 33\tme\t2026-11-28\tso\t{text}\n")
    with pytest.raises(InputError) as error:
        read_curation(read_source(seed), DEFAULTS)
    assert "curation.tsv:2: " in error.value.line()
    assert "is no evidence; give a doi:…" in error.value.line()


def test_a_file_of_six_columns_takes_no_seventh_cell(seed: Path) -> None:
    text = "\t".join(CURATION_COLUMNS) + "\n9\tarms-do-not-add-up\tkeep\tme\t2026-11-28\tso"
    (seed / "curation.tsv").write_text(f"{text}\t\n")
    assert read_curation(read_source(seed), DEFAULTS)[0].evidence == ""
    (seed / "curation.tsv").write_text(f"{text}\tNCT01741857\n")
    with pytest.raises(InputError, match="add evidence to the first line"):
        read_curation(read_source(seed), DEFAULTS)
