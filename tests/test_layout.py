"""The shape of the package: who may import whom, how long a file may be, where an IRI may be spelled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.paths import ROOT
from trialgraph.cli import cli

PACKAGE: Final = ROOT / "src" / "trialgraph"

# Upstream to downstream (decisions/0002). A folder imports only from those before it; inside a folder modules are
# free, as long as they make no cycle.
STAGES: Final = (
    "base",
    "rdf",
    "terminology",
    "questions",
    "model",
    "extract",
    "graph",
    "release",
    "remote",
    "build",
    "pipeline",
    "query",
    "views",
    "http",
    "cli",
    "__main__",
)
# The same rule inside the folders that have folders of their own.
INNER: Final = {
    "extract": (
        "files",
        "grids",
        "text",
        "columns",
        "segmentation",
        "layout",
        "tables",
        "comparisons",
        "registries",
        "record_comparisons",
        "history",
    ),
    "http": ("protocol", "pages", "server"),
}
#: No folder is so full that nothing can be found in it; ``columns/`` has a file for each column.
MOST_MODULES: Final = 15
MOST_LINES: Final = 400
MOST_FUNCTION_LINES: Final = 50
# vocabulary names, iris mints; settings holds the default base.
SPELL_IRIS: Final = {"rdf/vocabulary.py", "rdf/iris.py", "base/settings.py"}
# The one table of formats and media types.
MEDIA_TYPES: Final = "rdf/formats.py"

# The usual name of a pattern, and the one module that implements it: a search for the term finds its file.
HOMES: Final = {
    "access log": "http/server/access_log.py",
    "admission control": "query/admission.py",
    "content coding": "http/server/compression.py",
    "content negotiation": "http/negotiation.py",
    "CSV injection": "base/escaping.py",
    "entity expansion": "base/safe_xml.py",
    "exception hierarchy": "base/errors.py",
    "federated query": "query/federation.py",
    "full-text": "views/search_index.py",
    "graceful shutdown": "http/server/supervisor.py",
    "Graph Store Protocol": "http/protocol/graph_store.py",
    "homoglyph": "extract/text/confusables.py",
    "hot reload": "http/server/reload.py",
    "LRU cache": "query/cache.py",
    "Model Context Protocol": "cli/mcp_server.py",
    "problem details": "http/errors.py",
    "rate limit": "query/admission.py",
    "request coalescing": "query/cache.py",
    "reverse proxy": "http/server/proxies.py",
    "sandbox": "query/sandbox.py",
    "semi-Markov": "extract/segmentation/segmentation.py",
    "service description": "http/protocol/service_description.py",
    "SSRF protection": "query/service_client.py",
    "tokenizer": "query/guard/tokenizer.py",
    "worker pool": "query/pool.py",
}

MODULES: Final = sorted(PACKAGE.rglob("*.py"))
NAMES: Final = [str(p.relative_to(PACKAGE)) for p in MODULES]
TREES: Final = {
    name: ast.parse(path.read_text(encoding="utf-8")) for name, path in zip(NAMES, MODULES, strict=True)
}


def stage(name: str) -> str:
    """The stage that a file stands in: the first part of its path."""
    return Path(name).parts[0].removesuffix(".py")


def dotted(name: str) -> str:
    """``columns/kinds.py`` as ``columns.kinds``; a package's own file as the package."""
    return name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


DOTTED: Final = {dotted(name) for name in NAMES}


