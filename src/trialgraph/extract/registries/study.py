"""A record's facts to a report: the parts that a row of a table has too, from the fields that state them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from trialgraph.extract.columns.disease import read_conditions
from trialgraph.extract.columns.outcomes import RULE_OF, read_outcomes
from trialgraph.extract.columns.registration import read_registrations
from trialgraph.extract.registries.facts import record_facts
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.extract.registries.numbers.links import record_links
from trialgraph.extract.registries.plain_values import read_plain_values
from trialgraph.extract.registries.prose import Prose, read_prose
from trialgraph.extract.registries.prose.cells import names_cells_alone
from trialgraph.extract.registries.record_cell import cell_of
from trialgraph.extract.registries.states import record_states
from trialgraph.model.reading import Reading, read
from trialgraph.model.record import (
    Layer,
    PartialDate,
    Problem,
    RecordFact,
    RecordReport,
    RegistryRecord,
    TrialLink,
    facts_by_property,
)
from trialgraph.model.report import (
    Condition,
    Curation,
    PhaseStatus,
    PlainValue,
    PlannedOutcome,
    Registration,
    ResultsStatus,
)
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["read_record", "record_report"]

By = Mapping[tuple[str, str], Sequence[RecordFact]]

_PHASES: Final = ("0", "early 1", "1", "2", "3", "4")
_STATUS: Final[Mapping[str, ResultsStatus]] = {
    "active not recruiting": "ongoing",
    "enrolling by invitation": "ongoing",
    "not yet recruiting": "ongoing",
    "recruiting": "ongoing",
    "suspended": "suspended",
    "terminated": "terminated",
    "withdrawn": "withdrawn",
}
#: Only these say that a paper reports the trial; one in the background may be about anything.
_REPORTS: Final = frozenset({"derived", "result"})
#: Names of conditions and measures are no longer; a longer text is kept as a fact, and is not looked up.
_LONGEST: Final = 1_000
_OUTCOMES: Final = ("primary-outcome", "secondary-outcome", "other-outcome", "outcome")


def read_record(
    source: str, raw: RawRecord, layers: Iterable[Layer] = ("core",), decisions: Sequence[Curation] = ()
) -> tuple[RecordReport, list[Problem]]:
    """The report of a record that can be read, and the values in it that cannot.

    :param source: slug of the source
    :param decisions: those of reviewers on its links
    """
    wanted: set[Layer] = {"core", *layers}
    found = record_facts(raw.mapping, raw.value, [*wanted, "words"])
    version = next((fact.value for fact in found.facts if fact.line.predicate == "dataVersion"), None)
    record = RegistryRecord(
        registry=field_mapping(raw.mapping).registry,
        identifier=raw.identifier,
        data_version=version if isinstance(version, PartialDate) else None,
        file=raw.file,
        line=0 if raw.member else raw.line,
        member=raw.member,
        sha256=raw.sha256,
        scheme=raw.scheme,
        base=raw.base,
        row=raw.row,
        header=raw.header,
        copy_of=raw.copy_of,
        mapping=raw.mapping,
    )
    problems = [
        Problem(
            record.where,
            record.identifier,
            wrong.reason,
            f"{_field(record, raw.mapping, place)}: {wrong.what}",
            "no value is taken from it",
        )
        for place, wrong in found.problems
    ]
    problems += [
        Problem(record.where, record.identifier, "unclear", f"{name}: {why}", "no value is taken from it")
        for name, why in raw.unclear
    ]
    stated = [fact for fact in found.facts if fact.line.layer in wanted]
    made = record_report(source, record, stated, found.facts, decisions)
    decided = tuple(link.decision for link in made.links if link.decision)
    return replace(made, unknown=tuple(sorted(found.unknown.items())), curations=decided), problems


def _field(record: RegistryRecord, mapping: str, place: str) -> str:
    """What a reader of the file knows the place by: of a flat format, the name of its field."""
    line = field_mapping(mapping).lines.get(place)
    if line is None or record.scheme == "pointer":
        return place
    return (
        (line.who if record.is_who else "") or (line.csv if record.scheme == "csv" else line.element) or place
    )


def record_report(
    source: str,
    record: RegistryRecord,
    facts: Sequence[RecordFact],
    words: Sequence[RecordFact],
    decisions: Sequence[Curation] = (),
) -> RecordReport:
    """The report of a record.

    :param facts: those of the record that are stated, in its order; ``words``: with the texts that values are read from
    :param decisions: those of reviewers on its links
    """
    by = facts_by_property(facts)
    prose = read_prose(record, facts_by_property(words))
    phase, phase_status, phase_concept = _phase(by)
    links = record_links(record.identifier, facts, decisions)
    registrations = tuple(_registrations(record, by, links))
    conditions, outcomes = _conditions(record, by), tuple(_outcomes(record, by))
    values = read_plain_values(record, by)
    readings, results = _readings(prose, registrations, conditions, outcomes, values), _results_status(by)
    return RecordReport(
        source=source,
        record=record,
        facts=tuple(facts),
        readings=readings,
        registration=registrations[0] if registrations else None,
        registrations=registrations,
        phase=phase,
        phase_status=phase_status,
        phase_concept=phase_concept,
        products=prose.products,
        conditions=conditions,
        n_total=_number(by, "enrolledTotal"),
        n_treatment=prose.n_treatment,
        n_control=prose.n_control,
        arms=prose.arms,
        interventions=(prose.intervention,),
        follow_up=prose.follow_up,
        mechanisms=(),
        outcomes=outcomes,
        findings=(),
        results_status=results,
        results_reading=None,
        reference=None,
        states=record_states(by, readings, phase_status, results_status=results),
        prose=tuple(dict.fromkeys(reading.cell for reading in readings)),
        links=links,
        values=values,
    )


def _readings(
    prose: Prose,
    registrations: Sequence[Registration],
    conditions: Sequence[Condition],
    outcomes: Sequence[PlannedOutcome],
    values: Mapping[str, Sequence[PlainValue]],
) -> tuple[Reading, ...]:
    made = [
        *(registration.reading for registration in registrations),
        *(reading for stated in conditions for reading in (stated.reading, *stated.beside)),
        *(outcome.reading for outcome in outcomes),
        *(value.reading for held in values.values() for value in held),
        *prose.readings,
    ]
    return tuple(dict.fromkeys(made))


def _phase(by: By) -> tuple[str | None, PhaseStatus, Concept | None]:
    names = [str(fact.value) for fact in by.get(("study", "registeredPhase"), ())]
    if not names:
        return None, "not stated", None
    if names == ["not applicable"]:
        return None, "not applicable", None
    if len(names) > 2 or any(name not in _PHASES for name in names):
        return None, "unread", None
    code = "/".join(sorted(set(names), key=_PHASES.index))
    mention = lexicon().lookup("phase", "Early Phase 1" if code == "early 1" else f"Phase {code}")
    # Of "3/4", which the EU's register has, there is no concept: the words of the field say it.
    return (code, "stated", mention.concept) if mention else (None, "unread", None)


def _registrations(record: RegistryRecord, by: By, links: Sequence[TrialLink]) -> Iterator[Registration]:
    """The record's own number, then those that it says are of the same trial."""
    for fact in (*by.get(("study", "registration"), ())[:1], *(link.stated for link in links)):
        yield from read_registrations(cell_of(record, fact, "registration"))


