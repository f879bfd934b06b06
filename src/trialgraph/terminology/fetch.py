"""Download of ontology releases: rebuilds the module from them. The only step of a build that uses the network.

Each ontology with an address in ``ontology/module.toml`` is downloaded (https, limited in size and time) and its
terms replace those in the module; ontologies without an address stay as they are.
"""

from __future__ import annotations

import re
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import IO, Final
from urllib.error import HTTPError

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.package_data import resource
from trialgraph.base.replace_file import replacing
from trialgraph.base.settings import Settings
from trialgraph.rdf.vocabulary import OWL, compact
from trialgraph.terminology.https_only import check_https, https_opener
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.module import (
    Terms,
    extract,
    from_obo,
    from_rdf,
    in_use,
    ontology_of,
    rdf_form,
    recipe,
    turtle,
)

__all__ = ["fetch"]

_CHUNK: Final = 1 << 20


def fetch(
    names: Sequence[str] = (),
    *,
    mirror: str | None = None,
    target: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    settings: Settings | None = None,
) -> dict[str, str]:
    """Download ontologies and rebuild the module.

    :param names: which ones, as in the recipe (MONDO, CL, …); by default all that have an address
    :param mirror: an address under which the files lie by their names, instead of the recipe's addresses
    :param target: where the module is written; by default the one that builds read
    :param settings: the limits ``fetch_bytes`` and ``fetch_seconds``; None: those of the environment
    :returns: of each ontology that was fetched, its release
    :raises UsageError: an unknown name, an address that is not https, or a file that cannot be written
    :raises InputError: no network, an answer that is no such file, or one that is too large
    """
    settings = settings or Settings.load()
    about = recipe()["ontology"]
    selected = _selected(names)
    module = resource("ontology") / "module.ttl"
    terms, releases = from_rdf(module), _releases(module)
    with tempfile.TemporaryDirectory() as folder:
        for name in selected:
            address = _address(about[name]["purl"], mirror)
            progress(f"fetching {name} from {address}")
            path = Path(folder) / Path(urllib.parse.urlsplit(about[name]["purl"]).path).name
            _download(address, path, settings)
            found, version = _read(path)
            own = {node for node in found if ontology_of(compact(node.value)) == name}
            if not own:
                raise InputError(
                    f"there is no term of {name} in it", where=address, hint="nothing was changed"
                )
            terms = {node: t for node, t in terms.items() if ontology_of(compact(node.value)) != name}
            terms |= {node: found[node] for node in own}
            releases[name] = version or "not stated"
    _write(target or module, turtle(extract(terms, in_use(lexicon())), releases))
    return {name: releases[name] for name in selected}


def _selected(names: Sequence[str]) -> list[str]:
    about = recipe()["ontology"]
    known = [name for name in about if "purl" in about[name]]
    for name in names:
        if name not in known:
            raise UsageError(f"no ontology {name!r} to fetch", hint=f"choose from {' '.join(known)}")
    return list(names) or known


def _releases(module: Path) -> dict[str, str]:
    """Of each ontology the release that the module states, else that of the recipe."""
    about = recipe()["ontology"]
    by_iri = {NamedNode(about[name]["iri"]): name for name in about}
    made = {name: about[name]["release"] for name in about}
    for quad in ox.parse(path=module, format=ox.RdfFormat.TURTLE):
        name = by_iri.get(quad.subject) if isinstance(quad.subject, NamedNode) else None
        if name and quad.predicate == OWL.versionInfo and isinstance(quad.object, Literal):
            made[name] = quad.object.value
    return made


def _address(purl: str, mirror: str | None) -> str:
    address = f"{mirror.rstrip('/')}/{purl.rpartition('/')[2]}" if mirror else purl
    check_https(address)
    return address


def _download(address: str, path: Path, settings: Settings) -> None:
    most, seconds = settings.fetch_bytes, settings.fetch_seconds
    opener = https_opener()
    try:
        with opener.open(address, timeout=seconds) as answer, path.open("wb") as file:
            for chunk in _chunks(answer):
                if file.tell() + len(chunk) > most:
                    raise InputError(
                        f"it is larger than {most} bytes", where=address, hint="raise TRIALGRAPH_FETCH_BYTES"
                    )
                file.write(chunk)
            length = answer.headers.get("Content-Length")
            if length and int(length) != file.tell():
                raise HTTPException("the answer was cut short")
    except (OSError, HTTPException) as error:
        if isinstance(error, HTTPError):
            error.close()  # it is an open answer, too
        why = getattr(error, "reason", None) or error
        hint = "nothing was changed; try again with a network"
        raise InputError(f"it cannot be fetched ({why})", where=address, hint=hint) from error


def _chunks(answer: IO[bytes]) -> Iterator[bytes]:
    while chunk := answer.read(_CHUNK):
        yield chunk


def _read(path: Path) -> tuple[Terms, str]:
    """The terms of a downloaded file, by its suffix, and its release."""
    if path.suffix == ".obo":
        terms, version = from_obo(path)
    else:
        terms, version = from_rdf(path), _owl_version(path)
    dated = re.search(r"\d{4}-\d\d-\d\d", version)
    return terms, dated[0] if dated else version


def _owl_version(path: Path) -> str:
    found = {
        quad.predicate: quad.object.value
        for quad in ox.parse(path=path, format=rdf_form(path))
        if quad.predicate in (OWL.versionIRI, OWL.versionInfo)
        and isinstance(quad.object, NamedNode | Literal)
    }
    return found.get(OWL.versionInfo) or found.get(OWL.versionIRI) or ""


def _write(path: Path, content: bytes) -> None:
    try:
        with replacing(path) as aside:
            aside.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"it cannot be written ({error.strerror})", where=str(path), hint="choose another file with -o"
        ) from error
