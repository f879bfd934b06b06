"""The search index of a release, ``search.db``: SQLite with FTS5, made of the graph when the release is written.

An entry is a trial or a value that trials are linked to. Each name of a value is stored once, whatever the number of
its trials; a trial is found by its own texts and by the names of its values. Every text keeps the field that it is
from, so that a hit can say why it matched.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from trialgraph.base.errors import ReleaseError
from trialgraph.base.search_words import key_of, squeezed, words_of
from trialgraph.extract.columns.countries import country_name
from trialgraph.rdf.lines import in_line, iri, term
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, SKOS, TG, compact
from trialgraph.release.sorted.lookup import SortedTriples

__all__ = ["SEARCH_FILE", "search_file"]

SEARCH_FILE: Final = "search.db"
TRIAL: Final = "trial"
#: How much a hit in a field is worth.
_WEIGHTS: Final = {
    "registration": 10, "name": 9, "code": 8, "disease": 7, "product": 7, "title": 6, "reference": 6, "cell": 6,
    "qualifier": 5, "tissue": 5, "donor": 5, "route": 5, "delivery": 5, "phase": 5, "outcome": 5, "combination": 5,
    "target": 5, "sponsor": 4, "country": 4, "results": 4, "status": 4, "mechanism": 4, "comparator": 4, "design": 3,
    "finding": 3, "conflict": 3, "registry": 3, "source": 2,
}  # fmt: skip
#: The part of it that a trial gets whose value is narrower than what was found.
_BROADER: Final = 0.3
_PHASE_PART: Final = 0.9
#: Values of a trial itself, each with the field that it belongs to, which is its facet where there is one.
_VALUES: Final = {
    TG.trialDisease: "disease", TG.trialQualifier: "qualifier", TG.trialCellType: "cell",
    TG.trialTissueSource: "tissue", TG.trialDonorType: "donor", TG.trialPhase: "phase", TG.trialRoute: "route",
    TG.trialOutcome: "outcome", TG.trialMechanism: "mechanism", TG.trialCombinedWith: "combination",
    TG.trialResultsStatus: "results", TG.trialConflictKind: "conflict", TG.registry: "registry",
}  # fmt: skip
#: The way from a trial to what it states: from each kind of node to the next ones.
_STEPS: Final = (
    TG.hasReport, TG.condition, TG.hasIntervention, TG.ofProduct, TG.combinedWith, TG.plansOutcome, TG.hasFinding,
    TG.claimsMechanism, TG.hasArm,
)  # fmt: skip
#: Texts on that way, with their fields.
_TEXTS: Final = {
    DCTERMS.identifier: "registration", TG.studyTitle: "title", TG.sponsor: "sponsor", TG.comparator: "comparator",
    TG.productNamed: "product", TG.productTarget: "target", TG.productCode: "code", TG.statement: "finding",
    TG.doseFrequency: "delivery", TG.armAsReported: "finding", TG.eligibleSex: "design",
}  # fmt: skip
#: Values on that way that a trial itself is not linked to.
_FURTHER: Final = {
    TG.deliveryMethod: "delivery", TG.recruitmentStatus: "status", TG.masking: "design", TG.allocation: "design",
    TG.site: "disease", TG.substance: "combination", TG.deviceType: "combination", TG.procedureType: "combination",
}  # fmt: skip
#: What the source prints, by the kind of node that it stands at.
_AS_PRINTED: Final = {
    TG.Condition: "disease", TG.PlannedOutcome: "outcome", TG.MechanismClaim: "mechanism", TG.Arm: "finding",
    TG.CellProduct: "product", TG.DrugProduct: "combination", TG.BiologicProduct: "combination",
    TG.Device: "combination", TG.Procedure: "combination",
}  # fmt: skip
#: Names of a value: the property, and how good a name it gives.
_NAMES: Final = {
    RDFS.label: 1.0, SKOS.prefLabel: 1.0, SKOS.altLabel: 0.9,
    NamedNode(PREFIXES["oboInOwl"] + "hasExactSynonym"): 0.9,
    NamedNode(PREFIXES["oboInOwl"] + "hasRelatedSynonym"): 0.5, SKOS.notation: 0.9,
}  # fmt: skip
#: Nodes whose statements are kept at hand: values and products of many trials.
_KEPT: Final = 1 << 15
_UP: Final = (RDFS.subClassOf, SKOS.broader, TG.hasPhasePart)
_SCHEMA: Final = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL,
  size INTEGER NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, words TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE name (text INTEGER NOT NULL, entry INTEGER NOT NULL, field TEXT NOT NULL, worth REAL NOT NULL,
  PRIMARY KEY (text, entry, field)) WITHOUT ROWID;
CREATE TABLE link (value INTEGER NOT NULL, trial INTEGER NOT NULL, part REAL NOT NULL,
  PRIMARY KEY (value, trial)) WITHOUT ROWID;
CREATE TABLE registration (key TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (key, entry)) WITHOUT ROWID;
CREATE TABLE spelling (word TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX name_entry ON name (entry);
CREATE INDEX link_trial ON link (trial);
CREATE INDEX spelling_length ON spelling (length);
CREATE VIRTUAL TABLE words USING fts5(tokens, content='', detail=none, tokenize='ascii');
"""

