"""The sources that the project comes with, together: what ``make serve`` shows a newcomer."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from tests.paths import FIRST, TESTS
from tests.queries.answers import answer
from trialgraph.extract.sources import default_sources
from trialgraph.extract.trials_table import csv_text
from trialgraph.pipeline import read_all
from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.rdf import iris
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

WORKSHEETS = [folder for folder in default_sources() if folder.name != FIRST.name]


def test_the_review_is_the_first_source() -> None:
    assert default_sources()[0].name == FIRST.name
    assert len(WORKSHEETS) >= 2


@pytest.mark.parametrize("folder", WORKSHEETS, ids=lambda folder: folder.name)
def test_a_worksheet_is_read_as_a_curator_reads_it(folder: Path) -> None:
    (read,) = read_all([folder])
    golden = (TESTS / "golden" / f"{folder.name}.csv").read_bytes().decode()
    assert read.findings == ()
    assert csv_text(read.reports, ["all"]) == golden


@pytest.mark.parametrize("folder", WORKSHEETS, ids=lambda folder: folder.name)
def test_a_worksheet_is_called_one_and_is_free(folder: Path) -> None:
    said = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    assert "ClinicalTrials.gov" in said["title"]
    assert "worksheet" in said["published_in"]
    assert said["licence"] in {"CC-PDM-1.0", "CC0-1.0", "CC-BY-4.0"}


def test_the_first_source_says_the_same_beside_others(all_seeds: Release) -> None:
    golden = (TESTS / "golden" / "graph-digests.tsv").read_text(encoding="utf-8").splitlines()
    graph = iris.graph(FIRST.name)
    lines = []
    for quad in parse(path=str(all_seeds.file("dataset.nq")), format=RdfFormat.N_QUADS):
        if quad.graph_name == NamedNode(graph.value):
            line = serialize([quad], format=RdfFormat.N_QUADS)
            assert line
            lines.append(line.decode())
    digests = dict(line.split("\t") for line in golden if "\t" in line)
    assert hashlib.sha256("".join(sorted(lines)).encode()).hexdigest() == digests[FIRST.name]


def test_the_sources_overlap(all_seeds: Release) -> None:
    counts = all_seeds.manifest["counts"]
    assert counts["reports"] > counts["trials"] > 21
    assert counts["violations"] == counts["unread"] == 0
    columns, (row,) = answer(open_store(all_seeds), load_queries()["overlap-of-all-reviews"].bind({}))
    said = dict(zip(columns, row, strict=True))
    assert int(said["reviews"]) == len(default_sources())
    assert int(said["inclusions"]) == counts["reports"]


@pytest.mark.parametrize("query", load_queries().values(), ids=load_queries())
def test_each_question_has_an_answer(all_seeds: Release, query: SavedQuery) -> None:
    """None is empty that has rows on the first source; a question to be answered with yes is."""
    columns, rows = answer(open_store(all_seeds), query.bind({}))
    assert rows or query.expected.rows == 0 or query.topic == "reviews"
    assert columns or rows != [("false",)]
