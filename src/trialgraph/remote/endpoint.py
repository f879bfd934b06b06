"""Queries to the SPARQL endpoint of an external store: the request, and which of its answers can be used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import IO, Final, cast
from urllib.parse import urlencode

from pyoxigraph import RdfFormat, Triple, parse

from trialgraph.base.errors import QueryTimeout, StoreFailed, WorkerFailed
from trialgraph.rdf.formats import FORM, N_TRIPLES, RESULTS_JSON, TEXT, Format
from trialgraph.remote.client import PART, Reply, StoreClient
from trialgraph.remote.engines import EngineKind, kind_of

__all__ = ["Endpoint", "RepairedNodes"]

#: Under which other names an endpoint may send what was asked for.
ALSO: Final = {RESULTS_JSON: RESULTS_JSON.also, N_TRIPLES: (TEXT, *N_TRIPLES.also)}
#: Codes of engines and words for a query that was stopped at its limit.
STOPPED: Final = re.compile(r"S1T00|(?i:\btimed?[ -]?out\b|\btime limit\b|\bcancel+ed\b)")
#: Statuses of a server that cannot answer now.
BUSY: Final = frozenset((429, 503))
#: Of a query that is well-formed, but the engine cannot evaluate.
REFUSED: Final = frozenset((400, 413, 422, 500, 501))
#: How much longer than its limit a query is waited for, so that who set the limit ends it.
SLACK: Final = 1.0


class Endpoint:
    """The query endpoint of a store.

    :param chosen: the setting ``store_kind``
    """

    def __init__(self, client: StoreClient, chosen: str) -> None:
        self.client = client
        self._chosen = chosen
        #: Known from the first answer, where it is not chosen.
        self.kind: EngineKind = kind_of(chosen, "")

    def ask(
        self,
        query: str,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        format_: Format,
        seconds: float,
        *,
        limited: bool = True,
    ) -> Reply:
        """Send a query with its dataset; returns when the answer begins.

        :param format_: JSON for rows and truth values, N-Triples for a graph
        :param seconds: its time limit, which the engine is told where it takes one
        :param limited: whether it is
        :raises StoreFailed: the store cannot be reached, or its answer is none
        :raises QueryTimeout: the engine stopped the query
        :raises WorkerFailed: the engine refuses the query
        """
        fields = [("query", query)]
        fields += [("default-graph-uri", iri) for iri in default_graphs]
        fields += [("named-graph-uri", iri) for iri in named_graphs]
        if limited:
            fields += self.kind.limit(seconds).items()
        headers = {"Content-Type": FORM, "Accept": format_.media_type}
        body = urlencode(fields, errors="surrogatepass").encode("ascii")
        reply = self.client.send("POST", self.client.address.path, body, headers, seconds + SLACK)
        self.kind = kind_of(self._chosen, reply.header("Server"))
        self._check(reply, format_)
        return reply

    def _check(self, reply: Reply, format_: Format) -> None:
        header, word = self.kind.incomplete
        if header and word in reply.header(header):
            self.client.close()
            raise QueryTimeout("the store stopped the query at its limit", hint="ask for less")
        if self.kind.cut and (rows := reply.header(self.kind.cut)):
            self.client.close()
            raise self.unusable(
                f"cuts its answers after {rows} rows", "raise that limit in its configuration"
            )
        if reply.status == 200:
            if reply.media_type not in (format_.media_type, *ALSO[format_]):
                raise self.unusable(
                    f"answers with {reply.media_type or 'no media type'}", "look at its address"
                )
            if not reply.framed and format_ is N_TRIPLES:
                raise self.unusable("does not say where its answer ends", "let it send HTTP/1.1")
            return
        text = reply.text()
        if STOPPED.search(text) and reply.status >= 400:
            raise QueryTimeout("the store stopped the query at its limit", hint="ask for less")
        if reply.status in BUSY:
            raise StoreFailed(
                f"the store answers with status {reply.status}", where=self._where, hint="try again later"
            )
        if reply.status in REFUSED:
            raise WorkerFailed(f"the engine answers with status {reply.status}: {text[:200]}")
        raise self.unusable(f"answers with status {reply.status}", "look at its address")

    @property
    def _where(self) -> str:
        return self.client.address.words

    def unusable(self, what: str, hint: str = "") -> StoreFailed:
        """The error for an answer that is none."""
        return StoreFailed(f"the store {what}", where=self._where, hint=hint, status=502)

    def rows(
        self, query: str, default_graphs: Sequence[str], seconds: float, named_graphs: Sequence[str] = ()
    ) -> list[tuple[str | None, ...]]:
        """The rows of a SELECT of our own, of each term its text.

        :raises TrialgraphError: as :meth:`ask`
        """
        reply = self.ask(query, default_graphs, named_graphs, RESULTS_JSON, seconds, limited=False)
        data = reply.read()
        try:  # not by the engine's parser, whose results must not leave their thread, not even in an exception
            document = json.loads(data)
            names = document["head"]["vars"]
            return [
                tuple(row[name]["value"] if name in row else None for name in names)
                for row in document["results"]["bindings"]
            ]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self.unusable("answers with results that are malformed") from None

    def triples(self, query: str, default_graphs: Sequence[str], seconds: float) -> Iterator[Triple]:
        """The triples of a CONSTRUCT of our own.

        :raises TrialgraphError: as :meth:`ask`
        """
        reply = self.ask(query, default_graphs, (), N_TRIPLES, seconds, limited=False)
        try:
            for quad in parse(cast(IO[bytes], reply), format=RdfFormat.N_TRIPLES):
                yield quad.triple
        except (SyntaxError, ValueError, OSError):
            raise self.unusable("answers with triples that are malformed") from None


class RepairedNodes:
    """An answer in JSON whose blank nodes have names that are allowed.

    :param reply: what is read
    :param prefix: what the engine puts before each name; empty: nothing is changed
    """

    def __init__(self, reply: Reply, prefix: bytes) -> None:
        self._reply, self._prefix = reply, prefix
        # Within a string of JSON a quotation mark is escaped: this is a blank node, and no literal that looks like it.
        self._found = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")' + re.escape(prefix))
        self._held, self._ready, self._at = b"", b"", 0

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; nothing at the end."""
        if not self._prefix:
            return self._reply.read(size)
        if self._at == len(self._ready):
            self._ready, self._at = self._next(), 0
        part = self._ready[self._at :] if size < 0 else self._ready[self._at : self._at + size]
        self._at += len(part)
        return part

    def _next(self) -> bytes:
        """The next rows."""
        while part := self._reply.read(PART):
            data = self._held + part
            # Up to the last row that is whole: what is looked for stands within one.
            cut = data.rfind(b"}") + 1
            self._held = data[cut:]
            if cut:
                return self._found.sub(rb"\1", data[:cut])
        data, self._held = self._held, b""
        return self._found.sub(rb"\1", data)
