"""The outcome ladder: every measure says what it measures, which number is better, and where that is from."""

from __future__ import annotations

import re

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from tests.queries.answers import answer
from trialgraph.base.package_data import resource
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf.vocabulary import PREFIXES, expand
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.terminology.lexicon import lexicon

SOURCE, CITATION = (URIRef(PREFIXES["dcterms"] + name) for name in ("source", "bibliographicCitation"))

# Known to anyone who has read a trial in these diseases; here so that a slip of a line in the file shows.
KNOWN = [
    ("SLEDAI", "composite-disease-activity", "lower", "MONDO:0007915"),
    ("SELENA-SLEDAI", "composite-disease-activity", "lower", "MONDO:0007915"),
    ("BILAG", "composite-disease-activity", "lower", "MONDO:0007915"),
    ("DAS28", "composite-disease-activity", "lower", "MONDO:0008383"),
    ("DAS28-ESR", "composite-disease-activity", "lower", "MONDO:0008383"),
    ("DAS28-CRP", "composite-disease-activity", "lower", "MONDO:0008383"),
    ("SDAI", "composite-disease-activity", "lower", "MONDO:0008383"),
    ("Clinical Disease Activity Index", "composite-disease-activity", "lower", "MONDO:0008383"),
    ("RAPID3", "composite-disease-activity", "lower", "MONDO:0008383"),
    ("ACR20", "composite-activity-response", "higher", "MONDO:0008383"),
    ("ACR70", "composite-activity-response", "higher", "MONDO:0008383"),
    ("EULAR response", "composite-activity-response", "higher", "MONDO:0008383"),
    ("HAQ", "disability-in-daily-life", "lower", None),
    ("WOMAC", "joint-pain-stiffness-function", "lower", "MONDO:0005178"),
    ("EDSS", "neurological-disability", "lower", "MONDO:0005301"),
    ("ambulation index", "walking", "lower", "MONDO:0005301"),
    ("T25FW", "walking", "lower", None),
    ("9-HPT", "hand-function", "lower", None),
    ("PASAT", "cognition", "higher", None),
    ("SF-36", "health-related-quality-of-life", "higher", None),
    ("VAS", "felt-intensity", "no-fixed", None),
    ("CRP", "acute-phase-reaction", "lower", None),
    ("ESR", "acute-phase-reaction", "lower", None),
    ("anti-dsDNA", "autoantibodies", "lower", None),
    ("ANA", "autoantibodies", "lower", None),
    ("serum creatinine", "kidney-function", "lower", None),
    ("proteinuria", "protein-in-urine", "lower", None),
    ("TNF-α", "cytokine-amount", "no-fixed", None),
    ("pain-free walking distance", "walking", "higher", None),
]


def tg(name: str) -> URIRef:
    return URIRef(PREFIXES["tg"] + name)


@pytest.fixture(scope="module")
def ladder() -> Graph:
    return Graph().parse(resource("ontology") / "ladder.ttl")


@pytest.fixture(scope="module")
def ours() -> Graph:
    return Graph().parse(resource("ontology") / "trialgraph.ttl")


def measures(ladder: Graph) -> set[Node]:
    return set(ladder.subjects(tg("measuresConcept")))


def outcomes() -> dict[str, str]:
    """Value in the data to label, for every outcome that readers know."""
    known = lexicon().concepts.values()
    return {
        expand(c.curie).value: c.label for c in known if c.field == "outcome" and c.id != "tgc:nrs-ambiguous"
    }


def test_every_outcome_that_readers_know_stands_on_it_and_nothing_else(ladder: Graph) -> None:
    assert {str(node) for node in measures(ladder)} == set(outcomes())


