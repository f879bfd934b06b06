"""XML that holds what it is meant to hold, or says that it cannot."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from trialgraph.base.errors import QueryRejected, TrialgraphError
from trialgraph.query.pool import Pool
from trialgraph.rdf.wellformed import NotRepresentable, WellFormed


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize(
    "query", ["SELECT ('a%sb' AS ?x) {}", "CONSTRUCT { <http://e/s> <http://e/p> 'a%sb' } {}"]
)
def test_a_character_that_xml_cannot_hold_is_refused(pool: Pool, query: str, character: str) -> None:
    form = "xml" if query.startswith("SELECT") else "rdfxml"
    with pytest.raises(QueryRejected, match=f"U\\+{ord(character):04X}") as caught:
        pool.run(query % character, format=form)
    assert caught.value.http_status == 406
    with pool.run(query % character) as answer:
        assert b"".join(answer)


@pytest.mark.parametrize(
    "iri", ["http://e/1", "http://e/", "http://e/a#", "https://w3id.org/trialgraph/ontology/"]
)
def test_a_property_that_xml_cannot_name_is_refused(pool: Pool, iri: str) -> None:
    with pytest.raises(QueryRejected, match="does not end in a name"):
        pool.run(f"CONSTRUCT {{ <http://e/s> <{iri}> 1 }} {{}}", format="rdfxml")


def test_a_carriage_return_stays_one(pool: Pool) -> None:
    for query, form in (
        (r"SELECT ('a\r\nb' AS ?x) {}", "xml"),
        (r"CONSTRUCT { <http://e/s> <http://e/p> 'a\r\nb' } {}", "rdfxml"),
    ):
        with pool.run(query, format=form) as answer:
            tree = ElementTree.fromstring(b"".join(answer))  # noqa: S314 - our own answer
        assert "a\r\nb" in ["".join(node.itertext()) for node in tree.iter()]


def test_a_misfit_late_in_an_answer_ends_it_with_an_error(pool: Pool) -> None:
    numbers = " ".join(str(n) for n in range(2000))
    late = f"SELECT * {{ VALUES ?n {{ {numbers} }} ?s ?p ?o BIND(IF(?n = 1000, 'x\x01', '') AS ?x) }}"
    with pool.run(late, format="xml") as answer:
        assert len(next(answer)) > 60_000
        with pytest.raises(TrialgraphError, match=r"U\+0001"):
            b"".join(answer)


def test_what_is_cut_between_two_parts_is_seen() -> None:
    for document in (b"<a>\xef\xbf\xbe</a>", b"<a><oxprefix: b='c'/></a>"):
        for at in range(len(document)):
            passed = WellFormed()
            with pytest.raises(NotRepresentable):  # noqa: PT012 - either part may raise
                passed(document[:at])
                passed(document[at:])


def test_triple_terms_are_no_json_ld(pool: Pool) -> None:
    query = "CONSTRUCT { <http://e/s> <http://e/p> <<( <http://e/s> <http://e/p> 1 )>> } {}"
    with pytest.raises(QueryRejected, match=r"RDF 1\.2"):
        pool.run(query, format="jsonld")
    with pool.run(query) as answer:
        assert b"<<(" in b"".join(answer)
