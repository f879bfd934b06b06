"""The statements about a trial and its parts, with the readings behind each value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.http.lookup import Rows, iri_of, select_each, select_rows
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.source_text import in_words, spelled_out
from trialgraph.http.protocol.descriptions import PARTS
from trialgraph.http.site import site
from trialgraph.query.results import Term
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import DCTERMS, RDFS, TG, compact, concept
from trialgraph.views.flags import Flag, flag_of
from trialgraph.views.names import Name, name_of

__all__ = ["DisplayValue", "ReadingLink", "Sources", "TrialStatements", "conflict_anchor", "read_statements"]

#: What is known of a reading.
READING: Final = ("reads", "verbatim", "concept", "cell", "start", "overruled", "report", "node")
#: The parts of a record that the page shows or leads to.
RECORD_PARTS: Final = ("tg:RecordPrimaryOutcome", "tg:RecordOutcome", "tg:RecordReference")
#: Fields of entered values whose readings have another name.
ENTERED: Final = {"follow_up_months": "follow_up"}


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """A link to a reading that a value rests on.

    :param words: what was read from what
    :param verbatim: the printed words
    :param used: no other reading or reviewer's value is used in its place
    """

    href: str
    words: str
    verbatim: str
    used: bool = True


@dataclass(frozen=True, slots=True)
class Sources:
    """What a value rests on: its readings, and the flags that stand at it."""

    printed: tuple[ReadingLink, ...] = ()
    flags: tuple[Flag, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.printed or self.flags)


@dataclass(frozen=True, slots=True)
class DisplayValue:
    """A value of a report.

    :param note: what else is known of it
    :param verbatim: the text is the words of the source
    :param long: what a short name stands for
    """

    text: str
    href: str = ""
    note: str = ""
    sources: Sources = Sources()
    verbatim: bool = False
    long: str = ""


@dataclass
class TrialStatements:
    """The statements about a trial and its parts."""

    iri: str
    triples: dict[str, dict[str, list[Term]]]
    labels: dict[str, str] = field(default_factory=dict)
    readings: dict[str, dict[str, str]] = field(default_factory=dict)
    curations: dict[str, dict[str, str]] = field(default_factory=dict)

    def all(self, subject: str, *names: NamedNode) -> list[Term]:
        """The values of properties, one after the other, each in the order of their IRIs or texts."""
        held = self.triples.get(subject, {})
        return [term for name in names for term in sorted(held.get(name.value, ()), key=_order)]

    def iris(self, subject: str, *names: NamedNode) -> list[str]:
        """Likewise, those that are IRIs."""
        return [term.value for term in self.all(subject, *names) if isinstance(term, NamedNode)]

    def text(self, subject: str, name: NamedNode) -> str:
        """The first value as text."""
        return next((text_of(term) for term in self.all(subject, name)), "")

    def label(self, iri: str) -> str:
        """What a node is called."""
        return self.text(iri, RDFS.label) or self.labels.get(iri) or compact(iri)

    def display(
        self, iri: str, sources: Sources = Sources(), note: str = "", *, short: bool = False
    ) -> DisplayValue:
        """A node by its label, leading to its page.

        :param short: by its short clinical name, where it has one
        """
        name = name_of(iri, self.label(iri)) if short else Name(self.label(iri))
        return DisplayValue(name.short, address(iri, known=iri in self.labels), note, sources, long=name.long)

    def sources(self, subject: str, *reads: str, of: str = "") -> Sources:
        """The readings of some names that a node was read from, and the flags of its value.

        :param of: only those that gave this concept, or that are overruled
        """
        printed, held = [], []
        for iri in self.iris(subject, TG.readFrom):
            reading = self.readings.get(iri)
            if reading is None or (reads and reading["reads"] not in reads):
                continue
            if of and reading["concept"] != of and not reading["overruled"]:
                continue
            held.append(reading)
            printed.append(self.link(iri, reading))
        printed.sort(key=lambda link: not link.used)
        flags = (*self._entered(subject, reads), *self._conflicts(held))
        return Sources(tuple(printed), tuple(dict.fromkeys(flags)))

    def link(self, iri: str, reading: dict[str, str]) -> ReadingLink:
        """The link to a reading."""
        verbatim = spelled_out(reading["verbatim"])
        words = f"{in_words(reading['reads'])}, read from “{verbatim}”"
        return ReadingLink(address(iri), words, verbatim, not reading["overruled"])

    def _entered(self, subject: str, reads: tuple[str, ...]) -> Iterator[Flag]:
        """The decisions that entered the value of a node."""
        for iri in self.iris(subject, TG.curatedBy):
            decision = self.curations.get(iri, {})
            if not reads or ENTERED.get(decision.get("field", ""), decision.get("field", "")) in reads:
                who, why = (spelled_out(decision.get(name, "")) for name in ("who", "why"))
                yield Flag("curated", f"entered by {who}", address(iri), f"{who}: {why}", open=False)

    def _conflicts(self, held: list[dict[str, str]]) -> Iterator[Flag]:
        """The flags of the conflicts about the characters of some readings."""
        for conflict in self.conflicts():
            competing = [
                self.readings[i] for i in self.iris(conflict, TG.hasCompetingReading) if i in self.readings
            ]
            if any(_overlap(one, other) for one in held for other in competing):
                yield self.conflict_flag(conflict)

    def conflicts(self) -> list[str]:
        """The conflicts of all reports of the trial."""
        return [
            iri for report in self.iris(self.iri, TG.hasReport) for iri in self.iris(report, TG.hasConflict)
        ]

    def conflict_flag(self, conflict: str) -> Flag:
        """The flag of a conflict, leading to its place on the page of the trial."""
        return flag_of(
            next(iter(self.iris(conflict, TG.severity)), ""),
            spelled_out(self.text(conflict, DCTERMS.title)),
            ", ".join(self.label(iri) for iri in self.iris(conflict, TG.conflictKind)),
            spelled_out(self.text(conflict, RDFS.comment)),
            f"#{conflict_anchor(conflict)}",
            settled=concept("open").value not in self.iris(conflict, TG.status),
        )


def conflict_anchor(conflict: str) -> str:
    """The place of a conflict on the page of its trial."""
    return "conflict-" + "-".join(conflict.split("/conflict/")[-1].split("/"))


def _overlap(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two readings have characters in common."""
    return one["cell"] == other["cell"] and max(int(one["start"]), int(other["start"])) < min(
        _end(one), _end(other)
    )