def imported(name: str) -> Iterator[str]:
    """The package's own modules that a file imports, anywhere in it, as dotted names without ``trialgraph``."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: relative import"
            found = [f"{node.module}.{a.name}" for a in node.names]
        else:
            continue
        for full in found:
            if full.startswith("trialgraph."):
                inner = full.removeprefix("trialgraph.")
                while inner and inner not in DOTTED:
                    inner = inner.rpartition(".")[0]
                if inner:
                    yield inner


def test_every_module_has_a_stage() -> None:
    assert {stage(n) for n in NAMES} - {"__init__"} == set(STAGES)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "__init__.py"])
def test_imports_run_downstream(name: str) -> None:
    mine = STAGES.index(stage(name))
    wrong = [m for m in imported(name) if m.split(".")[0] in STAGES and STAGES.index(m.split(".")[0]) > mine]
    assert not wrong, f"{name} imports from downstream: {', '.join(wrong)}"


@pytest.mark.parametrize("name", [n for n in NAMES if n.count("/") > 1])
def test_imports_inside_a_folder_run_downstream(name: str) -> None:
    top, inner = Path(name).parts[:2]
    order = INNER.get(top, ())
    if inner not in order:
        return
    later = {f"{top}.{folder}" for folder in order[order.index(inner) + 1 :]}
    wrong = [m for m in imported(name) if ".".join(m.split(".")[:2]) in later]
    assert not wrong, f"{name} imports from downstream: {', '.join(wrong)}"


@pytest.mark.parametrize("folder", sorted({str(Path(n).parent) for n in NAMES} - {"extract/columns"}))
def test_no_folder_is_too_full(folder: str) -> None:
    count = len([n for n in NAMES if str(Path(n).parent) == folder and not n.endswith("__init__.py")])
    assert count <= MOST_MODULES, f"{folder}/ has {count} modules; which belong together?"


@pytest.mark.parametrize("package", sorted({stage(n) for n in NAMES if "/" in n}))
def test_no_circle_inside_a_package(package: str) -> None:
    graph = {
        dotted(n): {m for m in imported(n) if m.split(".")[0] == package} - {dotted(n)}
        for n in NAMES
        if stage(n) == package
    }
    while graph:
        free = [m for m, needs in graph.items() if not needs & graph.keys()]
        assert free, f"a circle of imports among {', '.join(sorted(graph))}"
        for m in free:
            del graph[m]


@pytest.mark.parametrize("name", NAMES)
def test_no_file_is_too_long(name: str) -> None:
    count = len((PACKAGE / name).read_text(encoding="utf-8").splitlines())
    assert count <= MOST_LINES, f"{name} has {count} lines; split it by what it returns"


@pytest.mark.parametrize("folder", ["benchmarks", "deploy", "docs", "tools"])
def test_no_other_module_is_too_long(folder: str) -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert lines
    long = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert not long, f"{long}; split them by what they are about"


@pytest.mark.parametrize("name", NAMES)
def test_no_function_is_too_long(name: str) -> None:
    functions = (
        node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [f.name for f in functions if (f.end_lineno or f.lineno) - f.lineno + 1 >= MOST_FUNCTION_LINES]
    assert not long, f"{name}: {', '.join(long)}"


@pytest.mark.parametrize("name", [n for n in NAMES if TREES[n].body])
def test_a_module_says_what_it_is(name: str) -> None:
    tree = TREES[name]
    assert ast.get_docstring(tree), f"{name} has no docstring"
    if name.endswith("__main__.py"):
        return
    exported = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    ]
    exported += [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "__all__"
        and node.value
    ]
    if not exported and not _bound(tree):
        return  # a package's own file that only says what the package is
    assert exported, f"{name} has no __all__"
    listed = (
        {ast.literal_eval(e) for e in exported[0].elts}
        if isinstance(exported[0], ast.List | ast.Tuple)
        else None
    )
    assert listed is not None, f"{name}: __all__ is no plain list"
    missing = listed - _bound(tree)
    assert not missing, f"{name}: __all__ names what is not there: {', '.join(sorted(missing))}"


@pytest.mark.parametrize("term", HOMES)
def test_a_search_for_a_term_finds_its_one_module(term: str) -> None:
    """The first paragraph of one module's docstring names the pattern; what folders say of their modules is apart."""
    found = {
        name
        for name in NAMES
        if not name.endswith("__init__.py")
        and term.casefold()
        in " ".join((ast.get_docstring(TREES[name]) or "").split("\n\n")[0].split()).casefold()
    }
    assert found == {HOMES[term]}


def test_no_two_classes_have_the_same_name() -> None:
    """One name, one concept: a reader who searches for a class finds one."""
    places: dict[str, list[str]] = {}
    for name in NAMES:
        for node in TREES[name].body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(f"{name}:{node.lineno}")
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert not shared, f"rename one of each: {shared}"


