"""What is wrong with a graph before it becomes a release: shapes, gate queries, the sources themselves.

``ontology/shapes/*.ttl`` say what each node must have (run by pySHACL: ``release.ttl`` over the graph ``meta``, the
others over data and concepts); ``ontology/shapes/*.rq`` say what must fit together across nodes and graphs (run by
the engine; each answer is a violation). A doubt about a source is no finding but a conflict, which is data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.base.settings import Settings
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.extract.sources import Source
from trialgraph.graph.check_result import CheckResult, Severity
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import summary_quads
from trialgraph.graph.quote_checks import misquoted
from trialgraph.graph.statement_gates import column_shapes, statement_gate
from trialgraph.rdf import iris
from trialgraph.rdf.formats import N_TRIPLES
from trialgraph.rdf.merged_store import merged_store
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import PREFIXES, RDFS, SKOS, TG, compact, expand

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

__all__ = [
    "check_description",
    "check_quads",
    "check_vocabulary",
    "located",
]

# Big and written by others, or made by a query and compared with what it makes. The gate queries look at them, and
# at the thousands of mapping lines, too.
_NOT_SHAPED: Final = ("module", "ontology", "meta", "summary", "inferred")
_DESCRIPTION: Final = "release.ttl"
# Made of the columns, and of what gate queries and other checks find faster: for those who validate an export.
_FOR_EXPORTS: Final = ("columns.ttl", "export.ttl")
# What values.ttl needs of the graphs that are not shaped: where terms stand.
_PLACES: Final = frozenset({RDFS.subClassOf, SKOS.inScheme, expand("skos:broader")})
# The file that a graph comes from; the graphs of the sources, and the statements about their rows, come from seeds/.
_FILES: Final[Mapping[str, str]] = {
    "ontology": "ontology/trialgraph.ttl",
    "module": "ontology/module.ttl",
    "mappings": "ontology/concepts",
    "meta": "meta.nq",
}

_SEVERITIES: Final[Mapping[str, Severity]] = {"Warning": "warning", "Info": "info"}


def check_quads(
    quads: Iterable[Quad],
    read: Sequence[Source] = (),
    *,
    all_read: bool = True,
    store: Store | None = None,
    settings: Settings | None = None,
) -> tuple[CheckResult, ...]:
    """All findings, sorted; none on a sound graph.

    :param quads: all named graphs of a build, with ``ontology`` and ``module``; ``meta`` is checked where it is there
    :param read: the sources, against whose text the spans are checked
    :param all_read: a source that is cited and not among them is a violation, else only information
    :param store: the quads and their merge, where they are in a store already
    :param settings: the limits of what sources are read by; None: those of the environment
    :raises InputError: the shapes of this installation cannot be read
    """
    quads = frozenset(quads)
    folder = resource("ontology") / "shapes"
    store = store or merged_store(quads)
    left_out, lines = {iris.graph(name) for name in _NOT_SHAPED}, iris.base() + "mapping/"
    shaped = (
        quad
        for quad in quads
        if (quad.graph_name not in left_out and not _name(quad).startswith(lines)) or _is_place(quad)
    )
    besides = {_DESCRIPTION, *_FOR_EXPORTS}
    shapes = [path for path in sorted(folder.glob("*.ttl")) if path.name not in besides]
    found = {
        *_shapes(shaped, shapes),
        *_gates(store, folder),
        *_gate_findings(store, statement_gate(columns())),
        *misquoted(store, read, settings or Settings.load(), all_read=all_read),
        *_derived(quads),
    }
    described = iris.graph("meta")
    meta = [quad for quad in quads if quad.graph_name == described]
    return tuple(sorted({*located(found, quads, read), *(check_description(meta) if meta else ())}))


def _is_place(quad: Quad) -> bool:
    """Whether it says where a term stands, of a class of others or of a value list of ours."""
    return quad.predicate in _PLACES and not _name(quad).startswith(PREFIXES["tg"])


def check_description(meta: Iterable[Quad]) -> tuple[CheckResult, ...]:
    """What is wrong with the graph ``meta`` by itself, sorted.

    :raises InputError: the shapes of this installation cannot be read
    """
    # No shape looks at the partitions, which are most of it.
    parts = tuple(f"{iris.base()}{kind}/" for kind in ("partition", "linkset"))
    shaped = (quad for quad in meta if not _name(quad).startswith(parts))
    found = _shapes(shaped, [resource("ontology") / "shapes" / _DESCRIPTION])
    return tuple(sorted({replace(finding, file=_FILES["meta"]) for finding in found}))


def check_vocabulary(quads: Iterable[Quad]) -> tuple[CheckResult, ...]:
    """What is wrong with the ontology by itself, sorted: cycles, terms without definition and the like.

    :param quads: the graphs ``ontology`` and ``module``
    :raises InputError: the gate of this installation cannot be read
    """
    quads = frozenset(quads)
    store = Store()
    store.bulk_extend({Quad(q.subject, q.predicate, q.object) for q in quads})
    found = _gate(store, resource("ontology") / "shapes" / "vocabulary.rq")
    return tuple(sorted(located(found, quads, ())))


def _shapes(quads: Iterable[Quad], paths: Iterable[Path]) -> Iterator[CheckResult]:
    # Loaded here: only a build needs them, and they take as long to load as a query takes to answer.
    import pyshacl
    import rdflib

    # oxrdflib's reader: rdflib's own takes time with the square of the longest line, an unread row of megabytes.
    graph = rdflib.Graph().parse(data=serialised(quads, N_TRIPLES), format="ox-nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=_shapes_graph(tuple(paths), columns()), inplace=True)
    assert isinstance(report, rdflib.Graph)  # noqa: S101 - pySHACL gives bytes only on request
    # Why a value is not as a shape asks is a detail of the finding about the value.
    for result in set(report.objects(None, rdflib.SH.result)) - set(report.objects(None, rdflib.SH.detail)):
        yield _finding(report, result)


@cache
def _shapes_graph(paths: tuple[Path, ...], of: tuple[ColumnType, ...]) -> Graph:
    # They take a third as long to read as to run on a small graph. pySHACL adds two triples on OWL, always the same.
    import rdflib

    shapes = rdflib.Graph()
    for path in paths:
        try:
            shapes.parse(path, format="turtle")
        except (OSError, SyntaxError) as error:
            raise _broken(path, error) from error
    return _with_own_targets(shapes.parse(data=column_shapes(of), format="turtle"))


def _with_own_targets(shapes: Graph) -> Graph:
    """The shapes with the targets of a node shape on its property shapes, which says the same.

    pySHACL then validates a property of all targets in one step, not in one for each target: four times as fast.
    """
    from rdflib import RDF, SH

    kinds = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for shape, part in list(shapes.subject_objects(SH.property)):
        targets = [(kind, target) for kind in kinds for target in shapes.objects(shape, kind)]
        # One that another shape refers to is validated for that shape's nodes, too.
        if targets and not any(shapes.subjects(None, shape)):
            shapes.remove((shape, SH.property, part))
            shapes.add((part, RDF.type, SH.PropertyShape))
            for kind, target in targets:
                shapes.add((part, kind, target))
    return shapes


def _finding(report: Graph, result: Node) -> CheckResult:
    from rdflib import SH, URIRef

    severity = _SEVERITIES.get(str(report.value(result, SH.resultSeverity)).rpartition("#")[2], "violation")
    path = report.value(result, SH.resultPath)
    words = " ".join(str(report.value(result, SH.resultMessage)).split())
    name = f"{compact(str(path))}: " if isinstance(path, URIRef) else ""
    if report.value(result, SH.sourceConstraintComponent) == SH.NodeConstraintComponent:
        words = f"{compact(str(report.value(result, SH.value)))} is {words}"
    return CheckResult(severity, str(report.value(result, SH.focusNode)), name + words)


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
    answers = store.query(query)
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
    found: Iterable[CheckResult], quads: frozenset[Quad], read: Sequence[Source]
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
