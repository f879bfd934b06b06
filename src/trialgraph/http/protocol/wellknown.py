"""``/.well-known/``: dataset descriptions (VoID, DCAT), example queries and the schema card, for programs.

The graph ``meta`` is served together with what only a server knows: its own URLs, and the checksums of the files that
contain ``meta`` themselves.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, request, url_for
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from werkzeug.exceptions import BadRequest

from trialgraph.graph.description.dataset import FILES, file_facts
from trialgraph.graph.description.examples import example_triples
from trialgraph.http.negotiation import requested_type
from trialgraph.http.protocol.service_description import written
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.formats import GRAPH_TYPES, HTML, JSON, GraphFormat
from trialgraph.rdf.vocabulary import DCAT, HERE, PREFIXES, RDF, SH, SPDX, VOID, compact
from trialgraph.views.schema_card import schema_card

__all__ = ["blueprint", "described"]

blueprint = Blueprint("wellknown", __name__, url_prefix="/.well-known")

#: What an address may be made of; anything else is no header that a browser or a proxy sends.
ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.\-_~%:\[\]]+/[A-Za-z0-9.\-_~%/]*")
#: Prefixes of the classes that a catalogue of datasets is about.
CATALOGUE: Final = ("dcat", "foaf", "spdx", "void:Dataset")
#: What only a server knows, as long as nobody leads the IRIs of the release to it.
ADDRESSES: Final = frozenset(
    {DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage, VOID.sparqlEndpoint}
)
Triples = Iterable[Triple]


@blueprint.get("/void")
def void() -> Response:
    """What the release says of itself but the questions; the page for a browser."""
    return _answer("void", _without_questions, "dataset_page.page")


@blueprint.get("/dcat")
def dcat() -> Response:
    """The release as a catalogue sees it: dataset, files, graphs, service, who made it."""
    return _answer("dcat", _catalogue, "dataset_page.page")


@blueprint.get("/sparql-examples", strict_slashes=False)
def sparql_examples() -> Response:
    """The saved questions as SHACL executables; the list of questions for a browser."""
    return _answer("examples", _examples, "saved.index")


@blueprint.get("/schema-card.json")
def card() -> Response:
    """What is in the graph, on one card, for language models and people who write queries."""

    def made() -> bytes:
        here = site()
        found = schema_card(here.release, described(), here.queries.values(), here.lists())
        return json.dumps(found, ensure_ascii=False, indent=1).encode()

    return _sent(site().once("schema-card", made), JSON)


def described() -> tuple[Triple, ...]:
    """The graph ``meta`` of this release; empty where it has none."""

    def read() -> tuple[Triple, ...]:
        path = site().release.path / "meta.nq"
        return tuple(quad.triple for quad in parse(path=str(path), format=RdfFormat.N_QUADS))

    return site().once("meta", read)


def _answer(name: str, make: Callable[[], Triples], page: str) -> Response:
    media_type = requested_type((*GRAPH_TYPES, HTML))
    if media_type == HTML:
        return make_response(redirect(url_for(page), 303))
    format_ = GRAPH_TYPES[media_type]
    body = site().once(f"{name}.{format_.name}", lambda: _written(make(), format_))
    return _sent(body, format_.content_type(media_type))


def _written(triples: Triples, format_: GraphFormat) -> bytes:
    triples = sorted(set(triples), key=str)
    used = {compact(p.value).partition(":")[0] for p in {t.predicate for t in triples}} & PREFIXES.keys()
    return written(triples, format_, sorted(used))


def _sent(body: bytes, content_type: str) -> Response:
    """The body with this server's address in it."""
    address = request.root_url
    if not ADDRESS.fullmatch(address):
        raise BadRequest("the Host of this request is no name of a host")
    body = body.replace(HERE.encode(), address.encode())
    response = make_response(body)
    response.content_type = content_type
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _without_questions() -> Iterator[Triple]:
    questions = {t.subject for t in described() if t.object == SH.SPARQLExecutable}
    yield from (t for t in described() if t.subject not in questions and t.predicate not in ADDRESSES)
    yield from _here()


def _catalogue() -> Iterator[Triple]:
    kinds = (t for t in described() if t.predicate == RDF.type and isinstance(t.object, NamedNode))
    nodes = {t.subject for t in kinds if compact(str(t.object).strip("<>")).startswith(CATALOGUE)}
    left_out = {VOID.classPartition, VOID.propertyPartition, *ADDRESSES}
    yield from (t for t in described() if t.subject in nodes and t.predicate not in left_out)
    yield from _here()


def _here() -> Iterator[Triple]:
    """Where the files and the endpoint are on this server, and the checksums that no file can hold itself."""
    release = site().release
    node, known = iris.release(release.hash), {t.subject for t in described() if t.predicate == SPDX.checksum}
    yield Triple(node, VOID.sparqlEndpoint, _local("sparql.sparql"))
    yield Triple(node, DCAT.landingPage, _local("dataset_page.page"))
    for predicate in (DCAT.endpointURL, DCAT.endpointDescription):
        yield Triple(iris.endpoint(), predicate, _local("sparql.sparql"))
    for name, digest in release.manifest["files"].items():
        if name in FILES and (release.path / name).is_file():
            yield Triple(iris.export(name), DCAT.downloadURL, _local("dataset.export", file=name))
            if iris.export(name) not in known:
                yield from file_facts(name, (release.path / name).stat().st_size, digest)


def _examples() -> Iterator[Triple]:
    yield from example_triples(site().queries.values(), _local("sparql.sparql"))
    declared = {t.object for t in described() if t.predicate == SH.declare}
    yield from (t for t in described() if t.predicate == SH.declare or t.subject in declared)


def _local(endpoint: str, **values: Any) -> NamedNode:
    """A URL on this server, completed when the host name of the request is known."""
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    return NamedNode(HERE + path.lstrip("/"))
