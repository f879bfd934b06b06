"""The core of the ontology as a picture: a class diagram in SVG, drawn from what ``trialgraph.ttl`` states.

A box for each class with its properties, an arrow for each property that leads to a class of the core. The same
ontology gives the same bytes; docs/pictures/core.svg is this, and ``/ontology/core.svg``. Inside a page its names are
links, and its colours those of the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, RDFS, SCHEMA, SVG_SPACE, TG, compact
from trialgraph.terminology.ontology import triples_of

__all__ = ["Box", "boxes", "core_svg"]

# Measures in pixels; the width of a character of a monospaced font is 0.6 of its size.
_SIZE: Final = 13
_CHARACTER: Final = _SIZE * 0.6
_LINE: Final = 20
_MARGIN: Final = 16
_PAD: Final = 10
_GAP_X: Final = 70
_GAP_Y: Final = 24
_INK: Final = "#1b1b1b"
_BLUE: Final = "#0072b2"
_GREY: Final = "#5a5a5a"
#: How each part is painted: in a file of its own, and by classes of the page that it stands in.
_ALONE: Final = {
    "arrow": f'fill="none" stroke="{_BLUE}" stroke-width="1.5"', "head": f'fill="{_BLUE}"',
    "box": f'fill="#ffffff" stroke="{_INK}"', "ink": f'fill="{_INK}"', "leads": f'fill="{_BLUE}"',
    "kinds": f'fill="{_GREY}"',
}  # fmt: skip
_INSIDE: Final = {part: f'class="core-{part}"' for part in _ALONE}

#: Where a name in the picture leads, and the query there: from the name of its class and the CURIE of the property,
#: which is empty for the class itself.
Link = Callable[[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class BoxLine:
    """A property in the box of a class.

    :param to: the class of the core that it leads to; empty: a value
    :param term: CURIE of the property
    """

    text: str
    to: str = ""
    term: str = ""


@dataclass(slots=True)
class Box:
    """A class of the core.

    :param kinds: its subclasses, which have no box of their own
    """

    name: str
    kinds: list[str] = field(default_factory=list)
    rows: list[BoxLine] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The text under the name."""
        kinds = [f"kinds: {', '.join(self.kinds)}"] if self.kinds else []
        return [*kinds, *(row.text for row in self.rows)]

    @property
    def width(self) -> float:
        """Of the box, in pixels."""
        return round(max(len(line) for line in (self.name, *self.lines)) * _CHARACTER + 2 * _PAD, 1)

    @property
    def height(self) -> int:
        """Of the box, in pixels."""
        return (len(self.lines) + 1) * _LINE + _PAD


def boxes(triples: Iterable[Triple], labels: Mapping[NamedNode, str]) -> dict[str, Box]:
    """The classes of the core that are no subclass of another one, with the core's properties, by name.

    :param triples: of ``trialgraph.ttl``
    :param labels: of terms of others
    """
    from trialgraph.release.core import core_members  # it makes releases, which a server does not

    stated: dict[NamedNode, dict[NamedNode, list[NamedNode]]] = defaultdict(lambda: defaultdict(list))
    triples = sorted(triples, key=str)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            stated[triple.subject][triple.predicate].append(triple.object)
    members = sorted(core_members(triples), key=str)
    classes = [m for m in members if OWL.Class in stated[m][RDF.type]]
    made: dict[str, Box] = {}
    of: dict[NamedNode, str] = {}  # a subclass has the box of its superclass
    for term in classes:
        above = [c for c in stated[term][RDFS.subClassOf] if c in classes]
        of[term] = _name(above[0] if above else term)
        box = made.setdefault(of[term], Box(of[term]))
        if above:
            box.kinds.append(_name(term))
    for term in members:
        if term in classes:
            continue
        for domain in (*stated[term][RDFS.domain], *stated[term][SCHEMA.domainIncludes]):
            box = made.setdefault(of.get(domain, _name(domain)), Box(of.get(domain, _name(domain))))
            ranges = (*stated[term][RDFS.range], *stated[term][SCHEMA.rangeIncludes])
            box.rows += [_row(term, target, of, labels) for target in ranges]
    return made


def _row(
    term: NamedNode, target: NamedNode, of: Mapping[NamedNode, str], labels: Mapping[NamedNode, str]
) -> BoxLine:
    if target in of:
        return BoxLine(f"{_name(term)} → {_name(target)}", of[target], compact(term.value))
    if target.value.startswith(PREFIXES["xsd"]):
        return BoxLine(f"{_name(term)}: {_name(target)}", term=compact(term.value))
    shown = f"{labels[target]} ({compact(target.value)})" if target in labels else compact(target.value)
    return BoxLine(f"{_name(term)} → {shown}", term=compact(term.value))


def _name(term: NamedNode) -> str:
    """The local name of a term of ours or of a datatype, the CURIE of another one."""
    for prefix in ("tg", "xsd"):
        if term.value.startswith(PREFIXES[prefix]):
            return term.value.removeprefix(PREFIXES[prefix])
    return compact(term.value)


