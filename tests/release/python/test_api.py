"""A release opened in Python: saved queries, SPARQL, dataset, trials, ontology."""

from __future__ import annotations

import datetime
import pydoc
import re
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from rdflib import Literal, URIRef
from rdflib.query import ResultRow

import trialgraph
from tests.release.user_program import patients
from trialgraph.base.errors import ReleaseError, UsageError
from trialgraph.extract.trials_table import COLUMNS, flat_columns
from trialgraph.rdf.vocabulary import RDFS, TG
from trialgraph.release.open import Release
from trialgraph.release.python.api import Opened

TRIAL = TG.Trial.value
# rdflib's own: Dataset asks itself for its deprecated name of the default graph.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def opened(release: Release) -> Opened:
    return trialgraph.open(release.path)


def number(opened: Opened, pattern: str) -> int:
    (row,) = opened.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    assert isinstance(row, ResultRow)
    return int(row[0])


def test_it_says_what_it_is(opened: Opened, release: Release) -> None:
    assert opened.hash == release.hash
    assert repr(opened).startswith(f"<trialgraph release {release.hash[:12]} ")
    assert '"trials": 21' in repr(opened)


def test_a_release_is_found_among_releases_or_is_not_there(release: Release, tmp_path: Path) -> None:
    assert trialgraph.open(release.path.parent).hash == release.hash
    with pytest.raises(ReleaseError, match="trialgraph build"):
        trialgraph.open(tmp_path)


def test_a_triple_of_two_graphs_counts_once_in_the_default_graph(opened: Opened) -> None:
    quads = list(parse(path=str(opened.release.file("trialgraph.nq")), format=RdfFormat.N_QUADS))
    merge = {q.triple for q in quads}
    assert len(quads) > len(merge), "no triple stands in two graphs: this test shows nothing"
    assert number(opened, "?s ?p ?o") == len(merge)
    assert number(opened, "GRAPH ?g { ?s ?p ?o }") == len(quads)


def test_named_graphs_are_those_of_the_release(opened: Opened) -> None:
    rows = opened.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    names = {str(row[0]).rsplit("/", 1)[-1] for row in rows if isinstance(row, ResultRow)}
    assert names == set(opened.release.manifest["counts"]["graphs"]) | {"meta"}


def test_answers_are_rdflib_terms(opened: Opened) -> None:
    query = f"SELECT ?t ?l WHERE {{ ?t a <{TRIAL}> ; <{RDFS.label.value}> ?l }} ORDER BY ?t"
    rows = list(opened.query(query))
    assert len(rows) == 21
    assert all(
        isinstance(r, ResultRow) and isinstance(r[0], URIRef) and isinstance(r[1], Literal) for r in rows
    )
    assert opened.query(f"ASK {{ ?t a <{TRIAL}> }}").askAnswer is True


def test_the_dataset_can_be_walked_as_any_of_rdflib(opened: Opened) -> None:
    found = set(
        opened.dataset.triples(
            (None, URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), URIRef(TRIAL))
        )
    )
    assert len(found) == 21
    assert opened.dataset.namespace_manager.expand_curie("tg:Trial") == URIRef(TRIAL)


def test_turtle_is_the_default_graph_and_trig_the_dataset(opened: Opened) -> None:
    def canonical(name: str, form: RdfFormat) -> set[Quad]:
        return set(parse(path=str(opened.release.file(name)), format=form))

    nq = canonical("trialgraph.nq", RdfFormat.N_QUADS)
    assert nq == canonical("trialgraph.trig", RdfFormat.TRIG)
    assert {q.triple for q in nq} == {q.triple for q in canonical("trialgraph.nt", RdfFormat.N_TRIPLES)}


def test_trials_are_a_frame_with_the_types_of_its_columns(opened: Opened) -> None:
    frame = opened.trials
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == 21
    for column in ("row", "n_total", "n_treatment", "n_control", "dose_low", "dose_high", "reference"):
        assert str(frame[column].dtype) in {"Int64", "float64"}, column
    assert frame["n_total"].sum() == 1027
    assert frame["n_control"].isna().sum() == 1
    assert frame["dose_low"].max() == 90_000_000
    assert all(isinstance(v, list) for column in flat_columns() if column.several for v in frame[column.name])
    assert frame.explode("outcomes")["outcomes"].value_counts()["EDSS"] == 5


