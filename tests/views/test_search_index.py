"""The search in an index: what is found, in which order and why, and that nothing that is typed breaks it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.base.errors import QueryTimeout, ReleaseError
from trialgraph.rdf import iris
from trialgraph.rdf.formats import N_TRIPLES
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, SKOS, TG, concept
from trialgraph.release.search import search_file as search_file_module
from trialgraph.release.search.search_file import search_file
from trialgraph.views.search_index import MarkedRun, SearchIndex, marked

GRAPH = NamedNode("http://e/graph")
LUPUS, NEPHRITIS = (NamedNode(PREFIXES["MONDO"] + n) for n in ("0007915", "0005556"))
HOSTILE = ('"', "'", "*", "lupus OR", "NEAR(lupus nephritis)", "label:lupus", "lupus*", '"lupus" AND (', "^lupus",
           "-lupus", "{a b}", "\0", "\ud800", "a" * 200, "); DROP TABLE entry; --", "%", "_")  # fmt: skip


def _trial(name: str, disease: NamedNode, patients: int, **texts: str) -> Iterator[Quad]:
    trial, report = iris.trial(name), NamedNode(f"http://e/report/{name}")
    stated: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (trial, RDF.type, TG.Trial),
        (trial, RDFS.label, Literal(name)),
        (trial, DCTERMS.identifier, Literal(name)),
        (trial, TG.trialDisease, disease),
        (trial, TG.hasReport, report),
        (report, RDF.type, TG.Report),
        (report, TG.enrolledTotal, Literal(patients)),
        (report, TG.referenceNumber, Literal(patients + 100)),
        *((report, getattr(TG, key), Literal(text)) for key, text in texts.items()),
    ]
    for subject, predicate, value in stated:
        yield Quad(subject, predicate, value, GRAPH)


def made(folder: Path, stated: Iterable[Quad]) -> bytes:
    path = folder / "merge.nt"
    path.write_bytes(serialised(stated, N_TRIPLES))
    return search_file(path)


def quads() -> Iterator[Quad]:
    yield from _trial("NCT01741857", LUPUS, 40, sponsor="Nanjing University", countryCode="CN")
    yield from _trial("NCT02034188", NEPHRITIS, 20, studyTitle="Cells in nephritis, with IFN-γ")
    yield from _trial("ChiCTR-ONC-16008770", NEPHRITIS, 105)
    for node, names in (
        (LUPUS, ("systemic lupus erythematosus", "SLE")),
        (NEPHRITIS, ("lupus nephritis", "lupus glomerulonephritis")),
    ):
        yield Quad(node, RDFS.label, Literal(names[0]), GRAPH)
        yield Quad(node, NamedNode(PREFIXES["oboInOwl"] + "hasExactSynonym"), Literal(names[1]), GRAPH)
    yield Quad(NEPHRITIS, RDFS.subClassOf, NamedNode("http://e/kidney"), GRAPH)
    yield Quad(NamedNode("http://e/kidney"), RDFS.label, Literal("kidney disease"), GRAPH)
    yield Quad(concept("sle"), SKOS.exactMatch, LUPUS, GRAPH)
    yield Quad(concept("sle"), SKOS.altLabel, Literal("Libman-Sacks disease"), GRAPH)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    path = tmp_path_factory.mktemp("search") / "search.db"
    path.write_bytes(made(path.parent, quads()))
    return SearchIndex(path, seconds=10)


def labels(index: SearchIndex, words: str) -> list[str]:
    return [hit.label for hit in index.find(words, most=10).trials]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("SLE", ["NCT01741857"]),
        ("lupus", ["ChiCTR-ONC-16008770", "NCT01741857", "NCT02034188"]),
        ("lupus neph", ["ChiCTR-ONC-16008770", "NCT02034188"]),
        ("kidney", ["ChiCTR-ONC-16008770", "NCT02034188"]),
        ("libman sacks", ["NCT01741857"]),
        ("IFN-gamma nephritis", ["NCT02034188"]),
        ("china", ["NCT01741857"]),
        ("nanjing lupus", ["NCT01741857"]),
        ("MONDO:0007915", ["NCT01741857"]),
        ("reference 120", ["NCT02034188"]),
        ("ref 120", ["NCT02034188"]),
        ("120", []),
        ("gout", []),
        ("", []),
    ],
)
def test_a_trial_is_found_by_what_it_states(index: SearchIndex, words: str, found: list[str]) -> None:
    assert sorted(labels(index, words)) == sorted(found)


def test_the_best_stand_first_then_the_largest(index: SearchIndex) -> None:
    assert labels(index, "lupus nephritis") == ["ChiCTR-ONC-16008770", "NCT02034188"]
    values = [hit.label for hit in index.find("lupus nephritis", most=5, values=5).values]
    assert values == ["lupus nephritis"]
    assert [hit.kind for hit in index.find("kidney", most=5, values=5).values] == ["disease"]


def test_pages_follow_each_other(index: SearchIndex) -> None:
    whole = labels(index, "lupus")
    parts = [index.find("lupus", most=1, first=n) for n in range(3)]
    assert [part.trials[0].label for part in parts] == whole
    assert {part.total for part in parts} == {3}


def test_a_hit_says_why(index: SearchIndex) -> None:
    (hit,) = index.find("IFN-gamma", most=5).trials
    (reason,) = hit.reasons
    assert reason.field == "title"
    assert reason.runs == (MarkedRun("Cells in nephritis, with "), MarkedRun("IFN-γ", marked=True))


def test_an_id_leads_to_its_trial_in_any_spelling(index: SearchIndex) -> None:
    for text in ("nct 0203 4188", "NCT02034188", " NCT-0203-4188 "):
        assert index.registered(text) == (iris.trial("NCT02034188").value,)
    assert index.registered("chictr onc 16008770") == (iris.trial("ChiCTR-ONC-16008770").value,)
    assert index.registered("NCT00000000") == index.registered("") == ()


@pytest.mark.parametrize(
    ("words", "nearest"), [("lupsu", "lupus"), ("nephrits", "nephritis"), ("qqqq", ""), ("lupus", "")]
)
def test_a_misspelling_gets_the_nearest_words(index: SearchIndex, words: str, nearest: str) -> None:
    assert index.nearest(words) == nearest


@given(
    st.sampled_from(HOSTILE)
    | st.text(max_size=60)
    | st.text(alphabet="\"'*()-:^+{}[]lupus NEAROT019γ", max_size=60)
)
def test_nothing_that_is_typed_is_read_as_a_query(index: SearchIndex, words: str) -> None:
    result = index.find(words, most=10, values=10)
    assert len(result.trials) == result.total <= 3
    for hit in (*result.trials, *result.values):
        assert hit.reasons
        assert any(run.marked for reason in hit.reasons for run in reason.runs)
    assert isinstance(index.nearest(words), str)
    assert index.registered(words) == () or words


def test_the_time_is_bounded(index: SearchIndex) -> None:
    slow = SearchIndex(index._path, seconds=-1)
    with pytest.raises(QueryTimeout, match="took too long"), slow._open() as base:
        base.execute(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) FROM n"
        ).fetchall()
    began = time.monotonic()
    index.find(" ".join("abcdefghijklmnop"), most=10)
    assert time.monotonic() - began < 5


def test_the_index_cannot_be_written(index: SearchIndex) -> None:
    with pytest.raises(ReleaseError), index._open() as base:
        base.execute("DELETE FROM entry")


def test_a_release_without_an_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no search index"):
        SearchIndex(tmp_path / "search.db", seconds=1)


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path, quads()) == made(tmp_path, reversed(list(quads())))


def test_a_full_disk_is_no_fault_of_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        search_file_module, "_SCHEMA", "PRAGMA max_page_count = 8;" + search_file_module._SCHEMA
    )
    with pytest.raises(OSError, match="the search index: database or disk is full"):
        made(tmp_path, quads())
    assert [path.name for path in tmp_path.iterdir()] == ["merge.nt"]


def test_overlapping_marks_are_one() -> None:
    from trialgraph.base.search_words import terms_of

    terms, _ = terms_of("IL-6 il", 16)
    assert marked("IL-6 and IL-10", terms) == (
        MarkedRun("IL-6", marked=True), MarkedRun(" and "), MarkedRun("IL", marked=True), MarkedRun("-10"),
    )  # fmt: skip
