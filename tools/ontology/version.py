"""The date of the ontology's files: ``python -m tools.ontology.version`` sets today's where their statements changed.

The version of a file is the date in its header. ``ontology/versions.tsv`` has, for each file, that date and the SHA-256
of all that the file states but its own date. The files of a release have one version: where one has changed, all are
dated anew. The bridge, which is no part of a release, has its own. The module's date stands in ``module.toml``, too.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import sys
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from trialgraph.rdf.lines import sorted_lines
from trialgraph.rdf.serialise import canonical
from trialgraph.rdf.vocabulary import DCTERMS, OWL

__all__ = ["FILES", "dated", "digest_of", "faults", "recorded", "table", "version_of"]

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
TABLE: Final = "versions.tsv"
#: The files of a release, and the one that is none.
OF_RELEASE: Final = (
    "trialgraph.ttl",
    "records.ttl",
    "ladder.ttl",
    "alignment.ttl",
    "scopes.ttl",
    "module.ttl",
)
FILES: Final = (*OF_RELEASE, "bridge.ttl")
_IRI: Final = re.compile(r"(owl:versionIRI <\S*/)(\d{4}-\d\d-\d\d)(?=[/>])")
#: The statement that has it: the header.
_HEADER: Final = re.compile(r"^<\S+> a owl:Ontology ;\n(?:[ \t].*\n)+", re.MULTILINE)
_ALSO: Final = re.compile(r'((?:owl:versionInfo|dcterms:issued) ")\d{4}-\d\d-\d\d(?=")')
_OF_MODULE: Final = re.compile(r'^(version = ")\d{4}-\d\d-\d\d(?=")', re.MULTILINE)
_HEAD: Final = (
    "# The date of each file of the ontology, and the SHA-256 of what it states.",
    "file\tversion\tsha256",
)


def version_of(text: str) -> str:
    """The date in the header of a file.

    :raises ValueError: it has none, or several
    """
    found: set[str] = {date for _, date in _IRI.findall(text)}
    if len(found) != 1:
        raise ValueError(f"one owl:versionIRI with a date is wanted, not {len(found)}")
    return found.pop()


def digest_of(text: str) -> str:
    """The SHA-256 of what a file states, but for the date of its header; the order and comments do not count."""
    quads = list(parse(text, format=RdfFormat.TURTLE))
    headers = {quad.subject for quad in quads if quad.predicate == OWL.versionIRI}
    dates = {OWL.versionIRI, OWL.versionInfo, DCTERMS.issued}
    kept = [quad for quad in quads if not (quad.subject in headers and quad.predicate in dates)]
    # in a graph of its own, as blank nodes are named over a whole dataset
    named = canonical(Quad(q.subject, q.predicate, q.object, NamedNode("urn:x")) for q in kept)
    return hashlib.sha256(b"".join(sorted_lines(named))).hexdigest()


def dated(text: str, date: str) -> str:
    """A file with another date in its header.

    :raises ValueError: as :func:`version_of`
    """
    version_of(text)

    def header(found: re.Match[str]) -> str:
        return _ALSO.sub(rf"\g<1>{date}", _IRI.sub(rf"\g<1>{date}", found[0]))

    return _HEADER.sub(header, text)


def recorded(folder: Path = ONTOLOGY) -> dict[str, tuple[str, str]]:
    """The date and the digest of each file, as they were recorded."""
    lines = (folder / TABLE).read_text(encoding="utf-8").splitlines()[len(_HEAD) :]
    return {name: (version, digest) for name, version, digest in (line.split("\t") for line in lines)}


def table(texts: dict[str, str]) -> str:
    """The table of these files."""
    lines = (f"{name}\t{version_of(text)}\t{digest_of(text)}" for name, text in texts.items())
    return "\n".join((*_HEAD, *lines)) + "\n"


def faults(folder: Path = ONTOLOGY) -> list[str]:
    """The files that do not state what was recorded with their date, a line each."""
    known, found = recorded(folder), []
    for name in FILES:
        text = (folder / name).read_text(encoding="utf-8")
        if known.get(name) != (version_of(text), digest_of(text)):
            found.append(f"{name}: changed without a new date; run python -m tools.ontology.version")
    return found


def main(folder: Path = ONTOLOGY, today: str = "") -> int:
    """Date what has changed, and record it; the exit code."""
    date = today or datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    known = recorded(folder) if (folder / TABLE).exists() else {}
    changed = {name for name, text in texts.items() if known.get(name, ("", ""))[1] != digest_of(text)}
    for group in (OF_RELEASE, tuple(name for name in FILES if name not in OF_RELEASE)):
        if changed.intersection(group):
            texts |= {name: dated(texts[name], date) for name in group}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    module = folder / "module.toml"
    text, version = module.read_text(encoding="utf-8"), version_of(texts["module.ttl"])
    module.write_text(_OF_MODULE.sub(rf"\g<1>{version}", text), encoding="utf-8")
    (folder / TABLE).write_text(table(texts), encoding="utf-8")
    print(*(f"{name}: {version_of(text)}" for name, text in texts.items()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
