"""``/openapi.json``: the saved questions and the endpoint as OpenAPI 3.1, for client generators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request, url_for

from trialgraph.http.site import site
from trialgraph.query.guard import Kind
from trialgraph.query.results import formats
from trialgraph.questions.saved_queries import Parameter, SavedQuery
from trialgraph.rdf.formats import FORM, FORMATS, OPENAPI, PROBLEM, SPARQL_QUERY

__all__ = ["blueprint", "openapi"]

blueprint = Blueprint("openapi", __name__)

# JSON Schema of what a parameter takes (saved_queries.Parameter); a CURIE or an IRI is a string to OpenAPI.
SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "iri": {"type": "string"},
    "string": {"type": "string"},
    "enum": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
}
#: Choices from the data that a parameter shows as examples; a form offers all of them.
EXAMPLES: Final = 20


@blueprint.get("/openapi.json")
def document() -> Response:
    """The document, with this server's own address in it."""
    response = jsonify(openapi(request.root_url.rstrip("/")))
    response.content_type = f"{OPENAPI};version=3.1"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def openapi(server: str) -> dict[str, Any]:
    """OpenAPI 3.1 of the present release.

    :param server: address that the paths are added to
    """
    here = site()
    from apispec import APISpec  # takes a tenth of a start, which needs it not

    spec = APISpec(
        title="trialgraph",
        version=str(here.release.manifest.get("version", "unknown")),
        openapi_version="3.1.0",
        info={
            "description": "Clinical trials read out of published tables: saved questions, and SPARQL 1.1.",
            "license": {
                "name": "Apache-2.0 (code); data as the dataset page says",
                "identifier": "Apache-2.0",
            },
        },
        servers=[{"url": server}],
    )
    spec.components.response("Problem", _problem())
    for topic in dict.fromkeys(saved.topic for saved in here.queries.values()):
        spec.tag({"name": topic})
    for saved in here.queries.values():
        kind = here.pool.check(saved.sparql).kind
        spec.path(path=_path("saved.query", name=saved.slug), operations={"get": _question(saved, kind)})
        for form in formats(kind):
            path = _path("saved.query", name=f"{saved.slug}.{form.suffix}")
            spec.path(path=path, operations={"get": _question(saved, kind, form.suffix)})
    spec.path(path=_path("sparql.sparql"), operations=_sparql())
    found: dict[str, Any] = spec.to_dict()
    return found


def _path(endpoint: str, **values: Any) -> str:
    """An address below the server's own, which holds the prefix that a proxy adds."""
    return url_for(endpoint, **values).removeprefix(request.script_root)


def _question(saved: SavedQuery, kind: Kind, suffix: str = "") -> dict[str, Any]:
    """The operation of a question: any format by ``Accept``, or the one of a suffix."""
    media_types = [form.media_type for form in formats(kind) if suffix in ("", form.suffix)]
    words = saved.slug.replace("-", "_")
    return {
        "operationId": f"{words}_{suffix}" if suffix else words,
        "summary": saved.title,
        "description": saved.description,
        "tags": [saved.topic],
        "parameters": [_parameter(parameter) for parameter in saved.parameters],
        "responses": _responses(media_types),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(SCHEMAS[parameter.type])
    if parameter.default is not None:
        schema["default"] = _typed(parameter, parameter.default)
    if parameter.values is not None:
        schema["enum"] = [_typed(parameter, value) for value in parameter.values]
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required and parameter.default is None,
        "description": parameter.label + (" (a CURIE or an IRI)" if parameter.type == "iri" else ""),
        "schema": schema,
    }
    if parameter.values_query is not None:
        choices = site().choices(parameter)[:EXAMPLES]
        described["examples"] = {
            f"choice{number}": {"summary": label, "value": _typed(parameter, value)}
            for number, (value, label) in enumerate(choices, 1)
        }
    return described


def _typed(parameter: Parameter, value: str) -> str | int | float:
    """A value of a parameter as JSON has it."""
    kind = SCHEMAS[parameter.type]["type"]
    return int(value) if kind == "integer" else float(value) if kind == "number" else value


def _responses(media_types: Iterable[str]) -> dict[str, Any]:
    return {
        "200": {
            "description": "The whole answer; a connection that ends without the last chunk is a failure",
            "content": {media_type: {"schema": {"type": "string"}} for media_type in media_types},
        },
        "default": "Problem",
    }


def _problem() -> dict[str, Any]:
    members = {"type": "string", "title": "string", "detail": "string", "reason": "string"}
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in members.items()}
        | {name: {"type": "integer"} for name in ("status", "line", "column")},
        "required": ["type", "title", "status", "detail"],
    }
    return {
        "description": "What is wrong and how to fix it (RFC 9457)",
        "content": {PROBLEM: {"schema": schema}},
    }


def _sparql() -> dict[str, Any]:
    """SPARQL 1.1 Protocol, query operation."""
    responses = _responses(form.media_type for form in FORMATS.values())
    fields: dict[str, dict[str, Any]] = {
        "query": {"type": "string", "description": "SELECT, ASK, CONSTRUCT or DESCRIBE"},
        "default-graph-uri": {"type": "array", "items": {"type": "string"}},
        "named-graph-uri": {"type": "array", "items": {"type": "string"}},
        "format": {"type": "string", "description": "Short name of a format; goes before Accept"},
        "timeout": {"type": "number", "description": "Seconds; no more than the server's own limit"},
    }
    form = {"schema": {"type": "object", "properties": fields, "required": ["query"]}}
    get = {
        "operationId": "sparql_get",
        "summary": "Ask a SPARQL query; without one: the service description",
        "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in fields.items()],
        "responses": responses,
    }
    post = {
        "operationId": "sparql_post",
        "summary": "Ask a SPARQL query that is too long for an address",
        "requestBody": {
            "required": True,
            "content": {
                FORM: form,
                SPARQL_QUERY: {"schema": {"type": "string"}},
            },
        },
        "responses": responses,
    }
    return {"get": get, "post": post}
