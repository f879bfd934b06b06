"""Filling the store of a release: the named graphs, and their merge as its default graph."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse

from trialgraph.release.progress import Progress, Step
from trialgraph.release.store_check import STORE

__all__ = ["filled_store"]

#: The engine's loader holds some millions of quads, over 3 GB of them, before it writes any: it gets so many at a time.
_AT_ONCE: Final = 250_000


def filled_store(folder: Path, number: int, progress: Progress) -> Store:
    """The store of a release, new in its folder.

    :param folder: of the release, with its N-Quads and N-Triples
    :param number: how many quads and triples they have
    :raises OSError: the disk is full …
    """
    store = Store(str(folder / STORE))
    step = Step(progress, "filling the store", "quads", number)
    # Parsed first: the engine's own loader would give the blank nodes of each file other names.
    for name, form in (("trialgraph.nq", RdfFormat.N_QUADS), ("trialgraph.nt", RdfFormat.N_TRIPLES)):
        quads = parse(path=str(folder / name), format=form)
        while some := list(islice(quads, _AT_ONCE)):
            store.bulk_extend(some)
            step.add(len(some))
    store.optimize()
    store.flush()
    return store
