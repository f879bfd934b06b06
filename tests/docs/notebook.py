"""Runs the notebook of the documents in this process, as Jupyter would.

``python -m tests.docs.notebook RELEASES`` writes the outputs into it. A kernel and its thirty packages would show
nothing more: the cells are plain Python.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.paths import ROOT

__all__ = ["NOTEBOOK", "read", "run"]

NOTEBOOK: Final = ROOT / "docs" / "notebook.ipynb"
#: What a notebook can show, by the method that gives it.
_SHOWN: Final = {"text/html": "_repr_html_", "text/markdown": "_repr_markdown_"}


def read() -> dict[str, Any]:
    """The notebook."""
    found: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return found


def run(notebook: dict[str, Any], folder: Path) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each cell of code with its outputs, in one namespace.

    :param folder: where the notebook is taken to lie
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    count = 0
    with contextlib.chdir(folder):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                count += 1
                yield cell, _outputs("".join(cell["source"]), names, count)


def _outputs(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - our own notebook
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - likewise
    found: list[dict[str, Any]] = []
    if text := printed.getvalue():
        found.append({"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)})
    if value is not None:
        data = {kind: content.splitlines(keepends=True) for kind, content in _shown(value)}
        found.append(
            {"data": data, "execution_count": count, "metadata": {}, "output_type": "execute_result"}
        )
    return found


def _shown(value: Any) -> Iterator[tuple[str, str]]:
    bundle = getattr(value, "_repr_mimebundle_", None)
    if bundle and (made := bundle()):
        made = made[0] if isinstance(made, tuple) else made
        yield from ((kind, content) for kind, content in made.items() if isinstance(content, str))
        return
    for kind, method in _SHOWN.items():
        if (shown := getattr(value, method, None)) and (content := shown()):
            yield kind, content
    yield "text/plain", repr(value)


def _write(releases: Path) -> None:
    notebook = read()
    with tempfile.TemporaryDirectory() as made:
        # It opens ../releases.
        (Path(made) / "releases").symlink_to(releases.resolve())
        folder = Path(made) / "docs"
        folder.mkdir()
        for count, (cell, outputs) in enumerate(run(notebook, folder), 1):
            cell["outputs"], cell["execution_count"] = outputs, count
    NOTEBOOK.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    _write(Path(sys.argv[1] if len(sys.argv) > 1 else "releases"))
