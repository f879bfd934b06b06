"""``/ontology/``: the ontology as a page with an anchor for each term, and its files as Turtle and RDF/XML.

Also its versions (``/releases/<date>/<file>``), and the records of decisions that terms have as their source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.package_data import resource
from trialgraph.base.search_words import SearchTerm, terms_of
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import local
from trialgraph.http.site import site
from trialgraph.rdf.formats import HTML, JSON_LD, MARKDOWN, RDF_XML, SVG, TURTLE, GraphFormat
from trialgraph.rdf.jsonld_context import CONTEXT_FILE, context_document
from trialgraph.rdf.vocabulary import HOME, PREFIXES, expand
from trialgraph.terminology.glossary import FILES, GlossaryEntry, Section, glossary
from trialgraph.terminology.ontology import rdf_xml, triples_of
from trialgraph.views.figures.core_picture import core_svg
from trialgraph.views.search_index import MOST_TERMS, marked

__all__ = ["blueprint", "words_blueprint"]

blueprint = Blueprint("ontology", __name__)
words_blueprint = Blueprint("glossary", __name__)

#: The file of our own terms.
OURS: Final = "trialgraph"
#: The IRIs of the records that terms have as their source.
DECISIONS: Final = HOME + "decisions/"
#: By suffix.
FORMATS: Final = {form.suffix: form for form in (TURTLE, RDF_XML)}
OFFERED: Final = {form.media_type: form for form in FORMATS.values()}
#: The version IRI of this release lay in the namespace of the terms.
FORMER_VERSION: Final = "2026-11-23"


@blueprint.get("/ontology/")
def index() -> Response:
    """The page, or our terms as RDF, by ``Accept``."""
    kind = requested_type((HTML, *OFFERED))
    if kind == HTML:
        return make_response(_page(" ".join(request.args.get("q", "").split())))
    return _file(OURS, OFFERED[kind])


def _page(asked: str) -> str:
    """The sections with their terms; with those alone that fit what is asked for.

    :raises UsageError: it is longer than a search may be
    """
    if len(asked) > site().settings.search_chars:
        raise UsageError("this is too long to be searched for", where="q", hint="give a few words")
    terms, alone = terms_of(asked, MOST_TERMS)
    sections = glossary().sections
    if asked:
        fitting = ((s, tuple(e for e in s.entries if terms and _fits(e, terms))) for s in sections)
        sections = tuple(Section(s.anchor, s.title, entries) for s, entries in fitting if entries)
    return render_template(
        "ontology.html",
        glossary=glossary(),
        files=FILES,
        asked=asked,
        alone=alone,
        sections=sections,
        found=sum(len(section.entries) for section in sections),
        whole=sum(len(section.entries) for section in glossary().sections),
        here=_here,
    )


def _here(href: str) -> str:
    """A link of the glossary: to this server, where it is to a term, a concept or a record of decisions of ours."""
    if (name := href.removeprefix(DECISIONS)) != href:
        return url_for("ontology.decision", name=name)
    return local(href) or href


def _fits(entry: GlossaryEntry, terms: Sequence[SearchTerm]) -> bool:
    # "hasReport" is found by "report", too.
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry.anchor)
    texts = (entry.label, entry.definition, name, entry.curie)
    return all(any(run.marked for text in texts for run in marked(text, (term,))) for term in terms)


@words_blueprint.get("/glossary")
def page() -> str:
    """The special words of the pages, each in a sentence or two."""
    return render_template("glossary.html")


@blueprint.get("/ontology/core.svg")
def picture() -> Response:
    """The core as a class diagram."""
    response = make_response(core_svg())
    response.content_type = SVG
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get(f"/ontology/{CONTEXT_FILE}")
def json_ld_context() -> Response:
    """What the keys of our JSON-LD mean. Every file of ours holds it; this is for JSON-LD that others write."""
    response = make_response(context_document())
    response.content_type = JSON_LD.content_type()
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/ontology/<name>")
def term(name: str) -> Response:
    """A file of the ontology by its suffix; else where a term, or a version of the whole, is described."""
    stem, dot, suffix = name.partition(".")
    if dot and stem in FILES and suffix in FORMATS:
        return _file(stem, FORMATS[suffix])
    former = name == FORMER_VERSION
    anchor = name if name in glossary().anchors() else _scopes_of_lines().get(name)
    if not former and not anchor:
        raise NotFound("the ontology has no such term; /ontology/ lists them")
    return _described(OURS, None if former else anchor)


@cache
def _scopes_of_lines() -> Mapping[str, str]:
    """The scope of each line of a scope, by which the page describes it; both by local name."""
    of_scope = expand("tg:ofScope")
    return {
        _local_name(t.subject): _local_name(t.object)
        for t in triples_of("scopes")
        if t.predicate == of_scope and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)
    }


def _local_name(term: NamedNode) -> str:
    return term.value.removeprefix(PREFIXES["tg"])


@blueprint.get("/releases/<date>/<name>")
def version(date: str, name: str) -> Response:
    """Where a version of a part of the ontology is described: that of this installation only."""
    stem = OURS if name == "ontology" else name
    if date != glossary().version or stem not in FILES or name == OURS:
        raise NotFound("this installation does not have that version; see /ontology/ for the one it has")
    return _described(stem, None)


@blueprint.get("/decisions/<name>")
def decision(name: str) -> Response:
    """A record of a decision, as Markdown."""
    path = resource("decisions") / f"{name}.md"
    if not re.fullmatch(r"\d{4}-[a-z-]+", name) or not path.is_file():
        raise NotFound("there is no such decision record")
    return Response(path.read_bytes(), content_type=f"{MARKDOWN}; charset=utf-8")


def _described(stem: str, anchor: str | None) -> Response:
    """To the page, or to a file as RDF, by ``Accept``."""
    kind = requested_type((HTML, *OFFERED))
    if kind == HTML:
        return make_response(redirect(url_for("ontology.index", _anchor=anchor), 303))
    return make_response(redirect(url_for("ontology.term", name=f"{stem}.{OFFERED[kind].suffix}"), 303))


def _file(stem: str, form: GraphFormat) -> Response:
    content = _content(stem, form)
    response = make_response(content)
    response.content_type = form.content_type()
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


@cache
def _content(stem: str, form: GraphFormat) -> bytes:
    path = resource("ontology") / f"{stem}.ttl"
    try:
        return path.read_bytes() if form is TURTLE else rdf_xml(path)
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph") from error