def _conditions(record: RegistryRecord, by: By) -> tuple[Condition, ...]:
    """The conditions as the record words them; where no word of them is known, its terms of MeSH.

    Cells that a record lists beside its diseases are what it gives, and no condition; its words stay a fact.
    """
    made = list(_read_conditions(record, by.get(("study", "conditionAsReported"), ())))
    if any(condition.disease for condition in made):
        made = [one for one in made if one.disease or not names_cells_alone(one.as_reported)]
    else:
        terms = _read_conditions(record, by.get(("condition-mesh", "term"), ()))
        made = [condition for condition in terms if condition.disease] or made
    return tuple(made)


def _read_conditions(record: RegistryRecord, facts: Iterable[RecordFact]) -> Iterator[Condition]:
    known: set[str] = set()
    for fact in (fact for fact in facts if len(str(fact.value)) <= _LONGEST):
        for condition in read_conditions(cell_of(record, fact, "disease").in_normal_form()):
            name = condition.disease.id if condition.disease else condition.as_reported
            if name not in known:
                known.add(name)
                yield condition


def _number(by: By, name: str) -> int | None:
    value = next((fact.value for fact in by.get(("study", name), ())), None)
    return value if isinstance(value, int) else None


def _outcomes(record: RegistryRecord, by: By) -> Iterator[PlannedOutcome]:
    """One outcome for each entry; its words where no concept covers all of them."""
    for kind in _OUTCOMES:
        for fact in by.get((kind, "measure"), ()):
            cell = cell_of(record, fact, "outcomes").in_normal_form()
            text = cell.text or ""
            found = read_outcomes(cell) if len(text) <= _LONGEST else ()
            if len(found) == 1 and not found[0].analytes:
                yield found[0]
            elif text:
                words = " ".join(text.split())
                yield PlannedOutcome(None, read(cell, "outcome", (0, len(text)), words, RULE_OF["item"]))


def _results_status(by: By) -> ResultsStatus | None:
    """What is known of results: published only where the registry has them, or names a paper that reports them."""
    if any(fact.value is True for fact in by.get(("study", "hasResults"), ())):
        return "published"
    if any(fact.value in _REPORTS for fact in by.get(("reference", "type"), ())):
        return "published"
    words = [str(fact.value) for fact in by.get(("study", "recruitmentStatus"), ())]
    if words == ["unknown"]:
        words = [str(fact.value) for fact in by.get(("study", "lastKnownStatus"), ())]
    return _STATUS.get(words[0]) if words else None
