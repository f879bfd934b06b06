"""The values of a registry's record on its trial's page: each leads to its place in the record's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.graph.records.record_lines import place_of
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.record_texts import place_address
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.trial_statements import (
    DisplayValue,
    ReadingLink,
    Sources,
    TrialStatements,
)
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import RDF, TG, expand

__all__ = ["RECORD_ROWS", "field_note", "field_source", "recorded", "results_source"]

Values = Callable[[TrialStatements, str], Iterable[DisplayValue]]

#: Properties whose values are concepts in tables, and the property that has the words of a record.
_IN_WORDS: Final = {
    TG.recruitmentStatus: "recordedRecruitmentStatus",
    TG.masking: "recordedMasking",
    TG.allocation: "recordedAllocation",
    TG.countryCode: "country",
}
#: Properties that say more of a value, and what stands before them.
_NOTES: Final = {
    "recordedRecruitmentStatus": ("lastKnownStatus", "last known: "),
    "recruitmentStatus": ("lastKnownStatus", "last known: "),
    "startDate": ("startDateType", ""),
    "completionDate": ("completionDateType", ""),
    "primaryCompletionDate": ("primaryCompletionDateType", ""),
    "enrolledTotal": ("enrolmentType", ""),
    "sponsor": ("sponsorClass", ""),
}
#: Types of references to a paper with the results of the trial.
_PAPERS: Final = ("derived", "result")


def field_source(stated: TrialStatements, report: str, *names: str, node: str = "") -> Sources:
    """The place in the record of what a report states by the first of these properties that it has.

    :param names: local names
    :param node: IRI of a part of the record; empty: the report itself
    """
    subject = node or report
    for name in names:
        values = [text_of(term) for term in stated.all(subject, expand(f"tg:{name}"))]
        place = _place(stated, report, subject, name) if values else ""
        if place:
            verbatim = spelled_out(", ".join(values))
            link = ReadingLink(place_address(address(report), place), f"in the record at {place}", verbatim)
            return Sources((link,))
    return Sources()


def _place(stated: TrialStatements, report: str, subject: str, name: str) -> str:
    """Where a property of a node stands; empty where the report is of no record, or no field is stated so."""
    mapping = next((stated.text(record, TG.mappingFile) for record in stated.iris(report, TG.fromRecord)), "")
    kinds = [TG.Report] if subject == report else [NamedNode(iri) for iri in stated.iris(subject, RDF.type)]
    for kind in kinds if mapping else ():
        try:
            return place_of(mapping, subject, kind, expand(f"tg:{name}"))
        except KeyError:
            continue
    return ""


def results_source(stated: TrialStatements, report: str) -> Sources:
    """What says how far the results of a record are: posted results, a paper that reports them, else its status."""
    if stated.text(report, expand("tg:hasResults")) == "true":
        return field_source(stated, report, "hasResults")
    for part in _parts(stated, report, "RecordReference"):
        if stated.text(part, expand("tg:recordedType")) in _PAPERS:
            return field_source(stated, report, "recordedType", node=part)
    status = stated.text(report, expand("tg:recordedRecruitmentStatus"))
    first = ("lastKnownStatus",) if status == "unknown" else ()
    return field_source(stated, report, *first, "recordedRecruitmentStatus")


def recorded(stated: TrialStatements, report: str, stated_as: NamedNode) -> Iterator[DisplayValue]:
    """The values of a field of a record in the row of a column of tables; none of another report.

    :param stated_as: the property of the column
    """
    name = _IN_WORDS.get(stated_as, stated_as.value.rpartition("/")[2])
    yield from _field(name)(stated, report)


def field_note(stated: TrialStatements, report: str, name: str) -> str:
    """What a record says further of a value: that a size or a date is an estimate."""
    other, before = _NOTES.get(name, ("", ""))
    words = spelled_out(stated.text(report, expand(f"tg:{other}"))) if other else ""
    return before + words if words else ""


def _field(name: str) -> Values:
    """A row of a property of a record's study."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        sources = field_source(stated, report, name)
        for term in stated.all(report, expand(f"tg:{name}")) if sources else ():
            yield DisplayValue(spelled_out(text_of(term)), "", field_note(stated, report, name), sources)

    return make


def _primary_outcomes(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """Each primary outcome by its measure, with its time."""
    parts = _parts(stated, report, "RecordPrimaryOutcome")
    listed = _parts(stated, report, "RecordOutcome")
    parts += [one for one in listed if stated.text(one, expand("tg:recordedRole")) == "primary"]
    for part in parts:
        measure = spelled_out(stated.text(part, expand("tg:recordedMeasure")))
        time = spelled_out(stated.text(part, expand("tg:recordedTimeFrame")))
        sources = field_source(stated, report, "recordedMeasure", "recordedTimeFrame", node=part)
        yield DisplayValue(measure or time, "", time if measure else "", sources)


def _papers(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """Each paper that the record lists by its number in PubMed, with its type: ``derived``, ``background``."""
    for part in _parts(stated, report, "RecordReference"):
        if number := spelled_out(stated.text(part, expand("tg:recordedPmid"))):
            kind = spelled_out(stated.text(part, expand("tg:recordedType")))
            sources = field_source(stated, report, "recordedPmid", node=part)
            yield DisplayValue(f"PMID {number}", "", kind, sources)


def _parts(stated: TrialStatements, report: str, kind: str) -> list[str]:
    """The parts of a record that are of a class, in their order."""
    of = expand(f"tg:{kind}").value
    return [part for part in stated.iris(report, TG.hasRecordPart) if of in stated.iris(part, RDF.type)]


#: Rows that only records have: what the row is called, the values.
RECORD_ROWS: Final[tuple[tuple[str, Values], ...]] = (
    ("Primary outcomes", _primary_outcomes),
    ("Why stopped", _field("whyStopped")),
    ("Study type", _field("studyType")),
    ("Intervention model", _field("interventionModel")),
    ("Primary purpose", _field("primaryPurpose")),
    ("Sites", _field("numberOfSites")),
    ("Primary completion", _field("primaryCompletionDate")),
    ("First posted", _field("firstPosted")),
    ("Last update posted", _field("lastUpdatePosted")),
    ("Results first posted", _field("resultsFirstPosted")),
    ("Papers", _papers),
)
