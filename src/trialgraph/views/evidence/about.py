"""What a table that leaves the site says of itself: the release, its sources and their licences, how to cite."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trialgraph.graph.description.dataset import AUTHORS, TITLE
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES
from trialgraph.release.lists.queries import SOURCES, Select
from trialgraph.release.open import Release
from trialgraph.views.evidence.citations import Reference, bare_doi

__all__ = [
    "About",
    "CitedSource",
    "about",
    "dataset_reference",
    "source_reference",
    "trial_reference",
]


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source of a release.

    :param document: IRI of what it is taken from
    :param licence: IRI of the licence of its words
    """

    slug: str
    title: str
    document: str
    licence: str
    issued: str


@dataclass(frozen=True, slots=True)
class About:
    """A release, as its files tell of it.

    :param issued: the newest date of its inputs; empty where none is known
    :param base: the public address of the site, with a slash at its end
    :param doi: of the dataset, where it has one
    """

    hash: str
    version: str
    issued: str
    sources: tuple[CitedSource, ...]
    base: str
    doi: str = ""

    @property
    def short(self) -> str:
        """The short id of the release."""
        return self.hash[:12]

    def page(self, iri: str) -> str:
        """The public address of the page of an IRI of ours."""
        return f"{self.base}{iri.removeprefix(iris.base())}" if iri.startswith(iris.base()) else iri


def about(release: Release, select: Select, base: str = "", doi: str = "") -> About:
    """What the files of a release say of it.

    :param base: the public address; empty: the base of its IRIs, which are permanent addresses
    """
    meta, node = iris.graph("meta"), iris.release(release.hash)
    issued = [
        text_of(r["d"]) for r in select(f"SELECT ?d {{ GRAPH {meta} {{ {node} {DCTERMS.issued} ?d }} }}")
    ]
    sources = [
        {name: text_of(row.get(name)) for name in ("source", "title", "document", "licence", "issued")}
        for row in select(SOURCES)
    ]
    return About(
        hash=release.hash,
        version=str(release.manifest.get("version", "")),
        issued=next(iter(issued), ""),
        sources=tuple(
            CitedSource(
                one["source"].rpartition("/")[2], one["title"], one["document"], one["licence"], one["issued"]
            )
            for one in sources
            if one["source"]
        ),
        base=f"{base.rstrip('/')}/" if base else iris.base(),
        doi=doi.removeprefix(PREFIXES["doi"]),
    )


def dataset_reference(of: About) -> Reference:
    """How the release is cited."""
    version = f"version {of.version}, " if of.version else ""
    return Reference(
        kind="dataset",
        key=f"trialgraph-{of.short}",
        title=TITLE,
        authors=(AUTHORS,),
        year=of.issued[:4],
        publisher="trialgraph",
        doi=of.doi,
        url=f"{of.base}dataset",
        version=f"{version}release {of.short}",
    )


def trial_reference(name: str, trial: str, of: About) -> Reference:
    """How the page of a trial in a release is cited.

    :param trial: its IRI
    """
    whole = dataset_reference(of)
    page = of.page(trial)
    return replace(
        whole,
        key=f"{whole.key}-{page.removeprefix(of.base)}",
        title=f"{name}. In: {whole.title}",
        url=page,
        notes=(f"Release {of.hash}",),
    )


def source_reference(one: CitedSource, of: About) -> Reference:
    """How a source is cited: as an article where it has a DOI, else by its page."""
    doi = bare_doi(one.document)
    return Reference(
        kind="article" if doi else "other",
        key=one.slug,
        title=one.title or one.slug,
        year=one.issued[:4],
        doi=doi,
        url=one.document or of.page(iris.source(one.slug).value),
        notes=(f"Licence of its words: {one.licence}",) if one.licence else (),
    )
