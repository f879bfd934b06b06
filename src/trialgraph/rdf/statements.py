"""The quads of a graph as terms of lines: what checks look at again and again, without making objects of each term.

A term is what stands in a line of N-Quads. Of equal terms there is one object, so that they are compared and hashed
fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Quad, RdfFormat, parse

from trialgraph.rdf.lines import sorted_lines

__all__ = ["Statement", "Term", "quads_of", "statements", "statements_of"]

#: A term as it stands in a line.
Term = bytes
#: Subject, predicate, object and graph; the graph is empty for the default graph.
Statement = tuple[Term, Term, Term, Term]


def statements(lines: Iterable[bytes], known: dict[Term, Term] | None = None) -> list[Statement]:
    """The statements of some lines of canonical N-Quads.

    :param known: the terms that are there already; gets those that are new
    """
    one = (known if known is not None else {}).setdefault
    made: list[Statement] = []
    last = written = b""
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != written:
            last, written = one(subject, subject), subject
        cut = rest.rfind(b" ", 0, -3)
        graph = rest[cut + 1 : -3]
        if cut < 0 or b'"' in graph or not graph.startswith((b"<", b"_:")):  # no graph: the end of a literal
            value, graph = rest[:-3], b""
        else:
            value = rest[:cut]
        made.append((last, one(predicate, predicate), one(value, value), one(graph, graph)))
    return made


def statements_of(quads: Iterable[Quad]) -> Sequence[Statement]:
    """The statements of some quads."""
    return statements(sorted_lines(quads))


def quads_of(stated: Iterable[Statement]) -> list[Quad]:
    """The quads of some statements."""
    return list(parse(b"".join(b"%s %s %s %s .\n" % one for one in stated), format=RdfFormat.N_QUADS))
