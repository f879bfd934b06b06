"""The packaged index over whole releases."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trialgraph.base.package_data import resource
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.module import recipe
from trialgraph.terminology.names.ontology_index import OntologyIndex, index_recipe, ontology_index

MOST_BYTES = 14_500_000


@pytest.fixture(scope="module")
def index() -> OntologyIndex:
    made = ontology_index()
    assert made is not None, "pip install 'trialgraph[ontologies]'"
    return made


def test_the_index_is_small_enough_for_the_wheel() -> None:
    assert (resource("ontology") / "index.db").stat().st_size < MOST_BYTES


def test_its_releases_are_those_of_the_module() -> None:
    module = recipe()["ontology"]
    for one in index_recipe()["file"]:
        if "guide" in module.get(one["ontology"], {}):
            assert module[one["ontology"]]["release"].startswith(one["release"])


def test_each_file_has_its_origin_and_checksum() -> None:
    for one in (*index_recipe()["file"], *index_recipe()["same"]):
        assert len(one["sha256"]) == 64
        assert ("wheel" in one) != ("repository" in one)


@pytest.mark.parametrize(
    ("text", "fields", "curie", "scope"),
    [
        ("melanoma", "d", "MONDO:0005105", "label"),
        ("MELANOMA", "d", "MONDO:0005105", "label"),
        ("melanomas", "d", "MONDO:0005105", "label"),
        ("non Hodgkin lymphoma", "d", "MONDO:0018908", "label"),
        ("osteogenesis imperfecta type II", "d", "MONDO:0008147", "label"),
        ("mesenchymal stem cell", "c", "CL:0000134", "label"),
        ("bone marrow", "t", "UBERON:0002371", "label"),
        ("TNFα", "i", "", ""),
    ],
)
def test_a_name_is_found_whatever_its_case_number_and_hyphens(
    index: OntologyIndex, text: str, fields: str, curie: str, scope: str
) -> None:
    found = {match.term.curie: match.scope for match in index.lookup(text, fields)}
    assert not curie or found[curie] == scope


def test_only_terms_of_the_fields_asked_for_are_found(index: OntologyIndex) -> None:
    assert not index.lookup("melanoma", "ipct")
    assert {match.term.fields for match in index.lookup("pain", "dipct")} == {"d"}


def test_an_abbreviation_is_found_in_its_own_capitals(index: OntologyIndex) -> None:
    assert index.lookup("ADHD", "d")
    assert not index.lookup("adhd", "d")
    assert not index.lookup("aids", "d")


def test_every_term_is_found_by_its_curie(index: OntologyIndex) -> None:
    for curie in (
        "MONDO:0005105",
        "CL:0000134",
        "UBERON:0002371",
        "CHEBI:44185",
        "HP:0012531",
        "UNII:YL5FZ2Y5U1",
    ):
        term = index.find(curie)
        assert term is not None
        assert index.term(term.number).curie == curie
    assert index.find("MONDO:9999999") is None
    assert index.find("AAA:1") is None
    assert index.find("ZZZ:1") is None


def test_a_cross_reference_that_no_name_bears_out_equates_nothing(index: OntologyIndex) -> None:
    for curie, other in (("MESH:D002921", "MONDO:0005594"), ("MESH:D006689", "MONDO:0004633")):
        term = index.find(curie)
        assert term is None or other not in {index.term(number).curie for number in term.same}


def test_terms_of_one_ontology_are_never_the_same_thing(index: OntologyIndex) -> None:
    for label in ("melanoma", "rheumatoid arthritis", "asthma", "pain", "obesity"):
        for match in index.lookup(label, "d"):
            ontologies = [match.term.ontology, *(index.term(number).ontology for number in match.term.same)]
            assert len(set(ontologies)) == len(ontologies)


def test_curated_diseases_exist_in_it(index: OntologyIndex) -> None:
    curated = [c.curie for c in lexicon().concepts.values() if c.curie.startswith("MONDO:")][:40]
    assert [curie for curie in curated if index.find(curie) is None] == []


def test_it_takes_little_memory_and_is_read_only_when_asked() -> None:
    program = (
        "import sys, resource\n"
        "import trialgraph.http.site, trialgraph.pipeline\n"
        "assert 'gilda' not in sys.modules\n"
        "from trialgraph.terminology.names.ontology_index import ontology_index\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "index = ontology_index()\n"
        "for word in ('melanoma', 'asthma', 'zoster', 'tocilizumab', 'colonoscopy', 'aspirin'):\n"
        "    assert index.lookup(word, 'dipc')\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 60
