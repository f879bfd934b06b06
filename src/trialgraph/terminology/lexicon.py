"""The lexicon (entity linking): which words, in which field, mean which concept, and by which mapping.

Each field has two SSSOM files in ``ontology/concepts/`` (https://w3id.org/sssom/):

* ``<field>.forms.sssom.tsv``: surface forms (``subject_type`` "rdfs literal") mapped to local concepts ``tgc:…``;
* ``<field>.sssom.tsv``: local concepts mapped to external terms, or to ``sssom:NoTermFound``.

Grounding is per field, exact after normalisation (case, hyphen, white space, Greek letters, plural), never
fuzzy: an abbreviation means what that column means by it (``RA`` is no refractory anemia).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import expand
from trialgraph.terminology.folding import fold, normalise, singular

__all__ = [
    "Candidate",
    "Concept",
    "Definition",
    "Lexicon",
    "MappingLine",
    "Mention",
    "external_curie",
    "fold",
    "lexicon",
    "normalise",
    "read_table",
    "singular",
]

#: Fields whose values in the data are terms of a reference ontology, where it has the term; the values of every other
#: field are concepts of ours, with matches to other vocabularies (decisions/0029).
REFERENCE: Final[Mapping[str, str]] = {"cell_type": "CL", "disease": "MONDO", "tissue": "UBERON"}
NO_TERM: Final = "sssom:NoTermFound"


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One line of a mapping file.

    :param id: ``<file stem>/<line>``: stable within a release
    :param subject: CURIE of a local concept, or the surface form itself
    :param source: the ontology that the surface form or the external term is from, as a CURIE; else empty
    :param release: its release
    :param match_field: of a line that a build makes by the index: the kind of name that matched; else empty
    :param match_string: that name
    """

    id: str
    subject: str
    subject_label: str
    literal: bool
    predicate: str
    object: str
    object_label: str
    justification: str
    release: str
    comment: str
    date: str
    author: str
    source: str = ""
    match_field: str = ""
    match_string: str = ""

    @property
    def field(self) -> str:
        """The field of the column whose words the line is about."""
        return self.id.partition("/")[0].removesuffix(".forms")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a local concept means, in a sentence (``definitions.tsv``).

    :param source: CURIE of the external term whose definition it is; empty: it is ours
    :param broader: CURIE of a broader local concept, or empty
    """

    text: str
    source: str = ""
    broader: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """What the project means by a term.

    :param id: CURIE of the local concept, ``tgc:<slug>``
    :param label: preferred label
    :param field: the concept file that it stands in: ``disease``, ``cell_type``, …
    :param curie: what stands in the data: the term of the field's reference ontology, else the concept itself
    :param external: the mappings to external terms
    """

    id: str
    label: str
    field: str
    curie: str
    external: tuple[MappingLine, ...] = dataclass_field(repr=False, hash=False, compare=False)

    @property
    def exact(self) -> tuple[str, ...]:
        """The external terms that mean exactly this."""
        return _exact(self.external)

    @property
    def reference(self) -> str | None:
        """The term of the field's reference ontology that means exactly this, if there is one."""
        return _reference(self.field, self.external)

    @property
    def broader(self) -> str | None:
        """The external term that a mapping names as broader, if there is one."""
        return next((m.object for m in self.external if m.predicate == "skos:broadMatch"), None)


def _exact(external: Iterable[MappingLine]) -> tuple[str, ...]:
    return tuple(m.object for m in external if m.predicate == "skos:exactMatch" and m.object != NO_TERM)


def _reference(field: str, external: Iterable[MappingLine]) -> str | None:
    prefix = REFERENCE.get(field)
    return next((curie for curie in _exact(external) if curie.partition(":")[0] == prefix), None)


def external_curie(concept: Concept) -> str:
    """The term of the reference ontology that is exactly the concept, else a broader term, else its own id."""
    return concept.reference or concept.broader or concept.id


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a source and the concept that they were linked to.

    :param how: ``exact`` (the surface form to the letter) or ``normalised`` (case, hyphen, plural, Greek)
    """

    concept: Concept
    mapping: MappingLine
    how: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible meaning of an ambiguous abbreviation in a column of that field."""

    field: str
    surface: str
    label: str
    curie: str
    note: str


def _pattern(surface: str) -> str:
    """A surface form as a regular expression over folded text: blanks and hyphens alike, plural allowed."""
    parts = [re.escape(w).replace("'s", r"\s?'s") for w in re.split(r"[\s\-]+", fold(surface).strip()) if w]
    body = r"[\s\-]".join(parts)
    return body + ("s?" if body[-1].isalpha() and not body.endswith("s") else "")


