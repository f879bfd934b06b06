"""The notebook runs from question to figure, and shows what it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.docs.notebook import NOTEBOOK, read, run
from trialgraph.release.open import Release

#: A drawing depends on the fonts of a machine, a table for the eye on the version of pandas.
COMPARED = frozenset({"text/plain", "stdout"})


def compared(outputs: list[dict[str, Any]]) -> list[Mapping[str, str]]:
    """What has to be the same of the outputs of a cell."""
    kinds = [output.get("data") or {output["name"]: output["text"]} for output in outputs]
    return [{kind: "".join(text) for kind, text in shown.items() if kind in COMPARED} for shown in kinds]


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_each_cell_gives_what_stands_below_it(all_seeds: Release, tmp_path: Path) -> None:
    """Other outputs, because the graph has changed: `python -m tests.docs.notebook RELEASES` writes them."""
    (tmp_path / "releases").symlink_to(all_seeds.path.parent)
    (tmp_path / "docs").mkdir()
    kinds = set()
    for number, (cell, outputs) in enumerate(run(read(), tmp_path / "docs"), 1):
        assert compared(outputs) == compared(cell["outputs"]), f"cell {number}: {''.join(cell['source'])}"
        kinds |= {kind for output in outputs for kind in output.get("data", ())}
    assert "image/svg+xml" in kinds, "no figure is drawn"


def test_it_is_a_notebook_as_jupyter_writes_it() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    for cell in notebook["cells"]:
        code = {"outputs", "execution_count"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source", *code}
    assert "http://" not in "".join("".join(c["source"]) for c in notebook["cells"]), "it runs offline"
