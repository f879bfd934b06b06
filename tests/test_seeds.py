"""The sources that the project comes with, together: what ``make serve`` shows a newcomer."""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse, serialize

from tests.paths import FIRST, TESTS
from tests.queries.answers import answer
from trialgraph.extract.registries.source import registry_file_of
from trialgraph.extract.sources import default_sources
from trialgraph.extract.trials_table import csv_text
from trialgraph.pipeline import read_all
from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

TABLES: Final = [folder for folder in default_sources() if not registry_file_of(folder)]
RECORDS: Final = [folder for folder in default_sources() if registry_file_of(folder)]
WORKSHEETS: Final = [folder for folder in TABLES if folder.name != FIRST.name]
#: What none of the four records has: a stopped trial, a second number.
WITHOUT_ROWS: Final = {"stopped-trials", "numbers-of-one-trial"}
DIGESTS: Final = TESTS / "golden" / "seed-graph-digests.tsv"


def test_the_review_is_the_first_table() -> None:
    assert TABLES[0].name == FIRST.name
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


@pytest.fixture(scope="module")
def graphs(all_seeds: Release) -> dict[str, list[str]]:
    """The lines of N-Quads of each graph, sorted."""
    made: dict[str, list[str]] = defaultdict(list)
    for quad in parse(path=str(all_seeds.file("dataset.nq")), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        line = serialize([quad], format=RdfFormat.N_QUADS)
        assert line
        made[iris.graph_name(quad.graph_name)].append(line.decode())
    return {name: sorted(lines) for name, lines in made.items()}


def digest(lines: list[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_first_source_says_the_same_beside_others(graphs: dict[str, list[str]]) -> None:
    golden = (TESTS / "golden" / "graph-digests.tsv").read_text(encoding="utf-8").splitlines()
    digests = dict(line.split("\t") for line in golden if "\t" in line)
    assert digest(graphs[FIRST.name]) == digests[FIRST.name]


def test_the_tables_say_the_same_beside_records(graphs: dict[str, list[str]]) -> None:
    """The digests are those of a release of the tables alone. Of a graph that all share, the lines about the tables."""
    names = [folder.name for folder in TABLES]
    of_tables = {name: graphs[name] for name in (*names, "comparisons")}
    for name in ("provenance", "quality", "inferred"):
        of_tables[name] = [line for line in graphs[name] if any(f"/{slug}" in line for slug in names)]
        assert of_tables[name]
    lines = [line for line in DIGESTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert {name: digest(found) for name, found in of_tables.items()} == dict(ln.split("\t") for ln in lines)


def test_a_trial_of_the_records_has_the_reports_of_a_table_and_of_the_registry(all_seeds: Release) -> None:
    store = open_store(all_seeds)
    kinds: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for kind in (TG.fromRow, TG.fromRecord):
        for quad in store.quads_for_pattern(None, kind, None, DefaultGraph()):
            (held,) = store.quads_for_pattern(None, TG.hasReport, quad.subject, DefaultGraph())
            assert isinstance(held.subject, NamedNode)
            kinds[held.subject].add(kind)
    of_records = [found for found in kinds.values() if TG.fromRecord in found]
    assert len(of_records) == 4
    assert all(found == {TG.fromRow, TG.fromRecord} for found in of_records)


@pytest.mark.parametrize("folder", RECORDS, ids=lambda folder: folder.name)
def test_records_are_read_as_a_curator_reads_them(all_seeds: Release, folder: Path) -> None:
    golden = (TESTS / "golden" / f"{folder.name}.csv").read_text(encoding="utf-8").splitlines()
    with all_seeds.file("trials-all.csv").open(encoding="utf-8") as table:
        heads, *rows = [line.rstrip("\r\n") for line in table]
    assert [heads, *(row for row in rows if row.startswith(f"{folder.name},"))] == golden


@pytest.mark.parametrize("folder", RECORDS, ids=lambda folder: folder.name)
def test_records_are_the_registrys_and_free(folder: Path) -> None:
    said = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    assert said["kind"] == "registry"
    assert "rebuilt" in said["published_in"]
    assert str(said["issued"]) in said["title"]
    assert said["licence"] == "CC-PDM-1.0"
    assert "flat export" in (folder / "LICENCE.md").read_text(encoding="utf-8")


def test_the_sources_overlap(all_seeds: Release) -> None:
    counts = all_seeds.manifest["counts"]
    assert counts["reports"] > counts["trials"] > 21
    assert counts["violations"] == counts["unread"] == 0
    assert [entry.get("records", 0) for entry in all_seeds.manifest["built_from"]].count(4) == 1
    columns, (row,) = answer(open_store(all_seeds), load_queries()["overlap-of-all-reviews"].bind({}))
    said = dict(zip(columns, row, strict=True))
    # A registry is no review: of it nothing is counted.
    assert int(said["reviews"]) == len(TABLES)
    assert int(said["inclusions"]) == counts["reports"] - 4


@pytest.mark.parametrize("query", load_queries().values(), ids=load_queries())
def test_each_question_has_an_answer(all_seeds: Release, query: SavedQuery) -> None:
    """None is empty that has rows on the first source; a question to be answered with yes is.

    Of those on registries, two are about what none of the seed's records has.
    """
    columns, rows = answer(open_store(all_seeds), query.bind({}))
    assert rows or query.expected.rows == 0 or query.slug in WITHOUT_ROWS
    assert columns or rows != [("false",)]
