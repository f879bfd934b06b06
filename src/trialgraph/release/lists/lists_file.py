"""The lists of a release, ``lists.db``: a file of SQLite, made when the release is written.

A row of ``report`` is a report as the table of trials shows it. ``numbers`` are arrays over the reports: every order,
and what is counted of each. ``value`` has the trials of a value of a facet, a bit for each, and ``linked`` those of any
term. ``conflict`` has the conflicts in their order, ``answer`` the answers to what pages ask of the whole graph, and
``fact`` the rest, which is small.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from trialgraph.release.lists.facets import ALL_FACETS, FacetValues
from trialgraph.release.lists.gathered import ListContents
from trialgraph.release.lists.overview import overview_of, whole_table
from trialgraph.release.lists.rows import ReportRow

__all__ = ["LISTS_FILE", "made_for", "numbers", "write_lists"]

LISTS_FILE: Final = "lists.db"
#: Of the tables and of what stands in them.
VERSION: Final = 3
_SCHEMA: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, held TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE report (place INTEGER PRIMARY KEY, trial TEXT NOT NULL, held TEXT NOT NULL);
CREATE TABLE numbers (name TEXT PRIMARY KEY, held BLOB NOT NULL);
CREATE TABLE value (id INTEGER PRIMARY KEY, bits BLOB NOT NULL, tree BLOB);
CREATE TABLE trial (place INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE linked (term TEXT PRIMARY KEY, bits BLOB NOT NULL);
CREATE TABLE conflict (place INTEGER PRIMARY KEY, open INTEGER NOT NULL, severity TEXT NOT NULL, held TEXT NOT NULL);
CREATE TABLE answer (query TEXT PRIMARY KEY, held TEXT NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX report_trial ON report (trial);
CREATE INDEX conflict_severity ON conflict (open, severity, place);
"""


def made_for() -> str:
    """A digest of what a file has to fit: its tables, and the facets of this program."""
    facets = [(f.name, f.link, f.broader, f.scopes, f.through, f.column, f.ordered) for f in ALL_FACETS]
    return hashlib.sha256(json.dumps([VERSION, facets]).encode()).hexdigest()


