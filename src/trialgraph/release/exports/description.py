"""What a release says of itself and of its sources, for the descriptions that packages carry."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from trialgraph.graph.description.dataset import AUTHORS, TITLE
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCTERMS, TG, licence_name
from trialgraph.release.exports.facts import Facts
from trialgraph.release.open import Release

__all__ = ["DescribedRelease", "DescribedSource", "described"]


@dataclass(frozen=True, slots=True)
class DescribedSource:
    """A source: whose words are in the release.

    :param document: IRI of what it is taken from; empty where none is stated
    :param licences: IRIs of the licences of its words
    """

    iri: str
    title: str
    document: str
    licences: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class DescribedRelease:
    """A release.

    :param page: IRI of the dataset; each release is one version of it
    :param issued: the newest date of its inputs; empty where none is known
    :param licences: of all that is in it
    """

    title: str
    creator: str
    creator_iri: str
    page: str
    iri: str
    hash: str
    version: str
    issued: str
    licences: tuple[str, ...]
    sources: tuple[DescribedSource, ...]


def described(release: Release, facts: Facts) -> DescribedRelease:
    """The description of a release, as its graph ``meta`` and its sources state it."""
    node, page = iris.release(release.hash), iris.page()
    return DescribedRelease(
        title=TITLE,
        creator=AUTHORS,
        creator_iri=iris.agent(AUTHORS).value,
        page=page.value,
        iri=node.value,
        hash=release.hash,
        version=str(release.manifest.get("version", "")),
        issued=facts.text(node, DCTERMS.issued),
        licences=_licences(facts, page),
        sources=tuple(
            DescribedSource(
                iri=source.value,
                title=facts.text(source, DCTERMS.title) or facts.label(source),
                document=next((made.value for made in facts.nodes(source, DCTERMS.source)), ""),
                licences=_licences(facts, source),
                sha256=facts.text(source, TG.sha256),
            )
            for source in facts.of_kind(TG.Source)
        ),
    )


def _licences(facts: Facts, node: NamedNode) -> tuple[str, ...]:
    found = facts.nodes(node, DCTERMS.license)
    return tuple(made.value for made in sorted(found, key=lambda made: (licence_name(made), made.value)))
