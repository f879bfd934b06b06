"""The figures of the seed release over HTTP: picture, table, data, and the trials behind each mark."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient

from tests.html_page import page
from tests.small_graph import Server
from trialgraph.base.errors import WorkerFailed
from trialgraph.base.package_data import resource
from trialgraph.http.pages.figures import draw_all
from trialgraph.http.site import LIVE
from trialgraph.release.figures.figure import FIGURES, Drawn, Figure
from trialgraph.release.open import Release

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def seeds(release: Release) -> Iterator[Server]:
    with Server(release.path, resource("queries")) as made:
        yield made


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.slug)
def test_a_figure_is_a_picture_a_table_and_data(seeds: Server, figure: object) -> None:
    slug, question = figure.slug, figure.question  # type: ignore[attr-defined] # as pytest hands it over
    page = seeds.ask(f"/figures/{slug}", headers=HTML)
    assert page.status == 200
    rows = list(csv.reader(seeds.ask(f"/queries/{question}.csv").text.splitlines()))[1:]
    assert f"{len(rows)} rows" in page.text
    svg = seeds.ask(f"/figures/{slug}.svg")
    assert (svg.status, svg.type) == (200, "image/svg+xml")
    assert svg.text in page.text
    png = seeds.ask(f"/figures/{slug}.png", download="")
    assert (png.status, png.type) == (200, "image/png")
    assert png.headers["Content-Disposition"] == f'attachment; filename="trialgraph-{slug}.png"'
    links = {v for e in fromstring(svg.body).iter() for n, v in e.attrib.items() if n.endswith("href")}
    assert links
    for link in sorted(links)[:6]:
        assert seeds.ask(link, headers=HTML).status == 200, link


def test_the_list_behind_a_bubble_has_as_many_trials_as_the_bubble_says(seeds: Server) -> None:
    svg = seeds.ask("/figures/evidence-map.svg").body
    checked = 0
    for anchor in fromstring(svg).iter():
        link = next((v for n, v in anchor.attrib.items() if n.endswith("href")), "")
        words = next((e.attrib["aria-label"] for e in anchor.iter() if "aria-label" in e.attrib), "")
        said = re.search(r"(\d+) trials", words)
        if not link or not said:
            continue
        listed = seeds.ask(link.replace("/trials?", "/trials.csv?")).text.splitlines()
        # the list counts narrower diseases too
        assert len(listed) - 1 >= int(said[1]), words
        checked += 1
    assert checked >= 10


def test_all_figures_are_listed_and_others_are_not_found(seeds: Server, server: Server) -> None:
    text = seeds.ask("/figures/", headers=HTML).text
    for figure in FIGURES:
        assert html.escape(figure.title) in text
    assert seeds.ask("/figures/pie", headers=HTML).status == 404
    assert seeds.ask("/figures/doses.gif").status == 404
    assert server.ask("/figures/doses", headers=HTML).status == 404, (
        "its question is not in that installation"
    )


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.slug)
def test_a_picture_is_the_file_that_the_build_has_drawn(
    seeds: Server, release: Release, figure: Figure
) -> None:
    drawn = release.path / "figures"
    assert seeds.ask(f"/figures/{figure.slug}.svg").body == (drawn / f"{figure.slug}.svg").read_bytes()
    assert seeds.ask(f"/figures/{figure.slug}.png").body == (drawn / f"{figure.slug}.png").read_bytes()
    narrow = seeds.ask(f"/figures/{figure.slug}.svg", size="narrow")
    assert narrow.body == (drawn / f"{figure.slug}.narrow.svg").read_bytes()


def test_a_client_that_has_the_picture_gets_304(seeds: Server) -> None:
    etag = seeds.ask("/figures/doses.svg").headers["ETag"]
    assert seeds.ask("/figures/doses.svg", headers={"If-None-Match": etag}).status == 304


def test_a_figure_is_not_drawn_of_a_part_of_its_data(release: Release) -> None:
    settings = {"TRIALGRAPH_PAGE_BYTES": "1500", "TRIALGRAPH_WORKERS": "1"}
    with Server(release.path, resource("queries"), settings) as server:
        slug = FIGURES[0].slug
        page = server.ask(f"/figures/{slug}", headers=HTML)
        assert page.status == 200
        assert "the answer is larger than 1.5 kB" in page.text
        assert "rows, as the answer is larger than" in page.text, "its table has a part, and says so"
        assert server.ask(f"/figures/{slug}.svg").status == 413


def test_a_figure_with_too_many_marks_says_so_beside_its_table(
    two_app: Flask, two_client: FlaskClient, change_settings: Callable[..., None]
) -> None:
    here = two_app.extensions[LIVE].site
    change_settings(figure_marks=3)
    here._made.pop("figure phases", None)
    try:
        for _ in range(2):  # it is not asked again
            text = page(two_client, "/figures/phases")
            assert "more than 3 marks" in text
            assert "<svg" not in text.partition("<main")[2]
            assert "<tbody>" in text
        answer = two_client.get("/figures/phases.svg")
        assert answer.status_code == 413
        assert "more than 3 marks" in answer.text
        assert "/figures/phases.svg" not in page(two_client, "/queries/trials-by-phase-and-status")
    finally:
        here._made.pop("figure phases", None)


def test_figures_are_drawn_before_anybody_asks(two_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here = two_app.extensions[LIVE].site
    drawn: list[str] = []

    def draw(requests: Sequence[str], seconds: float) -> list[Drawn]:
        assert seconds
        asked = json.loads(*requests)
        assert all(row["href"].startswith(("/trials?", "/trial/")) for row in asked["rows"])
        drawn.append(asked["chart"])
        if asked["chart"] == "doses":
            raise WorkerFailed("the picture could not be drawn")
        return [Drawn("<svg/>", "<svg/>", b"")]

    monkeypatch.setattr("trialgraph.http.pages.figures.draw_figures", draw)
    monkeypatch.setattr("trialgraph.http.pages.figures.drawn_before", lambda *_: None)
    monkeypatch.setattr(here, "_made", {"lists": here.lists()})
    draw_all(two_app)
    assert drawn == [figure.slug for figure in FIGURES], "one that fails does not stop the others"
    assert here.has("figure phases")
    assert not here.has("figure doses")


def test_links_stay_below_the_root_of_the_site(two_client: FlaskClient) -> None:
    under = two_client.get("/figures/phases.svg", environ_overrides={"SCRIPT_NAME": "/un&der"})
    links = {v for e in fromstring(under.data).iter() for n, v in e.attrib.items() if n.endswith("href")}
    plain = fromstring(two_client.get("/figures/phases.svg").data)
    assert links == {f"/un&der{v}" for e in plain.iter() for n, v in e.attrib.items() if n.endswith("href")}
    assert links
