"""The application context of a request: the release, the worker processes, the saved queries, labels of terms."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar, cast

from flask import current_app, has_request_context, request
from pyoxigraph import NamedNode

from trialgraph.base.errors import Overloaded, TrialgraphError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.http.kept_responses import KeptResponses
from trialgraph.query.federation import Federation
from trialgraph.query.guard import Checked, check
from trialgraph.query.pool import Pool
from trialgraph.query.results import ResultTable, Term, whole_table
from trialgraph.questions.saved_queries import Parameter, SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, compact
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.open import open_lists
from trialgraph.release.names.parameter_values import Bound, ParameterValues
from trialgraph.release.open import Release
from trialgraph.views.labels import find_labels

__all__ = ["LIVE", "PICTURE", "SITE", "Site", "site"]

#: Where the application keeps what it serves now, and a request the release that it began with.
LIVE: Final = "trialgraph.live"
SITE: Final = "trialgraph.site"
#: Under which names a release keeps its pictures (:meth:`Site.once`).
PICTURE: Final = "figure "
_PREFIXES: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

Made = TypeVar("Made")


@dataclass
class Site:
    """One release in service. Its data never change, so derived values are computed once and kept.

    :param federation: the endpoints that its queries may ask; another release goes on with the same
    :param settings: the limits of the application
    :ivar responses: what was sent and will be the same for as long as this release is served
    """

    release: Release
    pool: Pool
    queries: Mapping[str, SavedQuery]
    federation: Federation
    settings: Settings
    responses: KeptResponses = field(init=False)
    _kept: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)
    _gates: dict[str, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.responses = KeptResponses(self.settings)

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made once for this release; names are few and ours, never a client's words.

        Concurrent callers wait for it, so that it is made once even at a cold start.

        :raises Overloaded: it is still being made after the setting ``page_seconds``
        """
        with self._lock:
            if name in self._made:
                return cast(Made, self._made[name])
            gate = self._gates.setdefault(name, threading.Lock())
        if not gate.acquire(timeout=self.settings.page_seconds):
            raise Overloaded("this is still being prepared", hint="try again in a few seconds")
        try:
            with self._lock:
                if name in self._made:
                    return cast(Made, self._made[name])
            made = make()  # not under the lock of all, as it waits for a worker
            with self._lock:
                self._made[name] = made
            return made
        finally:
            gate.release()

    def is_named(self, digits: str) -> bool:
        """Whether these are the first digits of the release's hash; none are those of any release."""
        return self.release.hash.startswith(digits)

    def pictures_alone(self) -> Site:
        """The same with nothing kept but its pictures: what is left of a release when another one is in service."""
        with self._lock:
            kept = {name: made for name, made in self._made.items() if name.startswith(PICTURE)}
        return replace(self, _kept={}, _made=kept, _gates={}, _lock=threading.Lock())

    def has(self, name: str) -> bool:
        """Whether :meth:`once` has made it."""
        with self._lock:
            return name in self._made

    def etag(self, checked: Checked, media_type: str) -> str:
        """The ETag of an answer: a digest of the release, the query with its dataset, and the media type."""
        parts = (
            self.release.hash,
            str(self.release.manifest.get("version", "")),
            checked.text,
            *("default", *checked.default_graphs, "named", *checked.named_graphs),
            media_type,
        )
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def labels(self, terms: Iterable[NamedNode]) -> dict[str, str]:
        """The label of each IRI that has one; fewer where the workers are busy."""
        return find_labels(self.pool, terms, self.settings.adornment_seconds)

    def parameter_values(self) -> ParameterValues:
        """What finds terms by any of their names.

        :raises TrialgraphError: the names of the release cannot be asked for now
        """

        def make() -> ParameterValues:
            made = ParameterValues(self._rows, self.choices)
            made.names  # noqa: B018 - asked for once, not by each of the first requests
            return made

        return self.once("parameter values", make)

    def bound(self, saved: SavedQuery, values: Mapping[str, str]) -> Bound:
        """A saved query with values in any spelling.

        :raises UsageError: a parameter that it does not have, or a value that is not known or means several terms
        """
        given = any(value.strip() for value in values.values())
        return self.parameter_values().bind(saved, values) if given else Bound(saved.bind(values))

    def choices(self, parameter: Parameter) -> tuple[tuple[str, str], ...]:
        """The values that a form offers for a parameter, each with what to call it."""
        if parameter.values is not None:
            return tuple(parameter.values.items())
        if parameter.values_query is None:
            return ()
        return tuple((compact(value), label) for value, label in self._keep(parameter.values_query))

    def licences(self) -> tuple[str, ...]:
        """IRIs of the licences that the release's description names."""
        graph = f"GRAPH {iris.graph('meta')} {{ ?part {DCTERMS.license} ?licence }}"
        query = f"SELECT DISTINCT ?licence {{ {graph} }} ORDER BY ?licence"
        return tuple(value for value, _ in self._keep(query))

    def issued(self) -> str:
        """The newest date of the release's inputs; empty where none is known."""
        node = iris.release(self.release.hash)
        query = f"SELECT ?date {{ GRAPH {iris.graph('meta')} {{ {node} {DCTERMS.issued} ?date }} }}"
        return next((value for value, _ in self._keep(query)), "")

    def _keep(self, query: str) -> tuple[tuple[str, str], ...]:
        """The first two columns of an internal query, run once."""
        with self._lock:
            kept = self._kept.get(query)
        if kept is None:
            kept = self._pairs(query)
            if kept:
                with self._lock:
                    self._kept[query] = kept
        return kept

    def lists(self) -> Lists:
        """What the pages of the release list.

        :raises TrialgraphError: the file is not as it was written, and cannot be made again now
        """
        return self.once("lists", lambda: open_lists(self.release, self._select, self.settings))

    def _select(self, query: str) -> Iterable[Mapping[str, Term]]:
        """The rows of a query over the whole release, where its lists have to be made again."""
        table = self._asked(_PREFIXES + query, self.settings.start_seconds)
        return [
            {name: term for name, term in zip(table.columns, row, strict=True) if term is not None}
            for row in table.rows
        ]

    def _rows(self, query: str, seconds: float | None = None) -> Sequence[tuple[Term | None, ...]]:
        """The rows of one of our own queries: those that were found when the release was written, else asked for."""
        kept = self.lists().answer(query)
        return self._asked(query, seconds or self.settings.page_seconds).rows if kept is None else kept[1]

    def _asked(self, query: str, seconds: float) -> ResultTable:
        most = self.settings.gathered_bytes
        # Our own query: the limits of what clients may ask are not for it.
        checked = check(query, self.pool.graphs, settings=DEFAULTS)
        with self.pool.run(checked, seconds=seconds, most_bytes=most) as answer:
            return whole_table(answer, most)

    def _pairs(self, query: str) -> tuple[tuple[str, str], ...]:
        try:
            rows = self._rows(query, self.settings.adornment_seconds)
        except TrialgraphError:
            return ()  # a page without labels is better than no page
        pairs = []
        for row in rows:
            texts = [getattr(term, "value", "") for term in row]
            if texts and texts[0]:
                pairs.append((texts[0], texts[1] if len(texts) > 1 and texts[1] else texts[0]))
        return tuple(pairs)


def site() -> Site:
    """The site that this request began with; outside of a request the one that is served now.

    Never keep it for longer than a request: the release that is served changes while the server runs.
    """
    bound = request.environ.get(SITE) if has_request_context() else None
    return cast(Site, bound or current_app.extensions[LIVE].site)
