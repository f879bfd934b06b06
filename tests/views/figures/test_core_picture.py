"""The picture of the core: what the ontology states, drawn the same each time."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest

from tests.paths import ROOT
from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.core import core_members
from trialgraph.terminology.ontology import triples_of
from trialgraph.views.figures.core_picture import boxes, core_svg

SVG = "{http://www.w3.org/2000/svg}"
HEAD = "".join(
    f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("tg", "owl", "rdfs", "oboInOwl", "schema", "xsd")
)


@pytest.fixture(scope="module")
def picture() -> ET.Element:
    return ET.fromstring(core_svg())  # noqa: S314 - our own bytes


def test_the_committed_picture_is_this_one() -> None:
    assert (ROOT / "docs" / "pictures" / "core.svg").read_text(encoding="utf-8") == core_svg()


def test_every_term_of_the_core_is_on_it_once(picture: ET.Element) -> None:
    lines = [str(node.text) for node in picture.iter(f"{SVG}text")]
    words = [word.strip(":,") for line in lines for word in line.partition("→")[0].split()]
    for term in core_members(triples_of("trialgraph")):
        assert words.count(term.value.removeprefix(PREFIXES["tg"])) == 1, term


def test_an_arrow_for_each_property_between_classes(picture: ET.Element) -> None:
    arrows = [node for node in picture.iter(f"{SVG}path") if "marker-end" in node.attrib]
    found = boxes(triples_of("trialgraph"), {})
    assert len(arrows) == sum(bool(row.to) for box in found.values() for row in box.rows) >= 7
    assert {row.to for row in found["Intervention"].rows} == {"Product", "DoseLevel"}
    assert found["Arm"].kinds == ["ControlArm", "TreatmentArm"]


def test_text_stays_in_its_box_and_boxes_apart(picture: ET.Element) -> None:
    width, height = (float(picture.attrib[side]) for side in ("width", "height"))
    rects = [
        tuple(float(node.attrib[side]) for side in ("x", "y", "width", "height"))
        for node in picture.iter(f"{SVG}rect")
        if "rx" in node.attrib
    ]
    assert len(rects) >= 8
    for n, (x, y, w, h) in enumerate(rects):
        assert 0 < x < x + w < width
        assert 0 < y < y + h < height
        for a, b, c, d in rects[n + 1 :]:
            assert x + w <= a or a + c <= x or y + h <= b or b + d <= y
    for node in picture.iter(f"{SVG}text"):
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        end = x + len(str(node.text)) * 13 * 0.6
        assert any(a < x < end <= a + c and b < y < b + d for a, b, c, d in rects), node.text


def test_a_term_that_is_marked_appears() -> None:
    """The picture follows the ontology: another property, from and to what it states."""
    text = HEAD + (
        "tg:A a owl:Class ; oboInOwl:inSubset tg:core . tg:B a owl:Class ; oboInOwl:inSubset tg:core ."
        " tg:B2 a owl:Class ; rdfs:subClassOf tg:B ; oboInOwl:inSubset tg:core ."
        " tg:p a owl:ObjectProperty ; rdfs:domain tg:A ; rdfs:range tg:B2 ; oboInOwl:inSubset tg:core ."
        " tg:n a owl:DatatypeProperty ; rdfs:domain tg:B2 ; rdfs:range xsd:integer ; oboInOwl:inSubset tg:core ."
        " tg:q a owl:ObjectProperty ; rdfs:domain tg:A ; rdfs:range tg:B ."
    )
    found = boxes((q.triple for q in ox.parse(text, format=ox.RdfFormat.TURTLE)), {})
    assert set(found) == {"A", "B"}
    assert [(row.text, row.to) for row in found["A"].rows] == [("p → B2", "B")]
    assert [row.text for row in found["B"].rows] == ["n: integer"]
    assert found["B"].kinds == ["B2"]


def test_every_property_of_the_core_has_a_place() -> None:
    text = (resource("ontology") / "trialgraph.ttl").read_text(encoding="utf-8")
    assert text.count("oboInOwl:inSubset tg:core") == len(core_members(triples_of("trialgraph")))
    found = boxes(triples_of("trialgraph"), {})
    named = {row.text.split()[0].strip(":") for box in found.values() for row in box.rows}
    shown = named | set(found) | {kind for box in found.values() for kind in box.kinds}
    ours = {term.value.removeprefix(PREFIXES["tg"]) for term in core_members(triples_of("trialgraph"))}
    assert ours <= shown
