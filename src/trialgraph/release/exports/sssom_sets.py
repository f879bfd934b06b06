"""The mappings of a release as SSSOM, of words to concepts and of concepts to terms; and the list of our concepts."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from pyoxigraph import NamedNode

from trialgraph.rdf.prefixes import compressed, prefixes
from trialgraph.rdf.vocabulary import HOME, OWL, PREFIXES, RDFS, SKOS, SSSOM, TG, licence
from trialgraph.release.exports.archive import packed, zipped
from trialgraph.release.exports.description import DescribedRelease
from trialgraph.release.exports.facts import Facts

__all__ = ["ENTITIES", "LITERALS", "TERMS", "sssom_sets"]

LITERALS: Final = "literals.sssom.tsv"
ENTITIES: Final = "entities.sssom.tsv"
TERMS: Final = "terms.tsv"
#: Surface forms have no IRI in the graph; the concept files give them one, as readers of SSSOM want a subject.
_FORMS: Final = "tgf"
_SLOTS: Final = (
    *("subject_id", "subject_label", "subject_type", "predicate_id", "object_id", "object_label"),
    *("mapping_justification", "subject_source", "subject_source_version", "object_source"),
    *(
        "object_source_version",
        "object_match_field",
        "match_string",
        "mapping_date",
        "author_label",
        "comment",
    ),
)
_LINKS: Final = {
    "predicate_id": SSSOM.predicate_id,
    "object_id": SSSOM.object_id,
    "mapping_justification": SSSOM.mapping_justification,
    "subject_source": SSSOM.subject_source,
    "object_source": SSSOM.object_source,
    "object_match_field": SSSOM.object_match_field,
}
_TEXTS: Final = {
    "subject_label": SSSOM.subject_label,
    "object_label": SSSOM.object_label,
    "subject_source_version": SSSOM.subject_source_version,
    "object_source_version": SSSOM.object_source_version,
    "match_string": SSSOM.match_string,
    "mapping_date": SSSOM.mapping_date,
    "author_label": SSSOM.author_label,
    "comment": RDFS.comment,
}
_TERM_COLUMNS: Final = (
    *("id", "label", "scheme", "definition", "synonyms", "exact_matches", "broader", "deprecated", "iri"),
)


def sssom_sets(facts: Facts, about: DescribedRelease) -> Iterator[bytes]:
    """A ``.zip`` of :data:`LITERALS`, :data:`ENTITIES` and :data:`TERMS`."""
    return packed(lambda folder: _written(folder, facts, about), zipped)


def _written(folder: Path, facts: Facts, about: DescribedRelease) -> list[Path]:
    mappings = [(node, facts.nodes(node, SSSOM.subject_id)) for node in facts.of_kind(TG.Mapping)]
    literals = [_slots(facts, node, None) for node, subjects in mappings if not subjects]
    entities = [_slots(facts, node, subject) for node, subjects in mappings for subject in subjects]
    made = [folder / name for name in (LITERALS, ENTITIES, TERMS)]
    _set(made[0], literals, about, "words of sources and registries, and our concepts")
    _set(made[1], entities, about, "our concepts, and terms of other ontologies")
    with made[2].open("w", encoding="utf-8", newline="") as file:
        _rows(
            file, _TERM_COLUMNS, (_term(facts, node) for node in facts.of_kind(SKOS.Concept) if _ours(node))
        )
    return made


def _ours(node: NamedNode) -> bool:
    return node.value.startswith(PREFIXES["tgc"])


def _slots(facts: Facts, node: NamedNode, subject: NamedNode | None) -> dict[str, str]:
    found = {slot: _curies(facts.nodes(node, property_)) for slot, property_ in _LINKS.items()}
    found |= {slot: "|".join(facts.texts(node, property_)) for slot, property_ in _TEXTS.items()}
    if subject is not None:
        return {**found, "subject_id": compressed(subject.value)}
    # mapping/<field>/<words>/<concept>: the words are encoded there already.
    field, words = node.value.rpartition("/mapping/")[2].split("/")[:2]
    return {**found, "subject_id": f"{_FORMS}:{field}/{words}", "subject_type": "rdfs literal"}


def _curies(nodes: Sequence[NamedNode]) -> str:
    return "|".join(compressed(node.value) for node in nodes)


def _set(path: Path, mappings: Sequence[Mapping[str, str]], about: DescribedRelease, words: str) -> None:
    spaces = {**prefixes(), _FORMS: f"{HOME}form/", "rdfs": PREFIXES["rdfs"]}
    used = {value.partition(":")[0] for one in mappings for slot, value in one.items() if slot not in _TEXTS}
    stem = path.name.partition(".")[0]
    head = {
        "mapping_set_id": f"{HOME}mappings/{stem}",
        "mapping_set_version": f'"{about.hash}"',
        "mapping_set_title": f'"{about.title}: {words}"',
        "license": licence("CC0-1.0").value,
        "creator_label": f'"{about.creator}"',
        **({"publication_date": f'"{about.issued}"'} if about.issued else {}),
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("".join(f"# {slot}: {value}\n" for slot, value in head.items()))
        file.write("# curie_map:\n")
        file.write(
            "".join(f"#   {name}: {space}\n" for name, space in sorted(spaces.items()) if name in used)
        )
        columns = [slot for slot in _SLOTS if any(one.get(slot) for one in mappings)]
        _rows(file, columns, ([one.get(slot, "") for slot in columns] for one in mappings))


def _rows(file: IO[str], columns: Sequence[str], rows: Iterator[list[str]]) -> None:
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def _term(facts: Facts, node: NamedNode) -> list[str]:
    return [
        compressed(node.value),
        facts.label(node),
        _curies(facts.nodes(node, SKOS.inScheme)),
        facts.text(node, SKOS.definition),
        "|".join(facts.texts(node, SKOS.altLabel)),
        _curies(facts.nodes(node, SKOS.exactMatch)),
        _curies(facts.nodes(node, SKOS.broader)),
        facts.text(node, OWL.deprecated),
        node.value,
    ]
