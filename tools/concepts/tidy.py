"""Bring the concept files into order; ``--check`` only says which of them are not.

A surface form stands in ``<field>.forms.sssom.tsv``, whose subject_id is made from its words; a form that the release
of an exactly matched term has as a name is a lexical match, with that ontology as its source. Lines keep their order:
one that was written into ``<field>.sssom.tsv`` is moved behind the last form of its concept.
Usage: python tools/concepts/tidy.py [--check]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from trialgraph.rdf.iris import encode
from trialgraph.rdf.vocabulary import RDFS, compact, expand

ONTOLOGY = Path(__file__).parents[2] / "ontology"
FORMS, LITERAL = ".forms.sssom.tsv", "rdfs literal"
LEXICAL, MANUAL = "semapv:LexicalMatching", "semapv:ManualMappingCuration"
# A name in the sense of the term itself. The guides do not say the scope of a synonym: those are related ones there.
NAMES = {RDFS.label, *(expand(f"oboInOwl:has{scope}Synonym") for scope in ("", "Exact", "Related"))} | {
    expand("skos:altLabel"),
    expand("skos:prefLabel"),
}

Row = dict[str, str]


def read(path: Path) -> tuple[list[str], list[str], list[Row]]:
    """Header lines, column names, rows."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    columns = lines[len(head)].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[len(head) + 1 :]]
    return head, columns, rows


def written(head: Iterable[str], columns: list[str], rows: Iterable[Row]) -> str:
    """The text of a file."""
    body = ("\t".join(row.get(column, "") for column in columns) for row in rows)
    return "\n".join([*head, "\t".join(columns), *body, ""])


def names() -> dict[str, set[str]]:
    """Of each term of the module its label and the synonyms that may be names of it, in lower case."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in ox.parse(path=ONTOLOGY / "module.ttl", format=ox.RdfFormat.TURTLE):
        if quad.predicate in NAMES and isinstance(quad.subject, ox.NamedNode):
            found[compact(quad.subject.value)].add(getattr(quad.object, "value", "").casefold())
    return found


def moved(forms: list[Row], others: Iterable[Row]) -> list[Row]:
    """The forms with those that were written among the entities, each behind the last one of its concept."""
    made = list(forms)
    for row in others:
        at = [i for i, form in enumerate(made) if form["object_id"] == row["object_id"]]
        made.insert(at[-1] + 1 if at else len(made), row)
    return made


def justified(row: Row, entities: Iterable[Row], known: dict[str, set[str]]) -> Row:
    """A form with its subject_id, justification and source."""
    exact = (
        e for e in entities if (e["subject_id"], e["predicate_id"]) == (row["object_id"], "skos:exactMatch")
    )
    source = next(
        (e for e in exact if row["subject_label"].casefold() in known.get(e["object_id"], ())), None
    )
    return row | {
        "mapping_justification": LEXICAL if source else MANUAL,
        "subject_source": source["object_source"] if source else "",
        "subject_source_version": source["object_source_version"] if source else "",
    }


def tidied(entities: Path, known: dict[str, set[str]]) -> dict[Path, str]:
    """The text that the two files of a field ought to have."""
    field = entities.name.removesuffix(".sssom.tsv")
    path = entities.with_name(field + FORMS)
    head, columns, rows = read(entities)
    forms_head, forms_columns, forms = read(path)
    links = [row for row in rows if row["subject_type"] != LITERAL]
    forms = moved(forms, (row for row in rows if row["subject_type"] == LITERAL))
    made = (
        justified(row, links, known) | {"subject_id": f"tgf:{field}/{encode(row['subject_label'])}"}
        for row in forms
    )
    return {entities: written(head, columns, links), path: written(forms_head, forms_columns, made)}


def main(arguments: Sequence[str] = ()) -> int:
    """Write, or compare."""
    checked = "--check" in arguments
    known = names()
    files = [p for p in sorted((ONTOLOGY / "concepts").glob("*.sssom.tsv")) if not p.name.endswith(FORMS)]
    wrong = [
        (path, text)
        for file in files
        for path, text in tidied(file, known).items()
        if text != path.read_text(encoding="utf-8")
    ]
    for path, text in wrong:
        if checked:
            print(f"{path.name} is not in order; run: python tools/concepts/tidy.py", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
    return int(checked and bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
