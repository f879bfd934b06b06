"""The figures of the seed release over HTTP: picture, table, data, and the trials behind each mark."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator

import pytest
from defusedxml.ElementTree import fromstring

from tests.small_graph import Server
from trialgraph.base.package_data import resource
from trialgraph.release.open import Release
from trialgraph.views.figures import FIGURES

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
