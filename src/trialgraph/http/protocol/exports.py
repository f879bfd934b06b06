"""``/export/<file>``: download of the release's files, with range requests and checksums as ETags."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import NotFound

from trialgraph.base.escaping import safe_cells
from trialgraph.http.protocol.responses import safe_cells_requested
from trialgraph.http.site import site
from trialgraph.rdf.formats import CSV, EXPORT_FORMATS, JSON, SQLITE

__all__ = ["blueprint", "sent"]

blueprint = Blueprint("dataset", __name__, url_prefix="/export")

UNKNOWN: Final = "this release has no such file; the home page lists them"
TYPES: Final = {form.suffix: form.content_type() for form in (*EXPORT_FORMATS.values(), CSV)} | {
    "json": JSON,
    "db": SQLITE,
}


@blueprint.get("/<file>")
def export(file: str) -> Response:
    """One file, with its checksum as ETag and the licences of what is in it."""
    suffix = file.rpartition(".")[2]
    if suffix not in TYPES:
        raise NotFound(UNKNOWN)
    if suffix == CSV.suffix and safe_cells_requested(request.args.get("cells", ""), default=False):
        response = _for_spreadsheets(file)
    else:
        response = sent(file, TYPES[suffix])
    for licence in site().licences():
        response.headers.add("Link", f'<{licence}>; rel="license"')
    return response


def _for_spreadsheets(name: str) -> Response:
    """A CSV file in which no cell is a formula; the file as it is has the checksum that the release states."""
    release = site().release
    digest = release.manifest.get("files", {}).get(name)
    if not digest:
        raise NotFound(UNKNOWN)
    file = (release.path / name).open("rb")
    response = Response(safe_cells(iter(lambda: file.read(65_536), b"")), content_type=CSV.content_type())
    response.call_on_close(file.close)
    response.set_etag(f"{digest}-safe")
    response.headers["X-Trialgraph-Cells"] = "safe"
    response.headers["Cache-Control"] = "no-cache"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.make_conditional(request)
    return response


def sent(file: str, content_type: str) -> Response:
    """A file of the release, whole or the requested range.

    :raises NotFound: the release has no such file
    """
    release = site().release
    digest = release.manifest.get("files", {}).get(file)
    if not digest:
        raise NotFound(UNKNOWN)
    response = send_file(
        release.path / file,
        conditional=True,
        etag=str(digest),
        max_age=0,
        as_attachment=True,
        download_name=file,
    )
    response.content_type = content_type
    return response
