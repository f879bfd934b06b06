"""Every kind of page: no link leads nowhere, and no word is misspelt. `--full` visits every page."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from urllib.parse import urldefrag

import pytest
from flask import Flask
from pyoxigraph import Store

from tests.http.pages.crawler import HERE, Crawl, Kind, PageParts, fixed_pages, kinds_of
from tests.http.pages.dictionary import accepted, lexicon_words, misspelt, words_of
from trialgraph.rdf import iris


@pytest.fixture(scope="module")
def crawled(two_app: Flask, two_store: Store, request: pytest.FixtureRequest) -> Crawl:
    """Two pages of each kind, and one file; with ``--full`` all."""
    full = request.config.getoption("--full")
    starts = [HERE, *fixed_pages(two_app), *minted(two_store, sys.maxsize if full else 2)]
    return Crawl(two_app, lambda kind: sys.maxsize if full else 1 if kind.suffix or kind.name else 2).run(
        starts
    )


def minted(store: Store, most: int) -> Iterator[str]:
    """Where IRIs that we have minted are shown.

    :param most: how many of a kind, which is told by the first part of the path
    """
    query = f"""SELECT DISTINCT ?thing {{
      GRAPH ?graph {{ ?thing ?property ?value FILTER (STRSTARTS(STR(?thing), "{iris.base()}")) }}
    }}"""
    count: Counter[str] = Counter()
    for iri in sorted(row["thing"].value for row in store.query(query)):  # type: ignore[union-attr]
        path, _, _ = iri.removeprefix(iris.base()).partition("#")
        kind = path.partition("/")[0]
        count[kind] += 1
        if count[kind] <= most:
            yield HERE + path


def test_every_page_and_every_kind_of_iri_is_visited(
    two_app: Flask, two_store: Store, crawled: Crawl
) -> None:
    fixed = {urldefrag(address).url for address in fixed_pages(two_app)}
    assert len(fixed) > 30
    assert not {address for address in fixed if not kinds_of(two_app, address) <= set(crawled.kinds)}
    kinds = {kind for address in minted(two_store, 2) for kind in kinds_of(two_app, address)}
    assert len(kinds) > 20
    assert kinds <= set(crawled.kinds)


def test_no_link_leads_nowhere(crawled: Crawl) -> None:
    assert not crawled.dead, "\n".join(crawled.dead[:50])


def test_every_word_is_english_or_of_the_field(crawled: Crawl, two_store: Store) -> None:
    places: dict[str, str] = defaultdict(str)
    for address, page in crawled.pages.items():
        for word in words_of(page.words):
            places.setdefault(word, address)
    known = lexicon_words(two_store) | {word.casefold() for word in accepted()}
    unknown = misspelt(word for word in places if known.isdisjoint((word.casefold(), _stem(word))))
    found = [f"{word} at {places[word]}" for word in sorted(places) if word.replace("’", "'") in unknown]
    assert not found, "not in the dictionary; accepted_words.txt is for names and terms:\n" + "\n".join(found)


def _stem(word: str) -> str:
    """As the lexicon has it: without case, without the ending of a possessive, or of the plural of an abbreviation."""
    bare = word.replace("’", "'").removesuffix("'s")
    return (bare[:-1] if bare.endswith("s") and bare[:-1].isupper() else bare).casefold()


def test_a_dead_link_and_a_misspelt_word_are_seen() -> None:
    """On pages of an application of its own, so that the tests above are known to see what they look for."""
    app = Flask("small")

    @app.get("/")
    def home() -> str:
        return (
            '<a href="/there#no">x</a><a href="gone">x</a><img src="/lost.png" alt="a pictuer">'
            "<p>A misspeled <i>word</i>"
            '<code>notaword</code> tg:Trial trials.csv</p><a href="https://example.org/away">x</a>'
        )

    @app.get("/there")
    def there() -> str:
        return '<p id="yes">There</p><a href="https://w3id.org/trialgraph/trial/NCT01741857">away</a>'

    found = Crawl(app, lambda _: 9).run()
    assert sorted(line.split(" on ")[0] for line in found.dead) == [
        f"404 {HERE}gone",
        f"404 {HERE}lost.png",
        "leads away from this server: https://w3id.org/trialgraph/trial/NCT01741857",
        f"no #no at {HERE}there",
    ]
    words = set(words_of(text for page in found.pages.values() for text in page.words))
    assert misspelt(words) == {"pictuer", "misspeled"}
    assert kinds_of(app, f"{HERE}nowhere") == {Kind("", "/nowhere")}
    assert PageParts("<p>a<script>b</script>c").words == ["a", "c"]
