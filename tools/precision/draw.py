"""A random sample of the links that the readers make in the names of a registry's trials, to be judged by hand.

Usage: python tools/precision/draw.py SEED SIZE STUDIES... [--but SAMPLE]   (a sample as TSV, verdicts empty)
       python tools/precision/draw.py --coverage STUDIES...

STUDIES: files of ClinicalTrials.gov records, one JSON object a line, plain or gzip. ``--but``: no name is drawn that
stands in that sample already, whatever its capitals, hyphens and plural. A draw can be repeated only with the readers
of its time: what they link has changed since.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from trialgraph.concepts import lexicon, normalise
from trialgraph.fields.cell_source import read_products
from trialgraph.fields.combination import read_combination
from trialgraph.fields.disease import read_condition
from trialgraph.fields.route import read_routes
from trialgraph.rows.row import Cell

FIELDS = {"condition": ("disease",), "intervention": ("cell source", "administration")}


class Link(NamedTuple):
    """One concept that the readers find in a name; the name's kind is ``condition`` or ``intervention``."""

    text: str
    name: str
    field: str
    concept: str


def names(studies: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Kind and text of every condition and intervention of records that are read line by line."""
    for line in studies:
        protocol = json.loads(line).get("protocolSection", {})
        for text in protocol.get("conditionsModule", {}).get("conditions", ()):
            yield "condition", text
        for given in protocol.get("armsInterventionsModule", {}).get("interventions", ()):
            yield "intervention", given["name"]


def links(name: str, text: str) -> set[Link]:
    """The links that the readers of that kind of column make in a name."""
    cells = [Cell(field, field, field.replace(" ", "-"), 1, text, 0, len(text)) for field in FIELDS[name]]
    made: set[tuple[str, str]] = set()
    if name == "condition":
        condition, _ = read_condition(cells[0])
        if condition:
            made |= {("disease", condition.disease.id)} if condition.disease else set()
            made |= {("site", condition.site.id)} if condition.site else set()
            made |= {("qualifier", qualifier.id) for qualifier in condition.qualifiers}
        return {Link(text, name, *pair) for pair in made}
    for product in read_products(cells[0])[0]:
        made |= {("cell_type", product.cell_type.id)} if product.cell_type else set()
        made |= {("tissue", product.tissue.id)} if product.tissue else set()
        donor = lexicon().lookup("donor", product.donor) if product.donor else None
        made |= {("donor", donor.concept.id)} if donor else set()
    made |= {("product", drug.id) for drug, _ in read_combination(cells[1]) if drug}
    made |= {("route", route.id) for route, _ in read_routes(cells[1])}
    return {Link(text, name, *pair) for pair in made}


def _open(path: str) -> list[str]:
    packed = Path(path).read_bytes()
    return (gzip.decompress(packed) if path.endswith(".gz") else packed).decode("utf-8").splitlines()


def _judged(sample: str) -> set[str]:
    lines = [
        line for line in Path(sample).read_text(encoding="utf-8").splitlines() if not line.startswith("# ")
    ]
    return {normalise(row["text"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def draw(printed: Iterable[tuple[str, str]], seed: int, size: int, judged: set[str]) -> list[Link]:
    """So many of the different links in all names but the judged ones, by chance, sorted."""
    new = {pair for pair in printed if normalise(pair[1]) not in judged}
    found = sorted({link for name, text in new for link in links(name, text)})
    print(f"{len(found)} links in {len(new)} names; {size} drawn", file=sys.stderr)
    return sorted(random.Random(seed).sample(found, size), key=lambda link: (link.name, link))  # noqa: S311 - no secret


def coverage(printed: list[tuple[str, str]]) -> Iterator[str]:
    """A line for each kind of name: how many have a link, of those that differ and of those that are printed."""
    for name in FIELDS:
        counted = Counter(text for kind, text in printed if kind == name)
        linked = [text for text in counted if links(name, text)]
        yield (
            f"{name} names with a link: {len(linked)} of {len(counted)} different ones, "
            f"{sum(counted[text] for text in linked)} of {counted.total()} printed"
        )


def main(words: list[str]) -> None:
    """Print what the usage says."""
    but = words.index("--but") if "--but" in words else len(words)
    judged = _judged(words[but + 1]) if but < len(words) else set()
    if words[0] == "--coverage":
        printed = [pair for path in words[1:] for pair in names(_open(path))]
        print(*coverage(printed), sep="\n")
        return
    printed = [pair for path in words[2:but] for pair in names(_open(path))]
    concepts = lexicon().concepts
    for link in draw(printed, int(words[0]), int(words[1]), judged):
        print(*link, concepts[link.concept].label, "", "", sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
