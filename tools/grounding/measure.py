"""Precision and coverage of grounding on labelled names: the library alone, the curated list alone, and both.

Usage: python tools/grounding/measure.py [--show] [SAMPLE]

SAMPLE: lines of tests/ontology/grounding_sample.tsv (the default), whose header describes the columns. ``|``
stands between things and ``=`` between terms for one thing; terms that the index holds to be the same thing count
alike. A link is right where it is one of the exact terms, or is said to be broader and is one of those. ``--show``
lists the links that are not right, to be judged by hand.

library: the best match of ``ssslm`` with gilda over the terms of the index. list: the curated concept files.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import ssslm
from gilda.grounder import Grounder
from gilda.term import Term

from trialgraph.terminology.names import grounding
from trialgraph.terminology.names.ontology_index import OntologyIndex, ontology_index
from trialgraph.terminology.names.term_links import PREFERRED

SAMPLE = Path(__file__).parents[2] / "tests" / "ontology" / "grounding_sample.tsv"
FIELDS: dict[str, grounding.Field] = {"condition": "disease", "intervention": "intervention"}
LETTERS = {"disease": "d", "intervention": "ipc"}
DISEASE_LIKE = frozenset({"disease", "cancer", "symptom or finding"})


class Found(NamedTuple):
    """A link that a system makes: its term, and whether the system says that it is broader."""

    curie: str
    broader: bool


System = Callable[[str, grounding.Field], list[Found]]


class Entries:
    """The names of the index as gilda's grounder wants them."""

    def __init__(self, index: OntologyIndex, letters: str) -> None:
        self.index, self.letters = index, letters

    def get(self, key: str, default: Any = None) -> Any:
        """The terms under a key."""
        made = []
        for scope, number, name in self.index._named(key):
            term = self.index.term(number)
            if term.fields in self.letters:
                status = "name" if scope == "L" else "synonym"
                made.append(
                    Term(
                        key,
                        name,
                        term.ontology,
                        term.curie.partition(":")[2],
                        term.label,
                        status,
                        term.ontology,
                    )
                )
        return made or default


def library(index: OntologyIndex) -> System:
    """The library's own best match over the same terms."""
    made = {}
    for field, letters in LETTERS.items():
        own = Grounder([], namespace_priority=list(PREFERRED[field]))  # type: ignore[index]
        own.entries = Entries(index, letters)
        made[field] = ssslm.make_grounder(own)

    def best(name: str, field: grounding.Field) -> list[Found]:
        match = made[field].get_best_match(name)
        return [Found(f"{match.prefix.upper()}:{match.identifier}", False)] if match else []

    return best


def both(name: str, field: grounding.Field) -> list[Found]:
    """What the readers use."""
    return [Found(link.curie, link.relation == "broader") for link in grounding.ground(name, field).links]


def curated(name: str, field: grounding.Field) -> list[Found]:
    """The concept files without the index."""
    with mock.patch.object(grounding, "ontology_index", return_value=None):
        found = grounding._ground(name, field, {})
    return [Found(link.curie, link.relation == "broader") for link in found.links]


def rows(path: Path) -> list[dict[str, str]]:
    """The labelled names."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def things(index: OntologyIndex, curies: str) -> set[str]:
    """CURIEs, each with those of the terms that are the same thing."""
    made: set[str] = set()
    for curie in filter(None, re.split(r"[|=]", curies)):
        made.add(curie)
        if term := index.find(curie):
            made |= {index.term(number).curie for number in term.same}
    return made


def judged(
    system: System, sample: list[dict[str, str]], index: OntologyIndex
) -> Iterator[tuple[dict[str, str], Found, str]]:
    """Each link with ``right``, ``broad`` (right, and said to be broader) or ``wrong``."""
    for row in sample:
        exact, broader = things(index, row["exact"]), things(index, row["broader"])
        for found in system(row["name"], FIELDS[row["kind"]]):
            if found.curie in exact:
                yield row, found, "right"
            elif found.broader and found.curie in broader | exact:
                yield row, found, "broad"
            else:
                yield row, found, "wrong"


def share(part: int, whole: int) -> str:
    """As a percentage with both numbers."""
    return f"{part} of {whole}, {100 * part / whole:.1f} %" if whole else "none"


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--show", action="store_true")
    asked.add_argument("sample", nargs="?", type=Path, default=SAMPLE)
    said = asked.parse_args()
    index = ontology_index()
    if index is None:
        sys.exit("the index needs the extra: pip install 'trialgraph[ontologies]'")
    sample = rows(said.sample)
    disease_like = [r for r in sample if r["kind"] == "condition" and r["category"] in DISEASE_LIKE]
    given = [r for r in sample if r["kind"] == "intervention" and r["term_exists"] == "yes"]
    for name, system in (("library", library(index)), ("list", curated), ("both", both)):
        links = list(judged(system, sample, index))
        right = {id(row) for row, _, verdict in links if verdict == "right"}
        wrong = [(row, found) for row, found, verdict in links if verdict == "wrong"]
        print(
            f"{name}: precision {share(len(links) - len(wrong), len(links))}; coverage of disease-like names "
            f"{share(sum(id(r) in right for r in disease_like), len(disease_like))}; of interventions with a term "
            f"{share(sum(id(r) in right for r in given), len(given))}"
        )
        if said.show:
            for row, found in wrong:
                print(f"  {row['kind']}\t{row['name']}\t{found.curie}{' (broader)' if found.broader else ''}")


if __name__ == "__main__":
    main()
