"""Which terms of other ontologies may stand for the concepts of a field, and matches that a reviewer has accepted.

``ontology/concepts/branches.tsv`` has the branches of each field; ``reviewed_matches.tsv`` the lines of the concept
files whose names say too little by themselves, each with the reason why it is right nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.terminology.lexicon import read_table

__all__ = ["WAYS", "Branch", "Reviewed", "branches", "reviewed_matches"]

#: How a branch is told: below a class, below a MeSH tree number, in a CDISC codelist, the terms one by one, or all.
WAYS: Final = ("subclass", "tree", "codelist", "term", "any")


@dataclass(frozen=True, slots=True)
class Branch:
    """Terms of one ontology that a field may be mapped to.

    :param by: one of :data:`WAYS`
    :param roots: ids of classes, codelists or terms, or tree numbers
    :param predicates: the only ones by which a concept may be mapped to them; empty: all
    :param ignored: words that all of these terms have in their names, and the concepts of the field have not
    """

    field: str
    ontology: str
    by: str
    roots: tuple[str, ...]
    predicates: frozenset[str]
    ignored: frozenset[str]


Reviewed = Mapping[tuple[str, str, str], str]


@cache
def branches() -> Mapping[tuple[str, str], tuple[Branch, ...]]:
    """The branches, by field and ontology.

    :raises InputError: the file cannot be read, or tells a branch in a way that is none of :data:`WAYS`
    """
    path = resource("ontology") / "concepts" / "branches.tsv"
    made: dict[tuple[str, str], tuple[Branch, ...]] = {}
    for number, row in enumerate(read_table(path), start=2):
        if row["by"] not in WAYS:
            hint = f"use one of: {', '.join(WAYS)}"
            raise InputError(f"a branch cannot be told by {row['by']!r}", where=f"{path}:{number}", hint=hint)
        key = row["field"], row["ontology"]
        predicates = frozenset(f"skos:{name}" for name in row["predicates"].split())
        roots, ignored = tuple(row["branch"].split()), _words(row["ignored"])
        made[key] = (*made.get(key, ()), Branch(*key, row["by"], roots, predicates, ignored))
    return made


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def reviewed_matches() -> Reviewed:
    """Reason by subject, predicate and object.

    :raises InputError: the file cannot be read, or a line has no reason
    """
    path = resource("ontology") / "concepts" / "reviewed_matches.tsv"
    made: dict[tuple[str, str, str], str] = {}
    for number, row in enumerate(read_table(path), start=2):
        if not row["reason"].strip():
            raise InputError("an exception without a reason", where=f"{path}:{number}", hint="say why")
        made[row["subject_id"], row["predicate_id"], row["object_id"]] = row["reason"]
    return made
