"""What is wrong with a graph before it becomes a release: shapes, gate queries, the sources themselves.

``ontology/shapes/*.ttl`` say what each node must have (run by pySHACL over the data graphs);
``ontology/shapes/*.rq`` say what must fit together across nodes and graphs (run by the engine; each answer is
a violation). A doubt about a source is no finding but a conflict, which is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from trialgraph import iris
from trialgraph.errors import InputError
from trialgraph.formats import FORMATS, serialised
from trialgraph.resources import resource
from trialgraph.sources import Source
from trialgraph.triples import summary_quads
from trialgraph.vocab import OA, TG, compact

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

__all__ = ["Finding", "Severity", "check_quads"]

Severity = Literal["violation", "warning", "info"]

# Big, and made of reviewed files rather than of readings: the gate queries look at them, the shapes do not.
_NOT_SHAPED: Final = ("module", "ontology", "mappings", "meta", "summary")

_SEVERITIES: Final[Mapping[str, Severity]] = {"Warning": "warning", "Info": "info"}

_SPANS: Final = f"""
SELECT ?focus ?source ?start ?end ?words WHERE {{
  {{ ?focus {OA.hasSource} ?source ; {TG.cellText} ?words ; {OA.hasSelector} ?p .
     ?p {OA.start} ?start ; {OA.end} ?end }}
  UNION
  {{ ?focus {TG.fromSource} ?source ; {TG.lineText} ?words ; {TG.startOffset} ?start ; {TG.endOffset} ?end }}
}}"""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong with the graph.

    :param severity: ``violation`` (it must not be released unseen), ``warning`` or ``info``
    :param focus: the IRI of the node
    :param message: what is wrong with it, in one line
    """

    severity: Severity
    focus: str
    message: str


def check_quads(quads: Iterable[Quad], read: Sequence[Source] = ()) -> tuple[Finding, ...]:
    """All findings, sorted; none on a sound graph.

    :param quads: all named graphs of a build but ``meta``, with ``ontology`` and ``module``
    :param read: the sources, against whose text the spans are checked
    :raises InputError: the shapes of this installation cannot be read
    """
    quads = frozenset(quads)
    folder = resource("ontology") / "shapes"
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend({Quad(q.subject, q.predicate, q.object) for q in quads})
    found = {*_shapes(quads, folder), *_gates(store, folder), *_spans(store, read), *_shortcuts(quads)}
    return tuple(sorted(found))


def _shapes(quads: frozenset[Quad], folder: Path) -> Iterator[Finding]:
    # Loaded here: only a build needs them, and they take as long to load as a query takes to answer.
    import pyshacl
    import rdflib

    left_out = {iris.graph(name) for name in _NOT_SHAPED}
    data = (quad for quad in quads if quad.graph_name not in left_out)
    # oxrdflib's reader: rdflib's own takes time with the square of the longest line, an unread row of megabytes.
    graph = rdflib.Graph().parse(data=serialised(data, FORMATS["ntriples"]), format="ox-nt")
    shapes = rdflib.Graph()
    for path in sorted(folder.glob("*.ttl")):
        try:
            shapes.parse(path, format="turtle")
        except (OSError, SyntaxError) as error:
            raise _broken(path, error) from error
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    assert isinstance(report, rdflib.Graph)  # noqa: S101 - pySHACL gives bytes only where it is asked to
    for result in report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult):
        yield _finding(report, result)


def _finding(report: Graph, result: Node) -> Finding:
    from rdflib import SH, URIRef

    severity = _SEVERITIES.get(str(report.value(result, SH.resultSeverity)).rpartition("#")[2], "violation")
    path = report.value(result, SH.resultPath)
    words = " ".join(str(report.value(result, SH.resultMessage)).split())
    name = f"{compact(str(path))}: " if isinstance(path, URIRef) else ""
    return Finding(severity, str(report.value(result, SH.focusNode)), name + words)


def _gates(store: Store, folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.glob("*.rq")):
        try:
            answers = _answers(store, path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError) as error:
            raise _broken(path, error) from error
        for answer in answers:
            yield Finding("violation", answer["focus"].value, answer["message"].value)


def _spans(store: Store, read: Sequence[Source]) -> Iterator[Finding]:
    """Cells and unread lines against the very characters of the source."""
    texts = {iris.source(source.slug).value: source.text for source in read}
    for answer in _answers(store, _SPANS):
        node, source, words = (answer[name].value for name in ("focus", "source", "words"))
        start, end = int(answer["start"].value), int(answer["end"].value)
        if source not in texts:
            yield Finding("violation", node, f"it cites a source that was not read: {source}")
        elif texts[source][start:end] != words:
            yield Finding("violation", node, "the source has other characters there")


def _answers(store: Store, query: str) -> QuerySolutions:
    answers = store.query(query)
    assert isinstance(answers, QuerySolutions), query  # noqa: S101 - ours are SELECTs: a bug, not an input
    return answers


def _shortcuts(quads: frozenset[Quad]) -> Iterator[Finding]:
    """The graph ``summary`` against what ``summary.rq`` makes of the facts."""
    graph = iris.graph("summary")
    stated = {quad for quad in quads if quad.graph_name == graph}
    left_out = {iris.graph(name) for name in (*_NOT_SHAPED, "provenance")}
    made = summary_quads(quad for quad in quads if quad.graph_name not in left_out)
    for quad in stated ^ made:
        what = "does not follow from the reports" if quad in stated else "is missing"
        yield Finding("violation", _name(quad), f"{compact(quad.predicate.value)} {what}")


def _name(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(f"cannot be used: {error}", where=str(path), mend="reinstall trialgraph")
