"""What is known of a store without reading it: a record of the files whose bytes were compared with the manifest.

Comparing all bytes of a large store takes longer than a server may take to answer. So the result is kept in the folder
of the store, with name, size, times and inode of each file. Files that are just those of the record are taken for what
they were. Where there is no record, or the files were only copied, a small store is compared at once, and of a large
one what is small (the engine's own lists, without which it opens an empty graph); the rest follows while the server
answers (:class:`trialgraph.http.server.reload.Renewal`). Where a file has another size or another time than in the
record, all is compared before anything is answered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from trialgraph.base.errors import InputError
from trialgraph.base.replace_file import replacing
from trialgraph.base.small_files import small_text
from trialgraph.release.manifest import MANIFEST, read_manifest
from trialgraph.release.open import sha256_of
from trialgraph.release.store import verified
from trialgraph.release.store_check import RECORD, STORE, stamp, store_files

__all__ = ["EXTERNAL", "Standing", "compare", "remember", "standing"]

#: A store of so many bytes is compared in a tenth of a second.
AT_ONCE_BYTES: Final = 48_000_000
#: A file of so many bytes is compared at once in any case, and so are all that are not the engine's tables.
SMALL_BYTES: Final = 1_000_000
TABLES: Final = ".sst"
#: What is known of a store that is no part of the release.
EXTERNAL: Final = "external"
#: No record is longer.
RECORD_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a store.

    :param known: for :func:`trialgraph.release.store.opened`: the stamp of its files as they are to be used; empty: a
        worker has to compare them, or read the master
    :param compared: whether all bytes were compared; else they are to be, with :func:`compare`
    :param damaged: they are not those of the manifest, and there is nothing else to answer from
    """

    known: str
    compared: bool
    damaged: bool = False

    @property
    def words(self) -> str:
        """For ``/health``."""
        if self.known == EXTERNAL:
            return EXTERNAL
        if self.damaged:
            return "damaged"
        if not self.compared:
            return "being compared"
        return "as built" if self.known else "not used"


def standing(folder: Path) -> Standing:
    """What is known of the store in a release's folder; reads all of it only where it is small or was changed."""
    store = folder / STORE
    try:
        manifest = _manifest(folder)
        listed = manifest.get(STORE)
        now, kept = _state(store), _kept(store, manifest)
        if not listed:
            return Standing(verified(folder), compared=True)
        if kept == now:
            return Standing(stamp(store), compared=True)
        changed = kept is not None and _contents(kept) != _contents(now)
        if changed or sum(size for size, *_ in now.values()) <= AT_ONCE_BYTES:
            return Standing(compare(folder), compared=True)
        first = [n for n, (size, *_) in now.items() if size <= SMALL_BYTES or not n.endswith(TABLES)]
        fits = listed.keys() == now.keys() and all(sha256_of(store / n) == listed[n] for n in first)
        return Standing(stamp(store), compared=False) if fits else Standing("", compared=True)
    except OSError:
        return Standing("", compared=True)


def compare(folder: Path) -> str:
    """Compare all bytes, and record the result where they are right; the stamp of the files, or nothing."""
    known = verified(folder)
    if known:
        remember(folder)
    return known


def remember(folder: Path) -> None:
    """Record that the files of a store are those of the manifest; where it cannot be written, there is no record."""
    store = folder / STORE
    with suppress(OSError):
        record = {"manifest": _digest(_manifest(folder)), "files": _state(store)}
        with replacing(store / RECORD) as aside:
            aside.write_text(json.dumps(record), encoding="utf-8")


def _state(store: Path) -> dict[str, list[int]]:
    """Size, time of the last change of bytes, inode and time of the last change of anything, of each file."""
    found = {path.name: path.stat() for path in store_files(store)}
    return {
        name: [about.st_size, about.st_mtime_ns, about.st_ino, about.st_ctime_ns]
        for name, about in found.items()
    }


def _contents(state: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """What a copy keeps of it."""
    return {name: about[:2] for name, about in state.items()}


def _kept(store: Path, manifest: Mapping[str, Any]) -> dict[str, list[int]] | None:
    """The state in the record; None: there is none, or it is one of another manifest."""
    try:
        record = json.loads(small_text(store / RECORD, store, RECORD_BYTES))
        files: dict[str, list[int]] = record["files"]
        fits = record["manifest"] == _digest(manifest)
    except (InputError, ValueError, KeyError, TypeError):
        return None
    return files if fits and isinstance(files, dict) else None


def _digest(manifest: Mapping[str, Any]) -> str:
    listed = json.dumps(manifest.get(STORE, {}), sort_keys=True)
    return hashlib.sha256(listed.encode()).hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    return read_manifest(folder, path.stat().st_size) if path.exists() else {}
