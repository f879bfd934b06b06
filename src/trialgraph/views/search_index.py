"""Full-text search over names and synonyms: an in-memory SQLite FTS5 index, built once for a release.

All words of a search have to be found, each as the beginning of a word; case and accents make no difference.
What is typed never reaches the index's own query syntax.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.base.errors import InputError

__all__ = ["SearchEntry", "SearchIndex"]

WORD: Final = re.compile(r"\w+")
#: A word of the name counts eight times as much as one of a synonym (BM25).
FIND: Final = "SELECT rowid FROM names WHERE names MATCH ? ORDER BY bm25(names, 8.0), rowid LIMIT ?"
#: More words than a user types; each costs a look-up.
MOST_WORDS: Final = 16
NEAR: Final = 0.72


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A resource that can be found.

    :param kind: its group in the results
    :param also: further names: synonyms, codes, for a trial the names of what it is linked to
    """

    iri: str
    kind: str
    label: str
    also: tuple[str, ...] = ()


class SearchIndex:
    """An index of entries. Use from any thread; ``close()`` ends it, or the last reference to it.

    :raises InputError: this Python's SQLite was built without FTS5
    """

    def __init__(self, entries: Iterable[SearchEntry]) -> None:
        self._entries = tuple(entries)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        # A release that is no longer served is dropped with all that was made of it, and told to nobody.
        self.close = weakref.finalize(self, self._base.close)
        try:
            self._base.execute(
                "CREATE VIRTUAL TABLE names USING fts5(label, also, tokenize='unicode61 remove_diacritics 2')"
            )
        except sqlite3.OperationalError as error:
            raise InputError(
                f"the search needs SQLite with FTS5 ({error})", hint="use another build of Python"
            ) from error
        self._base.execute("CREATE VIRTUAL TABLE known USING fts5vocab(names, row)")
        self._base.executemany(
            "INSERT INTO names (rowid, label, also) VALUES (?, ?, ?)",
            ((at, _fit(e.label), _fit("\n".join(e.also))) for at, e in enumerate(self._entries)),
        )

    def find(self, words: str, most: int) -> Sequence[SearchEntry]:
        """The entries that all the words fit, the best first.

        :param most: the most entries that are given
        """
        typed = _words(words)
        if not typed:
            return ()
        match = " ".join(f'"{word}"*' for word in typed)
        with self._lock:
            return [self._entries[at] for (at,) in self._base.execute(FIND, (match, most))]

    def nearest(self, words: str) -> str:
        """A spelling suggestion: unknown words replaced by the most similar known ones; empty if there is none."""
        typed = _words(words)
        with self._lock:
            known = [term for (term,) in self._base.execute("SELECT term FROM known")]
        made = [next(iter(difflib.get_close_matches(w.casefold(), known, 1, NEAR)), "") for w in typed]
        return " ".join(made) if all(made) and made != [w.casefold() for w in typed] else ""


def _words(text: str) -> list[str]:
    """The words of a search; a quotation mark or an operator is none."""
    return WORD.findall(_fit(text))[:MOST_WORDS]


def _fit(text: str) -> str:
    """The text without lone surrogates, which SQLite cannot store."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
