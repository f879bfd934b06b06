"""The rows of the table of trials as files, with the filters, the order and the columns of the address."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from trialgraph.extract.trials_table import COLUMNS
from trialgraph.http.pages.trials.index import (
    about_release,
    evidence_table,
    index_of_trials,
)
from trialgraph.http.pages.trials.state import State, every_column
from trialgraph.http.protocol.requests import safe_cells_requested
from trialgraph.http.site import site
from trialgraph.rdf.formats import CSV, JSON, RIS, XLSX
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.rows import ReportRow
from trialgraph.views.evidence.citations import as_ris
from trialgraph.views.evidence.csv_file import csv_file
from trialgraph.views.evidence.gather import cited

__all__ = ["FILES", "attachment", "file_of", "places_of"]

#: The suffixes of the list with their media types, the preferred one first.
FILES: Final[Mapping[str, str]] = {CSV.suffix: CSV.media_type, "json": JSON, "xlsx": XLSX, "ris": RIS}


def places_of(state: State) -> Sequence[int]:
    """The places of the rows that fit, in order."""
    index = index_of_trials()
    mask = index.mask(index.fit(state.chosen))
    return evidence_table().places(mask, state.chosen.get("source", ()), state.order)


def file_of(state: State, media_type: str, *, by_suffix: bool) -> Response:
    """The list as a file.

    :param by_suffix: it is asked for by its name, so for people and their spreadsheets, not by ``Accept``
    :raises UsageError: the parameter ``cells`` is neither safe nor exact
    """
    safe = safe_cells_requested(request.args.get("cells", ""), default=by_suffix)
    table = evidence_table()
    # Unless columns are named: in CSV those of ``trialgraph trials`` that others rely on, elsewhere all.
    names = table.known(state.flat(COLUMNS if media_type == CSV.media_type else every_column()))
    made: Response
    if _unchanged(safe):
        made = Response(status=304)
    elif media_type == CSV.media_type:
        made = Response(
            csv_file(table, table.rows(places_of(state)), names, safe=safe), content_type=CSV.content_type()
        )
        made.headers["X-Trialgraph-Cells"] = "safe" if safe else "exact"
    elif media_type == JSON:
        made = Response(_json(table, table.rows(places_of(state)), names), content_type=JSON)
    elif media_type == XLSX:
        of = about_release()
        query = f"{of.base}trials{_query()}"
        from trialgraph.views.evidence.workbook import workbook  # the library takes 0.2 s to import

        places = places_of(state)
        book = workbook(table, table.rows(places), len(places), names, of, query)
        made = Response(book, content_type=XLSX)
    else:
        of = about_release()
        places = places_of(state)
        entries = as_ris(cited(table, table.rows(places), of, table.sources_of(places)))
        made = Response((entry.encode() for entry in entries), content_type=f"{RIS}; charset=utf-8")
    suffix = next(suffix for suffix, kind in FILES.items() if kind == media_type)
    made.set_etag(_etag(safe))
    made.headers["Cache-Control"] = "no-cache"
    # JSON is read in the browser and by programs; the others are opened by another program.
    return attachment(made, f"trialgraph-trials.{suffix}") if by_suffix and media_type != JSON else made


def attachment(response: Response, filename: str) -> Response:
    """The response, which a browser saves under a name with the short id of the release in it."""
    stem, dot, suffix = filename.rpartition(".")
    name = f"{stem}-{site().release.hash[:12]}{dot}{suffix}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _json(table: Lists, rows: Iterable[ReportRow], names: Sequence[str]) -> Iterator[bytes]:
    """The reports as JSON: each its trial, and the values of the columns as ``trialgraph trials`` gives them."""
    before = "["
    for row in rows:
        record = {"iri": row.trial, "label": row.name, **{name: table.value(row, name) for name in names}}
        yield f"{before}{json.dumps(record, separators=(',', ':'))}".encode()
        before = ","
    yield b"]\n" if before == "," else b"[]\n"


def _query() -> str:
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "cells"]
    return f"?{urlencode(pairs, safe=':,')}" if pairs else ""


def _etag(safe: bool) -> str:
    here = site()
    parts = (
        here.release.hash,
        str(here.release.manifest.get("version", "")),
        request.full_path,
        request.headers.get("Accept", ""),
        here.settings.public_url,
        here.settings.dataset_doi,
        str(safe),
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _unchanged(safe: bool) -> bool:
    return request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(_etag(safe))
