"""What the manifest of a release states: counts, sources, findings, checksums of files and inputs, versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from pyoxigraph import NamedNode

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.extract.sources import Source
from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.open import sha256_of
from trialgraph.release.sorted.gathered import Gathered
from trialgraph.release.sorted.master import Master

__all__ = ["counted", "counted_with", "engines", "manifest_of"]

_ENGINES: Final = ("pyoxigraph", "rdflib", "owlready2")


def manifest_of(
    digest: str,
    found: Gathered,
    counts: Mapping[str, Any],
    files: Mapping[str, tuple[int, str]],
    read: Sequence[Source],
    findings: Sequence[CheckResult],
    inputs_digest: str,
) -> dict[str, Any]:
    """The manifest, ready for JSON.

    :param digest: the release's hash
    :param found: what its graphs hold
    :param counts: from :func:`counted_with`
    :param files: name -> size and SHA-256
    :param inputs_digest: of all that shapes the release (:mod:`trialgraph.release.inputs`)
    """
    return {
        "hash": digest,
        "version": _version("trialgraph"),
        "ontology_version": found.ontology_version,
        "built_from": [
            {
                "slug": source.slug,
                "sha256": source.sha256,
                "rows": found.of_source(iris.source(source.slug), TG.Row),
                "unread": found.of_source(iris.source(source.slug), TG.UnreadLine),
                **({"records": records} if records else {}),
            }
            for source in read
            for records in (found.of_source(iris.source(source.slug), TG.Record),)
        ],
        "counts": counts,
        "findings": [asdict(finding) for finding in findings],
        "files": {name: sha256 for name, (_, sha256) in files.items()},
        "inputs": _inputs(),
        "inputs_digest": inputs_digest,
        "engines": engines(),
    }


def counted(found: Gathered, master: Master, findings: Sequence[CheckResult]) -> dict[str, Any]:
    """How many trials, reports, triples (each once, whatever its graphs), conflicts, violations, quads by graph."""
    names = {iris.graph_name(NamedNode(iri)): n for iri, n in master.graphs.items()}
    return {
        "trials": found.number(TG.Trial),
        "reports": found.number(TG.Report),
        "triples": master.triples,
        "conflicts": found.number(TG.Conflict),
        "unread": found.unread_cells + found.number(TG.UnreadLine),
        "violations": sum(finding.severity == "violation" for finding in findings),
        "graphs": dict(sorted(names.items())),
    }


def counted_with(counts: Mapping[str, Any], triples: int, meta: int) -> dict[str, Any]:
    """The counts of a release with its description.

    :param counts: from :func:`counted`, without the description
    :param triples: how many the merge of all graphs has
    :param meta: how many quads the description has
    """
    return {
        **counts,
        "triples": triples,
        "graphs": {**counts["graphs"], "meta": meta},
    }


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
