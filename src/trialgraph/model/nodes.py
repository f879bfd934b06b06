"""The IRIs of one report's nodes, shared by what is stated of them in several graphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Condition, DoseLevel, Intervention, Product, TrialReport
from trialgraph.model.table import Cell
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import expand
from trialgraph.terminology.lexicon import Concept

__all__ = ["Nodes", "contested", "term"]


def term(concept: Concept) -> NamedNode:
    """What stands in the data for a concept: the exact external term, else the local concept."""
    return expand(concept.curie)


def contested(reports: tuple[TrialReport, ...]) -> frozenset[str]:
    """Codes (as slugs) for which reports state different donors: their products are kept apart by donor."""
    donors: dict[str, set[str]] = {}
    for report in reports:
        for product in report.products:
            if product.code and product.donor:
                donors.setdefault(iris.code_slug(product.code), set()).add(product.donor)
    return frozenset(code for code, stated in donors.items() if len(stated) > 1)


@dataclass(frozen=True)
class Nodes:
    """One report and the IRIs of what it is made of.

    :param name: what its trial is called (:mod:`trialgraph.model.trial_names`); empty where nothing is said of that
    """

    report: TrialReport
    contested: frozenset[str]
    name: str = ""

    @cached_property
    def iri(self) -> NamedNode:
        """The report itself."""
        return iris.report(self.report.source, self.report.locator)

    @cached_property
    def trial(self) -> NamedNode:
        """The trial it is about."""
        if self.report.registration:
            return iris.trial(self.report.trial_key)
        return iris.trial(self.report.source, self.report.locator)

    @cached_property
    def label(self) -> str:
        """``<source> row <n>``, for the labels of the report's parts."""
        return self.report.label

    @cached_property
    def intervention(self) -> NamedNode:
        """What is given: the first of several."""
        return iris.intervention(self.report.source, self.report.locator)

    @cached_property
    def interventions(self) -> tuple[tuple[NamedNode, Intervention], ...]:
        """All that is given."""
        further = range(2, len(self.report.interventions) + 1)
        made = (self.intervention, *(self.numbered("further_intervention", n) for n in further))
        return tuple(zip(made, self.report.interventions, strict=True))

    @cached_property
    def conditions(self) -> tuple[tuple[NamedNode, Condition], ...]:
        """The conditions."""
        return tuple(
            (self.numbered("condition", n), c) for n, c in enumerate(self.report.conditions, start=1)
        )

    @cached_property
    def dose_levels(self) -> tuple[tuple[NamedNode, NamedNode, DoseLevel], ...]:
        """Each intervention with each of its dose levels, which are numbered through the report."""
        given = [(node, dose) for node, made in self.interventions for dose in made.doses]
        return tuple((node, self.numbered("dose", n), dose) for n, (node, dose) in enumerate(given, start=1))

    @cached_property
    def co_treatments(self) -> tuple[tuple[NamedNode, int, Concept | None, Reading], ...]:
        """Each intervention with the drugs that it is combined with, which are numbered through the report."""
        given = [(node, *drug) for node, made in self.interventions for drug in made.combined_with]
        return tuple((node, n, concept, reading) for n, (node, concept, reading) in enumerate(given, start=1))

    @cached_property
    def _texts(self) -> dict[Cell, str]:
        """The texts of a record by what they are called: those of one field are numbered, in a row there is one."""
        report = self.report
        return {
            cell: f"{cell.key}-{n}"
            for n, cell in enumerate(report.prose if isinstance(report, RecordReport) else (), start=1)
        }

    @cached_property
    def readings(self) -> dict[Reading, NamedNode]:
        """Every reading that the report or a part of it or a conflict of it rests on, numbered by name."""
        numbers: dict[str, int] = {}
        made: dict[Reading, NamedNode] = {}
        for reading in self._all_readings():
            if reading not in made:
                n = numbers[reading.name] = numbers.get(reading.name, 0) + 1
                made[reading] = iris.reading(self.report.source, self.report.locator, reading.name, n)
        return made

    def cell(self, cell: Cell) -> NamedNode:
        """The IRI of a cell of this report's row, or of a text of its record."""
        return iris.cell(self.report.source, self.report.locator, self._texts.get(cell, cell.key))

    def numbered(self, mint: str, n: int) -> NamedNode:
        """The ``n``-th part of a kind, by the name of its function in :mod:`trialgraph.rdf.iris`."""
        made: NamedNode = getattr(iris, mint)(self.report.source, self.report.locator, n)
        return made

    def analyte(self, n: int, k: int) -> NamedNode:
        """The ``k``-th outcome in the brackets behind the ``n``-th one."""
        return iris.analyte(self.report.source, self.report.locator, n, k)

    def product(self, n: int, product: Product) -> NamedNode:
        """The ``n``-th product of the report.

        A coded one is shared between reports unless they contradict each other about its donor; so is one of a
        concept, apart by what the reports give it as: a biologic in one of them and a drug in another are two.
        """
        if product.concept and product.kind and product.kind != "cells":
            shared: NamedNode = getattr(iris, product.kind)(product.concept.id.partition(":")[2])
            return shared
        if product.code is None or isinstance(self.report, RecordReport):
            # Records are read one after the other: whether another one contradicts is not known in time.
            return iris.own_product(self.report.source, self.report.locator, n)
        apart = iris.code_slug(product.code) in self.contested
        return iris.product(product.code, product.donor if apart else None)

    def drug(self, n: int, concept: Concept | None) -> NamedNode:
        """A drug of a concept is shared; words that no concept covers stay with their report."""
        if concept is None:
            return iris.own_drug(self.report.source, self.report.locator, n)
        return iris.drug(concept.id.partition(":")[2])

    def own_readings(self) -> Iterator[Reading]:
        """What the report or a part of it rests on; some come twice."""
        report = self.report
        yield from report.readings
        if report.registration:
            yield report.registration.reading
        yield from (condition.reading for condition in report.conditions)
        if report.results_reading:
            yield report.results_reading
        given = report.interventions
        parts = (
            report.products,
            report.arms,
            report.doses,
            report.outcomes,
            report.mechanisms,
            report.findings,
        )
        for part in parts:
            yield from (item.reading for item in part)
        yield from (analyte.reading for item in report.outcomes for analyte in item.analytes)
        yield from (reading for f in report.findings if f.effect for reading in f.effect.readings)
        for pairs in (
            *(one.routes for one in given),
            *(one.methods for one in given),
            report.combined_with,
            report.follow_up,
            report.follow_up_bounds,
        ):
            yield from (reading for _, reading in pairs)

    def _all_readings(self) -> Iterator[Reading]:
        yield from self.own_readings()
        for conflict in self.report.conflicts:
            yield from conflict.competing
