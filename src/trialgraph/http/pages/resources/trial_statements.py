"""The statements about a trial and its parts, with the readings behind each value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from trialgraph.http.lookup import iri_of, select_rows, text_of
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.source_text import in_words, spelled_out
from trialgraph.http.protocol.descriptions import PARTS
from trialgraph.http.site import site
from trialgraph.query.results import Term
from trialgraph.rdf.vocabulary import RDFS, TG, compact

__all__ = ["DisplayValue", "ReadingLink", "TrialStatements", "read_statements"]


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """A link to a reading."""

    href: str
    words: str


@dataclass(frozen=True, slots=True)
class DisplayValue:
    """A value of a report.

    :param note: what else is known of it
    """

    text: str
    href: str = ""
    note: str = ""
    links: tuple[ReadingLink, ...] = ()
    verbatim: bool = False


@dataclass
class TrialStatements:
    """The statements about a trial and its parts."""

    iri: str
    triples: dict[str, dict[str, list[Term]]]
    labels: dict[str, str] = field(default_factory=dict)
    readings: dict[str, dict[str, str]] = field(default_factory=dict)

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

    def display(self, iri: str, links: Iterable[ReadingLink] = (), note: str = "") -> DisplayValue:
        """A node by its label, leading to its page."""
        return DisplayValue(self.label(iri), address(iri, known=iri in self.labels), note, tuple(links))

    def reading_links(self, subject: str, *reads: str, of: str = "") -> tuple[ReadingLink, ...]:
        """Links to the readings of some names that a node was read from.

        :param of: only those that gave this concept
        """
        made = []
        for iri in self.iris(subject, TG.readFrom):
            reading = self.readings.get(iri)
            if reading and (not reads or reading["reads"] in reads) and (not of or reading["concept"] == of):
                words = f"{in_words(reading['reads'])}, read from “{spelled_out(reading['verbatim'])}”"
                made.append(ReadingLink(address(iri), words))
        return tuple(made)


def _order(term: Term) -> tuple[int, str]:
    text = text_of(term)
    tail = text.rpartition("/")[2]
    return (int(tail), text) if tail.isdecimal() and len(tail) < 9 else (0, text)


def read_statements(iri: str) -> TrialStatements:
    """All triples of the trial and its parts, the labels of what they name and the readings behind them."""
    most, me = site().settings.page_triples, NamedNode(iri)
    found = select_rows(
        f"SELECT ?s ?p ?o {{ {{ SELECT DISTINCT ?s {{ {{ {me} {PARTS} ?s }}"
        f" UNION {{ {me} tg:hasReport/(tg:fromSource|tg:fromRow) ?s }} }} }} ?s ?p ?o }} LIMIT {most}"
    )
    triples: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        triples[iri_of(row["s"])][iri_of(row["p"])].append(row["o"])
    held = select_rows(
        "SELECT DISTINCT ?reading ?reads ?verbatim ?concept {"
        f" {{ SELECT DISTINCT ?reading {{ {me} {PARTS} ?part . ?part tg:readFrom|tg:hasCompetingReading ?reading }} }}"
        " ?reading tg:readsField ?reads ; tg:verbatim ?verbatim ; tg:startOffset ?start ."
        f" OPTIONAL {{ ?reading tg:concept ?concept }} }} ORDER BY ?reading LIMIT {most}"
    )
    readings = {
        iri_of(row["reading"]): {name: text_of(row.get(name)) for name in ("reads", "verbatim", "concept")}
        for row in held
    }
    named = {
        term
        for subject in triples.values()
        for name, terms in subject.items()
        if name != TG.readFrom.value
        for term in terms
        if isinstance(term, NamedNode)
    }
    return TrialStatements(iri, triples, site().labels(named), readings)