def core_svg(link: Link | None = None) -> str:
    """The picture of the installed ontology.

    :param link: for a picture inside a page, whose names lead somewhere
    :raises InputError: a file of the installation is missing or malformed
    """
    return _drawn(_boxes_of_core(), link)


@cache
def _boxes_of_core() -> Mapping[str, Box]:
    labels = {
        t.subject: getattr(t.object, "value", "")
        for t in triples_of("module")
        if t.predicate == RDFS.label and isinstance(t.subject, NamedNode)
    }
    return boxes(triples_of("trialgraph"), labels)


def _columns(found: Mapping[str, Box], first: str) -> list[list[Box]]:
    """The boxes by their distance from the first one; what no arrow leads to stands in the second column."""
    distance = {first: 0}
    pending = [first]
    while pending:
        name = pending.pop(0)
        for row in found[name].rows:
            if row.to and row.to not in distance:
                distance[row.to] = distance[name] + 1
                pending.append(row.to)
    columns: dict[int, list[Box]] = defaultdict(list)
    # In the order in which the search met them, which is that of the rows that lead there.
    for name in (*distance, *(name for name in found if name not in distance)):
        columns[distance.get(name, 1)].append(found[name])
    return [columns[n] for n in sorted(columns)]


def _drawn(found: Mapping[str, Box], link: Link | None) -> str:
    paint = _INSIDE if link else _ALONE
    place: dict[str, tuple[float, float]] = {}
    columns = _columns(found, TG.Trial.value.removeprefix(PREFIXES["tg"]))
    x: float = _MARGIN
    for column in columns:
        y: float = _MARGIN
        for box in column:
            place[box.name] = x, y
            y += box.height + _GAP_Y
        x += max(box.width for box in column) + _GAP_X
    width = round(x - _GAP_X + _MARGIN)
    height = max(
        sum(box.height for box in column) + _GAP_Y * (len(column) - 1) + 2 * _MARGIN for column in columns
    )
    arrows = [line for box in found.values() for line in _arrows(box, place, paint)]
    shapes = [line for box in found.values() for line in _shape(box, *place[box.name], paint, link)]
    head = _head_inside(width, height) if link else _head(width, height, found)
    return "\n".join((*head, *arrows, *shapes, "</svg>")) + "\n"


def _marker(paint: Mapping[str, str]) -> str:
    return (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" {paint["head"]}/></marker></defs>'
    )


def _head_inside(width: int, height: int) -> Sequence[str]:
    return (
        f'<svg class="core" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group"'
        f' font-size="{_SIZE}"'
        ' aria-label="The classes and properties of the core">',
        _marker(_INSIDE),
    )


def _head(width: int, height: int, found: Mapping[str, Box]) -> Sequence[str]:
    words = ". ".join(f"{box.name}: {', '.join(box.lines)}" for box in found.values())
    return (
        f'<svg xmlns="{SVG_SPACE}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="title words" font-family="monospace" font-size="{_SIZE}">',
        '<title id="title">The core of the trialgraph ontology</title>',
        f'<desc id="words">{escape(words)}.</desc>',
        _marker(_ALONE),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    )


def _arrows(box: Box, place: Mapping[str, tuple[float, float]], paint: Mapping[str, str]) -> Iterable[str]:
    x, y = place[box.name]
    start = x + box.width
    for n, line in enumerate(box.lines):
        row = next((row for row in box.rows if row.text == line and row.to), None)
        if row is None:
            continue
        end, top = place[row.to]
        at, to = y + (n + 1.5) * _LINE + _PAD / 2, top + _LINE / 2 + _PAD / 2
        bend = (start + end) / 2
        yield (
            f'<path d="M{start:.1f} {at:.1f}C{bend:.1f} {at:.1f} {bend:.1f} {to:.1f} {end:.1f} {to:.1f}"'
            f' {paint["arrow"]} marker-end="url(#head)"/>'
        )


def _shape(box: Box, x: float, y: float, paint: Mapping[str, str], link: Link | None) -> Iterable[str]:
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height}" rx="4" {paint["box"]}/>'
    )
    title = _text(box.name, x, y, 0, f'{paint["ink"]} font-weight="bold"')
    yield _linked(title, link(box.name, "")) if link else title
    terms = {row.text: row for row in box.rows}
    for n, line in enumerate(box.lines, 1):
        row = terms.get(line)
        part = "kinds" if row is None else "leads" if row.to else "ink"
        drawn = _text(line, x, y, n, paint[part])
        yield _linked(drawn, link(box.name, row.term)) if link and row else drawn


def _text(line: str, x: float, y: float, n: int, paint: str) -> str:
    at = y + (n + 0.5) * _LINE + _PAD / 2 + _SIZE * 0.35
    return f'<text x="{x + _PAD:.1f}" y="{at:.1f}" {paint}>{escape(line)}</text>'


def _linked(drawn: str, to: tuple[str, str]) -> str:
    href, query = to
    return f'<a href="{escape(href)}" data-query="{escape(query)}">{drawn}</a>'
