"""The values of a report on its trial's page, field by field: which, by what name, and what they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.base.readable import amount, count, doses
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.source_text import in_words, spelled_out
from trialgraph.http.pages.resources.trial.cited_work import cited_work
from trialgraph.http.pages.resources.trial.dose_text import dose_ends, dose_size, dose_unit
from trialgraph.http.pages.resources.trial.trial_context import role_of
from trialgraph.http.pages.resources.trial.trial_statements import DisplayValue, Sources, TrialStatements
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import TG, compact, concept, expand
from trialgraph.terminology.lexicon import lexicon

__all__ = ["DETAILS", "VALUES", "ValueRow", "finding_effect", "plain_rows"]

Values = Callable[[TrialStatements, str], Iterable[DisplayValue]]
#: By column, where a record has in words what no concept covers.
_IN_WORDS: Final = {
    "allocation": expand("tg:recordedAllocation"),
    "countries": expand("tg:country"),
    "masking": expand("tg:recordedMasking"),
    "status": expand("tg:recordedRecruitmentStatus"),
}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row of the table.

    :param key: of the column that the values stand in
    :param always: it stands there even where no report states anything in it
    :param state: why a report states nothing, where the value itself says so
    """

    title: str
    key: str
    values: Values
    always: bool = True
    state: Callable[[TrialStatements, str], str] | None = None


