"""Exports: the whole release as its files, one graph on the fly."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Quad, parse

from tests.graph_samples import build_sample, sample_quads
from tests.sample_table import SLUG
from trialgraph.base.errors import UsageError
from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.release.export import export
from trialgraph.release.open import Release


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_the_whole_is_the_file_of_the_release(sample: Release, name: str) -> None:
    chunks = list(export(sample, name))
    assert len(chunks) > 1
    assert b"".join(chunks) == (sample.path / f"trialgraph.{EXPORT_FORMATS[name].suffix}").read_bytes()


@pytest.mark.parametrize("name", EXPORT_FORMATS)
@pytest.mark.parametrize("graph", [SLUG, "provenance"])
def test_one_graph_is_that_graph_alone(sample: Release, name: str, graph: str) -> None:
    form = EXPORT_FORMATS[name]
    found = set(parse(b"".join(export(sample, name, graph)), format=form.engine))
    expected = {quad for quad in sample_quads() if quad.graph_name == iris.graph(graph)}
    if form.dataset:
        assert found == expected
    else:
        assert found == {Quad(q.subject, q.predicate, q.object) for q in expected}


def test_a_graph_is_named_by_its_iri_too(sample: Release) -> None:
    by_name, by_iri = (
        b"".join(export(sample, "turtle", name)) for name in ("meta", iris.graph("meta").value)
    )
    assert by_name == by_iri
    assert (
        len(rdflib.Graph().parse(data=by_name, format="turtle"))
        == sample.manifest["counts"]["graphs"]["meta"]
    )


def test_a_release_of_another_base_is_exported_all_the_same(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(iris, "_base", "https://example.org/kg/")
        made = build_sample(tmp_path)
        iri = iris.graph("summary").value
    assert iri == "https://example.org/kg/graph/summary"
    text = b"".join(export(made, "nquads", iri)).decode()
    assert text.count("\n") == made.manifest["counts"]["graphs"]["summary"]
    assert text.count(f" <{iri}> .\n") == text.count("\n")
    assert (
        "<https://example.org/kg/trial/NCT01663116> <https://w3id.org/trialgraph/ontology/trialPhase>" in text
    )


def test_an_unknown_graph_is_one_line_that_names_those_there_are(sample: Release) -> None:
    with pytest.raises(UsageError) as caught:
        export(sample, "turtle", "nobody")
    assert str(caught.value) == (
        "there is no graph 'nobody'; use one of mappings, meta, module, ontology, provenance, quality, "
        "sample-table, summary"
    )
    assert caught.value.exit_code == 2


def test_an_unknown_format_is_one_line_that_names_those_there_are(sample: Release) -> None:
    with pytest.raises(
        UsageError, match="no format 'csv'; use one of turtle, trig, nquads, ntriples, jsonld, rdfxml"
    ):
        export(sample, "csv")


def test_the_path_of_the_release_does_not_matter(sample: Release, tmp_path: Path) -> None:
    moved = dataclasses.replace(sample, path=Path(shutil.copytree(sample.path, tmp_path / "moved")))
    assert (
        b"".join(export(moved, "nquads", "summary")).count(b"\n")
        == moved.manifest["counts"]["graphs"]["summary"]
    )
