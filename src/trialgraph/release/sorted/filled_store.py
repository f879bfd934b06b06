"""Filling the store of a release: the named graphs, and their merge as its default graph."""

from __future__ import annotations

from itertools import chain, count, islice
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse

from trialgraph.release.progress import Progress, Step
from trialgraph.release.store_check import STORE

__all__ = ["filled_store"]

#: The engine's loader holds some millions of quads, over 3 GB of them, before it writes any: it gets so many at a time.
_AT_ONCE: Final = 250_000


def filled_store(folder: Path, quads: int, triples: int, progress: Progress) -> Store:
    """The store of a release, new in its folder.

    :param folder: of the release, with its N-Quads and N-Triples
    :param quads: how many the N-Quads are
    :param triples: how many the N-Triples are
    :raises OSError: the disk is full …
    """
    store = Store(str(folder / STORE))
    step = Step(progress, "filling the store", "quads", quads + triples)
    files = (("trialgraph.nq", RdfFormat.N_QUADS, quads), ("trialgraph.nt", RdfFormat.N_TRIPLES, triples))
    for name, form, number in files:
        # Parsed first: the engine's own loader would give the blank nodes of each file other names.
        stated = parse(path=str(folder / name), format=form)
        for done, first in zip(count(step=_AT_ONCE), stated):
            store.bulk_extend(chain((first,), islice(stated, _AT_ONCE - 1)))
            step.add(min(number - done, _AT_ONCE))
    store.optimize()
    store.flush()
    return store