def _phase(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    links = stated.sources(report, "phase")
    for iri in stated.iris(report, TG.phase):
        yield stated.display(iri, links)


def _disease(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for condition in stated.iris(report, TG.condition):
        for iri in stated.iris(condition, TG.disease):
            yield stated.display(iri, stated.sources(condition, "disease"))
        for iri in stated.iris(condition, TG.qualifier):
            yield stated.display(iri, stated.sources(condition, "qualifier", of=iri))
        for iri in stated.iris(condition, TG.site):
            yield stated.display(iri, stated.sources(condition, "site"), "site")
        if not stated.iris(condition, TG.disease):
            yield DisplayValue(
                stated.text(condition, TG.asReported),
                "",
                "not linked",
                stated.sources(condition),
                verbatim=True,
            )


def _cells(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """What is given: cells by their short name, the tissue where the name does not say it, the donor."""
    for product in _products(stated, report):
        links = stated.sources(product)
        for iri in stated.iris(product, TG.cellType):
            yield stated.display(iri, stated.sources(product, "cell_source") or links, short=True)
        types = [lexicon().concept_of(compact(iri)) for iri in stated.iris(product, TG.cellType)]
        implied = {found.curie for one in types if one and (found := lexicon().tissue_of(one))}
        for iri in stated.iris(product, TG.tissueSource):
            if compact(iri) not in implied:
                yield stated.display(iri, links)
        for iri in stated.iris(product, TG.donorType):
            yield stated.display(iri, stated.sources(product, "donor") or links)
        if not stated.iris(product, TG.cellType):
            yield DisplayValue(stated.label(product), address(product), "", links)


def _codes(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for product in _products(stated, report):
        if code := spelled_out(stated.text(product, TG.productCode)):
            yield DisplayValue(code, address(product), "", stated.sources(product, "product_code"))


def _products(stated: TrialStatements, report: str) -> list[str]:
    given = stated.iris(report, TG.hasIntervention)
    return list(dict.fromkeys(iri for one in given for iri in stated.iris(one, TG.ofProduct)))


def _given(name: NamedNode, *reads: str) -> Values:
    """A row of values linked from an intervention."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for given in stated.iris(report, TG.hasIntervention):
            for iri in stated.iris(given, name):
                sources = stated.sources(given, *reads, of=iri) or stated.sources(iri)
                yield stated.display(iri, sources, short=True)

    return make


def _levels(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """The dose levels: as one value where they share all that is said of them, ``1, 2 or 4 × 10⁶ cells/kg``."""
    for given in stated.iris(report, TG.hasIntervention):
        by_unit: dict[str, list[str]] = defaultdict(list)
        for level in stated.iris(given, TG.hasDoseLevel):
            by_unit[dose_unit(stated, level)].append(level)
        for unit, levels in by_unit.items():
            sources = [stated.sources(level, "dose") or stated.sources(level) for level in levels]
            printed = tuple(dict.fromkeys(link for one in sources for link in one.printed))
            flags = tuple(dict.fromkeys(flag for one in sources for flag in one.flags))
            words = doses([dose_ends(stated, level) for level in levels])
            href = address(levels[0]) if len(levels) == 1 else ""
            yield DisplayValue(f"{words} {unit}", href, "", Sources(printed, flags))


def _dose_state(stated: TrialStatements, report: str) -> str:
    states = {
        concept("dose-not-specified").value: "not specified",
        concept("dose-unread").value: "unread",
    }
    given = stated.iris(report, TG.hasIntervention)
    found = (states.get(iri, "") for one in given for iri in stated.iris(one, TG.doseStatus))
    return next(filter(None, found), "")


def _amount(stated: TrialStatements, level: str) -> str:
    """A dose level in words: ``1–2 × 10⁶ cells/kg``."""
    return f"{dose_size(stated, level)} {dose_unit(stated, level)}"


def _count(name: NamedNode, reads: str) -> Values:
    """A row for a number of patients of the report."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for term in stated.all(report, name):
            yield DisplayValue(count(int(text_of(term))), "", "", stated.sources(report, reads))

    return make


def _months(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for term in stated.all(report, TG.followUpMonths):
        number = Decimal(text_of(term))
        unit = "month" if number == 1 else "months"
        yield DisplayValue(f"{amount(number)} {unit}", "", "", stated.sources(report, "follow_up"))


def _registrations(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """The registry numbers that the report is joined to the trial by."""
    row = report.split("/report/")[-1]
    for iri in stated.iris(stated.iri, TG.readFrom):
        reading = stated.readings.get(iri)
        if (
            reading
            and reading["reads"] == "registration"
            and iri.split("/reading/")[-1].startswith(f"{row}/")
        ):
            link = stated.link(iri, reading)
            yield DisplayValue(link.verbatim, "", "", Sources((link,)))


def _references(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for term in stated.all(report, TG.referenceNumber):
        cited = cited_work(stated, report, text_of(term))
        yield DisplayValue(cited.words, cited.href, cited.note, stated.sources(report, "reference"))


def _arms(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """Each arm with its size, by its name where it has one, and what it receives."""
    for arm in stated.iris(report, TG.hasArm):
        name = spelled_out(stated.text(arm, TG.asReported)) or role_of(stated, arm)
        given = stated.iris(arm, TG.receives)
        products = [iri for one in given for iri in stated.iris(one, TG.ofProduct, TG.combinedWith)]
        levels = [level for one in given for level in stated.iris(one, TG.hasDoseLevel)]
        received = ", ".join(
            [*(stated.label(iri) for iri in products), *(_amount(stated, level) for level in levels)]
        )
        note = f"receives {received}" if received else "not stated what it receives"
        size = stated.text(arm, TG.enrolled)
        text = f"{count(int(size)) if size else ''} {name}".strip()
        yield DisplayValue(text, address(arm), note, stated.sources(arm))


def _items(name: NamedNode, about: NamedNode) -> Values:
    """A row of items, each by its concept, else verbatim."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for item in stated.iris(report, name):
            words = spelled_out(stated.text(item, TG.asReported))
            place = "in brackets" if stated.iris(item, TG.listedUnder) else ""
            links = stated.sources(item)
            linked = stated.iris(item, about)
            for iri in linked:
                same = words.casefold() == stated.label(iri).casefold()
                note = ", ".join(filter(None, (place, "" if same else f"“{words}”")))
                yield stated.display(iri, links, note, short=True)
            if not linked:
                yield DisplayValue(words, address(item), place, links, verbatim=True)

    return make


def _findings(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for finding in stated.iris(report, TG.hasFinding):
        about = [
            stated.label(iri) for iri in stated.iris(finding, TG.ofMeasure, TG.valueDirection, TG.benefit)
        ]
        certainty = [
            stated.label(iri) for iri in stated.iris(finding, TG.certainty) if not iri.endswith("/as-stated")
        ]
        months = [f"at {text_of(term)} months" for term in stated.all(finding, TG.atMonths)]
        note = ", ".join([*about, *certainty, *finding_effect(stated, finding), *months])
        yield DisplayValue(
            spelled_out(stated.text(finding, TG.statement)),
            address(finding),
            note,
            stated.sources(finding),
            verbatim=True,
        )


def finding_effect(stated: TrialStatements, finding: str) -> Iterator[str]:
    """The effect of a finding: ``93.3 % (MSC + IFN-γ group) vs 53.3 % (MSC monotherapy group)``."""
    unit = stated.text(finding, TG.effectUnit).removeprefix("1")
    sides = []
    for value, arm, words in (
        (TG.effectValue, TG.inArm, TG.armAsReported),
        (TG.comparatorValue, TG.comparedWith, TG.comparatorAsReported),
    ):
        number = stated.text(finding, value)
        named = [stated.text(iri, TG.asReported) for iri in stated.iris(finding, arm)]
        name = next(filter(None, named), "") or stated.text(finding, words)
        if number:
            sides.append(f"{number} {unit}".strip() + (f" ({spelled_out(name)})" if name else ""))
    baseline = stated.text(finding, TG.baselineValue)
    if sides:
        yield " vs ".join(sides) + (f", from {baseline} {unit}".rstrip() if baseline else "")


def _results(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for iri in stated.iris(report, TG.resultsStatus):
        yield stated.display(iri, stated.sources(report, "results_status"))


#: The rows of every page, in its order.
VALUES: Final = (
    ValueRow("Disease", "disease", _disease),
    ValueRow("Phase", "phase", _phase),
    ValueRow("Cells", "cell-source", _cells),
    ValueRow("Product code", "cell-source", _codes),
    ValueRow("Patients", "patients", _count(TG.enrolledTotal, "n_total")),
    ValueRow("Treated", "patients", _count(TG.enrolledTreatment, "n_treatment")),
    ValueRow("Control", "patients", _count(TG.enrolledControl, "n_control")),
    ValueRow("Dose", "administration", _levels, state=_dose_state),
    ValueRow("Route", "administration", _given(TG.byRoute, "route")),
    ValueRow("Delivery", "administration", _given(TG.deliveryMethod, "method"), always=False),
    ValueRow("Combined with", "administration", _given(TG.combinedWith, "combined_with")),
    ValueRow("Follow-up", "follow-up", _months),
    ValueRow("Mechanism claimed", "mechanism", _items(TG.claimsMechanism, TG.process)),
    ValueRow("Result", "conclusion", _results),
    ValueRow("Registry id", "registration", _registrations),
    ValueRow("Reference", "reference", _references),
)
#: What a page of one report shows in sections of their own.
DETAILS: Final = (
    ValueRow("Arms", "patients", _arms, always=False),
    ValueRow("Planned outcomes", "outcomes", _items(TG.plansOutcome, TG.ofMeasure)),
    ValueRow("Findings", "conclusion", _findings, always=False),
)


def plain_rows() -> Iterator[ValueRow]:
    """A row for each column whose values are stated directly on the report."""
    for column in columns():
        if column.display:
            yield ValueRow(column.display, column.key, _plain(column), always=False)


def _plain(column: ColumnType) -> Values:
    reads = {statement.property: statement.reading for statement in column.statements}
    field = concept(f"field-{column.key}").value

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        several = len(column.shapes) > 1
        for shape in column.shapes:
            name = reads[shape.property]
            held = stated.all(report, shape.property)
            if not held and column.key in _IN_WORDS and field in stated.iris(report, TG.fieldStated):
                for words in stated.all(report, _IN_WORDS[column.key]):
                    yield DisplayValue(text_of(words), "", "not linked", verbatim=True)
            for term in held:
                note = in_words(name) if several else ""
                if isinstance(term, NamedNode):
                    yield stated.display(term.value, stated.sources(report, name, of=term.value), note)
                else:
                    yield DisplayValue(text_of(term), "", note, stated.sources(report, name))

    return make
