"""Scopes: each decision has a reviewer, a date and a reason; a scope stands beside its tree, which stays as it is."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import QuerySolutions, Store
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, URIRef

from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES, expand
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

TG = rdflib.Namespace(PREFIXES["tg"])
SCOPES = (
    *(
        "AutoimmuneScope",
        "DemyelinatingScope",
        "LupusErythematosusScope",
        "MSCScope",
        "RheumatoidArthritisScope",
    ),
    "SLEScope",
)


@pytest.fixture(scope="module")
def scopes() -> Graph:
    return Graph().parse(resource("ontology") / "scopes.ttl")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


def node(curie: str) -> URIRef:
    return URIRef(expand(curie).value)


@pytest.mark.parametrize("kind", ["Scope", "ScopeLine"])
def test_each_has_reviewer_date_and_reason(kind: str, scopes: Graph) -> None:
    found = set(scopes.subjects(RDF.type, TG[kind])) - set(scopes.subjects(OWL.deprecated))
    assert len(found) >= len(SCOPES)
    reason = SKOS.definition if kind == "Scope" else RDFS.comment
    for one in found:
        for predicate in (RDFS.label, reason, DCTERMS.creator, DCTERMS.date):
            assert len(list(scopes.objects(one, predicate))) == 1, (one, predicate)


def test_members_are_what_the_lines_put_in_and_all_are_in_the_module(scopes: Graph) -> None:
    assert {str(s).removeprefix(TG) for s in scopes.subjects(RDF.type, TG.Scope)} == set(SCOPES)
    module = Graph().parse(resource("ontology") / "module.ttl")
    for scope in scopes.subjects(RDF.type, TG.Scope):
        lines = list(scopes.subjects(TG.ofScope, scope))
        included = {
            scopes.value(line, TG.decidesOn)
            for line in lines
            if scopes.value(line, TG.isIncluded) == rdflib.Literal(True)
        }
        assert included == set(scopes.objects(scope, SKOS.member))
        assert scopes.value(scope, TG.standsBeside) in included
        decided = [scopes.value(line, TG.decidesOn) for line in lines]
        assert len(decided) == len(set(decided))
        for term in decided:
            assert module.value(term, RDFS.label)
            assert str(module.value(term, RDFS.label)) in " ".join(
                str(scopes.value(line, RDFS.label)) for line in lines
            )


def test_what_is_left_out_would_be_in_by_the_tree_or_was_thought_of(scopes: Graph) -> None:
    """A line that leaves out a term far from the tree says why it is there at all: it was considered."""
    module = Graph().parse(resource("ontology") / "module.ttl")
    far = {
        str(scopes.value(line, TG.decidesOn))
        for line in scopes.subjects(TG.isIncluded, rdflib.Literal(False))
        if scopes.value(scopes.value(line, TG.ofScope), TG.standsBeside)
        not in module.transitive_objects(scopes.value(line, TG.decidesOn), RDFS.subClassOf)
    }
    assert far == {str(node("MONDO:0013730"))}


@pytest.mark.parametrize(
    ("scope", "term", "in_scope", "in_tree"),
    [
        ("AutoimmuneScope", "MONDO:0005556", True, False),  # lupus nephritis
        ("AutoimmuneScope", "MONDO:0005011", True, False),  # Crohn disease
        ("AutoimmuneScope", "MONDO:0016367", True, False),  # dermatomyositis, below polymyositis
        ("AutoimmuneScope", "MONDO:0008383", True, True),  # rheumatoid arthritis
        ("AutoimmuneScope", "MONDO:0013730", False, False),  # graft versus host disease
        ("AutoimmuneScope", "MONDO:0005178", False, False),  # osteoarthritis
        ("SLEScope", "MONDO:0005556", True, False),
        ("SLEScope", "MONDO:0043985", True, True),  # central nervous system lupus
        ("RheumatoidArthritisScope", "MONDO:0005306", False, True),  # ankylosing spondylitis
        ("RheumatoidArthritisScope", "MONDO:0007603", True, True),  # Felty syndrome
        ("DemyelinatingScope", "MONDO:0019100", True, False),  # neuromyelitis optica
        ("DemyelinatingScope", "MONDO:0005314", True, True),
        ("MSCScope", "CL:4030035", True, False),  # dental pulp stem cell
        ("MSCScope", "CL:0002619", False, True),  # adult endothelial progenitor cell
        ("MSCScope", "CL:0009090", False, True),  # endothelial colony forming cell
        ("MSCScope", "CL:0002569", True, True),
        ("MSCScope", "tgc:placenta-derived-mesenchymal-stem-cell", True, True),
        ("MSCScope", "CL:0000037", False, False),  # hematopoietic stem cell
    ],
)
def test_a_scope_says_what_the_tree_does_not(
    scope: str, term: str, in_scope: bool, in_tree: bool, store: Store
) -> None:
    below = f"{expand(term)} rdfs:subClassOf*"
    line = f"tg:ofScope tg:{scope} ; tg:isIncluded"
    answer = store.query(
        f"""PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX tg: <{PREFIXES["tg"]}>
        SELECT ?tree ?in WHERE {{
          tg:{scope} tg:standsBeside ?root .
          BIND (EXISTS {{ {below} ?root }} AS ?tree)
          BIND (EXISTS {{ ?l {line} true ; tg:decidesOn ?t . {below} ?t }}
             && NOT EXISTS {{ ?m {line} false ; tg:decidesOn ?u . {below} ?u }} AS ?in)
        }}"""
    )
    assert isinstance(answer, QuerySolutions)
    (row,) = answer
    assert (row["tree"].value, row["in"].value) == (str(in_tree).lower(), str(in_scope).lower())


def test_a_withdrawn_name_of_a_line_leads_to_the_line(scopes: Graph) -> None:
    """Names with a slash were published; no query finds a line twice."""
    withdrawn = set(scopes.subjects(OWL.deprecated, rdflib.Literal(True)))
    assert URIRef(TG["SLEScope/MONDO_0005556"]) in withdrawn
    for name in withdrawn:
        line = scopes.value(name, DCTERMS.isReplacedBy)
        assert str(line) == str(name).replace("Scope/", "Scope-")
        assert scopes.value(line, TG.ofScope)
        assert scopes.value(line, RDFS.label) == scopes.value(name, RDFS.label)
        assert scopes.value(name, TG.ofScope) is None
