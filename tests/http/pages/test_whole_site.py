"""Every kind of page: no link leads nowhere, and no word is misspelt. `--full` visits every page."""

from __future__ import annotations

import sys
from collections import defaultdict

import pytest
from flask import Flask
from pyoxigraph import Store

from tests.http.pages.crawler import HERE, Crawl, Kind, PageParts, kind_of
from tests.http.pages.dictionary import accepted, lexicon_words, misspelt, words_of


@pytest.fixture(scope="module")
def crawled(two_app: Flask, request: pytest.FixtureRequest) -> Crawl:
    """Two pages of each kind, and one file; with ``--full`` all."""
    full = request.config.getoption("--full")
    return Crawl(two_app, lambda kind: sys.maxsize if full else 1 if kind.suffix else 2).run()


def test_every_route_of_a_page_is_visited(two_app: Flask, crawled: Crawl) -> None:
    visited = {kind.route for kind in crawled.kinds}
    known = {rule.endpoint for rule in two_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    # For programs: nothing a person sees links to them.
    programs = {endpoint for endpoint in known if endpoint.startswith(("operation.", "graph_store.store"))}
    assert known - visited <= programs | {"dataset_page.core", "editor.words", "ontology.version"}


def test_no_link_leads_nowhere(crawled: Crawl) -> None:
    assert not crawled.dead, "\n".join(crawled.dead[:50])


def test_every_word_is_english_or_of_the_field(crawled: Crawl, two_store: Store) -> None:
    places: dict[str, str] = defaultdict(str)
    for address, page in crawled.pages.items():
        for word in words_of(page.words):
            places.setdefault(word, address)
    known = lexicon_words(two_store) | {word.casefold() for word in accepted()}
    unknown = misspelt(word for word in places if _stem(word) not in known)
    found = [f"{word} at {places[word]}" for word in sorted(places) if word.replace("’", "'") in unknown]
    assert not found, "not in the dictionary; accepted_words.txt is for names and terms:\n" + "\n".join(found)


def _stem(word: str) -> str:
    """As the lexicon has it: without case and without the ending of a possessive or of a plural."""
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    return folded if len(folded) < 4 or word[:-1] != word[:-1].upper() else folded.removesuffix("s")


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
    assert kind_of(app, f"{HERE}nowhere") == Kind("", "/nowhere")
    assert PageParts("<p>a<script>b</script>c").words == ["a", "c"]