def write_lists(path: Path, held: ListContents) -> None:
    """Write the file. The same lists and version of SQLite give the same bytes.

    :param path: where there is no file yet
    :raises OSError: the disk is full, read-only …
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            # Written aside and never again: what a crash leaves is no release.
            base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            base.execute("BEGIN")
            _fill(base, held)
            base.execute("COMMIT")
            base.executescript(_INDEXES)
    except sqlite3.OperationalError as error:
        raise OSError(f"{path.name}: {error}") from error


def _fill(base: sqlite3.Connection, held: ListContents) -> None:
    table, trial_at = held.table, {trial.iri: n for n, trial in enumerate(held.index.trials)}
    base.executemany(
        "INSERT INTO report VALUES (?, ?, ?)",
        ((place, row.trial, _row(row)) for place, row in enumerate(table.rows)),
    )
    slugs = list(dict.fromkeys(table.text(row, "source") for row in table.rows))
    slug_at = {slug: n for n, slug in enumerate(slugs)}
    reports = Counter(row.trial for row in table.rows)
    arrays: dict[str, Iterable[int]] = {
        # A report that the graph does not know is of no trial: it stands behind all of them.
        "trial": (trial_at.get(row.trial, held.index.size) for row in table.rows),
        "source": (slug_at[table.text(row, "source")] for row in table.rows),
        "reports": (reports[row.trial] if row.trial else 1 for row in table.rows),
        "flags": (len(row.flags) for row in table.rows),
        "errors": (sum(flag.mark == "error" for flag in row.flags) for row in table.rows),
    }
    for name, order in (*arrays.items(), *((f"order {name}", o) for name, o in table.orders())):
        base.execute("INSERT INTO numbers VALUES (?, ?)", (name, _packed(order)))
    base.executemany("INSERT INTO value VALUES (?, ?, ?)", _values(held))
    trials = ((n, trial.iri, trial.label) for n, trial in enumerate(held.index.trials))
    base.executemany("INSERT INTO trial VALUES (?, ?, ?)", trials)
    base.executemany("INSERT INTO linked VALUES (?, ?)", ((t, _bytes(b)) for t, b in held.linked.items()))
    base.executemany(
        "INSERT INTO conflict VALUES (?, ?, ?, ?)",
        ((n, one.open, one.severity, _json(asdict(one))) for n, one in enumerate(held.conflicts)),
    )
    base.executemany("INSERT INTO answer VALUES (?, ?)", ((q, _json(a)) for q, a in held.answers.items()))
    base.executemany("INSERT INTO fact VALUES (?, ?)", ((n, _json(v)) for n, v in _facts(held, slugs)))


def _row(row: ReportRow) -> str:
    flags = [[f.iri, f.words, f.message, f.mark, f.columns] for f in row.flags]
    papers = {number: [paper.citation, paper.doi, paper.url] for number, paper in row.papers.items()}
    return _json([row.cells, row.report, row.trial, row.name, flags, row.states, row.ids, papers])


def _values(held: ListContents) -> Iterator[tuple[int, bytes, bytes | None]]:
    number = 0
    for of in held.index.values.values():
        for value in sorted(of.bits):
            number += 1
            bits, tree = of.bits[value], of.trees.get(value, 0)
            yield number, _bytes(bits), _bytes(tree) if tree != bits else None


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def _facts(held: ListContents, slugs: Sequence[str]) -> Iterator[tuple[str, Any]]:
    index, table = held.index, held.table
    number, facets = 0, {}
    for name, of in index.values.items():
        facets[name] = _facet(of, number)
        number += len(of.bits)
    counts: dict[str, int] = {}
    for one in held.conflicts:
        key = f"{int(one.open)} {one.severity}"
        counts[key] = counts.get(key, 0) + 1
    yield "made for", made_for()
    yield "size", index.size
    yield "labels", dict(sorted(index.labels.items()))
    yield "facets", facets
    yield "columns", list(table.at)
    yield "filled", table.filled
    yield "sources", slugs
    yield "whole", asdict(whole_table(table))
    yield "overview", overview_of(index, held.sources).held()
    yield "conflicts", counts
    yield "agreement", asdict(held.agreement)
    yield "examples", held.examples


def _facet(of: FacetValues, first: int) -> Mapping[str, Any]:
    """The values of a facet by their numbers; the sets of trials stand elsewhere, from ``first`` on."""
    names = sorted(of.bits)
    # What is broader than a value and has no trials of its own is not among them.
    others = sorted({v for held in (*of.above.values(), *of.within.values()) for v in held} - of.bits.keys())
    others += sorted({*of.scopes, *of.within} - of.bits.keys() - set(others))
    at = {value: n for n, value in enumerate((*names, *others))}
    return {
        "first": first + 1,
        "values": names,
        "others": others,
        "counts": [of.counts[value] for value in names],
        "ranked": [at[value] for value in of.ranked],
        "parents": [at[parent] if (parent := of.parents[value]) else -1 for value in of.ranked],
        "direct": [at[value] for value in of.direct],
        "scopes": [at[value] for value in of.scopes],
        "within": {str(at[v]): sorted(at[o] for o in held) for v, held in sorted(of.within.items())},
        "above": {str(at[v]): sorted(at[o] for o in held) for v, held in sorted(of.above.items()) if held},
    }


def _packed(values: Iterable[int]) -> bytes:
    return _little(array("i", values)).tobytes()


def numbers(data: bytes) -> array[int]:
    """The numbers of an array."""
    made = array("i")
    made.frombytes(data)
    return _little(made)


def _little(values: array[int]) -> array[int]:
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
