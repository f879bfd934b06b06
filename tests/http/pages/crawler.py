"""A crawler of our own pages, and an HTML page as its links, its targets and its words."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Final, NamedTuple, Self
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from trialgraph.rdf import iris

__all__ = ["HERE", "Crawl", "Kind", "PageParts", "fixed_pages", "kinds_of"]

HERE: Final = "http://localhost/"
LINKS: Final = {
    "a": ("href",),
    "link": ("href",),
    "script": ("src",),
    "img": ("src",),
    "source": ("srcset",),
    "form": ("action",),
    "use": ("href", "xlink:href"),
}
VOID: Final = frozenset({"meta", "link", "input", "br", "img", "hr", "wbr", "source", "col"})
#: What is no prose of ours: code, what is for programs, and the words of sources.
NO_WORDS: Final = frozenset(
    {"code", "pre", "kbd", "samp", "script", "style", "textarea", "template", "bdi", "q", "blockquote"}
)
#: The suffixes by which a thing is given in another form; in other names a dot means nothing.
SUFFIX: Final = re.compile(
    r"\.(bib|css|csv|docx|html|js|json|jsonld|n3|nq|nt|png|rdf|ris|svg|trig|tsv|ttl|xlsx|xml|zip)$"
)
#: How often an address is asked that is not ready yet.
TRIES: Final = 5
#: Attributes that people read or hear.
SPOKEN: Final = ("title", "alt", "aria-label", "placeholder", "summary")


class PageParts(HTMLParser):
    """Links, ids and words of a page.

    :ivar links: as they stand, in their order
    :ivar ids: where a link with ``#`` may lead
    :ivar words: the text of each element that is prose, and of the attributes that are read
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.update(value for name in ("id", "name") if (value := given.get(name)))
        # A form that is sent to where it stands, or by POST, is no link.
        if given.get("method", "get") == "get" and not (tag == "link" and given.get("rel") == "preconnect"):
            self.links += [value for name in LINKS.get(tag, ()) if (value := given.get(name)) is not None]
        if tag not in VOID:
            self._open.append(tag)
        if not NO_WORDS.intersection(self._open):
            self.words += [value for name in SPOKEN if (value := given.get(name))]
            if tag == "meta" and given.get("name") == "description":
                self.words.append(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not NO_WORDS.intersection(self._open):
            self.words.append(data)


class Kind(NamedTuple):
    """What kind of page an address is of.

    :param route: the endpoint of the application, empty where there is none
    :param of: the kind of thing, or the path of a page that there is once
    :param name: of a parameter, empty without parameters
    """

    route: str
    of: str = ""
    suffix: str = ""
    name: str = ""


def kinds_of(app: Flask, address: str) -> frozenset[Kind]:
    """What kinds of page an address is of, one for each of its parameters: their combinations are many."""
    parts = urlsplit(address)
    try:
        endpoint, values = app.url_map.bind("localhost").match(parts.path)
    except RequestRedirect:
        return frozenset({Kind("redirect", parts.path)})
    except HTTPException:
        return frozenset({Kind("", parts.path)})
    suffix = SUFFIX.search(parts.path)
    of = values.get("kind") or (parts.path if not values or endpoint == "static" else "")
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} or {""}
    return frozenset(Kind(endpoint, of, suffix[1] if suffix else "", name) for name in names)


def fixed_pages(app: Flask) -> Iterator[str]:
    """The addresses of the routes whose only parameter, if any, is one of a few words: what a person could type."""
    for rule in app.url_map.iter_rules():
        listed = re.search(r"<any\(([^)]*)\):\w+>", rule.rule)
        words = re.findall(r"[\w.-]+", listed[1]) if listed else [""]
        if "GET" in (rule.methods or ()) and len(rule.arguments) == bool(listed):
            yield from (HERE.rstrip("/") + re.sub(r"<any.*?>", word, rule.rule) for word in words)


@dataclass
class Crawl:
    """A walk over the pages from the first one on, as far as links lead.

    :param most: how many addresses of a kind are visited, the first that are met
    :ivar pages: address -> the page
    :ivar dead: what leads nowhere, each with the page that it is on and what came back
    :ivar kinds: how many addresses of each kind were visited
    """

    app: Flask
    most: Callable[[Kind], int]
    pages: dict[str, PageParts] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)

    def run(self, starts: Iterable[str] = (HERE,)) -> Self:
        """Visit the pages that can be reached from some."""
        waiting = deque((start, "the start") for start in dict.fromkeys(starts))
        seen = {start for start, _ in waiting}
        anchors: set[tuple[str, str, str]] = set()
        while waiting:
            address, by = waiting.popleft()
            kinds = kinds_of(self.app, address)
            if all(self.kinds[kind] >= self.most(kind) for kind in kinds):
                continue
            self.kinds.update(kinds)
            for link in self._links(address, by):
                whole, anchor = urldefrag(urljoin(address, link))
                if (
                    anchor and "=" not in anchor
                ):  # what a script reads, such as #query=…, is no place on the page
                    anchors.add((whole, anchor, address))
                if whole.startswith(iris.base()):
                    self.dead.append(f"leads away from this server: {link} on {address}")
                elif whole.startswith(HERE) and whole not in seen:
                    seen.add(whole)
                    waiting.append((whole, address))
        for whole, anchor, address in sorted(anchors):
            if whole in self.pages and anchor not in self.pages[whole].ids:
                self.dead.append(f"no #{anchor} at {whole} on {address}")
        self.dead = list(dict.fromkeys(self.dead))
        return self

    def _links(self, address: str, by: str) -> Sequence[str]:
        """The links of a page, or where it redirects to; an error is noted."""
        accepts = {"Accept": "text/html,*/*;q=0.5"}
        path = address.removeprefix(HERE.rstrip("/"))
        for _ in range(TRIES):
            with self.app.test_client().get(path, headers=accepts) as reply:
                if reply.status_code != HTTPStatus.SERVICE_UNAVAILABLE:  # a busy machine is no dead link
                    return self._read(address, by, reply)
        self.dead.append(f"503 {address} on {by}")
        return ()

    def _read(self, address: str, by: str, reply: Response) -> Sequence[str]:
        if reply.status_code >= HTTPStatus.BAD_REQUEST:
            self.dead.append(f"{reply.status_code} {address} on {by}")
            return ()
        if target := reply.headers.get("Location"):
            return (target,)
        text = reply.get_data(as_text=True) if reply.mimetype == "text/html" else ""
        page = self.pages[address] = PageParts(text)
        return page.links
