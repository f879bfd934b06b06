"""Mapping between IRIs and URLs of this server: the page of an IRI, and the IRI of a request."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from flask import request, url_for
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import UsageError
from trialgraph.base.escaping import web_link
from trialgraph.rdf import iris
from trialgraph.rdf.formats import DOCUMENT_FORMATS
from trialgraph.rdf.vocabulary import HOME, TERMS, compact

__all__ = [
    "DOCUMENTS",
    "address",
    "kind_of",
    "local",
    "outside",
    "page_number",
    "requested_iri",
    "sent_path",
    "split_suffix",
]

#: Ontology documents, each an IRI of its own, with its versions below it.
DOCUMENTS: Final = ("module", "records", "ladder", "alignment", "scopes")
#: Kinds under the vocabulary's home, which stays where it is whatever the base of data IRIs.
AT_HOME: Final = frozenset({"concept", "ontology", *DOCUMENTS})
SUFFIXES: Final = ("html", *(form.suffix for form in DOCUMENT_FORMATS))


def kind_of(iri: str) -> str:
    """The first part of the path of an IRI of ours: ``trial``, ``cell`` …; empty for any other."""
    for space in dict.fromkeys((iris.base(), HOME)):
        if iri.startswith(space):
            kind = iri.removeprefix(space).partition("/")[0]
            # Nothing but words: from <base>/elsewhere.example would else come an address of another host.
            if kind and kind.replace("-", "").isalnum() and (space == iris.base() or kind in AT_HOME):
                return kind
    return ""


def local(iri: str) -> str:
    """The path on this server of an IRI that is ours; empty for any other."""
    if not kind_of(iri):
        return ""
    space = iris.base() if iri.startswith(iris.base()) else HOME
    return f"{request.script_root}/{iri.removeprefix(space)}"


def address(iri: str, *, known: bool = False) -> str:
    """Where a link to an IRI leads: to its page here, where it has one, else to itself; empty if that is no http(s).

    :param known: the release describes it, so that an external term has its page here too
    """
    if here := local(iri):
        return here
    curie = compact(iri)
    if known and curie.partition(":")[0] in TERMS:
        return url_for("resources.term", curie=curie)
    return outside(iri)


def outside(iri: str) -> str:
    """The IRI itself, where a browser may follow it."""
    return web_link(iri)


def requested_iri() -> str:
    """The IRI of ours whose path was requested, in the spelling that :func:`trialgraph.rdf.iris.encode` gives.

    The path is taken as it was sent, since ``%2F`` within a part is no slash between two.

    :raises NotFound: the path is no UTF-8
    """
    kind, *parts = sent_path().split("/")
    try:
        spelled = [iris.encode(unquote(part, errors="surrogatepass")) for part in parts]
    except UnicodeDecodeError:
        raise NotFound("the path is not valid UTF-8") from None
    return (HOME if kind in AT_HOME else iris.base()) + "/".join([kind, *spelled])


def sent_path() -> str:
    """The requested path below the application's root, still encoded, without its first slash."""
    raw = str(request.environ.get("REQUEST_URI", ""))
    path = urlsplit(raw).path if "://" in raw.partition("?")[0] else raw.partition("?")[0]
    root = quote(request.script_root)
    path = path.removeprefix(root) if root else path
    # A server in between may have rewritten what was sent: then what the application was given counts.
    if unquote(path) != request.path:
        path = quote(request.path)
    return path.lstrip("/")


def page_number() -> int:
    """The page of a list that the request asks for, from 1.

    :raises UsageError: it is none
    """
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal()) or len(text) > 6 or int(text) < 1:
        raise UsageError("this is not a page number", where="page", hint="give a number from 1")
    return int(text)


def split_suffix(iri: str) -> tuple[str, str]:
    """The IRI without the suffix of a format, and the suffix; ``("", "")`` where it has none."""
    stem, dot, suffix = iri.rpartition(".")
    return (stem, suffix) if dot and suffix in SUFFIXES and not stem.endswith("/") else ("", "")