class Lexicon:
    """All concepts, by field, and the surface forms that lead to them."""

    def __init__(
        self,
        lines: Mapping[str, tuple[MappingLine, ...]],
        tissues: Mapping[str, str] | None = None,
        ambiguous: Iterable[Candidate] = (),
        own_values: Iterable[str] | None = None,
        definitions: Mapping[str, Definition] | None = None,
    ) -> None:
        self.lines = lines
        #: Published concepts of ours that stay values whatever mappings they get; None: not known.
        self.own_values = None if own_values is None else frozenset(own_values)
        self.definitions = dict(definitions or {})
        self.tissues = dict(tissues or {})
        self.ambiguous = tuple(ambiguous)
        self.concepts: dict[str, Concept] = {}
        self._known: dict[str, set[str]] = {}
        self._surfaces: dict[str, dict[str, Mention]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        for name, rows in lines.items():
            self._add(name, rows)

    def _add(self, name: str, rows: tuple[MappingLine, ...]) -> None:
        external: dict[str, list[MappingLine]] = {}
        labels: dict[str, str] = {}
        for m in rows:
            if m.literal:
                labels.setdefault(m.object, m.object_label)
            else:
                labels[m.subject] = m.subject_label
                external.setdefault(m.subject, []).append(m)
        for curie, label in labels.items():
            maps = tuple(external.get(curie, ()))
            # A published value keeps its IRI when the reference ontology gets the term.
            value = curie if curie in (self.own_values or ()) else _reference(name, maps) or curie
            made = self.concepts[curie] = Concept(curie, label, name, value, maps)
            for known in (made.id, *made.exact):
                self._known.setdefault(known, set()).add(made.id)
        table: dict[str, Mention] = {}
        for m in rows:
            if m.literal:
                table.setdefault(m.subject, Mention(self.concepts[m.object], m, "exact"))
                table.setdefault(normalise(m.subject), Mention(self.concepts[m.object], m, "normalised"))
        self._surfaces[name] = table

    def lookup(self, name: str, text: str) -> Mention | None:
        """The concept that the whole of ``text`` names in a column of that kind, or None."""
        table = self._surfaces.get(name, {})
        found = table.get(text.strip()) or table.get(normalise(text))
        # "it" is no intrathecal route: what is written in capitals is read in capitals.
        if found and found.mapping.subject.isupper() and len(found.mapping.subject) <= 4:
            words, surface = text.strip(), found.mapping.subject
            # Its plural has a small letter: AIDS is not several autoimmune diseases.
            return found if words.startswith(surface) and words[len(surface) :] != "S" else None
        return found

    def concept_of(self, curie: str) -> Concept | None:
        """The concept of that id, or the one that means exactly the same as that term; None where none or several do.

        :param curie: of any vocabulary that concepts have matches in: MONDO, DOID, MeSH, NCIt, ``tgc:`` …
        """
        found = self._known.get(curie, set())
        return self.concepts[next(iter(found))] if len(found) == 1 else None

    def value_of(self, curie: str) -> str:
        """By what to ask the data for a concept or for a term that means exactly the same; else the CURIE itself."""
        concept = self.concept_of(curie)
        # By a term that its reference ontology got later, what is narrower than that is found too.
        return (concept.reference or concept.curie) if concept else curie

    def tissue_of(self, concept: Concept) -> Concept | None:
        """The tissue that a cell type's name says it comes from (``cell_tissue.tsv``), or None."""
        return self.concepts.get(self.tissues.get(concept.id, ""))

    def candidates(self, name: str, text: str) -> tuple[Candidate, ...]:
        """What an abbreviation or its plural may mean in that field, where it is recorded as ambiguous; else none."""
        words = text.strip()
        return tuple(c for c in self.ambiguous if c.field == name and words in (c.surface, f"{c.surface}s"))

    def scan(self, name: str, folded: str, at: int) -> int:
        """End of the longest surface form of that field that starts at ``at`` in folded text, or ``at``."""
        if name not in self._patterns:  # of most fields nobody asks
            surfaces = sorted((m.subject for m in self.lines[name] if m.literal), key=len, reverse=True)
            self._patterns[name] = re.compile("|".join(map(_pattern, surfaces)) or r"(?!)")
        found = self._patterns[name].match(folded, at)
        return found.end() if found else at

    def find(self, name: str, text: str) -> Iterator[tuple[int, int, Mention]]:
        """Surface forms of that field inside ``text`` at word boundaries, longest first, without overlap."""
        folded = fold(text)
        at = 0
        while at < len(folded):
            if at == 0 or not (folded[at - 1].isalnum() and folded[at].isalnum()):
                end = self.scan(name, folded, at)
                whole = end == len(folded) or not (folded[end - 1].isalnum() and folded[end].isalnum())
                mention = self.lookup(name, text[at:end]) if end > at and whole else None
                if mention:
                    yield at, end, mention
                    at = end
                    continue
            at += 1

    def surfaces(self, name: str) -> tuple[str, ...]:
        """The surface forms of a field, as written in its mapping file."""
        return tuple(m.subject for m in self.lines.get(name, ()) if m.literal)


def read_mappings(path: Path) -> tuple[MappingLine, ...]:
    """The lines of one SSSOM/TSV file with its YAML header.

    :raises InputError: the header is no YAML, a needed column is missing, or an object is no CURIE with a known prefix
    """
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines()
    head = [line for line in rows if line.startswith("#")]
    try:
        meta = yaml.safe_load("\n".join(line[1:].removeprefix(" ") for line in head)) or {}
    except yaml.YAMLError as error:
        raise InputError(
            f"the header is no YAML: {error}", where=str(path), hint="correct the lines with #"
        ) from error
    body = csv.DictReader(rows[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    needed = {"subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification"}
    if missing := needed - set(body.fieldnames or ()):
        raise InputError(f"columns missing: {', '.join(sorted(missing))}", where=str(path), hint="add them")
    stem = path.name.removesuffix(".sssom.tsv")
    made = []
    for number, row in enumerate(body, start=len(head) + 2):
        line = _line(f"{stem}/{number}", {k: (v or "").strip() for k, v in row.items()}, meta)
        try:
            expand(line.object)
        except UsageError as error:
            raise InputError(error.what, where=f"{path}:{number}", hint=error.hint) from error
        made.append(line)
    return tuple(made)


def _line(id: str, row: Mapping[str, str], meta: Mapping[str, object]) -> MappingLine:  # noqa: A002 - the record's word
    literal = row.get("subject_type") == "rdfs literal"
    side = "subject" if literal else "object"
    return MappingLine(
        id=id,
        subject=row["subject_label"] if literal else row["subject_id"],
        subject_label=row["subject_label"],
        literal=literal,
        predicate=row["predicate_id"],
        object=row["object_id"],
        object_label=row.get("object_label", ""),
        justification=row["mapping_justification"],
        release=row.get(f"{side}_source_version", ""),
        comment=row.get("comment", ""),
        date=row.get("mapping_date") or str(meta.get("mapping_date") or meta.get("publication_date", "")),
        author=row.get("author_label") or str(meta.get("creator_label", "")),
        source=row.get(f"{side}_source", ""),
    )


@cache
def lexicon() -> Lexicon:
    """The lexicon of the packaged concept files.

    :raises InputError: there are no concept files
    """
    folder = resource("ontology") / "concepts"
    files = sorted(folder.glob("*.sssom.tsv"))
    if not files:
        raise InputError("no *.sssom.tsv files", where=str(folder), hint="reinstall trialgraph")
    lines: dict[str, tuple[MappingLine, ...]] = {}
    # Forms come before the entities that they name: "a.forms.sssom" sorts before "a.sssom".
    for path in files:
        field = path.name.removesuffix(".sssom.tsv").removesuffix(".forms")
        lines[field] = lines.get(field, ()) + read_mappings(path)
    tissues = {row["cell_concept"]: row["tissue_concept"] for row in read_table(folder / "cell_tissue.tsv")}
    ambiguous = (
        Candidate(r["field"], r["surface"], r["candidate_label"], r["candidate_curie"], r["note"])
        for r in read_table(folder / "ambiguous.tsv")
    )
    own_values = (row["concept"] for row in read_table(folder / "own_values.tsv"))
    definitions = {
        row["concept"]: Definition(row["definition"], row["source"], row["broader"])
        for row in read_table(folder / "definitions.tsv")
    }
    return Lexicon(lines, tissues, ambiguous, own_values, definitions)


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file of this folder.

    :raises InputError: it cannot be read
    """
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError("cannot be read", where=str(path), hint="reinstall trialgraph") from error
    return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))
