"""``/export/<file>``: download of the release's files, with range requests and checksums as ETags."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import UsageError
from trialgraph.base.escaping import safe_cells
from trialgraph.http.protocol.requests import safe_cells_requested
from trialgraph.http.site import site
from trialgraph.rdf.formats import CSV, EXPORT_FORMATS, JSON, SQLITE

__all__ = ["blueprint", "sent"]

blueprint = Blueprint("dataset", __name__, url_prefix="/export")

ONE_RANGE: Final = re.compile(r"bytes[ \t]*=[ \t]*([0-9]*)[ \t]*-[ \t]*([0-9]*)", re.ASCII | re.IGNORECASE)
#: Digits of the largest number of bytes that a Range may name.
RANGE_DIGITS: Final = 18
UNKNOWN: Final = "this release has no such file; the home page lists them"
TYPES: Final = {form.suffix: form.content_type() for form in (*EXPORT_FORMATS.values(), CSV)} | {
    "json": JSON,
    "db": SQLITE,
}


@blueprint.before_app_request
def one_range() -> None:
    """Leave out a ``Range`` that is not one range of bytes: RFC 9110, 14.2, allows to send the whole instead.

    Werkzeug answers 416 to it, as if it lay beyond the end of the file.

    :raises UsageError: it has numbers that no file reaches
    """
    found = request.headers.get("Range")
    if found is None:
        return
    range_ = ONE_RANGE.fullmatch(found.strip())
    first, last = range_.groups() if range_ else ("", "")
    if max(len(first), len(last)) > RANGE_DIGITS:
        raise UsageError("this is no place in a file", where="Range", hint="give fewer digits")
    backwards = bool(first and last) and int(first) > int(last)
    weak = request.headers.get("If-Range", "").startswith("W/")  # never the same bytes, 13.1.5
    if request.method != "GET" or not (first or last) or backwards or weak:
        del request.environ["HTTP_RANGE"]


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
    release, digest = site().release, _digest(name)
    file = (release.path / name).open("rb")
    response = Response(safe_cells(iter(lambda: file.read(65_536), b"")), content_type=CSV.content_type())
    response.call_on_close(file.close)
    response.set_etag(f"{digest}-safe")
    response.headers["X-Trialgraph-Cells"] = "safe"
    response.headers["Cache-Control"] = "no-cache"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.make_conditional(request)
    return response


def _digest(name: str) -> str:
    """The checksum of a file of the release.

    :raises NotFound: it has no such file, or the file was deleted
    """
    release = site().release
    digest = release.manifest.get("files", {}).get(name)
    if not digest:
        raise NotFound(UNKNOWN)
    if not (release.path / name).is_file():
        raise NotFound("this file of the release is missing on this server")
    return str(digest)


def sent(file: str, content_type: str) -> Response:
    """A file of the release, whole or the requested range.

    :raises NotFound: the release has no such file
    """
    release, digest = site().release, _digest(file)
    response = send_file(
        release.path / file,
        conditional=True,
        etag=digest,
        max_age=0,
        as_attachment=True,
        download_name=file,
    )
    response.content_type = content_type
    return response