Node = NamedNode
Nodes = Mapping[NamedNode, Sequence[object]]


def search_file(triples: Path) -> bytes:
    """The content of ``search.db`` for a graph. The same graph and version of SQLite give the same bytes.

    :param triples: the merge of all graphs as N-Triples, in order
    :raises ReleaseError: this Python's SQLite was built without FTS5
    :raises OSError: the file cannot be read, or the disk is full
    """
    # Beside the release, where there is room for it: the folder for temporary files may be small.
    with SortedTriples(triples) as known, tempfile.TemporaryDirectory(dir=triples.parent) as folder:
        index = _Index(_Stated(known))
        path = Path(folder) / SEARCH_FILE
        try:
            with closing(sqlite3.connect(path)) as base:
                base.executescript(_SCHEMA)
                index.write(base)
                base.commit()
                base.execute("INSERT INTO words (words) VALUES ('optimize')")
                base.commit()
                base.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error):  # the disk is full, or fails
                raise OSError(f"the search index: {error}") from error
            hint = "use another build of Python"
            raise ReleaseError(f"the search needs SQLite with FTS5 ({error})", hint=hint) from error
        return path.read_bytes()


class _Stated:
    """The statements that the index is made of, looked up in a file: objects in an order of their own."""

    def __init__(self, triples: SortedTriples) -> None:
        self._triples = triples
        used = {
            RDF.type, TG.asReported, TG.referenceNumber, TG.countryCode, TG.enrolledTotal, TG.fromSource, TG.readFrom,
            TG.readsField, TG.verbatim, DCTERMS.title, TG.cites, DCTERMS.bibliographicCitation, SKOS.exactMatch,
            *_VALUES, *_STEPS, *_TEXTS, *_FURTHER, *_NAMES, *_UP,
        }  # fmt: skip
        self._used = {in_line(predicate): predicate for predicate in used}
        self._kept: dict[NamedNode, Nodes] = {}

    def get(self, subject: NamedNode) -> Nodes:
        """The statements of a node, by predicate."""
        if subject not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[subject] = self._looked_up(subject)
        return self._kept[subject]

    def _looked_up(self, subject: NamedNode) -> Nodes:
        # In a file in order the objects of a predicate are in order, too.
        found: dict[NamedNode, list[object]] = {}
        for predicate, value, _ in self._triples.about(in_line(subject)):
            if used := self._used.get(predicate):
                found.setdefault(used, []).append(term(value))
        return found

    def subjects(self, predicate: NamedNode, value: NamedNode | None = None) -> set[NamedNode]:
        """The nodes of which a predicate is stated, of any value or a certain one."""
        found = self._triples.subjects(in_line(predicate), in_line(value) if value else b"")
        return {NamedNode(iri(subject)) for subject in found if subject.startswith(b"<")}


