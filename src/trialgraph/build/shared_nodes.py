"""Nodes that several shards describe: whether their descriptions are sound together, too.

A product with a code, a drug of a concept or a registry belongs to no row. Each shard is sound by itself; where two say
different things of such a node, the shapes look at all that is said of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pyoxigraph import Quad, RdfFormat, parse

from trialgraph.build.shard_quads import StatedShard
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.checks import check_shapes

__all__ = ["shared_node_findings"]


def shared_node_findings(shards: Sequence[StatedShard], reference: frozenset[Quad]) -> Iterator[CheckResult]:
    """What the shapes find at nodes that shards describe differently.

    :param shards: with their runs
    """
    said: dict[bytes, set[bytes]] = defaultdict(set)
    for shard in shards:
        for subject, digest in shard.shared.items():
            said[subject].add(digest)
    shared = {subject for subject, digests in said.items() if len(digests) > 1}
    if not shared:
        return
    lines: set[bytes] = set()
    for shard in shards:
        if not shared.isdisjoint(shard.shared):
            lines |= _around(shard, shared)
    around = frozenset(parse(b"".join(sorted(lines)), format=RdfFormat.N_QUADS))
    # Of the nodes beside them only what leads here is known: what is found there was found by their own shards.
    names = {subject[1:-1].decode() for subject in shared}
    yield from (finding for finding in check_shapes(around | reference) if finding.focus in names)


def _around(shard: StatedShard, shared: set[bytes]) -> set[bytes]:
    """The lines of a shard about the nodes, those that lead to them, and the types of all that they lead to."""
    found: set[bytes] = set()
    ends: set[bytes] = set()
    with shard.run.open("rb") as file:
        for line in file:
            subject, _, value = line.split(b" ", 2)
            about = subject in shared
            if about or (value.startswith(b"<") and value[: value.index(b" ")] in shared):
                found.add(line)
                if about and value.startswith(b"<"):
                    ends.add(value[: value.index(b" ")])
    with shard.run.open("rb") as file:
        found |= {line for line in file if line.startswith(b"<") and line[: line.index(b" ")] in ends}
    return found