def test_a_saved_query_is_asked_by_its_slug_with_values_of_python(opened: Opened) -> None:
    frame = opened.query("trials-by-disease", disease="MONDO:0002562").df()
    assert list(frame["studiedLabel"].unique()) == [
        "multiple sclerosis",
        "secondary progressive multiple sclerosis",
    ]
    assert len(frame) == 5
    assert set(opened.query("find-trials", phase=None).df()["trial"]) >= set(frame["trial"])
    first = opened.queries["doses-side-by-side"](basis="tgc:per-patient").df()
    assert first["low"].tolist() == [25_000_000, 50_000_000, 100_000_000]
    assert str(first["low"].dtype) in {"Int64", "float64"}


def test_values_of_a_frame_are_those_of_python(opened: Opened) -> None:
    frame = opened.query(
        """SELECT * { VALUES (?whole ?exact ?yes ?day ?words ?thing) {
             (1 2.5 true "2020-02-29"^^xsd:date "a"@en tg:Trial) (UNDEF 3 false UNDEF "b" UNDEF) } }"""
    ).df()
    assert frame["whole"].tolist()[0] == 1
    assert frame["whole"].isna().tolist() == [False, True]
    assert frame["exact"].sum() == 5.5
    assert frame["yes"].sum() == 1
    assert frame["day"][0] == datetime.date(2020, 2, 29)
    assert frame["words"].tolist() == ["a", "b"]
    assert frame["thing"][0] == TRIAL
    graph = opened.query("CONSTRUCT { ?t a tg:Trial } WHERE { ?t a tg:Trial }").df()
    assert graph.shape == (21, 3)
    with pytest.raises(UsageError, match=r"use \.askAnswer"):
        opened.query("ASK {}").df()


def test_saved_queries_are_listed_with_parameters_types_and_choices(opened: Opened) -> None:
    listed = repr(opened.queries)
    assert all(slug in listed and question.title in listed for slug, question in opened.queries.items())
    assert re.search(r"trials-by-disease .* disease: iri = MONDO:0005301", listed)
    assert "basis: tgc:per-kilogram|tgc:per-patient" in listed
    assert opened.queries._repr_html_().count("<tr>") == len(opened.queries) + 1
    question = opened.queries["trials-by-disease"]
    assert question.choices("disease")["MONDO:0005301"] == "multiple sclerosis"
    assert "disease (iri, required, default MONDO:0005301): Disease; " in repr(question)
    assert opened.queries.get("no-such") is None
    assert "no-such" not in opened.queries


def test_values_are_known_by_any_name_and_what_is_to_be_said_of_them_is_there(opened: Opened) -> None:
    one = opened.query("trials-by-disease", disease="SLE")
    assert len(one) == len(opened.query("trials-by-disease", disease="DOID:9074")) > 0
    assert one.notes == ()
    none = opened.query("find-trials", phase="IV")
    assert len(none) == 0
    assert none.notes == ("Phase 4 (tgc:phase-4) is known, but no trial of this release has it",)
    assert none.notes[0] in repr(none)


@pytest.mark.parametrize(
    ("slug", "values", "says"),
    [
        ("trial-by-disease", {}, "no saved query 'trial-by-disease'; did you mean trials-by-disease"),
        ("trials-by-disease", {"diseese": "x"}, "no parameter 'diseese'; did you mean disease"),
        ("trials-by-disease", {"disease": "lupus"}, "parameter disease: 'lupus' has several meanings"),
        ("ASK {}", {"disease": "x"}, "only saved queries take parameters"),
    ],
)
def test_an_error_is_one_line_that_names_the_nearest(
    opened: Opened, slug: str, values: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        opened.query(slug, **values)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("thing", [trialgraph, trialgraph.open, Opened.query, Opened.queries, Opened])
def test_help_shows_how_to_begin(thing: object) -> None:
    said = pydoc.render_doc(thing, renderer=pydoc.plaintext)  # type: ignore[attr-defined] # it has
    assert "quer" in said or "release" in said
    if thing in (trialgraph, Opened.query):
        assert 'query("trials-by-disease", disease="MONDO:0002562").df()' in said


def test_the_ontology_has_the_trials_as_individuals(opened: Opened) -> None:
    ontology = opened.ontology
    found = ontology.world.sparql(f"SELECT ?t {{ ?t a <{TRIAL}> }}")
    assert len(list(found)) == 21
    assert ontology.world[TRIAL].name == "Trial"


def test_a_program_of_a_user_runs_and_its_types_are_known(release: Release) -> None:
    """`make types` checks what it says of types."""
    assert patients(release.path) == 1027
