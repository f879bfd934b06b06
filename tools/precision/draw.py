"""A random sample of the links that the readers make in the names of a registry's trials, to be judged by hand.

Usage: python tools/precision/draw.py [--of names|keywords|arms] [--but SAMPLE] SEED SIZE STUDIES...
       python tools/precision/draw.py --coverage STUDIES...

Writes lines of tests/ontology/precision_sample.tsv with verdict, reason and draw still empty; or how many names have a
link. STUDIES: files of ClinicalTrials.gov records, one JSON object a line, plain or gzip. ``--of keywords``: besides
the names of conditions and interventions their keywords and other names; ``--of arms``: instead of them the labels of
arms and the MeSH terms. ``--but``: no name is drawn that stands in that sample already, whatever its capitals, hyphens
and plural. SIZE 0 is all. A draw can be repeated only with the readers of its time: what they link has changed since.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from trialgraph.extract.columns.administration.combination import read_combination
from trialgraph.extract.columns.administration.route import read_routes
from trialgraph.extract.columns.cell_source import read_products
from trialgraph.extract.columns.disease import read_condition
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import lexicon, normalise
from trialgraph.terminology.names.ontology_index import ontology_index

FIELDS = {"condition": ("disease",), "intervention": ("cell source", "administration")}


class Link(NamedTuple):
    """One concept that the readers find in a name; the name's kind is ``condition`` or ``intervention``."""

    text: str
    name: str
    field: str
    concept: str


def names(studies: Iterable[str], of: str = "names") -> Iterator[tuple[str, str]]:
    """Kind and text of the names in records that are read line by line."""
    for line in studies:
        record = json.loads(line)
        protocol = record.get("protocolSection", {})
        given = protocol.get("armsInterventionsModule", {})
        if of == "arms":
            browse = record.get("derivedSection", {}).get("conditionBrowseModule", {})
            yield from (
                ("condition", found["term"]) for k in ("meshes", "ancestors") for found in browse.get(k, ())
            )
            yield from (("intervention", arm["label"]) for arm in given.get("armGroups", ()))
            continue
        told = protocol.get("conditionsModule", {})
        yield from (("condition", text) for text in told.get("conditions", ()))
        yield from (("intervention", one["name"]) for one in given.get("interventions", ()))
        if of == "keywords":
            yield from (("condition", text) for text in told.get("keywords", ()))
            yield from (
                ("intervention", text)
                for one in given.get("interventions", ())
                for text in one.get("otherNames", ())
            )


def links(name: str, text: str) -> dict[Link, str]:
    """The links that the readers of that kind of column make in a name: ``linked``, or by their rule ``broader``."""
    cells = [Cell(field, field, field.replace(" ", "-"), 1, text, 0, len(text)) for field in FIELDS[name]]
    made: dict[tuple[str, str], str] = {}
    if name == "condition":
        condition, _ = read_condition(cells[0])
        if condition and condition.disease:
            said = "broader" if condition.reading.rule == "disease.broader" else "linked"
            made["disease", condition.disease.id] = said
        if condition and condition.site:
            made["site", condition.site.id] = "linked"
        made |= {("qualifier", q.id): "linked" for q in (condition.qualifiers if condition else ())}
        return {Link(text, name, *pair): said for pair, said in made.items()}
    for product in read_products(cells[0])[0]:
        donor = lexicon().lookup("donor", product.donor) if product.donor else None
        found = {
            "cell_type": product.cell_type,
            "tissue": product.tissue,
            "donor": donor.concept if donor else None,
        }
        made |= {(field, concept.id): "linked" for field, concept in found.items() if concept}
        if product.cell_type and product.reading.rule == "cell-source.broader":
            made["cell_type", product.cell_type.id] = "broader"
    made |= {("product", drug.id): "linked" for drug, _ in read_combination(cells[1]) if drug}
    made |= {("route", route.id): "linked" for route, _ in read_routes(cells[1])}
    return {Link(text, name, *pair): said for pair, said in made.items()}


def _open(path: str) -> list[str]:
    packed = Path(path).read_bytes()
    return (gzip.decompress(packed) if path.endswith(".gz") else packed).decode("utf-8").splitlines()


def _judged(sample: str) -> set[str]:
    lines = [
        line for line in Path(sample).read_text(encoding="utf-8").splitlines() if not line.startswith("# ")
    ]
    return {normalise(row["text"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def draw(printed: Iterable[tuple[str, str]], seed: int, size: int, judged: set[str]) -> list[Link]:
    """So many of the different links in all names but the judged ones, by chance, sorted; all of them for size 0."""
    new = {pair for pair in printed if normalise(pair[1]) not in judged}
    found = sorted({link for name, text in new for link in links(name, text)})
    print(f"{len(found)} links in {len(new)} names; {size or len(found)} drawn", file=sys.stderr)
    drawn = random.Random(seed).sample(found, size) if size else found  # noqa: S311 - no secret
    return sorted(drawn, key=lambda link: (link.name, link))


def coverage(printed: list[tuple[str, str]]) -> Iterator[str]:
    """A line for each kind of name: how many have a link, of those that differ and of those that are printed."""
    for name in FIELDS:
        counted = Counter(text for kind, text in printed if kind == name)
        linked = [text for text in counted if links(name, text)]
        yield (
            f"{name} names with a link: {len(linked)} of {len(counted)} different ones, "
            f"{sum(counted[text] for text in linked)} of {counted.total()} printed"
        )


def _label(concept: str) -> str:
    """The label of a concept, or of a term that the index has linked."""
    if known := lexicon().concepts.get(concept):
        return known.label
    index = ontology_index()
    term = index.find(concept) if index else None
    return term.label if term else ""


def main(words: list[str]) -> None:
    """Print what the usage says."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--of", choices=("names", "keywords", "arms"), default="names")
    asked.add_argument("--but", type=_judged, default=set())
    asked.add_argument("--coverage", action="store_true")
    asked.add_argument("words", nargs="+")
    said = asked.parse_args(words)
    files = said.words if said.coverage else said.words[2:]
    printed = [pair for path in files for pair in names(_open(path), said.of)]
    if said.coverage:
        print(*coverage(printed), sep="\n")
        return
    seed = said.words[0]
    for link in draw(printed, int(seed), int(said.words[1]), said.but):
        print(*link, _label(link.concept), "", "", "", seed, links(link.name, link.text)[link], sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
