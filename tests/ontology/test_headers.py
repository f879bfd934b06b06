"""Each file has one header, of which the OWL API (Protégé), owlready2, horned-owl and rdflib report the same."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import owlready2  # type: ignore[import-untyped]  # ships no types
import pyhornedowl
import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF

from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.release.export import export
from trialgraph.release.open import Release

READER: Final = Path(__file__).with_name("Header.java")
ONE: Final = "trial=NCT01663116"
#: Name, options of the export, and what follows the IRIs and the title of the dataset in those of the file.
FILES: Final[Mapping[str, tuple[dict[str, object], str, str, str]]] = {
    "whole": ({}, "", "", ""),
    "core": ({"core": True}, "/core", "/core", ": the core"),
    "subset": ({"only": [ONE]}, f"#only-{quote(ONE)}", f"#only-{quote(ONE)}", f": only {ONE}"),
}
Header = tuple[str, str, str]


@pytest.fixture(scope="module")
def folder(sample: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("headers")
    for name, (options, *_) in FILES.items():
        parts = export(sample, "rdfxml", **options)  # type: ignore[arg-type] # each is right for its name
        (folder / f"{name}.rdf").write_bytes(b"".join(parts))
    return folder


@pytest.fixture(scope="module")
def expected(sample: Release) -> dict[str, Header]:
    title = "Clinical trials read out of review tables"
    page, release = iris.page().value, iris.release(sample.hash).value
    return {name: (page + a, release + b, title + c) for name, (_, a, b, c) in FILES.items()}


def by_rdflib(graph: rdflib.Graph) -> Header:
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert list(graph.objects(header, DCTERMS.creator))
    assert list(graph.objects(header, DCTERMS.license))
    assert list(graph.objects(header, OWL.versionInfo))
    return str(header), str(graph.value(header, OWL.versionIRI)), str(graph.value(header, DCTERMS.title))


def test_rdflib(folder: Path, expected: dict[str, Header]) -> None:
    found = {name: by_rdflib(rdflib.Graph().parse(folder / f"{name}.rdf", format="xml")) for name in FILES}
    assert found == expected


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_has_the_header(name: str, sample: Release, expected: dict[str, Header]) -> None:
    text = b"".join(export(sample, name, core=True))
    with warnings.catch_warnings():  # rdflib's own readers use what rdflib calls deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        graph: rdflib.Graph = (
            rdflib.Dataset(default_union=True) if EXPORT_FORMATS[name].dataset else rdflib.Graph()
        )
        graph.parse(data=text, format={"jsonld": "json-ld", "rdfxml": "xml"}.get(name, name))
        assert by_rdflib(graph) == expected["core"]


def test_horned_owl(folder: Path, expected: dict[str, Header]) -> None:
    found = {}
    for name in FILES:
        ontology = pyhornedowl.open_ontology(str(folder / f"{name}.rdf"), "rdf")
        annotations = [str(one) for one in ontology.get_components() if "dc/terms/title" in str(one)]
        title = next(
            one for one in annotations if one.startswith("Annotation(<http://purl.org/dc/terms/title>")
        )
        iri, version = ontology.get_iri(), ontology.get_version_iri()
        found[name] = (str(iri), str(version), title.partition('"')[2].rpartition('"')[0])
    assert found == expected


def test_owlready2(folder: Path, expected: dict[str, Header]) -> None:
    for name, (iri, version, title) in expected.items():
        world = owlready2.World()
        ontology = world.get_ontology((folder / f"{name}.rdf").as_uri()).load(only_local=True)
        assert ontology.base_iri.rstrip("#/") == iri
        graph = world.as_rdflib_graph()
        node = rdflib.URIRef(iri)
        assert (str(graph.value(node, OWL.versionIRI)), str(graph.value(node, DCTERMS.title))) == (
            version,
            title,
        )
        world.close()


def test_the_owl_api(owl_api: tuple[str, str], folder: Path, expected: dict[str, Header]) -> None:
    java, jars = owl_api
    files = [str(folder / f"{name}.rdf") for name in FILES]
    done = subprocess.run(
        [java, "-cp", jars, str(READER), *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = []
    for line in done.stdout.splitlines():
        kind, *words = line.split("\t")
        if kind == "header":
            found.append(words)
        elif words[0] == str(DCTERMS.title):
            found[-1].append(words[1])
    assert found == [list(header) for header in expected.values()]
