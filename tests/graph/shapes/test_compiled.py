"""Each construct of SHACL that is compiled, against pySHACL; what is not compiled is refused by name."""

from __future__ import annotations

from typing import Final

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, parse

from tests.graph.shapes.reference import as_found, found_by_pyshacl
from trialgraph.base.errors import InputError
from trialgraph.graph.shapes.compiled import CompiledShapes

HEAD: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <http://example.org/> .
"""
#: All kinds of values: numbers, days and texts that are well formed and not, IRIs, blank nodes, cycles.
DATA: Final = """
ex:a a ex:Thing ; ex:p 1, 2.5, 1e3, "x", "", "two words", "drei"@de, true, ex:b, [ ex:p 1 ] ; ex:q 3 ; ex:up ex:b .
ex:b a ex:Part ; ex:p "12"^^xsd:integer, "1x"^^xsd:integer, "2024-02-30"^^xsd:date, "2024-02-29"^^xsd:date .
ex:b ex:up ex:c .
ex:c a ex:Other ; ex:up ex:a ; ex:p "2024"^^xsd:gYear, "2024-05"^^xsd:gYearMonth, ex:c .
ex:d a ex:Thing .
ex:e a ex:Thing ; ex:p "0"^^xsd:nonNegativeInteger, "7"^^xsd:positiveInteger, "a\\nb" ; ex:q 0 , 9 ; ex:up ex:d .
ex:f a ex:Thing ; ex:p 1 ; ex:q 1 ; ex:up ex:f , ex:b .
ex:a ex:n 1, 2.5, 1e3, "x", ex:b . ex:b ex:n 2, 3, 0.5, "1"^^xsd:nonNegativeInteger .
ex:Part rdfs:subClassOf ex:Thing .
"""
BODIES: Final = (
    "sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 3 ]",
    "sh:property [ sh:path ex:p ; sh:datatype xsd:integer ; sh:severity sh:Warning ]",
    "sh:property [ sh:path ex:p ; sh:datatype xsd:string ; sh:severity sh:Info ; sh:message 'a text' ]",
    "sh:property [ sh:path ex:p ; sh:datatype xsd:date ] , [ sh:path ex:p ; sh:datatype xsd:gYear ]",
    "sh:property [ sh:path ex:p ; sh:datatype xsd:decimal ] , [ sh:path ex:p ; sh:datatype xsd:double ]",
    "sh:property [ sh:path ex:p ; sh:datatype xsd:gYearMonth ] , [ sh:path ex:p ; sh:datatype xsd:boolean ]",
    "sh:property [ sh:path ex:p ; sh:class ex:Thing ]",
    "sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ] , [ sh:path ex:p ; sh:nodeKind sh:BlankNodeOrLiteral ]",
    "sh:property [ sh:path ex:p ; sh:nodeKind sh:Literal ] , [ sh:path ex:p ; sh:nodeKind sh:BlankNodeOrIRI ]",
    "sh:property [ sh:path ex:p ; sh:in ( 1 ex:b true ) ]",
    "sh:property [ sh:path ex:p ; sh:hasValue ex:b ]",
    "sh:property [ sh:path ex:p ; sh:pattern '^[a-z ]+$' ]",
    "sh:property [ sh:path ex:p ; sh:minLength 2 ]",
    "sh:property [ sh:path ex:n ; sh:minInclusive 2 ] , [ sh:path ex:n ; sh:maxInclusive 2.5 ]",
    "sh:property [ sh:path ex:n ; sh:minExclusive 1.0 ]",
    "sh:property [ sh:path ex:q ; sh:lessThanOrEquals ex:q ]",
    "sh:property [ sh:path ex:p ; sh:disjoint ex:q ]",
    "sh:property [ sh:path [ sh:inversePath ex:up ] ; sh:minCount 1 ; sh:maxCount 1 ]",
    "sh:property [ sh:path ( ex:up ex:p ) ; sh:maxCount 2 ; sh:nodeKind sh:Literal ]",
    "sh:property [ sh:path ( [ sh:inversePath ex:up ] ex:q ) ; sh:minCount 1 ]",
    "sh:property [ sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:maxCount 1 ; sh:datatype xsd:integer ]",
    "sh:property [ sh:path [ sh:zeroOrMorePath ex:up ] ; sh:hasValue ex:c ; sh:maxCount 2 ]",
    "sh:property [ sh:path [ sh:zeroOrMorePath [ sh:alternativePath ( ex:up ex:p ) ] ] ; sh:minCount 9 ]",
    "sh:property [ sh:path ex:up ; sh:node [ sh:property [ sh:path ex:p ; sh:minCount 1 ] ] ]",
    "sh:property [ sh:path ex:up ; sh:property [ sh:path ex:p ; sh:minCount 4 ] ]",
    "sh:property [ sh:path ex:up ; sh:or ( [ sh:class ex:Thing ] [ sh:path ex:p ; sh:minCount 3 ] ) ]",
    "sh:not [ sh:property [ sh:path ex:p ; sh:minCount 1 ] ] ; sh:message 'without'",
    "sh:not [ sh:or ( [ sh:class ex:Part ] [ sh:class ex:Other ] ) ]",
    "sh:and ( [ sh:class ex:Part ] [ sh:nodeKind sh:IRI ] )",
)
TARGETS: Final = (
    "sh:targetClass ex:Thing",
    "sh:targetNode ex:a , ex:nowhere",
    "sh:targetSubjectsOf ex:up",
    "sh:targetObjectsOf ex:up",
)


def shapes(body: str) -> CompiledShapes:
    found = parse(HEAD + body, format=RdfFormat.TURTLE)
    return CompiledShapes([quad.triple for quad in found], "shapes")


DATA_QUADS: Final[list[Quad]] = list(parse(HEAD + DATA, format=RdfFormat.TURTLE))


@pytest.mark.parametrize("target", TARGETS)
def test_each_construct_is_as_pyshacl_has_it(target: str) -> None:
    body = "".join(f"ex:s{n} a sh:NodeShape ; {target} ; {one} .\n" for n, one in enumerate(BODIES))
    ours = {as_found(result) for result in shapes(body).validated(DATA_QUADS)}
    theirs = found_by_pyshacl(DATA_QUADS, rdflib.Graph().parse(data=HEAD + body, format="turtle"))
    assert ours == theirs


@pytest.mark.parametrize("bound", ["sh:minInclusive 0", "sh:minExclusive 0", "sh:maxInclusive 9999999"])
def test_what_is_no_number_is_within_no_bound(bound: str) -> None:
    """By the letter of SHACL; pySHACL lets days, truths and malformed numbers pass."""
    data = list(
        parse(
            HEAD + """ex:x ex:p "1x"^^xsd:integer, true, "2024"^^xsd:gYear, "5", ex:y .""",
            format=RdfFormat.TURTLE,
        )
    )
    found = shapes(f"ex:s a sh:NodeShape ; sh:targetNode ex:x ; sh:property [ sh:path ex:p ; {bound} ] .")
    assert len(list(found.validated(data))) == 5


def test_a_shape_without_targets_is_about_nothing() -> None:
    assert list(shapes("ex:s a sh:NodeShape ; sh:class ex:Nothing .").validated(DATA_QUADS)) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("sh:property [ sh:path ex:p ; sh:uniqueLang true ]", "sh:uniqueLang is a construct that is not compiled"),
        ("sh:sparql [ sh:select 'SELECT' ]", "sh:sparql is a construct that is not compiled"),
        ("sh:closed true", "sh:closed is a construct that is not compiled"),
        ("sh:deactivated true", "sh:deactivated is a construct"),
        ("sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ]", "sh:oneOrMorePath is a path that is not compiled"),
        ("sh:property [ sh:path [ sh:inversePath ( ex:p ) ] ]", "sh:inversePath is a path that is not compiled"),
        ("sh:property [ sh:path ex:p ; sh:datatype xsd:time ]", "xsd:time is a datatype whose lexical forms"),
        ("sh:property [ sh:path ex:p ; sh:minInclusive 'a' ]", "sh:minInclusive is compared with numbers only"),
        ("sh:property [ sh:path ex:p ; sh:minCount 1 , 2 ]", "sh:minCount is given 2 times"),
        ("sh:property [ sh:path ex:p ; sh:minCount -1 ]", "sh:minCount is no whole number"),
        ("sh:property [ sh:path ex:p ; sh:pattern '(' ]", "sh:pattern is no pattern"),
        ("sh:property [ sh:path ex:p ; sh:pattern 'a' ; sh:flags 'i' ]", "sh:flags is a construct"),
        ("sh:property [ sh:path ex:p ; sh:severity ex:Bad ]", "is no severity of SHACL"),
        ("sh:node ex:s", "is a shape that refers to itself"),
        ("sh:in ex:list", "is no list"),
        ("sh:nodeKind sh:Anything", "sh:Anything is no kind of node"),
        ("sh:class ex:Thing . ex:loose sh:minCount 1", "is part of no shape"),
        ("a rdfs:Class", "is a class and a shape"),
    ],
)  # fmt: skip
def test_what_is_not_compiled_is_refused_by_name(body: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        shapes(f"ex:s a sh:NodeShape ; sh:targetClass ex:Thing ; {body} .")
    assert why in str(refused.value)
