"""Cross-references: what releases of other ontologies say their terms are called elsewhere.

``ontology/xrefs.sssom.tsv`` is SSSOM like the concept files, but each line is a statement of the release or mapping set
that it names (MONDO, DOID, HP, ChEBI, Biomappings), none is ours. Its own prefixes hold in it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pyoxigraph import NamedNode

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource

__all__ = ["Xref", "read_xrefs", "xrefs"]

_FILE: Final = "xrefs.sssom.tsv"


@dataclass(frozen=True, slots=True)
class Xref:
    """One line.

    :param predicate: ``skos:exactMatch`` where a curator said so, else ``oboInOwl:hasDbXref``
    :param justification: CURIE of SEMAPV, as the release has it
    :param version: the release that says it
    """

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode
    justification: str
    version: str


@cache
def xrefs() -> tuple[Xref, ...]:
    """The packaged cross-references.

    :raises InputError: the file is missing or malformed
    """
    return read_xrefs(resource("ontology") / _FILE)


def read_xrefs(path: Path) -> tuple[Xref, ...]:
    """The lines of a file of cross-references.

    :raises InputError: it is missing, its header is no YAML, or an id has a prefix that the header does not declare
    """
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
        head = [line for line in rows if line.startswith("#")]
        spaces = dict(yaml.safe_load("\n".join(line[1:].removeprefix(" ") for line in head))["curie_map"])
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph") from error
    made = []
    body = csv.DictReader(rows[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(body, start=len(head) + 2):
        try:
            subject, predicate, target = (_iri(row[f"{side}_id"], spaces) for side in _SIDES)
        except (KeyError, ValueError) as error:
            raise InputError(
                f"no id with a declared prefix: {error}", where=f"{path}:{number}", hint="correct the line"
            ) from error
        version = row["subject_source_version"]
        made.append(Xref(subject, predicate, target, row["mapping_justification"], version))
    return tuple(made)


_SIDES: Final = ("subject", "predicate", "object")


def _iri(curie: str, spaces: dict[str, str]) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(spaces[prefix] + local)
