"""Answers that come from files of the release: the bytes of a fresh evaluation, and never those of another query."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from trialgraph.base.errors import AnswerTooLarge
from trialgraph.base.settings import Settings
from trialgraph.query.pool import Pool
from trialgraph.query.results import formats
from trialgraph.query.stored import StoredAnswers
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.formats import GRAPH_FORMATS
from trialgraph.release.open import Release, open_release

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
#: The same, which no file answers.
EVALUATED = f"{ALL} LIMIT 100000000"
QUERIES = load_queries()


@pytest.fixture(scope="module")
def built(release: Release) -> Iterator[Pool]:
    with Pool(release, size=1) as made:
        yield made


def whole(pool: Pool, query: str, form: str, *, fresh: bool = False) -> bytes:
    return b"".join(pool.run(query, format=form, fresh=fresh))


@pytest.mark.parametrize("slug", QUERIES)
def test_a_prepared_answer_has_the_bytes_of_a_fresh_one(built: Pool, slug: str) -> None:
    checked = built.check(QUERIES[slug].bind())
    for form in formats(checked.kind):
        stored = built.stored.find(checked, form.name)
        assert stored is not None
        assert stored.path.read_bytes() == whole(built, checked.text, form.name)
        assert whole(built, checked.text, form.name) == whole(built, checked.text, form.name, fresh=True)


def test_a_stored_answer_takes_no_worker(built: Pool) -> None:
    before = built.stats()
    query = "# a comment\n" + QUERIES["find-trials"].bind().replace("rdfs:", "r:").replace("{", "{   ")
    assert whole(built, query, "csv").startswith(b"trial,trialLabel,diseases\r\n")
    assert whole(built, ALL, "ntriples").count(b" .\n") == built.release.manifest["counts"]["triples"]
    assert built.stats() == before


def test_other_values_or_another_dataset_are_evaluated(built: Pool) -> None:
    saved = QUERIES["trials-by-disease"]
    assert built.stored.find(built.check(saved.bind({"disease": "MONDO:0008383"})), "json") is None
    graph = iris.graph("summary").value
    assert built.stored.find(built.check(saved.bind(), [graph]), "json") is None
    assert built.stored.find(built.check(saved.bind()), "json") is not None


def test_a_page_reads_no_more_than_it_may(built: Pool) -> None:
    checked = built.check(QUERIES["find-trials"].bind())
    size = built.stored.find(checked, "json").size  # type: ignore[union-attr] # there is one
    for most, cut in ((100, True), (size - 1, True), (size, False), (0, False)):
        with built.run(checked, format="json", most_bytes=most) as answer:
            read = b"".join(answer)
        assert (len(read), answer.cut) == (most if cut else size, cut)


def test_an_answer_is_no_longer_than_answers_may_be(release: Release) -> None:
    with Pool(release, size=1, settings=replace(Settings.load(), answer_bytes=100)) as pool:
        with pytest.raises(AnswerTooLarge):
            whole(pool, QUERIES["find-trials"].bind(), "json")
        assert len(whole(pool, ALL, "ntriples")) > 1_000_000  # as a file to download


@pytest.mark.parametrize("form", GRAPH_FORMATS.values(), ids=GRAPH_FORMATS)
@pytest.mark.parametrize("name", ["", "wjsc-107202-table1"])
def test_a_whole_graph_is_the_same_graph(built: Pool, form: object, name: str) -> None:
    clause = f"FROM <{iris.graph(name).value}>" if name else ""
    texts = [query.replace("WHERE", f"{clause} WHERE") for query in (ALL, EVALUATED)]
    found, evaluated = (triples(whole(built, text, form.name), form.engine) for text in texts)  # type: ignore[attr-defined]
    assert found == evaluated
    assert len(found) > 1_000


def triples(body: bytes, form: RdfFormat) -> set[Triple]:
    found = list(parse(body, form))
    assert {str(quad.graph_name) for quad in found} == {"DEFAULT"}
    return {quad.triple for quad in found}


def test_a_release_without_files_is_evaluated(small_release: Release, pool: Pool) -> None:
    assert small_release.manifest["files"].keys() == {"dataset.nq", "meta.nq", "trials.csv", "lists.db"}
    assert pool.stored.find(pool.check(ALL), "turtle") is None
    assert whole(pool, ALL, "ntriples").count(b" .\n") == 184


@pytest.mark.parametrize("damage", ["changed", "missing", "index"])
def test_a_damaged_answer_is_evaluated_and_named(
    release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    folder = tmp_path / release.hash
    shutil.copytree(release.path, folder, ignore=shutil.ignore_patterns("store"))
    name = "index.json" if damage == "index" else "find-trials.json"
    path = folder / "answers" / name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"NCT", b"XCT"))
    with caplog.at_level(logging.WARNING):
        stored = StoredAnswers(open_release(folder), (), 10**9)
        with Pool(release, size=1) as pool:
            checked = pool.check(QUERIES["find-trials"].bind())
        assert stored.find(checked, "json") is None
        assert (stored.find(checked, "csv") is None) == (damage == "index")
    assert f"answers/{name}" in caplog.text