def _bound(tree: ast.Module) -> set[str]:
    """Names that a module binds at its top level, and in ``if`` and ``try`` there."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((a.asname or a.name).split(".")[0] for a in node.names)
    return names


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of the string constants that are no docstrings."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value


@pytest.mark.parametrize("name", [n for n in NAMES if n not in SPELL_IRIS])
def test_iris_are_spelled_in_one_place(name: str) -> None:
    found = [
        f"{name}:{line}: {text[:60]}"
        for line, text in _strings(TREES[name])
        if re.search(r"\b(?:https?://\w|urn:\w)", text)
    ]
    assert not found, "spell it in rdf/vocabulary.py or rdf/iris.py: " + "; ".join(found)


@pytest.mark.parametrize("name", [n for n in NAMES if n != MEDIA_TYPES])
def test_media_types_are_spelled_in_one_place(name: str) -> None:
    found = [
        f"{name}:{line}: {text[:60]}"
        for line, text in _strings(TREES[name])
        if re.search(r"\b(?:application|text|image|multipart)/[a-z*]", text)
    ]
    assert not found, f"take it from {MEDIA_TYPES}: " + "; ".join(found)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "base/settings.py"])
def test_settings_are_read_in_one_place(name: str) -> None:
    """A limit that can be set is a line of ``limits.SETTINGS``; nobody reads the project's variables past it."""
    found = [
        f"{name}:{line}" for line, text in _strings(TREES[name]) if re.fullmatch(r"TRIALGRAPH_[A-Z_]+", text)
    ]
    assert not found, "use trialgraph.base.settings.setting: " + "; ".join(found)


#: The tests' own modules, as dotted names.
TESTS: Final = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in sorted((ROOT / "tests").rglob("*.py"))
}


@pytest.mark.parametrize("name", TESTS)
def test_no_test_imports_from_a_test_module(name: str) -> None:
    """What two test modules need is in a module of its own, so that each can be read, run and moved alone."""
    text = TESTS[name].read_text(encoding="utf-8")
    # Programs of tests that run in another process are text.
    named = set(re.findall(r"\b(?:from|import) (tests(?:\.\w+)+)", text))
    named |= {
        f"{module}.{one.strip()}"
        for module, several in re.findall(r"\bfrom (tests(?:\.\w+)*) import \(?([\w, \n]+)", text)
        for one in several.split(",")
    }
    found = sorted(n for n in named if re.search(r"\.(test_\w+|conftest)(\.|$)", n))
    assert not found, f"move what is shared to a helper module: {', '.join(found)}"


#: Folders and files of tests/ that are about no one part of the package, and what they are about.
ACROSS: Final = {
    "attack/": "threats (docs/threat-model.md)",
    "benchmarks/": "the programs of benchmarks/",
    "browser/": "pages in a real browser",
    "docs/": "the commands and the notebook of the documents",
    "external/": "programs and data of others on ours",
    "http/pages/test_whole_site.py": "the links and the words of all pages",
    "issues/": "what was reported, each by its report",
    "ontology/": "the files of ontology/",
    "queries/": "the files of queries/",
    "w3c/": "the suites of W3C",
    "test_deploy.py": "the files of deploy/",
    "test_docs.py": "the pages of docs/",
    "test_layout.py": "the package as a whole",
    "test_make.py": "the Makefile",
    "test_packaging.py": "what is shipped",
    "test_sampled.py": "the sample of the suite",
    "test_seeds.py": "the sources that the project comes with",
    "test_threat_model.py": "the page of threats and the tests of attacks",
}
#: Here, a test has the name of a verb: a module holds several.
VERBS: Final = "cli/verbs"
MIRRORS: Final = [
    path.relative_to(ROOT / "tests").as_posix()
    for path in TESTS.values()
    if path.name.startswith("test_")
    and not path.relative_to(ROOT / "tests").as_posix().startswith(tuple(ACROSS))
]


@pytest.mark.parametrize("name", MIRRORS)
def test_tests_mirror_the_source(name: str) -> None:
    """``tests/query/test_cache.py`` tests ``query/cache.py``; ``test_pool_lanes.py`` tests one thing about ``pool.py``.

    A folder of the package stands for a module, too; tests of the whole of it stand beside it or in it.
    """
    folder, _, file = name.rpartition("/")
    subject = file.removeprefix("test_").removesuffix(".py")
    if folder == VERBS:
        assert subject in cli.commands, f"{name}: there is no verb {subject}"
        return
    here = PACKAGE / folder
    assert here.is_dir(), f"{name}: there is no folder {folder} in the package"
    parts = {path.stem for path in here.iterdir() if path.stem != "__pycache__"} | {here.name}
    assert any(subject == part or subject.startswith(f"{part}_") for part in parts), (
        f"{name}: name it after a module of {folder or 'the package'}, or list it in ACROSS"
    )
