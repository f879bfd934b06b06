"""Terms of two ontologies with one name (NASH in MONDO and DOID) were a conflict of one reading: no build."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.base.settings import DEFAULTS
from trialgraph.pipeline import build

ROW = "Disease\tPhase\tCells\tPatients\n{}\tPhase I\tBM-MSC\t20\nlupus\tPhase II\tUC-MSC\t30\n"


@pytest.mark.slow
@pytest.mark.parametrize("words", ["NASH", "NASH, AD"])
def test_a_row_with_such_an_abbreviation_is_built(tmp_path: Path, words: str) -> None:
    table = tmp_path / "table.tsv"
    table.write_text(ROW.format(words), encoding="utf-8")
    release, findings = build([table], releases=tmp_path / "releases", settings=DEFAULTS)
    assert release.manifest["counts"]["reports"] == 2
    assert not [one for one in findings if one.severity == "violation"]
