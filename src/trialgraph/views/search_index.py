"""Full-text search in the index of a release (:mod:`trialgraph.release.search.search_file`), opened read-only.

All words of a search have to be found, each in any field of a trial or in the names of its values. What is typed is
folded to letters and digits first (:mod:`trialgraph.base.search_words`), so that nothing of it is read as a query.
"""

from __future__ import annotations

import difflib
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from trialgraph.base.errors import QueryTimeout, ReleaseError
from trialgraph.base.search_words import SearchTerm, Spelling, key_of, squeezed, terms_of, words_of

__all__ = ["MOST_TERMS", "Hit", "MarkedRun", "Reason", "SearchIndex", "SearchResult", "marked"]

#: More words than a person types; each costs a look-up.
MOST_TERMS: Final = 16
#: A whole word is worth more than the beginning of one, and a whole name more than a part of it.
WHOLE_WORD, PART_OF_WORD, WHOLE_NAME = 1.0, 0.6, 10
#: How alike two words have to be for a suggestion, and how many are compared.
NEAR: Final = 0.72
MOST_COMPARED: Final = 4_000
#: Steps of SQLite's machine between two looks at the clock.
STEPS: Final = 10_000

PREPARE: Final = """
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE hit (text INTEGER, term INTEGER, good REAL, PRIMARY KEY (text, term)) WITHOUT ROWID;
"""
#: The texts that fit a term; those that have the whole word are put in first.
HIT: Final = "INSERT OR IGNORE INTO hit SELECT rowid, ?, ? FROM words WHERE words MATCH ?"
#: CROSS JOIN keeps the order of the tables: what was found is small, and the planner cannot know that.
#: The best match of each term: of each entry by its own names, then of each trial by those of its values, too.
DIRECT: Final = """
CREATE TEMP TABLE direct AS
SELECT n.entry, h.term, MAX(n.worth * h.good + CASE WHEN t.key = :key THEN :name ELSE 0 END) AS worth
FROM hit h CROSS JOIN name n ON n.text = h.text CROSS JOIN text t ON t.id = h.text GROUP BY n.entry, h.term
"""
FITTING: Final = """
CREATE TEMP TABLE fitting AS SELECT entry, SUM(worth) AS worth FROM (
  SELECT entry, term, MAX(worth) AS worth FROM (
    SELECT entry, term, worth FROM direct
    UNION ALL SELECT l.trial, d.term, d.worth * l.part FROM direct d CROSS JOIN link l ON l.value = d.entry
  ) GROUP BY entry, term
) GROUP BY entry HAVING COUNT(*) = :terms
"""
RANKED: Final = """
SELECT e.id, e.iri, e.kind, e.label, COUNT(*) OVER () AS total FROM fitting f CROSS JOIN entry e ON e.id = f.entry
WHERE (e.kind = 'trial') = :trials
ORDER BY ROUND(f.worth, 3) DESC, e.size DESC, e.label, e.iri LIMIT :most OFFSET :first
"""
WHY: Final = """
WITH reached (entry, term, text, field, worth, direct) AS (
  SELECT n.entry, h.term, h.text, n.field, n.worth * h.good, 1
  FROM name n CROSS JOIN hit h ON h.text = n.text WHERE n.entry IN ({entries})
  UNION ALL
  SELECT l.trial, h.term, h.text, n.field, n.worth * h.good * l.part, 0
  FROM link l CROSS JOIN name n ON n.entry = l.value CROSS JOIN hit h ON h.text = n.text WHERE l.trial IN ({entries})
), ranked AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY entry, term ORDER BY worth DESC, direct DESC, text) AS place FROM reached
)
SELECT r.entry, r.term, r.field, t.words FROM ranked r CROSS JOIN text t ON t.id = r.text
WHERE r.place = 1 ORDER BY r.entry, r.term
"""


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """Some characters of a text.

    :param marked: whether they are what was looked for
    """

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was found: a text, and the field that it is from."""

    field: str
    runs: tuple[MarkedRun, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A trial, or a value that trials have.

    :param kind: ``trial``, or the field that the value is of
    """

    iri: str
    kind: str
    label: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    :param total: the trials that fit; ``trials`` are some of them, the best first
    :param alone: numbers that were typed and belong to no word
    """

    total: int
    trials: tuple[Hit, ...]
    values: tuple[Hit, ...]
    alone: tuple[str, ...] = ()


class SearchIndex:
    """The index of a release. It holds no connection, so that threads share it and nothing has to be closed.

    :raises ReleaseError: there is no such file
    """

    def __init__(self, path: Path, seconds: float) -> None:
        self._path, self._seconds = path, seconds
        if not path.is_file():
            raise ReleaseError("the release has no search index", where=str(path), hint="build it again")

    def find(self, words: str, *, most: int, values: int = 0, first: int = 0) -> SearchResult:
        """What all the words fit.

        :param most: the most trials that are given, from the one with the number ``first``
        :param values: the most values
        :raises QueryTimeout: it took too long
        """
        terms, alone = terms_of(words, MOST_TERMS)
        if not terms:
            return SearchResult(0, (), (), alone)
        with self._open() as base:
            _match(base, terms, key_of(words))
            trials = base.execute(RANKED, {"trials": 1, "most": most, "first": first}).fetchall()
            other = (
                base.execute(RANKED, {"trials": 0, "most": values, "first": 0}).fetchall() if values else []
            )
            entries = ", ".join(str(int(row[0])) for row in (*trials, *other))
            why: Mapping[int, list[Reason]] = defaultdict(list)
            for entry, _, field, text in base.execute(WHY.format(entries=entries)):
                reason = Reason(field, marked(text, terms))
                if reason not in why[entry]:
                    why[entry].append(reason)
        made = [[Hit(row[1], row[2], row[3], tuple(why[row[0]])) for row in rows] for rows in (trials, other)]
        return SearchResult(trials[0][4] if trials else 0, tuple(made[0]), tuple(made[1]), alone)

    def registered(self, text: str) -> tuple[str, ...]:
        """The trials that have exactly this registry id, however it is spelled."""
        with self._open() as base:
            rows = base.execute(
                "SELECT e.iri FROM registration r JOIN entry e ON e.id = r.entry WHERE r.key = ? ORDER BY e.iri",
                (squeezed(text),),
            ).fetchall()
        return tuple(iri for (iri,) in rows)

    def nearest(self, words: str) -> str:
        """A suggestion: words that nothing has, replaced by the most similar ones; empty if there is none."""
        made, changed = [], False
        with self._open() as base:
            for word in key_of(words).split()[:MOST_TERMS]:
                near = _nearest(base, word)
                changed = changed or near != word
                made.append(near)
        return " ".join(made) if changed and all(made) else ""

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        end = time.monotonic() + self._seconds
        with closing(sqlite3.connect(f"file:{quote(str(self._path))}?mode=ro&immutable=1", uri=True)) as base:
            base.set_progress_handler(lambda: time.monotonic() > end, STEPS)
            try:
                yield base
            except sqlite3.OperationalError as error:
                if time.monotonic() <= end:
                    raise ReleaseError(
                        f"the search index cannot be read: {error}", hint="build again"
                    ) from error
                raise QueryTimeout("the search took too long", hint="give more, or longer, words") from error


def _match(base: sqlite3.Connection, terms: Sequence[SearchTerm], key: str) -> None:
    """Find what fits all the terms, into tables of the connection's own."""
    base.executescript(PREPARE)
    for number, term in enumerate(terms):
        for good, prefix in ((WHOLE_WORD, False), (PART_OF_WORD, True)):
            base.execute(HIT, (number, good, _expression(term.matches, prefix=prefix)))
    base.execute(DIRECT, {"key": key, "name": WHOLE_NAME})
    base.execute(FITTING, {"terms": len(terms)})


