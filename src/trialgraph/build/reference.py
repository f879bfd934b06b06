"""The reference part of a graph: what does not depend on single reports, and which each of them is checked with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Quad

from trialgraph.graph.inferred import asked_by_rules
from trialgraph.graph.quads import asked_by_shortcuts, mapping_quads, rule_quads
from trialgraph.model.report import Report
from trialgraph.rdf.lines import sorted_lines
from trialgraph.rdf.serialise import canonical
from trialgraph.rdf.statements import Statement, Term, statements
from trialgraph.release.graphs import labelled_terms, ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["ReferencePart", "reference_quads"]


@dataclass(frozen=True)
class ReferencePart:
    """The reference part as a process that states shards has it: what is made of it once for all of them.

    :param quads: from :func:`reference_quads`
    """

    quads: frozenset[Quad]

    @cached_property
    def lines(self) -> frozenset[bytes]:
        """Its lines in canonical N-Quads."""
        return frozenset(sorted_lines(self.quads))

    @cached_property
    def stated(self) -> Sequence[Statement]:
        """Its statements."""
        return statements(self.lines, self.terms)

    @cached_property
    def terms(self) -> dict[Term, Term]:
        """The terms of its statements, each once."""
        return {}

    @cached_property
    def asked(self) -> tuple[Quad, ...]:
        """What the rules of inference and the shortcuts of trials look at."""
        return tuple({*asked_by_rules(self.quads), *asked_by_shortcuts(self.quads)})

    @cached_property
    def labelled(self) -> frozenset[str]:
        """The terms of other ontologies that have a label, as CURIEs."""
        return labelled_terms(self.quads)


def reference_quads(reports: Iterable[Report], mappings: Iterable[str] = ()) -> frozenset[Quad]:
    """Ontology, module, mappings and the rules of the columns that the reports have; blank nodes by RDFC-1.0.

    :param mappings: the mapping files of the records that are read

    :raises InputError: a file of the installation is missing or does not parse
    """
    stated = ontology_quads() | mapping_quads(lexicon()) | rule_quads(reports, mappings)
    return frozenset(canonical(stated))
