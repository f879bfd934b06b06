"""Dereferenceable IRIs: every minted IRI at its own path, as a page or as RDF by suffix or ``Accept``.

All answer 200 at their own URL, not 303 (decisions/0012-pages.md): the resources are records, and the URL returns
the record. ``Content-Location`` names the document of the chosen format.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import UsageError
from trialgraph.extract.text.registries import registry_number
from trialgraph.http.errors import problem
from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import (
    DOCUMENTS,
    address,
    kind_of,
    local,
    page_number,
    requested_iri,
    split_suffix,
)
from trialgraph.http.pages.resources.nearby import LISTED, nearby, of_kind, titles_of
from trialgraph.http.pages.resources.resource_page import resource_page
from trialgraph.http.pages.resources.source_page import source_page
from trialgraph.http.pages.resources.trial.trial_page import trial_page
from trialgraph.http.protocol.descriptions import rdf_of, types_of
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.formats import DOCUMENT_FORMATS, GRAPH_TYPES, HTML, PROBLEM
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import HOME, TG, compact, expand

__all__ = ["blueprint"]

blueprint = Blueprint("resources", __name__)

SUFFIX_TYPES: Final = {form.suffix: form.media_type for form in DOCUMENT_FORMATS} | {"html": HTML}
SUFFIXES: Final = {media_type: suffix for suffix, media_type in SUFFIX_TYPES.items()}


class Missing(NotFound):
    """The release has no such resource.

    :param near: IRIs that it has
    :param kind: the requested kind
    """

    def __init__(self, what: str, near: tuple[str, ...] = (), kind: str = "") -> None:
        super().__init__(f"this release has no {what[:200]}")
        self.near, self.kind = near, kind


@blueprint.get("/<kind>/<path:rest>", merge_slashes=False)
def resource(kind: str, rest: str) -> Response:  # noqa: ARG001 - the path is read as it was sent
    """One resource."""
    if not kind.replace("-", "").isalnum():
        raise NotFound("there is nothing at this address; start from the home page")
    return _answer(requested_iri())


@blueprint.get(f"/<any({','.join(DOCUMENTS)}):name>")
@blueprint.get(f"/<any({','.join(DOCUMENTS)}):name>.<suffix>")
def document(name: str, suffix: str = "") -> Response:
    """A document of the ontology, which has an IRI of its own; by suffix as RDF."""
    return _answer(HOME + name + (f".{suffix}" if suffix else ""))


@blueprint.get("/term/<path:curie>", merge_slashes=False)
def term(curie: str) -> Response:
    """An external term that the release describes, by its CURIE."""
    stem, suffix = split_suffix(curie)
    try:
        iri = expand(stem or curie).value
    except UsageError as error:
        raise NotFound(error.line()) from None
    if here := local(iri):
        return make_response(redirect(here, 301))
    types = types_of([iri]).get(iri)
    if types is None:
        raise Missing(compact(iri))
    return _respond(iri, types, suffix, url_for("resources.term", curie=compact(iri)))


@blueprint.get("/trial", defaults={"kind": "trial"})
@blueprint.get(f"/<any({', '.join(map(repr, sorted(LISTED)))}):kind>/")
def of(kind: str) -> Response:
    """A page of the list of resources of a kind."""
    if kind == "trial":
        return make_response(redirect(url_for("trials.index"), 301))
    page = page_number()
    rows = site().settings.page_rows
    found = of_kind(kind, (page - 1) * rows, rows + 1)
    labels = site().labels(NamedNode(iri) for iri in found)
    links = [(address(iri), labels.get(iri) or compact(iri)) for iri in found[:rows]]
    text = render_template("resources.html", kind=kind, links=links, page=page, more=len(found) > rows)
    return make_response(text)


@blueprint.app_errorhandler(Missing)
def missing(error: Missing) -> Response:
    """A 404 with suggestions."""
    detail = str(error.description)
    if requested_type((PROBLEM, HTML), default=PROBLEM) != HTML:
        return problem(404, detail, near=list(error.near))
    labels = site().labels(NamedNode(iri) for iri in error.near)
    titles = titles_of(error.near)
    links = [(address(iri), labels.get(iri) or compact(iri), titles.get(iri, "")) for iri in error.near]
    kind = error.kind
    response = make_response(
        render_template(
            "missing.html",
            path=request.path[:200],
            detail=detail,
            links=links,
            words=request.path.rpartition("/")[2][:80],
            kind=kind,
            listed=url_for("resources.of", kind=kind) if kind in LISTED else "",
        )
    )
    response.status_code = 404
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(iri: str) -> Response:
    """The resource of a minted IRI, or of the IRI before a suffix."""
    stem, suffix = split_suffix(iri)
    types = types_of([iri, stem] if stem else [iri])
    if iri in types:
        return _respond(iri, types[iri], "", local(iri))
    if stem in types:
        return _respond(stem, types[stem], suffix, local(stem))
    if kind_of(iri) == "trial" and (known := _trial_spelled(stem, suffix) or _trial_spelled(iri, "")):
        return make_response(redirect(known, 308))
    missing_iri = stem or iri
    raise Missing(
        local(missing_iri).removeprefix(request.script_root), nearby(missing_iri), kind_of(missing_iri)
    )


def _trial_spelled(iri: str, suffix: str) -> str:
    """The address of the trial whose registry id is spelled otherwise, or is a former one; else empty."""
    number = registry_number(unquote(iri.rpartition("/trial/")[2]))
    if not number:
        return ""
    trial = iris.trial(number).value
    if trial == iri or trial not in types_of([trial]):
        called = select_rows(f"SELECT ?trial {{ ?trial {TG.formerIdentifier} {text(number)} }} LIMIT 1")
        trial = next((iri_of(row["trial"]) for row in called), "")
    if not trial:
        return ""
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    return local(trial) + (f".{suffix}" if suffix else "") + query


def _respond(iri: str, types: frozenset[str], suffix: str, path: str) -> Response:
    """The page or the RDF of a resource.

    :param path: its address here, without suffix
    """
    media_type = SUFFIX_TYPES[suffix] if suffix else requested_type((HTML, *GRAPH_TYPES))
    html = media_type == HTML
    response = make_response(_page(iri, types, path)) if html else rdf_of(iri, types, media_type)
    if not suffix and media_type in SUFFIXES:
        response.headers["Content-Location"] = f"{path}.{SUFFIXES[media_type]}"
    for other, kind in SUFFIX_TYPES.items():
        if kind != media_type:
            response.headers.add("Link", f'<{path}.{other}>; rel="alternate"; type="{kind}"')
    return response


def _page(iri: str, types: frozenset[str], path: str) -> str:
    if TG.Trial.value in types:
        return trial_page(iri, path)
    if TG.Source.value in types:
        return source_page(iri, path)
    return resource_page(iri, types, path)
