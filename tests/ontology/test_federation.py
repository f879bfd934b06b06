"""Cross-references: what the releases say, and the queries of the guide that need no network."""

from __future__ import annotations

import csv
import re
import warnings
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF
from rdflib.plugins.sparql import prepareQuery

from tests.paths import ROOT
from tests.queries.answers import answer
from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES, expand
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.module import from_rdf
from trialgraph.terminology.xrefs import read_xrefs, xrefs

FILE = resource("ontology") / "xrefs.sssom.tsv"
QUERIES = re.findall(
    r"```sparql\n(.*?)```", (ROOT / "docs" / "federation.md").read_text(encoding="utf-8"), re.S
)
# MONDO gives none for secondary progressive multiple sclerosis.
DISEASES = {
    ("MONDO:0008383", "D001172"),  # rheumatoid arthritis
    ("MONDO:0007915", "D008180"),  # systemic lupus erythematosus
    ("MONDO:0005556", "D008181"),  # lupus nephritis
    ("MONDO:0005301", "D009103"),  # multiple sclerosis
}


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


def lines() -> list[dict[str, str]]:
    rows = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_each_line_says_which_release_says_so() -> None:
    for line in lines():
        assert line["subject_source_version"]
        assert line["mapping_provider"].startswith(("http://purl.obolibrary.org/obo/", "https://github.com/"))
        curated = line["predicate_id"] == "skos:exactMatch"
        assert (
            line["mapping_justification"]
            == f"semapv:{'ManualMappingCuration' if curated else 'UnspecifiedMatching'}"
        )
        assert line["predicate_id"] in {"skos:exactMatch", "oboInOwl:hasDbXref"}


def test_the_file_is_valid_sssom_with_both_ends_of_each_line() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sssom's dependencies
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate
        from sssom.writers import to_rdf_graph

        parsed = parse_sssom_table(FILE)
        problems = [found.message for report in validate(parsed).values() for found in report.results]
        converted = to_rdf_graph(parsed)
    assert problems == []
    axioms = set(converted.subjects(RDF.type, OWL.Axiom))
    assert len(axioms) == len(lines())
    for end in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget):
        assert all(converted.value(axiom, end) for axiom in axioms)


def test_the_terms_are_those_in_use_and_current() -> None:
    used = {line.object for rows in lexicon().lines.values() for line in rows if not line.literal}
    assert {line["subject_id"] for line in lines()} <= used
    obsolete = {
        node.value
        for node, triples in from_rdf(resource("ontology") / "module.ttl").items()
        if any(t.predicate.value.endswith("#deprecated") for t in triples)
    }
    assert obsolete
    assert {line.object.value for line in xrefs()} & obsolete == set()


@pytest.mark.parametrize(
    "prefix", ["DOID", "MESH", "NCIT", "UMLS", "SCTID", "OMIM", "Orphanet", "ICD10CM", "ICD9CM"]
)
def test_each_vocabulary_is_reached_from_diseases(prefix: str) -> None:
    found = {x["subject_id"] for x in lines() if x["object_id"].startswith(f"{prefix}:")}
    assert len([curie for curie in found if curie.startswith("MONDO:")]) > 15


def test_what_is_known_of_one_disease_and_one_drug() -> None:
    of = {(x["subject_id"], x["object_id"]): x["predicate_id"] for x in lines()}
    assert of["MONDO:0008383", "DOID:7148"] == "skos:exactMatch"
    assert of["MONDO:0008383", "UMLS:C0003873"] == "oboInOwl:hasDbXref"
    assert of["CHEBI:44185", "DRUGBANK:DB00563"] == "oboInOwl:hasDbXref"
    assert ("MONDO:0008383", "EFO:0000685") not in of, "it is obsolete in EFO"


def test_the_releases_agree_with_our_exact_matches() -> None:
    """Where a release says exactly, no other id of ours is an exact match of the same term."""
    said = {
        (x["subject_id"], x["object_id"].partition(":")[0]): x["object_id"]
        for x in lines()
        if x["object_label"]
    }
    for concept in lexicon().concepts.values():
        ours = [m.object for m in concept.external if m.predicate == "skos:exactMatch"]
        for one in ours:
            for other in ours:
                theirs = said.get((one, other.partition(":")[0]))
                assert theirs in (None, other), concept


def test_a_file_with_an_undeclared_prefix_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "xrefs.sssom.tsv"
    head = '# curie_map:\n#   A: "http://a.example/"\n'
    columns = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tsubject_source_version\n"
    path.write_text(head + columns + "A:1\tA:p\tB:1\tA:j\t1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"xrefs\.sssom\.tsv:4: no id with a declared prefix"):
        read_xrefs(path)


def test_the_queries_to_other_services_can_be_read() -> None:
    asked = [query for query in QUERIES if "SERVICE" in query]
    assert len(asked) == 2
    for query in asked:
        prepareQuery(query)


def test_wikidata_is_asked_for_the_descriptors_of_the_diseases(store: Store) -> None:
    live, offline = QUERIES[0], QUERIES[1]
    assert set(answer(store, offline)[1]) == DISEASES
    # The same join as with the service, with a row of our own in its place.
    table = 'VALUES (?item ?descriptor) { (<http://www.wikidata.org/entity/Q0> "D001172") }'
    local = re.sub(r"SERVICE <[^>]*> \{[^}]*\}", table, live)
    assert [row[:2] for row in answer(store, local)[1]] == [("MONDO:0008383", "D001172")]


def test_ubergraph_is_asked_what_the_module_says_too(store: Store) -> None:
    live, offline = QUERIES[2], QUERIES[3]
    local = re.sub(r"SERVICE <[^>]*> ", "", live).replace("rdfs:subClassOf ", "rdfs:subClassOf* ")
    assert local != live
    rows = answer(store, offline)[1]
    assert len({trial for trial, _ in rows}) == 19
    assert sorted(answer(store, local)[1]) == sorted(rows)


@pytest.mark.parametrize(("number", "trials"), [(4, 10), (5, 10), (6, 4)])
def test_trials_are_found_by_ids_of_others(number: int, trials: int, store: Store) -> None:
    assert len(answer(store, QUERIES[number])[1]) == trials


def test_tree_numbers_are_those_of_mesh(store: Store) -> None:
    query = (
        f"SELECT ?n {{ GRAPH ?g {{ <{expand('MESH:D001172').value}> <{PREFIXES['meshv']}treeNumber> ?n }} }}"
    )
    assert {row[0] for row in answer(store, query)[1]} == {
        "MESH:C05.550.114.154",
        "MESH:C05.799.114",
        "MESH:C17.300.775.099",
        "MESH:C20.111.199",
    }
