"""A release: one immutable, checksummed build of the graph in a folder named by its content (DESIGN §7).

``releases/<hash>/`` holds the master ``dataset.nq`` (all graphs but ``meta``; its SHA-256 is the hash),
``meta.nq``, the exports, ``trials.csv``, the store and ``manifest.json``; ``releases/current`` is a link to
the release that is served. A release is written aside and renamed: whenever a build is killed, ``current``
leads to a whole release. All files but the manifest and the store have the same bytes on any machine.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from trialgraph.base.errors import InputError, Refused, ReleaseError
from trialgraph.base.package_data import resource
from trialgraph.base.settings import text_setting
from trialgraph.extract.sources import Source
from trialgraph.graph.checks import Finding, check_description
from trialgraph.rdf import iris
from trialgraph.rdf.formats import FORMATS, canonical, every_format, lines, merged, serialised, xml_unfit
from trialgraph.rdf.prefixes import prefix_map
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, TG
from trialgraph.release.manifest import MANIFEST, read_manifest
from trialgraph.release.publish import building, published, write

__all__ = [
    "MANIFEST",
    "Release",
    "damaged",
    "ontology_quads",
    "open_release",
    "stated_quads",
    "write_release",
]

_ENGINES: Final = ("pyoxigraph", "rdflib", "pyshacl", "owlready2")

#: What makes the graph ``meta`` from the hash, the counts and the files that do not hold it; it is called twice,
#: first with the counts of itself and of the whole at 0.
Describe = Callable[[str, Mapping[str, Any], Mapping[str, bytes]], Iterable[Quad]]


@dataclass(frozen=True, slots=True)
class Release:
    """An opened release.

    :param path: its folder
    :param hash: SHA-256 of its ``dataset.nq``, in hexadecimal
    :param manifest: the parsed ``manifest.json``: counts, findings, checksums of the files
    """

    path: Path
    hash: str
    manifest: Mapping[str, Any]

    def file(self, name: str) -> Path:
        """A file of the release.

        :raises ReleaseError: the manifest does not list it
        """
        if name not in self.manifest["files"]:
            raise ReleaseError(f"there is no file {name}", where=str(self.path))
        return self.path / name


def open_release(path: str | Path | None = None) -> Release:
    """Open a release.

    :param path: the folder of a release or of releases (then its ``current``); None: the setting ``releases``
    :raises ReleaseError: there is none, or its manifest is damaged
    """
    home = Path(path if path is not None else text_setting("releases"))
    folder = home if (home / MANIFEST).is_file() else home / "current"
    try:
        # Resolved once: the release stays the same when `current` is swapped while it is in use.
        folder = folder.resolve(strict=True)
        manifest = read_manifest(folder)
        return Release(folder, manifest["hash"], manifest)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReleaseError(
            "no release here", where=str(home), mend="make one with: trialgraph build"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"the release cannot be opened: {error}",
            where=str(folder),
            mend="make it again with: trialgraph build",
        ) from error


def damaged(release: Release) -> tuple[str, ...]:
    """Names of the files that are missing or do not fit their checksum."""
    return tuple(
        name
        for name, digest in release.manifest["files"].items()
        if _sha256_of(release.path / name) != digest
    )


def ontology_quads() -> set[Quad]:
    """The graphs ``ontology`` (our vocabulary, alignment, outcome ladder, scopes) and ``module`` (the terms of others).

    :raises InputError: a file of the installation is missing or does not parse
    """
    folder = resource("ontology")
    made: set[Quad] = set()
    for name, stems in (
        ("ontology", ("trialgraph", "alignment", "ladder", "scopes")),
        ("module", ("module",)),
    ):
        for stem in stems:
            path = folder / f"{stem}.ttl"
            if stem == "alignment" and not path.is_file():
                continue  # the alignment is optional
            try:
                found = parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
                made |= {Quad(q.subject, q.predicate, q.object, iris.graph(name)) for q in found}
            except (OSError, SyntaxError) as error:
                raise InputError(
                    f"cannot be read: {error}", where=str(path), mend="reinstall trialgraph"
                ) from error
    return made


def stated_quads(release: Release) -> set[Quad]:
    """What a release says but ``meta``, with the ontology and the module as they are installed now.

    :raises ReleaseError: its dataset cannot be read
    """
    now = {iris.graph(name) for name in ("ontology", "module")}
    path = release.file("dataset.nq")
    try:
        said = {
            quad for quad in parse(path=str(path), format=RdfFormat.N_QUADS) if quad.graph_name not in now
        }
    except (OSError, SyntaxError) as error:
        raise ReleaseError(
            f"cannot be read: {error}", where=str(path), mend="make it again with: trialgraph build"
        ) from error
    return said | ontology_quads()


def write_release(
    quads: Iterable[Quad],
    *,
    describe: Describe,
    releases: str | Path | None = None,
    read: Sequence[Source] = (),
    trials_csv: str = "",
    findings: Sequence[Finding] = (),
) -> Release:
    """Write a release and make it the current one.

    :param quads: all named graphs but ``meta``; blank nodes are named by RDFC-1.0
    :param describe: makes the graph ``meta``
    :param releases: the folder of releases; None: the setting
    :param read: the sources that were read
    :param trials_csv: the table of reports, as text
    :param findings: what the checks found; those of severity ``violation`` are counted
    :raises Refused: the description lacks what a release must say of itself
    :raises ReleaseError: the disk is full, read-only or otherwise unwilling
    """
    home = Path(releases if releases is not None else text_setting("releases"))
    graph = canonical(quads)
    found = [*findings, *(_unfit(quad) for quad in xml_unfit(graph))]
    try:
        with building(home) as folder:
            manifest = _filled(folder, graph, describe, read, trials_csv, found)
            write(folder / MANIFEST, _json(manifest))
            final = published(home, folder, manifest["hash"], same=lambda old: _same(old, manifest))
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ReleaseError(
            f"the release cannot be written: {why}",
            where=str(home),
            mend="make room or build elsewhere with -o",
        ) from error
    return open_release(final)


def _filled(
    folder: Path,
    graph: set[Quad],
    describe: Describe,
    read: Sequence[Source],
    trials_csv: str,
    findings: Sequence[Finding],
) -> dict[str, Any]:
    master = "".join(f"{line}\n" for line in lines(graph)).encode("utf-8")
    digest = hashlib.sha256(master).hexdigest()
    counts = _counts(graph, findings)
    files = {
        "dataset.nq": master,
        "trials.csv": trials_csv.encode("utf-8"),
        "prefixes.json": (json.dumps(prefix_map(), indent=1) + "\n").encode("utf-8"),
    }
    meta = set(describe(digest, counts, files))
    # The description counts itself; how many triples it has does not depend on the numbers in it.
    counts["graphs"]["meta"] = len(meta)
    counts["triples"] = len(merged(graph | meta))
    meta = set(describe(digest, counts, files))
    if lacking := [f.line() for f in check_description(meta) if f.severity == "violation"]:
        raise Refused(lacking)
    files["meta.nq"] = serialised(meta, FORMATS["nquads"])
    files |= {f"trialgraph.{FORMATS[name].suffix}": made for name, made in every_format(graph | meta).items()}
    for name, content in files.items():
        write(folder / name, content)
    _fill_store(folder / "store", files)
    return {
        "hash": digest,
        "version": _version("trialgraph"),
        "ontology_version": _ontology_version(graph),
        "built_from": _built_from(graph, read),
        "counts": counts,
        "findings": [asdict(finding) for finding in findings],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "inputs": _inputs(),
        "engines": {name: _version(name) for name in _ENGINES},
    }


def _fill_store(folder: Path, files: Mapping[str, bytes]) -> None:
    store = Store(str(folder))
    # Parsed first: the engine's own loader would give the blank nodes of each file other names.
    store.bulk_extend(parse(files["trialgraph.nq"], format=RdfFormat.N_QUADS))
    store.bulk_extend(parse(files["trialgraph.nt"], format=RdfFormat.N_TRIPLES))
    store.optimize()
    store.flush()


def _counts(graph: set[Quad], findings: Sequence[Finding]) -> dict[str, Any]:
    kinds = Counter(node for _, node in {(q.subject, q.object) for q in graph if q.predicate == RDF.type})
    graphs = Counter(quad.graph_name for quad in graph)
    names = {iris.graph_name(iri): n for iri, n in graphs.items() if isinstance(iri, NamedNode)}
    return {
        "trials": kinds[TG.Trial],
        "reports": kinds[TG.Report],
        "triples": 0,
        "conflicts": kinds[TG.Conflict],
        "violations": sum(finding.severity == "violation" for finding in findings),
        "graphs": dict(sorted(names.items())) | {"meta": 0},
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
            made[f"{name}/{path.relative_to(folder).as_posix()}"] = _sha256_of(path)
    return made


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _unfit(quad: Quad) -> Finding:
    return Finding(
        "warning", str(quad.subject), f"{quad.predicate} holds a character that RDF/XML cannot: U+FFFD there"
    )


def _same(old: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the release in that folder is whole and has this manifest."""
    try:
        release = open_release(old)
    except ReleaseError:
        return False
    whole = (release.path / "store").is_dir() and not damaged(release)
    return whole and release.manifest == json.loads(_json(manifest))


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
