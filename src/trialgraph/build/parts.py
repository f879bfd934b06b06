"""Parts: the sorted runs of a build as files of N-Quads, for a store that is filled part by part.

``reference.nq`` has what does not depend on single reports, ``000000.nq`` and so on what is stated of some trials.
``parts.json`` is written last: it names each part with its SHA-256 and its quads, and has the hash of the release that
a build of the same sources makes. A quad may stand in several parts (a product that several trials use); a store has it
once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.release.sorted.runs import merged_lines

__all__ = ["LIST_OF_PARTS", "GraphParts", "Part", "PartsWriter", "writing_parts"]

LIST_OF_PARTS: Final = "parts.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of sorted N-Quads.

    :param sha256: of the file
    :param quads: its lines
    """

    file: str
    sha256: str
    quads: int


@dataclass(frozen=True, slots=True)
class GraphParts:
    """The parts of a graph.

    :param release: the hash of their merge, each quad once: that of the release of the same sources
    :param quads: how many the merge has
    """

    release: str
    quads: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PartsWriter:
    """Where the runs of a build go, and how they become parts.

    :param folder: has the final one's parent, so that all processes of a cluster see it where they will see the parts
    """

    folder: Path

    def write(self, runs: Sequence[Path]) -> GraphParts:
        """Make the runs parts, and write the list of them.

        :param runs: sorted files of N-Quads in the folder
        :raises OSError: the disk is full …
        """
        digest, quads = hashlib.sha256(), 0
        for line in merged_lines(runs):
            digest.update(line)
            quads += 1
        parts = GraphParts(digest.hexdigest(), quads, tuple(_part(run) for run in runs))
        text = json.dumps(asdict(parts), indent=1)
        (self.folder / LIST_OF_PARTS).write_text(f"{text}\n", encoding="utf-8")
        return parts


def _part(run: Path) -> Part:
    digest, quads = hashlib.sha256(), 0
    with run.open("rb") as file:
        for line in file:
            digest.update(line)
            quads += 1
    final = run.with_suffix(".nq")
    run.rename(final)
    return Part(final.name, digest.hexdigest(), quads)


@contextmanager
def writing_parts(folder: Path) -> Iterator[PartsWriter]:
    """A folder beside the one that is asked for, which takes its place where the block ends without an error.

    :raises InputError: the folder has something in it, or cannot be one
    """
    final = folder.absolute()
    if final.exists() and (not final.is_dir() or any(final.iterdir())):
        raise InputError("this is no empty folder", where=str(folder), hint="name a new one for the parts")
    final.parent.mkdir(parents=True, exist_ok=True)
    aside = final.with_name(f".{final.name}.{uuid.uuid4().hex}")
    aside.mkdir()
    try:
        yield PartsWriter(aside)
        for left in aside.glob("*.run"):  # of a process that was taken for dead, and went on
            left.unlink()
        aside.rename(final)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
