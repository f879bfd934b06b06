"""Write ontology/module.ttl from pinned releases; ``--check`` only says whether it is out of date.

MONDO, CL, UBERON, EFO, PATO and ChEBI come from PyPI's cellxgene-ontology-guide (dependency group ``module``), the
rest from slices.ttl beside this file. Nothing is fetched. Usage: python tools/module/make.py [--check]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Set
from importlib.resources import files
from pathlib import Path
from typing import Any

import zstandard
from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.base.errors import UsageError
from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, compact, expand
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.module import (
    DEFINITION,
    RELATED_SYNONYM,
    REPLACED_BY,
    Terms,
    extract,
    from_rdf,
    in_use,
    recipe,
    turtle,
)

SLICES = Path(__file__).with_name("slices.ttl")
TARGET = Path(__file__).parents[2] / "ontology" / "module.ttl"
SCOPED = {expand(f"oboInOwl:has{scope}Synonym") for scope in ("Exact", "Broad", "Narrow", "Related")}


def guide(name: str) -> dict[str, Any]:
    """One file of the guide: CURIE -> label, deprecated, ancestors with their distance, synonyms."""
    packed = (files("cellxgene_ontology_guide") / "data" / name).read_bytes()
    found: dict[str, Any] = json.loads(zstandard.ZstdDecompressor().stream_reader(packed).read())
    return found


def needed(found: Mapping[str, Any], wanted: Set[str]) -> set[str]:
    """The terms of the guides that the module may hold: those wanted, what is below its roots, and their ancestors."""
    roots = set(recipe()["terms"]["roots"])
    chosen = {
        c for c, about in found.items() if c in wanted or c in roots or roots & about["ancestors"].keys()
    }
    new = chosen
    while new:  # an ancestor in another ontology has ancestors of its own
        new = found.keys() & set().union(*(found[curie]["ancestors"] for curie in new)) - chosen
        chosen = chosen | new
    return chosen


def as_triples(found: Mapping[str, Any], chosen: Set[str], parents: bool) -> Terms:
    """The chosen terms of a guide."""
    made: Terms = {}
    for curie in sorted(chosen):
        about = found[curie]
        node = expand(curie)
        made[node] = {Triple(node, RDF.type, OWL.Class)}
        for predicate, words in (
            (RDFS.label, [about["label"]]),
            (DEFINITION, [about.get("description")]),
            (RELATED_SYNONYM, about.get("synonyms", [])),
        ):
            made[node].update(Triple(node, predicate, Literal(text)) for text in words if text)
        if about["deprecated"]:
            made[node].add(Triple(node, OWL.deprecated, Literal(True)))
        up = [c for c, distance in about["ancestors"].items() if distance == 1] if parents else []
        for predicate, curies in ((RDFS.subClassOf, up), (REPLACED_BY, [about.get("replaced_by")])):
            for target in curies:
                try:
                    made[node].update([Triple(node, predicate, expand(target))] if target else [])
                except UsageError:
                    made[node].update([Triple(node, predicate, expand(f"obo:{target.replace(':', '_')}"))])
    return made


def with_scopes(sliced: Set[Triple], guided: Set[Triple]) -> set[Triple]:
    """The triples of both; a synonym whose scope the slices state keeps that one."""
    stated = {t.object for t in sliced if t.predicate in SCOPED}
    return {*sliced, *(t for t in guided if t.predicate not in SCOPED or t.object not in stated)}


def made() -> bytes:
    """The module as it ought to be."""
    terms, releases = from_rdf(SLICES), {}
    # A guide has a hundred times the terms of the module, so only those that it may hold become triples.
    named = {compact(t.object.value) for ts in terms.values() for t in ts if isinstance(t.object, NamedNode)}
    listed = recipe()["terms"]
    wanted = in_use(lexicon()) | named | {*listed["also"], *listed["obsolete"]}
    guides: dict[str, dict[str, Any]] = {}
    for key, about in recipe()["ontology"].items():
        releases[key] = about["release"]
        if "guide" in about:
            prefixes = tuple(f"{prefix}:" for prefix in about["prefixes"])
            guides[key] = {c: term for c, term in guide(about["guide"]).items() if c.startswith(prefixes)}
    chosen = needed({c: term for found in guides.values() for c, term in found.items()}, wanted)
    for key, found in guides.items():
        with_parents = recipe()["ontology"][key].get("guide_parents", True)
        for node, triples in as_triples(found, chosen & found.keys(), with_parents).items():
            terms[node] = with_scopes(terms.get(node, set()), triples)
    return turtle(extract(terms, in_use(lexicon())), releases)


def main() -> int:
    """Write, or compare."""
    new = made()
    if "--check" not in sys.argv:
        TARGET.write_bytes(new)
        return 0
    if new != TARGET.read_bytes():
        print(f"{TARGET.name} is not what its sources give; run: make module", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
