"""JSON-LD that people can read: the same triples in three readers without a network, whatever the terms are."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from tests.paths import ROOT
from trialgraph.rdf.formats import JSON_LD
from trialgraph.rdf.jsonld import json_ld
from trialgraph.rdf.jsonld_context import CONTEXT_FILE, context, context_document
from trialgraph.rdf.prefixes import prefixes
from trialgraph.rdf.serialise import canonical
from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, SKOS, TG, XSD
from trialgraph.release.export import export
from trialgraph.release.open import Release

A: Final = NamedNode("https://example.org/a")
#: IRIs that a reader could take for something else: a CURIE, a term, a namespace with nothing behind it.
NODES: Final = (
    *map(NamedNode, ("doi:10.1/x", "tg:Trial", "urn:x:y", "mailto:a@b.c", "label:x", prefixes()["tg"])),
    *map(NamedNode, (f"{prefixes()['doi']}//10.1", f"{prefixes()['tgd']}trial/NCT1/é?a=b#c", "http://e/%20")),
    *(TG.Trial, A, BlankNode("b0")),
)
LITERALS: Final = (
    *(Literal(text, datatype=XSD.integer) for text in ("0", "-0", "007", "+1", "-12", str(2**60), "x")),
    *(Literal(text, datatype=XSD.boolean) for text in ("true", "0", "yes")),
    *(Literal(text, datatype=XSD.decimal) for text in ("1.0", "2", "1000000")),
    *(Literal("2020-01", datatype=XSD.gYearMonth), Literal("2020-01-02", datatype=XSD.date)),
    *(Literal(text) for text in ("", "@id", "tg:Trial", "https://e/x", '"\\\n\u2028\x7f', "𝒳")),
    *(Literal("x", language="en"), Literal("5", datatype=NamedNode("https://example.org/unit"))),
)
#: Coerced to IRIs, to integers, to decimals, to dates, to nothing; and without a short name.
PROPERTIES: Final = (
    *(TG.disease, TG.enrolledTotal, TG.doseLow, TG.value, TG.isEmpty, RDFS.label, SKOS.broader),
    *(RDF.type, OWL.versionInfo, A),
)


def ntriples(triples: Iterable[Triple]) -> set[Quad]:
    return canonical(Quad(t.subject, t.predicate, t.object) for t in triples)


def by_pyld(text: bytes) -> set[Quad]:
    def offline(url: str, _: object) -> dict[str, Any]:
        raise AssertionError(f"{url} was fetched")

    written = jsonld.to_rdf(json.loads(text), {"format": "application/n-quads", "documentLoader": offline})
    return ntriples(q.triple for q in parse(written.encode(), format=RdfFormat.N_QUADS, lenient=True))


def by_pyoxigraph(text: bytes) -> set[Quad]:
    return ntriples(q.triple for q in parse(text, format=RdfFormat.JSON_LD))


def by_rdflib(text: bytes) -> set[Quad]:
    with warnings.catch_warnings():  # rdflib's own reader uses what rdflib calls deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        written = rdflib.Graph().parse(data=text, format="json-ld").serialize(format="nt").encode()
    return ntriples(q.triple for q in parse(written, format=RdfFormat.N_TRIPLES))


@given(
    st.sets(
        st.builds(
            Triple, st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(LITERALS + NODES)
        ),
        max_size=6,
    )
)
@settings(max_examples=150)
def test_whatever_the_terms_are_they_are_read_back(triples: set[Triple]) -> None:
    text = b"".join(json_ld(sorted(triples, key=str)))
    assert by_pyoxigraph(text) == by_pyld(text) == ntriples(triples)


@pytest.mark.parametrize("graph", ["sample-table", "meta", "ontology"])
def test_three_readers_agree_about_a_graph_of_a_release(sample: Release, graph: str) -> None:
    text = b"".join(export(sample, "jsonld", graph))
    expected = ntriples(
        q.triple for q in parse(b"".join(export(sample, "ntriples", graph)), format=RdfFormat.N_TRIPLES)
    )
    assert len(expected) > 100
    assert by_pyoxigraph(text) == by_rdflib(text) == expected
    if graph != "meta":  # as large as all others together, and pyld takes seconds
        assert by_pyld(text) == expected


def test_keys_and_values_can_be_read(sample: Release) -> None:
    nodes = json.loads(b"".join(export(sample, "jsonld")))["@graph"]
    trial = next(node for node in nodes if node["id"] == "tg-trial:NCT01663116")
    assert "Trial" in trial["type"]
    assert list(trial)[:3] == ["id", "type", "label"]
    assert trial["trialDisease"] == "MONDO:0008383"
    assert trial["trialPhase"] == "tgc:phase-1b-2a"
    report = next(node for node in nodes if node["id"] == "tg-report:sample-table/1")
    assert isinstance(report["enrolledTotal"], int)
    assert report["aboutTrial"] == "tg-trial:NCT01663116"


def test_each_node_is_one_line(sample: Release) -> None:
    lines = b"".join(export(sample, "jsonld", "sample-table")).splitlines()
    assert lines[0].startswith(b'{"@context": {')
    assert lines[-1] == b"]}"
    for line in lines[2:-1]:
        assert json.loads(line.rstrip(b","))["id"]


def test_the_published_context_is_that_of_the_files() -> None:
    published = json.loads(Path(ROOT / "ontology" / CONTEXT_FILE).read_text(encoding="utf-8"))
    assert published == json.loads(context_document()) == {"@context": context().document}
    assert JSON_LD.suffix == "jsonld"


def test_documents_of_others_can_use_the_published_context() -> None:
    """What somebody writes in our terms means our terms."""
    document = {
        **json.loads(context_document()),
        "id": "tg-trial:NCT1",
        "type": "Trial",
        "trialDisease": "MONDO:1",
    }
    base = prefixes()["tgd"]
    assert {str(quad) for quad in by_pyld(json.dumps(document).encode())} == {
        f"<{base}trial/NCT1> <{RDF.type.value}> <{TG.Trial.value}>",
        f"<{base}trial/NCT1> <{TG.trialDisease.value}> <{prefixes()['MONDO']}1>",
    }
