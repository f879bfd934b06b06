"""A release as a package that can be deposited as it is: its files, and RO-Crate 1.2 metadata that describe them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from trialgraph.graph.description.dataset import FILES, KEYWORDS
from trialgraph.rdf import iris
from trialgraph.rdf.formats import JSON
from trialgraph.rdf.vocabulary import DCTERMS, RO_CRATE_CONTEXT, RO_CRATE_PROFILE, licence_name
from trialgraph.release.exports.archive import packed, zipped
from trialgraph.release.exports.description import DescribedRelease, DescribedSource
from trialgraph.release.exports.facts import Facts
from trialgraph.release.manifest import MANIFEST
from trialgraph.release.open import Release, sha256_of

__all__ = ["METADATA", "ro_crate"]

METADATA: Final = "ro-crate-metadata.json"

Entity = dict[str, Any]


def ro_crate(release: Release, facts: Facts, about: DescribedRelease) -> Iterator[bytes]:
    """A ``.zip`` of all files of the release, its manifest and :data:`METADATA`; not of its store, which is a cache."""
    files = [release.path / name for name in (*sorted(release.manifest["files"]), MANIFEST)]

    def fill(folder: Path) -> list[Path]:
        metadata = folder / METADATA
        made = {"@context": RO_CRATE_CONTEXT, "@graph": list(_entities(facts, about, files))}
        metadata.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return [metadata, *files]

    return packed(fill, zipped)


def _entities(facts: Facts, about: DescribedRelease, files: list[Path]) -> Iterator[Entity]:
    described = [_file(facts, path) for path in files]
    licences = {*about.licences, *(licence for source in about.sources for licence in source.licences)}
    licences |= {licence for path in files for licence in _licences(facts, path)}
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": RO_CRATE_PROFILE},
        "about": {"@id": "./"},
    }
    yield _root(about, described)
    yield from described
    yield {"@id": about.creator_iri, "@type": "Organization", "name": about.creator, "url": about.page}
    yield {
        "@id": about.iri,
        "@type": "PropertyValue",
        "name": "Hash of the release",
        "propertyID": "SHA-256 of dataset.nq",
        "value": about.hash,
        "url": about.iri,
    }
    for iri in sorted(licences):
        name = licence_name(NamedNode(iri))
        yield {"@id": iri, "@type": "CreativeWork", "name": name, "description": f"The licence {name}"}
    for source in about.sources:
        yield _source(source)


def _root(about: DescribedRelease, files: list[Entity]) -> Entity:
    sources = [{"@id": _source(source)["@id"]} for source in about.sources]
    cited = f"{about.creator}: {about.title}. Release {about.hash[:12]}. {about.page}"
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": (
            "A knowledge graph of clinical trials, read out of the tables of reviews: each value with the words that "
            "it was read from. Each file has its own licences; verbatim words keep the licence of their source."
        ),
        **({"datePublished": about.issued} if about.issued else {}),
        "license": _links(about.licences),
        "creator": {"@id": about.creator_iri},
        "publisher": {"@id": about.creator_iri},
        "version": about.version,
        "identifier": {"@id": about.iri},
        "url": about.page,
        "keywords": list(KEYWORDS),
        "creditText": cited,
        "citation": sources,
        "isBasedOn": sources,
        "hasPart": [{"@id": file["@id"]} for file in files],
    }


def _file(facts: Facts, path: Path) -> Entity:
    known = FILES.get(path.name)
    licences = _licences(facts, path)
    return {
        "@id": path.name,
        "@type": "File",
        "name": path.name,
        "description": known.words
        if known
        else "Counts, findings, checksums, and what the release was built from",
        "encodingFormat": known.media_type if known else JSON,
        "contentSize": str(path.stat().st_size),
        "sha256": sha256_of(path),
        **({"license": _links(licences)} if licences else {}),
    }


def _licences(facts: Facts, path: Path) -> list[str]:
    return sorted(node.value for node in facts.nodes(iris.export(path.name), DCTERMS.license))


def _source(source: DescribedSource) -> Entity:
    return {
        "@id": source.document or source.iri,
        "@type": "CreativeWork",
        "name": source.title,
        "sameAs": source.iri,
        **({"license": _links(source.licences)} if source.licences else {}),
    }


def _links(licences: tuple[str, ...] | list[str]) -> Entity | list[Entity]:
    """One link, or a list of several, as RO-Crate recommends."""
    links = [{"@id": iri} for iri in licences]
    return links[0] if len(links) == 1 else links
