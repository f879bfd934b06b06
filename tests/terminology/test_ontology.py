"""RDF/XML from Turtle, and the owlready2 view."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.open import Release
from trialgraph.terminology.ontology import FILES, load, rdf_xml, write_owl

OURS, *_, MODULE = (resource("ontology") / name for name in FILES)

SHUFFLED = (
    "@prefix : <http://x/> . :a :p [ :q 1 ], [ :q 2 ] . :b :p :a .",
    "@prefix : <http://x/> . :b :p :a . :a :p [ :q 2 ] . :a :p [ :q 1 ] .",
)


@pytest.mark.parametrize("file", [OURS, MODULE], ids=lambda path: path.name)
def test_rdf_xml_holds_the_triples_of_the_turtle(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "made.owl"
    write_owl(file, target)
    made, written = canonical(target, ox.RdfFormat.RDF_XML), canonical(file, ox.RdfFormat.TURTLE)
    assert len(written) > 500
    assert made == written
    assert isomorphic(Graph().parse(target, format="xml"), Graph().parse(file))


def canonical(file: Path, form: ox.RdfFormat) -> set[ox.Triple]:
    """The triples of a file, blank nodes by their canonical names."""
    found = ox.Dataset(ox.Quad(*q.triple) for q in ox.parse(path=file, format=form))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {q.triple for q in found}


def test_rdf_xml_is_well_formed_and_has_no_relative_iri() -> None:
    root = ET.fromstring(rdf_xml(OURS, MODULE))  # noqa: S314 - our own bytes
    about = f"{{{PREFIXES['rdf']}}}about"
    subjects = {node.attrib[about] for node in root if about in node.attrib}
    assert len(subjects) > 1000
    assert all(iri.startswith(("http://", "https://")) for iri in subjects)


def test_bytes_follow_from_the_triples_and_not_from_their_order(tmp_path: Path) -> None:
    files = [tmp_path / "one.ttl", tmp_path / "other.ttl"]
    for file, text in zip(files, SHUFFLED, strict=True):
        file.write_text(text, encoding="utf-8")
    one, other = map(rdf_xml, files)
    assert one == other
    assert isomorphic(Graph().parse(data=one, format="xml"), Graph().parse(files[0]))
    assert rdf_xml(OURS, MODULE) == rdf_xml(MODULE, OURS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.ttl: cannot be read: No such file"):
        rdf_xml(tmp_path / "gone.ttl")


def test_malformed_turtle_is_named_with_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("@prefix : <http://x/> .\n:a :b :c .\n:a :b ; ; nonsense .\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.ttl:3:\d+: no Turtle: "):
        rdf_xml(bad)


def test_a_target_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no-folder.made\.owl: cannot be written: "):
        write_owl(OURS, tmp_path / "no-folder" / "made.owl")


def test_owlready2_sees_our_terms_and_those_of_others() -> None:
    ontology = load()
    assert ontology.base_iri == PREFIXES["tg"]
    assert issubclass(ontology.TreatmentArm, ontology.Arm)
    assert ontology.hasArm.domain == [ontology.Report]
    lupus = ontology.world[PREFIXES["MONDO"] + "0007915"]
    assert lupus.label == ["systemic lupus erythematosus"]
    assert ontology.world[PREFIXES["MONDO"] + "0007179"] in lupus.ancestors()


def test_two_loads_share_nothing() -> None:
    one, other = load(), load()
    with one:
        one.Trial("one-more")
    assert one["one-more"]
    assert other["one-more"] is None


def release(folder: Path, *files: str) -> Release:
    return Release(folder, "0" * 64, {"files": dict.fromkeys(files, "")})


def test_a_release_is_loaded_with_its_trials(tmp_path: Path) -> None:
    trial = "https://w3id.org/trialgraph/trial/NCT01741857"
    data = tmp_path / "data.ttl"
    data.write_text(f"<{trial}> a <{PREFIXES['tg']}Trial> .", encoding="utf-8")
    lines = sorted(f"{t} ." for t in Graph().parse(OURS).parse(data).serialize(format="nt").splitlines())
    (tmp_path / "trialgraph.nt").write_text("\n".join(line[:-2] for line in lines), encoding="utf-8")
    ontology = load(release(tmp_path, "trialgraph.nt").file("trialgraph.nt"))
    assert [thing.iri for thing in ontology.Trial.instances()] == [trial]


def test_a_release_without_its_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no file trialgraph\.nt"):
        load(release(tmp_path).file("trialgraph.nt"))
    with pytest.raises(ReleaseError, match=r"trialgraph\.nt cannot be read: No such file"):
        load(release(tmp_path, "trialgraph.nt").file("trialgraph.nt"))
