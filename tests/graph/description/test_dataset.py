"""The release described in its own graph."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from tests.graph_samples import sample_quads
from tests.paths import ROOT
from tests.sample_table import SLUG, sample_source
from tools.ontology.version import recorded
from trialgraph.base.settings import DEFAULTS
from trialgraph.graph.description import describer
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, SPDX, TG, VOID, XSD, compact
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release

BY = NamedNode("https://creativecommons.org/licenses/by/4.0/")
BY_NC = NamedNode("https://creativecommons.org/licenses/by-nc/4.0/")
ZERO = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")


@pytest.fixture(scope="module")
def meta(sample: Release) -> set[Quad]:
    return set(parse(path=str(sample.path / "meta.nq"), format=RdfFormat.N_QUADS))


def values(meta: set[Quad], subject: NamedNode, predicate: NamedNode) -> set[object]:
    return {quad.object for quad in meta if quad.subject == subject and quad.predicate == predicate}


def test_it_counts_what_the_manifest_counts_but_itself(sample: Release, meta: set[Quad]) -> None:
    counts = sample.manifest["counts"]
    data = {q.triple for q in parse(path=str(sample.path / "dataset.nq"), format=RdfFormat.N_QUADS)}
    assert values(meta, iris.release(sample.hash), VOID.triples) == {Literal(len(data))}
    assert counts["triples"] == len(data | {q.triple for q in meta})
    assert counts["graphs"]["meta"] == len(meta)
    others = {name: triples for name, triples in counts["graphs"].items() if name != "meta"}
    for name, triples in others.items():
        assert values(meta, iris.graph(name), VOID.triples) == {Literal(triples)}
    parts = {iris.graph(name) for name in others}
    assert values(meta, iris.release(sample.hash), VOID.subset) == parts
    described = values(meta, iris.graph("meta"), FOAF.primaryTopic)
    assert described == {iris.release(sample.hash)}


def test_it_says_what_it_counts(sample: Release, meta: set[Quad]) -> None:
    (about,) = values(meta, iris.release(sample.hash), DCTERMS.description)
    assert isinstance(about, Literal)
    assert "the graph meta, in which this description stands, is not counted" in about.value


def test_every_graph_has_its_licence(sample: Release, meta: set[Quad]) -> None:
    found = {
        name: values(meta, iris.graph(name), DCTERMS.license) for name in sample.manifest["counts"]["graphs"]
    }
    # The terms of others keep the licences of theirs (ontology/module.toml).
    assert BY in found["module"]
    assert len(found.pop("module")) > 1
    assert found == {
        SLUG: {BY},
        "provenance": {BY_NC},
        "quality": {BY},
        "summary": {BY},
        "ontology": {BY},
        "mappings": {ZERO},
        "meta": {ZERO},
    }


def test_it_names_the_sources_and_what_they_were(sample: Release, meta: set[Quad]) -> None:
    source = iris.source(SLUG)
    article = NamedNode("https://doi.org/10.1000/sample.1")
    assert values(meta, iris.release(sample.hash), PROV.wasDerivedFrom) == {source, article}
    assert values(meta, source, TG.sha256) == {Literal(sample_source().sha256)}
    assert values(meta, source, DCTERMS.source) == {article}


def test_its_dates_are_the_newest_of_the_inputs(sample: Release, meta: set[Quad]) -> None:
    newest = {Literal(recorded()["trialgraph.ttl"][0], datatype=XSD.date)}
    node = iris.release(sample.hash)
    assert values(meta, node, DCTERMS.issued) == values(meta, node, DCTERMS.modified) == newest


def test_every_file_is_a_distribution(sample: Release, meta: set[Quad]) -> None:
    files = {iris.export(name) for name in sample.manifest["files"]}
    assert values(meta, iris.release(sample.hash), DCAT.distribution) == files
    licences = {name: values(meta, iris.export(name), DCTERMS.license) for name in sample.manifest["files"]}
    assert licences["trials.csv"] == {BY, BY_NC}
    assert licences["meta.nq"] == licences["prefixes.json"] == {ZERO}
    assert licences["dataset.nq"] == licences["trialgraph.ttl"] >= {BY, BY_NC, ZERO}


def test_files_without_it_have_their_size_and_checksum_in_it(sample: Release, meta: set[Quad]) -> None:
    """A file that holds the description cannot hold its own checksum."""
    sized = {quad.subject for quad in meta if quad.predicate == DCAT.byteSize}
    names = {"dataset.nq", "trials.csv", "trials-all.csv", "prefixes.json", "trialgraph-core.ttl"}
    assert sized == {iris.export(name) for name in names}
    for name in names:
        content = (sample.path / name).read_bytes()
        assert values(meta, iris.export(name), DCAT.byteSize) == {Literal(len(content))}
        (checksum,) = values(meta, iris.export(name), SPDX.checksum)
        assert isinstance(checksum, NamedNode)
        digest = Literal(hashlib.sha256(content).hexdigest(), datatype=XSD.hexBinary)
        assert values(meta, checksum, SPDX.checksumValue) == {digest}
        assert values(meta, checksum, SPDX.algorithm) == {SPDX.checksumAlgorithm_sha256}


def test_it_says_whom_to_thank_as_the_citation_file_does(sample: Release, meta: set[Quad]) -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    node = iris.release(sample.hash)
    (maker,) = values(meta, node, DCTERMS.creator)
    assert isinstance(maker, NamedNode)
    assert values(meta, maker, FOAF.name) == {Literal(author["name"]) for author in cited["authors"]}
    assert values(meta, node, DCAT.keyword) == {Literal(word) for word in cited["keywords"]}


def test_it_declares_the_terms_that_only_it_uses(meta: set[Quad]) -> None:
    kinds = {quad.object for quad in meta if quad.predicate == RDF.type}
    assert {OWL.AnnotationProperty, OWL.Class} <= kinds
    foreign = {"void", "void-ext", "dcat", "prov", "schema", "sh", "spdx", "foaf"}
    used = {quad.predicate for quad in meta}
    declared = {q.subject for q in meta if q.predicate == RDF.type and q.object == OWL.AnnotationProperty}
    assert {name for name in used if compact(name.value).partition(":")[0] in foreign} <= declared
    assert values(meta, DCAT.Distribution, RDF.type) == {OWL.Class}


def test_it_says_the_same_each_time() -> None:
    quads = sample_quads() | ontology_quads()
    counts = {"trials": 1, "reports": 1, "conflicts": 0, "triples": 9, "graphs": {SLUG: 9}}
    one, other = (describer(quads, [sample_source()], DEFAULTS)("0" * 64, counts, {}) for _ in range(2))
    assert one == other
    assert {quad.graph_name for quad in one} == {iris.graph("meta")}


def test_a_source_without_metadata_is_described_too(tmp_path: Path) -> None:
    bare = sample_source().__class__(SLUG, tmp_path, "text", "0" * 64)
    counts = {"trials": 0, "reports": 0, "conflicts": 0, "triples": 0, "graphs": {"provenance": 0}}
    made = set(describer([], [bare], DEFAULTS)("0" * 64, counts, {}))
    assert values(made, iris.graph("provenance"), DCTERMS.license) == set()
    assert values(made, iris.release("0" * 64), DCTERMS.issued) == set()
