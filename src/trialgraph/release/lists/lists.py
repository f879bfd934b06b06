"""The lists of a release, opened read-only: nothing is read that a page does not show."""

from __future__ import annotations

import json
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from trialgraph.base.errors import ReleaseError
from trialgraph.extract.column_type import FlatColumn
from trialgraph.extract.registries.record_columns import every_column
from trialgraph.release.lists.conflicts import FoundConflict
from trialgraph.release.lists.facets import FacetValues, Index
from trialgraph.release.lists.flags import ConflictFlag
from trialgraph.release.lists.lists_file import made_for, numbers
from trialgraph.release.lists.overview import AgreementCounts, Overview, ReportCounts
from trialgraph.release.lists.queries import Term, decoded
from trialgraph.release.lists.rows import TOGETHER, Paper, ReportColumns, ReportRow

__all__ = ["Lists"]

#: How much of the file may be mapped into memory, in bytes; the system holds what is used.
_MAPPED: Final = 1 << 32
#: Sets of trials that are kept at hand: more than a page shows.
_SETS: Final = 4_096
#: Trials that a page names at once.
_MOST_TRIALS: Final = 10_000
#: Rows that are read at once.
_AT_ONCE: Final = 200


def _known(names: Sequence[str]) -> list[FlatColumn]:
    """What is known of the columns of these names."""
    known = {column.name: column for column in every_column()}
    return [known[name] for name in names]