def _expression(matches: Sequence[Spelling], *, prefix: bool) -> str:
    """The spellings of a term in FTS5's own syntax; tokens are letters and digits only, and quoted all the same."""
    return " OR ".join(
        "(" + " AND ".join(_token(token, goes_on and prefix) for token, goes_on in match.tokens) + ")"
        for match in matches
    )


def _token(token: str, prefix: bool) -> str:
    return f'"{token}"*' if prefix else f'("{token}" OR "{token}s")'


def marked(text: str, terms: Sequence[SearchTerm]) -> tuple[MarkedRun, ...]:
    """The text, with what the terms fit marked."""
    tokens = [pair for term in terms for match in term.matches for pair in match.tokens]
    places = sorted(
        (word.start, word.end)
        for word in words_of(text)
        if any(
            word.token.startswith(token) if goes_on else word.token in (token, f"{token}s")
            for token, goes_on in tokens
        )
    )
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    runs, at = [], 0
    for start, end in merged:
        runs += [MarkedRun(text[at:start]), MarkedRun(text[start:end], marked=True)]
        at = end
    return tuple(run for run in (*runs, MarkedRun(text[at:])) if run.text)


def _nearest(base: sqlite3.Connection, word: str) -> str:
    """The word itself where it is known, else the most similar one; empty if there is none."""
    range_ = word, f"{word}\U0010ffff"
    if base.execute("SELECT 1 FROM spelling WHERE word >= ? AND word < ? LIMIT 1", range_).fetchone():
        return word
    known = base.execute(
        "SELECT word FROM spelling WHERE length BETWEEN ? AND ?"
        " ORDER BY SUBSTR(word, 1, 1) = SUBSTR(?, 1, 1) DESC, word LIMIT ?",
        (len(word) - 2, len(word) + 2, word, MOST_COMPARED),
    )
    return next(iter(difflib.get_close_matches(word, [w for (w,) in known], 1, NEAR)), "")
