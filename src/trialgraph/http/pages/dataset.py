"""``/dataset``: the landing page of the dataset: sources, graphs, licences, files, how to cite and to link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as WSGIResponse

from trialgraph.base.readable import byte_size
from trialgraph.graph.description.dataset import FILES, TITLE
from trialgraph.graph.description.graphs import words
from trialgraph.http.lookup import whole_rows
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.trials.index import about_release
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.formats import GRAPH_TYPES, HTML
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.prefixes import prefixes
from trialgraph.rdf.vocabulary import HOME, SPELLINGS, compact, licence
from trialgraph.release.exports.uses import USES, Use
from trialgraph.release.lists.queries import ONE_OF_EACH, SOURCE_FILES, licences_query
from trialgraph.terminology.glossary import CORE_ANCHOR
from trialgraph.views.evidence.about import dataset_reference
from trialgraph.views.evidence.citations import as_bibtex, as_text

__all__ = ["blueprint"]

blueprint = Blueprint("dataset_page", __name__)

#: Where the site itself has the file of a use that is no file of a release, by the file's name.
TABLES: Final = {"trials.xlsx": "xlsx", "trials.ris": "ris"}
NAMED: Final = {licence(name).value: name for name in ("CC-BY-4.0", "CC-BY-NC-4.0", "CC0-1.0")}
#: What people link to: the pattern, what it is of, and one of the kind by the query below.
PATTERNS: Final = (
    ("trial/<registry id>", "a trial with a registry id", "registered"),
    ("trial/<source>/<row>", "a trial without one", "unregistered"),
    ("report/<source>/<row>", "what one source says of a trial", "report"),
    ("ontology/<Term>", "a class or property, tg: in queries", "term"),
    ("concept/<slug>", "a concept of ours, tgc: in queries", "concept"),
    ("graph/<name>", "a named graph", "graph"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere, or nowhere."""

    text: str
    href: str = ""


@blueprint.get("/dataset")
def page() -> str | WSGIResponse:
    """The page; whoever wants RDF is led to the description."""
    if requested_type((HTML, *GRAPH_TYPES)) != HTML:
        return redirect(url_for("wellknown.void"), 303)
    here = site()
    manifest, of = here.release.manifest, about_release()
    return render_template(
        "dataset.html",
        title=TITLE,
        counts=manifest.get("counts", {}),
        sources=here.once("dataset.sources", _sources),
        graphs=_graphs(here.once("dataset.licences", _licences)),
        files=_files(),
        cite=as_text(dataset_reference(of)),
        bibtex=as_bibtex([dataset_reference(of)]),
        doi=of.doi,
        uses=_uses(manifest),
        engines=manifest.get("engines", {}),
        version=manifest.get("version", ""),
        ontology_version=manifest.get("ontology_version", ""),
        prefixes=sorted(prefixes().items(), key=lambda pair: pair[0].casefold()),
        patterns=_patterns(),
        base=iris.base(),
        home=HOME,
        ids=[(prefix, pattern) for prefix, (pattern, _) in sorted(SPELLINGS.items())],
    )


@blueprint.get("/dataset/core")
def core() -> WSGIResponse:
    """The core: its file for whoever wants RDF, else where it is explained."""
    if requested_type((HTML, *GRAPH_TYPES)) != HTML:
        return redirect(url_for("dataset.export", file="trialgraph-core.ttl"), 303)
    return redirect(url_for("ontology.index", _anchor=CORE_ANCHOR), 303)


def _sources() -> list[dict[str, Any]]:
    rows = {entry["slug"]: entry for entry in site().release.manifest.get("built_from", [])}
    made: dict[str, dict[str, Any]] = {}
    for row in _rows(SOURCE_FILES):
        slug = row["source"].rpartition("/")[2]
        made.setdefault(
            slug,
            {
                "link": Link(row["title"] or slug, address(row["source"])),
                "slug": slug,
                "doi": Link(compact(row["doi"]), outside(row["doi"])) if row["doi"] else None,
                "licence": _licence(row["licence"]) if row["licence"] else None,
                "issued": row["issued"],
                "sha256": row["sha256"],
                "rows": rows.get(slug, {}).get("rows"),
                "unread": rows.get(slug, {}).get("unread"),
                "records": rows.get(slug, {}).get("records"),
            },
        )
    return list(made.values())


def _licences() -> dict[str, list[str]]:
    """IRI of a graph or file -> IRIs of its licences."""
    made: dict[str, list[str]] = {}
    for row in _rows(licences_query()):
        made.setdefault(row["part"], []).append(row["licence"])
    return made


def _graphs(licences: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    counts = site().release.manifest.get("counts", {}).get("graphs", {})
    return [
        {
            "link": Link(name, address(iris.graph(name).value)),
            "words": words(name),
            "triples": triples,
            "licences": [_licence(iri) for iri in licences.get(iris.graph(name).value, [])],
        }
        for name, triples in counts.items()
    ]


def _files() -> list[dict[str, Any]]:
    release, made = site().release, []
    for name, digest in release.manifest.get("files", {}).items():
        path = release.path / name
        if path.is_file():
            made.append(
                {
                    "link": Link(name, url_for("dataset.export", file=name)),
                    "words": FILES[name].words if name in FILES else "",
                    "media_type": FILES[name].media_type if name in FILES else "",
                    "size": byte_size(path.stat().st_size),
                    "sha256": digest,
                }
            )
    return made


def _uses(manifest: Mapping[str, Any]) -> list[tuple[Use, Link]]:
    """Which file suits which tool, with a link to those that are at hand; the others are made by their command."""
    files = manifest.get("files", {})
    made = []
    for use in USES:
        href = ""
        if use.file in TABLES:
            href = url_for("trials.index", suffix=TABLES[use.file])
        elif use.file in files:
            href = url_for("dataset.export", file=use.file)
        made.append((use, Link(use.file, href)))
    return made


def _patterns() -> list[tuple[str, str, Link | None]]:
    found = site().once("dataset.patterns", lambda: {row["kind"]: row["iri"] for row in _rows(ONE_OF_EACH)})
    made = []
    for pattern, what, kind in PATTERNS:
        space = HOME if kind in ("term", "concept") else iris.base()
        one = found.get(kind, "")
        link = Link(one.removeprefix(space), address(one)) if one else None
        made.append((f"{space}{pattern}", what, link))
    return made


def _licence(iri: str) -> Link:
    return Link(NAMED.get(iri, iri), outside(iri))


def _rows(query: str) -> list[dict[str, str]]:
    """The answer to one of this page's own queries, as texts; unbound is empty.

    :raises TrialgraphError: as :meth:`trialgraph.query.pool.Pool.run`
    """
    return [
        defaultdict(str, {name: text_of(term) for name, term in row.items()}) for row in whole_rows(query)
    ]
