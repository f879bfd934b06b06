"""Every saved query: it can be read, both engines agree on it, and it answers what a reader of the table would."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import rdflib
import yaml
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery

from tests.queries.answers import GOLDEN, Row, answer, golden, rdflib_answer
from trialgraph.base.package_data import resource
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.guard import check
from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDFS, TG, XSD, expand
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

QUERIES = load_queries()
#: Those of registries are asked of a release with records (test_registries.py).
OF_ONE = {slug: query for slug, query in QUERIES.items() if query.topic not in {"reviews", "registries"}}
OF_TWO = {slug: query for slug, query in QUERIES.items() if query.topic == "reviews"}
EACH = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
EACH_OF_ONE = pytest.mark.parametrize("query", OF_ONE.values(), ids=OF_ONE)
EACH_OF_TWO = pytest.mark.parametrize("query", OF_TWO.values(), ids=OF_TWO)

#: Its rows are the rules of the readers: each new rule is a row, whatever the table says.
WITHOUT_GOLDEN = {"rules-and-what-they-read"}
SOURCE = "wjsc-107202-table1"
#: Names of the trials that no registry knows, by the row of the table.
NAMES = {
    1: "BM-MSC in SLE, n = 2, ref. 121",
    3: "BM-MSC in SLE, n = 3, ref. 123",
    4: "UC-MSC + BM-MSC in SLE, n = 87, ref. 124",
    5: "AD-MSC in lupus nephritis, n = 9, ref. 125",
    6: "UC-MSC in lupus nephritis, n = 37, ref. 126",
}
MS = {"NCT02034188", "NCT02166021", "NCT03778333", "NCT04823000", "NCT06360861"}


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


@pytest.fixture(scope="module")
def graph(release: Release) -> rdflib.Graph:
    return rdflib.Graph().parse(release.path / "trialgraph.ttl")


@pytest.fixture(scope="module")
def compared(two_sources: Release) -> Store:
    """The release of two sources: the questions on reviews have no row before there are two."""
    return open_store(two_sources)


@pytest.fixture(scope="module")
def compared_graph(two_sources: Release) -> rdflib.Graph:
    return rdflib.Graph().parse(two_sources.path / "trialgraph.ttl")


@pytest.fixture
def changeable(release: Release) -> Store:
    """The default graph of the release, to change."""
    made = Store()
    made.bulk_load(path=str(release.path / "trialgraph.nt"), format=RdfFormat.N_TRIPLES)
    return made


def asked(store: Store, slug: str, **values: str) -> list[Mapping[str, str]]:
    """The rows of a query for values of its parameters, by column."""
    columns, rows = answer(store, QUERIES[slug].bind(values))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def column(store: Store, slug: str, name: str, **values: str) -> list[str]:
    return [row[name] for row in asked(store, slug, **values)]


def test_there_are_enough_and_each_has_its_own_slug() -> None:
    files = list(resource("queries").glob("*/*.rq"))
    assert len(files) == len(QUERIES) >= 22
    places = {(q.topic, q.number) for q in QUERIES.values()}
    assert len(places) == len(files)
    assert len({q.title for q in QUERIES.values()}) == len(files)


@EACH
def test_header_says_what_is_asked(query: SavedQuery) -> None:
    assert query.title.endswith("?")
    assert len(query.description) >= 60
    assert len(query.keywords) >= 3
    for parameter in query.parameters:
        assert parameter.label != parameter.name
        assert parameter.default or not parameter.required, "a form should answer when it is opened"
        assert parameter.values or parameter.values_query or parameter.type == "string"


@EACH
def test_it_is_a_query_alone_and_bound(query: SavedQuery) -> None:
    for text in (query.sparql, query.bind()):
        prepareQuery(text)
        Store().query(text)
        check(text, settings=DEFAULTS)


@EACH
def test_every_declared_prefix_is_used(query: SavedQuery) -> None:
    lines = [line.strip() for line in query.sparql.splitlines()]
    body = "\n".join(line for line in lines if not line.startswith(("PREFIX", "#")))
    for line in lines:
        if line.startswith("PREFIX"):
            assert line.split()[1] in body, line


@EACH_OF_ONE
def test_it_answers_as_its_header_says(query: SavedQuery, store: Store) -> None:
    columns, rows = answer(store, query.bind())
    assert rows
    if query.expected.columns is not None:
        assert columns == query.expected.columns
    if query.expected.rows is not None:
        assert len(rows) == query.expected.rows
    assert len(set(rows)) == len(rows), "a row that stands twice is a cross product"


@EACH_OF_ONE
def test_answer_is_the_golden_one(query: SavedQuery, store: Store) -> None:
    if query.slug in WITHOUT_GOLDEN:
        assert query.expected.rows is None
        assert not (GOLDEN / f"{query.slug}.tsv").exists()
    else:
        assert answer(store, query.bind()) == golden(query.slug)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.tsv")} == set(QUERIES) - WITHOUT_GOLDEN


@EACH_OF_ONE
def test_rdflib_gives_the_same_rows(query: SavedQuery, store: Store, graph: rdflib.Graph) -> None:
    assert rdflib_answer(graph, query.bind()) == answer(store, query.bind())


@EACH_OF_TWO
def test_a_question_on_reviews_answers_for_two_and_is_empty_for_one(
    query: SavedQuery, store: Store, compared: Store, compared_graph: rdflib.Graph
) -> None:
    assert answer(store, query.bind()) == (query.expected.columns, [])
    assert query.expected.rows == 0
    found = answer(compared, query.bind())
    assert found == golden(query.slug)
    assert found[1]
    assert len(set(found[1])) == len(found[1]), "a row that stands twice is a cross product"
    assert rdflib_answer(compared_graph, query.bind()) == found


@EACH
def test_labels_stand_beside_concepts(query: SavedQuery, store: Store) -> None:
    """A column of ontology terms has its column of labels."""
    if query.sparql.count("CONSTRUCT"):
        assert all(
            row[1] != "rdf:type" or row[2].startswith("schema:") for row in answer(store, query.bind())[1]
        )
        return
    columns, rows = answer(store, query.bind())
    for n, name in enumerate(columns):
        if any(row[n].startswith(("tgc:", "MONDO:", "CL:", "UBERON:", "NCIT:")) for row in rows):
            assert f"{name}Label" in columns


@EACH
def test_suggested_values_are_values(query: SavedQuery, store: Store) -> None:
    for parameter in query.parameters:
        if parameter.values_query:
            check(parameter.values_query, settings=DEFAULTS)
            columns, rows = answer(store, parameter.values_query)
            assert columns[0] == "value"
            assert parameter.default is None or parameter.default in {row[0] for row in rows}
            for row in rows:
                parameter.term(row[0])


def test_a_trial_that_no_registry_knows_is_named_by_what_its_row_says(store: Store) -> None:
    rows = asked(store, "trials-by-disease", disease="MONDO:0007915")
    named = {row["trial"]: row["trialLabel"] for row in rows if not row["trialLabel"].startswith("NCT")}
    assert named == {f"trial/{SOURCE}/{number}": name for number, name in NAMES.items()}


@pytest.mark.parametrize(
    ("disease", "trials"),
    [
        ("MONDO:0002562", MS),
        ("MONDO:0005301", MS),
        ("MONDO:0000450", {"NCT06360861"}),
        ("MONDO:0005556", {NAMES[5], NAMES[6]}),
        # With nephritis, as reviewed.
        ("MONDO:0007915", {"NCT01741857", *NAMES.values()}),
        ("http://purl.obolibrary.org/obo/MONDO_0002562", MS),
        ("MONDO:9999999", set()),
    ],
)
def test_narrower_diseases_are_included(store: Store, disease: str, trials: set[str]) -> None:
    assert set(column(store, "trials-by-disease", "trialLabel", disease=disease)) == trials


@pytest.mark.parametrize(
    ("criteria", "trials"),
    [
        ({"disease": "MONDO:0002562"}, MS),
        ({"route": "NCIT:C38267"}, {"NCT02166021", "NCT04823000"}),
        ({"route": "NCIT:C38223"}, {"NCT01873625"}),
        ({"results": "tgc:results-ongoing"}, {"NCT03828344", "NCT04170426", "NCT05925647"}),
        ({"phase": "tgc:phase-1a"}, {"NCT02221258"}),
        ({"phase": "tgc:phase-2a"}, {"NCT01663116", "NCT04170426"}),
        ({"phase": "tgc:phase-1b"}, {"NCT01663116"}),
        ({"phase": "tgc:phase-2", "disease": "MONDO:0002562"}, {"NCT02034188", "NCT02166021", "NCT04823000"}),
        ({"tissue": "UBERON:0001013", "donor": "tgc:allogeneic"}, {"NCT01663116", NAMES[5]}),
        ({"tissue": "UBERON:0002371", "disease": "MONDO:0005301"}, {"NCT02166021", "NCT03778333"}),
        ({"tissue": "UBERON:0001987", "disease": "MONDO:0008383"}, set()),
    ],
)
def test_criteria_restrict_together(store: Store, criteria: dict[str, str], trials: set[str]) -> None:
    assert set(column(store, "find-trials", "trialLabel", **criteria)) == trials


@pytest.mark.parametrize(
    ("phase", "trials"),
    [("1", 16), ("1a", 1), ("1-2", 10), ("1-2a", 1), ("1b-2a", 1), ("2", 12), ("2a", 2), ("3", 0)],
)
def test_a_phase_is_found_by_each_of_its_parts(store: Store, phase: str, trials: int) -> None:
    assert len(asked(store, "find-trials", phase=f"tgc:phase-{phase}")) == trials


def test_criteria_that_are_empty_restrict_nothing(store: Store) -> None:
    assert len(asked(store, "find-trials", disease="", tissue="", donor="", phase="")) == 21


def test_any_two_tissues_can_be_compared(store: Store) -> None:
    rows = asked(store, "umbilical-cord-against-bone-marrow", first="UBERON:0001013", second="UBERON:0001987")
    counts = {row["diseaseLabel"]: (row["firstTrials"], row["secondTrials"]) for row in rows}
    assert counts == {
        "lupus nephritis": ("1", "0"),
        "multiple sclerosis": ("0", "0"),
        "rheumatoid arthritis": ("2", "0"),
        "secondary progressive multiple sclerosis": ("0", "1"),
        "systemic lupus erythematosus": ("0", "0"),
    }


@pytest.mark.parametrize(
    ("basis", "doses"),
    [
        ("tgc:per-patient", [("NCT02221258", dose, dose) for dose in ("25000000", "50000000", "100000000")]),
        ("tgc:per-joint", [("NCT01873625", "40000000", "40000000")]),
        ("tgc:basis-not-stated", [("NCT01547091", "40000000", "40000000")]),
    ],
)
def test_doses_are_compared_within_a_basis(store: Store, basis: str, doses: list[Row]) -> None:
    rows = asked(store, "doses-side-by-side", basis=basis)
    assert [(row["trialLabel"], row["low"], row["high"]) for row in rows] == doses


def test_outcomes_of_another_disease_keep_words_that_are_not_linked(store: Store) -> None:
    rows = asked(store, "outcomes-in-a-disease", disease="MONDO:0002562")
    assert (rows[0]["measure"], rows[0]["trials"], rows[0]["ofTrials"]) == ("tgc:edss", "5", "5")
    assert [row["measureLabel"] for row in rows if not row["measure"]] == ["NRS"]
    evaluations = ("cognitive evaluation", "psychological evaluation")
    assert [row["trials"] for row in rows if row["measureLabel"] in evaluations] == ["1", "1"]


@pytest.mark.parametrize(
    ("measure", "trials"),
    [
        ("tgc:das28-esr", ["NCT03333681"]),
        ("tgc:selena-sledai", [NAMES[row] for row in (1, 4)]),
        ("tgc:sledai", [NAMES[row] for row in (5, 6, 1, 3, 4)]),  # SELENA-SLEDAI is one
        ("EFO:0009435", ["NCT03333681"]),  # broader than DAS28-ESR, and only near to DAS28
        ("NCIT:C16809", ["NCT02166021", "NCT03778333"]),
    ],
)
def test_an_outcome_leads_to_its_trials(store: Store, measure: str, trials: list[str]) -> None:
    assert column(store, "trials-measuring-an-outcome", "trialLabel", measure=measure) == trials


def test_findings_of_one_measure(store: Store) -> None:
    rows = asked(store, "findings-by-measure", about="tgc:treg-percentage")
    assert [(row["trialLabel"], row["value"]) for row in rows] == [
        ("NCT01547091", "increased"),
    ]


@pytest.mark.parametrize(
    ("text", "trials"),
    [
        ("INTRATHECAL", {"NCT02166021", "NCT04823000"}),
        ("cx611", {"NCT01663116"}),
        ("Wharton's jelly \" } #", set()),
    ],
)
def test_words_are_searched(store: Store, text: str, trials: set[str]) -> None:
    assert set(column(store, "search-by-word", "trialLabel", text=text)) == trials


@pytest.mark.parametrize(
    "about",
    [
        "NCT04170426",
        f"{iris.base()}trial/NCT04170426",
        f"{iris.base()}report/{SOURCE}/9",
        f"Report of NCT04170426 in {SOURCE} row 9",
    ],
)
def test_a_trial_can_be_named_in_several_ways(store: Store, about: str) -> None:
    rows = asked(store, "where-a-value-came-from", about=about, field="n_treatment")
    assert [(row["verbatim"], row["value"], row["line"]) for row in rows] == [
        ("392", "39", "25"),
        ("392", "392", "25"),
    ]


def test_offsets_lead_to_the_very_characters(store: Store) -> None:
    text = (resource("seeds") / SOURCE / "source.txt").read_bytes().decode()
    labels = [row["trialLabel"] for row in asked(store, "find-trials")]
    for label in labels:
        rows = asked(store, "where-a-value-came-from", about=label)
        assert {"disease", "n_total", "cell_source", "phase"} <= {row["field"] for row in rows}
        for row in rows:
            start, end = int(row["start"]), int(row["end"])
            assert text[start:end] == row["verbatim"]
            assert text.count("\n", 0, start) + 1 == int(row["line"])


def test_conflicts_by_status(store: Store) -> None:
    assert len(asked(store, "conflicts", status="tgc:open")) == 6
    assert asked(store, "conflicts", status="tgc:settled") == []


def test_rules_count_their_readings(store: Store) -> None:
    rows = asked(store, "rules-and-what-they-read")
    counts = {row["ruleLabel"]: int(row["readings"]) for row in rows}
    assert counts["patients.footnote-mark"] == 1
    assert counts["phase.not-stated"] == 3
    assert counts["registration.by-shape"] == 16


def test_the_gate_closes_when_a_trace_is_lost(changeable: Store) -> None:
    query = QUERIES["every-value-is-traceable"].bind()
    assert answer(changeable, query)[1] == [("true",)]
    dose = NamedNode(f"{iris.base()}dose/{SOURCE}/9/2")
    for quad in list(changeable.quads_for_pattern(dose, TG.readFrom, None)):
        changeable.remove(quad)
    assert answer(changeable, query)[1] == [("false",)]


def test_a_trial_counts_once_though_two_reports_speak_of_it(changeable: Store) -> None:
    before = {
        slug: asked(changeable, slug) for slug in ("diseases-studied", "patients-by-disease-and-tissue")
    }
    trial, second = NamedNode(f"{iris.base()}trial/NCT01873625"), NamedNode(f"{iris.base()}report/other/1")
    changeable.add(Quad(trial, TG.hasReport, second))
    changeable.add(Quad(second, TG.enrolledTotal, Literal("29", datatype=XSD.integer)))
    changeable.add(Quad(second, TG.phaseStatus, expand("tgc:phase-not-stated")))
    changeable.add(Quad(second, RDFS.label, Literal("another report")))
    assert {slug: asked(changeable, slug) for slug in before} == before
    rows = asked(changeable, "trials-by-disease", disease="MONDO:0008383")
    assert len(rows) == 10
    assert "Phase 1/2 | phase not stated" in {row["phases"] for row in rows}


def test_headers_are_yaml_that_stands_first() -> None:
    """As other tools that know ``#+`` read it."""
    for path in resource("queries").glob("*/*.rq"):
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line for line in lines if line.startswith("#+")]
        assert lines[: len(head)] == head, f"{path}: something stands before or within the header"
        assert all(line.startswith("#+ ") for line in head)
        assert list(yaml.safe_load("\n".join(line[3:] for line in head)))[:3] == [
            "title",
            "description",
            "keywords",
        ]
