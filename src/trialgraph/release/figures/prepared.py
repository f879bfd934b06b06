"""The figures of a release: drawn when it is written, of the answers that were prepared, and found again by their rows.

A picture is used for the rows, words and links that it was drawn of and for no others: the index has the digest of what
the drawing process was asked for. A figure that is not there, not as it was written or of other rows is drawn when it
is asked for. How wide a text is depends on the fonts of the machine, so the pictures are not the same on any two.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from trialgraph.base.errors import WorkerFailed
from trialgraph.base.settings import Settings
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text_of
from trialgraph.release.answers.write import ANSWERS
from trialgraph.release.figures.figure import FIGURES, Drawn, Figure, Row, draw_figures, request_of
from trialgraph.release.lists.addresses import list_path
from trialgraph.release.lists.facets import NONE
from trialgraph.release.open import Release, sha256_of
from trialgraph.release.publish import write

__all__ = ["FOLDER", "drawn_before", "figures_fault", "links_of", "write_figures"]

#: The folder of the figures, and the member of the manifest with the checksums of its files.
FOLDER: Final = "figures"
INDEX: Final = "index.json"
SUFFIXES: Final = (".svg", ".narrow.svg", ".png")

log = logging.getLogger(__name__)


def links_of(figure: Figure, rows: Sequence[Row], known: Mapping[str, Collection[str]]) -> list[str]:
    """For each row the address of the trials behind it, below the root of the site.

    :param known: the values of each facet
    """
    if not figure.facets:
        return [f"/{row['trial'].removeprefix(iris.base())}" for row in rows]
    # "not stated" is no value of a facet, but the lack of one
    return [
        list_path({f: (row[c] if row[c] in known[f] else NONE,) for f, c in figure.facets.items()})
        for row in rows
    ]


def write_figures(folder: Path, known: Mapping[str, Collection[str]], settings: Settings) -> dict[str, str]:
    """Draw the figures whose questions have a prepared answer.

    :param folder: of the release, whose answers are there
    :param known: the values of each facet
    :param settings: ``figure_marks``, ``drawing_seconds``
    :return: SHA-256 of each file by its name; empty where nothing was drawn
    :raises OSError: the disk is full …
    """
    requests: dict[str, str] = {}
    for figure in FIGURES:
        rows = _rows(folder / ANSWERS / f"{figure.question}.json")
        if 0 < len(rows) <= settings.figure_marks:
            requests[figure.slug] = request_of(figure, rows, links_of(figure, rows, known))
    drawn = _drawn(requests, settings.drawing_seconds)
    if not drawn:
        return {}
    place = folder / FOLDER
    place.mkdir()
    digests = {}
    for slug, one in drawn.items():
        for suffix, content in zip(SUFFIXES, (one.svg.encode(), one.narrow.encode(), one.png), strict=True):
            write(place / f"{slug}{suffix}", content)
            digests[f"{slug}{suffix}"] = hashlib.sha256(content).hexdigest()
    index = (json.dumps({slug: _digest(requests[slug]) for slug in drawn}, indent=1) + "\n").encode()
    write(place / INDEX, index)
    return {**digests, INDEX: hashlib.sha256(index).hexdigest()}


def _drawn(requests: Mapping[str, str], seconds: float) -> dict[str, Drawn]:
    """The pictures by the names of their figures, without those that cannot be drawn.

    :param seconds: the most time that a picture may take
    """
    if not requests:
        return {}
    try:
        made = draw_figures(list(requests.values()), seconds * len(requests))
        return dict(zip(requests, made, strict=True))
    except WorkerFailed as error:
        if len(requests) > 1:  # one of them is to blame, so each by itself
            return {
                slug: one
                for name in requests
                for slug, one in _drawn({name: requests[name]}, seconds).items()
            }
        log.warning("the figure %s is left out of the release: %s", *requests, error.what)
        return {}


def _rows(answer: Path) -> list[Row]:
    """The rows of a prepared answer; none where there is no such answer."""
    if not answer.is_file():
        return []
    found = parse_query_results(path=str(answer), format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return []
    names = [variable.value for variable in found.variables]
    return [{name: text_of(solution[name]) for name in names} for solution in found]


def _digest(request: str) -> str:
    return hashlib.sha256(request.encode("utf-8", "surrogatepass")).hexdigest()


def drawn_before(release: Release, figure: Figure, request: str) -> Drawn | None:
    """The picture of a figure, where the release has it of these rows and as it was written.

    :param request: what would be drawn
    """
    digests, place = release.manifest.get(FOLDER, {}), release.path / FOLDER
    if not digests:
        return None
    contents: list[bytes] = []
    for name in (INDEX, *(f"{figure.slug}{suffix}" for suffix in SUFFIXES)):
        if name not in digests:
            return None
        try:
            content = (place / name).read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() != digests[name]:
            log.warning(
                "release %s: %s/%s is missing or not as it was built: the figure is drawn instead; make the release "
                "again with: trialgraph build",
                *(release.path.name[:12], FOLDER, name),
            )
            return None
        contents.append(content)
    index, svg, narrow, png = contents
    if json.loads(index).get(figure.slug) != _digest(request):
        return None
    return Drawn(svg.decode(), narrow.decode(), png)


def figures_fault(release: Release) -> str:
    """In which way the figures of a release are not those of its manifest; empty where they are."""
    return next(_faults(release), "")


def _faults(release: Release) -> Iterator[str]:
    for name, digest in sorted(release.manifest.get(FOLDER, {}).items()):
        path = release.path / FOLDER / name
        if not path.is_file():
            yield f"its file {name} is missing"
        elif sha256_of(path) != digest:
            yield f"its file {name} is not as it was written"
