"""The environment is read at the edge alone: what loads settings where it gets none is never called so from inside."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.paths import ROOT

HOME = ROOT / "src" / "trialgraph"
TREES = {
    str(path.relative_to(HOME)): ast.parse(path.read_text(encoding="utf-8")) for path in HOME.rglob("*.py")
}
#: ``cli`` asks only whether a shell wants completions.
READ_THE_ENVIRONMENT = {"base/settings.py", "cli/__init__.py"}


def takers() -> set[str]:
    """Functions, and classes by their constructor, that load settings where they get none."""
    return {name for tree in TREES.values() for name, node in functions(tree) if loads(node)}


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    yield node.name, method


def loads(function: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Call) and ast.unparse(n.func) == "Settings.load" for n in ast.walk(function))


def test_settings_are_passed_on() -> None:
    names = takers()
    assert {"Pool", "build", "create_app", "open_release", "read_source", "serve"} <= names
    forgotten = []
    for module, tree in TREES.items():
        imported = [a for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names]
        here = {a.asname or a.name for a in imported if a.name in names}
        here |= {name for name, _ in functions(tree)} & names
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in here:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if not any(ast.unparse(value).endswith("settings") for value in given):
                    forgotten.append(f"{module}:{node.lineno}: {ast.unparse(node)[:60]}")
    assert forgotten == []


def test_nothing_else_reads_or_writes_the_environment() -> None:
    found = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.environb", "os.getenv")
    }
    assert found == READ_THE_ENVIRONMENT
