"""Prefixes and ids as the Bioregistry spells them (``bioregistry.json``: an extract of release 0.15.6, CC0)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import curies
import pytest
from pyoxigraph import NamedNode, QuerySolutions

from trialgraph.rdf import iris
from trialgraph.rdf.prefixes import compressed, prefixes
from trialgraph.rdf.vocabulary import PREFIXES, SPELLINGS, compact
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

RECORDS = json.loads(Path(__file__).with_name("bioregistry.json").read_text(encoding="utf-8"))["records"]
# Spelled otherwise than there, and why.
OURS = {
    "MESH": "the Bioregistry prefers mesh and knows MESH as a synonym, which SSSOM files use",
}
# The namespace differs from the Bioregistry's, and why.
NAMESPACES = {
    "MESH": "the IRIs of MeSH RDF; there it is the page of a descriptor",
    "SIO": "the IRIs in SIO's own file have http",
    "qudt": "QUDT's terms have no #",
    "clinicaltrials": "the Bioregistry's own address: pages of registries move",
    "isrctn": "likewise",
}
ADDRESSED = sorted(
    prefix for prefix in PREFIXES if {"uri_format", "rdf_uri_format"} & RECORDS.get(prefix.lower(), {}).keys()
)
KNOWN = sorted(prefix for prefix in PREFIXES if prefix.lower() in RECORDS)


@pytest.fixture(scope="module")
def converter(release: Release) -> curies.Converter:
    return curies.load_extended_prefix_map(release.file("prefixes.json"))


def test_most_prefixes_are_known_there() -> None:
    assert len(KNOWN) >= 30


@pytest.mark.parametrize("prefix", KNOWN)
def test_prefixes_are_spelled_as_there(prefix: str) -> None:
    record = RECORDS[prefix.lower()]
    preferred = record.get("preferred", prefix.lower())
    assert prefix == preferred or (prefix in OURS and prefix in record["synonyms"])


@pytest.mark.parametrize("prefix", ADDRESSED)
def test_namespaces_are_those_of_there(prefix: str) -> None:
    record = RECORDS[prefix.lower()]
    spaces = {record[key].removesuffix("$1") for key in ("uri_format", "rdf_uri_format") if key in record}
    assert (PREFIXES[prefix] not in spaces) == (prefix in NAMESPACES)


@pytest.mark.parametrize("prefix", sorted(SPELLINGS))
def test_patterns_are_those_of_there(prefix: str) -> None:
    assert SPELLINGS[prefix][0] == RECORDS[prefix.lower()]["pattern"]


def test_curies_loads_the_prefix_map(converter: curies.Converter) -> None:
    assert (
        converter.expand("mondo:0007915")
        == converter.expand("MONDO:0007915")
        == f"{PREFIXES['MONDO']}0007915"
    )
    for iri, curie in (
        ("https://identifiers.org/clinicaltrials:NCT01741857", "clinicaltrials:NCT01741857"),
        ("https://www.clinicaltrials.gov/study/NCT01741857", "clinicaltrials:NCT01741857"),
        ("https://bioregistry.io/chictr:ChiCTR-INR-17012462", "chictr:ChiCTR-INR-17012462"),
        ("https://bioregistry.io/doi:10.4252/wjsc.v17.i7.107202", "doi:10.4252/wjsc.v17.i7.107202"),
    ):
        assert converter.compress(iri) == curie


def test_it_compresses_every_iri_as_we_do(converter: curies.Converter, release: Release) -> None:
    terms = {quad.predicate.value for quad in open_store(release)}
    terms |= {quad.object.value for quad in open_store(release) if isinstance(quad.object, NamedNode)}
    ours = {iri: compact(iri) for iri in terms}
    assert {iri: converter.compress(iri) for iri, curie in ours.items() if curie != iri} == {
        iri: curie for iri, curie in ours.items() if curie != iri
    }


def test_the_release_declares_its_prefixes(release: Release) -> None:
    found = open_store(release).query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?prefix ?space "
        "{ ?ontology a <http://www.w3.org/2002/07/owl#Ontology> ; sh:declare ?d . "
        "?d sh:prefix ?prefix ; sh:namespace ?space }"
    )
    assert isinstance(found, QuerySolutions)
    assert {row["prefix"].value: row["space"].value for row in found} == prefixes()


def test_every_iri_of_ours_is_compressed_and_expanded_again(
    converter: curies.Converter, release: Release
) -> None:
    """Trials, reports, arms, products and all else under the base: in ``prefixes.json`` and as we spell CURIEs."""
    nodes = {node for quad in open_store(release) for node in (quad.subject, quad.predicate, quad.object)}
    ours = {
        node.value for node in nodes if isinstance(node, NamedNode) and node.value.startswith(iris.base())
    }
    ours -= set(prefixes().values())  # a namespace alone is no term
    assert len(ours) > 6_000
    found = {iri: converter.compress(iri) for iri in ours}
    assert found == {iri: compressed(iri) for iri in ours}
    assert {iri: converter.expand(curie or "") for iri, curie in found.items()} == {iri: iri for iri in ours}
    assert {curie.partition(":")[0] for curie in found.values() if curie} >= {
        *("tg", "tgc", "tg-trial", "tg-report", "tg-arm", "tg-product", "tg-dose", "tg-finding"),
    }


def test_ids_of_trials_and_the_doi_resolve(release: Release) -> None:
    """Each registered trial has a Bioregistry IRI of the right pattern; NCT ids and the DOI resolve elsewhere, too."""
    found = open_store(release).query(
        "PREFIX tg: <https://w3id.org/trialgraph/ontology/> PREFIX dcterms: <http://purl.org/dc/terms/> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT ?id ?iri ?also { ?t tg:registeredAs ?iri ; dcterms:identifier ?id OPTIONAL { ?t rdfs:seeAlso ?also } }"
    )
    assert isinstance(found, QuerySolutions)
    rows = [(row["id"].value, row["iri"].value, row["also"]) for row in found]
    assert len(rows) == 16
    for identifier, iri, also in rows:
        prefix = iri.removeprefix("https://bioregistry.io/").partition(":")[0]
        assert iri == f"https://bioregistry.io/{prefix}:{identifier}"
        assert re.fullmatch(RECORDS[prefix]["pattern"], identifier)
        known = "miriam" in RECORDS[prefix]
        assert (also.value if also else None) == (
            f"https://identifiers.org/{prefix}:{identifier}" if known else None
        )
    links = open_store(release).query(
        "SELECT ?also { ?s a <https://w3id.org/trialgraph/ontology/Source> ; "
        "<http://www.w3.org/2000/01/rdf-schema#seeAlso> ?also }"
    )
    assert isinstance(links, QuerySolutions)
    assert [row["also"].value for row in links] == ["https://identifiers.org/doi:10.4252/wjsc.v17.i7.107202"]