@dataclass
class _Index:
    """What is written, gathered from the statements.

    :param stated: by subject and predicate
    """

    stated: _Stated
    entries: dict[tuple[str, NamedNode], int] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    names: dict[tuple[int, int, str], float] = field(default_factory=dict)
    links: dict[tuple[int, int], float] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    broader: dict[NamedNode, Mapping[NamedNode, float]] = field(default_factory=dict)

    def write(self, base: sqlite3.Connection) -> None:
        """Fill the tables, each in the order of its key."""
        trials = sorted(self.stated.subjects(RDF.type, TG.Trial), key=str)
        same = self._same()
        for trial in trials:
            self._trial(trial)
        for kind, node in list(self.entries):
            if kind != TRIAL:
                for one in sorted({node, *same.get(node, ())}, key=str):
                    self._value(self.entries[kind, node], kind, one)
        labels = {number: self._label(node) for (_, node), number in self.entries.items()}
        base.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
            (
                (number, node.value, kind, _plain(labels[number]), self.sizes.get(number, 0))
                for (kind, node), number in self.entries.items()
            ),
        )
        spelled = {text: words_of(text) for text in self.texts}
        base.executemany(
            "INSERT INTO text VALUES (?, ?, ?)", ((n, text, key_of(text)) for text, n in self.texts.items())
        )
        base.executemany(
            "INSERT INTO words (rowid, tokens) VALUES (?, ?)",
            ((n, " ".join(dict.fromkeys(w.token for w in spelled[text]))) for text, n in self.texts.items()),
        )
        names = ((*key, worth) for key, worth in sorted(self.names.items()))
        base.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", names)
        links = ((*key, part) for key, part in sorted(self.links.items()))
        base.executemany("INSERT INTO link VALUES (?, ?, ?)", links)
        self._write_ids(base)
        letters = {
            w.token for words in spelled.values() for w in words if w.token.isalpha() and len(w.token) > 3
        }
        base.executemany("INSERT INTO spelling VALUES (?, ?)", ((w, len(w)) for w in sorted(letters)))

    def _write_ids(self, base: sqlite3.Connection) -> None:
        texts = {number: text for text, number in self.texts.items()}
        ids = {(squeezed(texts[t]), entry) for t, entry, name in self.names if name == "registration"}
        base.executemany("INSERT INTO registration VALUES (?, ?)", sorted(ids))

    def _trial(self, trial: NamedNode) -> None:
        number = self._entry(TRIAL, trial)
        for label in self._texts(trial, RDFS.label):
            self._named(number, "name", label)
        for predicate, name in _VALUES.items():
            for value in self._nodes(trial, predicate):
                self._linked(number, name, value)
        seen, pending = {trial}, [trial]
        while pending:
            node = pending.pop()
            self._on_the_way(number, node)
            held = self.stated.get(node)
            for step in (step for step in _STEPS if step in held):
                for following in self._nodes(node, step):
                    if following not in seen:
                        seen.add(following)
                        pending.append(following)
        patients = [
            t for node in self._nodes(trial, TG.hasReport) for t in self._texts(node, TG.enrolledTotal)
        ]
        self.sizes[number] = max((int(t) for t in patients if t.isascii() and t.isdecimal()), default=0)

    def _on_the_way(self, trial: int, node: NamedNode) -> None:
        """What a node that belongs to a trial adds to it."""
        stated = self.stated.get(node)
        for predicate, name in _TEXTS.items():
            if predicate in stated:
                self._each(trial, name, self._texts(node, predicate))
        for predicate, name in _FURTHER.items():
            for value in self._nodes(node, predicate) if predicate in stated else ():
                self._linked(trial, name, value)
        kinds = stated.get(RDF.type, ())
        printed = next((name for kind, name in _AS_PRINTED.items() if kind in kinds), "")
        if printed:
            for text in (*self._texts(node, TG.asReported), *self._texts(node, RDFS.label)):
                self._named(trial, printed, text)
        if TG.Report in kinds:
            self._report(trial, node)

    def _report(self, trial: int, report: NamedNode) -> None:
        for number in self._texts(report, TG.referenceNumber):
            self._named(trial, "reference", f"reference {number}")
            self._named(trial, "reference", f"ref. {number}", 0.9)
        for code in self._texts(report, TG.countryCode):
            self._named(trial, "country", _country(code))
        for step, name, predicates in (
            (TG.fromSource, "source", (DCTERMS.title, DCTERMS.bibliographicCitation)),
            (TG.cites, "reference", (DCTERMS.bibliographicCitation, DCTERMS.identifier)),
        ):
            for node in self._nodes(report, step):
                self._each(trial, name, (text for p in predicates for text in self._texts(node, p)))
        for reading in self._nodes(report, TG.readFrom):
            # authors and years, where the column of references has them
            if "reference" in self._texts(reading, TG.readsField):
                self._each(trial, "reference", self._texts(reading, TG.verbatim))

    def _linked(self, trial: int, name: str, value: NamedNode) -> None:
        """A trial's value, and what is broader than it."""
        for node, part in self._above(value).items():
            key = self._entry(name, node), trial
            self.links[key] = max(part, self.links.get(key, 0))

    def _above(self, value: NamedNode) -> Mapping[NamedNode, float]:
        """A value and all that is broader than it, each with the part of its worth that a trial of the value gets."""
        if value in self.broader:
            return self.broader[value]
        reached = {value: 1.0}
        pending = [value]
        for node in pending:
            for predicate in _UP:
                for above in self._nodes(node, predicate):
                    if above not in reached:
                        # phase 1/2 is both a phase 1 and a phase 2
                        held = reached[node] * _PHASE_PART if predicate == TG.hasPhasePart else _BROADER
                        reached[above] = held
                        pending.append(above)
        self.broader[value] = reached
        return reached

    def _value(self, number: int, kind: str, node: NamedNode) -> None:
        """The names of a value, or of what means exactly the same."""
        self._named(number, kind, compact(node.value), 0.9)
        for predicate, good in _NAMES.items():
            for text in self._texts(node, predicate):
                self._named(number, kind, text, good)

    def _entry(self, kind: str, node: NamedNode) -> int:
        return self.entries.setdefault((kind, node), len(self.entries) + 1)

    def _named(self, entry: int, name: str, text: str, good: float = 1.0) -> None:
        plain = _plain(text)
        if plain:
            key = self.texts.setdefault(plain, len(self.texts) + 1), entry, name
            self.names[key] = max(_WEIGHTS[name] * good, self.names.get(key, 0))

    def _each(self, entry: int, name: str, texts: Iterable[str]) -> None:
        for text in texts:
            self._named(entry, name, text)

    def _same(self) -> dict[NamedNode, set[NamedNode]]:
        """From each concept and each external term to all that mean exactly the same, itself included."""
        groups: dict[NamedNode, set[NamedNode]] = {}
        for one in self.stated.subjects(SKOS.exactMatch):
            for other in self._nodes(one, SKOS.exactMatch):
                pair = {one, other}
                whole = pair.union(*(groups.get(node, set()) for node in pair))
                groups.update(dict.fromkeys(whole, whole))
        return groups

    def _label(self, node: NamedNode) -> str:
        labels = (*self._texts(node, RDFS.label), *self._texts(node, SKOS.prefLabel))
        return next(iter(labels), compact(node.value))

    def _all(self, node: NamedNode, predicate: NamedNode) -> Sequence[object]:
        return self.stated.get(node).get(predicate, ())

    def _nodes(self, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
        return (value for value in self._all(node, predicate) if isinstance(value, NamedNode))

    def _texts(self, node: NamedNode, predicate: NamedNode) -> list[str]:
        """The texts in English, or of no language."""
        values = (value for value in self._all(node, predicate) if isinstance(value, Literal))
        return [value.value for value in values if value.language in (None, "en")]


def _country(code: str) -> str:
    try:
        return country_name(code)
    except KeyError:
        return code


def _plain(text: str) -> str:
    """A text that SQLite can store, with single blanks."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").split())
