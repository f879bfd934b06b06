"""The names and the prefix map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from trialgraph.base.errors import UsageError
from trialgraph.rdf import vocabulary as vocab
from trialgraph.rdf.vocabulary import PREFIXES, TG, compact, expand


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("MONDO:0007915", "http://purl.obolibrary.org/obo/MONDO_0007915"),
        ("NCIT:C38276", "http://purl.obolibrary.org/obo/NCIT_C38276"),
        ("EFO:0000685", "http://www.ebi.ac.uk/efo/EFO_0000685"),
        ("MESH:D056747", "http://id.nlm.nih.gov/mesh/D056747"),
        ("unit:NUM-PER-KiloGM", "http://qudt.org/vocab/unit/NUM-PER-KiloGM"),
        ("tgc:sledai", "https://w3id.org/trialgraph/concept/sledai"),
        ("obo:CL_0000134", "http://purl.obolibrary.org/obo/CL_0000134"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_curies_are_expanded(curie: str, iri: str) -> None:
    assert expand(curie) == NamedNode(iri)


@pytest.mark.parametrize("curie", ["nobody:1", "no colon", "", "MONDO:0 7", "javascript:alert(1)"])
def test_what_is_no_curie_is_refused_in_one_line(curie: str) -> None:
    with pytest.raises(UsageError) as caught:
        expand(curie)
    assert repr(curie)[:8] in str(caught.value) or "IRI" in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.sampled_from(sorted(PREFIXES)), st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True))
def test_compact_is_the_inverse_of_expand(prefix: str, local: str) -> None:
    iri = expand(f"{prefix}:{local}")
    assert expand(compact(iri.value)) == iri


def test_compact_takes_the_longest_namespace_and_leaves_the_rest_alone() -> None:
    assert compact("http://purl.obolibrary.org/obo/CL_0000134") == "CL:0000134"
    assert compact("https://example.org/x") == "https://example.org/x"
    assert compact(PREFIXES["tg"]) == PREFIXES["tg"]


def test_a_name_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(AttributeError, match="tg:hasReprot"):
        _ = TG.hasReprot


def test_exported_names_exist() -> None:
    assert all(hasattr(vocab, name) for name in vocab.__all__)


def test_local_names_of_predicates_split_into_xml_names() -> None:
    assert all(name.isidentifier() for name in TG.names())
