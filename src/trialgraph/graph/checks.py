"""What is wrong with a graph before it becomes a release: shapes, gate queries, the sources themselves.

``ontology/shapes/*.ttl`` say what each node must have (compiled: ``release.ttl`` over the graph ``meta``, the others
over data and concepts); ``ontology/shapes/*.rq`` say what must fit together across nodes and graphs (run by
the engine; each answer is a violation). A doubt about a source is no finding but a conflict, which is data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.base.settings import Settings
from trialgraph.extract.columns import columns
from trialgraph.extract.sources import Source
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.gates.declared import undeclared
from trialgraph.graph.gates.domain_range import misplaced
from trialgraph.graph.gates.statement_counts import miscounted
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import summary_quads
from trialgraph.graph.quote_checks import misquoted
from trialgraph.graph.shapes.compiled import CompiledShapes
from trialgraph.graph.statement_gates import column_shapes, statement_gate
from trialgraph.rdf import iris
from trialgraph.rdf.lines import in_line
from trialgraph.rdf.statements import Statement, statements_of
from trialgraph.rdf.vocabulary import PREFIXES, RDFS, SKOS, TG, compact, expand

__all__ = [
    "check_description",
    "check_quads",
    "check_shapes",
    "check_statements",
    "check_vocabulary",
    "compiled_shapes",
    "located",
    "shape_files",
    "shaped",
]

# Big and written by others, or made by a query and compared with what it makes. The gate queries look at them, and
# at the thousands of mapping lines, too.
_NOT_SHAPED: Final = ("module", "ontology", "meta", "summary", "inferred")
_DESCRIPTION: Final = "release.ttl"
# Made of the columns, and of what gate queries and other checks find faster: for those who validate an export.
_FOR_EXPORTS: Final = ("columns.ttl", "export.ttl")
# What values.ttl needs of the graphs that are not shaped: where terms stand.
_PLACES: Final = frozenset(map(in_line, (RDFS.subClassOf, SKOS.inScheme, expand("skos:broader"))))
# The file that a graph comes from; the graphs of the sources, and the statements about their rows, come from seeds/.
_FILES: Final[Mapping[str, str]] = {
    "ontology": "ontology/trialgraph.ttl",
    "module": "ontology/module.ttl",
    "mappings": "ontology/concepts",
    "meta": "meta.nq",
}


def check_quads(
    quads: Iterable[Quad],
    read: Sequence[Source] = (),
    *,
    all_read: bool = True,
    derived: bool = True,
    settings: Settings | None = None,
) -> tuple[CheckResult, ...]:
    """All findings, sorted; none on a sound graph.

    :param quads: all named graphs of a build, with ``ontology`` and ``module``; ``meta`` is checked where it is there
    :param read: the sources, against whose text the spans are checked
    :param all_read: a source that is cited and not among them is a violation, else only information
    :param derived: whether what follows from the rest is made anew and compared; a build has just made it
    :param settings: the limits of what sources are read by; None: those of the environment
    :raises InputError: the shapes of this installation cannot be read
    """
    quads = frozenset(quads)
    store = Store()
    store.bulk_extend(quads)
    found = {
        *check_statements(store, statements_of(quads), read, settings or Settings.load(), all_read=all_read),
        *(_derived(quads) if derived else ()),
    }
    described = iris.graph("meta")
    meta = [quad for quad in quads if quad.graph_name == described]
    return tuple(sorted({*located(found, quads, read), *(check_description(meta) if meta else ())}))


def check_statements(
    store: Store,
    stated: Sequence[Statement],
    read: Sequence[Source],
    settings: Settings,
    *,
    all_read: bool = True,
) -> Iterator[CheckResult]:
    """All that the shapes and gates find, without the files that the nodes come from.

    :param store: of the quads; the other parameters are those of :func:`check_quads`
    :param stated: the same quads as statements
    """
    yield from _shapes(shaped(stated), shape_files())
    yield from _gates(store, resource("ontology") / "shapes")
    yield from _gate_findings(store, statement_gate(columns()))
    yield from misquoted(store, read, settings, all_read=all_read)
    yield from misplaced(stated)
    yield from undeclared(stated)
    yield from miscounted(stated)


def check_description(meta: Iterable[Quad]) -> tuple[CheckResult, ...]:
    """What is wrong with the graph ``meta`` by itself, sorted.

    :raises InputError: the shapes of this installation cannot be read
    """
    # No shape looks at the partitions, which are most of it.
    parts = tuple(f"{iris.base()}{kind}/" for kind in ("partition", "linkset"))
    described = (quad for quad in meta if not _name(quad).startswith(parts))
    found = _shapes(statements_of(described), [resource("ontology") / "shapes" / _DESCRIPTION])
    return tuple(sorted({replace(finding, file=_FILES["meta"]) for finding in found}))


def check_vocabulary(quads: Iterable[Quad]) -> tuple[CheckResult, ...]:
    """What is wrong with the ontology by itself, sorted: cycles, terms without definition and the like.

    :param quads: the graphs ``ontology`` and ``module``
    :raises InputError: the gate of this installation cannot be read
    """
    quads = frozenset(quads)
    store = Store()
    store.bulk_extend(quads)
    stated = statements_of(quads)
    found = [
        *_gate(store, resource("ontology") / "shapes" / "vocabulary.rq"),
        *misplaced(stated),
        *undeclared(stated),
    ]
    return tuple(sorted(located(found, quads, ())))


def check_shapes(quads: Iterable[Quad]) -> Iterator[CheckResult]:
    """What the shapes alone find, without the files that the nodes come from.

    :raises InputError: the shapes of this installation cannot be read
    """
    return _shapes(shaped(statements_of(quads)), shape_files())


def _shapes(stated: Iterable[Statement], paths: Iterable[Path]) -> Iterator[CheckResult]:
    for result in compiled_shapes(tuple(paths)).of_statements(stated):
        words = result.message
        if result.component == "node":
            words = f"{compact(_text(result.value))} is {words}"
        name = f"{compact(result.path.value)}: " if result.path else ""
        yield CheckResult(result.severity, _text(result.focus), name + words)


@cache
def compiled_shapes(paths: tuple[Path, ...]) -> CompiledShapes:
    """The shapes of some files, and those of the columns.

    :raises InputError: they cannot be read, or have a construct that is not compiled
    """
    triples: list[Triple] = []
    for path in paths:
        try:
            found = parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
            triples += [quad.triple for quad in found]
        except (OSError, SyntaxError) as error:
            raise _broken(path, error) from error
    of_columns = parse(column_shapes(columns()), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    triples += [quad.triple for quad in of_columns]
    return CompiledShapes(triples, str(paths[0].parent) if paths else "shapes")


def shaped(stated: Iterable[Statement]) -> Iterator[Statement]:
    """The statements that the shapes of a build look at: data and concepts, and the places of terms."""
    left_out = {in_line(iris.graph(name)) for name in _NOT_SHAPED}
    mapping, ours = (f"<{space}".encode() for space in (f"{iris.base()}mapping/", PREFIXES["tg"]))
    for one in stated:
        subject, predicate, _, graph = one
        if (graph not in left_out and not subject.startswith(mapping)) or (
            # where a term stands, of a class of others or of a value list of ours
            predicate in _PLACES and not subject.startswith(ours)
        ):
            yield one


def shape_files() -> tuple[Path, ...]:
    """The files of shapes that a build checks, but those of the description.

    :raises InputError: this installation has none
    """
    besides = {_DESCRIPTION, *_FOR_EXPORTS}
    folder = resource("ontology") / "shapes"
    return tuple(path for path in sorted(folder.glob("*.ttl")) if path.name not in besides)


def _text(node: object) -> str:
    return str(getattr(node, "value", node))


def _gates(store: Store, folder: Path) -> Iterator[CheckResult]:
    for path in sorted(folder.glob("*.rq")):
        yield from _gate(store, path)


def _gate(store: Store, path: Path) -> Iterator[CheckResult]:
    try:
        yield from _gate_findings(store, path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError) as error:
        raise _broken(path, error) from error


def _gate_findings(store: Store, query: str) -> Iterator[CheckResult]:
    for answer in _answers(store, query):
        yield CheckResult("violation", answer["focus"].value, answer["message"].value)


def _answers(store: Store, query: str) -> QuerySolutions:
    # Asked of all graphs together, in which a triple of two graphs stands twice: no gate counts without DISTINCT.
    answers = store.query(query, use_default_graph_as_union=True)
    assert isinstance(answers, QuerySolutions), query  # noqa: S101 - ours are SELECTs: a bug, not an input
    return answers


def _derived(quads: frozenset[Quad]) -> Iterator[CheckResult]:
    """The graphs ``summary`` and ``inferred`` against what ``summary.rq`` and ``rules/`` make of the facts."""
    left_out = {iris.graph(name) for name in (*_NOT_SHAPED, "provenance")}
    made = {
        "summary": summary_quads(quad for quad in quads if quad.graph_name not in left_out),
        "inferred": inferred_quads(quads),
    }
    for name, follows in made.items():
        graph = iris.graph(name)
        stated = {quad for quad in quads if quad.graph_name == graph}
        for quad in stated ^ follows:
            what = "does not follow from the reports" if quad in stated else "is missing"
            term = compact(str(getattr(quad.object, "value", quad.object)))
            yield CheckResult("violation", _name(quad), f"{compact(quad.predicate.value)} {term} {what}")


def _name(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(f"cannot be used: {error}", where=str(path), hint="reinstall trialgraph")


def located(
    found: Iterable[CheckResult], quads: Iterable[Quad], read: Sequence[Source]
) -> Iterator[CheckResult]:
    """The findings, each with the file that its node comes from.

    :param read: the sources, by whose paths theirs are called; others are called by their folder in ``seeds/``
    """
    found = list(found)
    if not found:
        return
    foci = {finding.focus for finding in found}
    told: dict[str, set[str]] = defaultdict(set)
    used: dict[str, set[str]] = defaultdict(set)
    schemes: dict[str, str] = {}
    lines: dict[str, str] = {}
    for quad in quads:
        for node, graphs in ((quad.subject, told), (quad.object, used)):
            if isinstance(node, NamedNode) and node.value in foci and isinstance(quad.graph_name, NamedNode):
                graphs[node.value].add(iris.graph_name(quad.graph_name))
        if quad.predicate == SKOS.inScheme and isinstance(quad.object, NamedNode):
            schemes[_name(quad)] = compact(quad.object.value).partition(":")[2].removesuffix("-concepts")
            schemes[_name(quad)] = schemes[_name(quad)].replace("-", "_")
        if quad.predicate == TG.lineNumber and isinstance(quad.object, RdfLiteral):
            lines[_name(quad)] = quad.object.value
    paths = {source.slug: str(source.path) for source in read}
    for finding in found:
        # Where a term is nowhere described, the file that uses it.
        where = told[finding.focus] or used[finding.focus]
        yield replace(finding, file=_file(finding.focus, where, schemes, lines, paths))


def _file(
    focus: str,
    graphs: set[str],
    schemes: Mapping[str, str],
    lines: Mapping[str, str],
    paths: Mapping[str, str],
) -> str:
    # Parts of a row are called <base><kind>/<source>/<row>/…, mappings <base>mapping/<file>/….
    parts = re.match(r"([a-z-]+)/([^/]+)(?:/(\d+))?(?=/|$)", focus.removeprefix(iris.base()))
    kind, name, row = parts.groups() if parts else ("", "", None)
    if kind == "mapping":
        return f"{_FILES['mappings']}/{name}.sssom.tsv"
    if focus in schemes and "mappings" in graphs:
        return f"{_FILES['mappings']}/{schemes[focus]}.sssom.tsv"
    reviewed = next((file for graph, file in _FILES.items() if graph in graphs), "")
    if row or kind == "source" or not reviewed:
        slug = name if row or kind == "source" else min(graphs - set(iris.GRAPHS), default="")
        line = lines.get(iris.row(slug, int(row)).value, "") if row else ""
        return ":".join(filter(None, (paths.get(slug, slug and f"seeds/{slug}"), line)))
    return reviewed
