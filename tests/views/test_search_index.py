"""The search: words find what is called so, and no text that is typed breaks it."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.views.search_index import SearchEntry, SearchIndex

ENTRIES = [
    SearchEntry(
        "d:1", "Disease", "systemic lupus erythematosus", ("SLE", "Libman-Sacks disease", "MONDO:0007915")
    ),
    SearchEntry("d:2", "Disease", "lupus nephritis", ("lupus glomerulonephritis",)),
    SearchEntry("d:3", "Disease", "Sjögren syndrome", ("sicca syndrome",)),
    SearchEntry("t:1", "Trial", "NCT01741857", ("systemic lupus erythematosus", "umbilical cord")),
    SearchEntry("t:2", "Trial", "NCT02034188", ("multiple sclerosis", "umbilical cord")),
]
INDEX = SearchIndex(ENTRIES)


def found(words: str) -> list[str]:
    return [entry.iri for entry in INDEX.find(words, 10)]


@pytest.mark.parametrize(
    ("words", "iris"),
    [
        ("lupus", {"d:1", "d:2", "t:1"}),
        ("LUP", {"d:1", "d:2", "t:1"}),
        ("sle", {"d:1"}),
        ("sjogren", {"d:3"}),
        ("Sjögren", {"d:3"}),
        ("umbilical lupus", {"t:1"}),
        ("MONDO:0007915", {"d:1"}),
        ("nct0203", {"t:2"}),
        ("libman sacks", {"d:1"}),
        ("gout", set()),
        ("", set()),
        ("* OR ()", set()),
    ],
)
def test_words_find_what_is_called_so(words: str, iris: set[str]) -> None:
    assert set(found(words)) == iris


def test_a_name_stands_before_a_synonym_and_a_link() -> None:
    assert found("lupus")[-1] == "t:1"
    assert len(INDEX.find("lupus", 2)) == 2


@pytest.mark.parametrize(
    ("words", "nearest"), [("lupsu", "lupus"), ("umbilcal cort", "umbilical cord"), ("qqq", "")]
)
def test_a_misspelling_gets_the_nearest_words(words: str, nearest: str) -> None:
    assert INDEX.nearest(words) == nearest


@given(st.text(max_size=60) | st.text(alphabet="\"'*()-:^+{}[] NEAROT\0\ud800", max_size=40))
def test_nothing_that_is_typed_breaks_it(words: str) -> None:
    for entry in INDEX.find(words, 10):
        assert entry in ENTRIES
    assert isinstance(INDEX.nearest(words), str)


def test_any_text_can_be_an_entry() -> None:
    odd = SearchIndex([SearchEntry("x", "Trial", "a\0b \ud800 <script>", ('"quoted"',))])
    assert [e.iri for e in odd.find("quoted", 5)] == ["x"]


def test_threads_share_it() -> None:
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(len(found("lupus")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [3] * 8
    assert sqlite3.threadsafety >= 1
