"""The worker process: holds a release read-only and answers one query at a time (``-m trialgraph.query.worker``).

It is started and killed by :mod:`trialgraph.query.pool`. Frames go both ways through its standard input and
output: one byte of kind, four bytes of length (big-endian), then the bytes.

====  =========  ==================================================================================
kind  sent by    bytes
====  =========  ==================================================================================
R     worker     ready: JSON ``{"graphs": [IRI], "confined": "seccomp", "fault": why the store is not used}``
Q     caller     query: JSON ``{"text", "format", "default", "named", "graph", "seconds", "most"}``
D     worker     a part of the answer
Z     worker     the answer is complete; ``retire`` if this process has grown and should be replaced,
                 ``cut`` if it was stopped after ``most`` bytes
E     worker     no answer (or no more of it): JSON ``{"kind", "text", "at"}`` with the kind ``syntax``,
                 ``engine``, ``fatal``, or ``not representable`` in the format
====  =========  ==================================================================================
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import signal
import struct
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Store

from trialgraph.base.errors import TrialgraphError
from trialgraph.query.columns import with_columns
from trialgraph.query.sandbox import confine, limit_cpu
from trialgraph.query.syntax_errors import fault
from trialgraph.rdf.formats import FORMATS
from trialgraph.rdf.iris import base, use_base
from trialgraph.rdf.result_writer import write_graph, write_results
from trialgraph.rdf.wellformed import NotRepresentable, WellFormed
from trialgraph.release.store import merged, opened

__all__ = ["FRAME", "main"]

FRAME: Final = struct.Struct(">cI")
PART_BYTES: Final = 65_536
#: No frame is longer, however long a term is, so that the caller never has to hold one.
FRAME_BYTES: Final = 262_144
#: Seconds that the caller is given to kill this process before it ends itself.
GRACE: Final = 0.25
#: A query that takes longer, in seconds, and each of so many that do not, is followed by a look at the memory that was
#: used: no memory is filled in less, and looking takes a tenth of what a lookup does.
QUICK_SECONDS: Final = 0.005
QUICK_QUERIES: Final = 16
#: What part of its room a process may grow by before it is replaced: a thirty-second.
GROWTH: Final = 32
#: The engine's words for a term that JSON-LD cannot hold.
NO_JSON_LD: Final = "JSON-LD does not support"


class Enough(Exception):
    """The answer is longer than its reader holds."""


class Parts(io.RawIOBase):
    """A file that sends what is written to it to the caller in frames.

    :param most: the bytes after which the query is stopped; 0: all are wanted
    """

    def __init__(self, pipe: int, repair: Callable[[bytes], bytes] | None = None, most: int = 0) -> None:
        super().__init__()
        self.pipe, self.repair = pipe, repair
        self.held = bytearray()
        self.most, self.left = most, most

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.most and len(data) > self.left:
            self.held += memoryview(data)[: self.left]
            self.left = 0
            raise Enough
        self.left -= len(data)
        self.held += data
        if len(self.held) >= PART_BYTES:
            self.pass_on()
        return len(data)

    def pass_on(self, end: bytes = b"") -> None:
        """Send what is held, and the end in the same piece."""
        held = bytes(self.held) if self.repair is None else self.repair(bytes(self.held))
        self.held.clear()
        for at in range(0, len(held), FRAME_BYTES):
            piece = held[at : at + FRAME_BYTES]
            last = end if at + FRAME_BYTES >= len(held) else b""
            write(self.pipe, FRAME.pack(b"D", len(piece)) + piece + last)
        if not held:
            write(self.pipe, end)


def send(pipe: int, kind: bytes, data: bytes) -> None:
    """Write one frame."""
    write(pipe, FRAME.pack(kind, len(data)) + data)


def write(pipe: int, data: bytes) -> None:
    """Write all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def receive(pipe: int) -> tuple[bytes, bytes]:
    """Read one frame, of which the caller sends the next only after the answer; exits when the caller has gone."""
    data = _read(pipe, FRAME.size, PART_BYTES)
    kind, size = FRAME.unpack_from(data)
    return kind, _read(pipe, size, size, data[FRAME.size :])


def _read(pipe: int, least: int, most: int, data: bytes = b"") -> bytes:
    while len(data) < least:
        part = os.read(pipe, most - len(data))
        if not part:
            raise SystemExit(0)
        data += part
    return data


