"""A graph without a defect, made of the sample of two rows, for tests that break it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from tests.graph_samples import reports, tables
from tests.sample_table import LEXICON, RULE, sample_source
from trialgraph.base.settings import DEFAULTS
from trialgraph.graph.description import describer
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import quads, summary_quads
from trialgraph.model.report import Report
from trialgraph.rdf import iris
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.write import write_release

__all__ = ["DERIVED", "META", "derived_anew", "made", "sound"]

DERIVED = {iris.graph(name) for name in ("summary", "inferred")}
META = iris.graph("meta")


def made(*given: Report) -> frozenset[Quad]:
    """All graphs of the sample but ``meta``."""
    stated = quads(given or reports(), [sample_source()], LEXICON, tables(), [RULE]) | ontology_quads()
    return stated | inferred_quads(stated)


@cache
def sound() -> frozenset[Quad]:
    """A release of the sample, ``meta`` included."""
    stated, source = made(), sample_source()
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(
            stated,
            describe=describer(stated, [source], DEFAULTS),
            releases=Path(folder),
            read=[source],
            settings=DEFAULTS,
        )
        files = [release.file(name) for name in ("dataset.nq", "meta.nq")]
        return frozenset(q for file in files for q in parse(path=str(file), format=RdfFormat.N_QUADS))


def derived_anew(graph: frozenset[Quad]) -> frozenset[Quad]:
    """The graph with the summary and the inferred types that follow from the rest of it."""
    stated = frozenset(quad for quad in graph if quad.graph_name not in DERIVED)
    facts = iris.graph("sample-table"), iris.graph("quality"), iris.graph("mappings")
    summary = summary_quads(quad for quad in stated if quad.graph_name in facts)
    return stated | summary | inferred_quads(stated)
