"""How the dataset and its trials are cited: ``/dataset.bib``, ``/dataset.ris``, ``/trial/….bib``, ``/trial/….ris``.

The addresses in them are the public one of the settings, whatever address a request came by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from trialgraph.http.pages.links import requested_iri
from trialgraph.http.pages.trials.downloads import attachment
from trialgraph.http.pages.trials.index import about_release, evidence_table
from trialgraph.rdf.formats import BIBTEX, RIS
from trialgraph.views.evidence.about import dataset_reference, source_reference, trial_reference
from trialgraph.views.evidence.citations import Reference, as_bibtex, as_ris
from trialgraph.views.evidence.gather import cited

__all__ = ["blueprint"]

blueprint = Blueprint("citations", __name__)

WRITERS: Final = {"bib": (as_bibtex, BIBTEX), "ris": (as_ris, RIS)}
_SUFFIXES: Final = ",".join(WRITERS)


@blueprint.get(f"/dataset.<any({_SUFFIXES}):suffix>")
def dataset(suffix: str) -> Response:
    """The release, and the sources that are to be cited with it."""
    of = about_release()
    return _file(
        [dataset_reference(of), *(source_reference(one, of) for one in of.sources)], suffix, "trialgraph"
    )


@blueprint.get(f"/trial/<path:rest>.<any({_SUFFIXES}):suffix>", merge_slashes=False)
def trial(rest: str, suffix: str) -> Response:
    """The page of a trial in this release, and the papers and records behind it."""
    iri = requested_iri().removesuffix(f".{suffix}")
    table, of = evidence_table(), about_release()
    rows = table.of_trial(iri)
    if not rows:
        raise NotFound(f"this release has no trial {rest[:200]}")
    slugs = dict.fromkeys(table.text(row, "source") for row in rows)
    references = [trial_reference(rows[0].name, iri, of), *cited(table, rows, of, slugs)]
    return _file(references, suffix, f"trialgraph-{iri.rpartition('/trial/')[2].replace('/', '-')}")


def _file(references: Sequence[Reference], suffix: str, stem: str) -> Response:
    writer, media_type = WRITERS[suffix]
    response = Response("".join(writer(references)), content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return attachment(response, f"{stem}.{suffix}")
