"""What a page asks and reads does not grow with the trials: the same pages of 20 times as many, made of copied rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.html_page import page
from trialgraph.base.settings import Settings
from trialgraph.http.server.app import create_app
from trialgraph.http.site import LIVE
from trialgraph.query.pool import Pool
from trialgraph.release.lists.facet_sets import trial_index
from trialgraph.release.lists.facets import ALL_FACETS
from trialgraph.release.lists.gathered import ListContents, gathered
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.lists_file import write_lists
from trialgraph.release.lists.open import read_table
from trialgraph.release.lists.queries import select_from
from trialgraph.release.lists.rows import GatheredTable
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

COPIES = 20
PAGES = (
    "/",
    "/trials?columns=n_total",
    "/trials?columns=n_total&route=intravenous&sort=-n_total",
    "/trials?columns=n_total&route=intravenous&sort=-n_total&page=2",
    "/trials?columns=n_total&source=wjsc-107202-table1",
    "/checks",
    "/tour",
    "/search?q=lupus",
    "/trial/NCT04170426",
    "/term/MONDO:0007915",
    "/queries/trials-by-disease",
)


class Counted(Lists):
    """Lists that count the rows that are read of them."""

    read = 0

    def _all(self, sql: str, values: tuple[object, ...] = ()) -> list[object]:  # type: ignore[override] # as it is called
        found = super()._all(sql, values)
        self.read += len(found)
        return found


def multiplied(held: ListContents, copies: int) -> ListContents:
    """The contents of a release of so many times the trials."""
    index, table = held.index, held.table
    trials = [
        replace(trial, iri=f"{trial.iri}{'/copy' * bool(n)}{n or ''}", label=f"{trial.label}{n or ''}")
        for n in range(copies)
        for trial in index.trials
    ]
    rows = [
        replace(row, trial=f"{row.trial}{'/copy' * bool(n)}{n or ''}")
        for n in range(copies)
        for row in table.rows
    ]
    conflicts = [one for _ in range(copies) for one in held.conflicts]
    made = trial_index(sorted(trials, key=lambda t: (t.label, t.iri)), index.labels, facets=ALL_FACETS)
    return replace(held, index=made, table=GatheredTable(table.columns, rows), conflicts=conflicts)


@pytest.fixture(scope="module")
def contents(release: Release) -> ListContents:
    held = gathered(select_from(open_store(release)), read_table(release), Settings.load())
    return multiplied(held, 1)  # without what hierarchies add, as the larger one


@pytest.fixture(scope="module")
def client(release: Release) -> Iterator[FlaskClient]:
    with Pool(release, size=1) as pool:
        app = create_app(release, pool)
        here = app.extensions[LIVE].site
        here.settings = replace(here.settings, list_rows=5, thing_links=5, page_rows=2)
        yield app.test_client()


def asked(
    client: FlaskClient, held: ListContents, path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[int, int]]:
    """By page the number of queries and of rows, on a second visit."""
    write_lists(path, held)
    here = client.application.extensions[LIVE].site
    lists = Counted(path)
    monkeypatch.setattr(here, "_made", {"lists": lists})
    queries: list[object] = []
    run = here.pool.run

    def counted(query: object, **options: object) -> object:
        queries.append(query)
        return run(query, **options)

    monkeypatch.setattr(here.pool, "run", counted)
    made = {}
    for one in PAGES:
        page(client, one)
        lists._set.cache_clear()  # as if other pages had been asked for
        lists.read = 0
        queries.clear()
        page(client, one)
        made[one] = len(queries), lists.read
    monkeypatch.undo()
    lists.close()
    return made


def test_no_page_asks_or_reads_more_where_there_are_more_trials(
    client: FlaskClient, contents: ListContents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = multiplied(contents, COPIES)
    assert len(larger.table.rows) > 400
    few = asked(client, contents, tmp_path / "few.db", monkeypatch)
    many = asked(client, larger, tmp_path / "many.db", monkeypatch)
    assert few == many
    assert max(read for _, read in many.values()) < 400
