"""What the manifest of a release states: counts, sources, findings, checksums of files and inputs, versions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.extract.sources import Source
from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, TG, concept
from trialgraph.release.open import sha256_of

__all__ = ["counted", "counted_with", "engines", "manifest_of"]

_ENGINES: Final = ("pyoxigraph", "rdflib", "pyshacl", "owlready2")


def manifest_of(
    digest: str,
    graph: set[Quad],
    counts: Mapping[str, Any],
    files: Mapping[str, bytes],
    read: Sequence[Source],
    findings: Sequence[CheckResult],
    inputs_digest: str,
) -> dict[str, Any]:
    """The manifest, ready for JSON.

    :param digest: the release's hash
    :param graph: all its graphs
    :param counts: from :func:`counted_with`
    :param files: name -> content
    :param inputs_digest: of all that shapes the release (:mod:`trialgraph.release.inputs`)
    """
    return {
        "hash": digest,
        "version": _version("trialgraph"),
        "ontology_version": _ontology_version(graph),
        "built_from": _built_from(graph, read),
        "counts": counts,
        "findings": [asdict(finding) for finding in findings],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "inputs": _inputs(),
        "inputs_digest": inputs_digest,
        "engines": engines(),
    }


def counted(graph: Iterable[Quad], triples: int, findings: Sequence[CheckResult]) -> dict[str, Any]:
    """How many trials, reports, triples (each once, whatever its graphs), conflicts, violations, quads by graph.

    :param triples: how many the merge of the graphs has
    """
    graph = frozenset(graph)
    kinds = Counter(node for _, node in {(q.subject, q.object) for q in graph if q.predicate == RDF.type})
    graphs = Counter(quad.graph_name for quad in graph)
    names = {iris.graph_name(iri): n for iri, n in graphs.items() if isinstance(iri, NamedNode)}
    return {
        "trials": kinds[TG.Trial],
        "reports": kinds[TG.Report],
        "triples": triples,
        "conflicts": kinds[TG.Conflict],
        "unread": _unread_cells(graph) + kinds[TG.UnreadLine],
        "violations": sum(finding.severity == "violation" for finding in findings),
        "graphs": dict(sorted(names.items())),
    }


def _unread_cells(graph: Iterable[Quad]) -> int:
    """How many cells hold text that no rule read and that no reviewer has dealt with."""
    of = {q.subject for q in graph if q.predicate == TG.conflictKind and q.object == concept("unread-text")}
    return len(of - {q.subject for q in graph if q.predicate == TG.settledBy})


def counted_with(counts: Mapping[str, Any], triples: int, meta: set[Quad]) -> dict[str, Any]:
    """The counts of a release with its description.

    :param counts: from :func:`counted`, without the description
    :param triples: how many the merge of all graphs has
    :param meta: the description, which is among them
    """
    return {
        **counts,
        "triples": triples,
        "graphs": {**counts["graphs"], "meta": len(meta)},
    }


def _built_from(graph: set[Quad], read: Sequence[Source]) -> list[dict[str, Any]]:
    kinds = {q.subject: q.object for q in graph if q.object in (TG.Row, TG.UnreadLine)}
    counts = Counter((q.object, kinds.get(q.subject)) for q in graph if q.predicate == TG.fromSource)
    return [
        {
            "slug": source.slug,
            "sha256": source.sha256,
            "rows": counts[iris.source(source.slug), TG.Row],
            "unread": counts[iris.source(source.slug), TG.UnreadLine],
        }
        for source in read
    ]


def _ontology_version(graph: set[Quad]) -> str:
    node = NamedNode(PREFIXES["tg"].rstrip("/"))
    found = (q.object for q in graph if q.subject == node and q.predicate == OWL.versionInfo)
    return next((made.value for made in found if isinstance(made, Literal)), "")


def _inputs() -> dict[str, str]:
    """Checksums of the files that travel with the package and shape a build."""
    made: dict[str, str] = {}
    for name in ("ontology", "queries"):
        try:
            folder = resource(name)
        except InputError:
            continue  # a checkout without saved queries builds all the same
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            made[f"{name}/{path.relative_to(folder).as_posix()}"] = sha256_of(path)
    return made


def engines() -> dict[str, str]:
    """The versions of what makes the graph, stores it and checks it."""
    return {name: _version(name) for name in _ENGINES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
