"""``/export/<file>``: the files of the release, as they stand in its folder."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, send_file
from werkzeug.exceptions import NotFound

from trialgraph.endpoint.site import site

__all__ = ["blueprint"]

blueprint = Blueprint("dataset", __name__, url_prefix="/export")

TYPES: Final = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
}


@blueprint.get("/<file>")
def export(file: str) -> Response:
    """One file, with its checksum as ETag and the licences of what is in it."""
    here = site()
    digest = here.release.manifest.get("files", {}).get(file)
    suffix = file.rpartition(".")[2]
    if not digest or suffix not in TYPES:
        raise NotFound("this release has no such file; the home page lists them")
    response = send_file(here.release.path / file, conditional=True, etag=str(digest), max_age=0)
    response.content_type = TYPES[suffix]
    for licence in here.licences():
        response.headers.add("Link", f'<{licence}>; rel="license"')
    return response
