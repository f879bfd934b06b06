"""What a store says of the release in it: a record in a graph of its own, written by ``load`` and read by ``serve``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import Literal

from trialgraph.base.errors import StoreFailed
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PROV, RDF
from trialgraph.release.open import Release
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.graph_names import store_graph

__all__ = ["LONG", "LoadRecord", "check_count", "check_record", "read_record"]

#: Rows of an answer by which a limit on rows is found; Virtuoso's is 10,000 where nothing else is configured.
LONG: Final = 20_001


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """How far a load is.

    :param hash: of the release
    :param statements: how many quads a part has
    :param parts: how many parts there are
    :param done: how many of them are in the store
    """

    hash: str
    statements: int
    parts: int
    done: int

    @property
    def complete(self) -> bool:
        """Whether the store holds the whole release."""
        return self.done == self.parts

    @property
    def lines(self) -> list[bytes]:
        """The record as N-Triples, for the graph ``store/load``."""
        node = store_graph("load")
        value = Literal(json.dumps(asdict(self)))
        statements = (
            (RDF.type, PROV.Entity),
            (PROV.wasDerivedFrom, iris.release(self.hash)),
            (RDF.value, value),
        )
        return [f"{node} {predicate} {object_} .\n".encode() for predicate, object_ in statements]


def read_record(endpoint: Endpoint, seconds: float) -> LoadRecord | None:
    """The record in a store; None: there is none.

    :raises StoreFailed: the store cannot be asked, or the record is none of ours
    """
    graph = store_graph("load")
    rows = endpoint.rows(f"SELECT ?v {{ {graph} {RDF.value} ?v }}", [graph.value], seconds)
    if not rows:
        return None
    try:
        ((value,),) = rows
        found: Mapping[str, Any] = json.loads(value or "")
        record = LoadRecord(
            str(found["hash"]), int(found["statements"]), int(found["parts"]), int(found["done"])
        )
    except (ValueError, KeyError, TypeError):
        raise endpoint.unusable(
            "has a record of its load that cannot be read", "load it again with: trialgraph load --replace"
        ) from None
    return record


def check_record(record: LoadRecord | None, release: Release, where: str) -> None:
    """Check that a store holds just this release.

    :param where: the address of the store, for the message
    :raises StoreFailed: it holds none, another one, or a part of it
    """
    hint = "fill it with: trialgraph load"
    if record is None:
        raise StoreFailed(f"the store holds no release; expected is {release.hash}", where=where, hint=hint)
    if record.hash != release.hash:
        raise StoreFailed(
            f"the store holds the release {record.hash}; expected is {release.hash}",
            where=where,
            hint="serve that release, or load this one with: trialgraph load --replace",
        )
    if not record.complete:
        raise StoreFailed(
            f"the store holds {record.done} of {record.parts} parts of the release {record.hash}",
            where=where,
            hint="finish it with: trialgraph load",
        )


def check_count(endpoint: Endpoint, release: Release, seconds: float) -> None:
    """Check that the merge of all graphs has as many statements as the release, and that answers are not cut.

    :raises StoreFailed: it has not, or they are
    """
    wanted = release.manifest.get("counts", {}).get("triples")
    graph = store_graph("merge").value
    rows = endpoint.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", [graph], seconds)
    found = rows[0][0] if rows else None
    if wanted is not None and found != str(wanted):
        raise StoreFailed(
            f"the store holds {found} of the {wanted} statements of the release {release.hash}",
            where=endpoint.client.address.words,
            hint="look at it with: trialgraph load --verify",
        )
    rows = endpoint.rows(f"SELECT ?s {{ ?s ?p ?o }} LIMIT {LONG}", [graph], seconds)
    if len(rows) < min(LONG, int(found or 0)):
        raise endpoint.unusable(
            f"cuts its answers after {len(rows)} rows", "raise that limit in its configuration"
        )
