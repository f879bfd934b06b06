"""Ontologies to the module: how OBO and OWL are read, what is taken, how it is written."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.paths import ROOT
from trialgraph.base.errors import InputError
from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, expand
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.module import (
    DEFINITION,
    PART_OF,
    REPLACED_BY,
    Terms,
    extract,
    from_obo,
    from_rdf,
    in_use,
    ontology_of,
    recipe,
    turtle,
)

EXTRACTS = ROOT / "tests" / "ontology" / "releases"


def of(terms: Terms, curie: str, predicate: ox.NamedNode) -> set[str]:
    """The values of a property of a term, as text."""
    return {getattr(t.object, "value", "") for t in terms[expand(curie)] if t.predicate == predicate}


def test_obo_is_read_with_its_release(tmp_path: Path) -> None:
    terms, version = from_obo(EXTRACTS / "maxo.obo")
    assert version == "2024-07-29"
    assert of(terms, "MAXO:0000016", RDFS.label) == {"cellular therapy"}
    assert of(terms, "MAXO:0000001", expand("oboInOwl:hasNarrowSynonym")) >= {"health care process"}
    made = tmp_path / "made.obo"
    made.write_text(
        "format-version: 1.2\n\n[Term]\nid: CL:1\nname: old\nis_obsolete: true\nreplaced_by: CL:2\n\n"
        '[Term]\nid: CL:2\nname: new\ndef: "says \\"so\\"" [PMID:1]\nis_a: CL:3 {source="x"} ! three\n'
        "relationship: part_of UBERON:5 ! whole\nrelationship: develops_from CL:4\nxref: X:1\n\n"
        "[Term]\nid: ZZ:9\nname: of a stranger\n\n[Typedef]\nid: part_of\nname: part of\n",
        encoding="utf-8",
    )
    terms, version = from_obo(made)
    assert version == ""
    assert set(terms) == {expand("CL:1"), expand("CL:2")}
    assert (of(terms, "CL:1", OWL.deprecated), of(terms, "CL:1", REPLACED_BY)) == (
        {"true"},
        {expand("CL:2").value},
    )
    assert of(terms, "CL:2", DEFINITION) == {'says "so"'}
    assert of(terms, "CL:2", RDFS.subClassOf) == {expand("CL:3").value}
    assert of(terms, "CL:2", PART_OF) == {expand("UBERON:5").value}


def test_owl_is_read_with_parts_as_plain_triples() -> None:
    terms = from_rdf(EXTRACTS / "cl.owl")
    assert of(terms, "CL:0002540", RDFS.label) == {"mesenchymal stem cell of the bone marrow"}
    assert of(terms, "CL:4030035", PART_OF) == {expand("UBERON:0001754").value}
    assert not any(isinstance(node, ox.BlankNode) for found in terms.values() for t in found for node in t)
    assert of(from_rdf(EXTRACTS / "ico.owl"), "ICO:0000094", OWL.deprecated) == {"true"}


@pytest.mark.parametrize("name", ["no.owl", "bad.owl", "bad.ttl"])
def test_a_file_that_is_no_rdf_is_one_line(name: str, tmp_path: Path) -> None:
    if name.startswith("bad"):
        (tmp_path / name).write_text("<rdf:RDF", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be read as (?:RDF|XML)"):
        from_rdf(tmp_path / name)


def made(*lines: tuple[str, str, str]) -> Terms:
    """Terms of triples in CURIEs; a text where the object has no colon."""
    terms: Terms = {}
    for subject, predicate, target in lines:
        node = expand(target) if ":" in target else ox.Literal(target)
        terms.setdefault(expand(subject), set()).add(ox.Triple(expand(subject), expand(predicate), node))
    return terms


def test_what_is_used_and_all_above_it_is_taken_and_no_more() -> None:
    terms = made(
        ("CL:1", "rdfs:subClassOf", "CL:2"),
        ("CL:1", "BFO:0000050", "UBERON:3"),
        ("CL:1", "BFO:0000050", "UBERON:404"),
        ("CL:1", "IAO:0000115", "used"),
        ("CL:2", "rdfs:subClassOf", "CL:4"),
        ("CL:2", "IAO:0000115", "only above"),
        ("CL:4", "rdfs:label", "root"),
        ("UBERON:3", "rdfs:label", "whole"),
        ("CL:5", "rdfs:subClassOf", "CL:4"),
        ("CL:6", "rdfs:subClassOf", "CL:0000134"),
        ("CL:7", "rdfs:subClassOf", "CL:6"),
        ("CL:0000134", "rdfs:label", "a root of the recipe"),
    )
    found = extract(terms, {"CL:1"})
    assert {node.value for node in found} == {
        expand(c).value for c in ("CL:1", "CL:2", "CL:4", "UBERON:3", "CL:0000134", "CL:6", "CL:7")
    }
    # A link to what no release holds is left out, and so is a definition of a term that is not in use.
    assert of(found, "CL:1", PART_OF) == {expand("UBERON:3").value}
    assert (of(found, "CL:1", DEFINITION), of(found, "CL:2", DEFINITION)) == ({"used"}, set())


def test_a_circle_ends() -> None:
    found = extract(made(("CL:1", "rdfs:subClassOf", "CL:2"), ("CL:2", "rdfs:subClassOf", "CL:1")), {"CL:1"})
    assert len(found) == 2


def test_the_recipe_names_each_ontology_of_the_concept_files_once() -> None:
    used = in_use(lexicon())
    assert len(used) > 300
    assert {curie for curie in used if ontology_of(curie) is None} == set()
    assert ontology_of("tg:Trial") is None
    prefixes = [prefix for about in recipe()["ontology"].values() for prefix in about["prefixes"]]
    assert len(prefixes) == len(set(prefixes))


def test_writing_is_in_order_whatever_the_order_of_what_is_written() -> None:
    lines = [(f"CL:{n}", "rdfs:label", f"cell {n}") for n in range(30)]
    lines += [(f"CL:{n}", "rdf:type", "owl:Class") for n in range(30)]
    releases = {name: about["release"] for name, about in recipe()["ontology"].items()}
    one, two = turtle(made(*lines), releases), turtle(made(*reversed(lines)), releases)
    assert one == two
    triples = {quad.triple for quad in ox.parse(one, format=ox.RdfFormat.TURTLE)}
    cell = expand("CL:7")
    assert ox.Triple(cell, RDF.type, OWL.Class) in triples
    assert ox.Triple(cell, RDFS.isDefinedBy, ox.NamedNode(recipe()["ontology"]["CL"]["iri"])) in triples


@pytest.mark.skipif(
    find_spec("cellxgene_ontology_guide") is None and not os.environ.get("CI"),
    reason="the pinned releases are in the dependency group `module` (make .venv/.dev)",
)
def test_the_committed_module_is_what_the_pinned_releases_give() -> None:
    script = ROOT / "tools" / "module" / "make.py"
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, str(script), "--check"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