def test_every_measure_has_its_rungs_and_a_source(ladder: Graph, ours: Graph) -> None:
    scheme = URIRef(PREFIXES["tgc"] + "measured-things")
    ways = set(ours.subjects(SKOS.inScheme, URIRef(PREFIXES["tgc"] + "betterment")))
    diseases = {expand(c.curie).value for c in lexicon().concepts.values() if c.field == "disease"}
    for node in measures(ladder):
        (what,) = ladder.objects(node, tg("measuresConcept"))
        assert (what, SKOS.inScheme, scheme) in ladder, node
        (better,) = ladder.objects(node, tg("betterWhen"))
        assert better in ways, node
        (words,) = ladder.objects(node, CITATION)
        assert isinstance(words, Literal)
        assert len(words) > 8, node
        assert {str(d) for d in ladder.objects(node, tg("madeFor"))} <= diseases
        for source in ladder.objects(node, SOURCE):
            assert re.fullmatch(r"https://doi\.org/10\.\d{4,5}/[a-zA-Z0-9./-]+", str(source)), source


def test_what_is_measured_is_defined_and_has_a_domain(ladder: Graph, ours: Graph) -> None:
    domains = set(ours.subjects(SKOS.inScheme, URIRef(PREFIXES["tgc"] + "outcome-domains")))
    things = set(ladder.subjects(RDF.type, SKOS.Concept))
    above = {o for s, o in ladder.subject_objects(SKOS.broader) if s in things}
    assert things == set(ladder.objects(None, tg("measuresConcept"))) | above
    for thing in things:
        (domain,) = ladder.objects(thing, tg("inDomain"))
        assert domain in domains
        assert len(str(ladder.value(thing, SKOS.definition))) > 10
        assert ladder.value(thing, RDFS.label) == ladder.value(thing, SKOS.prefLabel)
    assert set(ladder.objects(None, tg("inDomain"))) == domains, "a domain that nothing is in"


@pytest.mark.parametrize(
    ("version", "instrument"), [("das28-esr", "das28"), ("das28-crp", "das28"), ("selena-sledai", "sledai")]
)
def test_a_version_is_below_its_instrument(version: str, instrument: str, ladder: Graph) -> None:
    node, above = (URIRef(PREFIXES["tgc"] + slug) for slug in (version, instrument))
    assert ladder.value(node, SKOS.broader) == above
    for rung in ("measuresConcept", "betterWhen", "madeFor"):
        assert ladder.value(node, tg(rung)) == ladder.value(above, tg(rung))


@pytest.mark.parametrize(("words", "what", "better", "disease"), KNOWN)
def test_known_instruments(words: str, what: str, better: str, disease: str | None, ladder: Graph) -> None:
    mention = lexicon().lookup("outcome", words)
    assert mention, words
    node = URIRef(expand(mention.concept.curie).value)
    assert ladder.value(node, tg("measuresConcept")) == URIRef(PREFIXES["tgc"] + what)
    direction = {"lower": "lower-is-better", "higher": "higher-is-better", "no-fixed": "no-fixed-direction"}
    assert ladder.value(node, tg("betterWhen")) == URIRef(PREFIXES["tgc"] + direction[better])
    wanted = {URIRef(expand(disease).value)} if disease else set()
    assert set(ladder.objects(node, tg("madeFor"))) == wanted


@pytest.mark.parametrize(
    ("disease", "what", "trials"),
    [
        ("MONDO:0007915", "tgc:composite-disease-activity", 5),
        ("MONDO:0007915", "tgc:selena-sledai", 2),
        ("MONDO:0008383", "tgc:das28", 7),
        ("MONDO:0008383", "tgc:das28-esr", 1),
        ("MONDO:0005301", "tgc:composite-disease-activity", 0),
        ("MONDO:0005301", "tgc:walking", 2),
        ("MONDO:0005301", "tgc:neurological-disability", 5),
        ("MONDO:0008383", "tgc:composite-activity-response", 4),
    ],
)
def test_instruments_need_no_list(disease: str, what: str, trials: int, release: Release) -> None:
    query = load_queries()["trials-by-what-is-measured"].bind({"disease": disease, "what": what})
    assert len(answer(open_store(release), query)[1]) == trials
    assert not re.search(r"DAS28|SDAI|ACR20|SLEDAI", query.split("SELECT")[1]), "no list of strings"