def _end(reading: dict[str, str]) -> int:
    return int(reading["start"]) + len(reading["verbatim"])


def _order(term: Term) -> tuple[int, str]:
    text = text_of(term)
    tail = text.rpartition("/")[2]
    return (int(tail), text) if tail.isdecimal() and len(tail) < 9 else (0, text)


def read_statements(iri: str) -> TrialStatements:
    """All triples of the trial and its parts, the labels of what they name and the readings behind them."""
    most, me = site().settings.page_triples, NamedNode(iri)
    found = select_rows(
        f"SELECT ?s ?p ?o {{ {{ SELECT DISTINCT ?s {{ {{ {me} {PARTS} ?s }}"
        f" UNION {{ {me} tg:hasReport/(tg:fromSource|tg:fromRow|tg:fromRecord|tg:cites) ?s }} }} }}"
        f" ?s ?p ?o FILTER (?p != tg:readFrom) }} LIMIT {most}"
    )
    triples: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in (*found, *_parts_of_records(me, most)):
        triples[iri_of(row["s"])][iri_of(row["p"])].append(row["o"])
    # Products, drugs and conditions are shared with other trials: of their readings, those of this trial's reports.
    wanted = select_rows(
        f"SELECT DISTINCT ?reading {{ {me} tg:hasReport?/(tg:fromRow|tg:fromRecord)/tg:hasCell/^tg:fromCell ?reading"
        " FILTER EXISTS { ?part tg:readFrom|tg:hasCompetingReading ?reading } }"
        f" ORDER BY ?reading LIMIT {most}"
    )
    held = select_each(
        "SELECT DISTINCT ?reading ?reads ?verbatim ?concept ?cell ?start ?overruled ?report ?node {"
        " WHICH"
        " ?reading tg:readsField ?reads ; tg:verbatim ?verbatim ; tg:startOffset ?start ;"
        " tg:fromCell ?cell . OPTIONAL { ?reading tg:concept ?concept }"
        " OPTIONAL { ?reading tg:overruledBy ?overruled } OPTIONAL { ?report tg:fromRow/tg:hasCell ?cell }"
        " OPTIONAL { ?node tg:readFrom ?reading } } ORDER BY ?reading",
        "reading",
        [iri_of(row["reading"]) for row in wanted],
    )
    readings = {iri_of(row["reading"]): {name: text_of(row.get(name)) for name in READING} for row in held}
    for row in held:
        if (node := iri_of(row.get("node"))) in triples:
            triples[node][TG.readFrom.value].append(row["reading"])
    for name, reading in readings.items():  # what its parts rest on, a report rests on
        if reading["report"] and reading["node"]:
            of_report = triples[reading["report"]][TG.readFrom.value]
            of_report += [NamedNode(name)] if NamedNode(name) not in of_report else []
    named = {
        term
        for subject in triples.values()
        for name, terms in subject.items()
        if name != TG.readFrom.value
        for term in terms
        if isinstance(term, NamedNode)
    }
    return TrialStatements(iri, triples, site().labels(named), readings, _curations(me, most))


def _parts_of_records(trial: NamedNode, most: int) -> Rows:
    """What the parts of records state that the page shows or leads to."""
    return select_rows(
        f"SELECT ?s ?p ?o {{ {trial} tg:hasReport/tg:hasRecordPart ?s . ?s a ?kind ; ?p ?o"
        f" FILTER (?kind IN ({', '.join(RECORD_PARTS)})) }} LIMIT {most}"
    )


def _curations(trial: NamedNode, most: int) -> dict[str, dict[str, str]]:
    """Field, reviewer and reason of each decision."""
    decided = select_rows(
        "SELECT ?curation ?field ?who ?why {"
        f" {trial} tg:hasReport/tg:hasCuration ?curation . ?curation tg:correctsField ?field ; dcterms:creator ?who ;"
        f" rdfs:comment ?why }} LIMIT {most}"
    )
    return {
        iri_of(row["curation"]): {name: text_of(row.get(name)) for name in ("field", "who", "why")}
        for row in decided
    }
