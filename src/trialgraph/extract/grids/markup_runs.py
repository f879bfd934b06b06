"""Inline markup of HTML and JATS to runs: what a reader sees of an element, line breaks where it begins a new line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.entities import html5
from typing import Any, Final

from lxml import etree

from trialgraph.extract.grids.cell_text import Run, Script

__all__ = ["local", "runs_of", "xpath"]

_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "tr",
        "table",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "figure",
        "figcaption",
        "caption",
        "list",
        "list-item",
        "def-list",
        "def-item",
        "disp-formula",
        "disp-quote",
        "title",
        "fn",
        "break",
        "br",
        "hr",
        "address",
        "center",
    ]
)
_NEVER: Final = frozenset(["script", "style", "template", "noscript", "head", "button", "select", "textarea", "iframe", "object", "svg", "video", "audio", "tex-math", "graphic", "inline-graphic", "media", "object-id", "annotation", "annotation-xml"])  # fmt: skip  # noqa: E501 - one pattern
_SUPER: Final = frozenset({"sup"})
_SUB: Final = frozenset({"sub"})
_NOTE_LINKS: Final = frozenset({"fn", "table-fn"})
_REFERENCES: Final = frozenset({"bibr"})
_CLASS_SUPER: Final = re.compile(r"(?:^|[\s_-])(?:sup|superscript)(?:$|\s)", re.IGNORECASE)
_STYLE_SUPER: Final = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE)
_STYLE_SUB: Final = re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN_CLASS: Final = re.compile(
    r"(?:^|\s)(?:sr-only|visually-hidden|visuallyhidden|screen-reader-text|u-visually-hidden)(?:\s|$)"
)
_NOTE_TARGET: Final = re.compile(r"#.*(?:fn|foot|note|tfn|tblfn|TF\d)", re.IGNORECASE)
_REFERENCE_TARGET: Final = re.compile(
    r"#.*(?:^#(?:B|R|CR|ref|bib|cit|b|r)[-_]?\d|bibr|ref-CR|cite|reference|bib\d)", re.IGNORECASE
)
_SHORT: Final = 12

Hidden = Callable[[str], None]


def local(node: Any) -> str:
    """The name of an element without its namespace, in small letters; empty for comments and the like."""
    tag = node.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def runs_of(
    node: Any,
    hidden: Hidden = lambda _: None,
    skip: Callable[[Any], bool] = lambda _: False,
    script: Script = "plain",
) -> Iterator[Run]:
    """The runs of an element's content.

    :param hidden: told the text of what is not shown
    :param skip: whether a descendant is left out
    """
    if node.text:
        yield Run(_spaces(node.text, node), script)
    for child in node:
        yield from _of_child(child, hidden, skip, script)
        if child.tail:
            yield Run(_spaces(child.tail, node), script)


def _of_child(child: Any, hidden: Hidden, skip: Callable[[Any], bool], script: Script) -> Iterator[Run]:
    if child.tag is etree.Entity:
        yield Run(html5.get(child.name + ";", child.text or ""), script)
        return
    name = local(child)
    if not name or name in _NEVER or skip(child):
        return
    if _is_hidden(child):
        hidden(" ".join("".join(child.itertext()).split()))
        return
    if name == "img":
        yield Run(child.get("alt") or "", script)
    elif name in ("br", "break", "hr"):
        yield Run("\n")
    elif name == "msup" and len(child) > 1:
        yield from runs_of(child[0], hidden, skip, script)
        yield from runs_of(child[1], hidden, skip, "super")
    elif name in _BLOCKS:
        yield Run("\n")
        yield from runs_of(child, hidden, skip, script)
        yield Run("\n")
    else:
        if name in ("td", "th"):
            yield Run(" ")
        yield from runs_of(child, hidden, skip, _script(child, name, script))


def _spaces(text: str, node: Any) -> str:
    """White space of a source as a space: there a line break says nothing, but in preformatted text."""
    return text if local(node) == "pre" else re.sub(r"[ \t\r\n\f]+", " ", text)


def _is_hidden(node: Any) -> bool:
    style = node.get("style") or ""
    if node.get("hidden") is not None or (style and _HIDDEN.search(style)):
        return True
    if node.get("aria-hidden") == "true" and local(node) in ("svg", "i", "use"):
        return True
    return bool(_HIDDEN_CLASS.search(node.get("class") or ""))


def _script(node: Any, name: str, script: Script) -> Script:
    if name in _SUPER:
        return script if script in ("mark", "citation", "reference") else "super"
    if name in _SUB:
        return "sub"
    if name == "xref":
        return _of_link(node, script, node.get("ref-type") or "")
    if name == "a" and (target := node.get("href") or ""):
        kind = "fn" if _NOTE_TARGET.search(target) else "bibr" if _REFERENCE_TARGET.search(target) else ""
        return _of_link(node, script, kind)
    style, classes = node.get("style") or "", node.get("class") or ""
    if _STYLE_SUPER.search(style) or (name == "span" and _CLASS_SUPER.search(classes)):
        return "super"
    if _STYLE_SUB.search(style):
        return "sub"
    return script


def _of_link(node: Any, script: Script, kind: str) -> Script:
    """A raised link to a note is a mark, one to a reference a citation; others are what they look like."""
    is_raised = script == "super" or any(local(child) == "sup" for child in node)
    text = "".join(node.itertext()).strip()
    if kind in _NOTE_LINKS and len(text) < _SHORT and (is_raised or len(text) < 4):
        return "mark"
    if kind in _REFERENCES:
        return "citation" if is_raised else "reference"
    return script


def xpath(node: Any, cache: dict[Any, str]) -> str:
    """The XPath 1.0 of an element; linear in the size of the document with one cache for all of its elements.

    :param cache: paths that are known; filled for the siblings of each element that is asked for
    """
    if node in cache:
        return cache[node]
    parent = node.getparent()
    above = xpath(parent, cache) if parent is not None else ""
    counts: dict[str, int] = {}
    siblings = list(parent) if parent is not None else [node]
    steps = []
    for one in siblings:
        if isinstance(one.tag, str):
            step = (
                f"*[local-name()='{one.tag.rpartition('}')[2]}']"
                if "}" in one.tag or ":" in one.tag
                else one.tag
            )
            counts[step] = counts.get(step, 0) + 1
            steps.append((one, step, counts[step]))
    for one, step, at in steps:
        cache[one] = f"{above}/{step}[{at}]" if counts[step] > 1 else f"{above}/{step}"
    return cache[node]
