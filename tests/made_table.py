"""The graph of a table that a test makes: rows under the headings of the first source."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad

from tests.extract.layout.lines import HEADINGS
from trialgraph.extract.sources import Source
from trialgraph.graph.checks import check_quads
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import quads, summary_quads
from trialgraph.model.report import Report
from trialgraph.pipeline import read_all
from trialgraph.rdf import iris
from trialgraph.release.graphs import ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["MadeTable", "made_table"]


@dataclass(frozen=True)
class MadeTable:
    """A table, its reports and its graph, without what is derived and without the ontology.

    :param quads: facts, provenance, quality, mappings
    """

    source: Source
    reports: tuple[Report, ...]
    quads: frozenset[Quad]

    def without(self, dropped: Quad) -> MadeTable:
        """The same with a triple less."""
        return replace(self, quads=self.quads - {dropped})

    def violations(self) -> set[str]:
        """What the checks find, with all that is derived derived from this."""
        facts = {iris.graph(self.source.slug), iris.graph("quality"), iris.graph("mappings")}
        stated = self.quads | summary_quads(q for q in self.quads if q.graph_name in facts) | ontology_quads()
        found = check_quads(stated | inferred_quads(stated), [self.source])
        return {f"{f.focus} {f.message}" for f in found if f.severity == "violation"}


def made_table(rows: Sequence[str]) -> MadeTable:
    """The graph of a run-together table of these rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.txt"
        path.write_text("\n".join([*HEADINGS.values(), *rows]) + "\n", encoding="utf-8")
        (read,) = read_all((path,))
    made = quads(read.reports, [read.source], lexicon(), read.table.unread)
    derived = {iris.graph("summary"), iris.graph("inferred")}
    return MadeTable(read.source, read.reports, frozenset(q for q in made if q.graph_name not in derived))
