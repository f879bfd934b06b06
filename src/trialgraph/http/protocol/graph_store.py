"""``/store``, ``/graph/<name>``: the Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol), read-only.

A graph is named indirectly (``?graph=<iri>``, ``?default``; at ``/sparql`` too) or by its own address. ``/store``
alone is the whole dataset. What the release has as a file comes as that file; the rest from the workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from flask import Blueprint, Response, current_app, make_response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import QueryRejected
from trialgraph.http.negotiation import requested_type
from trialgraph.http.protocol.exports import sent
from trialgraph.http.protocol.query_reply import not_modified
from trialgraph.http.protocol.requests import parameters
from trialgraph.http.protocol.responses import stream
from trialgraph.http.site import site
from trialgraph.query.results import find_format
from trialgraph.rdf import iris
from trialgraph.rdf.formats import DATASET_FORMATS, GRAPH_TYPES, HTML, N_QUADS, TURTLE, Format
from trialgraph.release.store import MASTERS

__all__ = ["answer", "blueprint", "graph_answer", "meant"]

blueprint = Blueprint("graph_store", __name__)

ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
PART: Final = 1 << 16

Values = MultiDict[str, str]


@blueprint.get("/store", strict_slashes=False)
def store() -> Response:
    """A graph, or the whole dataset."""
    values = parameters(request, site())
    return answer(values) if meant(values) else dataset(values.get("format", ""))


@blueprint.get("/graph/<name>")
def named(name: str) -> Response:
    """A named graph at its own address: its triples as RDF, a page on it for a browser."""
    graphs = site().pool.graphs
    iri, dot, suffix = iris.graph(name).value, "", ""
    if iri not in graphs:
        stem, dot, suffix = name.rpartition(".")
        iri = iris.graph(stem).value if dot else iri
    page = current_app.view_functions.get("resources.resource")
    wants_page = suffix == "html" if dot else requested_type((*GRAPH_TYPES, HTML)) == HTML
    if page and iri not in graphs:
        return make_response(page(kind="graph", rest=name))
    if page and wants_page:
        try:
            return make_response(page(kind="graph", rest=name))
        except NotFound:  # a graph of which the release says nothing still has its triples
            return graph_answer(iri, TURTLE.name)
    return graph_answer(iri, suffix)


def meant(values: Mapping[str, str]) -> bool:
    """Whether the parameters name a graph."""
    return "default" in values or "graph" in values


def answer(values: Values) -> Response:
    """The graph that the parameters name.

    :raises QueryRejected: they name two
    :raises NotFound: there is no such graph
    """
    named = values.getlist("graph")
    if len(named) + len(values.getlist("default")) > 1:
        raise QueryRejected("more than one graph in a request", hint="name one: ?default or ?graph=…")
    return graph_answer(resolved(named[0]) if named else "", values.get("format", ""))


def resolved(iri: str) -> str:
    """The graph's IRI: relative to the request's address, whose own graphs are ours."""
    try:
        absolute = urljoin(request.base_url, iri)
    except ValueError:  # an address in square brackets that is none
        return iri
    own = request.root_url
    return iris.base() + absolute.removeprefix(own) if absolute.startswith(own) else absolute


def graph_answer(iri: str, format_name: str = "") -> Response:
    """A graph in the format requested by name or ``Accept``.

    :param iri: of a named graph; empty: the default graph, the merge of all
    :raises NotFound: there is no such graph
    """
    here = site()
    if iri and iri not in here.pool.graphs:
        raise NotFound("this release has no such graph; the service description at /sparql lists them")
    format_, media_type = _requested(GRAPH_TYPES, format_name)
    file = f"trialgraph.{format_.suffix}"
    if not iri and format_.name not in DATASET_FORMATS and file in here.release.manifest.get("files", {}):
        response = sent(file, format_.content_type(media_type))
    else:
        response = stream(here.pool.check(ALL, [iri] if iri else []), format_, media_type)
    return _with_licences(response)


def dataset(format_name: str = "") -> Response:
    """All named graphs, kept apart."""
    files = site().release.manifest.get("files", {})
    made = {k: f for k, f in GRAPH_TYPES.items() if f.dataset}
    held = {k: f for k, f in made.items() if f"trialgraph.{f.suffix}" in files or f is N_QUADS}
    format_, media_type = _requested(held, format_name)
    file = f"trialgraph.{format_.suffix}"
    if file in files:
        return _with_licences(sent(file, format_.content_type(media_type)))
    return _with_licences(_masters(format_.content_type(media_type)))


def _requested(kinds: Mapping[str, Format], format_name: str) -> tuple[Format, str]:
    """The format and the media type that the request asks for."""
    if format_name:
        format_ = find_format("CONSTRUCT", format_name)
        if format_.media_type in kinds:
            return format_, format_.media_type
        raise QueryRejected(
            "this format cannot keep graphs apart",
            where="format",
            hint=f"use {' or '.join(DATASET_FORMATS)}, or name one graph: ?default or ?graph=…",
            status=406,
        )
    media_type = requested_type(kinds)
    return kinds[media_type], media_type


def _masters(content_type: str) -> Response:
    """The release's own N-Quads, one file after the other."""
    here = site()
    if not all((here.release.path / name).is_file() for name in MASTERS):
        raise NotFound("this file of the release is missing on this server")
    if not_modified(request.environ, here.release.hash):
        response = Response(status=304)
    else:
        response = Response(_parts([here.release.path / name for name in MASTERS]), content_type=content_type)
    response.set_etag(here.release.hash, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _parts(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while part := file.read(PART):
                yield part


def _with_licences(response: Response) -> Response:
    known = response.headers.getlist("Link")
    for licence in site().licences():
        if (link := f'<{licence}>; rel="license"') not in known:
            response.headers.add("Link", link)
    return response
