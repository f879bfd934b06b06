"""The reports of a trial as columns: those of reviews first, then those of records, each with a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from trialgraph.base.readable import day
from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.trial_statements import DisplayValue, TrialStatements
from trialgraph.rdf.vocabulary import DCTERMS, TG, compact
from trialgraph.views.names import Name, name_of

__all__ = ["Essential", "ReportColumn", "essentials", "report_columns"]


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A report.

    :param name: what it is called on this page: ``Review``, ``Review 2``, ``ClinicalTrials.gov``
    :param registry: whose record it is of; empty where it is of a row
    :param as_of: of a record the date of the registry's state of it, of a row that of its source
    :param report: its own page
    :param source: the page of its source
    :param citation: how the source is cited; empty where that is not known
    :param table: number of the table in the source
    :param documents: CURIE and address of the source's documents
    :param place: where it stands: its row, or the record
    :param number: of the row; empty of a record
    """

    iri: str
    name: str
    registry: str
    as_of: str
    report: DisplayValue
    source: DisplayValue
    citation: str
    table: str
    documents: tuple[tuple[str, str], ...]
    place: DisplayValue
    number: str

    @property
    def record(self) -> bool:
        """Whether it is of a registry's record, not of a row."""
        return bool(self.registry)


@dataclass(frozen=True, slots=True)
class Essential:
    """A value of the line that says what a trial is.

    :param of: the reports that state it, where another one states otherwise
    """

    name: Name
    of: str = ""


def report_columns(stated: TrialStatements) -> tuple[ReportColumn, ...]:
    """The reports: those of rows in the order of their sources, then those of records, the latest state first."""
    found = [_column(stated, iri) for iri in stated.iris(stated.iri, TG.hasReport)]
    rows = [one for one in found if not one.record]
    rows.sort(key=lambda one: one.source.href)
    records = sorted((one for one in found if one.record), key=lambda one: one.as_of, reverse=True)
    records.sort(key=lambda one: one.name)
    return (*_numbered(rows), *_told_apart(records))


def _numbered(rows: Sequence[ReportColumn]) -> list[ReportColumn]:
    if len(rows) < 2:
        return list(rows)
    return [replace(one, name=f"{one.name} {n}") for n, one in enumerate(rows, start=1)]


def _told_apart(records: Sequence[ReportColumn]) -> list[ReportColumn]:
    """Records of one registry by their date, else by their number, else by their source."""
    made = list(records)
    ways: tuple[Callable[[ReportColumn], str], ...] = (
        lambda one: day(one.as_of),
        lambda one: one.place.text,
        lambda one: one.source.text,
    )
    for words in ways:
        told = {name: {words(one) for one in made if one.name == name} for name in {one.name for one in made}}
        made = [
            replace(one, name=f"{one.name}, {words(one)}") if len(told[one.name]) > 1 and words(one) else one
            for one in made
        ]
    return made


def _column(stated: TrialStatements, report: str) -> ReportColumn:
    source = next(iter(stated.iris(report, TG.fromSource)), "")
    row = next(iter(stated.iris(report, TG.fromRow)), "")
    record = next(iter(stated.iris(report, TG.fromRecord)), "")
    number, line = stated.text(row, TG.rowNumber), stated.text(row, TG.lineNumber)
    registry = next(iter(stated.iris(record, TG.inRegistry)), "")
    documents = stated.iris(source, DCTERMS.source)
    if record:
        words = f"record {stated.text(record, DCTERMS.identifier)}"
        place = DisplayValue(words, f"{address(report)}#record")
    else:
        place = DisplayValue(
            f"row {number}, line {line}", f"{address(source)}#row-{number}" if source else ""
        )
    name = "Review" if not record else stated.label(registry) if registry else "Registry"
    return ReportColumn(
        iri=report,
        name=name,
        registry=name if record else "",
        as_of=stated.text(record, TG.asOf) if record else stated.text(source, DCTERMS.issued)[:7],
        report=DisplayValue(stated.label(report), address(report)),
        source=stated.display(source) if source else DisplayValue("source not stated"),
        citation=spelled_out(stated.text(source, DCTERMS.bibliographicCitation)),
        table=stated.text(source, TG.tableNumber),
        documents=tuple((compact(iri), outside(iri)) for iri in documents if outside(iri)),
        place=place,
        number=number,
    )


def essentials(stated: TrialStatements, reports: Sequence[ReportColumn]) -> list[Essential]:
    """Phase, donor, route, and how far the trial is; where reports state other values, each with its report.

    Of the states of a record the latest counts.
    """
    latest: dict[str, str] = {}
    for report in reports:
        latest[report.registry] = max(report.as_of, latest.get(report.registry, ""))
    reports = [one for one in reports if not one.record or one.as_of == latest[one.registry]]
    made: list[Essential] = []
    for values in (_phases, _donors, _routes, _results):
        of: dict[tuple[str, ...], list[str]] = {}
        for report in reports:
            if found := tuple(sorted(values(stated, report.iri))):
                of.setdefault(found, []).append(report.name)
        for found, names in of.items():
            by = " and ".join(names) if len(of) > 1 else ""
            made += [Essential(_named(stated, iri), by) for iri in found]
    return made


def _phases(stated: TrialStatements, report: str) -> list[str]:
    return stated.iris(report, TG.phase)


def _donors(stated: TrialStatements, report: str) -> list[str]:
    given = stated.iris(report, TG.hasIntervention)
    products = dict.fromkeys(iri for one in given for iri in stated.iris(one, TG.ofProduct))
    return _each(stated, products, TG.donorType)


def _routes(stated: TrialStatements, report: str) -> list[str]:
    return _each(stated, stated.iris(report, TG.hasIntervention), TG.byRoute)


def _results(stated: TrialStatements, report: str) -> list[str]:
    return stated.iris(report, TG.resultsStatus)


def _each(stated: TrialStatements, subjects: Sequence[str] | dict[str, None], name: NamedNode) -> list[str]:
    return list(dict.fromkeys(iri for subject in subjects for iri in stated.iris(subject, name)))


def _named(stated: TrialStatements, iri: str) -> Name:
    label = stated.label(iri)
    return name_of(iri, label[:1].lower() + label[1:] if label[1:2].islower() else label)
