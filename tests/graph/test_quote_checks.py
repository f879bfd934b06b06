"""Cells hold the very characters of their source, wherever its kind of file says that they stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source
from trialgraph.graph.quads import quads
from trialgraph.graph.quote_checks import misquoted
from trialgraph.pipeline import read_all
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, TG
from trialgraph.terminology.lexicon import lexicon

HTML = """<table><caption>Trials of UC-MSCs in multiple sclerosis</caption>
<tr><th>Registration number<th>Patients<tr><td>NCT01741857<td>12<sup>a</sup><tr><td>NCT00395200<td>20
<tfoot><tr><td colspan=2><sup>a</sup> Two withdrew.</table>"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, frozenset[Quad]]:
    path = tmp_path_factory.mktemp("grid") / "page.html"
    path.write_text(HTML)
    (read,) = read_all([path])
    return read.source, quads(read.reports, [read.source], lexicon(), [read.table])


def store_of(stated: Iterable[Quad]) -> Store:
    store = Store()
    store.bulk_extend(stated)
    return store


def found(
    made: tuple[Source, frozenset[Quad]], old: Quad | None = None, new: Quad | None = None
) -> list[str]:
    source, stated = made
    changed = (stated - {old}) | ({new} if new else set())
    return [one.message for one in misquoted(store_of(changed), [source], Settings(), all_read=True)]


def quad(made: tuple[Source, frozenset[Quad]], predicate: NamedNode, value: str) -> Quad:
    return next(q for q in made[1] if q.predicate == predicate and q.object == Literal(value))


def with_object(old: Quad, value: str) -> Quad:
    return Quad(old.subject, old.predicate, Literal(value), old.graph_name)


def test_what_stands_in_the_file_is_right(made: tuple[Source, frozenset[Quad]]) -> None:
    assert found(made) == []


@pytest.mark.parametrize(
    ("predicate", "value", "wrong"),
    [
        (TG.cellText, "20", "21"),
        (TG.cellText, "UC-MSCs", "MSCs-UC"),
        (RDF.value, "/html/body/table/tr[3]/td[2]", "/html/body/table/tr[3]/td[1]"),
        (RDF.value, "/html/body/table/tr[3]/td[2]", "/html/body/table/tr[9]/td[2]"),
    ],
)
def test_other_characters_or_another_place_are_seen(
    made: tuple[Source, frozenset[Quad]], predicate: NamedNode, value: str, wrong: str
) -> None:
    old = quad(made, predicate, value)
    assert found(made, old, with_object(old, wrong)) == ["the source has other characters there"]


def test_a_source_that_was_not_read_is_told(made: tuple[Source, frozenset[Quad]]) -> None:
    told = {one.message for one in misquoted(store_of(made[1]), [], Settings(), all_read=True)}
    assert told == {f"it cites a source that was not read: {iris.source('page').value}"}


def test_a_mark_leads_to_its_note(made: tuple[Source, frozenset[Quad]]) -> None:
    cell = next(q.subject for q in made[1] if q.predicate == TG.cellText and q.object == Literal("12"))
    (note,) = [q.object for q in made[1] if q.subject == cell and q.predicate == TG.hasNote]
    texts = [q.object for q in made[1] if q.subject == note and q.predicate == TG.tableText]
    assert texts == [Literal("Two withdrew.")]


def test_where_each_kind_of_file_addresses_its_cells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Registration number,Patients\nNCT01741857,12\nNCT00395200,20\n")
    (read,) = read_all([tmp_path / "a.csv"])
    stated = quads(read.reports, [read.source], lexicon(), [read.table])
    values = {q.object.value for q in stated if q.predicate == RDF.value and isinstance(q.object, Literal)}
    assert values == {"cell=2,1", "cell=2,2", "cell=3,1", "cell=3,2"}