class Lists(ReportColumns):
    """The lists of a release. Threads share it.

    :param path: of the file
    :raises ReleaseError: it is no such file, or made by another version of this program
    """

    def __init__(self, path: Path) -> None:
        self._name, self._lock = path.name, threading.Lock()
        try:
            self._base = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._base.execute(f"PRAGMA mmap_size = {_MAPPED}")
            fitting = self._fact("made for") == made_for()
        except sqlite3.Error as error:
            raise ReleaseError(f"{self._name} cannot be read: {error}", hint="build again") from error
        if not fitting:
            raise ReleaseError(f"{self._name} was made by another version", hint="build again")
        names: list[str] = self._fact("columns")
        super().__init__(names, lambda: _known(names))
        self.size: int = self._fact("size")
        self.filled: frozenset[str] = frozenset(self._fact("filled"))
        self.sources: list[str] = self._fact("sources")
        self.whole = ReportCounts(**self._fact("whole"))
        self.agreement = AgreementCounts(**self._fact("agreement"))
        self._array = lru_cache(maxsize=8)(self._read_array)
        self._set = lru_cache(maxsize=_SETS)(self._read_set)

    @property
    def examples(self) -> dict[str, list[dict[str, Any]]]:
        """By the CURIE of a property its commonest values, as the schema card has them."""
        found: dict[str, list[dict[str, Any]]] = self._fact("examples")
        return found

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a query.

        :raises ReleaseError: the file was damaged after it was opened
        """
        with self._lock:
            try:
                return self._base.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise ReleaseError(f"{self._name} cannot be read: {error}", hint="build again") from error

    def _fact(self, name: str) -> Any:
        found = self._all("SELECT held FROM fact WHERE name = ?", (name,))
        return json.loads(found[0][0]) if found else None

    # the trials of facets

    @cached_property
    def index(self) -> Index:
        """The trials by the values of facets."""
        facets: Mapping[str, Mapping[str, Any]] = self._fact("facets")
        values = {name: self._facet(held) for name, held in facets.items()}
        return Index(self.size, self._fact("labels"), values)

    def _facet(self, held: Mapping[str, Any]) -> FacetValues:
        names = [*held["values"], *held["others"]]
        ids = {value: held["first"] + n for n, value in enumerate(held["values"])}

        def several(of: Mapping[str, Sequence[int]]) -> dict[str, frozenset[str]]:
            return {names[int(n)]: frozenset(names[o] for o in others) for n, others in of.items()}

        ranked = [names[n] for n in held["ranked"]]
        return FacetValues(
            bits=_Sets(ids, lambda number: self._set(number)[0]),
            trees=_Sets(ids, lambda number: self._set(number)[1]),
            counts=dict(zip(held["values"], held["counts"], strict=True)),
            ranked=ranked,
            parents={v: names[n] if n >= 0 else "" for v, n in zip(ranked, held["parents"], strict=True)},
            direct=[names[n] for n in held["direct"]],
            scopes=[names[n] for n in held["scopes"]],
            within=several(held["within"]),
            above=several(held["above"]),
        )

    def _read_set(self, number: int) -> tuple[int, int]:
        ((bits, tree),) = self._all("SELECT bits, tree FROM value WHERE id = ?", (number,))
        held = int.from_bytes(bits, "little")
        return held, held if tree is None else int.from_bytes(tree, "little")

    def linked(self, terms: Iterable[str]) -> int:
        """The trials that are linked to one of some terms, by whatever property, as bits."""
        fitting, every = 0, list(terms)
        for first in range(0, len(every), _AT_ONCE):
            some = every[first : first + _AT_ONCE]
            marks = ",".join("?" * len(some))
            for (bits,) in self._all(f"SELECT bits FROM linked WHERE term IN ({marks})", some):  # noqa: S608 - question marks
                fitting |= int.from_bytes(bits, "little")
        return fitting

    def trials(self, bits: int, most: int) -> list[tuple[int, str, str]]:
        """The first trials of a set, in the order of their labels: place, IRI and label."""
        places: list[int] = []
        while bits and len(places) < min(most, _MOST_TRIALS):
            lowest = bits & -bits
            places.append(lowest.bit_length() - 1)
            bits ^= lowest
        marks = ",".join("?" * len(places))
        sql = f"SELECT place, iri, label FROM trial WHERE place IN ({marks}) ORDER BY place"  # noqa: S608 - question marks
        return self._all(sql, places)

    # the reports

    def places(
        self, mask: str, sources: Sequence[str] = (), sort: str = "", *, together: bool = False
    ) -> Sequence[int]:
        """The places of the reports of the trials that fit, in order.

        :param mask: of each trial, by its place in the index, ``1`` where it fits
        :param sources: slugs; none: any
        :param sort: a column, with ``-`` before it from the highest; empty: the order of the file
        :param together: in the order of the file, the reports of a trial stand where the first of them does
        """
        order = self._order(sort or (TOGETHER if together else ""))
        if "0" in mask:
            # A report that the graph does not know is of no trial: it is shown where nothing is left out.
            fits, of = f"{mask}0", self.trial_at
            order = [n for n in order if fits[of[n]] == "1"]
        if not sources:
            return order
        wanted, source_at = {self.sources.index(s) for s in sources if s in self.sources}, self.source_at
        return [n for n in order if source_at[n] in wanted]

    def _order(self, name: str) -> Sequence[int]:
        found = self._array(f"order {name}") if name else None
        return found if found is not None else range(self.whole.reports)

    def _read_array(self, name: str) -> array[int] | None:
        found = self._all("SELECT held FROM numbers WHERE name = ?", (name,))
        return numbers(found[0][0]) if found else None

    @cached_property
    def trial_at(self) -> Sequence[int]:
        """The place of the trial of each report in the index; of one without, how many trials there are."""
        return self._array("trial") or ()

    @cached_property
    def source_at(self) -> Sequence[int]:
        """The place of the source of each report in ``sources``."""
        return self._array("source") or ()

    @cached_property
    def flags(self) -> tuple[Sequence[int], Sequence[int]]:
        """Of each report the number of its flags, and of those that cannot be right."""
        return self._array("flags") or (), self._array("errors") or ()

    def counted(self, places: Sequence[int]) -> ReportCounts:
        """The counts of some reports."""
        if len(places) == self.whole.reports:
            return self.whole
        trials = set(map(self.trial_at.__getitem__, places))
        flags, errors = self.flags
        # Only the whole list has reports of no trial, or that of one source.
        alone = [n for n in places if self.trial_at[n] == self.size] if self.size in trials else []
        different = len({row.cells for row in self.rows(alone)})
        return ReportCounts(
            len(places),
            len(trials - {self.size}) + different,
            len(set(map(self.source_at.__getitem__, places))),
            sum(map(flags.__getitem__, places)),
            sum(map(errors.__getitem__, places)),
        )

    def reports_of(self, shown: Sequence[int], places: Sequence[int] | None = None) -> list[int]:
        """How many reports the trial of each of these reports has.

        :param places: those that count; None: all
        """
        if places is None:
            held = self._array("reports") or ()
            return [held[place] for place in shown]
        of = self.trial_at
        wanted = {of[place] for place in shown}
        found = Counter(of[place] for place in places if of[place] in wanted)
        return [found[of[place]] for place in shown]

    def rows(self, places: Sequence[int] | None = None) -> Iterator[ReportRow]:
        """The reports of these places, in their order, read as they are asked for.

        :param places: None: all
        """
        wanted: Sequence[int] = range(self.whole.reports) if places is None else places
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            marks = ",".join("?" * len(some))
            found = dict(self._all(f"SELECT place, held FROM report WHERE place IN ({marks})", list(some)))  # noqa: S608 - question marks
            yield from (_row(found[place]) for place in some)

    def sources_of(self, places: Sequence[int]) -> list[str]:
        """The slugs of the sources of some reports, in the order in which they come."""
        if isinstance(places, range):
            return self.sources
        return [self.sources[n] for n in dict.fromkeys(map(self.source_at.__getitem__, places))]

    def of_trial(self, trial: str) -> tuple[ReportRow, ...]:
        """The reports of a trial, by its IRI."""
        found = self._all("SELECT held FROM report WHERE trial = ? ORDER BY place", (trial,)) if trial else ()
        return tuple(_row(held) for (held,) in found)

    # what is said of the whole

    @cached_property
    def overview(self) -> Overview:
        """What the first pages say."""
        return Overview.read(self._fact("overview"))

    @cached_property
    def conflict_counts(self) -> Mapping[tuple[bool, str], int]:
        """How many conflicts there are, by whether they are open, and by severity."""
        counts: Mapping[str, int] = self._fact("conflicts")
        return {(key[0] == "1", key[2:]): n for key, n in counts.items()}

    def conflicts(self, most: int, *, settled: bool = False, severity: str = "") -> Iterator[FoundConflict]:
        """The first conflicts of a kind, in their order.

        :param severity: IRI; empty: any
        """
        of, values = ("AND severity = ?", [severity]) if severity else ("", [])
        sql = f"SELECT held FROM conflict WHERE open = ? {of} ORDER BY place LIMIT ?"  # noqa: S608 - no text of others
        for (held,) in self._all(sql, [int(not settled), *values, most]):
            yield FoundConflict(**json.loads(held))

    def answer(self, query: str) -> tuple[tuple[str, ...], list[tuple[Term | None, ...]]] | None:
        """The names of the columns and the rows that answer a query; None: it was not asked."""
        found = self._all("SELECT held FROM answer WHERE query = ?", (query,))
        if not found:
            return None
        held = json.loads(found[0][0])
        return tuple(held["names"]), [tuple(map(decoded, row)) for row in held["rows"]]


class _Sets(Mapping[str, int]):
    """The trials of the values of a facet, read as they are asked for."""

    def __init__(self, ids: Mapping[str, int], read: Callable[[int], int]) -> None:
        self._ids, self._read = ids, read

    def __getitem__(self, value: str) -> int:
        return self._read(self._ids[value])

    def __contains__(self, value: object) -> bool:
        return value in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _row(text: str) -> ReportRow:
    cells, report, trial, name, flags, states, ids, papers = json.loads(text)
    return ReportRow(
        tuple(cells),
        report,
        trial,
        name,
        tuple(
            ConflictFlag(iri, words, message, mark, tuple(columns))
            for iri, words, message, mark, columns in flags
        ),
        states,
        tuple((one, url) for one, url in ids),
        {number: Paper(*paper) for number, paper in papers.items()},
    )