class Evaluator:
    """Runs queries on the store, with the last merged dataset kept."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._quick = 0
        # what a relative IRI is relative to where the query does not say (RFC 3986, 5.1.4)
        self.base = base()
        self._key: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._scratch = store

    def has_grown(self, seconds: float, limit: int) -> bool:
        """Whether the process may have held more memory than so many bytes, after a query of so many seconds."""
        self._quick = 0 if seconds > QUICK_SECONDS else (self._quick + 1) % QUICK_QUERIES
        return not self._quick and peak_memory() > limit

    def run(self, request: dict[str, Any], out: Parts) -> None:
        """Answer one request into ``out``."""
        if request.get("graph"):
            # all triples of a named graph, which need no evaluation
            write_graph(self.store, NamedNode(request["graph"]), request["format"], cast(IO[bytes], out))
            return
        default, named = tuple(request["default"]), tuple(request["named"])
        text = with_columns(request["text"], self.base)
        if len(default) > 1:
            if (default, named) != self._key:
                self._scratch = self.store  # let go of the old one before the new one grows
                self._key, self._scratch = (default, named), merged(self.store, default, named)
            # Explicit, so that it overrides the query's own FROM.
            results = self._scratch.query(
                text,
                base_iri=self.base,
                default_graph=DefaultGraph(),
                named_graphs=[NamedNode(i) for i in named],
            )
        elif default or named:
            results = self.store.query(
                text,
                base_iri=self.base,
                default_graph=[NamedNode(i) for i in default],
                named_graphs=[NamedNode(i) for i in named],
            )
        else:
            results = self.store.query(text, base_iri=self.base)
        # the engine only ever writes to it
        write_results(results, request["format"], cast(IO[bytes], out))


@cache
def _status() -> int:
    """A descriptor of what the kernel tells of this process: opening it for each query takes as long as reading it."""
    return os.open("/proc/self/status", os.O_RDONLY | os.O_CLOEXEC)


def peak_memory() -> int:
    """The most memory that this process has held, in bytes.

    Not ``ru_maxrss`` where there is another way: Linux counts into it what the parent held when it started us.
    """
    try:
        status = os.pread(_status(), 4_096, 0)
        return int(status[status.index(b"VmHWM:") + 6 :].split(None, 1)[0]) * 1024
    except (OSError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def answer(
    request: dict[str, Any],
    pipe: int,
    run: Callable[[dict[str, Any], Parts], None],
    has_grown: Callable[[float], bool],
    message: Callable[[Exception, str], dict[str, Any]],
) -> None:
    """Run one query under its own limits and send the answer or the error.

    :param run: answers the request into the parts
    :param has_grown: whether this process should be replaced, after a query of so many seconds
    :param message: what the frame ``E`` says of an error, of a query with this text; it raises an error that none is
        expected to be
    """
    began = time.monotonic()
    limit_cpu(request["seconds"] + GRACE)
    # No handler: the kernel ends this process, whatever the engine is doing.
    signal.setitimer(signal.ITIMER_REAL, request["seconds"] + GRACE)
    try:
        parts = Parts(pipe, WellFormed() if FORMATS[request["format"]].is_xml else None, request["most"])
        words = []
        try:
            run(request, parts)
        except Enough:
            words.append(b"cut")
        if has_grown(time.monotonic() - began):
            words.append(b"retire")
        word = b" ".join(words)
        parts.pass_on(FRAME.pack(b"Z", len(word)) + word)
    except MemoryError:
        send(pipe, b"E", json.dumps({"kind": "fatal", "text": "out of memory"}).encode())
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except Exception as error:
        send(pipe, b"E", json.dumps(message(error, request["text"])).encode())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def message(error: Exception, text: str) -> dict[str, Any]:
    """The frame ``E`` for what went wrong.

    :raises Exception: the error itself, where the engine raises none of its kind
    """
    if isinstance(error, SyntaxError):
        at, what = fault(text)
        return {"kind": "syntax", "text": what, "at": at}
    if isinstance(error, NotRepresentable):
        return {"kind": "not representable", "text": str(error)}
    if str(error).startswith(NO_JSON_LD):
        return {"kind": "not representable", "text": "a term of RDF 1.2"}
    if isinstance(error, RuntimeError | ValueError | OSError):
        return {"kind": "engine", "text": str(error)}
    raise error


def open_pipes() -> tuple[int, int]:
    """Descriptors of the frames, out of the way of anything that prints."""
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    return source, sink


def main(path: str, memory: str, base_iri: str, known: str) -> None:
    """Serve queries until the caller closes the pipe. The environment is not read: all settings are arguments.

    :param path: the folder of the release
    :param memory: the address space that this process may have, in bytes
    :param base_iri: base of the IRIs that are minted
    :param known: what :func:`~trialgraph.release.store.verified` gave
    """
    source, sink = open_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        use_base(base_iri)
        confined = confine(int(memory))
        store, fault = opened(Path(path), known)
    except (TrialgraphError, OSError, RuntimeError) as error:
        send(sink, b"E", json.dumps({"kind": "fatal", "text": str(error)}).encode())
        raise SystemExit(1) from None
    graphs = [g.value for g in store.named_graphs() if isinstance(g, NamedNode)]
    send(sink, b"R", json.dumps({"graphs": graphs, "confined": confined, "fault": fault}).encode())
    evaluator = Evaluator(store)
    # A process that has once grown by a good part of its room is replaced, so that memory comes back.
    retire_at = peak_memory() + int(memory) // GROWTH
    gc.freeze()  # what is here stays: no collection needs to look at it
    while True:
        _, data = receive(source)
        answer(
            json.loads(data), sink, evaluator.run, lambda took: evaluator.has_grown(took, retire_at), message
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
