"""The graph of a table that a test makes: rows under the headings of the first source."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from tests.extract.segmentation.lines import HEADINGS
from trialgraph.extract.sources import Source
from trialgraph.graph.checks import check_quads
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import quads, summary_quads
from trialgraph.model.report import Report
from trialgraph.pipeline import read_all
from trialgraph.rdf import iris
from trialgraph.release.graphs import ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["MadeTable", "made_table", "violations_without"]


@dataclass(frozen=True)
class MadeTable:
    """A table, its reports and its graph, without what is derived and without the ontology.

    :param quads: facts, provenance, quality, mappings
    """

    source: Source
    reports: tuple[Report, ...]
    quads: frozenset[Quad]

    def violations(self) -> set[str]:
        """What the checks find, with all that is derived derived from this."""
        return _violations([self])


def _violations(tables: Sequence[MadeTable]) -> set[str]:
    held = frozenset(quad for table in tables for quad in table.quads)
    facts = {
        iris.graph("quality"),
        iris.graph("mappings"),
        *(iris.graph(table.source.slug) for table in tables),
    }
    stated = held | summary_quads(q for q in held if q.graph_name in facts) | ontology_quads()
    found = check_quads(stated | inferred_quads(stated), [table.source for table in tables])
    return {f"{f.focus} {f.message}" for f in found if f.severity == "violation"}


def violations_without(rows: Sequence[str], dropped: Sequence[Quad]) -> list[set[str]]:
    """What the checks find of each of these triples when it gets lost.

    Each is dropped from a copy of the table with trials of its own, and all copies are checked at once, as a check
    takes most of its time for the ontology.

    :param rows: their registry numbers begin with NCT0900
    :param dropped: triples of ``made_table(rows)``
    """
    # What several tables share, such as a drug, is dropped from all.
    shared = {quad for quad in dropped if _copied(str(quad.subject), 0) == str(quad.subject)}
    gone = {quad: quad.subject.value for quad in shared if isinstance(quad.subject, NamedNode)}
    tables = []
    for number, quad in enumerate(dropped):
        table = made_table([_copied(row, number) for row in rows], f"made{number}")
        lines = {_copied(str(one), number) for one in (quad, *gone)}
        left = frozenset(held for held in table.quads if str(held) not in lines)
        assert left < table.quads
        tables.append(replace(table, quads=left))
    found = _violations(tables)
    own = (gone.get(quad, f"/made{number}/") for number, quad in enumerate(dropped))
    return [
        {line for line in found if place in line or f"/{_trials(number)}" in line}
        for number, place in enumerate(own)
    ]


def _trials(number: int) -> str:
    return f"NCT09{number + 1:02}"


def _copied(text: str, number: int) -> str:
    return re.sub(r"\bmade\b", f"made{number}", text).replace("NCT0900", _trials(number))


def made_table(rows: Sequence[str], name: str = "made") -> MadeTable:
    """The graph of a run-together table of these rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.txt"
        path.write_text("\n".join([*HEADINGS.values(), *rows]) + "\n", encoding="utf-8")
        (read,) = read_all((path,))
    made = quads(read.reports, [read.source], lexicon(), [read.table])
    derived = {iris.graph("summary"), iris.graph("inferred")}
    return MadeTable(read.source, read.reports, frozenset(q for q in made if q.graph_name not in derived))
